"""What the operators share: arguments that may be variables, batches that broadcast, hints of products, checks."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

import thalweg as tf

Operator = Any


# Arguments.


def keep(value: Any, dtype: Any = None, dtype_hint: Any = None) -> Any:
    """A tensor; a variable as it is, so that the operator follows its changes."""
    if value is None or isinstance(value, tf.Variable):
        return value
    return tf.convert_to_tensor(value, dtype=dtype, dtype_hint=dtype_hint)


def check_operators(operators: Any) -> list[Operator]:
    """The operators that others are made of, as a list.

    Raises:
      TypeError: no list, or operators of several dtypes.
      ValueError: an empty list.
    """
    if isinstance(operators, (str, bytes, dict)) or not hasattr(operators, "__iter__"):
        raise TypeError(f"Expected argument 'operators' to be a proper iterable. Received: {operators}")
    found = list(operators)
    if not found:
        raise ValueError(f"Expected a non-empty list of operators. Found: {found}")
    dtype = found[0].dtype
    if any(op.dtype != dtype for op in found):
        pairs = "   ".join(str((op.name, op.dtype)) for op in found)
        raise TypeError(f"Expected all operators to have the same dtype.  Found {pairs}")
    return found


def adjoint(x: Any) -> Any:
    """The conjugate transposes of matrices."""
    return tf.linalg.adjoint(x)


def conj(x: Any) -> Any:
    """The complex conjugate; a real tensor as it is."""
    return tf.math.conj(x) if x.dtype.is_complex else x


def as_dtype(x: Any, dtype: Any) -> Any:
    """A tensor in another dtype: of complex numbers the real parts, where it is a real one."""
    return tf.cast(tf.math.real(x) if x.dtype.is_complex and not dtype.is_complex else x, dtype)


# Shapes and batches. A shape here is a list of ints where all of it is known, else a tensor.


def shape_of(x: Any) -> Any:
    """The shape of a tensor or variable."""
    return x.shape.as_list() if x.shape.is_fully_defined() else tf.shape(x)


def joined(*parts: Any) -> Any:
    """Shapes one after the other; a part may be a list of ints and scalar tensors."""
    if all(isinstance(p, (list, tuple)) and all(isinstance(d, int) for d in p) for p in parts):
        return [d for p in parts for d in p]
    return tf.concat([tf.cast(tf.convert_to_tensor(p, dtype_hint=tf.int32), tf.int32) for p in parts], 0)


def broadcast_shapes(shapes: Sequence[Any]) -> Any:
    """The shape that several shapes broadcast to."""
    out = shapes[0]
    for shape in shapes[1:]:
        if isinstance(out, list) and isinstance(shape, list):
            out = list(np.broadcast_shapes(tuple(out), tuple(shape)))
        else:
            out = tf.broadcast_dynamic_shape(tf.convert_to_tensor(out, tf.int32), tf.convert_to_tensor(shape, tf.int32))
    return out


def broadcast_static(shapes: Sequence[Any]) -> Any:
    """The TensorShape that several TensorShapes broadcast to."""
    out = shapes[0]
    for shape in shapes[1:]:
        out = tf.broadcast_static_shape(out, shape)
    return out


def broadcast_batches(matrices: Sequence[Any]) -> list[Any]:
    """Matrices with their batch dimensions broadcast against one another."""
    tensors = [tf.convert_to_tensor(m) for m in matrices]
    shapes = [shape_of(t) for t in tensors]
    batch = broadcast_shapes([s[:-2] for s in shapes])
    out = []
    for t, s in zip(tensors, shapes, strict=True):
        same = isinstance(batch, list) and isinstance(s, list) and s[:-2] == batch
        out.append(t if same else tf.broadcast_to(t, joined(batch, s[-2:])))
    return out


def solve(matrix: Any, rhs: Any, adjoint: bool = False) -> Any:
    """`tf.linalg.solve` with broadcasting of batches."""
    matrix, rhs = broadcast_batches([matrix, tf.convert_to_tensor(rhs, matrix.dtype)])
    return tf.linalg.solve(matrix, rhs, adjoint=adjoint)


# Blocks: what operators made of blocks take and give, whole or one tensor a block.


def is_blockwise(block_sizes: Sequence[Any], arg: Any, axis: int) -> bool:
    """Whether an argument is given as one tensor a block.

    Raises:
      ValueError: its sizes fit neither the blocks nor the whole operator.
    """
    if not isinstance(arg, (list, tuple)) or len(arg) != len(block_sizes):
        return False
    if not any(isinstance(x, (list, tuple, dict)) for x in arg):
        return True
    sizes = [np.shape(x)[axis] for x in arg]
    if all(b is None for b in block_sizes):
        if len(sizes) == 1:
            return False
        if any(n != sizes[0] for n in sizes):
            return True
        raise ValueError("Parsing of the input structure is ambiguous. Please input a blockwise iterable of `Tensor`s or a "
                         "single `Tensor`.")
    if all(b is None or b == n for b, n in zip(block_sizes, sizes, strict=True)):
        return True
    if all(n == sizes[0] for n in sizes) and sizes[0] >= sum(b for b in block_sizes if b is not None):
        return False
    raise ValueError("Input dimension does not match operator dimension.")


# Hints. True and False are promises; None says nothing.


def square_product(a: Operator, b: Operator) -> bool | None:
    """Whether the product of two operators is square."""
    if a.is_square and b.is_square:
        return True
    if a.is_square is False and b.is_square is False:
        rows, columns = a.range_dimension.value, b.domain_dimension.value
        return None if rows is None or columns is None else rows == columns
    if a.is_square is not None and b.is_square is not None and a.is_square != b.is_square:
        return False
    return None


def non_singular_product(a: Operator, b: Operator) -> bool | None:
    """Whether the product of two operators is non-singular."""
    if a.is_non_singular is False or b.is_non_singular is False:
        return False
    both: bool | None = a.is_non_singular and b.is_non_singular
    return both


def commuting_hints(a: Operator, b: Operator) -> dict[str, Any]:
    """The hints of the product of two square operators that commute."""
    both = a.is_self_adjoint and b.is_self_adjoint
    one = {a.is_self_adjoint, b.is_self_adjoint} == {True, False}
    positive = both and a.is_positive_definite and b.is_positive_definite
    return {"is_non_singular": non_singular_product(a, b), "is_self_adjoint": True if both else False if one else None,
            "is_positive_definite": True if positive else None, "is_square": True}


def combine_hint(operator: Operator, hint: str, given: bool | None, message: str) -> bool | None:
    """An operator's hint and the one given for what is derived from it, which must not contradict it.

    Raises:
      ValueError: they contradict one another.
    """
    own = getattr(operator, hint)
    if (own is False and given) or (own and given is False):
        raise ValueError(message)
    if own or given:
        return True
    return False if own is False or given is False else None


def all_hint(operators: Sequence[Operator], hint: str, given: bool | None, message: str) -> bool | None:
    """A hint that is true of the whole if it is true of all parts.

    Raises:
      ValueError: it is, but the contrary was given.
    """
    if all(getattr(op, hint) for op in operators):
        if given is False:
            raise ValueError(message)
        return True
    return given


def is_adjoint_pair(x: Operator, y: Operator) -> bool:
    """Whether it is known that one operator is the other's adjoint."""
    if x is y and x.is_self_adjoint is not None:
        return bool(x.is_self_adjoint)
    return x.H is y or y.H is x


def is_symmetric_product(operators: Sequence[Operator]) -> bool:
    """Whether a product has the form `A B ... B^H A^H`."""
    count = len(operators)
    return count % 2 == 0 and all(is_adjoint_pair(operators[i], operators[-1 - i]) for i in range(count // 2))


# Checks.


def require(condition: Any, message: str, *shown: Any) -> Any:
    """Raises InvalidArgumentError unless the condition holds everywhere; in a graph, the operation that does."""
    everywhere = tf.reduce_all(condition)
    known = tf.get_static_value(everywhere)
    if known is None:
        return tf.debugging.Assert(everywhere, [message, *shown])
    if not known:
        values = "".join(f"\n{x!s}" for x in shown)
        raise tf.errors.InvalidArgumentError(None, None, f"{message}\nThe condition did not hold element-wise:{values}")
    return tf.no_op()


def require_no_zeros(x: Any, message: str) -> Any:
    """Raises InvalidArgumentError if an element is zero."""
    return require(tf.abs(x) > 0, message, x)


def require_real(x: Any, message: str) -> Any:
    """Raises InvalidArgumentError if an element has an imaginary part."""
    return require(tf.equal(tf.math.imag(x), 0), message, x) if x.dtype.is_complex else tf.no_op()


def together(checks: Sequence[Any]) -> Any:
    """One operation for several checks."""
    return tf.group(*[c for c in checks if c is not None])

