"""`tf.random`: random numbers, TensorFlow's own for TensorFlow's own seeds."""
from __future__ import annotations

from .._lazy import attach as _attach

__getattr__, __dir__ = _attach(__name__, {
    "ops.candidates": "all_candidate_sampler fixed_unigram_candidate_sampler learned_unigram_candidate_sampler "
                      "log_uniform_candidate_sampler uniform_candidate_sampler",
    "ops.random": "categorical gamma normal poisson shuffle truncated_normal uniform",
    "ops.random_state": "set_seed",
    "ops.random_functions": "Algorithm fold_in split stateless_binomial stateless_categorical stateless_gamma "
                            "stateless_normal stateless_parameterized_truncated_normal stateless_poisson "
                            "stateless_truncated_normal stateless_uniform",
    "ops.generator": "Generator create_rng_state get_global_generator set_global_generator",
    "random.experimental": "experimental=.",
})
