"""`tf.saved_model` of TensorFlow 1: graphs with signatures, in and out of sessions."""
from __future__ import annotations

from .._lazy import attach

_KEYS = ("CLASSIFY_INPUTS CLASSIFY_METHOD_NAME CLASSIFY_OUTPUT_CLASSES CLASSIFY_OUTPUT_SCORES "
         "DEFAULT_SERVING_SIGNATURE_DEF_KEY PREDICT_INPUTS PREDICT_METHOD_NAME PREDICT_OUTPUTS REGRESS_INPUTS "
         "REGRESS_METHOD_NAME REGRESS_OUTPUTS")
_TAGS = "GPU SERVING TPU TRAINING"
_FILES = ("ASSETS_DIRECTORY ASSETS_KEY DEBUG_DIRECTORY DEBUG_INFO_FILENAME_PB LEGACY_INIT_OP_KEY MAIN_OP_KEY "
          "SAVED_MODEL_FILENAME_PB SAVED_MODEL_FILENAME_PBTXT SAVED_MODEL_SCHEMA_VERSION VARIABLES_DIRECTORY "
          "VARIABLES_FILENAME")
_SIGNATURES = ("build_signature_def classification_signature_def is_valid_signature predict_signature_def "
               "regression_signature_def")

__getattr__, __dir__ = attach(__name__, {
    "saved_model.constants": f"{_KEYS} {_TAGS} {_FILES}",
    "saved_model.files": "contains_saved_model maybe_saved_model_directory=contains_saved_model",
    "saved_model.loading": "load_v2=load",
    "saved_model.objects": "Asset",
    "saved_model.options": "SaveOptions",
    "saved_model.saving": "save",
    "v1.meta_graphs": "load",
    "v1.saved_model_builder": "Builder simple_save",
    "v1.saved_model_parts": "builder constants loader signature_constants signature_def_utils tag_constants utils",
    "v1.signatures": f"{_SIGNATURES} build_tensor_info get_tensor_from_tensor_info",
})
