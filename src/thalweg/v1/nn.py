"""`tf.nn` of TensorFlow 1: the functions whose arguments it named or meant differently."""
from __future__ import annotations

from .._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "ops.batch_norm": "fused_batch_norm",
    "ops.candidates": "log_uniform_candidate_sampler uniform_candidate_sampler",
    "ops.convolution_v1": "conv1d=conv1d_v1 conv2d=conv2d_v1 conv2d_backprop_filter=conv2d_backprop_filter_v1 "
        "conv2d_backprop_input=conv2d_backprop_input_v1 conv2d_transpose=conv2d_transpose_v1 "
        "conv3d=conv3d_v1 conv3d_backprop_filter=conv3d_backprop_filter_v1 "
        "conv3d_transpose=conv3d_transpose_v1 convolution=convolution_v1 "
        "depthwise_conv2d=depthwise_conv2d_v1 separable_conv2d=separable_conv2d_v1 "
        "depthwise_conv2d_native conv3d_backprop_filter_v2=conv3d_backprop_filter_v1",
    "ops.ctc": "ctc_beam_search_decoder=ctc_beam_search_decoder_v1 ctc_beam_search_decoder_v2=ctc_beam_search_decoder "
        "ctc_loss=ctc_loss_v1 ctc_loss_v2=ctc_loss",
    "ops.depthwise_convolution": "depthwise_conv2d_native_backprop_filter=depthwise_conv2d_backprop_filter "
        "depthwise_conv2d_native_backprop_input=depthwise_conv2d_backprop_input",
    "ops.dropping": "dropout=dropout_v1",
    "ops.losses": "log_softmax=log_softmax_v1 softmax=softmax_v1 softmax_cross_entropy_with_logits_v2 "
        "softmax_cross_entropy_with_logits=softmax_cross_entropy_with_logits_v1 "
        "sparse_softmax_cross_entropy_with_logits=sparse_softmax_cross_entropy_with_logits_v1 "
        "weighted_cross_entropy_with_logits=weighted_cross_entropy_with_logits_v1",
    "ops.normalization": "batch_norm_with_global_normalization=batch_norm_with_global_normalization_v1 "
        "moments=moments_v1 sufficient_statistics=sufficient_statistics_v1 weighted_moments=weighted_moments_v1",
    "ops.plain": "relu_layer xw_plus_b",
    "ops.pooling": "avg_pool_v2=avg_pool max_pool_v2=max_pool",
    "ops.pooling_v1": "avg_pool=avg_pool_v1 dilation2d=dilation2d_v1 erosion2d=erosion2d_v1 "
        "fractional_avg_pool=fractional_avg_pool_v1 fractional_max_pool=fractional_max_pool_v1 "
        "max_pool=max_pool_v1 max_pool_with_argmax=max_pool_with_argmax_v1 pool=pool_v1",
    "ops.quantized": "quantized_avg_pool quantized_conv2d quantized_max_pool quantized_relu_x",
    "ops.sparse.lookup": "embedding_lookup_sparse=embedding_lookup_sparse_v1 "
        "safe_embedding_lookup_sparse=safe_embedding_lookup_sparse_v1",
    "ops.sampled_losses": "embedding_lookup=embedding_lookup_v1 nce_loss=nce_loss_v1 "
        "sampled_softmax_loss=sampled_softmax_loss_v1",
    "v1.recurrent.dynamic": "bidirectional_dynamic_rnn dynamic_rnn",
    "v1.recurrent.raw": "raw_rnn",
    "v1.recurrent.static": "static_bidirectional_rnn static_rnn static_state_saving_rnn",
    "v1.rnn_cell": "rnn_cell=.",
})
