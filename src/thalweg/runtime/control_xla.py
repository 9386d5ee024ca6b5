"""Branches and loops inside compiled programs, on the primitives of JAX."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ..core import dtypes
from ..ops.list_values import DeviceList, ListError, on_device, register
from ..ops.requirements import collecting, inner, require_all
from .blocks import Block
from .streams import Drawn
from .trips import known_trips
from .xla import NotCompilable

_CHANGES = "the shape of a loop variable changes"


def _traced(value: Any) -> bool:
    return isinstance(value, jax.core.Tracer)


def _typed(value: Any, t: Any) -> Any:
    """A value as an array of its tensor's dtype, so that all branches and iterations agree."""
    if t.dtype is dtypes.variant:
        return _list(value)
    return jnp.asarray(value, t.dtype.np)


def _list(value: Any) -> Any:
    try:
        return on_device(value, jnp)
    except ListError as error:
        raise NotCompilable("TensorList", str(error)) from error


def _state(value: Any, variable: Any) -> Any:
    return jnp.asarray(value, variable.dtype.np)


def _constant(value: Any) -> bool:
    """Whether a value is known while the program is traced, and small enough to be built in again and again."""
    return isinstance(value, np.ndarray) and value.size <= 64 and value.dtype != object


class _Once:
    """A function without arguments, traced once, so that what it returns can be looked at before it runs."""

    def __init__(self, function: Callable[[], Any]) -> None:
        self._closed, self.shapes = jax.make_jaxpr(function, return_shape=True)()
        self._tree = jax.tree_util.tree_structure(self.shapes)

    def __call__(self) -> Any:
        flat = jax.core.eval_jaxpr(self._closed.jaxpr, self._closed.consts)
        return jax.tree_util.tree_unflatten(self._tree, flat)


def _signature(shapes: Any) -> Any:
    leaves, tree = jax.tree_util.tree_flatten(shapes)
    return tree, [(s.shape, s.dtype) for s in leaves]


def branch(xp: Any, blocks: Sequence[Block], attrs: dict[str, Any], selector: Any, inputs: Sequence[Any],
           number: Callable[[Any], Any]) -> tuple[Any, ...]:
    """A choice between blocks."""
    from .branch_nodes import run_branch
    register()
    if not _traced(selector):
        return run_branch(attrs, int(number(np.asarray(selector))), inputs, xp)
    count = len(blocks[0].written) + attrs["results"]
    known: list[dict[int, Any]] = [{} for _ in blocks]
    drawn = Drawn()
    before = drawn.get()
    runs = [_Once(_branch(block, count, inputs, known[b], drawn, before)) for b, block in enumerate(blocks)]
    first = _signature(runs[0].shapes[0])
    drawn.set(before)
    if any(_signature(r.shapes[0]) != first for r in runs[1:]):
        raise NotCompilable("If", "the shapes of the branches' results differ")
    shapes = [r.shapes[1] for r in runs]

    checked = any(r.shapes[2] for r in runs)

    def chosen(b: int) -> Callable[[], Any]:
        def run() -> Any:
            (results, after), own, flag = runs[b]()
            return (results, after), [own if c == b else _zeros(shapes[c]) for c in range(len(blocks))], \
                flag or ((jnp.asarray(True),) if checked else ())
        return run
    (results, after), within, flag = jax.lax.switch(number(selector), [chosen(b) for b in range(len(blocks))])
    drawn.set(after)
    require_all(flag)
    queues = [iter(values) for values in within]
    places = [0] * len(blocks)
    extra = []
    for owner in attrs["owners"]:
        place = places[owner]
        places[owner] += 1
        extra.append(known[owner][place] if place in known[owner] else next(queues[owner]))
    return (*results, *extra)


def _branch(block: Block, count: int, inputs: Sequence[Any], known: dict[int, Any], drawn: Drawn,
            before: Sequence[Any]) -> Callable[[], Any]:
    """Runs a branch: its results and how far it has drawn, then the inner values that are not known while tracing, then
    whether what it requires holds, if it requires anything.

    Those inner values that are known go into `known`.
    """
    tensors = block.outputs[count - len(block.written):]

    def run() -> Any:
        drawn.set(before)
        conditions = inner()
        with collecting(conditions):
            out = block.code(True).run(jnp, *inputs)
        new = len(block.written)
        results = [_state(v, block.variables[i]) for v, i in zip(out, block.written, strict=False)]
        results += [_typed(v, t) for v, t in zip(out[new:count], block.outputs, strict=False)]
        own = []
        for k, (value, t) in enumerate(zip(out[count:], tensors, strict=True)):
            if _constant(value):
                known[k] = value
            else:
                own.append(_typed(value, t))
        return (results, drawn.get()), own, conditions.flag() if conditions is not None else ()
    return run


def _zeros(shapes: Any) -> Any:
    return jax.tree_util.tree_map(lambda s: jnp.zeros(s.shape, s.dtype), shapes)


# Loops.


def _index(rows: Any, index: Any) -> Any:
    """One row. A row that is the same for all iterations, and known, stays known."""
    if isinstance(rows, np.ndarray) and rows.strides and rows.strides[0] == 0 and len(rows):
        return rows[0, ...]
    if not _length(rows):
        return jax.tree_util.tree_map(lambda r: jnp.zeros(r.shape[1:], r.dtype), rows)
    return jax.tree_util.tree_map(lambda r: r[index], rows)


def _length(rows: Any) -> int:
    leaves = jax.tree_util.tree_leaves(rows)
    return int(leaves[0].shape[0])


def _and(holds: Any, flags: Sequence[Any]) -> Any:
    return holds & flags[0] if flags else holds


class _Loop:
    """A loop that is being compiled.

    Its state is a list: the values of variables that it writes, whether what it required so far holds, if it requires
    anything, and how far random nodes have drawn. It ends where a requirement is not met.

    Args:
      inputs: the loop variables, arrays of rows, captured values and values of variables.
      attrs: the node's attributes.
      cond: the condition, or None.
      count: the number of iterations of a loop without a condition.
    """

    def __init__(self, inputs: Sequence[Any], attrs: dict[str, Any], cond: Block | None, count: Any, reverse: bool) -> None:
        register()
        self.body: Block = attrs["body"]
        self.cond = cond
        n, m = attrs["carried"], attrs.get("fed", 0)
        self.n = n
        self.start = [_typed(v, t) for v, t in zip(inputs[:n], self.body.inputs, strict=False)]
        self.rows = [_list(v) for v in inputs[n:n + m]]
        self.rest = [_list(v) for v in inputs[n + m:]]
        offset = len(self.rest) - len(self.body.variables)
        self.places = [offset + i for i in self.body.written]
        self.drawn = Drawn()
        self.checked = 0
        """How many of the state's elements say whether what it required holds: 1, or 0 if it requires nothing."""
        self.requiring: set[int] = set()
        """The blocks that require something, by id."""
        self.tests = cond is not None and bool(cond.effects)
        """Whether a run of the condition changes the state."""
        self.reverse = reverse
        self.known: dict[int, Any] = {}
        self.count: Any = count
        self.bound: Any = None
        if count is None:
            self.count, self.bound = known_trips(cond, self.body, n, inputs)
        if self.count is not None and not _traced(self.count):
            self.count = int(self.count)
            self.bound = self.count
        elif self.rows:
            self.bound = _length(self.rows[0])

    def _values(self, states: Sequence[Any]) -> list[Any]:
        """What follows the loop variables, with the present values of variables. Random nodes go on from `states`."""
        count = len(self.places)
        rest = list(self.rest)
        for place, value in zip(self.places, states[:count], strict=True):
            rest[place] = value
        self.drawn.set(states[count + self.checked:])
        return rest

    def _run(self, block: Block, first: Sequence[Any], states: Sequence[Any]) -> tuple[list[Any], Sequence[Any]]:
        """Runs a block on what comes first and the rest of its inputs: the state after it, and its outputs.

        The first trace of the body has no place for requirements yet; it returns one element more than it was given.
        """
        new = len(self.places)
        conditions = inner()
        with collecting(conditions):
            for flag in states[new:new + self.checked]:
                require_all((flag,))
            out = block.code(True).run(jnp, *first, *self._values(states))
        after = [_state(v, block.variables[i]) for v, i in zip(out, block.written, strict=False)]
        if conditions is None:
            return [*after, *self.drawn.get()], out[new:]
        if len(conditions) > self.checked:
            self.requiring.add(id(block))
        return [*after, *conditions.flag(), *self.drawn.get()], out[new:]

    def _met(self, states: Sequence[Any]) -> tuple[Any, ...]:
        """Whether what the loop required so far holds, if it requires anything."""
        new = len(self.places)
        return tuple(states[new:new + self.checked])

    def test(self, carry: Sequence[Any], states: Sequence[Any]) -> tuple[Any, list[Any]]:
        """The condition, and the state after it: the values of variables, and how far random nodes have drawn."""
        assert self.cond is not None
        states, out = self._run(self.cond, carry, states)
        return _and(jnp.asarray(out[0]), self._met(states)), states

    def step(self, i: Any, carry: Sequence[Any], states: Sequence[Any]) -> tuple[list[Any], list[Any], list[Any]]:
        """One iteration: loop variables, state as in `test`, and the rows that it makes."""
        index = self.count - 1 - i if self.reverse else i
        rows = [_index(r, index) for r in self.rows]
        states, out = self._run(self.body, [*carry, *rows], states)
        after = [_typed(v, t) for v, t in zip(out[:self.n], self.body.inputs, strict=False)]
        made = []
        for k, (value, t) in enumerate(zip(out[self.n:], self.body.outputs[self.n:], strict=True)):
            if _constant(value):
                self.known[k] = value
            else:
                made.append(_typed(value, t))
        return after, states, made

    def traced(self) -> Any:
        """The body, traced once, with the loop variables as they come out of it where lists had no elements before."""
        states = [_state(self.rest[p], self.body.variables[i]) for p, i in zip(self.places, self.body.written, strict=True)]
        states += self.drawn.get()
        for _ in range(6):
            closed, shapes = jax.make_jaxpr(self.step, return_shape=True)(np.int32(0), self.start, states)
            if len(shapes[1]) > len(states):
                self._check(states)
                continue
            before = [_signature(jax.eval_shape(lambda v=v: v)) for v in self.start]
            changed = [i for i, s in enumerate(shapes[0]) if _signature(s) != before[i]]
            if not changed and not self._asks(states):
                return closed, shapes, states
            for i in changed:
                value = self.start[i]
                if not isinstance(value, DeviceList) or value.buffer is not None:
                    raise NotCompilable("While", _CHANGES)
                self.start[i] = _zeros(shapes[0][i]) if value.length is None else \
                    value.with_buffer(_zeros(shapes[0][i].buffer))
        raise NotCompilable("While", _CHANGES)

    def _check(self, states: list[Any]) -> None:
        """Makes room in the state for whether what the loop requires holds."""
        states.insert(len(self.places), jnp.asarray(True))
        self.checked = 1

    def _asks(self, states: list[Any]) -> bool:
        """Finds out whether the condition requires something of its values; whether the body is to be traced anew for it."""
        if self.count is not None or self.cond is None or inner() is None:
            return False
        jax.eval_shape(self.test, self.start, states)
        if id(self.cond) not in self.requiring:
            return False
        self.tests = True
        if self.checked:
            return False
        self._check(states)
        return True

    def run(self) -> tuple[list[Any], list[Any], Any, Any]:
        """New values of variables, loop variables, the number of iterations, rows."""
        closed, shapes, states = self.traced()
        tree = jax.tree_util.tree_structure(shapes)
        made = shapes[2]
        if (made or self.known) and self.bound is None:
            raise NotCompilable("While", "the number of iterations, which its gradient needs, is not known")
        buffers = [jax.tree_util.tree_map(lambda s: jnp.zeros((self.bound, *s.shape), s.dtype), s) for s in made]
        if self.bound == 0:
            return self._results(states, self.start, np.array(0, np.int32), buffers)

        def body(state: Any) -> Any:
            i, carry, states, buffers = state
            flat = jax.tree_util.tree_leaves((i, carry, states))
            out = jax.core.eval_jaxpr(closed.jaxpr, closed.consts, *flat)
            after, states, rows = jax.tree_util.tree_unflatten(tree, out)
            index = self.count - 1 - i if self.reverse else i
            buffers = [jax.tree_util.tree_map(lambda b, r: b.at[index].set(r), b, r)
                       for b, r in zip(buffers, rows, strict=True)]
            return i + np.int32(1), after, states, buffers

        state = (jnp.asarray(0, jnp.int32), self.start, states, buffers)
        if self.count is not None:
            i, carry, states, buffers = jax.lax.while_loop(lambda s: _and(s[0] < self.count, self._met(s[2])), body, state)
            trips = np.array(self.count, np.int32) if isinstance(self.count, int) else self.count
        elif self.tests:
            i, carry, states, buffers = self._with_effects(body, state)
            trips = i
        else:
            i, carry, states, buffers = jax.lax.while_loop(lambda s: self.test(s[1], s[2])[0], body, state)
            trips = i
        return self._results(states, carry, trips, buffers)

    def _results(self, states: Any, carry: Any, trips: Any, buffers: Sequence[Any]) -> tuple[list[Any], list[Any], Any, Any]:
        queue = iter(buffers)
        rows = []
        for k in range(len(self.body.outputs) - self.n):
            if k in self.known:
                rows.append(np.broadcast_to(self.known[k], (self.bound, *self.known[k].shape)))
            else:
                rows.append(next(queue))
        count = len(self.places)
        require_all(self._met(states))
        self.drawn.set(states[count + self.checked:])
        return states[:count], carry, trips, rows

    def _with_effects(self, body: Callable[[Any], Any], state: Any) -> Any:
        """A loop whose condition gives variables new values or requires something: those of the last test count as well."""
        i, carry, states, buffers = state
        holds, states = self.test(carry, states)

        def step(state: Any) -> Any:
            i, carry, states, buffers = body(state[1])
            holds, states = self.test(carry, states)
            return holds, (i, carry, states, buffers)
        return jax.lax.while_loop(lambda s: s[0], step, (holds, (i, carry, states, buffers)))[1]


def loop(xp: Any, inputs: Sequence[Any], attrs: dict[str, Any], cond: Block | None, count: Any,
         reverse: bool) -> tuple[Any, ...]:
    """A loop: new values of variables, loop variables, the number of iterations where `counted`, rows."""
    states, carry, trips, rows = _Loop(inputs, attrs, cond, count, reverse).run()
    return (*states, *carry, *((trips,) if attrs["counted"] else ()), *rows)

