"""The entry of an operation: signature, shape rule, kernel and gradient, registered under TensorFlow's op type."""
from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from . import dtypes, errors

Kernel = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Arg:
    """One input or output argument: `x: T`, `values: N * T`, `axis: Tidx static`."""

    name: str
    type: str
    """The name of a type attribute, or of a fixed type."""
    number: str | None = None
    """The attribute that counts the tensors of this argument, if it is a list."""
    static: bool = False
    """A compile-time quantity: kernels get a Python value or a NumPy array, never a tracer."""
    listed: bool = False
    """Whether it stands for several tensors: of one dtype, or of a dtype each."""


@dataclass(frozen=True, slots=True)
class Attr:
    """One attribute: `transpose_a: bool = false`, `T: {half, float}`."""

    name: str
    type: str
    allowed: tuple[str, ...] = ()
    default: str | None = None
    """The default as the signature writes it."""

    @property
    def default_value(self) -> Any:
        """The default as a Python value, None where there is none."""
        text = self.default
        if text is None:
            return None
        if self.type == "bool":
            return text == "true"
        if self.type == "int":
            return int(text)
        if self.type == "float":
            return float(text)
        if self.type == "type":
            return dtypes.as_dtype(text)
        if self.type == "string":
            return text.strip("'\"")
        if self.type.startswith("list"):
            body = text.strip("[]").strip()
            return [int(v) if v.strip().lstrip("-").isdigit() else v.strip() for v in body.split(",")] if body else []
        return text


@dataclass(frozen=True, slots=True)
class Signature:
    inputs: tuple[Arg, ...]
    outputs: tuple[Arg, ...]
    attrs: tuple[Attr, ...]

    def attr(self, name: str) -> Attr | None:
        return next((a for a in self.attrs if a.name == name), None)

    @property
    def gives_list(self) -> bool:
        """Whether the outputs are a list, so that a kernel returns a tuple even for a single one."""
        return bool(self.outputs) and self.outputs[0].listed


def _parse_arg(text: str, several: set[str]) -> Arg:
    name, _, kind = text.partition(":")
    words = kind.split()
    static = "static" in words
    words = [w for w in words if w != "static"]
    if "*" in words:
        return Arg(name.strip(), words[2], words[0], static, True)
    return Arg(name.strip(), words[0], None, static, words[0] in several)


def _parse_attr(text: str) -> Attr:
    name, _, rest = text.partition(":")
    kind, _, default = rest.partition("=")
    kind = kind.strip()
    allowed: tuple[str, ...] = ()
    if kind.startswith("{"):
        allowed = tuple(word.strip() for word in kind.strip("{}").split(","))
        kind = "string" if allowed[0].startswith(("'", '"')) else "type"
    return Attr(name.strip(), kind, allowed, default.strip() or None)


def _split(text: str, separator: str) -> list[str]:
    return [part for part in (p.strip() for p in text.split(separator)) if part]


class OpDef:
    """One operation. Created by `op`; found again by `get_op(type)`.

    The signature is text in TensorFlow's terms and is parsed when somebody asks for `signature`.
    """

    __slots__ = ("_attr_text", "_signature", "_signature_text", "blocks", "differentiable", "dynamic", "explain", "host",
                 "in_place", "infer", "joint", "kernel", "known", "removed", "stateful", "then", "traced_kernel", "trim",
                 "type", "vjps", "xla_kernel")

    def __init__(self, type: str, signature: str, attrs: str, kernel: Kernel, infer: Callable[..., Any] | None,
                 explain: Callable[..., Any] | None, stateful: bool, host: bool, dynamic: bool) -> None:
        self.type = type
        self.kernel = kernel
        self.xla_kernel: Kernel | None = None
        self.traced_kernel: Kernel | None = None
        self.in_place: Kernel | None = None
        self.removed: tuple[int, str] | None = None
        """The version of graphs that no longer has it, and what to use instead."""
        self.then: Callable[..., Any] | None = None
        """For ops that read a variable and also give it a new value: `then(variable, *inputs)` does so, after the kernel."""
        self.infer = infer
        self.explain = explain
        self.stateful = stateful
        self.host = host
        self.dynamic = dynamic
        self.differentiable = True
        self.blocks: Callable[[dict[str, Any]], Sequence[Any]] | None = None
        """For control flow: the graphs (`runtime.blocks.Block`) among a node's attributes."""
        self.trim: Callable[[Any, set[int]], tuple[dict[str, Any], list[Any]]] | None = None
        """For control flow: the attributes and outputs of a node without the outputs that nobody uses, given the ids of
        those in use."""
        self.vjps: dict[int, Callable[..., Any]] = {}
        self.joint: Callable[..., Any] | None = None
        self.known: set[tuple[Any, ...]] = set()
        self._signature_text = signature
        self._attr_text = attrs
        self._signature: Signature | None = None

    @property
    def signature(self) -> Signature:
        if self._signature is None:
            left, _, right = self._signature_text.partition("->")
            attrs = tuple(_parse_attr(a) for a in _split(self._attr_text, ";"))
            several = {a.name for a in attrs if a.type == "list(type)"}
            self._signature = Signature(tuple(_parse_arg(a, several) for a in _split(left, ",")),
                                        tuple(_parse_arg(a, several) for a in _split(right, ",")), attrs)
        return self._signature

    def vjp(self, *indices: int) -> Callable[[Kernel], Kernel]:
        """Registers `f(op, *output_gradients)` as the gradient for these inputs."""
        def register(f: Kernel) -> Kernel:
            for index in indices:
                self.vjps[index] = f
            return f
        return register

    def gradient(self, f: Kernel) -> Kernel:
        """Registers `f(op, *output_gradients)` as the gradient for all inputs: one tensor or None an input."""
        self.joint = f
        return f

    def xla(self, f: Kernel) -> Kernel:
        """Registers another formulation of the kernel, used when the op is compiled."""
        self.xla_kernel = f
        return f

    def traced(self, f: Kernel) -> Kernel:
        """Registers the kernel for a compiled program that does not know the static inputs before it runs."""
        self.traced_kernel = f
        return f

    def writes(self, f: Kernel) -> Kernel:
        """Registers the in-place form of an update of variables: `f(*values, *inputs, **attrs)` writes into values.

        It checks its inputs before it writes, so that a failed update leaves the variables as they were.
        """
        self.in_place = f
        return f

    def not_differentiable(self) -> OpDef:
        """No gradient flows through this op: it is None, without an error."""
        self.differentiable = False
        return self

    def gone(self, version: int) -> str:
        """Why graphs of this version cannot have it, or nothing."""
        if self.removed is None or version < self.removed[0]:
            return ""
        return (f"Op {self.type} is not available in GraphDef version {version}. It has been removed in version "
                f"{self.removed[0]}. {self.removed[1]}.")

    @property
    def writes_state(self) -> bool:
        """Whether this op gives variables new values: its first inputs are resources and its kernel returns values."""
        inputs = self.signature.inputs
        return bool(inputs) and inputs[0].type == "resource" and not self.signature.outputs and not self.host

    @property
    def reads_state(self) -> bool:
        """Whether the kernel takes the value of a variable where the signature says resource."""
        inputs = self.signature.inputs
        return bool(inputs) and inputs[0].type == "resource" and (not self.host or self.then is not None)

    def sizes(self, count: int, attrs: dict[str, Any]) -> list[int]:
        """How many of `count` flat inputs each input argument takes.

        Lists are as long as the attributes say; those that no attribute tells of share the rest.
        """
        found: list[int | None] = []
        for a in self.signature.inputs:
            known = attrs.get(a.number) if a.number else attrs.get(a.type)
            found.append(1 if not a.listed else None if known is None else known if a.number else len(known))
        left = count - sum(n for n in found if n is not None)
        return [left // found.count(None) if n is None else n for n in found]

    @property
    def has_static(self) -> bool:
        """Whether some input is static."""
        return "static" in self._signature_text

    def static_inputs(self, count: int) -> set[int]:
        """The flat positions of the static inputs among `count` inputs."""
        listed = [a for a in self.signature.inputs if a.number]
        spread = count - (len(self.signature.inputs) - len(listed))
        found: set[int] = set()
        position = 0
        for arg in self.signature.inputs:
            size = spread // len(listed) if arg.number else 1
            if arg.static:
                found.update(range(position, position + size))
            position += size
        return found

    def check(self, inputs: Sequence[dtypes.DType | None], name: str | None) -> None:
        """Checks the dtypes of the flat inputs against the signature; None stands for a static Python value.

        Raises:
          InvalidArgumentError: as TensorFlow's eager runtime, for a type outside an attribute's list or for two
            inputs of one type attribute that differ.
        """
        bound: dict[str, dtypes.DType] = {}
        position = 0
        listed = [a for a in self.signature.inputs if a.number]
        spread = len(inputs) - (len(self.signature.inputs) - len(listed))
        if len({a.number or a.name for a in self.signature.inputs if a.listed}) > 1:
            return  # nothing here tells where one list ends and the next begins; the kernel knows
        for arg in self.signature.inputs:
            count = spread // len(listed) if arg.number else 1
            for dtype in inputs[position:position + count]:
                if dtype is not None:
                    self._bind(bound, arg, dtype, position, name)
                position += 1

    def _bind(self, bound: dict[str, dtypes.DType], arg: Arg, dtype: dtypes.DType, position: int,
              name: str | None) -> None:
        attr = self.signature.attr(arg.type)
        expected = bound.get(arg.type) if attr is not None else dtypes.as_dtype(arg.type)
        if attr is not None and attr.type != "type" or expected is dtypes.resource and self.reads_state:
            return
        if expected is not None and dtype != expected:
            raise errors.InvalidArgumentError(
                f"cannot compute {self.type} as input #{position}(zero-based) was expected to be a "
                f"{dtypes.type_name(expected)} tensor but is a {dtypes.type_name(dtype)} tensor "
                f"[Op:{self.type}]{_tail(name)}")
        if attr is None:
            return
        bound[arg.type] = dtype
        type_name = dtypes.type_name(dtype)
        if attr.allowed and type_name not in attr.allowed:
            raise errors.InvalidArgumentError(
                f"Value for attr '{attr.name}' of {type_name} is not in the list of allowed values: "
                f"{', '.join(attr.allowed)}\n\t; NodeDef: {{{{node {self.type}}}}}; {self.describe()} "
                f"[Op:{self.type}]{_tail(name)}")

    def describe(self) -> str:
        """The signature in TensorFlow's one-line form, `Op<name=...; signature=...; attr=...>`."""
        def args(items: tuple[Arg, ...]) -> str:
            return ", ".join(f"{a.name}:{a.number}*{a.type}" if a.number else f"{a.name}:{a.type}" for a in items)

        def attr(a: Attr) -> str:
            text = f"attr={a.name}:{a.type}"
            if a.default is not None:
                text += f",default={'DT_' + a.default.upper() if a.type == 'type' else a.default}"
            if a.allowed:
                text += ",allowed=[" + ", ".join(f"DT_{t.upper()}" if a.type == "type" else t for t in a.allowed) + "]"
            return text
        sig = self.signature
        parts = [f"name={self.type}", f"signature={args(sig.inputs)} -> {args(sig.outputs)}"]
        parts += [attr(a) for a in sig.attrs]
        if self.stateful:
            parts.append("is_stateful=true")
        return f"Op<{'; '.join(parts)}>"

    def __repr__(self) -> str:
        return f"<OpDef {self.type}>"


def _tail(name: str | None) -> str:
    """The end of a message; nothing for the name that stands for none, see `dispatch.LISTED`."""
    return "" if name == "" else f" name: {name or ''}"


_REGISTRY: dict[str, OpDef] = {}

FAMILIES: list[str] = []
"""Modules with entries that are loaded when an op type is asked for that no loaded module has."""


def op(type: str, signature: str, *, attrs: str = "", infer: Callable[..., Any] | None = None,
       explain: Callable[..., Any] | None = None, stateful: bool = False, host: bool = False,
       dynamic: bool = False) -> Callable[[Kernel], OpDef]:
    """Registers a kernel `f(xp, *arrays, **attrs)` as the entry of op `type`.

    Args:
      type: TensorFlow's op type.
      signature: `"a: T, perm: Tperm static -> y: T"`; `"values: N * T"` is a list of tensors.
      attrs: `"transpose_a: bool = false; T: {half, float}"`, in TensorFlow's order of types.
      infer: the shape rule for graphs, `f(op)`.
      explain: called as `f(*arrays, **attrs)` when the kernel raised an error of NumPy's; raises TensorFlow's.
      stateful: runs have effects or draw on state, so a graph neither folds nor merges nor drops them.
      host: runs on Python objects and is never compiled.
      dynamic: the shape of the result depends on values, so it cannot be compiled.
    """
    def register(kernel: Kernel) -> OpDef:
        if type in _REGISTRY:
            raise ValueError(f"op type {type} is registered twice")
        entry = OpDef(type, signature, attrs, kernel, infer, explain, stateful, host, dynamic)
        _REGISTRY[type] = entry
        return entry
    return register


def get_op(type: str) -> OpDef:
    """The entry of an op type; loads the remaining op families if none of the loaded ones has it.

    Raises:
      NotFoundError: nobody registers that type.
    """
    entry = _REGISTRY.get(type)
    families = iter(FAMILIES)
    while entry is None and (module := next(families, None)) is not None:
        importlib.import_module(module)
        entry = _REGISTRY.get(type)
    if entry is None:
        raise errors.NotFoundError(f"Op type not registered '{type}'")
    return entry


def load_families() -> None:
    """Imports every module that registers entries."""
    for module in FAMILIES:
        importlib.import_module(module)


def all_ops() -> dict[str, OpDef]:
    """Every entry by op type, with all families loaded."""
    load_families()
    return dict(_REGISTRY)
