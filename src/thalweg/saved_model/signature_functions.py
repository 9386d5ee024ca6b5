"""The signatures to save: functions from tensors by name to tensors by name."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..core.context import ctx
from ..core.convert import convert_to_tensor
from ..core.shape import TensorShape
from ..core.tensor import Tensor
from ..core.tensor_spec import TensorSpec
from ..runtime.concrete import ConcreteFunction, Output
from ..runtime.func_graph import FuncGraph, identity
from ..runtime.function import Function, _Method
from .constants import DEFAULT_SERVING_SIGNATURE_DEF_KEY, INIT_OP_SIGNATURE_KEY
from .functions import LoadedConcrete, RestoredFunction
from .views import functions_of, is_function


class SignatureFunction(ConcreteFunction):
    """A trace that takes tensors by keyword and returns a dictionary."""

    keywords: list[str]

    @property
    def structured_input_signature(self) -> Any:
        return (), {k: TensorSpec(t.shape, t.dtype, k) for k, t in zip(self.keywords, self.graph.inputs, strict=True)}


def concretes_of(function: Any) -> list[Any]:
    """The traces of a function. One with an input signature is traced now, if it was not yet."""
    if isinstance(function, ConcreteFunction):
        return [function]
    if isinstance(function, RestoredFunction):
        return function.concrete_functions
    plain: Function = function._function if isinstance(function, _Method) else function
    if not plain._traces and plain.input_signature is not None:
        plain.get_concrete_function()
    return list({id(c): c for c in plain._traces.values()}.values())


def canonical(signatures: Any, root: Any) -> dict[str, SignatureFunction]:
    """The signatures as functions by name.

    Args:
      signatures: a function, functions by name, or None, which looks for the only function of the root.

    Raises:
      ValueError: something that is no function of tensors with known dtypes, or that returns other than tensors.
    """
    if signatures is None:
        signatures = _default(root)
        if signatures is None:
            return {}
    if is_function(signatures):
        signatures = {DEFAULT_SERVING_SIGNATURE_DEF_KEY: signatures}
    if not isinstance(signatures, Mapping):
        raise ValueError("Expected a TensorFlow function for which to generate a signature, but got "
                         f"{signatures}. Python functions may be decorated with `@tf.function` and passed as signatures "
                         "directly.")
    found = {}
    for name, function in signatures.items():
        if not is_function(function):
            raise ValueError(f"Expected a TensorFlow function for which to generate a signature, but got {function}. Only "
                             "`tf.functions` with an input signature or concrete functions can be used as a signature.")
        if name == INIT_OP_SIGNATURE_KEY:
            raise ValueError(f"The signature key {name!r} is reserved for initializing a model.")
        found[name] = _wrapped(name, _concrete(function))
    return found


def _default(root: Any) -> Any:
    functions = functions_of(root)
    if "_default_save_signature" in functions:
        return functions["_default_save_signature"]
    if len(functions) != 1:
        return None
    only = next(iter(functions.values()))
    found = concretes_of(only)
    if len(found) != 1 or (not isinstance(only, ConcreteFunction) and only.input_signature is None):
        return None
    try:
        _wrapped("default", found[0])
    except ValueError:
        return None
    return only


def _concrete(function: Any) -> Any:
    if isinstance(function, ConcreteFunction):
        return function
    if function.input_signature is None:
        raise ValueError(f"Expected a TensorFlow function for which to generate a signature, but got {function}. Only "
                         "`tf.functions` with an input signature or concrete functions can be used as a signature.")
    return concretes_of(function)[0]


def _wrapped(key: str, concrete: Any) -> SignatureFunction:
    """A trace under the names of its arguments and results."""
    inputs = concrete.graph.inputs
    names = _argument_names(concrete)
    graph = FuncGraph(f"signature_wrapper_{key}", None)
    order = sorted(range(len(names)), key=lambda i: names[i])
    previous, ctx.graph = ctx.graph, None
    tapes, ctx.tapes = ctx.tapes, ()
    try:
        with graph.as_default():
            made: list[Any] = [None] * len(names)
            for i in order:
                made[i] = graph.add_input(inputs[i].dtype, inputs[i].shape, names[i])
            result = _outputs(concrete.call_flat(made), key)
            output = Output.of(result, key, lambda t: identity(graph.capture(t)))
    finally:
        ctx.graph, ctx.tapes = previous, tapes
    shapes: list[TensorShape] = [t.shape for t in graph.inputs]
    keywords = [names[i] for i in order]
    specs = tuple(TensorSpec(t.shape, t.dtype) for t in graph.inputs)
    wrapped = SignatureFunction(graph, keywords, specs, graph.inputs, shapes, output, None, graph.name)
    wrapped.keywords = keywords
    return wrapped


def _argument_names(concrete: Any) -> list[str]:
    """A name for each tensor that a trace takes."""
    if isinstance(concrete, LoadedConcrete):
        found = list(concrete._arguments)
    else:
        specs = [leaf for leaf in concrete._leaves if isinstance(leaf, TensorSpec)]
        declared = getattr(concrete, "_spec_names", None) or [None] * len(specs)
        found = [name or t.op.name.rpartition("/")[2] for name, t in zip(declared, concrete.graph.inputs, strict=True)]
    out: list[str] = []
    for name in found:
        fresh, count = name, 0
        while fresh in out:
            count += 1
            fresh = f"{name}_{count}"
        out.append(fresh)
    return out


def _outputs(result: Any, key: str) -> dict[str, Any]:
    """Results by name.

    Raises:
      ValueError: they are no tensors.
    """
    if isinstance(result, Mapping):
        bad = [k for k in result if not isinstance(k, str)]
        if bad:
            raise ValueError(f"Got a dictionary with a non-string key {bad[0]!r} in the output of the function {key} used to "
                             "generate the SavedModel signature.")
        named = dict(result)
    elif isinstance(result, (list, tuple)):
        named = {f"output_{i}": value for i, value in enumerate(result)}
    else:
        named = {} if result is None else {"output_0": result}
    for name, value in named.items():
        if not isinstance(value, Tensor):
            raise ValueError(f"Got a non-Tensor value {value!r} for key {name!r} in the output of the function {key} used to "
                             "generate the SavedModel signature. Outputs for functions used as signatures must be a single "
                             "Tensor, a sequence of Tensors, or a dictionary from string to Tensor.")
    return {k: convert_to_tensor(v) for k, v in named.items()}
