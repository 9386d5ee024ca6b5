"""What earlier versions of operations, and rare ones, refuse; and what they print."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.samples.removed import run_old

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
    ("ImmutableConst", {"dtype": tf.float32, "shape": [2], "memory_region_name": "/none"}, tf.errors.NotFoundError, "; No"),
    ("ImmutableConst", {"dtype": tf.float32, "shape": [None], "memory_region_name": "/none"}, INVALID, r"Shape \[\?\] is not"),
    ("ImmutableConst", {"dtype": tf.string, "shape": [2], "memory_region_name": "/none"}, UNIMPLEMENTED, "DT_STRING is not"),
    ("ImmutableConst", {"dtype": tf.resource, "shape": [2], "memory_region_name": "/none"}, INVALID, "are invalid for this op"),
    ("ImmutableConst", {"dtype": tf.float64, "shape": [10**6], "memory_region_name": __file__}, tf.errors.InternalError,
     "when allocating 8000000"),
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


# Operations that are gone.


@pytest.mark.parametrize(("name", "given", "words"), [
    ("BatchCholesky", {"input": X[:3]}, "removed in version 13. Use Cholesky instead..$"),
    ("BatchMatrixDiag", {"diagonal": X}, "removed in version 14. Use MatrixDiag.$"),
    ("SelfAdjointEig", {"input": X[:3]}, "removed in version 11. Use SelfAdjointEigV2 instead..$"),
    ("Conv3DBackpropFilter", {}, "removed in version 10. Use Conv3DBackpropFilterV2.$"),
    ("AdjustContrast", {}, "removed in version 2. Use AdjustContrastv2 instead.$"),
    ("QuantizeAndDequantize", {"input": X}, "removed in version 22. Replaced by QuantizeAndDequantizeV2.$"),
    ("BatchNormWithGlobalNormalization", {}, r"removed in version 9. Use tf.nn.batch_normalization\(\).$"),
    ("PlaceholderV2", {}, "removed in version 23. Placeholder now behaves the same as PlaceholderV2..$"),
    ("RandomCrop", {}, "removed in version 8. Random crop is now pure Python.$"),
    ("RandomPoisson", {}, "removed in version 25. Replaced by RandomPoissonV2.$"),
])
def test_removed_operations(name: str, given: dict[str, Any], words: str) -> None:
    head = f"Op {name} is not available in GraphDef version 2474. It has been "
    with pytest.raises(UNIMPLEMENTED, match=head + words.rstrip("$")):
        getattr(R, name)(**given)
    with tf.Graph().as_default(), pytest.raises(NotImplementedError, match=head + words):
        getattr(R, name)(**given)


@pytest.mark.parametrize(("name", "last"), [("BatchCholesky", 12), ("BatchMatrixDiag", 13), ("SelfAdjointEig", 10)])
def test_removed_operations_in_graphs_of_their_time(name: str, last: int) -> None:
    x = np.eye(3, dtype=np.float32)
    run_old(tf, name, [x], {"T": tf.float32}, last)
    with pytest.raises(UNIMPLEMENTED, match=f"not available in GraphDef version {last + 1}. It has been removed"):
        run_old(tf, name, [x], {"T": tf.float32}, last + 1)


def test_placeholder_of_earlier_graphs() -> None:
    with pytest.raises(INVALID, match="You must feed a value for placeholder tensor"):
        run_old(tf, "PlaceholderV2", [], {"dtype": tf.float32, "shape": (2,)})


@pytest.mark.parametrize(("name", "arrays", "attrs", "error", "words"), [
    ("RandomCrop", [X[..., None], np.array([7, 2])], {}, tf.errors.FailedPreconditionError, "height = 4, target_height = 7"),
    ("RandomCrop", [X, np.array([2, 2])], {}, INVALID, r"input must be 3-dimensional\[4,3\]"),
    ("RandomCrop", [X[..., None], np.array([2, 2, 2])], {}, INVALID, r"shape_t must have two elements\[3\]"),
    ("AdjustContrast", [X, np.float32(1), np.float32(0), np.float32(1)], {}, INVALID, "must be at least 3-D"),
    ("SelfAdjointEig", [X], {}, (INVALID, ValueError), "must be square|must be equal"),
    ("BatchNormWithGlobalNormalization", [X[0], X[0], X[0], X[0], X[0]],
     {"variance_epsilon": 0.1, "scale_after_normalization": True}, INVALID, r"input must be 4-dimensional\[3\]"),
])
def test_refusal_in_an_earlier_graph(name: str, arrays: list[Any], attrs: dict[str, Any], error: Any, words: str) -> None:
    with pytest.raises(error, match=words):
        run_old(tf, name, arrays, {"T": tf.float32, **attrs})


# Numbers from variables.


def _state() -> Any:
    return tf.Variable(np.array([7, 8, 9], np.int64))


@pytest.mark.parametrize("jit", [False, True])
def test_draws_from_a_variable_in_functions(jit: bool) -> None:
    v, w = _state(), _state()
    f = tf.function(lambda: R.StatefulUniform(resource=v, algorithm=1, shape=[3], dtype=tf.float32), jit_compile=jit)
    for _ in range(3):
        assert f().numpy().tolist() == R.StatefulUniform(resource=w, algorithm=1, shape=[3], dtype=tf.float32).numpy().tolist()
        assert v.numpy().tolist() == w.numpy().tolist()
    assert v.numpy().tolist() == [7 + 9 * 256, 8, 9]


def test_draws_from_a_variable_of_a_graph() -> None:
    with tf.Graph().as_default():
        v = tf.compat.v1.get_variable("v", initializer=np.array([7, 8, 9]))
        shape = tf.compat.v1.placeholder(tf.int64, [1])
        with tf.compat.v1.Session() as session:
            session.run(v.initializer)
            session.run(R.StatefulUniformFullInt(resource=v, algorithm=1, shape=shape), {shape: [4]})
            assert session.run(v).tolist() == [7 + 4 * 256, 8, 9]


def test_reading_and_skipping_in_a_function() -> None:
    v = _state()
    f = tf.function(lambda: R.RngReadAndSkip(resource=v, alg=1, delta=tf.constant(5, tf.uint64)))
    assert f().numpy().tolist() == [7, 8, 9]
    assert f().numpy().tolist() == [7 + 5 * 256, 8, 9]


@pytest.mark.parametrize(("given", "error", "words"), [
    ({"algorithm": 2}, UNIMPLEMENTED, "don't support the ThreeFry algorithm"),
    ({"algorithm": 7}, INVALID, "Unsupported algorithm id: 7"),
    ({"resource": [1, 2]}, INVALID, "must be at least 3; got 2"),
    ({"shape": [-3]}, INVALID, "-3 must be >= 0"),
])
def test_draws_refused(given: dict[str, Any], error: type[Exception], words: str) -> None:
    found = {"algorithm": 1, "shape": [3], "dtype": tf.float32, "resource": [7, 8, 9]} | given
    v = tf.Variable(np.array(found.pop("resource"), np.int64))
    before = v.numpy().tolist()
    with pytest.raises(error, match=words):
        R.StatefulUniform(resource=v, **found)
    assert v.numpy().tolist() == before


def test_bounds_refused() -> None:
    with pytest.raises(INVALID, match="Need minval < maxval, got 5 >= 5"):
        R.StatefulUniformInt(resource=_state(), algorithm=1, shape=[3], minval=5, maxval=5)
    with pytest.raises(INVALID, match=r"minval must be 0-D, got shape \[1\]"):
        R.StatefulUniformInt(resource=_state(), algorithm=1, shape=[3], minval=[4], maxval=5)
    with pytest.raises(INVALID, match="dtype of RNG state variable must be int64, not int32"):
        R.RngReadAndSkip(resource=tf.Variable([1, 2, 3]), alg=1, delta=tf.constant(1, tf.uint64))


@pytest.mark.parametrize(("given", "words"), [
    ({"means": [0.0, 1.0, 2.0]}, r"Input means should have length 1 or shape\[0\], got shape: \[3\]"),
    ({"means": np.zeros((2, 2), np.float32)}, r"Input means should be a scalar or vector, got shape: \[2,2\]"),
    ({"stdevs": -1.0}, "Invalid parameters"),
    ({"minvals": 2.0}, "Invalid parameters"),
    ({"shape": 3}, r"Input shape should be a vector, got shape: \[\]"),
])
def test_bounded_normals_refused(given: dict[str, Any], words: str) -> None:
    with pytest.raises(INVALID, match=words):
        R.ParameterizedTruncatedNormal(**({"shape": [2, 2], "means": 0.0, "stdevs": 1.0, "minvals": -1.0, "maxvals": 1.0}
                                          | given))


def test_functions_of_pythons_without_effects() -> None:
    calls: list[float] = []

    def noted(x: Any) -> Any:
        calls.append(float(x))
        return x + 1

    @tf.function
    def f(x: Any) -> Any:
        tf.numpy_function(noted, [x], tf.float32, stateful=False)
        return tf.numpy_function(noted, [x * 2], tf.float32, stateful=False)
    assert f(tf.constant(1.0)).numpy() == 3
    assert calls == [2]
    types = [node.type for node in f.get_concrete_function(tf.constant(1.0)).graph.get_operations()]
    assert types.count("PyFuncStateless") == 2


@pytest.mark.parametrize("traced", [False, True])
def test_counting_up_moves_the_variable_on(traced: bool) -> None:
    v = tf.Variable(3)
    count = tf.function(lambda: R.ResourceCountUpTo(resource=v, limit=5, T=tf.int32))
    for expected in (3, 4):
        assert (count() if traced else count.python_function()).numpy() == expected
    with pytest.raises(tf.errors.OutOfRangeError, match="Reached limit of 5"):
        count() if traced else count.python_function()
    assert v.numpy() == 5
