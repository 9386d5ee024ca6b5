"""tf.quantization: integers of few bits in the place of real numbers."""
from __future__ import annotations

from ._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "ops.fake_quantization": "fake_quant_with_min_max_args fake_quant_with_min_max_args_gradient "
        "fake_quant_with_min_max_vars fake_quant_with_min_max_vars_gradient "
        "fake_quant_with_min_max_vars_per_channel fake_quant_with_min_max_vars_per_channel_gradient",
    "ops.quantization": "dequantize quantize quantize_and_dequantize quantize_and_dequantize_v2 "
        "quantized_concat",
})
