"""Compiling stretches of a program with XLA: the same kernels, traced once with `jax.numpy`.

JAX is imported at the first compilation, and its configuration is the user's: 64-bit types and the compilation cache
are set for our own calls only.
"""
from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ..core import errors
from ..core.dispatch import Typed
from ..core.dtypes import type_name
from ..core.memory import translate as translate
from ..core.opdef import OpDef
from ..core.symbol import SymbolicTensor
from ..ops.list_values import DeviceList, ListError, on_device
from ..ops.random_state import Counters, counting, place
from ..ops.requirements import Conditions, collecting, refused
from .codegen import Code, generate
from .devices import start_jax
from .interrupts import hold
from .placement import default_device, several
from .program import Program
from .streams import TracedStreams, sites_of
from .stretch import Stretch

if TYPE_CHECKING:
    from .ahead import Ahead

_OPTIONS: dict[str, Any] = {}


class NotCompilable(Exception):
    """A node needs a value that only the running program knows."""

    def __init__(self, op_type: str, reason: str) -> None:
        super().__init__(f"{op_type}: {reason}")
        self.op_type = op_type
        self.reason = reason


class Unmet(Exception):
    """What a stretch requires of its values did not hold, so that it has no results.

    Args:
      kept: the inputs whose memory was taken over, by position, as they were before.
      rewind: takes random nodes back to where they were before, if there are any.
    """

    def __init__(self, kept: dict[int, Any], rewind: Callable[[], None] | None = None) -> None:
        super().__init__("a condition on values does not hold")
        self.kept = kept
        self.rewind = rewind


def cache_folder() -> Path:
    """Where compiled programs are kept between processes: $THALWEG_CACHE, or the user's cache folder."""
    given = os.environ.get("THALWEG_CACHE")
    if given:
        return Path(given)
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "thalweg" / "xla"


@contextmanager
def settings() -> Iterator[None]:
    """64-bit types and our disk cache, for what happens inside."""
    import jax
    with ExitStack() as stack:
        stack.enter_context(jax.enable_x64(True))
        for name, value in (("compilation_cache_dir", str(cache_folder())),
                            ("persistent_cache_min_compile_time_secs", 0.2),
                            ("persistent_cache_min_entry_size_bytes", 0)):
            _enter(stack, name, value)
        yield


def _enter(stack: ExitStack, name: str, value: Any) -> None:
    """Sets a JAX option for a while, where this version has it. A cache folder of the user's own stays."""
    try:
        from jax._src import config
        state = getattr(config, name)
        if name == "compilation_cache_dir" and state.value:
            return
        stack.enter_context(state(value))
    except (ImportError, AttributeError, TypeError):
        return


def xla_kernel(entry: OpDef) -> Callable[..., Any]:
    """The kernel of an entry as it is traced: on NumPy where all inputs are known, else with `jax.numpy`."""
    import jax
    import jax.numpy as jnp
    tracer = jax.core.Tracer
    needs_value = (jax.errors.ConcretizationTypeError, jax.errors.TracerIntegerConversionError,
                   jax.errors.TracerArrayConversionError)
    compiled = entry.xla_kernel or entry.kernel
    plain = entry.kernel

    def kernel(xp: Any, *arrays: Any, **attrs: Any) -> Any:
        traced = [i for i, a in enumerate(arrays) if isinstance(a, tracer) or type(a) is DeviceList]
        if not traced and arrays and not entry.stateful:
            try:
                return plain(np, *arrays, **attrs)
            except errors.OpError:
                if not refused():
                    raise
        if traced and entry.has_static:
            static = entry.static_inputs(len(arrays)).intersection(traced)
            if static and entry.traced_kernel is None:
                raise NotCompilable(entry.type, "an axis, shape or size is known only when the program runs")
            run = entry.traced_kernel if static and entry.traced_kernel is not None else compiled
        else:
            run = compiled
        try:
            out = run(jnp, *arrays, **attrs)
        except needs_value as error:
            raise NotCompilable(entry.type, "it needs to look at values") from error
        except ListError as error:
            raise NotCompilable(entry.type, str(error)) from error
        return tuple(o.value if isinstance(o, Typed) else o for o in out) if isinstance(out, tuple) else \
            out.value if isinstance(out, Typed) else out
    return kernel


class Form(NamedTuple):
    """A stretch as it is compiled for one signature.

    Attributes:
      ahead: what says before the run whether the requirements are met, where that is possible.
      flagged: whether the last output says it.
    """

    function: Callable[..., Any]
    ahead: Ahead | None
    flagged: bool


class Compiled:
    """A stretch as one compiled function.

    Args:
      program, stretch: what to compile.
      donated: the positions of inputs whose memory the results may take over.
      checks: whether to find out if what kernels require of values holds; see `ops.requirements`.
    """

    def __init__(self, program: Program, stretch: Stretch, donated: Sequence[int], checks: bool = False) -> None:
        jax = start_jax()
        import jax.numpy as jnp
        self._device = stretch.target.device if stretch.target is not None else default_device()
        self._gathers = several()
        self.code: Code = generate(stretch.nodes, stretch.inputs, stretch.outputs, program.constants, program.slot_of,
                                   lambda node: xla_kernel(node.op))
        run = self.code.run
        self._sites = sites = sites_of(stretch.nodes)
        self._count = len(stretch.outputs) + bool(sites)
        self._kept = kept = [(i, stretch.outputs.index(stretch.inputs[i])) for i in donated]
        platform = self._device.platform if self._device is not None else jax.default_backend()

        def results(values: Sequence[Any]) -> tuple[Any, ...]:
            if not sites:
                return run(jnp, *values)
            streams = TracedStreams(sites, values[-1])
            with counting(streams):
                out = run(jnp, *values[:-1])
            return (*out, streams.rows())

        def traced(*values: Any) -> Any:
            conditions = Conditions(platform == "cpu") if checks else None
            with collecting(conditions):
                out = results(values)
            return out if conditions is None else (*out, *conditions.flag())

        def undone(*values: Any) -> Any:
            """As `traced`, but a run that fails gives the state back that it was given."""
            *out, flag = traced(*values)
            for i, o in kept:
                out[o] = jnp.where(flag, out[o], values[i])
            return (*out, flag)

        def jit(function: Callable[..., Any]) -> Any:
            return jax.jit(function, donate_argnums=tuple(donated), compiler_options=compiler_options(platform))
        self._traced, self._undone = jit(traced), jit(undone)
        self._forms: dict[Any, Form] = {}
        self._context = jax.enable_x64
        self._nodes = stretch.nodes
        self._donates = bool(donated)

    def __call__(self, values: Sequence[Any], signature: Any) -> tuple[Any, ...]:
        """Runs the function, compiling it first for a new signature. Random nodes move on if it succeeds.

        Raises:
          NotCompilable: a node cannot be traced.
          Unmet: what a node requires of its values does not hold.
        """
        sites = self._sites
        if not sites:
            return self._run(values, signature)
        table = place()[0]
        counters = table if isinstance(table, Counters) else Counters()
        with counters.lock:
            before = counters.rows(sites)
            try:
                *out, rows = self._run([*values, before], signature)
            except Unmet as unmet:
                unmet.rewind = lambda: counters.keep(sites, before)
                raise
            counters.keep(sites, rows)
        return tuple(out)

    def _run(self, values: Sequence[Any], signature: Any) -> tuple[Any, ...]:
        if any(v.dtype == object for v in values):
            values = self._lists(values)
        if self._gathers:
            return self._call_there(values, signature)
        form = self._forms.get(signature)
        if form is not None:
            with self._context(True):
                return self._call(form, values)
        with settings():
            return self._call(self._prepare(values, signature), values)

    def _call(self, form: Form, values: Sequence[Any]) -> tuple[Any, ...]:
        if form.ahead is not None and not form.ahead(values):
            raise Unmet({})
        if self._donates:
            hold()
        out: tuple[Any, ...] = form.function(*values)
        if not form.flagged:
            return out
        if form.ahead is None and not np.asarray(out[-1]):
            raise Unmet({i: out[o] for i, o in self._kept})
        return out[:-1]

    def _call_there(self, values: Sequence[Any], signature: Any) -> tuple[Any, ...]:
        """Runs the function on its device, with every value brought there."""
        import jax
        device = self._device if self._device is not None else jax.devices()[0]
        form = self._forms.get(signature)
        with settings() if form is None else self._context(True), jax.default_device(device):
            there = [v if isinstance(v, np.ndarray) or not isinstance(v, jax.Array) or device in v.devices()
                     else jax.device_put(v, device) for v in values]
            return self._call(self._prepare(there, signature) if form is None else form, there)

    def _prepare(self, values: Sequence[Any], signature: Any) -> Form:
        """Compiles for new shapes. What cannot fit is refused before it takes over the memory of variables.

        Raises:
          ResourceExhaustedError: the device has less memory than this needs.
        """
        function, early, flagged = self._traced, None, False
        traced = function.trace(*values)
        if len(traced.out_info) > self._count:  # there are requirements
            flagged = True
            if self._kept:
                from .ahead import ahead
                early = ahead(traced.jaxpr, len(values), [i for i, _ in self._kept])
                if early is None:
                    function = self._undone
                    traced = function.trace(*values)
        self._check_memory(traced.lower().compile().memory_analysis())
        form = self._forms[signature] = Form(function, early, flagged)
        return form

    def _check_memory(self, needs: Any) -> None:
        import jax
        device = self._device if self._device is not None else jax.devices()[0]
        if needs is None:
            return
        size = needs.output_size_in_bytes - needs.alias_size_in_bytes + needs.temp_size_in_bytes
        limit = memory_of(device)
        if size > limit:
            known = [t for node in self._nodes for t in node.outputs if t.shape.is_fully_defined()]
            largest = max(known, key=lambda t: (t.shape.num_elements() or 0) * (t.dtype.size or 0), default=None)
            raise self._exhausted(size, limit, largest)

    @staticmethod
    def _exhausted(size: int, limit: int, largest: SymbolicTensor | None) -> errors.ResourceExhaustedError:
        text = f"OOM when allocating memory for a compiled program: it needs {size} bytes of {limit}"
        if largest is None:
            return errors.ResourceExhaustedError(None, None, text)
        node = largest.op
        sizes = ",".join(str(n) for n in largest.shape.as_list())
        return errors.ResourceExhaustedError(
            None, node, f"Graph execution error:\n\n{text}, most of them for the tensor with shape[{sizes}] and type "
            f"{type_name(largest.dtype)}\n\t [[{{{{node {node.name}}}}}]]")

    def _lists(self, values: Sequence[Any]) -> list[Any]:
        """The values with the interpreter's lists as a compiled program has them."""
        import jax.numpy as jnp
        try:
            return [on_device(v, jnp) for v in values]
        except ListError as error:
            raise NotCompilable("TensorList", str(error)) from error


def compiler_options(platform: str = "cpu") -> dict[str, Any]:
    """Options for XLA on a platform. On the CPU: its convolutions by Eigen, which are faster than the default library's.

    An option that the installed XLA does not know is left out; it is tried on a small function once.
    """
    if platform != "cpu":
        return {}
    if "options" not in _OPTIONS:
        import jax
        # With REDUCE, the default, jaxlib 0.10 gets sum(matmul(ones * x, ones)) wrong for large matrices.
        wanted = {"xla_cpu_experimental_ynn_fusion_type": "LIBRARY_FUSION_TYPE_INDIVIDUAL_DOT"}
        try:
            with jax.default_device(jax.devices("cpu")[0]):
                jax.jit(lambda x: x + 1, compiler_options=wanted).lower(np.float32(0)).compile()
            _OPTIONS["options"] = wanted
        except Exception:  # any failure means that this XLA does not take the option
            _OPTIONS["options"] = {}
    return dict(_OPTIONS["options"])


def memory_of(device: Any) -> int:
    """The bytes of memory that a device has, or the machine."""
    stats = device.memory_stats() if device is not None else None
    if stats and stats.get("bytes_limit"):
        return int(stats["bytes_limit"])
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return 1 << 62
