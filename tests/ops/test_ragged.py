"""Ragged tensors as objects: how they are made, printed, indexed and refused, and where programs take them."""
from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import thalweg as tf
import thalweg.v1 as tf1

R = tf.RaggedTensor
c = tf.ragged.constant


@pytest.fixture
def digits() -> Any:
    return c([[3, 1, 4], [], [1, 5], [9]])


@pytest.fixture
def deep() -> Any:
    return c([[[1, 2], [3]], [], [[4, 5, 6]]])


# Construction.


@pytest.mark.parametrize("make", [
    lambda v: R.from_row_splits(v, [0, 3, 3, 5, 6]), lambda v: R.from_row_lengths(v, [3, 0, 2, 1]),
    lambda v: R.from_row_starts(v, [0, 3, 3, 5]), lambda v: R.from_row_limits(v, [3, 3, 5, 6]),
    lambda v: R.from_value_rowids(v, [0, 0, 0, 2, 2, 3])])
def test_every_encoding_makes_the_same_rows(make: Any) -> None:
    rt = make([3, 1, 4, 1, 5, 9])
    assert rt.to_list() == [[3, 1, 4], [], [1, 5], [9]]
    assert rt.row_splits.numpy().tolist() == [0, 3, 3, 5, 6]
    assert rt.row_lengths().numpy().tolist() == [3, 0, 2, 1]
    assert rt.value_rowids().numpy().tolist() == [0, 0, 0, 2, 2, 3]
    assert rt.row_starts().numpy().tolist() == [0, 3, 3, 5] and rt.row_limits().numpy().tolist() == [3, 3, 5, 6]
    assert int(rt.nrows()) == 4 and rt.row_splits.dtype == tf.int64


def test_uniform_rows_are_part_of_the_shape() -> None:
    rt = R.from_uniform_row_length(c([[1], [2, 3], [], [4]]), 2)
    assert rt.shape.as_list() == [2, 2, None] and rt.ragged_rank == 2
    assert rt.to_list() == [[[1], [2, 3]], [[], [4]]] and int(rt.uniform_row_length) == 2
    assert rt[:, 1].to_list() == [[2, 3], [4]]


def test_nested_encodings() -> None:
    splits, lengths, ids = ([0, 3, 3, 5], [0, 4, 4, 7, 8, 8]), ([3, 0, 2], [4, 0, 3, 1, 0]), \
        ([0, 0, 0, 2, 2], [0, 0, 0, 0, 2, 2, 2, 3])
    values = [3, 1, 4, 1, 5, 9, 2, 6]
    expected = [[[3, 1, 4, 1], [], [5, 9, 2]], [], [[6], []]]
    assert R.from_nested_row_splits(values, splits).to_list() == expected
    assert R.from_nested_row_lengths(values, lengths).to_list() == expected
    assert R.from_nested_value_rowids(values, ids, [3, 5]).to_list() == expected


def filled(ids: Any, values: Any, nrows: Any = 3) -> Any:
    return tf.raw_ops.RaggedFillEmptyRows(value_rowids=tf.constant(ids, tf.int64), values=values, default_value=9.0,
                                          nrows=tf.constant(nrows, tf.int64))


@pytest.mark.parametrize(("make", "error", "text"), [
    (lambda: tf.ragged.range(0.0, float("inf")), tf.errors.InvalidArgumentError, r"Requires \(\(limit - start\) / delta\) <="),
    (lambda: tf.ragged.range(float("nan"), 1.0), tf.errors.InvalidArgumentError, r"Requires \(\(limit - start\) / delta\) <="),
    (lambda: filled([0, 1], [1.0]), tf.errors.InvalidArgumentError, r"length of `values` \(1\) must match .* \(2\)"),
    (lambda: filled([[0]], [1.0]), tf.errors.InvalidArgumentError, r"value_rowids must be a vector, saw: \[1,1\]"),
    (lambda: filled([0], [1.0], [2]), tf.errors.InvalidArgumentError, r"nrows must be a scalar, saw: \[1\]"),
    (lambda: filled([0], [1.0], -1), tf.errors.InvalidArgumentError, "non-negative, got -1"),
    (lambda: filled([0], [1.0], 0), tf.errors.InvalidArgumentError, r"dense_shape\[0\] = 0 but indices.shape\[0\] = 1"),
    (lambda: R.from_row_splits([1, 2, 3], [0, 2, 2]), tf.errors.InvalidArgumentError, "do not form a valid RaggedTensor"),
    (lambda: R.from_row_splits([1, 2, 3], [1, 2, 3]), tf.errors.InvalidArgumentError, "RaggedTensor:zero"),
    (lambda: R.from_row_splits([1, 2, 3], [0, 4, 3]), tf.errors.InvalidArgumentError, "monotonic"),
    (lambda: R.from_row_splits([1, 2, 3], []), ValueError, "row_splits tensor may not be empty."),
    (lambda: R.from_row_splits([1, 2, 3], [[0, 3]]), ValueError, "must have rank 1"),
    (lambda: R.from_row_splits([1], [0.0, 1.0]), ValueError, "row_splits must have dtype int32 or int64"),
    (lambda: R.from_row_splits([1], [0, 1], validate=3), TypeError, "must have type bool"),
    (lambda: R.from_row_lengths([1, 2, 3], [-1, 4]), tf.errors.InvalidArgumentError, "Condition x >= 0 did not hold"),
    (lambda: R.from_row_lengths([1, 2, 3], [2, 2]), tf.errors.InvalidArgumentError, "do not form a valid RaggedTensor"),
    (lambda: R.from_value_rowids([1, 2, 3], [0, 2, 1]), tf.errors.InvalidArgumentError, "from_value_rowids"),
    (lambda: R.from_value_rowids([1, 2, 3], [0, 2, 2], nrows=2), ValueError, r"Expected nrows >= value_rowids\[-1\] \+ 1"),
    (lambda: R.from_row_starts([1, 2, 3], [1, 2]), tf.errors.InvalidArgumentError, "from_row_starts"),
    (lambda: R.from_row_limits([1, 2, 3], [1, 2]), tf.errors.InvalidArgumentError, "do not form a valid RaggedTensor"),
    (lambda: R.from_uniform_row_length([1, 2, 3], 2), ValueError, "times nrows=1 must equal nvals=3"),
    (lambda: R.from_uniform_row_length([1, 2], -1), ValueError, "uniform_row_length must be >= 0."),
    (lambda: R.from_nested_row_splits([1], tf.constant([[0, 1]])), TypeError, "must be a list of Tensors"),
    (lambda: R.from_tensor([1, 2]), ValueError, "rank of a RaggedTensor must be greater than 1"),
    (lambda: R.from_tensor([[1]], lengths=[1], padding=0), ValueError, "but not both"),
    (lambda: R.from_sparse([[1]]), TypeError, "must be of type SparseTensor"),
    (lambda: R.from_sparse(tf.SparseTensor([[0, 1]], [1], [2, 2])), tf.errors.InvalidArgumentError, "not right-ragged"),
    (lambda: R([1], 2), ValueError, "constructor is private"),
    (lambda: c([[1], 2]), ValueError, "same nesting depth"),
    (lambda: c([[1], ["a"]]), ValueError, "mixed types"),
    (lambda: c([[1]], row_splits_dtype=tf.int32) + c([[1]]), ValueError, "mismatched row_splits dtypes")])
def test_arguments_that_do_not_fit(make: Any, error: Any, text: str) -> None:
    with pytest.raises(error, match=text):
        make()


def test_constants() -> None:
    assert c([[1, 2], [3]]).shape.as_list() == [2, None]
    assert c([[[1, 2]], [[3, 4]]], ragged_rank=1).shape.as_list() == [2, None, 2]
    assert c([[[1, 2], [3, 4]], []], inner_shape=(2,)).to_list() == [[[1, 2], [3, 4]], []]
    assert c([[], []]).dtype == tf.float32 and c([["a"], []]).dtype == tf.string
    assert isinstance(c([1, 2]), tf.Tensor) and isinstance(c(3), tf.Tensor)
    assert c([[1]], row_splits_dtype=tf.int32).row_splits.dtype == tf.int32


# What it looks like.


def test_printed_forms(digits: Any, deep: Any) -> None:
    assert repr(digits) == str(digits) == "<tf.RaggedTensor [[3, 1, 4], [], [1, 5], [9]]>"
    assert repr(deep) == "<tf.RaggedTensor [[[1, 2], [3]], [], [[4, 5, 6]]]>"
    assert repr(c([["a"], ["b", "c"]])) == "<tf.RaggedTensor [[b'a'], [b'b', b'c']]>"
    assert repr(R.from_uniform_row_length([1, 2, 3, 4], 2)) == "<tf.RaggedTensor [[1, 2],\n [3, 4]]>"
    assert repr(R.from_row_splits(tf.zeros([3, 0]), [0, 1, 3])) == "<tf.RaggedTensor [[[]], [[], []]]>"
    assert repr(tf.RaggedTensorSpec([None, None], tf.int32)) == \
        "RaggedTensorSpec(TensorShape([None, None]), tf.int32, 1, tf.int64)"
    assert repr(tf.shape(digits)) == "<DynamicRaggedShape lengths=[4, (3, 0, 2, 1)] num_row_partitions=1>"
    with tf.Graph().as_default():
        assert repr(c([[1], [2, 3]])) == ('tf.RaggedTensor(values=Tensor("RaggedConstant/values:0", shape=(3,), dtype=int32), '
                                          'row_splits=Tensor("RaggedConstant/Const:0", shape=(3,), dtype=int64))')


def test_text_in_programs(digits: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert tf.strings.format("<{}>", digits).numpy() == b"<[[3, 1, 4], [], [1, 5], [9]]>"
    assert tf.strings.format("{}", c([list(range(20))])).numpy() == b"[[0, 1, 2, ..., 17, 18, 19]]"

    @tf.function
    def show(x: Any) -> None:
        tf.print("x:", x)
    show(digits)
    assert capsys.readouterr().err == "x: [[3, 1, 4], [], [1, 5], [9]]\n"


def test_numpy_forms(digits: Any) -> None:
    rows = digits.numpy()
    assert rows.dtype == object and [r.tolist() for r in rows] == digits.to_list()
    assert c([[1, 2], [3, 4]]).numpy().tolist() == [[1, 2], [3, 4]]


def test_objects_refuse_what_tensors_refuse(digits: Any) -> None:
    for f, text in ((bool, "may not be used as a boolean"), (len, "has no len"), (hash, "unhashable")):
        with pytest.raises(TypeError, match=text):
            f(digits)
    with pytest.raises(ValueError, match="to a Tensor"):
        tf.convert_to_tensor(digits)
    with pytest.raises(ValueError, match="to a Tensor"):
        tf.linalg.inv(digits)
    assert tf.is_tensor(digits) and (digits == None) is False  # noqa: E711


# Indexing.


@pytest.mark.parametrize(("key", "expected"), [
    (0, [3, 1, 4]), (-1, [9]), (slice(1, 3), [[], [1, 5]]), (slice(None, None, -1), [[9], [1, 5], [], [3, 1, 4]]),
    ((slice(None), slice(1, 3)), [[1, 4], [], [5], []]), ((slice(None), slice(-2, None)), [[1, 4], [], [1, 5], [9]]),
    ((slice(None), slice(None, None, -1)), [[4, 1, 3], [], [5, 1], [9]]), ((2, slice(1, None)), [5]), ((0, 1), 1),
    ((slice(1, None), slice(0, 1)), [[], [1], [9]]), (None, [[[3, 1, 4], [], [1, 5], [9]]]),
    ((slice(None), None), [[[3, 1, 4]], [[]], [[1, 5]], [[9]]]), ((..., None), [[[3], [1], [4]], [], [[1], [5]], [[9]]])])
def test_indexing(digits: Any, key: Any, expected: Any) -> None:
    found = digits[key]
    assert (found.to_list() if isinstance(found, R) else found.numpy().tolist()) == expected
    traced = tf.function(lambda x: x[key])(digits)
    assert (traced.to_list() if isinstance(traced, R) else traced.numpy().tolist()) == expected


def test_indexing_errors(digits: Any) -> None:
    with pytest.raises(IndexError, match="Row key 5 out of bounds"):
        digits[5]
    with pytest.raises(ValueError, match="Cannot index into an inner ragged dimension"):
        digits[:, 0]
    with pytest.raises(TypeError, match="slice offsets must be integers or None"):
        digits[:, "a":]
    with pytest.raises(tf.errors.InvalidArgumentError, match="Index out of bounds"):
        R.from_uniform_row_length([1, 2, 3, 4], 2)[:, 5]
    assert [row.numpy().tolist() for row in digits] == digits.to_list()


# Functions.


def test_rows_that_do_not_fit(digits: Any) -> None:
    with pytest.raises(tf.errors.InvalidArgumentError, match="Condition x == y did not hold"):
        digits + c([[1], [2], [3], [4, 5]])
    with pytest.raises(tf.errors.InvalidArgumentError, match="not squeezable"):
        tf.squeeze(digits, 1)
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"indices\[0\] = 9 is not in \[0, 4\)"):
        tf.gather(digits, [9])
    with pytest.raises(tf.errors.InvalidArgumentError, match="out of range"):
        tf.gather_nd(digits, [[0, 7]])
    with pytest.raises(tf.errors.InvalidArgumentError, match="ragged in their innermost dimension"):
        tf.matmul(c([[1, 2], [3, 4]]), c([[1], [2, 4]]))
    with pytest.raises(ValueError, match="Cannot split a ragged dimension"):
        tf.split(digits, 2, axis=1)
    with pytest.raises(ValueError, match="same outer-dimension size"):
        tf.ragged.map_flat_values(tf.reduce_sum, digits)
    with pytest.raises(ValueError, match=r"Shapes \(4,\) and \(1,\) are incompatible"):
        tf.ragged.boolean_mask(digits, [True])
    with pytest.raises(tf.errors.InvalidArgumentError, match="same shape"):
        tf.ragged.range([1, 2], [3, 4, 5])
    with pytest.raises(ValueError, match="axis=5 out of bounds"):
        tf.reduce_sum(digits, axis=5)


def test_forms_are_found_under_every_name(digits: Any) -> None:
    from thalweg import concat
    assert tf.reduce_sum is tf.math.reduce_sum and concat is tf.concat
    assert concat([digits, digits], 1).to_list() == [[3, 1, 4, 3, 1, 4], [], [1, 5, 1, 5], [9, 9]]
    assert tf.compat.v1.reduce_sum(digits, axis=1).numpy().tolist() == [8, 0, 6, 9]
    assert tf.reduce_sum(input_tensor=digits, axis=1).numpy().tolist() == [8, 0, 6, 9]
    assert (1 + digits).to_list() == (digits + 1).to_list() == (tf.constant(1) + digits).to_list()


def test_every_form_is_listed() -> None:
    from thalweg.names import WITH_FORMS
    from thalweg.ops.ragged.forms import BINARY, CHECKS, OWN, UNARY, V1, _keys, form
    listed = _keys(WITH_FORMS)
    ours = {*OWN, *_keys(UNARY), *_keys(BINARY), *_keys(CHECKS), *(f"{k}_v1" for k in _keys(V1))}
    assert ours <= listed, ours - listed
    for key in sorted(ours):
        assert callable(form(key)), key


def test_operators_and_comparison(digits: Any) -> None:
    assert (digits > 3).to_list() == [[False, False, True], [], [False, True], [True]]
    assert ((digits > 1) & (digits < 5)).to_list() == [[True, False, True], [], [False, False], [False]]
    assert (~(digits > 3))[0].numpy().tolist() == [True, True, False]
    assert (digits == digits).to_list() == [[True] * 3, [], [True] * 2, [True]]
    assert (digits == "a") is False and (digits != "a") is True


def test_map_fn(digits: Any) -> None:
    for f in (lambda g: g, tf.function):
        assert f(lambda x: tf.map_fn(tf.reduce_sum, x, fn_output_signature=tf.int32))(digits).numpy().tolist() == [8, 0, 6, 9]
        assert f(lambda x: tf.map_fn(lambda row: row[:1], x))(digits).to_list() == [[3], [], [1], [9]]
        ranges = f(lambda n: tf.map_fn(tf.range, n, fn_output_signature=tf.RaggedTensorSpec([None], tf.int32)))
        assert ranges(tf.constant([2, 0, 3])).to_list() == [[0, 1], [], [0, 1, 2]]
    with pytest.raises(ValueError, match="Expected `fn` to return a"):
        tf.map_fn(lambda row: tf.reduce_sum(row), digits)


def test_gradients_are_ragged() -> None:
    x = c([[1.0, 2.0], [], [3.0]])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.reduce_sum(x * x, axis=1)
    assert tape.gradient(y, x).to_list() == [[2.0, 4.0], [], [6.0]]
    values = tf.Variable([1.0, 2.0, 3.0])
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(R.from_row_lengths(values, [2, 1]).to_tensor() ** 2.0)
    assert tape.gradient(y, values).numpy().tolist() == [2.0, 4.0, 6.0]


def test_gradients_of_rows_in_functions() -> None:
    x = c([[3.0, 1.0, 4.0], [], [1.0, 5.0], [9.0]])

    @tf.function
    def of_sums(v: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(v)
            y = tf.map_fn(lambda row: tf.reduce_sum(row * row), v, fn_output_signature=tf.float32)
        return tape.gradient(y, v)

    @tf.function
    def of_rows(v: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(v)
            y = tf.reduce_sum(tf.map_fn(lambda row: row * row, v))
        return tape.gradient(y, v)
    for f in (of_sums, of_rows):
        for _ in range(3):  # interpreted, then compiled as far as it can be
            assert f(x).to_list() == [[6.0, 2.0, 8.0], [], [2.0, 10.0], [18.0]]


# Programs.


def test_programs_that_are_compiled_in_part(digits: Any) -> None:
    @tf.function
    def f(x: Any) -> Any:
        return tf.map_fn(tf.reduce_sum, x * 2, fn_output_signature=tf.int32) + tf.reduce_max(x + [[1], [2], [3], [4]], 1)
    for _ in range(4):
        assert f(digits).numpy().tolist() == [21, -2**31, 20, 31]


def test_functions_take_and_return_ragged_tensors(digits: Any) -> None:
    @tf.function
    def f(x: Any) -> Any:
        return {"twice": x * 2, "sum": tf.reduce_sum(x, 1)}
    out = f(digits)
    assert out["twice"].to_list() == [[6, 2, 8], [], [2, 10], [18]] and out["sum"].numpy().tolist() == [8, 0, 6, 9]
    f(c([[1], [2, 3], [4], [5]]))
    assert f.experimental_get_tracing_count() == 1  # the number of values is no part of the type

    @tf.function(input_signature=[tf.RaggedTensorSpec([None, None], tf.int32)])
    def g(x: Any) -> Any:
        return tf.size(x)
    assert int(g(digits)) == 6 and int(g(c([[1]]))) == 1 and g.experimental_get_tracing_count() == 1
    with pytest.raises(TypeError):
        g(tf.constant([1]))
    compiled = tf.function(lambda x: x * 2 + 1, jit_compile=True)
    assert compiled(digits).to_list() == [[7, 3, 9], [], [3, 11], [19]]


def test_control_flow(digits: Any) -> None:
    @tf.function
    def f(x: Any) -> Any:
        return tf.cond(tf.size(x) > 3, lambda: x * 2, lambda: x + 100)
    assert f(digits)[0].numpy().tolist() == [6, 2, 8] and f(c([[1]])).to_list() == [[101]]

    @tf.function
    def g(x: Any) -> Any:
        return tf.while_loop(lambda i, r: i < 3, lambda i, r: (i + 1, r * 2), (0, x))[1]
    assert g(digits)[2].numpy().tolist() == [8, 40]


def test_checks_happen_when_the_graph_runs() -> None:
    f = tf.function(lambda v, s: R.from_row_splits(v, s), input_signature=[
        tf.TensorSpec([None], tf.float32), tf.TensorSpec([None], tf.int64)])
    assert f([1.0, 2.0], tf.constant([0, 2], tf.int64)).to_list() == [[1.0, 2.0]]
    with pytest.raises(tf.errors.InvalidArgumentError, match="do not form a valid RaggedTensor"):
        f([1.0, 2.0], tf.constant([0, 1], tf.int64))


def test_sessions() -> None:
    with tf1.Graph().as_default(), tf1.Session() as session:
        p = tf1.ragged.placeholder(tf.float32, 1, [])
        fed = tf1.ragged.constant_value([[1.0, 2.0], [3.0]], dtype=np.float32)
        twice, sums = session.run([p * 2.0, tf.reduce_sum(p, 1)], {p: fed})
        assert isinstance(twice, tf1.ragged.RaggedTensorValue) and twice.to_list() == [[2.0, 4.0], [6.0]]
        assert sums.tolist() == [3.0, 3.0] and p.shape.as_list() == [None, None]
        assert repr(session.run(c([[1], [2, 3]]))) == \
            "tf.RaggedTensorValue(values=array([1, 2, 3], dtype=int32), row_splits=array([0, 1, 3]))"
        with pytest.raises(ValueError, match="only supported in eager mode"):
            p.numpy()


def test_specs(digits: Any, deep: Any) -> None:
    spec = tf.type_spec_from_value(digits)
    assert spec == tf.RaggedTensorSpec([4, None], tf.int32) and spec.is_compatible_with(digits)
    assert not tf.RaggedTensorSpec([3, None], tf.int32).is_compatible_with(digits)
    assert [s.shape.as_list() for s in tf.type_spec_from_value(deep)._component_specs] == [[None], [4], [None]]
    flat = tf.nest.flatten(deep, expand_composites=True)
    assert len(flat) == 3 and tf.nest.pack_sequence_as(deep, flat, expand_composites=True).to_list() == deep.to_list()
    wide = tf.RaggedTensorSpec([2, None]).most_specific_compatible_type(tf.RaggedTensorSpec([3, None]))
    assert wide == tf.RaggedTensorSpec([None, None])
    for args, error in (((), ValueError), (([None], tf.float32, 1), ValueError), (([None, None], tf.float32, 1.5), TypeError)):
        with pytest.raises(error):
            tf.RaggedTensorSpec(*args)


def test_shapes_as_values(digits: Any) -> None:
    shape = tf.experimental.DynamicRaggedShape.from_lengths([2, (1, 3)])
    assert tf.broadcast_to([[1], [2]], shape).to_list() == [[1], [2, 2, 2]]
    assert tf.reshape([1, 2, 3, 4], shape).to_list() == [[1], [2, 3, 4]] and tf.zeros(shape).to_list() == [[0.0], [0.0] * 3]
    assert shape.rank == 2 and shape.static_lengths() == [2, (1, 3)] and int(shape[0]) == 2
    assert tf.reshape(digits, [2, 3]).numpy().tolist() == [[3, 1, 4], [1, 5, 9]]
    with pytest.raises(ValueError, match="not uniform"):
        shape[1]
    with pytest.raises(ValueError, match="should have 2 elements"):
        tf.experimental.DynamicRaggedShape.from_lengths([2, (1, 3, 4)])


def test_helpers() -> None:
    assert tf.ragged.row_splits_to_segment_ids([0, 3, 3, 5]).numpy().tolist() == [0, 0, 0, 2, 2]
    assert tf.ragged.segment_ids_to_row_splits([0, 0, 0, 2, 2]).numpy().tolist() == [0, 3, 3, 5]
    stacked = tf.ragged.stack_dynamic_partitions(["a", "b", "c", "d"], [2, 0, 2, 1], 4)
    assert stacked.to_list() == [[b"b"], [b"d"], [b"a", b"c"], []]
    assert tf.ragged.stack([tf.constant([1, 2]), tf.constant([3])]).to_list() == [[1, 2], [3]]
    assert tf.ragged_fill_empty_rows([0, 0, 2], [1, 2, 3], 4, -1)[1].numpy().tolist() == [1, 2, -1, 3, -1]
    rates = tf.nn.dropout(c([[1.0] * 50, [1.0]]), 0.5)
    assert rates.shape.as_list() == [2, None] and set(rates.flat_values.numpy().tolist()) <= {0.0, 2.0}
