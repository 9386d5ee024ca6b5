"""tf.nn: activations, losses, normalisation, convolution."""
from __future__ import annotations

from ._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "nn_experimental": "experimental=.",
    "ops.activations": "bias_add crelu elu gelu leaky_relu relu relu6 selu silu softplus softsign swish",
    "ops.averaging": "compute_average_loss scale_regularization_loss",
    "ops.candidates": "all_candidate_sampler compute_accidental_hits fixed_unigram_candidate_sampler "
        "learned_unigram_candidate_sampler",
    "ops.convolution": "atrous_conv2d atrous_conv2d_transpose conv1d conv1d_transpose conv2d conv2d_transpose conv3d "
        "conv3d_transpose conv_transpose convolution",
    "ops.ctc": "collapse_repeated ctc_beam_search_decoder ctc_greedy_decoder ctc_loss ctc_unique_labels",
    "ops.depthwise_convolution": "depthwise_conv2d depthwise_conv2d_backprop_filter depthwise_conv2d_backprop_input "
        "separable_conv2d with_space_to_batch",
    "ops.dropping": "dropout",
    "ops.elementwise": "sigmoid",
    "ops.fractional_pool": "fractional_avg_pool fractional_max_pool",
    "ops.isotonic": "isotonic_regression",
    "ops.losses": "l2_loss l2_normalize log_poisson_loss log_softmax sigmoid_cross_entropy_with_logits softmax "
        "softmax_cross_entropy_with_logits sparse_softmax_cross_entropy_with_logits "
        "weighted_cross_entropy_with_logits",
    "ops.masking": "embedding_lookup",
    "ops.morphology": "dilation2d erosion2d",
    "ops.normalization": "batch_norm_with_global_normalization batch_normalization local_response_normalization "
        "lrn=local_response_normalization moments normalize_moments sufficient_statistics "
        "weighted_moments",
    "ops.pooling": "avg_pool avg_pool1d avg_pool2d avg_pool3d max_pool max_pool1d max_pool2d max_pool3d "
        "max_pool_with_argmax pool",
    "ops.reductions": "zero_fraction",
    "ops.sampled_losses": "nce_loss sampled_softmax_loss",
    "ops.sorting": "top_k",
    "ops.spatial": "depth_to_space space_to_batch space_to_depth",
    "ops.sparse.lookup": "embedding_lookup_sparse safe_embedding_lookup_sparse",
    "ops.topk": "approx_max_k approx_min_k in_top_k",
    "ops.trigonometry": "tanh",
    "v1.recurrent.keras_wrappers": "RNNCellDeviceWrapper=DeviceWrapper RNNCellDropoutWrapper=DropoutWrapper "
        "RNNCellResidualWrapper=ResidualWrapper",
})
