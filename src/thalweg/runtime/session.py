"""Sessions: run parts of a graph, with feeds in and fetches out, and hold the values of its variables."""
from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from ..core import errors, nest
from ..core.context import ctx
from ..core.convert import to_array
from ..core.graph import Graph, get_default_graph
from ..core.graph_variable import GraphVariable, uninitialized
from ..core.memory import on_host
from ..core.node_text import shape_text
from ..core.symbol import Operation, SymbolicTensor
from ..core.tensor import EagerTensor, Tensor
from .engine import Executable, Keep, unwrap
from .interrupts import hold, release
from .placement import require_devices, session_devices
from .program import Program
from .state import keep_shared
from .subgraph import held_value, wrap_value


class _Plan:
    """One combination of fetches and feeds, resolved and compiled into an executable once."""

    def __init__(self, session: BaseSession, fetches: Any, feeds: Sequence[SymbolicTensor]) -> None:
        self.structure = fetches
        self.leaves = [session._fetch(leaf) for leaf in nest.flatten(fetches)]
        tensors: list[SymbolicTensor] = []
        position: dict[int, int] = {}
        targets: list[Operation] = []
        for leaf in self.leaves:
            for part in _parts(leaf):
                if isinstance(part, Operation):
                    targets.append(part)
                elif id(part) not in position:
                    position[id(part)] = len(tensors)
                    tensors.append(part)
        self.position = position
        program = Program(tensors, feeds, targets)
        if not session._soft_placement:
            require_devices(program.nodes)
        self.executable = Executable(program)
        fed = {id(t) for t in feeds}
        for node in self.executable.program.nodes:
            if node.type == "Placeholder" and id(node.outputs[0]) not in fed:
                self.missing: Operation | None = node
                break
        else:
            self.missing = None

    def collect(self, values: Sequence[Any]) -> Any:
        """The fetched values in the structure of the fetches."""
        flat = [self._leaf(leaf, values) for leaf in self.leaves]
        return flat[0] if not nest.is_nested(self.structure) else nest.pack_sequence_as(self.structure, flat)

    def _leaf(self, leaf: Any, values: Sequence[Any]) -> Any:
        if isinstance(leaf, Operation):
            return None
        if isinstance(leaf, nest.CompositeTensor):
            return leaf._session_value([self._leaf(p, values) for p in _parts(leaf)])
        value = values[self.position[id(leaf)]]
        return fetched(value)


def fetched(value: Any) -> Any:
    """A value as a session returns it: an array of its own, a NumPy scalar, or bytes."""
    value = unwrap(value)
    if isinstance(value, (np.generic, bytes)):
        return value
    array = on_host(value) if hasattr(value, "devices") else np.asarray(value)
    return array.copy() if array.ndim else array[()]


def _parts(leaf: Any) -> Iterator[Any]:
    if isinstance(leaf, nest.CompositeTensor):
        for part in nest.flatten(leaf, expand_composites=True):
            yield ctx.graph.capture(part) if isinstance(part, EagerTensor) and ctx.graph is not None else part
    else:
        yield leaf


class BaseSession:
    """Runs operations of a graph and holds its variables.

    Args:
      target: accepted, without effect: everything runs in this process.
      config: a `ConfigProto`. Without `allow_soft_placement`, operations that ask for a device that is not there fail.
      graph: the graph to run, the default graph where missing.
    """

    def __init__(self, target: str = "", graph: Graph | None = None, config: Any = None) -> None:
        if graph is not None and not isinstance(graph, Graph):
            raise TypeError(f"Argument `graph` must be a tf.Graph, but got \"{type(graph).__name__}\"")
        self._graph = graph if graph is not None else get_default_graph()
        self._closed = False
        self._timeout = getattr(config, "operation_timeout_in_ms", None)
        self._soft_placement = bool(getattr(config, "allow_soft_placement", False))
        self._cells: dict[int, Any] = {}
        self._resources: dict[Any, Any] = {}
        self._counters: Any = None
        self._plans: dict[Any, _Plan] = {}

    @property
    def graph(self) -> Graph:
        """The graph that this session runs."""
        return self._graph

    @property
    def graph_def(self) -> Any:
        """The graph as a GraphDef."""
        return self._graph.as_graph_def()

    def list_devices(self) -> list[Any]:
        """The logical devices, each with `name`, `device_type` and `memory_limit_bytes`."""
        return session_devices()

    @property
    def sess_str(self) -> str:
        """The target, which is empty: this process."""
        return ""

    def run(self, fetches: Any, feed_dict: Any = None, options: Any = None, run_metadata: Any = None) -> Any:
        """Runs what the fetches need, once.

        Args:
          fetches: a tensor, operation, variable, name, or nest of them.
          feed_dict: values to use in place of tensors.
          options: of its settings `timeout_in_ms` counts: how long to wait for queues.

        Returns:
          The nest with a NumPy value for each tensor, None for each operation.

        Raises:
          RuntimeError: the session is closed, or the graph is empty.
          ValueError: a fetch that is not in the graph, or a feed of the wrong shape.
          TypeError: something that is neither tensor nor operation.
          DeadlineExceededError: an operation waited too long for a queue.
          OpError: an operation failed; no variable changed.
        """
        self._check()
        feeds, values = self._feeds(feed_dict)
        plan = self._plan(fetches, feeds)
        timeout = getattr(options, "timeout_in_ms", None) or self._timeout
        if not timeout:
            return self._run_plan(plan, values)
        previous, ctx.deadline = ctx.deadline, time.monotonic() + timeout / 1000
        try:
            return self._run_plan(plan, values)
        finally:
            ctx.deadline = previous

    def _check(self) -> None:
        if self._closed:
            raise RuntimeError("Attempted to use a closed Session.")
        if not self._graph._nodes:
            raise RuntimeError("The Session graph is empty. Add operations to the graph before calling run().")

    def _plan(self, fetches: Any, feeds: Sequence[SymbolicTensor]) -> _Plan:
        key = (_key(fetches), tuple([id(t) for t in feeds]))
        plan = self._plans.get(key)
        if plan is None:
            plan = self._plans[key] = _Plan(self, fetches, feeds)
        return plan

    def _run_plan(self, plan: _Plan, values: Sequence[Any]) -> Any:
        if plan.missing is not None:
            raise _not_fed(plan.missing)
        executable = plan.executable
        program = executable.program
        cells = self._cells

        def keep(slot: int, value: Any) -> None:
            variable = program.variables[slot]
            if isinstance(variable, GraphVariable):
                cells[id(variable)] = value
            else:
                variable._tensor = wrap_value(value, variable._tensor._dtype)

        with executable.turn:
            state: list[Any] = []
            for variable in program.variables:
                value = cells.get(id(variable), _EMPTY) if isinstance(variable, GraphVariable) else \
                    held_value(variable._tensor)
                state.append(value)
            value = None  # nothing but the list and the variables holds the values
            if any(value is _EMPTY for value in state):
                self._check_initialized(program, state)
            if program.written:
                keep_shared(state, program.variables, program.written)
            outside, ctx.resources = ctx.resources, self._resources
            try:
                if program.random:
                    out, new = self._run_counting(executable, state, values, keep)
                else:
                    out, new = executable.run(state, values, keep)
                if len(program.written) > 1:
                    hold()
                for slot, value in zip(program.written, new, strict=True):
                    keep(slot, value)
            finally:
                ctx.resources = outside
                release()
            program.spares.take_back(state, program.written)
        return plan.collect(out)

    def _run_counting(self, executable: Executable, state: Sequence[Any], values: Sequence[Any], keep: Keep) -> Any:
        """A run in which random nodes go on from where they were in this session."""
        from ..ops.random_state import Counters, counting
        if self._counters is None:
            self._counters = Counters()
        with counting(self._counters):
            return executable.run(state, values, keep)

    def _check_initialized(self, program: Program, state: Sequence[Any]) -> None:
        """Raises for a variable that is read before anything gives it a value.

        Raises:
          FailedPreconditionError: naming the variable.
        """
        empty = {i for i, value in enumerate(state) if value is _EMPTY}
        for node in program.nodes:
            if node.type == "VarIsInitializedOp":
                continue
            for x in node.inputs:
                if x.op.type == "VarHandleOp" and program.slot_of(x) in empty:
                    if node.type != "AssignVariableOp":
                        error = uninitialized(x.op.variable)
                        raise errors.FailedPreconditionError(
                            None, node, f"Graph execution error:\n\n{error.message}\n\t [[{{{{node {node.name}}}}}]]")
                    empty.discard(program.slot_of(x))

    def _fetch(self, leaf: Any) -> Any:
        """A fetch as a tensor, operation or composite of this session's graph."""
        if isinstance(leaf, nest.CompositeTensor):
            return leaf
        if leaf is None:
            raise TypeError("Argument `fetch` = None has invalid type \"NoneType\". Cannot be None")
        try:
            return self._graph.as_graph_element(leaf)
        except TypeError as error:
            raise TypeError(f"Argument `fetch` = {leaf} has invalid type \"{type(leaf).__name__}\" must be a string or "
                            f"Tensor. ({error})") from None
        except (ValueError, KeyError) as error:
            raise ValueError(f"Argument `fetch` = {leaf} cannot be interpreted as a Tensor. "
                             f"({error.args[0] if isinstance(error, ValueError) else error})") from None

    def _feeds(self, feed_dict: Any) -> tuple[list[SymbolicTensor], list[Any]]:
        if not feed_dict:
            return [], []
        tensors: list[SymbolicTensor] = []
        values: list[Any] = []
        for key, value in feed_dict.items():
            if isinstance(key, SymbolicTensor) and key.op.graph is self._graph:
                tensors.append(key)
                values.append(feed_value(key, value))
                continue
            if isinstance(key, nest.CompositeTensor):
                parts = nest.flatten(key, expand_composites=True)
                more, arrays = self._feeds(dict(zip(parts, key._feed_values(value), strict=True)))
                tensors += more
                values += arrays
                continue
            if isinstance(key, (tuple, list)):
                more, arrays = self._feeds(dict(zip(key, value, strict=True)))
                tensors += more
                values += arrays
                continue
            try:
                tensor = self._graph.as_graph_element(key, allow_operation=False)
            except (KeyError, ValueError, TypeError) as error:
                text = error.args[0] if error.args else error
                raise TypeError(f"Cannot interpret feed_dict key as Tensor: {text}") from None
            tensors.append(tensor)
            values.append(feed_value(tensor, value))
        return tensors, values

    def make_callable(self, fetches: Any, feed_list: Sequence[Any] | None = None,
                      accept_options: bool = False) -> Callable[..., Any]:
        """A function of the fed values that runs the fetches: the same run again and again, prepared once."""
        self._check()
        given = list(feed_list or ())
        flat = nest.flatten(given, expand_composites=True)
        feeds = [self._graph.as_graph_element(t, allow_operation=False) for t in flat]
        plan = self._plan(fetches, feeds)

        def call(*args: Any, **_: Any) -> Any:
            if len(args) != len(given):
                raise TypeError(f"The callable takes {len(given)} values, one for each tensor of its feed_list; "
                                f"{len(args)} were given.")
            self._check()
            values = [v for key, arg in zip(given, args, strict=True)
                      for v in (key._feed_values(arg) if isinstance(key, nest.CompositeTensor) else [arg])]
            return self._run_plan(plan, [feed_value(t, v) for t, v in zip(feeds, values, strict=True)])
        return call

    def close(self) -> None:
        """Gives up the variables' values; the session cannot run any more. What waits for a queue fails."""
        self._closed = True
        for kept in list(self._resources.values()):
            if hasattr(kept, "stop"):
                kept.stop()
        self._cells = {}
        self._resources = {}
        self._plans = {}

    @contextmanager
    def as_default(self) -> Iterator[Any]:
        """Makes this the session of `Tensor.eval` and `Operation.run`."""
        previous, ctx.session = ctx.session, self
        try:
            yield self
        finally:
            ctx.session = previous


class Session(BaseSession):
    """A session; `with Session() as s:` makes it and its graph the default and closes it at the end."""

    def __enter__(self) -> Session:
        self._outer = (ctx.session, self._graph.as_default())
        ctx.session = self
        self._outer[1].__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        session, graph = self._outer
        graph.__exit__(*error)
        ctx.session = session
        self.close()


class InteractiveSession(BaseSession):
    """A session that is the default from its creation until it is closed."""

    def __init__(self, target: str = "", graph: Graph | None = None, config: Any = None) -> None:
        super().__init__(target, graph, config)
        self._previous = ctx.session
        ctx.session = self

    def close(self) -> None:
        super().close()
        if ctx.session is self:
            ctx.session = self._previous


_EMPTY: Any = None


def _key(fetches: Any) -> Any:
    """A dictionary key for a nest of fetches."""
    if isinstance(fetches, (list, tuple)):
        return (type(fetches), *[_key(f) for f in fetches])
    if isinstance(fetches, dict):
        return (type(fetches), *[(k, _key(f)) for k, f in fetches.items()])
    return fetches if isinstance(fetches, str) else id(fetches)


def feed_value(tensor: SymbolicTensor, value: Any) -> Any:
    """The array to feed for a tensor.

    Raises:
      TypeError: a tensor, or a value of the wrong kind.
      ValueError: another shape.
    """
    if isinstance(value, Tensor) and not isinstance(value, EagerTensor):
        raise TypeError("The value of a feed cannot be a tf.Tensor object. Acceptable feed values include Python scalars, "
                        f"strings, lists, numpy ndarrays, or TensorHandles. For reference, the tensor object was {value} "
                        f"which was passed to the argument `feed_dict` with key {tensor}.")
    dtype = tensor.dtype
    if type(value) is np.ndarray and value.dtype == dtype.np and value.dtype.kind != "O":
        array = value
    elif isinstance(value, EagerTensor):
        array = held_value(value)
    elif dtype.name == "string":
        array = to_array(value)
    else:
        array = np.asarray(value).astype(dtype.np, copy=False)
        if isinstance(value, int) and not isinstance(value, bool) and dtype.is_integer and int(array) != value:
            raise TypeError(f"Type of feed value {value} with type {type(value)} is not compatible with Tensor type "
                            f"{dtype.as_numpy_dtype}. Try explicitly setting the type of the feed tensor to a larger type "
                            "(e.g. int64).")
    dims = tensor._shape._dims
    if dims is not None and dims != array.shape and not tensor.shape.is_compatible_with(array.shape):
        raise ValueError(f"Cannot feed value of shape {array.shape} for Tensor {tensor.name}, which has shape "
                         f"{tensor.shape}")
    return array


def _not_fed(node: Operation) -> errors.InvalidArgumentError:
    dtype, shape = node.attrs["dtype"], node.attrs["shape"]
    from ..core.dtypes import type_name
    known = "" if shape.rank is None else f" and shape {shape_text(shape)}"
    return errors.InvalidArgumentError(
        None, node, f"Graph execution error:\n\nYou must feed a value for placeholder tensor '{node.name}' with dtype "
        f"{type_name(dtype)}{known}\n\t [[{{{{node {node.name}}}}}]]")
