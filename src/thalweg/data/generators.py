"""Elements that a Python generator yields."""
from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

import numpy as np

import thalweg as tf

from .dataset import UNKNOWN, Dataset
from .run import Run
from .sources import resolve
from .structure import Leaves, flatten, map_leaves


class _FlatMapDataset(Dataset):
    """What a generator yields. TensorFlow makes this of a `flat_map`, whose name it shows."""

    def __init__(self, generator: Callable[..., Any], element_spec: Any, args: tuple[Any, ...], shown: Any) -> None:
        self._generator = generator
        self._args = args
        self._shown = shown
        super().__init__((), element_spec, args)

    def _cardinality(self, run: Run) -> int:
        return UNKNOWN

    def _iterate(self, run: Run) -> Iterator[Leaves]:
        args = [resolve(run, a).numpy() for a in self._args]
        iterator = iter(self._generator(*args))
        specs = flatten(self._spec)
        while True:
            try:
                values = next(iterator)
            except StopIteration:
                return
            except tf.errors.OpError:
                raise
            except Exception as error:
                _fail(error)
            yield self._leaves_of(values, specs)

    def _leaves_of(self, values: Any, specs: Leaves) -> Leaves:
        """What was yielded as leaves of the promised types.

        Raises:
          InvalidArgumentError: it is something else.
        """
        try:
            flat = _along(self._spec, values)
            made = tuple(_converted(s, v) for s, v in zip(specs, flat, strict=True))
        except (TypeError, ValueError) as error:
            _fail(TypeError("`generator` yielded an element that did not match the expected structure. The expected structure "
                            f"was {self._shown}, but the yielded element was {values}."), error)
        for spec, leaf in zip(specs, made, strict=True):
            if isinstance(spec, tf.TensorSpec):
                if not spec.shape.is_compatible_with(leaf.shape):
                    _fail(TypeError(f"`generator` yielded an element of shape {leaf.shape} where an element of shape "
                                    f"{spec.shape} was expected."))
            elif not spec.is_compatible_with(leaf):
                _fail(TypeError(f"`generator` yielded an element of {leaf} where an element of {spec} was expected."))
        return made


def _along(spec: Any, values: Any) -> list[Any]:
    """One value for each leaf of a spec; lists may stand for tuples."""
    if isinstance(spec, dict):
        if not isinstance(values, dict) or set(values) != set(spec):
            raise TypeError("no such dict")
        return [v for k in sorted(spec) for v in _along(spec[k], values[k])]
    if isinstance(spec, tuple):
        if not isinstance(values, (tuple, list)) or len(values) != len(spec):
            raise TypeError("no such tuple")
        return [v for s, value in zip(spec, values, strict=True) for v in _along(s, value)]
    return [values]


def _converted(spec: Any, value: Any) -> Any:
    if not isinstance(spec, tf.TensorSpec):
        return value
    if tf.is_tensor(value):
        return value if value.dtype == spec.dtype else tf.convert_to_tensor(value, spec.dtype)
    if spec.dtype == tf.string:
        return tf.convert_to_tensor(value, tf.string)
    array = np.asarray(value)
    if array.dtype.kind in "USO" and not spec.dtype.is_bool:
        raise TypeError("text is no number")
    return tf.convert_to_tensor(array.astype(spec.dtype.as_numpy_dtype))


def _fail(error: Exception, cause: BaseException | None = None) -> NoReturn:
    """Raises what goes wrong in a generator as TensorFlow does: by its kind, with the traceback in the text."""
    kinds: tuple[tuple[Any, Any], ...] = (
        ((ValueError, TypeError), tf.errors.InvalidArgumentError), (MemoryError, tf.errors.ResourceExhaustedError),
        (NotImplementedError, tf.errors.UnimplementedError))
    made = next((m for kind, m in kinds if isinstance(error, kind)), tf.errors.UnknownError)
    lines = "".join(traceback.format_tb(error.__traceback__))
    raise made(None, None, f"{type(error).__name__}: {error}\nTraceback (most recent call last):\n\n{lines}\n"
               " [Op:IteratorGetNext] name: ") from cause or error


def from_generator(generator: Any, output_types: Any, output_shapes: Any, args: Any, output_signature: Any) -> Dataset:
    """What a Python generator yields.

    Raises:
      TypeError: no callable, or no signature, or two, or one of something else than specs.
    """
    if not callable(generator):
        raise TypeError("`generator` must be a Python callable.")
    if output_signature is not None:
        if output_types is not None:
            raise TypeError("The `output_types` argument can not be used together with the `output_signature` argument.")
        if output_shapes is not None:
            raise TypeError("The `output_shapes` argument can not be used together with the `output_signature` argument.")

        def check(spec: Any) -> Any:
            if not isinstance(spec, tf.TypeSpec):
                raise TypeError(f"`output_signature` must contain objects that are subclass of `tf.TypeSpec` but found {spec} "
                                f"which is not.")
            return spec
        map_leaves(check, output_signature)
        spec, shown = output_signature, output_signature
    elif output_types is None:
        raise TypeError("To specify the output signature you need to provide either the `output_signature` argument or the "
                        "`output_types` argument.")
    else:
        output_types = map_leaves(tf.as_dtype, output_types)
        spec = _specs(output_types, output_shapes)
        shown = output_types if isinstance(output_types, (tuple, dict)) else spec
    tensors = () if args is None else tuple(tf.convert_to_tensor(a) for a in args)
    return _FlatMapDataset(generator, spec, tensors, shown)


def _specs(types: Any, shapes: Any) -> Any:
    """Specs of dtypes, with shapes nested in the same way or none."""
    if isinstance(types, dict):
        return {k: _specs(types[k], None if shapes is None else shapes[k]) for k in types}
    if isinstance(types, tuple):
        return tuple(_specs(t, None if shapes is None else shapes[i]) for i, t in enumerate(types))
    return tf.TensorSpec(shapes, types)
