"""Initializers: what they promise beyond the golden values."""
from __future__ import annotations

import numpy as np
import pytest

from thalweg.keras import initializers, random


def test_unknown_name_says_what_it_resembles() -> None:
    with pytest.raises(ValueError) as caught:
        initializers.get("glorot_unifrom")
    assert str(caught.value) == "Could not interpret initializer identifier: glorot_unifrom"
    assert caught.value.__notes__ == ["Did you mean 'glorot_uniform'?"]


@pytest.mark.parametrize("name", ["he_normal", "HeNormal", "zeros", "normal", "OrthogonalInitializer"])
def test_names(name: str) -> None:
    assert isinstance(initializers.get(name), initializers.Initializer)


def test_arrays_classes_and_configs() -> None:
    assert initializers.get(None) is None
    assert isinstance(initializers.get(initializers.Ones), initializers.Ones)
    np.testing.assert_array_equal(initializers.get(np.arange(3.0))((3,), dtype="float32").numpy(), [0, 1, 2])
    again = initializers.get(initializers.serialize(initializers.Constant(3.0)))
    np.testing.assert_array_equal(again((2,)).numpy(), [3.0, 3.0])
    assert initializers.HeNormal(seed=3).clone().seed == 3


def test_a_seed_generator_survives_its_config() -> None:
    made = initializers.GlorotUniform(seed=random.SeedGenerator(3, name="g"))
    again = initializers.deserialize(initializers.serialize(made))
    assert isinstance(again.seed, random.SeedGenerator)
    np.testing.assert_array_equal(again((2, 2)).numpy(), made((2, 2)).numpy())


def test_unseeded_initializers_follow_the_global_seed() -> None:
    random.set_random_seed(3)
    first = initializers.GlorotUniform()((2, 2)).numpy()
    second = initializers.GlorotUniform()((2, 2)).numpy()
    random.set_random_seed(3)
    np.testing.assert_array_equal(initializers.GlorotUniform()((2, 2)).numpy(), first)
    assert (first != second).all()


def test_draws_without_a_seed_differ() -> None:
    assert random.normal((3,)).numpy().tolist() != random.normal((3,)).numpy().tolist()


def test_seed_sequences() -> None:
    generator = random.SeedGenerator(5)
    assert [generator.next().numpy().tolist() for _ in range(2)] == [[5, 0], [5, 1]]
    assert generator.next(ordered=False).numpy().tolist() == [5, 2]
    assert generator.state.numpy().tolist() == [6 * 5387 % 933199, 3 * 5387]
