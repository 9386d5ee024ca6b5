"""Where the names of `tf.*` live: read by the package's `__getattr__`, so that a module loads at first use."""
from __future__ import annotations

FAMILIES = (
    "activations", "arithmetic", "bitwise", "broadcasting", "casting", "clip", "comparison", "complex_numbers",
    "creation", "elementwise", "joining", "layout", "matmul", "products", "random", "random_stateless", "ranges",
    "reduce", "softmax", "trigonometry",
)
"""The modules of `ops` that register entries."""

TOP_LEVEL = {
    "autodiff": "autodiff=.",
    "bitwise": "bitwise=.",
    "config": "config=.",
    "core.backprop": "no_gradient RegisterGradient=register_gradient",
    "core.scopes": "name_scope",
    "core.tensor_spec": "TensorSpec TypeSpec",
    "experimental": "experimental=.",
    "keras": "keras=.",
    "linalg": "linalg=.",
    "math": "math=.",
    "nest": "nest=.",
    "nn": "nn=.",
    "ops.arithmetic": "add add_n divide maximum minimum multiply pow subtract truediv truncatediv truncatemod",
    "ops.arrays": "broadcast_dynamic_shape broadcast_static_shape broadcast_to concat expand_dims pad "
        "parallel_stack repeat reshape reverse roll split squeeze stack tile transpose unstack",
    "ops.casting": "bitcast cast saturate_cast",
    "ops.clip": "clip_by_global_norm clip_by_norm clip_by_value",
    "ops.common": "get_static_value=constant_value",
    "ops.comparison": "equal greater greater_equal less less_equal logical_and logical_not logical_or not_equal",
    "ops.complex_numbers": "complex",
    "ops.creation": "constant ensure_shape fill guarantee_const identity identity_n no_op ones ones_like rank shape "
        "shape_n size stop_gradient zeros zeros_like",
    "ops.elementwise": "abs exp floor function negative round scalar_mul sigmoid sign sqrt square",
    "ops.matmul": "matmul tensordot",
    "ops.ranges": "eye linspace meshgrid one_hot range sequence_mask",
    "ops.reductions": "argmax argmin reduce_all reduce_any reduce_logsumexp reduce_max reduce_mean reduce_min "
        "reduce_prod reduce_sum",
    "ops.trigonometry": "acos acosh asin asinh atan atan2 atanh cos cosh sin sinh tan tanh",
    "random": "random=.",
}
"""For each module its names, separated by spaces; `public=own` renames, `name=.` is the module itself."""
