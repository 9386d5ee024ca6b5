"""Bringing the objects of a program to what a checkpoint says of them."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..core import errors
from ..core.context import ctx
from ..formats.bundle import Array, Checkpoint
from ..formats.message import DecodeError
from .object_graph import OBJECT_GRAPH, TrackableObjectGraph, slots_of
from .trackable import Part, children, part_of, reachable, variable_name

WAITING = "_deferred_restorations"
"""The attribute of an object that waits for more of what a checkpoint has below it."""


class Waiting:
    """Asks an object for its children again when some are added to it."""

    def __init__(self, restoration: Restoration, owner: Any, node: int) -> None:
        self._restoration = restoration
        self._owner = owner
        self._node = node

    def __call__(self) -> None:
        self._restoration.bind(self._owner, self._node)

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        return _nothing

    def __reduce__(self) -> Any:
        return _nothing_function, ()


def _nothing() -> None:
    """A copy of an object does not wait."""


def _nothing_function() -> Any:
    return _nothing


class Restoration:
    """A checkpoint of objects, and which object of the program stands for which of its nodes.

    Args:
      reader: the files.
      attached: children of the root that it does not name itself.

    Raises:
      DataLossError: the graph of objects cannot be read.
    """

    def __init__(self, reader: Checkpoint, root: Any, attached: Mapping[str, Any]) -> None:
        self.reader = reader
        self.root = root
        self.attached = attached
        raw: Any = reader.tensor(OBJECT_GRAPH)[()]
        try:
            self.nodes = TrackableObjectGraph.FromString(raw).nodes
        except DecodeError as error:
            raise errors.DataLossError(None, None, f"The graph of objects in {reader.prefix} is damaged: {error}") from None
        self.objects: dict[int, Any] = {}
        self._node_of: dict[int, int] = {}
        self._waits: set[tuple[int, int]] = set()
        self.in_session: list[tuple[Part, list[Array]]] = []
        """What a session will hold, until somebody names the session."""

    def bind(self, root: Any, node: int) -> None:
        """Matches an object, and all that is below it and not matched yet; then gives these their values.

        Nothing is assigned before every value was read and fits.

        Raises:
          ValueError, InvalidArgumentError: a variable has another shape, another dtype.
          DataLossError: a value cannot be read.
        """
        fresh: list[tuple[Any, int]] = []
        objects, node_of = dict(self.objects), dict(self._node_of)
        queue: list[tuple[Any, int]] = [(root, node)]
        visited: set[int] = set()
        waiting: list[tuple[Any, int]] = []
        for at, number in queue:  # which grows meanwhile
            if number not in objects and id(at) not in node_of:
                objects[number] = at
                node_of[id(at)] = number
                fresh.append((at, number))
            if id(at) in visited:
                continue
            visited.add(id(at))
            below = children(at)
            if at is self.root:
                below = {**below, **self.attached}
            edges = {edge.local_name: edge.node_id for edge in self.nodes[number].children}
            queue += [(below[name], target) for name, target in edges.items() if name in below]
            if any(name not in below for name in edges) or self.nodes[number].slot_variables:
                waiting.append((at, number))
        fresh += self._slots(objects, node_of)
        values = [(part, arrays) for at, number in fresh for part, arrays in [self._values(at, number)] if part is not None]
        self.objects, self._node_of = objects, node_of
        for part, arrays in values:
            if part.in_session:
                self.in_session.append((part, arrays))
            else:
                with _outside_graphs():
                    part.assign(arrays)
        for at, number in waiting:
            self.wait(at, number)

    def _slots(self, objects: dict[int, Any], node_of: dict[int, int]) -> list[tuple[Any, int]]:
        """The variables that optimizers keep for variables, both of which are matched."""
        found = []
        for number, node in enumerate(self.nodes):
            if node.slot_variables and number in objects:
                held = {(id(variable), slot): kept for variable, slot, kept in slots_of(objects[number])}
                for edge in node.slot_variables:
                    variable = objects.get(edge.original_variable_node_id)
                    kept = held.get((id(variable), edge.slot_name))
                    if kept is not None and edge.slot_variable_node_id not in objects:
                        objects[edge.slot_variable_node_id] = kept
                        node_of[id(kept)] = edge.slot_variable_node_id
                        found.append((kept, edge.slot_variable_node_id))
        return found

    def _values(self, at: Any, number: int) -> tuple[Part | None, list[Array]]:
        part = part_of(at)
        attribute = next((a for a in self.nodes[number].attributes if part is not None and a.name == part.attribute), None)
        if part is None or attribute is None:
            return None, []
        names = [attribute.checkpoint_key + suffix for suffix in part.suffixes]
        arrays = [self.reader.tensor(name) for name in names]
        part.check(arrays, names)
        return part, arrays

    def wait(self, at: Any, number: int) -> None:
        """Lets an object ask again for what is below a node when it gets more children."""
        held = getattr(at, "__dict__", None)
        if held is not None and (id(at), number) not in self._waits:
            self._waits.add((id(at), number))
            held.setdefault(WAITING, []).append(Waiting(self, at, number))

    def unmatched(self) -> list[Any]:
        """The objects of the program with values of their own that the checkpoint says nothing of."""
        return [at for at, _, _ in reachable(self.root, self.attached)
                if part_of(at) is not None and not self._has_value(at)]

    def _has_value(self, at: Any) -> bool:
        number = self._node_of.get(id(at))
        return number is not None and bool(self.nodes[number].attributes)

    def path_of(self, number: int) -> str:
        """How the checkpoint reaches a node from its root."""
        names = {0: "(root)"}
        queue = [0]
        for at in queue:
            for edge in self.nodes[at].children:
                if edge.node_id not in names:
                    names[edge.node_id] = f"{names[at]}.{edge.local_name}"
                    queue.append(edge.node_id)
        return names.get(number, "(root)")


class _outside_graphs:
    """Assignments inside are made at once, also while a function is traced."""

    def __enter__(self) -> None:
        self._graph, ctx.graph = ctx.graph, None

    def __exit__(self, *_: object) -> None:
        ctx.graph = self._graph


def _shown(values: list[Any]) -> str:
    few = values[:10]
    more = ", ..." if len(values) > 10 else ""
    return f"Showing {len(few)} of {len(values)} unmatched objects: [{', '.join(map(str, few))}{more}]"


class InitializationOnlyStatus:
    """What restoring from nothing returns: there is nothing to restore."""

    def assert_consumed(self) -> Any:
        """Always fails.

        Raises:
          AssertionError: always.
        """
        raise AssertionError("No checkpoint specified (save_path=None); nothing is being restored.")

    assert_existing_objects_matched = assert_nontrivial_match = assert_consumed

    def expect_partial(self) -> Any:
        """Nothing to do."""
        return self

    def run_restore_ops(self, session: Any = None) -> None:
        """Always fails.

        Raises:
          AssertionError: always.
        """
        raise AssertionError("No checkpoint specified, so no restore ops are available (save_path=None to Saver.restore).")

    def initialize_or_restore(self, session: Any = None) -> None:
        """Runs the initializers of the variables of a graph."""
        _initialize(self._root, self._attached, session, set())

    def __init__(self, root: Any, attached: Mapping[str, Any]) -> None:
        self._root = root
        self._attached = attached


def _initialize(root: Any, attached: Mapping[str, Any], session: Any, but: set[int]) -> None:
    chosen = [at for at, _, _ in reachable(root, attached)
              if part_of(at) is not None and getattr(at, "initializer", None) is not None and id(at) not in but]
    if chosen:
        _session(session).run([variable.initializer for variable in chosen])


def _session(session: Any) -> Any:
    found = session if session is not None else ctx.session
    if found is None:
        raise ValueError("No session: pass one, or make one the default")
    return found


class CheckpointLoadStatus:
    """How much of a checkpoint and of a program found each other."""

    def __init__(self, restoration: Restoration) -> None:
        self._restoration = restoration

    def assert_consumed(self) -> CheckpointLoadStatus:
        """Checks that every value of the checkpoint has an object and every object a value.

        Raises:
          AssertionError: not so.
        """
        self.assert_existing_objects_matched()
        held = self._restoration
        for number, node in enumerate(held.nodes):
            if node.attributes and number not in held.objects:
                raise AssertionError(f"Unresolved object in checkpoint {held.path_of(number)}: {node}")
        return self

    def assert_existing_objects_matched(self) -> CheckpointLoadStatus:
        """Checks that every object of the program has a value in the checkpoint.

        Raises:
          AssertionError: not so.
        """
        unmatched = self._restoration.unmatched()
        if unmatched:
            raise AssertionError(f"Found {len(unmatched)} Python objects that were not bound to checkpointed values, likely "
                                 f"due to changes in the Python program. {_shown(unmatched)}")
        return self

    def assert_nontrivial_match(self) -> CheckpointLoadStatus:
        """Checks that anything but the root has a value in the checkpoint.

        Raises:
          AssertionError: not so.
        """
        held = self._restoration
        if not any(number for number in held.objects if number):
            raise AssertionError("Nothing except the root object matched a checkpointed value. Typically this means that the "
                                 "checkpoint does not match the Python program. The following objects have no matching "
                                 f"checkpointed value: [{', '.join(map(str, held.unmatched()))}]")
        return self

    def expect_partial(self) -> CheckpointLoadStatus:
        """Says that parts of the checkpoint may stay unused."""
        return self

    def run_restore_ops(self, session: Any = None) -> None:
        """Gives the variables of a graph their values in a session.

        Raises:
          ValueError: there is no session.
        """
        pending = self._restoration.in_session
        if pending:
            target = _session(session)
            for part, arrays in pending:
                part.assign(arrays, target)

    def initialize_or_restore(self, session: Any = None) -> None:
        """`run_restore_ops`, after it ran the initializers of the variables that the checkpoint does not have."""
        held = self._restoration
        _initialize(held.root, held.attached, session, {id(part.owner) for part, _ in held.in_session})
        self.run_restore_ops(session)


class NameBasedSaverStatus:
    """What restoring from a checkpoint by variable names returns: it has no graph of objects."""

    def __init__(self, reader: Checkpoint, root: Any, attached: Mapping[str, Any]) -> None:
        self._root = root
        self._attached = attached
        self._lacking: list[Any] = []
        values = []
        for at, _, _ in reachable(root, attached):
            part = part_of(at)
            if part is not None:
                name = variable_name(at) if len(part.suffixes) == 1 else ""
                if name not in reader.entries:
                    self._lacking.append(at)
                    continue
                arrays = [reader.tensor(name)]
                part.check(arrays, [name])
                values.append((part, arrays))
        self._in_session = [(part, arrays) for part, arrays in values if part.in_session]
        for part, arrays in values:
            if not part.in_session:
                part.assign(arrays)

    def assert_consumed(self) -> NameBasedSaverStatus:
        """Checks that every object has a value in the checkpoint.

        Raises:
          AssertionError: not so.
        """
        if self._lacking:
            told = "".join(f"\n    {at}: {[variable_name(at)]}" for at in self._lacking)
            raise AssertionError(f"Some objects had attributes which were not restored: {told}")
        return self

    assert_existing_objects_matched = assert_nontrivial_match = assert_consumed

    def expect_partial(self) -> NameBasedSaverStatus:
        """Says that parts may stay without a value."""
        return self

    def run_restore_ops(self, session: Any = None) -> None:
        """Gives the variables of a graph their values in a session."""
        for part, arrays in self._in_session:
            part.assign(arrays, _session(session))

    def initialize_or_restore(self, session: Any = None) -> None:
        """`run_restore_ops`, after it ran the initializers of the other variables."""
        _initialize(self._root, self._attached, session, {id(part.owner) for part, _ in self._in_session})
        self.run_restore_ops(session)
