"""Signatures of graphs: messages that say what goes in and what comes out."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..core.context import ctx
from ..core.dtypes import as_dtype
from ..core.errors import UnimplementedError
from ..core.graph import Graph, get_default_graph
from ..core.symbol import SymbolicTensor
from ..formats.tensor_proto import shape_proto
from ..ops.sparse.tensor import SparseTensor
from ..saved_model import constants
from ..saved_model.protos import SignatureDef, TensorInfo


def build_tensor_info(tensor: Any) -> TensorInfo:
    """A tensor of a graph, or a sparse one, as a message.

    Raises:
      RuntimeError: outside graphs.
    """
    if ctx.graph is None and not isinstance(tensor, (SymbolicTensor, SparseTensor)):
        raise RuntimeError("`build_tensor_info` is not supported in eager execution.")
    made = TensorInfo(dtype=tensor.dtype.base_dtype.as_datatype_enum, tensor_shape=shape_proto(tensor.shape))
    if isinstance(tensor, SparseTensor):
        made.coo_sparse.values_tensor_name = tensor.values.name
        made.coo_sparse.indices_tensor_name = tensor.indices.name
        made.coo_sparse.dense_shape_tensor_name = tensor.dense_shape.name
        made.coo_sparse.SetInParent()
    else:
        made.name = tensor._snapshot.name if hasattr(tensor, "_snapshot") else tensor.name
    return made


def get_tensor_from_tensor_info(tensor_info: TensorInfo, graph: Any = None, import_scope: str | None = None) -> Any:
    """The tensor of a graph that a message describes.

    Raises:
      KeyError: it is not in the graph.
      ValueError: the message describes none.
    """
    home = graph if graph is not None else ctx.graph if isinstance(ctx.graph, Graph) else get_default_graph()

    def named(name: str) -> Any:
        return home.get_tensor_by_name(f"{import_scope}/{name}" if import_scope else name)
    kind = tensor_info.WhichOneof("encoding")
    if kind == "name":
        return named(tensor_info.name)
    if kind == "coo_sparse":
        coo = tensor_info.coo_sparse
        return SparseTensor(named(coo.indices_tensor_name), named(coo.values_tensor_name), named(coo.dense_shape_tensor_name))
    if kind is None:
        raise ValueError(f"Invalid TensorInfo.encoding: {kind}. Expected `coo_sparse`, `composite_tensor`, or `name` for a "
                         "dense tensor.")
    raise UnimplementedError(None, None, "composite tensors in signatures")


def build_signature_def(inputs: Mapping[str, TensorInfo] | None = None, outputs: Mapping[str, TensorInfo] | None = None,
                        method_name: str | None = None, defaults: Any = None) -> SignatureDef:
    """A signature of these inputs and outputs by their names."""
    made = SignatureDef()
    for name, info in (inputs or {}).items():
        made.inputs.put(name, info)
    for name, info in (outputs or {}).items():
        made.outputs.put(name, info)
    if method_name is not None:
        made.method_name = method_name
    for name, value in (defaults or {}).items():
        made.defaults.put(name, value)
    return made


def _infos(tensors: Mapping[str, Any]) -> dict[str, TensorInfo]:
    return {name: build_tensor_info(t) for name, t in tensors.items()}


def predict_signature_def(inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> SignatureDef:
    """The signature of a prediction.

    Args:
      inputs, outputs: tensors by name.

    Raises:
      ValueError: none of either.
    """
    if not inputs:
        raise ValueError("Prediction `inputs` cannot be None or empty.")
    if not outputs:
        raise ValueError("Prediction `outputs` cannot be None or empty.")
    return build_signature_def(_infos(inputs), _infos(outputs), constants.PREDICT_METHOD_NAME)


def classification_signature_def(examples: Any, classes: Any, scores: Any) -> SignatureDef:
    """The signature of a classification.

    Args:
      examples: a string tensor.
      classes: a string tensor, or None.
      scores: a float tensor, or None.

    Raises:
      ValueError: no examples, neither classes nor scores, or other dtypes.
    """
    if examples is None:
        raise ValueError("Classification `examples` cannot be None.")
    _check(examples, "string", "Classification input tensors must be of type string.")
    if classes is None and scores is None:
        raise ValueError("Classification `classes` and `scores` cannot both be None.")
    outputs = {}
    if classes is not None:
        _check(classes, "string", "Classification classes must be of type string Tensor.")
        outputs[constants.CLASSIFY_OUTPUT_CLASSES] = build_tensor_info(classes)
    if scores is not None:
        _check(scores, "float32", "Classification scores must be a float tensor.")
        outputs[constants.CLASSIFY_OUTPUT_SCORES] = build_tensor_info(scores)
    return build_signature_def({constants.CLASSIFY_INPUTS: build_tensor_info(examples)}, outputs,
                               constants.CLASSIFY_METHOD_NAME)


def regression_signature_def(examples: Any, predictions: Any) -> SignatureDef:
    """The signature of a regression.

    Args:
      examples: a string tensor.
      predictions: a float tensor.

    Raises:
      ValueError: either is missing, or of another dtype.
    """
    if examples is None:
        raise ValueError("Regression `examples` cannot be None.")
    _check(examples, "string", "Regression input tensors must be of type string.")
    if predictions is None:
        raise ValueError("Regression `predictions` cannot be None.")
    _check(predictions, "float32", "Regression output tensors must be of type float.")
    return build_signature_def({constants.REGRESS_INPUTS: build_tensor_info(examples)},
                               {constants.REGRESS_OUTPUTS: build_tensor_info(predictions)}, constants.REGRESS_METHOD_NAME)


def _check(tensor: Any, dtype: str, message: str) -> None:
    if not isinstance(tensor, (SymbolicTensor, SparseTensor)) or tensor.dtype.name != dtype:
        raise ValueError(f"{message} Got tensor {tensor}.")


def is_valid_signature(signature_def: Any) -> bool:
    """Whether a signature is one that TensorFlow Serving serves."""
    if signature_def is None:
        return False
    inputs = {k: as_dtype(v.dtype).name for k, v in signature_def.inputs.items()}
    outputs = {k: as_dtype(v.dtype).name for k, v in signature_def.outputs.items()}
    method = signature_def.method_name
    if method == constants.PREDICT_METHOD_NAME:
        return bool(inputs) and bool(outputs)
    if inputs != {constants.CLASSIFY_INPUTS: "string"}:
        return False
    if method == constants.REGRESS_METHOD_NAME:
        return outputs == {constants.REGRESS_OUTPUTS: "float32"}
    allowed = {constants.CLASSIFY_OUTPUT_CLASSES: "string", constants.CLASSIFY_OUTPUT_SCORES: "float32"}
    return method == constants.CLASSIFY_METHOD_NAME and bool(outputs) and \
        all(allowed.get(name) == dtype for name, dtype in outputs.items())
