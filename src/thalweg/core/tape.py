"""Reverse-mode differentiation of eager code: `GradientTape` and `custom_gradient`."""
from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from typing import Any

from . import nest
from .backprop import Gradient, add, backprop, dense, zeros_like
from .context import ctx
from .convert import convert_to_tensor
from .dispatch import apply, record
from .indexed_slices import IndexedSlices
from .opdef import OpDef, get_op
from .tensor import EagerTensor, Tensor
from .variable import Variable

_log = logging.getLogger("thalweg")


class UnconnectedGradients(Enum):
    """What a gradient is where the target does not depend on the source."""

    NONE = "none"
    ZERO = "zero"


_USED = "A non-persistent GradientTape can only be used to compute one set of gradients (or jacobians)"


class GradientTape:
    """Records operations on what it watches, to differentiate them afterwards.

    Args:
      persistent: keep the record after the first `gradient`, so that more can follow.
      watch_accessed_variables: watch every trainable variable that is read.
    """

    _recording = False
    _used = False
    _entered = False

    def __init__(self, persistent: bool = False, watch_accessed_variables: bool = True) -> None:
        self._persistent = persistent
        self._watch_accessed = watch_accessed_variables
        self._records: list[Any] = []
        self._watched: dict[int, Any] = {}
        self._reads: dict[int, tuple[Variable, list[Any]]] = {}

    def __enter__(self) -> GradientTape:
        if self._recording:
            raise ValueError("Tape is still recording, This can happen if you try to re-enter an already-active tape.")
        self._entered = True
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._recording:
            self._stop()

    def _start(self) -> None:
        self._recording = True
        ctx.tapes = (*ctx.tapes, self)

    def _stop(self) -> None:
        self._recording = False
        tapes = ctx.tapes
        ctx.tapes = tapes[:-1] if tapes and tapes[-1] is self else tuple(t for t in tapes if t is not self)

    def watch(self, tensor: Any) -> None:
        """Records what is done with a tensor, or with each tensor of a nest.

        Raises:
          ValueError: something in the nest is not a tensor or variable.
        """
        for t in nest.flatten(tensor, expand_composites=True):
            if isinstance(t, Variable):
                self._watch_variable(t, t._tensor)
                continue
            if not isinstance(t, Tensor):
                raise ValueError(f"Passed in object {t} of type {type(t).__name__!r}, not tf.Tensor or tf.Variable or "
                                 "ExtensionType.")
            if not (t.dtype.is_floating or t.dtype.is_complex):
                _log.warning("The dtype of the watched tensor must be floating (e.g. tf.float32), got %r", t.dtype)
                continue
            self._watched[id(t)] = t

    def _watch_variable(self, variable: Variable, tensor: Any) -> None:
        """Watches the tensor that a variable holds, on the variable's behalf."""
        reads = self._reads.get(id(variable))
        if reads is None:
            self._reads[id(variable)] = (variable, [tensor])
            self._watched[id(tensor)] = tensor
        elif id(tensor) not in self._watched:
            reads[1].append(tensor)
            self._watched[id(tensor)] = tensor

    def watched_variables(self) -> tuple[Variable, ...]:
        """The variables watched so far, in the order in which they were first read."""
        return tuple(variable for variable, _ in self._reads.values())

    @contextmanager
    def stop_recording(self) -> Iterator[None]:
        """Leaves what happens inside off the tape.

        Raises:
          RuntimeError: the tape does not record at present.
        """
        if not self._recording:
            raise RuntimeError("Trying to stop recording a tape which is not recording.")
        self._stop()
        try:
            yield
        finally:
            self._start()

    def reset(self) -> None:
        """Forgets everything recorded and watched."""
        recording = self._recording
        if recording:
            self._stop()
        self._forget()
        self._used = False
        if recording:
            self._start()

    def _forget(self) -> None:
        self._records = []
        self._watched = {}
        self._reads = {}

    def _begin_gradient(self) -> list[Any]:
        if self._used or not self._entered:
            raise RuntimeError(_USED)
        if not self._persistent:
            self._used = True
            if self._recording:
                self._stop()
            return self._records
        return list(self._records)  # the gradient itself may be recorded

    def gradient(self, target: Any, sources: Any, output_gradients: Any = None,
                 unconnected_gradients: UnconnectedGradients | str = UnconnectedGradients.NONE) -> Any:
        """The gradient of the sum of `target` for each tensor or variable of a nest of sources.

        Args:
          target: a tensor or nest of tensors.
          sources: a tensor, variable, or nest of them.
          output_gradients: the gradient that arrives at each target, ones where missing.
          unconnected_gradients: None or zeros for sources that the target does not depend on.

        Returns:
          The structure of `sources` with a tensor, an IndexedSlices or None each.

        Raises:
          RuntimeError: a non-persistent tape was used already.
          LookupError: an operation on the way has no gradient.
        """
        records = self._begin_gradient()
        unconnected = unconnected_gradients if isinstance(unconnected_gradients, UnconnectedGradients) else \
            _unconnected(unconnected_gradients)
        targets = [t._tensor if isinstance(t, Variable) else t for t in _flat(gradient_parts(target))]
        for t in targets:
            if not isinstance(t, Tensor):
                raise TypeError(f"Argument `target` should be a tensor, a variable or a nest of them, got {t!r}.")
            dtype = t.dtype
            if not (dtype.is_floating or dtype.is_complex):
                _log.warning("The dtype of the target tensor must be floating (e.g. tf.float32) when calling "
                             "GradientTape.gradient, got %r", t.dtype)
        seeds: list[Any] = [None] * len(targets)
        if output_gradients is not None:
            seeds = [None if g is None else convert_to_tensor(g) for g in nest.flatten(output_gradients)]
        parts = gradient_parts(sources)
        flat = _flat(parts)
        result = self._gradients(records, targets, flat, seeds)
        if not self._persistent:
            self._forget()
        if unconnected is UnconnectedGradients.ZERO:
            result = [zeros_like(convert_to_tensor(s)) if g is None else g for s, g in zip(flat, result, strict=True)]
        if type(sources) is list and flat is sources:
            return result
        if parts is not sources:
            return put_together(sources, result)
        return nest.pack_sequence_as(sources, result)

    def _gradients(self, records: Sequence[Any], targets: Sequence[Any], sources: Sequence[Any],
                   seeds: Sequence[Any]) -> list[Gradient]:
        groups = [self._tensors_of(s) for s in sources]
        found = backprop(records, targets, [t for group in groups for t in group], seeds)
        return [found.get(id(group[0])) if len(group) == 1 else _total([found[id(t)] for t in group if id(t) in found])
                for group in groups]

    def _tensors_of(self, source: Any) -> Sequence[Any]:
        """The tensors on which a source's gradient arrives: a variable's are those that were read from it."""
        if isinstance(source, Variable):
            return self._reads.get(id(source), (source, ()))[1]
        if not isinstance(source, Tensor):
            raise TypeError(f"Argument `sources` should hold tensors or variables, got {source!r} of type "
                            f"{type(source).__name__}.")
        return (source,)

    def jacobian(self, target: Any, sources: Any, unconnected_gradients: UnconnectedGradients | str = "none",
                 parallel_iterations: int | None = None, experimental_use_pfor: bool = True) -> Any:
        """The derivative of each element of `target` for each element of each source.

        Returns:
          The structure of `sources`; each of shape `target.shape + source.shape`, or None.

        Raises:
          RuntimeError: a non-persistent tape was used already.
        """
        records = self._begin_gradient()
        flat = nest.flatten(sources)
        size = int(target.shape.num_elements())
        rows = [self._gradients(records, [target], flat, [_unit(target, i)]) for i in range(size)]
        if not self._persistent:
            self._forget()
        zero = UnconnectedGradients(unconnected_gradients) is UnconnectedGradients.ZERO
        out: list[Any] = []
        for k, source in enumerate(flat):
            column = [row[k] for row in rows]
            if all(g is None for g in column) and not zero:
                out.append(None)
                continue
            like = convert_to_tensor(source)
            parts = [zeros_like(like) if g is None else dense(g) for g in column]
            shape = [*target.shape.as_list(), *like.shape.as_list()]
            if not parts:
                out.append(apply(get_op("Fill"), (shape, convert_to_tensor(0, like.dtype))))
                continue
            out.append(apply(get_op("Reshape"), (apply(get_op("Pack"), parts, {"axis": 0}), shape)))
        return nest.pack_sequence_as(sources, out)

    def batch_jacobian(self, target: Any, source: Any, unconnected_gradients: UnconnectedGradients | str = "none",
                       parallel_iterations: int | None = None, experimental_use_pfor: bool = True) -> Any:
        """The jacobian of each row of `target`, shape `[b, ...]`, for the same row of `source`, shape `[b, ...]`.

        Returns:
          Shape `[b] + target.shape[1:] + source.shape[1:]`.

        Raises:
          ValueError: the first dimensions differ.
          RuntimeError: a non-persistent tape was used already.
        """
        t_shape, s_shape = target.shape.as_list(), source.shape.as_list()
        if not t_shape or not s_shape or t_shape[0] != s_shape[0]:
            raise ValueError(f"Need first dimension of target shape ({target.shape}) and source shape ({source.shape}) "
                             "to match.")
        records = self._begin_gradient()
        batch = t_shape[0]
        columns = target.shape[1:].num_elements()
        parts = []
        for j in range(columns):
            seed = apply(get_op("Reshape"), (_unit_column(target, batch, columns, j), t_shape))
            (g,) = self._gradients(records, [target], [source], [seed])
            parts.append(g)
        if not self._persistent:
            self._forget()
        if all(g is None for g in parts):
            if UnconnectedGradients(unconnected_gradients) is UnconnectedGradients.NONE:
                return None
            parts = [zeros_like(source) for _ in parts]
        stacked = apply(get_op("Pack"), [dense(g) for g in parts], {"axis": 1})
        return apply(get_op("Reshape"), (stacked, [batch, *t_shape[1:], *s_shape[1:]]))


def gradient_parts(structure: Any) -> Any:
    """A structure with lists of the tensors that have gradients in the places of composites; itself if it has none.

    Raises:
      ValueError: a composite without gradients.
    """
    if type(structure) is EagerTensor or not any(isinstance(x, nest.CompositeTensor) for x in nest.flatten(structure)):
        return structure
    return nest.map_structure(_parts_of, structure)


def _parts_of(x: Any) -> Any:
    return nest.flatten(gradient_parts(x._gradient_parts())) if isinstance(x, nest.CompositeTensor) else x


def put_together(sources: Any, gradients: Sequence[Any]) -> Any:
    """The gradients in the structure of the sources: for a composite one of its kind, None if it is unconnected."""
    rest = iter(gradients)

    def one(x: Any) -> Any:
        if not isinstance(x, nest.CompositeTensor):
            return next(rest)
        found = [one(part) for part in x._gradient_parts()]
        return None if any(g is None for g in found) else x._with_gradients(found)
    return nest.pack_sequence_as(sources, [one(x) for x in nest.flatten(sources)])


def _flat(structure: Any) -> Sequence[Any]:
    """The leaves of a structure; a list of tensors and variables is its own."""
    if type(structure) is list and all(isinstance(x, (Tensor, Variable)) for x in structure):
        return structure
    if isinstance(structure, (EagerTensor, Variable)):
        return (structure,)
    return nest.flatten(structure, expand_composites=True)


def _unconnected(value: Any) -> UnconnectedGradients:
    try:
        return UnconnectedGradients(value)
    except ValueError:
        raise ValueError(f"Unknown value for unconnected_gradients: {value!r}") from None


def _total(parts: Sequence[Gradient]) -> Gradient:
    if not parts:
        return None
    total = parts[0]
    for part in parts[1:]:
        total = add(total, part)
    return total


def _unit(target: Any, index: int) -> Any:
    """A seed that is one at a flat index and zero elsewhere."""
    size = target.shape.num_elements()
    one, zero = convert_to_tensor(1, target.dtype), convert_to_tensor(0, target.dtype)
    row = apply(get_op("OneHot"), (convert_to_tensor(index), size, one, zero), {"axis": -1})
    return apply(get_op("Reshape"), (row, target.shape.as_list()))


def _unit_column(target: Any, batch: int, columns: int, index: int) -> Any:
    one, zero = convert_to_tensor(1, target.dtype), convert_to_tensor(0, target.dtype)
    return apply(get_op("OneHot"), (convert_to_tensor([index] * batch), columns, one, zero), {"axis": -1})


@contextmanager
def no_tapes() -> Iterator[None]:
    """Leaves what happens inside off every tape."""
    tapes, ctx.tapes = ctx.tapes, ()
    try:
        yield
    finally:
        ctx.tapes = tapes


def custom_gradient(f: Callable[..., Any] | None = None) -> Any:
    """A function with its own gradient: `f(*args)` returns `(result, grad_fn)`.

    `grad_fn(*upstream)` gives one gradient a tensor argument. If `f` reads trainable variables, it takes
    `variables=` and returns `(gradients, variable_gradients)`.

    Raises:
      ValueError, TypeError: the gradients do not fit the arguments.
    """
    if f is None:
        return custom_gradient

    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return _call_custom(f, args, kwargs)
    wrapper.__name__ = getattr(f, "__name__", "custom_gradient")
    wrapper.__doc__ = f.__doc__
    wrapper.__wrapped__ = f  # type: ignore[attr-defined]
    return wrapper


def _call_custom(f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    flat_args = [convert_to_tensor(x) for x in nest.flatten(args)]
    graph = ctx.graph or next((x.graph for x in flat_args if not isinstance(x, EagerTensor)), None)
    if graph is not None:
        with graph.as_default():
            return _call_custom_in_graph(f, args, flat_args, kwargs)
    call_args = nest.pack_sequence_as(args, flat_args)
    inner = GradientTape()
    with no_tapes(), inner:
        result, grad_fn = f(*call_args, **kwargs)
    with no_tapes():
        # Identities, so that an argument that is returned as it came is an output of its own.
        flat_result = [apply(get_op("Identity"), (convert_to_tensor(r),)) for r in nest.flatten(result)]
    variables = list(inner.watched_variables())
    given = {id(x) for x in nest.flatten(args)}
    variables = [v for v in variables if id(v) not in given]
    if not ctx.tapes:
        return nest.pack_sequence_as(result, flat_result)
    held = [v._read() for v in variables]
    entry = _custom_entry(_no_kernel)
    entry.joint = lambda op, *dys: _custom_gradients(grad_fn, dys, len(flat_args), variables)
    record(entry, [*flat_args, *held], {}, tuple(flat_result))
    return nest.pack_sequence_as(result, flat_result)


def _call_custom_in_graph(f: Callable[..., Any], args: Any, flat_args: list[Any], kwargs: dict[str, Any]) -> Any:
    """In a graph: a node that passes the results on, with the gradient that the function gave."""
    call_args = nest.pack_sequence_as(args, flat_args)
    inner = GradientTape()
    with no_tapes(), inner:
        result, grad_fn = f(*call_args, **kwargs)
    given = {id(x) for x in nest.flatten(args)}
    variables = [v for v in inner.watched_variables() if id(v) not in given]
    results = [convert_to_tensor(r) for r in nest.flatten(result)]
    count = len(results)
    entry = _custom_entry(lambda xp, *values: tuple(values[:count]))
    entry.infer = lambda call: [(x.shape, x.dtype) for x in call.inputs[:count]]
    entry.joint = lambda op, *dys: [None] * count + _custom_gradients(grad_fn, dys, len(flat_args), variables)
    passed = apply(entry, [*results, *flat_args, *[v._read() for v in variables]], name="IdentityN")
    return nest.pack_sequence_as(result, list(passed))


def _custom_entry(kernel: Callable[..., Any]) -> OpDef:
    return OpDef("IdentityN", "input: T -> output: T", "T: list(type)", kernel, None, None, False, False, False)


def _custom_gradients(grad_fn: Callable[..., Any], dys: Sequence[Any], count: int,
                      variables: Sequence[Variable]) -> list[Any]:
    """Calls a custom gradient and checks what it returns."""
    if variables:
        input_gradients, variable_gradients = grad_fn(*dys, variables=variables)
    else:
        input_gradients, variable_gradients = grad_fn(*dys), []
    found = nest.flatten(input_gradients) if input_gradients is not None else [None] * count
    if len(found) != count:
        raise ValueError(f"custom_gradient function expected to return {count} gradients, but returned {len(found)} "
                         "instead.")
    if len(variable_gradients) != len(variables):
        raise ValueError("Must return gradient for each variable from @custom_gradient grad_fn.")
    return [None if g is None else g if isinstance(g, IndexedSlices) else convert_to_tensor(g)
            for g in [*found, *variable_gradients]]


def _no_kernel(*_: Any) -> Any:
    raise AssertionError("a custom gradient's record is never run forward")

