"""What `tf.nest` promises."""

import collections
import dataclasses
import typing

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from thalweg.core import nest

Point = collections.namedtuple("Point", "x y")
Pair = collections.namedtuple("Pair", "x y")
SamePoint = collections.namedtuple("Point", "x y")


class MyList(list):
    pass


class MyTuple(tuple):
    pass


class MyMapping(collections.abc.Mapping):
    def __init__(self, items):
        self.items_ = dict(items)

    def __getitem__(self, key):
        return self.items_[key]

    def __iter__(self):
        return iter(self.items_)

    def __len__(self):
        return len(self.items_)


@dataclasses.dataclass
class Plain:
    x: int


@dataclasses.dataclass
class Tagged:
    tag: str
    x: typing.Any

    def __tf_flatten__(self):
        return (self.tag,), (self.x,)

    @classmethod
    def __tf_unflatten__(cls, metadata, components):
        return cls(metadata[0], components[0])


class Attribute:
    def __init__(self, name):
        self.name = name


class WithAttrs:
    """As the `attrs` library makes them."""

    __attrs_attrs__ = (Attribute("b"), Attribute("a"))

    def __init__(self, b, a):
        self.b, self.a = b, a

    def __eq__(self, other):
        return (self.b, self.a) == (other.b, other.a)


class IntervalSpec:
    """Describes `Interval`, a value of two parts."""

    def __init__(self, closed):
        self.closed = closed

    def _to_components(self, value):
        return (value.low, value.high)

    def _from_components(self, components):
        return Interval(*components, self.closed)

    @property
    def _component_specs(self):
        return ("low spec", "high spec")

    def is_compatible_with(self, other):
        return self.closed == other.closed


class Interval(nest.CompositeTensor):
    def __init__(self, low, high, closed=True):
        self.low, self.high, self.closed = low, high, closed

    @property
    def _type_spec(self):
        return IntervalSpec(self.closed)


leaves = st.one_of(st.integers(), st.none(), st.text(max_size=3), st.binary(max_size=3), st.floats(allow_nan=False))


def _containers(inner):
    return st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.text(max_size=2), inner, max_size=3),
        st.dictionaries(st.integers(), inner, max_size=3).map(collections.OrderedDict),
        st.tuples(inner, inner).map(lambda xy: Point(*xy)),
        inner.map(lambda x: Tagged("t", x)),
        st.tuples(inner, inner).map(lambda xy: WithAttrs(*xy)),
        st.lists(inner, max_size=3).map(collections.deque),
    )


structures = st.recursive(leaves, _containers, max_leaves=12)


@given(structures)
def test_packing_undoes_flattening(structure):
    flat = nest.flatten(structure)
    packed = nest.pack_sequence_as(structure, flat)
    assert packed == structure and type(packed) is type(structure)
    assert not any(nest.is_nested(leaf) for leaf in flat)
    nest.assert_same_structure(structure, packed)


@given(structures)
def test_mapping_is_mapping_the_leaves(structure):
    mapped = nest.map_structure(lambda x: [x], structure)
    pairs = nest.map_structure(lambda x, y: (x, y), structure, structure)
    assert nest.map_structure(lambda x: x, structure) == structure
    assert nest.flatten(mapped) == nest.flatten(structure)
    assert nest.flatten(pairs) == [leaf for leaf in nest.flatten(structure) for _ in range(2)]


@given(structures)
def test_paths_lead_to_the_leaves(structure):
    paths = nest.flatten_with_path(structure)
    assert [leaf for _, leaf in paths] == nest.flatten(structure)
    assert len({path for path, _ in paths}) == len(paths)


@given(structures, st.integers(1, 3))
def test_packing_needs_as_many_leaves(structure, extra):
    flat = nest.flatten(structure)
    for wrong in (flat + [0] * extra, flat[:-extra] if len(flat) >= extra else [0] * (len(flat) + 1)):
        with pytest.raises(ValueError, match="Could not pack sequence|The target structure is of type"):
            nest.pack_sequence_as(structure, wrong)


@pytest.mark.parametrize(
    ("structure", "flat"),
    [
        (1, [1]), (None, [None]), ("abc", ["abc"]), ([], []), ([[], ()], []),
        ([1, (2, [3]), {"b": 4, "a": 5}], [1, 2, 3, 5, 4]),
        (collections.OrderedDict([("b", 1), ("a", 2)]), [2, 1]), (MyMapping({"b": 1, "a": 2}), [2, 1]),
        (Point(1, [2]), [1, 2]), (Tagged("t", 5), [5]), (WithAttrs(1, [2]), [1, 2]), (Plain(1), [Plain(1)]),
        ({1, 2}, [{1, 2}]), (range(2), [0, 1]), ({1: 2, 0: 3}.values(), [2, 3]), ({1: 2}.items(), [1, 2]),
        (bytearray(b"ab"), [97, 98]),
    ],
)  # fmt: skip
def test_what_is_a_container(structure, flat):
    assert nest.flatten(structure) == flat
    assert nest.is_nested(structure) == (flat != [structure])


def test_arrays_are_leaves():
    array = np.ones(2)
    assert nest.flatten(array)[0] is array and not nest.is_nested(array)


def test_flattening_a_list_copies_it():
    values = [1, 2]
    flat = nest.flatten(values)
    assert flat == values and flat is not values and nest.flatten((1, 2)) == [1, 2]


def test_keys_must_be_sortable():
    with pytest.raises(TypeError, match="nest only supports dicts with sortable keys"):
        nest.flatten({1: 2, "a": 3})


@pytest.mark.parametrize(
    "structure",
    [
        {"z": 1, "a": 2}, collections.OrderedDict([("z", 1), ("a", 2)]), collections.Counter("aab"), MyList([1, 2]),
        MyTuple([1, 2]), Point(1, 2), collections.deque([1, 2]), collections.UserList([1]),
    ],
)  # fmt: skip
def test_mapping_keeps_type_and_order(structure):
    result = nest.map_structure(lambda x: x, structure)
    assert type(result) is type(structure) and list(result) == list(structure) and result == structure


def test_mapping_keeps_a_default_factory():
    result = nest.map_structure(lambda x: x + 1, collections.defaultdict(list, b=1, a=2))
    assert result == {"a": 3, "b": 2} and result.default_factory is list


def test_what_cannot_be_made_anew_becomes_a_list():
    assert nest.map_structure(lambda x: x + 1, range(2)) == [1, 2]
    assert nest.map_structure(lambda x: x + 1, {1: 2}.values()) == [3]


def test_mapping_several_structures():
    assert nest.map_structure(lambda a, b: a + b, {"a": 1, "b": [2]}, {"b": [3], "a": 4}) == {"a": 5, "b": [5]}
    assert nest.map_structure(lambda a, b: a + b, [1, 2], (3, 4), check_types=False) == [4, 6]


def test_misuse_of_map_structure():
    with pytest.raises(TypeError, match="func must be callable, got: 3"):
        nest.map_structure(3, [1])
    with pytest.raises(ValueError, match="Must provide at least one structure"):
        nest.map_structure(len)
    with pytest.raises(ValueError, match="Only valid keyword arguments are .* not: `foo`"):
        nest.map_structure(len, [1], foo=3)


def test_misuse_of_pack_sequence_as():
    with pytest.raises(TypeError, match="found incompatible type `<class 'int'>` instead"):
        nest.pack_sequence_as([1], 10)
    with pytest.raises(ValueError) as error:
        nest.pack_sequence_as([1, [2]], [10])
    assert str(error.value) == (
        "Could not pack sequence. Structure had 2 atoms, but flat_sequence had 1 items.  "
        "Structure: [1, [2]], flat_sequence: [10]."
    )
    with pytest.raises(ValueError, match="nest cannot guarantee that it is safe to map one to the other"):
        nest.pack_sequence_as(1, [10, 20])


def test_a_class_that_cannot_be_rebuilt_says_why():
    class Stubborn(MyMapping):
        def __init__(self, items, more):
            super().__init__(items)

    with pytest.raises(TypeError, match="must accept a single positional argument representing an iterable"):
        nest.map_structure(lambda x: x, Stubborn({"a": 1}, None))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ([1, [2]], [3, [4]]), ([1], MyList([1])), ({"a": 1}, collections.OrderedDict(a=2)),
        ({"a": 1}, MyMapping({"a": 2})), (Point(1, 2), SamePoint(3, 4)), (Tagged("t", 1), Tagged("u", 2)), ("ab", 5),
        (WithAttrs(1, 2), WithAttrs(3, 4)),
    ],
)  # fmt: skip
def test_same_structure(a, b):
    nest.assert_same_structure(a, b)
    nest.assert_same_structure(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ([1], (1,)), ((1,), MyTuple([1])), (Point(1, 2), Pair(1, 2)), (Point(1, 2), (1, 2)), ({"a": 1}, [1]),
        (range(1), [1]),
    ],
)  # fmt: skip
def test_other_container_types(a, b):
    for x, y in ((a, b), (b, a)):
        with pytest.raises(TypeError, match="don't have the same sequence type"):
            nest.assert_same_structure(x, y)
        nest.assert_same_structure(x, y, check_types=False)


@pytest.mark.parametrize(
    ("a", "b", "reason"),
    [
        ([1, 2], [3], "don't have the same number of elements"),
        ([1, 2], 1, r'"type=list str=\[1, 2\]" is a sequence, while substructure "type=int str=1" is not'),
        ([1, [2]], [1, 2], "is a sequence, while"),
        ({"a": 1}, {"b": 1}, "don't have the same set of keys. First structure has keys type=list str=\\['a'\\]"),
        ({"a": [1, 2]}, {"a": [1, 2, 3]}, "same number of elements. First structure: type=list str=\\[1, 2\\]"),
    ],
)
def test_other_forms(a, b, reason):
    for x, y in ((a, b), (b, a)):
        with pytest.raises(ValueError, match="The two structures don't have the same nested structure"):
            nest.assert_same_structure(x, y)
    with pytest.raises(ValueError, match=reason):
        nest.assert_same_structure(a, b)


def test_the_message_draws_both_structures():
    with pytest.raises(ValueError) as error:
        nest.assert_same_structure([1, {"a": 2}], [1, {"a": [2, 3]}])
    assert str(error.value).endswith(
        "Entire first structure:\n[., {'a': .}]\nEntire second structure:\n[., {'a': [., .]}]"
    )


def test_paths():
    structure = [1, (2, {"b": 3, "a": Point(5, 6)}), WithAttrs(7, 8), Tagged("t", 9)]
    assert nest.flatten_with_path(structure) == [
        ((0,), 1), ((1, 0), 2), ((1, 1, "a", "x"), 5), ((1, 1, "a", "y"), 6), ((1, 1, "b"), 3),
        ((2, "b"), 7), ((2, "a"), 8), ((3, 0), 9),
    ]  # fmt: skip
    assert nest.flatten_with_path(1) == [((), 1)]
    assert nest.map_structure_with_path(lambda path, x: (path, x), {"a": [1]}) == {"a": [(("a", 0), 1)]}


def test_composites_are_leaves_until_expanded():
    value = Interval(1, 2)
    assert nest.flatten([value, 3]) == [value, 3] and not nest.is_nested(value)
    assert nest.flatten([value, 3], expand_composites=True) == [1, 2, 3]
    assert nest.flatten(value._type_spec, expand_composites=True) == ["low spec", "high spec"]
    doubled = nest.map_structure(lambda x: 2 * x, [value], expand_composites=True)
    assert (doubled[0].low, doubled[0].high) == (2, 4)
    nest.assert_same_structure(value, Interval(3, 4), expand_composites=True)
    with pytest.raises(ValueError, match="Incompatible CompositeTensor TypeSpecs"):
        nest.assert_same_structure(value, Interval(3, 4, closed=False), expand_composites=True)
