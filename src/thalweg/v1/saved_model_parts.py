"""The namespaces below `tf.compat.v1.saved_model`."""
from __future__ import annotations

from types import SimpleNamespace

from ..saved_model import constants as _all
from ..saved_model.files import contains_saved_model
from . import signatures
from .meta_graphs import load
from .saved_model_builder import Builder


def _of(words: str) -> SimpleNamespace:
    return SimpleNamespace(**{word: getattr(_all, word) for word in words.split()})


constants = _of("ASSETS_DIRECTORY ASSETS_KEY DEBUG_DIRECTORY DEBUG_INFO_FILENAME_PB LEGACY_INIT_OP_KEY MAIN_OP_KEY "
                "SAVED_MODEL_FILENAME_PB SAVED_MODEL_FILENAME_PBTXT SAVED_MODEL_SCHEMA_VERSION VARIABLES_DIRECTORY "
                "VARIABLES_FILENAME")
signature_constants = _of("CLASSIFY_INPUTS CLASSIFY_METHOD_NAME CLASSIFY_OUTPUT_CLASSES CLASSIFY_OUTPUT_SCORES "
                          "DEFAULT_SERVING_SIGNATURE_DEF_KEY PREDICT_INPUTS PREDICT_METHOD_NAME PREDICT_OUTPUTS "
                          "REGRESS_INPUTS REGRESS_METHOD_NAME REGRESS_OUTPUTS")
tag_constants = _of("GPU SERVING TPU TRAINING")
builder = SimpleNamespace(SavedModelBuilder=Builder)
loader = SimpleNamespace(load=load, maybe_saved_model_directory=contains_saved_model)
signature_def_utils = SimpleNamespace(
    build_signature_def=signatures.build_signature_def, is_valid_signature=signatures.is_valid_signature,
    classification_signature_def=signatures.classification_signature_def,
    predict_signature_def=signatures.predict_signature_def, regression_signature_def=signatures.regression_signature_def)
utils = SimpleNamespace(build_tensor_info=signatures.build_tensor_info,
                        get_tensor_from_tensor_info=signatures.get_tensor_from_tensor_info)
