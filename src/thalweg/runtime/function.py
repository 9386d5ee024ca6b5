"""`tf.function`: Python functions traced into graphs, one for each kind of arguments."""
from __future__ import annotations

import functools
import inspect
import logging
import threading
import weakref
from collections.abc import Callable, Sequence
from typing import Any

from ..core import nest
from ..core.context import ctx
from ..core.shape import TensorShape
from ..core.tensor import Tensor
from ..core.tensor_spec import TensorSpec
from .arguments import Misfit, argument, composite_key, fit, key_of, leaf, plain_key, structure_of
from .composites import flattened, is_composite_spec, modelled, widened
from .concrete import ConcreteFunction, Output
from .engine import Policy
from .func_graph import FuncGraph, identity

_log = logging.getLogger("thalweg")
_SINGLETON = ("tf.function only supports singleton tf.Variables created on the first call. Make sure the tf.Variable is only "
              "created once or created outside tf.function. See https://www.tensorflow.org/guide/function#"
              "creating_tfvariables for more information.")
RETRACING_LIMIT = 5
"""So many traces by so many calls in a row bring the warning on retracing."""


class _Settings:
    run_eagerly = False


def run_functions_eagerly(run_eagerly: bool) -> None:
    """Makes every `tf.function` call its Python function as it is, for debugging."""
    _Settings.run_eagerly = bool(run_eagerly)


def functions_run_eagerly() -> bool:
    """Whether functions run as plain Python at present."""
    return _Settings.run_eagerly


class Function:
    """A Python function that runs as a graph. Made by `function`.

    The first call with a kind of arguments (dtypes and shapes of tensors, values of the rest) traces it; later calls run
    the trace.
    """

    def __init__(self, python_function: Callable[..., Any], input_signature: Sequence[Any] | None, autograph: bool,
                 jit_compile: Policy, reduce_retracing: bool, name: str | None = None) -> None:
        self._python_function = python_function
        self._input_signature = None if input_signature is None else tuple(input_signature)
        self._autograph = autograph
        self._jit_compile = jit_compile
        self._reduce_retracing = reduce_retracing
        self._name = str(name or getattr(python_function, "__name__", "function"))
        self._signature = inspect.signature(python_function)
        self._plain = input_signature is None or not any(map(is_composite_spec, nest.flatten(tuple(input_signature))))
        """Whether the input signature has no composites."""
        self._traces: dict[Any, ConcreteFunction] = {}
        self._relaxed: dict[Any, tuple[list[TensorShape], Any]] = {}
        self._lock = threading.RLock()
        self._created_variables = False
        self._count = 0
        self._calls_since_trace = 0
        self._bound: dict[int, tuple[Any, Function]] = {}
        self._parameters = [p.name for p in self._signature.parameters.values()
                            if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
        self._simple = all(p.kind is p.POSITIONAL_OR_KEYWORD and p.default is p.empty
                           for p in self._signature.parameters.values()) and input_signature is None
        functools.update_wrapper(self, python_function, updated=())
        if input_signature is not None:
            self._check_signature()

    @property
    def python_function(self) -> Callable[..., Any]:
        """The function as it was written."""
        return self._python_function

    @property
    def input_signature(self) -> tuple[Any, ...] | None:
        """The specs that every call must fit, or None."""
        return self._input_signature

    def _check_signature(self) -> None:
        assert self._input_signature is not None
        required = [p for p in self._signature.parameters.values()
                    if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) and p.default is p.empty]
        names = [p.name for p in required if p.name != "self"]
        missing = names[len(self._input_signature):]
        if missing:
            raise TypeError(f"input_signature missing type constraint for {missing[0]}")

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        if instance is None:
            return self
        key = id(instance)
        bound = self._bound.get(key)
        if bound is None or bound[0]() is not instance:
            reference, function = self._bind(instance)
            bound = self._bound[key] = (reference, function)
            if isinstance(reference, weakref.ref):
                weakref.finalize(instance, self._bound.pop, key, None)
        return _Method(bound[1], instance)

    def _bind(self, instance: Any) -> tuple[Any, Function]:
        reference: Any
        try:
            reference = weakref.ref(instance)
        except TypeError:
            def reference() -> Any:
                return instance
        inner = self._python_function

        @functools.wraps(inner)
        def method(*args: Any, **kwargs: Any) -> Any:
            return inner(reference(), *args, **kwargs)
        parameters = list(self._signature.parameters.values())[1:]
        method.__signature__ = self._signature.replace(parameters=parameters)  # type: ignore[attr-defined]
        return reference, Function(method, self._input_signature, self._autograph, self._jit_compile,
                                   self._reduce_retracing, self._name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Runs the function: the trace for this kind of arguments, made now if there is none yet."""
        if _Settings.run_eagerly:
            return self._python_function(*args, **kwargs)
        if not kwargs and self._simple and len(args) == len(self._parameters) and ctx.device is None:
            flat: list[Any] = []
            key = plain_key(args, flat)
            if key is not None:
                found = self._traces.get(key)
                if found is not None and ctx.graph is None:
                    self._calls_since_trace += 1
                    return found.call_flat(flat)
                if found is None and not self._reduce_retracing:
                    return self._trace_simple(key, args).call_flat(flat)
        concrete, flat = self._concrete(args, kwargs)
        return concrete.call_flat(flat)

    def _trace_simple(self, key: Any, args: tuple[Any, ...]) -> ConcreteFunction:
        concrete, _ = self._concrete(args, {})
        self._traces[key] = concrete
        return concrete

    def _concrete(self, args: Sequence[Any], kwargs: dict[str, Any]) -> tuple[ConcreteFunction, list[Any]]:
        """The trace for these arguments, and the flat tensors to call it with."""
        arguments = self._arguments(args, kwargs)
        if self._input_signature is not None:
            arguments = self._fit(arguments)
        flat = nest.flatten(arguments)
        model, leaves, known = arguments, [], None
        if self._plain and not any(isinstance(x, nest.CompositeTensor) for x in flat):
            leaves = [leaf(x) for x in flat]
            key = (structure_of(arguments), tuple([key_of(x) for x in leaves]), ctx.device)
        else:
            model = modelled(arguments, self._input_signature)
            leaves, known = flattened(arguments, model, leaf)
            key = composite_key(model, leaves, known)
        tensors = [x for x in leaves if isinstance(x, Tensor)]
        with self._lock:
            concrete = self._traces.get(key)
            if concrete is None:
                concrete = self._find_relaxed(key, model, leaves)
            if concrete is None:
                concrete = self._trace(key, model, leaves, known)
        return concrete, tensors

    def _arguments(self, args: Sequence[Any], kwargs: dict[str, Any]) -> tuple[Any, ...]:
        """A value for each parameter, in their order, defaults filled in.

        Raises:
          TypeError: they do not fit the function's parameters.
        """
        try:
            bound = self._signature.bind(*args, **kwargs)
        except TypeError as error:
            raise TypeError(f"Binding inputs to tf.function failed due to `{error}`. Received args: {tuple(args)} and "
                            f"kwargs: {kwargs} for signature: {self._signature_text()}.") from None
        bound.apply_defaults()
        return tuple(bound.arguments.values())

    def _signature_text(self) -> str:
        specs = list(nest.flatten(self._input_signature or ()))
        shown = []
        for index, p in enumerate(self._signature.parameters.values()):
            if self._input_signature is not None and index < len(specs):
                spec = specs[index]
                shown.append(f"{p.name}: {TensorSpec(spec.shape, spec.dtype) if isinstance(spec, TensorSpec) else spec}")
            else:
                shown.append(p.name)
        return f"({', '.join(shown)})"

    def _fit(self, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
        """The arguments with tensors in the places of the input signature's specs.

        Raises:
          TypeError: an argument does not fit its spec.
        """
        assert self._input_signature is not None
        several = next((i for i, p in enumerate(self._signature.parameters.values()) if p.kind is p.VAR_POSITIONAL), None)
        if several is not None and several < len(arguments) and isinstance(arguments[several], tuple):
            # The specs go on through `*args`, which is one argument here.
            rest = arguments[several + 1:]
            fitted = list(self._fitted((*arguments[:several], *arguments[several])))
            return (*fitted[:several], tuple(fitted[several:]), *rest)
        return self._fitted(arguments)

    def _fitted(self, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
        assert self._input_signature is not None
        count = len(self._input_signature)
        try:
            fitted = [fit(spec, value) for spec, value in zip(self._input_signature, arguments, strict=False)]
        except Misfit as error:
            raise TypeError(f"Binding inputs to tf.function failed due to `{error}`. Received args: {arguments} and kwargs: "
                            f"{{}} for signature: {self._signature_text()}.") from None
        return (*fitted, *arguments[count:])

    def _find_relaxed(self, key: Any, model: Any, leaves: Sequence[Any]) -> ConcreteFunction | None:
        """With a signature or `reduce_retracing`: a trace whose shapes are wide enough."""
        if self._input_signature is None and not self._reduce_retracing:
            return None
        for concrete in dict.fromkeys(self._traces.values()):
            if concrete.accepts(model, leaves):
                self._traces[key] = concrete
                return concrete
        return None

    def _trace(self, key: Any, model: tuple[Any, ...], leaves: Sequence[Any],
               known: Sequence[TensorShape | None] | None) -> ConcreteFunction:
        shapes, model = self._shapes(model, leaves, known)
        concrete = self.trace(model, leaves, shapes)
        self._traces[key] = concrete
        self._count += 1
        if self._count > RETRACING_LIMIT and self._calls_since_trace < self._count:
            _log.warning(
                "%d out of the last %d calls to %s triggered tf.function retracing. Tracing is expensive and the excessive "
                "number of tracings could be due to (1) creating @tf.function repeatedly in a loop, (2) passing tensors with "
                "different shapes, (3) passing Python objects instead of tensors. For (1), please define your @tf.function "
                "outside of the loop. For (2), @tf.function has reduce_retracing=True option that can avoid unnecessary "
                "retracing. For (3), please refer to https://www.tensorflow.org/guide/function#controlling_retracing and "
                "https://www.tensorflow.org/api_docs/python/tf/function for  more details.", self._count,
                self._count + self._calls_since_trace, self._python_function)
        self._calls_since_trace = 0
        return concrete

    def _shapes(self, model: Any, leaves: Sequence[Any],
                known: Sequence[TensorShape | None] | None) -> tuple[list[TensorShape], Any]:
        """The shapes to trace with: the signature's, those of the tensors, or what several calls have in common.

        Returns:
          The shapes, and the model of the arguments with specs of composites that have as much in common.
        """
        tensors = [x for x in leaves if isinstance(x, Tensor)]
        if self._input_signature is not None:
            specs = [s for s in nest.flatten(self._input_signature, expand_composites=True) if isinstance(s, TensorSpec)]
            return [specs[i].shape if i < len(specs) else t.shape for i, t in enumerate(tensors)], model
        shapes = [t.shape for t in tensors] if known is None else \
            [t.shape if s is None else s for t, s in zip(leaves, known, strict=True) if isinstance(t, Tensor)]
        if self._reduce_retracing:
            kind = (structure_of(model, False), tuple(x.dtype if isinstance(x, Tensor) else key_of(x) for x in leaves))
            before = self._relaxed.get(kind)
            if before is not None:
                shapes = [a.most_specific_compatible_shape(b) for a, b in zip(before[0], shapes, strict=True)]
                model = widened(model, before[1])
            self._relaxed[kind] = shapes, model
        return shapes, model

    def trace(self, arguments: tuple[Any, ...], leaves: Sequence[Any], shapes: Sequence[TensorShape]) -> ConcreteFunction:
        """Runs the Python function once on symbolic tensors.

        Raises:
          ValueError: it creates variables although an earlier call did, too.
          TypeError: it returns something that is neither a tensor nor None.
        """
        concrete = self._trace_once(arguments, leaves, shapes)
        created = concrete.graph.created
        if created:
            if self._created_variables:
                raise ValueError(_SINGLETON)
            self._created_variables = True
            # A second trace, as in every later call: it must find the variables instead of creating them again.
            again = self._trace_once(arguments, leaves, shapes)
            if again.graph.created:
                raise ValueError(_SINGLETON)
            return again
        return concrete

    def _trace_once(self, arguments: tuple[Any, ...], leaves: Sequence[Any],
                    shapes: Sequence[TensorShape]) -> ConcreteFunction:
        graph = FuncGraph(self._name, ctx.graph)
        tapes, ctx.tapes = ctx.tapes, ()
        outer_scope, ctx.name_scope = ctx.name_scope, ""
        try:
            with graph.as_default():
                names = iter(self._leaf_names(arguments))
                position = iter(shapes)
                inner = []
                for x in leaves:
                    name = next(names)
                    inner.append(graph.add_input(x.dtype, next(position), name) if isinstance(x, Tensor) else x)
                graph.argument_values = [x for x in leaves if isinstance(x, Tensor)]
                packed = nest.pack_sequence_as(arguments, inner, expand_composites=True)
                result = self._call_python(packed)
                output = Output.of(result, self._python_function, lambda x: identity(graph.capture(x)))
        finally:
            graph.argument_values = []
            ctx.tapes = tapes
            ctx.name_scope = outer_scope
        names_ = list(self._signature.parameters)
        # Who knows that calls will be repeated means those like the first; the rest of a data set may come only once.
        policy = None if self._jit_compile == "auto" and self._traces else self._jit_compile
        return ConcreteFunction(graph, names_, arguments, leaves, shapes, output, policy, self._name)

    def _leaf_names(self, arguments: tuple[Any, ...]) -> list[str]:
        """A name for the placeholder of each flat argument: that of its parameter."""
        out: list[str] = []
        for name, value in zip(self._signature.parameters, arguments, strict=True):
            out += [name] * len(nest.flatten(value, expand_composites=True))
        return out

    def _call_python(self, arguments: tuple[Any, ...]) -> Any:
        args: list[Any] = []
        kwargs: dict[str, Any] = {}
        for p, value in zip(self._signature.parameters.values(), arguments, strict=True):
            if p.kind is p.VAR_POSITIONAL:
                args.extend(() if value is None else value)
            elif p.kind is p.VAR_KEYWORD:
                kwargs.update({} if value is None else value)
            elif p.kind is p.KEYWORD_ONLY:
                kwargs[p.name] = value
            else:
                args.append(value)
        return self._python_function(*args, **kwargs)

    def get_concrete_function(self, *args: Any, **kwargs: Any) -> ConcreteFunction:
        """The trace for arguments, or for `TensorSpec`s that stand for them."""
        if self._input_signature is not None and not args and not kwargs:
            args = self._input_signature
        arguments = self._arguments(args, kwargs)
        model = modelled(arguments, self._input_signature)
        leaves, known = flattened(arguments, model, argument)
        key = composite_key(model, leaves, known)
        with self._lock:
            concrete = self._traces.get(key)
            if concrete is None:
                shapes = [x.shape if s is None else s for x, s in zip(leaves, known, strict=True) if isinstance(x, Tensor)]
                concrete = self._traces[key] = self.trace(model, leaves, shapes)
                self._count += 1
        return concrete

    def experimental_get_tracing_count(self) -> int:
        """How often the Python function was traced."""
        return self._count

    @property
    def variables(self) -> Any:
        """The variables of all traces."""
        found = {id(v): v for c in self._traces.values() for v in c.variables}
        return list(found.values())


class _Method:
    """A function bound to an object, which it keeps alive."""

    __slots__ = ("__self__", "_function")

    def __init__(self, function: Function, instance: Any) -> None:
        self._function = function
        self.__self__ = instance

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._function(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._function, name)


def function(func: Callable[..., Any] | None = None, input_signature: Sequence[Any] | None = None, autograph: bool = True,
             jit_compile: Policy = None, reduce_retracing: bool = False, experimental_implements: str | None = None,
             experimental_autograph_options: Any = None, experimental_attributes: Any = None,
             experimental_relax_shapes: bool | None = None, experimental_compile: bool | None = None,
             experimental_follow_type_hints: bool | None = None) -> Any:
    """Turns a Python function into one that runs as a graph; also a decorator.

    Args:
      func: the function; without it a decorator is returned.
      input_signature: `TensorSpec`s that every call must fit, one trace for all of them.
      autograph: accepted; Python control flow on tensors raises as it does without AutoGraph.
      jit_compile: True compiles with XLA at the first call, False never, None when a kind of arguments comes again,
        "auto" as well at the very first call, since such calls will come again; the last two only where it pays.
      reduce_retracing: widen shapes instead of tracing again for each.

    Raises:
      TypeError: something that is not callable, or a signature that is no list of specs.
    """
    if input_signature is not None and not isinstance(input_signature, (list, tuple)):
        raise TypeError(f"input_signature must be either a tuple or a list, got {type(input_signature)}.")
    compiled = experimental_compile if jit_compile is None else jit_compile
    reduce = reduce_retracing or bool(experimental_relax_shapes)

    def decorate(f: Callable[..., Any]) -> Function:
        if not callable(f):
            raise TypeError(f"{f} is not a callable object")
        return Function(f, input_signature, autograph, compiled, reduce)
    return decorate if func is None else decorate(func)

