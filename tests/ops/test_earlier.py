"""What earlier versions of operations, and rare ones, refuse; and what they print."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import thalweg as tf

R = tf.raw_ops
X = np.arange(12, dtype=np.float32).reshape(4, 3)
IMAGE = np.arange(16, dtype=np.float32).reshape(4, 2, 2, 1)
PICTURE = IMAGE.reshape(1, 4, 4, 1)
INVALID, UNIMPLEMENTED = tf.errors.InvalidArgumentError, tf.errors.UnimplementedError
WINDOW = {"ksize": [1, 2, 2, 1], "strides": [1, 2, 2, 1], "padding": "VALID"}


def _segments(name: str, **changes: Any) -> tuple[str, dict[str, Any]]:
    given = {"grad": X, "indices": [3, 0, 1], "segment_ids": [2, 0, 1], "dense_output_dim0": 5}
    return f"SparseSegment{name}GradV2", given | changes


REFUSED = [
    ("SpaceToBatch", {"input": IMAGE, "paddings": [[0, 0], [1, 0]], "block_size": 2}, INVALID, r"padded_shape\[1\]=3 is"),
    ("SpaceToBatch", {"input": IMAGE, "paddings": [[0, 0], [-1, 1]], "block_size": 2}, INVALID, "Paddings must be non"),
    ("SpaceToBatch", {"input": IMAGE[0], "paddings": [[0, 0]] * 2, "block_size": 2}, INVALID, "Input rank should be: 4"),
    ("SpaceToBatch", {"input": IMAGE, "paddings": [0] * 4, "block_size": 2}, INVALID, r"\[2, 2\] instead of \[4\]"),
    ("SpaceToBatch", {"input": IMAGE, "paddings": [[0, 0]] * 2, "block_size": 1}, INVALID, "must be at least minimum 2"),
    ("BatchToSpace", {"input": IMAGE[:3], "crops": [[0, 0]] * 2, "block_size": 2}, INVALID, r"dimension \(3\) is not"),
    ("BatchToSpace", {"input": IMAGE, "crops": [[0, 0], [3, 3]], "block_size": 2}, INVALID, r"cropped_shape\[1\]=-2 must be"),
    ("BatchToSpace", {"input": IMAGE, "crops": [[0, 0], [-1, 0]], "block_size": 2}, INVALID, "Crops must be non-negative"),
    ("Mod", {"x": [5, -5], "y": [3, 0]}, INVALID, "division by zero"),
    ("Reverse", {"tensor": X, "dims": [True]}, INVALID, "'dims' must have the same number of values"),
    ("Reverse", {"tensor": X[:0], "dims": [True, True]}, INVALID, "Invalid input first dimension. Found 0"),
    ("MaxPoolV2", {"input": PICTURE, **WINDOW, "ksize": [2, 2]}, INVALID, "ksize field must specify 4 dimensions"),
    ("MaxPoolV2", {"input": PICTURE, **WINDOW, "strides": [2]}, INVALID, "stride field must specify 4 dimensions"),
    ("MaxPoolV2", {"input": PICTURE, **WINDOW, "ksize": [1, 0, 2, 1]}, INVALID, "ksize must be positive"),
    ("MaxPoolV2", {"input": PICTURE, **WINDOW, "ksize": [2, 2, 2, 1]}, UNIMPLEMENTED, "not yet supported on the batch"),
    ("MaxPoolGradV2", {"orig_input": PICTURE, "orig_output": IMAGE[:1], "grad": IMAGE[:1, :1]} | WINDOW, INVALID, "grad sh"),
    (*_segments("Sum", indices=[3, 0, 7]), INVALID, r"Index 7 out of range \[0, 5\)"),
    (*_segments("Mean", segment_ids=[0, 0, 9]), INVALID, "Invalid number of segments"),
    (*_segments("SqrtN", segment_ids=[0, 0]), INVALID, "segment_ids and indices should have same size"),
    ("CholeskyGrad", {"l": X, "grad": X}, INVALID, "square"),
    ("CholeskyGrad", {"l": X[:2, :2], "grad": X[:3]}, INVALID, "same shape"),
    ("CholeskyGrad", {"l": X[0], "grad": X[0]}, INVALID, "Input tensor 0 must have rank >= 2, got 1"),
    ("InplaceUpdate", {"x": X, "i": 1, "v": X[:1]}, INVALID, "i must be a vector"),
    ("InplaceUpdate", {"x": X, "i": [1], "v": X[1]}, INVALID, "ranks differ"),
    ("InplaceAdd", {"x": X, "i": [1], "v": X[:2]}, INVALID, "doesn't match at index 0"),
    ("InplaceSub", {"x": X > 2, "i": [0], "v": X[:1] > 2}, INVALID, "Unsupported data type: bool"),
    ("Empty", {"shape": [-2], "dtype": tf.bool}, INVALID, "Dimension -2 must be >= 0"),
    ("Empty", {"shape": np.array([[2]]), "dtype": tf.bool}, INVALID, r"must be a vector of int32, got shape \[1,1\]"),
    ("ToBool", {"input": np.complex64(1)}, INVALID, "complex64 cannot be converted to a boolean"),
    ("ToBool", {"input": np.uint16(1)}, INVALID, "uint16 cannot be converted to a boolean"),
    ("ParallelConcat", {"values": [X[:2], X[2:]], "shape": [4, 3]}, INVALID, r"update shape doesn't match: \[2,3\]"),
    ("ParallelConcat", {"values": [X[:1]], "shape": [None, 3]}, INVALID, r"Shape \[\?,3\] is not fully defined"),
    ("Bucketize", {"input": X, "boundaries": [3.0, 1.5]}, INVALID, "Expected sorted boundaries"),
    ("DataFormatDimMap", {"x": [0], "dst_format": "NCH"}, INVALID, "Destination format must be of length 4 or 5"),
    ("DataFormatDimMap", {"x": [0], "src_format": "HWC", "dst_format": "CHW"}, INVALID, "Source format must be of length"),
    ("DataFormatDimMap", {"x": [0], "src_format": "ABCD"}, INVALID, "must determine a permutation, got ABCD and NCHW"),
    ("DataFormatVecPermute", {"x": [1, 2, 3]}, INVALID, r"1D input must be of size 2 or 4, but got shape \[3\]"),
    ("DataFormatVecPermute", {"x": np.zeros((4, 3), np.int32)}, INVALID, "Second dimension of 2D input must be of size 2"),
    ("DataFormatVecPermute", {"x": 2}, INVALID, r"vector or 2D tensor, but got shape \[\]"),
]


@pytest.mark.parametrize(("name", "given", "error", "words"), REFUSED, ids=lambda v: v if isinstance(v, str) else "")
def test_refusal(name: str, given: dict[str, Any], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        getattr(R, name)(**given)


@pytest.mark.parametrize(("name", "given", "words"), [
    ("SpaceToBatch", {"input": IMAGE, "paddings": [[0, 0], [1, 0]], "block_size": 2}, "evenly divisible by 2 but is 3"),
    ("BatchToSpace", {"input": IMAGE, "crops": [[0, 0], [3, 3]], "block_size": 2}, "Negative dimension size"),
    ("Reverse", {"tensor": X, "dims": [True]}, "must be rank"),
    ("MaxPoolV2", {"input": PICTURE, **WINDOW, "strides": [2]}, "Dimension must be 4 but is 1"),
    ("ParallelConcat", {"values": [X[:2]], "shape": [2, 3]}, "Size of first dimension must be 1"),
], ids=lambda v: v if isinstance(v, str) else "")
def test_refusal_in_a_graph(name: str, given: dict[str, Any], words: str) -> None:
    with tf.Graph().as_default(), pytest.raises(ValueError, match=words):
        getattr(R, name)(**given)


def test_these_have_no_gradient() -> None:
    x = tf.constant(X)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        found = [R.GuaranteeConst(input=x), R.InplaceAdd(x=x, i=[0], v=x[:1]), R.Mod(x=x, y=x + 1)]
    for y in found:
        with pytest.raises(LookupError, match="gradient registry has no entry"):
            tape.gradient(y, x)


def test_empty_strings() -> None:
    assert R.Empty(shape=[2], dtype=tf.string).numpy().tolist() == [b"", b""]


def test_shape_of_a_variable_in_a_function() -> None:
    v = tf.Variable(tf.zeros([2, 3]))
    assert tf.function(lambda: R.VariableShape(input=v))().numpy().tolist() == [2, 3]


def test_reading_a_variable() -> None:
    v = tf.Variable([[1.0, 2.0], [3.0, 4.0]])
    assert R.ReadVariableOp(resource=v, dtype=tf.float32).numpy().tolist() == [[1, 2], [3, 4]]
    assert R.ResourceGather(resource=v, indices=[1], dtype=tf.float32).numpy().tolist() == [[3, 4]]
    assert tf.function(lambda: R.ResourceGather(resource=v, indices=[1], dtype=tf.float32))().numpy().tolist() == [[3, 4]]


def test_segments_that_are_counted_are_compiled() -> None:
    def reduced(x: Any, i: Any) -> Any:
        return R.SegmentSumV2(data=x, segment_ids=i, num_segments=3)
    made = tf.function(reduced, jit_compile=True)(X, np.array([0, 0, 1, 1]))
    assert made.numpy().tolist() == [[3, 5, 7], [15, 17, 19], [0, 0, 0]]


@pytest.mark.parametrize(("data", "options", "text"), [
    ([np.float32(1 / 3), np.float64(1 / 3), True, 1 + 2j, "it's"], {}, "[0.333333343][0.33333333333333331][1][?][it's]"),
    ([np.arange(5)], {"summarize": 2, "message": "m:"}, "m:[0 1...]"),
    ([np.arange(8).reshape(2, 2, 2)], {"summarize": 5}, "[[[0 1][2 3]][[4...]]...]"),
    ([np.arange(8).reshape(2, 2, 2)], {"summarize": 4}, "[[[0 1][2 3]]...]"),
    ([np.arange(4).reshape(2, 2), np.zeros((0, 3))], {"summarize": -1}, "[[0 1][2 3]][]"),
    ([np.arange(4).reshape(2, 2)], {"summarize": 0}, "[...]"),
])
def test_print(data: list[Any], options: dict[str, Any], text: str, capsys: Any) -> None:
    assert R.Print(input=[7.0], data=data, **options).numpy().tolist() == [7]
    assert capsys.readouterr().err == text + "\n"


def test_print_first(capsys: Any) -> None:
    f = tf.function(lambda x: R.Print(input=x, data=[x], message="first ", first_n=2))
    for i in range(4):
        f(tf.constant(i))
    assert capsys.readouterr().err == "first [0]\nfirst [1]\n"


def test_print_of_tensorflow_1(capsys: Any) -> None:
    with tf.Graph().as_default():
        x = tf.compat.v1.placeholder(tf.float32)
        y = tf.compat.v1.Print(x, [x, "hey"], "msg ")
        slope = tf.gradients(y, x)[0]
        assert y.op.type == "Print"
        with tf.compat.v1.Session() as session:
            assert session.run([y, slope], {x: 3.0}) == [3.0, 1.0]
    assert capsys.readouterr().err == "msg [3][hey]\n"


def test_print_v2(capsys: Any) -> None:
    R.PrintV2(input="abc", output_stream="stdout", end="!\n")
    assert capsys.readouterr().out == "abc!\n"
