"""Placement: which device an operation, a variable or a program is for, and eager operations away from the host."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from types import TracebackType
from typing import Any, NamedTuple

import numpy as np

from ..core import errors
from ..core.context import accelerators, ctx
from ..core.device_spec import DeviceSpec, merged
from ..core.dispatch import _QUIET, _reset_quiet, _set_quiet, check, fail, record, wrap
from ..core.dtypes import DType
from ..core.opdef import OpDef
from ..core.symbol import Operation
from ..core.tensor import DeviceTensor, EagerTensor, Tensor
from . import devices

LOCAL = "/job:localhost/replica:0/task:0"


class _Settings:
    soft = True


def get_soft_device_placement() -> bool:
    """Whether operations run elsewhere when the device that was asked for is not there."""
    return _Settings.soft


def set_soft_device_placement(enabled: bool) -> None:
    """Sets whether operations may run elsewhere when the device that was asked for is not there."""
    _Settings.soft = bool(enabled)


class Target:
    """A logical device. Where it is not the host, it takes eager operations: it holds their values and computes them."""

    def __init__(self, logical: devices.LogicalDevice, physical: devices.PhysicalDevice, part: int) -> None:
        self.kind = logical.device_type
        self.index = int(logical.name.rpartition(":")[2])
        self.name = LOCAL + logical.name
        self.is_host = self.kind == "CPU" and self.index == 0
        self._physical, self._part = physical, part
        self._device: Any = None
        self._functions: dict[Any, Callable[..., Any] | None] = {}

    def __repr__(self) -> str:
        return self.name

    @property
    def device(self) -> Any:
        """The JAX device."""
        if self._device is None:
            self._device = devices.jax_device(self._physical, self._part)
        return self._device

    def put(self, array: Any) -> Any:
        """An array in this device's memory."""
        import jax
        with jax.enable_x64(True):
            return jax.device_put(array, self.device)

    def place(self, tensor: EagerTensor) -> EagerTensor:
        """The tensor in this device's memory. Text and resources stay with the host."""
        if type(tensor) is DeviceTensor:
            there = self.device in tensor._device_value.devices()
            return tensor if there else DeviceTensor(self.put(tensor._device_value), tensor._dtype)
        value = tensor._value
        if self.is_host or not isinstance(value, np.ndarray) or value.dtype == object or not _plain(tensor._dtype):
            return tensor
        return DeviceTensor(self.put(value), tensor._dtype)

    def constant(self, array: Any, dtype: DType | None, name: str | None = None) -> EagerTensor:
        """A tensor around an array of the host's."""
        return self.place(EagerTensor(array, dtype))

    def apply(self, op: OpDef, inputs: Sequence[Any], attrs: dict[str, Any], name: str | None = None) -> Any:
        """Runs an operation here; see `core.dispatch.apply`."""
        for x in inputs:
            if isinstance(x, Tensor) and not isinstance(x, EagerTensor):
                return x.graph.apply(op, inputs, attrs, name)  # type: ignore[attr-defined]
        out = self.run(op, inputs, attrs, name)
        results = out if isinstance(out, tuple) else (out,)
        if ctx.tapes and op.differentiable:
            record(op, inputs, attrs, results)
        return out

    def run(self, op: OpDef, inputs: Sequence[Any], attrs: dict[str, Any], name: str | None = None) -> Any:
        """The results of an operation as tensors that lie here: an EagerTensor, or a tuple of them."""
        check(op, inputs, [_held(x) for x in inputs], name)
        return self.compute(op, inputs, attrs, name)

    def compute(self, op: OpDef, inputs: Sequence[Any], attrs: dict[str, Any], name: str | None = None) -> Any:
        """As `run`, but the dtypes of the inputs are known to be right; the inputs of updates begin with old values."""
        arrays = [_held(x) for x in inputs]
        function = self._function(op, inputs, arrays, attrs)
        if function is not None:
            try:
                out = self._call(function, op, arrays)
            except Exception as error:
                fail(op, arrays, attrs, name, _translated(error))
            else:
                if out is not None:
                    return tuple([DeviceTensor(o) for o in out]) if isinstance(out, tuple) else DeviceTensor(out)
        token = _set_quiet(_QUIET)
        arrays = [np.asarray(a) if hasattr(a, "devices") else a for a in arrays]
        try:
            out = op.kernel(np, *arrays, **attrs)
        except Exception as error:
            fail(op, arrays, attrs, name, error)
        finally:
            _reset_quiet(token)
        return tuple([self.place(wrap(o)) for o in out]) if isinstance(out, tuple) else self.place(wrap(out))

    def _function(self, op: OpDef, inputs: Sequence[Any], arrays: Sequence[Any], attrs: dict[str, Any]) -> Any:
        """The compiled kernel for these static inputs and attributes, or None if only the host can run it."""
        if op.host or op.dynamic or (op.stateful and not op.writes_state) or op.blocks is not None:
            return None
        if any(isinstance(a, np.ndarray) and a.dtype.hasobject for a in arrays):
            return None
        if any(isinstance(x, EagerTensor) and not _plain(x._dtype) for x in inputs):
            return None
        static = op.static_inputs(len(arrays))
        key = (op.type, tuple([_frozen(arrays[i]) for i in sorted(static)]), _frozen(attrs), len(arrays))
        if key not in self._functions:
            self._functions[key] = _jitted(op, {i: _host(arrays[i]) for i in static}, attrs, self.device.platform)
        return self._functions[key]

    def _call(self, function: Callable[..., Any], op: OpDef, arrays: Sequence[Any]) -> Any:
        """What the compiled kernel gives, or None where it has to look at values."""
        import jax

        from .xla import NotCompilable
        static = op.static_inputs(len(arrays))
        with jax.enable_x64(True):
            moved = [jax.device_put(a, self.device) for i, a in enumerate(arrays) if i not in static]
            try:
                with jax.default_device(self.device):
                    return function(*moved)
            except NotCompilable:
                return None


def _translated(error: Exception) -> Exception:
    from .xla import translate
    return translate(error)


def _jitted(op: OpDef, static: dict[int, Any], attrs: dict[str, Any], platform: str) -> Callable[..., Any]:
    import jax
    import jax.numpy as jnp

    from .xla import compiler_options, xla_kernel
    kernel = xla_kernel(op)

    def call(*arrays: Any) -> Any:
        rest = iter(arrays)
        merged_inputs = [static[i] if i in static else next(rest) for i in range(len(arrays) + len(static))]
        return kernel(jnp, *merged_inputs, **attrs)
    function: Callable[..., Any] = jax.jit(call, compiler_options=compiler_options(platform))
    return function


def _plain(dtype: DType | None) -> bool:
    """Whether the NumPy dtype says it all."""
    return dtype is None or (dtype.is_numpy_compatible and dtype.name not in ("resource", "variant"))


def _held(x: Any) -> Any:
    """The array behind a tensor where it lies, or the Python value of a static input."""
    return x._device_value if type(x) is DeviceTensor else x._value if isinstance(x, EagerTensor) else x


def _host(value: Any) -> Any:
    return np.asarray(value) if hasattr(value, "devices") else value


def _frozen(value: Any) -> Any:
    """A hashable stand-in for a static input or attribute."""
    value = _host(value)
    if isinstance(value, np.ndarray):
        return value.shape, value.dtype.str, value.tobytes()
    if isinstance(value, Mapping):
        return tuple([(k, _frozen(v)) for k, v in sorted(value.items())])
    if isinstance(value, (list, tuple)):
        return tuple([_frozen(v) for v in value])
    return value


@lru_cache(maxsize=1)
def targets() -> list[Target]:
    """The logical devices; accelerators among them take operations on what lies in their memory."""
    found = [Target(*logical) for logical in devices.logical_devices()]
    for target in found:
        if target.kind != "CPU":
            accelerators.setdefault(target.device, target)
    return found


class Missing:
    """Stands for a device that is not there: whatever wants to run on it fails."""

    is_host = False

    def __init__(self, spec: DeviceSpec) -> None:
        asked = DeviceSpec("localhost", 0, 0, "CPU", 0).make_merged_spec(spec)
        self._error = (f"Could not satisfy device specification '{asked.to_string()}'. enable_soft_placement="
                       f"{int(_Settings.soft)}. Supported device types [{', '.join(sorted({t.kind for t in targets()}))}]. "
                       f"All available devices [{', '.join(t.name for t in targets())}].")

    def _fail(self, *_: Any) -> Any:
        raise errors.InvalidArgumentError(None, None, self._error)

    apply = constant = place = put = run = _fail

    @property
    def device(self) -> Any:
        """Not there.

        Raises:
          InvalidArgumentError: always.
        """
        return self._fail()


def _is_local(spec: DeviceSpec) -> bool:
    return spec.job in (None, "localhost", "*") and spec.replica in (None, 0) and spec.task in (None, 0)


def find(name: str) -> Any:
    """The device that a name asks for: the host or the next best one under soft placement, else a `Missing`.

    Raises:
      ValueError: no device name.
    """
    spec = DeviceSpec.from_string(name)
    here = targets()
    if not _is_local(spec):
        return Missing(spec)
    kind = here[0].kind if spec.device_type is None else spec.device_type
    alike = [t for t in here if t.kind == kind]
    for target in alike:
        if target.index == (spec.device_index or 0):
            return target
    if not _Settings.soft:
        return Missing(spec)
    return alike[0] if alike else here[0]


class device:
    """Asks for a device for what is computed inside, in graphs and outside.

    Args:
      device_name: such as "/GPU:0" or "/job:localhost/device:CPU:1", or a `tf.DeviceSpec`; what it leaves open is taken
        from the scope around it. None asks for nothing.

    Raises:
      ValueError: no device name.
      RuntimeError: a function, which only a graph's own `device` takes.

    An operation inside raises InvalidArgumentError if the device is not there and soft placement is off.
    """

    def __init__(self, device_name: Any) -> None:
        if callable(device_name):
            raise RuntimeError("tf.device does not support functions.")
        if isinstance(device_name, DeviceSpec):
            device_name = device_name.to_string()
        if device_name is not None and not isinstance(device_name, str):
            raise ValueError(f"Expecting a string device name. Got {type(device_name)}({device_name})")
        if device_name:
            DeviceSpec.from_string(device_name)
        self._name = device_name
        self._left: list[Callable[..., Any]] = []

    def __enter__(self) -> None:
        if ctx.graph is not None:
            scope = ctx.graph.device(self._name)
            scope.__enter__()
            self._left.append(scope.__exit__)
            return
        before, target = ctx.device, ctx.target
        self._left.append(lambda *_: ctx.place(before, target))
        if self._name is None:
            ctx.place(None, None)
        else:
            name = merged(ctx.device or "", self._name)
            found = find(name) if name else None
            ctx.place(name or None, None if found is None or found.is_host else found)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._left.pop()(kind, error, trace)


class Places:
    """Where the nodes of a program run.

    Args:
      by_name: the target for each device that its nodes name; under "" that of nodes that name none.
    """

    def __init__(self, by_name: dict[str, Any]) -> None:
        self._by_name = by_name

    def of(self, node: Operation) -> Any:
        """The target of a node, or None where programs run by default."""
        return self._by_name.get(node.device)

    def settle(self, nodes: Sequence[Operation], values: Sequence[Any]) -> list[Any]:
        """Values of nodes, each in the memory of its node's device."""
        out = []
        for node, value in zip(nodes, values, strict=True):
            target = self.of(node)
            numeric = isinstance(value, np.ndarray) and value.dtype != object
            out.append(target.put(value) if numeric and target is not None and not target.is_host else value)
        return out


def places_of(nodes: Iterable[Operation], asked: str | None) -> Places | None:
    """Where nodes run, or None where all of them run on the only device there is.

    Raises:
      InvalidArgumentError: a device is not there, and soft placement is off.
    """
    names = {node.device for node in nodes} | {""}
    if names == {""} and not asked:
        return None
    by_name = {name: find(merged(asked or "", name)) for name in names if name or asked}
    for target in by_name.values():
        if isinstance(target, Missing):
            target._fail()
    if len(targets()) == 1:
        return None
    return Places(by_name)


def require_devices(nodes: Iterable[Operation]) -> None:
    """Checks that the devices that nodes ask for are there, as a session does without soft placement.

    Raises:
      InvalidArgumentError: one is not.
    """
    there: dict[str, bool] = {"": True}
    for node in nodes:
        name = node.device
        if name not in there:
            spec = DeviceSpec.from_string(name)
            there[name] = _is_local(spec) and any(
                spec.device_type in (None, t.kind) and spec.device_index in (None, t.index) for t in targets())
        if not there[name]:
            hint = " The requested device appears to be a GPU, but CUDA is not enabled." if "GPU" in name else ""
            known = ", ".join(t.name for t in targets())
            raise errors.InvalidArgumentError(
                None, node, f"Graph execution error:\n\nCannot assign a device for operation {node.name}: "
                f"{{{{node {node.name}}}}} was explicitly assigned to {name} but available devices are [ {known} ]. "
                f"Make sure the device specification refers to a valid device.{hint}\n\t [[{node.name}]]")


class SessionDevice(NamedTuple):
    """A device as `Session.list_devices` shows it."""

    name: str
    device_type: str
    memory_limit_bytes: int


def session_devices() -> list[SessionDevice]:
    """The logical devices; a limit of 0 says that nobody set one."""
    return [SessionDevice(t.name, t.kind, 0) for t in targets()]


def default_device() -> Any:
    """The JAX device of programs that nobody placed, or None where JAX's own choice is the same."""
    jax = devices.start_jax()
    here = targets()
    first = next((t for t in here if t.kind != "CPU"), here[0] if here else None)
    if first is None or first.device == jax.devices()[0]:
        return None
    return first.device


def several() -> bool:
    """Whether values may lie on more than one device of JAX's."""
    jax = devices.start_jax()
    return len(jax.devices()) > 1 or bool(jax.default_backend() != "cpu")
