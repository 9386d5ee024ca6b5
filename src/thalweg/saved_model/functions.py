"""The functions of a loaded model: traces from its library, and what chooses between them."""
from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..core import errors, nest
from ..core.convert import convert_to_tensor
from ..core.dtypes import as_dtype
from ..core.tensor import Tensor
from ..core.tensor_spec import TensorSpec
from ..core.variable import Variable
from ..formats.graph_functions import LibraryFunction
from ..runtime.arguments import Misfit, fit
from ..runtime.composites import is_composite_spec
from ..runtime.concrete import ConcreteFunction, Output
from ..runtime.func_graph import FuncGraph, identity


class LoadedConcrete(ConcreteFunction):
    """A trace from a file.

    Args:
      function: its nodes in the library.
      captured: what it takes from outside: variables and tensors, in order.
      signature: the arguments as specs, positional and by keyword.
      result: the structure of what it returns, around specs.
      names: of the parameters for calls by keyword; those of the specs where None.
    """

    def __init__(self, function: LibraryFunction, captured: Sequence[Any], signature: tuple[Any, Any], result: Any,
                 names: Sequence[str] | None = None, positional: int | None = None) -> None:
        self._signature = signature
        self._positional = positional
        self.saved_name = function.name
        arguments = function.definition.signature.input_arg
        shapes = function.argument_shapes()
        specs = _tensor_specs(signature)
        count = len(arguments) - len(captured)
        if len(specs) != count:
            raise ValueError(f"Function '{function.name}' takes {count} tensors, but its signature has {len(specs)}.")
        graph = FuncGraph(function.name, None)
        with graph.as_default():
            inputs = [graph.add_input(as_dtype(arg.type), shape if spec is None else spec.shape, arg.name)
                      for arg, shape, spec in zip(arguments, shapes, specs, strict=False)]
            outside = [graph.handle(c) if isinstance(c, Variable) else graph._capture_input(c) for c in captured]
            made = function(*inputs, *outside)
            output = Output.of(_packed(result, made), function.name, lambda t: identity(graph.capture(t)))
        keywords = list(names) if names is not None else _names(signature, arguments)
        leaves = nest.flatten(signature, expand_composites=True)
        flat = [s for s in leaves if isinstance(s, TensorSpec)]
        super().__init__(graph, keywords[:len(flat)], tuple(flat), inputs, [t.shape for t in inputs], output, None,
                         function.name)
        self.name = function.name

    @property
    def structured_input_signature(self) -> Any:
        return self._signature

    @property
    def structured_outputs(self) -> Any:
        """The results as specs, in their structure."""
        keys = self._output.structure if isinstance(self._output.structure, dict) else None
        specs = [TensorSpec(t.shape, t.dtype) for t in self._output.tensors]
        if keys is not None and all(isinstance(v, Tensor) for v in keys.values()):
            specs = [TensorSpec(s.shape, s.dtype, name) for s, name in zip(specs, sorted(keys), strict=True)]
        return self._output.described(specs)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self._positional is not None and len(args) > max(self._positional, 1):
            raise TypeError(f"{self.name} takes {self._positional} positional arguments, got {len(args)}")
        if self._positional is not None and len(args) == 1 and len(self._arguments) > 1 and not kwargs:
            raise TypeError(f"Binding inputs to tf.function failed due to `too many positional arguments`. Received args: "
                            f"{args} and kwargs: {kwargs} for signature: {self._signature_text()}.")
        return super().__call__(*args, **kwargs)


def _tensor_specs(structure: Any) -> list[TensorSpec]:
    """The specs of the tensors in a structure, in order."""
    return [s for s in nest.flatten(structure, expand_composites=True) if isinstance(s, TensorSpec)]


def _names(signature: tuple[Any, Any], arguments: Sequence[Any]) -> list[str]:
    specs = _tensor_specs(signature)
    names = [s.name or a.name for s, a in zip(specs, arguments, strict=False)]
    return names if len(set(names)) == len(names) else [a.name for a in arguments[:len(specs)]]


def _packed(structure: Any, tensors: Sequence[Any]) -> Any:
    """The structure of specs with tensors in their places."""
    rest = iter(tensors)
    flat = [next(rest) if isinstance(leaf, TensorSpec) else None if leaf is None else leaf
            for leaf in nest.flatten(structure, expand_composites=True)]
    if not nest.is_nested(structure) and not is_composite_spec(structure):
        return flat[0] if flat else None
    return nest.pack_sequence_as(structure, flat, expand_composites=True)


class Deferred:
    """A trace that is built at its first use. What makes it impossible is raised then."""

    def __init__(self, name: str, make: Callable[[], LoadedConcrete], signature: tuple[Any, Any]) -> None:
        self.name = name
        self.structured_input_signature = signature
        self._make = make
        self._made: LoadedConcrete | None = None

    @property
    def concrete(self) -> LoadedConcrete:
        """The trace itself."""
        if self._made is None:
            self._made = self._make()
        return self._made


class RestoredFunction:
    """A function of a loaded model, with a trace for each kind of arguments that it was saved with."""

    def __init__(self, parameters: inspect.Signature, traces: Sequence[Deferred], specs: Any, message: Any) -> None:
        self._parameters = parameters
        self._restored = list(traces)
        self._specs = specs
        self.saved_function_spec = message

    @property
    def concrete_functions(self) -> list[Any]:
        """The traces."""
        return [t.concrete for t in self._restored]

    @property
    def input_signature(self) -> Any:
        """The specs that every call must fit, or None."""
        return self._specs

    @property
    def variables(self) -> list[Any]:
        """The variables of all traces."""
        return list({id(v): v for c in self.concrete_functions for v in c.variables}.values())

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        trace, tensors = self._find(args, kwargs)
        return trace.concrete.call_flat(tensors)

    def get_concrete_function(self, *args: Any, **kwargs: Any) -> Any:
        """The trace for arguments, or for specs that stand for them."""
        if not args and not kwargs and self._specs is not None:
            return self._restored[0].concrete
        args, kwargs = nest.map_structure(lambda x: x.symbol() if isinstance(x, TensorSpec) else x, (args, kwargs))
        return self._find(args, kwargs)[0].concrete

    def _bind(self, args: Sequence[Any], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Arguments in the order of the parameters, defaults filled in."""
        try:
            bound = self._parameters.bind(*args, **kwargs)
        except TypeError as error:
            raise TypeError(f"Binding inputs to tf.function failed due to `{error}`. Received args: {tuple(args)} and "
                            f"kwargs: {kwargs} for signature: {self._parameters}.") from None
        bound.apply_defaults()
        return bound.args, bound.kwargs

    def _find(self, args: Sequence[Any], kwargs: dict[str, Any]) -> tuple[Deferred, list[Any]]:
        """The trace that arguments fit, and their tensors.

        Raises:
          TypeError: they do not fit the parameters, or the input signature.
          ValueError: there is no such trace.
        """
        bound = self._bind(args, kwargs)
        if self._specs is not None and self._restored:
            try:
                for spec, value in zip(self._specs, bound[0], strict=False):
                    fit(spec, value)
            except Misfit as error:
                raise TypeError(f"Binding inputs to tf.function failed due to `{error}`. Received args: {tuple(args)} and "
                                f"kwargs: {kwargs} for signature: {self._parameters}.") from None
        for convert in (False, True):
            for trace in self._restored:
                tensors = _fitting(self._bind(*trace.structured_input_signature), bound, convert)
                if tensors is not None:
                    return trace, tensors
        options = [f"Option {i + 1}:\n  {_shown(*t.structured_input_signature)}" for i, t in enumerate(self._restored)]
        raise ValueError("Could not find matching concrete function to call loaded from the SavedModel. Got:\n  "
                         f"{_shown(*bound)}\n\n Expected these arguments to match one of the following {len(options)} "
                         "option(s):\n\n" + "\n\n".join(options))


def _shown(args: Sequence[Any], kwargs: dict[str, Any]) -> str:
    listed = "".join(f"\n    * {a}" for a in args)
    return f"Positional arguments ({len(args)} total):{listed}\n  Keyword arguments: {kwargs}"


def _fitting(signature: Any, values: Any, convert: bool) -> list[Any] | None:
    """The tensors among arguments, or None where they are not what a signature asks for."""
    tensors: list[Any] = []
    return tensors if _fits(signature, values, convert, tensors) else None


def _fits(spec: Any, value: Any, convert: bool, tensors: list[Any]) -> bool:
    if isinstance(spec, TensorSpec):
        if not isinstance(value, (Tensor, Variable)):
            if not convert or value is None:
                return False
            try:
                value = convert_to_tensor(value, spec.dtype)
            except (TypeError, ValueError, errors.OpError):
                return False
        tensor = convert_to_tensor(value)
        tensors.append(tensor)
        return bool(spec.dtype == tensor.dtype and spec.shape.is_compatible_with(tensor.shape))
    if is_composite_spec(spec):
        if not isinstance(value, nest.CompositeTensor) or not spec.is_compatible_with(value):
            return False
        tensors += nest.flatten(value, expand_composites=True)
        return True
    if isinstance(spec, dict):
        return isinstance(value, dict) and set(spec) == set(value) and \
            all(_fits(spec[k], value[k], convert, tensors) for k in sorted(spec))
    if isinstance(spec, (list, tuple)):
        return isinstance(value, (list, tuple)) and len(spec) == len(value) and \
            all(_fits(s, v, convert, tensors) for s, v in zip(spec, value, strict=True))
    if isinstance(value, (Tensor, Variable, np.ndarray, nest.CompositeTensor)):
        return False
    return spec is value or (type(spec) is type(value) and bool(spec == value))


def parameters_of(message: Any, decoded: Callable[[Any], Any]) -> tuple[inspect.Signature, Any]:
    """The parameters that a message describes, and the input signature or None."""
    spec = decoded(message.fullargspec)
    if spec is None:
        return inspect.Signature([inspect.Parameter("args", inspect.Parameter.VAR_POSITIONAL),
                                  inspect.Parameter("kwargs", inspect.Parameter.VAR_KEYWORD)]), None
    lacking = [f for f in ("args", "varargs", "varkw", "defaults", "kwonlyargs", "kwonlydefaults") if not hasattr(spec, f)]
    if lacking:
        raise ValueError(f"The parameters of a function are damaged: there is no '{lacking[0]}'.")
    names = list(spec.args)[1 if message.is_method else 0:]
    defaults = list(spec.defaults or ())
    first = len(names) - len(defaults)
    p, none = inspect.Parameter, inspect.Parameter.empty
    found = [p(n, p.POSITIONAL_OR_KEYWORD, default=defaults[i - first] if i >= first else none) for i, n in enumerate(names)]
    if spec.varargs:
        found.append(p(spec.varargs, p.VAR_POSITIONAL))
    keywords = spec.kwonlydefaults or {}
    found += [p(n, p.KEYWORD_ONLY, default=keywords.get(n, none)) for n in spec.kwonlyargs or ()]
    if spec.varkw:
        found.append(p(spec.varkw, p.VAR_KEYWORD))
    return inspect.Signature(found), decoded(message.input_signature)
