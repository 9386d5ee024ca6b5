"""`KerasTensor`: a placeholder for a tensor of which the shape and dtype are known, but no value."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, NoReturn

import thalweg as tf

from ..config import standardize_dtype
from ..naming import auto_name


def standardize_shape(shape: Any) -> tuple[int | None, ...]:
    """A shape as a tuple of ints and Nones.

    Raises:
      ValueError: it is None, no sequence, or has entries that are no sizes.
    """
    if type(shape) is tuple:
        for size in shape:
            if size is not None and (type(size) is not int or size < 0):
                break
        else:
            return shape
    if shape is None:
        raise ValueError("Undefined shapes are not supported.")
    if isinstance(shape, tf.TensorShape):
        if shape.rank is None:
            raise ValueError("Undefined shapes are not supported.")
        return tuple(shape.as_list())
    if not hasattr(shape, "__iter__"):
        raise ValueError(f"Cannot convert '{shape}' to a shape.")
    sizes: list[int | None] = []
    for size in shape:
        if size is None:
            sizes.append(None)
            continue
        try:
            number = size.__index__()
        except AttributeError:
            raise ValueError(f"Cannot convert '{tuple(shape)}' to a shape. Found invalid entry '{size}' of type "
                             f"'{type(size)}'. ") from None
        if number < 0:
            raise ValueError(f"Cannot convert '{tuple(shape)}' to a shape. Negative dimensions are not allowed.")
        sizes.append(number)
    return tuple(sizes)


class KerasHistory(NamedTuple):
    """Which call made a `KerasTensor`: the operation, the number of its call, the number of the output."""

    operation: Any
    node_index: int
    tensor_index: int


class KerasTensor:
    """A symbolic tensor: what `keras.Input` returns, and what layers called with it return.

    Args:
      shape: tuple of ints, None where a size is unknown.
      dtype: the name of a dtype.
      sparse: whether it stands for a sparse tensor.
      ragged: whether it stands for a ragged tensor.
      record_history: whether calls with it are recorded.
      name: unique name; made from the class name for None.
    """

    _keras_history: KerasHistory

    def __init__(self, shape: Any, dtype: Any = "float32", sparse: bool = False, ragged: bool = False,
                 record_history: bool = True, name: str | None = None) -> None:
        if sparse and ragged:
            raise ValueError("KerasTensor cannot have `sparse=True` and `ragged=True` at the same time.")
        self._shape = standardize_shape(shape)
        self._dtype = standardize_dtype(dtype)
        self._sparse = bool(sparse)
        self._ragged = bool(ragged)
        self.record_history = record_history
        self.name = name or auto_name("KerasTensor")

    @property
    def shape(self) -> tuple[int | None, ...]:
        """The sizes, None where one is unknown."""
        return self._shape

    @property
    def dtype(self) -> str:
        """The name of the dtype."""
        return self._dtype

    @property
    def sparse(self) -> bool:
        """Whether this stands for a sparse tensor."""
        return self._sparse

    @property
    def ragged(self) -> bool:
        """Whether this stands for a ragged tensor."""
        return self._ragged

    @property
    def ndim(self) -> int:
        """The number of dimensions."""
        return len(self._shape)

    def reshape(self, newshape: Any) -> Any:
        """This tensor in another shape; a size may be -1."""
        from .arithmetic import reshape

        return reshape(self, newshape)

    def __repr__(self) -> str:
        return (f"<KerasTensor shape={self._shape}, dtype={self._dtype}, sparse={self._sparse}, ragged={self._ragged}, "
                f"name={self.name}>")

    def __tf_tensor__(self, dtype: Any = None, name: str | None = None) -> NoReturn:
        raise ValueError(_NOT_A_TENSOR)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NoReturn:
        raise ValueError(_NOT_AN_ARRAY)

    def __int__(self) -> NoReturn:
        raise ValueError(_NOT_A_NUMBER.format("an int"))

    def __float__(self) -> NoReturn:
        raise ValueError(_NOT_A_NUMBER.format("a float"))

    def __bool__(self) -> NoReturn:
        raise TypeError("A symbolic KerasTensor cannot be used as a boolean.")

    def __iter__(self) -> Iterator[Any]:
        raise NotImplementedError("Iterating over a symbolic KerasTensor is not supported.")


_PLACEHOLDER = "A KerasTensor is symbolic: it's a placeholder for a shape an a dtype. It doesn't have any actual " \
    "numerical value. "
_NOT_AN_ARRAY = _PLACEHOLDER + "You cannot convert it to a NumPy array."
_NOT_A_NUMBER = _PLACEHOLDER + "You cannot convert it to {}."
_NOT_A_TENSOR = """\
A KerasTensor cannot be used as input to a TensorFlow function. A KerasTensor is a symbolic placeholder for a shape \
and dtype, used when constructing Keras Functional models or Keras Functions. You can only use it as input to a Keras \
layer or a Keras operation (from the namespaces `keras.layers` and `keras.ops`). You are likely doing something like:

```
x = Input(...)
...
tf_fn(x)  # Invalid.
```

What you should do instead is wrap `tf_fn` in a layer:

```
class MyLayer(Layer):
    def call(self, x):
        return tf_fn(x)

x = MyLayer()(x)
```
"""


def is_keras_tensor(x: Any) -> bool:
    """Whether `x` is a `KerasTensor`."""
    return isinstance(x, KerasTensor)


def any_symbolic(*structures: Any) -> bool:
    """Whether there is a `KerasTensor` in any of the nested structures."""
    for structure in structures:
        if isinstance(structure, KerasTensor):
            return True
        if isinstance(structure, (list, tuple)):
            if any_symbolic(*structure):
                return True
        elif isinstance(structure, dict) and any_symbolic(*structure.values()):
            return True
    return False
