"""What `tf.TensorShape` and `tf.compat.v1.Dimension` promise."""

import copy
import itertools
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from thalweg.core import shape as shape_module
from thalweg.core.shape import Dimension, TensorShape, as_shape, broadcast_static, unknown_shape

S = TensorShape
UNKNOWN = S(None)
sizes = st.one_of(st.none(), st.integers(0, 3))
shapes = st.one_of(st.none(), st.lists(sizes, max_size=4)).map(S)
concrete = st.lists(st.integers(0, 3), max_size=4).map(tuple)


@pytest.mark.parametrize(
    ("given", "dims"),
    [
        ([1, None, 3], (1, None, 3)), ((), ()), (3, (3,)), (None, None), (S([2]), (2,)), (range(3), (0, 1, 2)),
        ((2, np.int64(3)), (2, 3)), (np.array([2, 3]), (2, 3)), (np.array(3), (3,)),
        ([Dimension(2), Dimension(None)], (2, None)),
        ((i for i in (1, 2)), (1, 2)),
    ],
)  # fmt: skip
def test_what_makes_a_shape(given, dims):
    shape = S(given)
    assert shape._dims == dims
    assert dims is None or all(d is None or type(d) is int for d in dims)


def test_what_makes_none():
    with pytest.raises(ValueError, match="Dimension -1 must be >= 0"):
        S([-1])
    with pytest.raises(TypeError, match="got value '1.5' with type '<class 'float'>'"):
        S([1.5])
    with pytest.raises(TypeError, match="Dimension value must be integer or None"):
        S(3.0)
    with pytest.raises(TypeError, match="Failed to convert ''abc'' to a shape"):
        S("abc")


def test_trusted_constructor():
    assert S.of((1, None)) == S([1, None])


def test_printing():
    assert [str(S(x)) for x in ([1, None], [1], [], None)] == ["(1, None)", "(1,)", "()", "<unknown>"]
    assert repr(S([1, None])) == "TensorShape([1, None])" and repr(UNKNOWN) == "TensorShape(None)"


def test_facts():
    assert S([1, None]).rank == S([1, None]).ndims == 2 and UNKNOWN.rank is None and UNKNOWN.ndims is None
    assert S([1, None]).as_list() == [1, None]
    assert S([2, 3]).num_elements() == 6 and S([]).num_elements() == 1 and S([0, 5]).num_elements() == 0
    assert S([2, None]).num_elements() is None and UNKNOWN.num_elements() is None
    assert S([]).is_fully_defined() and not S([None]).is_fully_defined() and not UNKNOWN.is_fully_defined()
    assert UNKNOWN.dims is None and repr(S([1, None]).dims) == "[Dimension(1), Dimension(None)]"
    with pytest.raises(ValueError, match=r"as_list\(\) is not defined on an unknown TensorShape\."):
        UNKNOWN.as_list()
    with pytest.raises(ValueError, match=r"Shape \(1, None\) is not fully defined"):
        S([1, None]).assert_is_fully_defined()


def test_as_a_sequence():
    shape = S([1, None, 3])
    assert list(shape) == [1, None, 3] and len(shape) == 3 and 3 in shape and list(reversed(shape)) == [3, None, 1]
    assert shape[0] == 1 and shape[1] is None and shape[-1] == 3 and shape[np.int64(2)] == 3
    assert shape[1:] == S([None, 3]) and shape[::2] == S([1, 3]) and shape[5:] == S([])
    assert np.zeros(S([1, 2])).shape == (1, 2)
    with pytest.raises(IndexError):
        _ = shape[3]


def test_unknown_rank_as_a_sequence():
    assert UNKNOWN[0] is None and UNKNOWN[-1] is None
    assert UNKNOWN[1:3] == unknown_shape(2) and UNKNOWN[:3] == unknown_shape(3) and UNKNOWN[2:1] == S([])
    for key in (slice(1, None), slice(-2, None), slice(None, -1), slice(None)):
        assert UNKNOWN[key].rank is None
    with pytest.raises(ValueError, match="Steps are not yet handled"):
        _ = UNKNOWN[::2]
    with pytest.raises(ValueError, match="Cannot iterate over a shape with unknown rank"):
        list(UNKNOWN)
    with pytest.raises(ValueError, match="Cannot take the length of shape with unknown rank"):
        len(UNKNOWN)
    assert bool(S([])) and not UNKNOWN


def test_equality_is_of_what_is_known():
    assert S([1]) == [1] == S((1,)) and (1,) == S([1]) and S([1]) == 1 and UNKNOWN == None  # noqa: E711
    assert S([None]) == S([None]) and S([1]) != S([None]) and UNKNOWN != S([1]) and S([]) != None  # noqa: E711
    assert S([1]) != "a" and S([1]) != object()
    assert hash(S([1, None])) == hash((1, None))
    assert len({S([1]), S([1]), UNKNOWN, UNKNOWN}) == 2


def test_ranks():
    assert S([1]).with_rank(1) == [1] and UNKNOWN.with_rank(2) == [None, None]
    assert UNKNOWN.with_rank_at_least(2).rank is None and UNKNOWN.with_rank_at_most(2).rank is None
    UNKNOWN.assert_has_rank(3)
    UNKNOWN.assert_same_rank([1, 2])
    for check, text in [
        (lambda: S([1]).with_rank(2), r"Shape \(1,\) must have rank 2"),
        (lambda: S([1]).assert_has_rank(2), r"Shape \(1,\) must have rank 2"),
        (lambda: S([1]).with_rank_at_least(2), r"Shape \(1,\) must have rank at least 2"),
        (lambda: S([1]).with_rank_at_most(0), r"Shape \(1,\) must have rank at most 0"),
        (lambda: S([1]).assert_same_rank([1, 2]), r"Shapes \(1,\) and \(1, 2\) must have the same rank"),
    ]:
        with pytest.raises(ValueError, match=text):
            check()


def test_concatenation():
    assert S([1]) + [2, None] == [1, 2, None] and [1] + S([2]) == [1, 2] and (1,) + S([2]) == [1, 2]
    assert S([1]).concatenate(3) == [1, 3]
    assert (S([1]) + None).rank is None and (UNKNOWN + [1]).rank is None


def test_copies():
    for shape in (S([1, None]), UNKNOWN):
        assert pickle.loads(pickle.dumps(shape)) == copy.deepcopy(shape) == shape
    assert as_shape(shape) is shape


def test_incompatible_shapes_say_so():
    with pytest.raises(ValueError, match=r"Shapes \(1, None\) and \(2, 3\) are not compatible"):
        S([1, None]).merge_with([2, 3])
    with pytest.raises(ValueError, match=r"Shapes \(1, None\) and \[2, 2\] are incompatible"):
        S([1, None]).assert_is_compatible_with([2, 2])


@given(shapes, shapes)
def test_merging(a, b):
    if not a.is_compatible_with(b):
        with pytest.raises(ValueError, match="are not compatible"):
            a.merge_with(b)
        return
    merged = a.merge_with(b)
    assert merged == b.merge_with(a)
    assert merged.is_subtype_of(a) and merged.is_subtype_of(b)
    assert merged.merge_with(a) == merged


@given(shapes, shapes, shapes)
def test_merging_in_any_order_gives_the_same(a, b, c):
    try:
        left = a.merge_with(b).merge_with(c)
    except ValueError:
        with pytest.raises(ValueError, match="are not compatible"):
            a.merge_with(b.merge_with(c))
    else:
        assert left == a.merge_with(b.merge_with(c))


@given(shapes)
def test_merging_with_oneself_or_nothing_changes_nothing(a):
    assert a.merge_with(a) == a.merge_with(None) == UNKNOWN.merge_with(a) == a


@given(shapes, shapes)
def test_the_common_supertype_is_the_least_one(a, b):
    joined = a.most_specific_compatible_shape(b)
    assert joined == b.most_specific_compatible_shape(a) == a.most_specific_common_supertype([b])
    assert a.is_subtype_of(joined) and b.is_subtype_of(joined)
    if a.is_subtype_of(b):
        assert joined == b and a.is_compatible_with(b)
    if a.is_subtype_of(b) and b.is_subtype_of(a):
        assert a == b
    assert a.most_specific_common_supertype([[1]]) is None and not a.is_subtype_of([1])


@given(concrete, concrete)
def test_broadcasting_known_shapes_is_numpys(a, b):
    try:
        expected = np.broadcast_shapes(a, b)
    except ValueError:
        with pytest.raises(ValueError, match="Incompatible shapes for broadcasting"):
            broadcast_static(a, b)
    else:
        assert broadcast_static(a, b) == expected


@given(shapes, shapes)
def test_broadcasting_does_not_depend_on_order(a, b):
    try:
        result = broadcast_static(a, b)
    except ValueError:
        with pytest.raises(ValueError, match="Incompatible shapes for broadcasting"):
            broadcast_static(b, a)
    else:
        assert result == broadcast_static(b, a)
        assert broadcast_static(result, a) == result


def _instances(dims):
    return itertools.product(*[(0, 1, 2, 3) if d is None else (d,) for d in dims])


small = st.lists(st.one_of(st.none(), st.integers(0, 3)), max_size=2).map(tuple)


@given(small, small)
def test_what_broadcasting_says_of_partly_known_shapes_holds_for_all_their_instances(a, b):
    results = []
    for x, y in itertools.product(_instances(a), _instances(b)):
        try:
            results.append(np.broadcast_shapes(x, y))
        except ValueError:
            continue
    try:
        static = broadcast_static(a, b)
    except ValueError:
        assert not results
    else:
        assert all(static.is_compatible_with(result) for result in results)


def test_broadcasting_by_example():
    assert broadcast_static([None, 3], [2, 1]) == [2, 3]
    assert broadcast_static([None], [1]) == broadcast_static([None], [None]) == broadcast_static([0], [None]) == [None]
    assert broadcast_static([2, 3, None], [4]) == [2, 3, 4]
    assert broadcast_static([3], None).rank is None
    with pytest.raises(ValueError) as error:
        broadcast_static([2, 3], [2])
    assert str(error.value) == (
        "Incompatible shapes for broadcasting. Two shapes are compatible if for each dimension pair they are either "
        "equal or one of them is 1. Received: (2, 3) and (2,)."
    )


def test_dimension_arithmetic_carries_the_unknown():
    three, unknown = Dimension(3), Dimension(None)
    assert [d.value for d in (three + 2, 2 + three, three - 1, 5 - three, three * 2, 2 * three)] == [5, 5, 2, 2, 6, 6]
    assert [d.value for d in (three // 2, 7 // three, three % 2, 7 % three)] == [1, 2, 1, 1]
    assert all(d.value is None for d in (unknown + 2, 2 * unknown, unknown // 2, 3 + unknown, three - unknown))
    assert str(three) == "3" and str(unknown) == "?" and repr(unknown) == "Dimension(None)"
    assert int(three) == 3 and range(5)[three] == 3 and not unknown and not Dimension(0)
    with pytest.raises(TypeError, match=r"unsupported operand type\(s\) for /: 'Dimension' and 'int', please use //"):
        _ = three / 2
    with pytest.raises(TypeError, match="'int' and 'Dimension'"):
        _ = 2 / three
    with pytest.raises(TypeError):
        _ = three + "a"


def test_dimension_comparisons_of_the_unknown_are_none():
    three, unknown = Dimension(3), Dimension(None)
    assert three == 3 and three != 4 and three < 4 and three <= 3 and three > 2 and three >= 3 and three != "a"
    assert (unknown == unknown) is (unknown < 3) is (three == unknown) is (unknown != 1) is None
    assert three.is_compatible_with(None) and unknown.merge_with(3) == 3 and three.merge_with(unknown) == 3
    with pytest.raises(ValueError, match="Dimensions 3 and 4 are not compatible"):
        three.merge_with(4)
    with pytest.raises(TypeError, match="unhashable"):
        hash(three)
    assert shape_module.as_dimension(three) is three and shape_module.dimension_value(three) == 3
    assert shape_module.dimension_at_index(S([1, 2]), 1) == 2
    assert shape_module.dimension_at_index(UNKNOWN, 1).value is None


def test_the_first_versions_shapes_hold_dimensions():
    shape_module.set_v2_behavior(False)
    try:
        shape = S([1, None])
        assert repr(shape) == "TensorShape([Dimension(1), Dimension(None)])" and str(shape) == "(1, ?)"
        assert type(shape[0]) is Dimension and shape[0] == 1 and [d.value for d in shape] == [1, None]
        assert shape[:1] == S([1]) and UNKNOWN[0].value is None
    finally:
        shape_module.set_v2_behavior(True)
