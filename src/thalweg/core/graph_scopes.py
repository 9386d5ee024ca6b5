"""What the open scopes of a graph say of the nodes made inside: names, order, devices, gradients."""
from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from .device_spec import DeviceSpec, merged
from .symbol import Operation
from .tensor import EagerTensor

_SCOPE = re.compile(r"^[A-Za-z0-9.][A-Za-z0-9_.\\/>-]*$")
_INNER_SCOPE = re.compile(r"^[A-Za-z0-9_.\\/>-]*$")


class Scopes:
    """The scopes that are open in a graph, and the names it has given."""

    def __init__(self) -> None:
        self._used_names: dict[str, int] = {}
        self._scope = ""
        self._control: tuple[Operation, ...] = ()
        self._device: str = ""
        self._device_scopes: list[Any] = []
        """What the open device scopes ask for: names, functions of a node, None where one starts anew."""
        self._gradient_overrides: dict[str, str] = {}

    def unique_name(self, name: str, mark_as_used: bool = True) -> str:
        """The name in the present scope, with `_1`, `_2`, ... where it is taken. Case does not tell names apart.

        Raises:
          ValueError: characters that a name may not have.
        """
        if not (_INNER_SCOPE if self._scope else _SCOPE).match(name):
            raise ValueError(f"'{self._scope}{name}' is not a valid root scope name. A root scope name has to match the "
                             f"following pattern: {_SCOPE.pattern}")
        full = self._scope + name
        key = full.lower()
        count = self._used_names.get(key, 0)
        if mark_as_used:
            self._used_names[key] = count + 1
        if not count:
            return full
        while True:
            candidate = f"{full}_{count}"
            if candidate.lower() not in self._used_names:
                break
            count += 1
        if mark_as_used:
            self._used_names[key] = count + 1
            self._used_names[candidate.lower()] = 1
        return candidate

    @contextmanager
    def name_scope(self, name: str | None) -> Iterator[str]:
        """Puts `name/` before the names of the nodes made inside; a name that ends with `/` is taken as it is."""
        previous = self._scope
        if not name:
            self._scope = ""
        elif name.endswith("/"):
            self._scope = name
        else:
            self._scope = self.unique_name(name) + "/"
        try:
            yield self._scope
        finally:
            self._scope = previous

    def get_name_scope(self) -> str:
        """The present scope, without its trailing slash."""
        return self._scope.rstrip("/")

    @contextmanager
    def control_dependencies(self, control_inputs: Sequence[Any] | None) -> Iterator[None]:
        """Nodes made inside run after the given operations or tensors; None lifts the dependencies outside."""
        previous = self._control
        if control_inputs is None:
            self._control = ()
        else:
            found = []
            for item in control_inputs:
                node = item if isinstance(item, Operation) else getattr(item, "op", None)
                if isinstance(item, EagerTensor) or node is None:
                    continue
                found.append(node)
            self._control = previous + tuple(n for n in found if n not in previous)
        try:
            yield
        finally:
            self._control = previous

    @contextmanager
    def device(self, device_name_or_function: Any) -> Iterator[None]:
        """Asks for a device for the nodes made inside.

        Args:
          device_name_or_function: a name or `DeviceSpec`, which fills in what scopes inside leave open; a function that
            is given each node and returns the name; or None, which forgets the scopes outside.

        Raises:
          ValueError: no device name.
        """
        asked = device_name_or_function
        if isinstance(asked, DeviceSpec):
            asked = asked.to_string()
        previous = self._device
        if asked is None:
            self._device = ""
        elif not callable(asked):
            self._device = merged(previous, asked)
        self._device_scopes.append(asked)
        try:
            yield
        finally:
            self._device_scopes.pop()
            self._device = previous

    @property
    def _device_functions(self) -> bool:
        return bool(self._device_scopes) and any(map(callable, self._device_scopes))

    def _place(self, node: Operation) -> None:
        """Asks the functions of the open device scopes, from the inside out."""
        node.device = ""
        for scope in reversed(self._device_scopes):
            if scope is None:
                return
            node.device = str(scope(node) or "") if callable(scope) else merged(scope, node.device)

    @contextmanager
    def colocate_with(self, op: Any, ignore_existing: bool = False) -> Iterator[None]:
        """Asks for the device of another operation."""
        target = op if isinstance(op, Operation) else getattr(op, "op", None)
        if target is None:
            yield
            return
        with self.device(None), self.device(target.device):
            yield

    @contextmanager
    def gradient_override_map(self, op_type_map: dict[str, str]) -> Iterator[None]:
        """Nodes made inside take the gradient registered under another name."""
        previous = dict(self._gradient_overrides)
        self._gradient_overrides.update(op_type_map)
        try:
            yield
        finally:
            self._gradient_overrides = previous
