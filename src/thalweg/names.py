"""Where the names of `tf.*` live: read by the package's `__getattr__`, so that a module loads at first use."""
from __future__ import annotations

FAMILIES = (
    "activations", "arithmetic", "arrays", "averaging", "bands", "batch_norm", "bitwise", "bounded_normal",
    "broadcasting", "casting", "choosing", "clip", "comparison", "complex_numbers", "contraction", "conv",
    "conv_call", "conv_numpy", "conv_xla", "convolution", "cosine", "counting", "creation", "cumulative",
    "decompositions", "depthwise_convolution", "diagonals", "dropping", "dynamic", "eigen_order", "einsum",
    "elementwise", "fourier", "fourier_calls", "fractional_pool", "framing", "gamma_gradient", "gathering",
    "generator", "graph_nodes", "image_color", "image_crop", "image_patches", "image_resize", "image_warp", "indexing", "joining", "layout", "linalg",
    "linear_systems", "list_values", "losses", "masking", "matmul", "matrix_functions", "morphology",
    "normalization", "norms", "philox", "philox_draws", "pool", "pool_numpy", "pool_xla", "pooling", "products", "ragged.kernels",
    "random", "random_draws", "random_functions", "random_state", "random_stateless", "ranges", "recurrent",
    "recurrent_gru", "reduce", "reductions", "scattering", "segment", "sequences", "signal_windows", "slicing",
    "softmax", "sorting", "sparse_segment", "spatial", "special", "special_gamma", "special_kernels",
    "special_tables", "spectral", "state", "string_format", "tensor_lists", "text.elements", "text.hash_ops",
    "text.joining", "text.numbers", "text.regex", "text.splitting", "text.unicode", "time_frequency", "topk",
    "training_blocks", "training_ops", "tridiagonal", "trigonometry", "whole_lists", "windows",
)
"""The modules of `ops` that register entries."""

TOP_LEVEL = {
    "bitwise": "bitwise=.",
    "compat": "compat=.",
    "config": "config=.",
    "core.backprop": "no_gradient RegisterGradient=register_gradient",
    "core.graph": "Graph",
    "core.indexed_slices_spec": "IndexedSlicesSpec",
    "core.scopes": "name_scope",
    "core.sparse_tensor": "SparseTensor SparseTensorSpec",
    "core.symbol": "Operation",
    "core.tensor_spec": "TensorSpec",
    "core.type_spec": "TypeSpec type_spec_from_value",
    "debugging": "debugging=.",
    "dtypes": "dtypes=.",
    "experimental": "experimental=.",
    "image": "image=.",
    "keras": "keras=.",
    "linalg": "linalg=.",
    "math": "math=.",
    "nest": "nest=.",
    "nn": "nn=.",
    "ops.arithmetic": "add add_n divide maximum minimum multiply pow realdiv=divide subtract truediv truncatediv "
        "truncatemod",
    "ops.arrays": "broadcast_dynamic_shape broadcast_static_shape broadcast_to concat expand_dims pad "
        "parallel_stack repeat reshape reverse roll split squeeze stack tile transpose unstack",
    "ops.casting": "bitcast cast saturate_cast",
    "ops.clip": "clip_by_global_norm clip_by_norm clip_by_value",
    "ops.common": "get_static_value=constant_value",
    "ops.comparison": "equal greater greater_equal less less_equal logical_and logical_not logical_or not_equal",
    "ops.complex_numbers": "complex",
    "ops.counting": "histogram_fixed_width histogram_fixed_width_bins",
    "ops.creation": "constant ensure_shape fill guarantee_const identity identity_n no_op ones ones_like rank shape "
        "shape_n size stop_gradient zeros zeros_like",
    "ops.cumulative": "cumsum",
    "ops.einsum": "einsum",
    "ops.elementwise": "abs exp floor negative round scalar_mul sigmoid sign sqrt square",
    "ops.gathering": "gather gather_nd",
    "ops.indexing": "slice=slice_of strided_slice",
    "ops.masking": "boolean_mask dynamic_partition dynamic_stitch reverse_sequence where",
    "ops.matmul": "matmul tensordot",
    "ops.norms": "norm",
    "ops.ranges": "eye linspace meshgrid one_hot range sequence_mask",
    "ops.ragged.spec": "RaggedTensorSpec",
    "ops.ragged.types": "RaggedTensor",
    "ops.reductions": "argmax argmin reduce_all reduce_any reduce_logsumexp reduce_max reduce_mean reduce_min "
        "reduce_prod reduce_sum",
    "ops.scattering": "scatter_nd tensor_scatter_nd_add tensor_scatter_nd_max tensor_scatter_nd_min "
        "tensor_scatter_nd_sub tensor_scatter_nd_update",
    "ops.sorting": "argsort searchsorted sort unique unique_with_counts unravel_index",
    "ops.spatial": "batch_to_space required_space_to_batch_paddings space_to_batch space_to_batch_nd=space_to_batch",
    "ops.spectral": "eig eigvals",
    "ops.trigonometry": "acos acosh asin asinh atan atan2 atanh cos cosh sin sinh tan tanh",
    "ops.text.hash_ops": "fingerprint",
    "ops.text.numbers": "as_string",
    "ragged": "ragged=.",
    "random": "random=.",
    "raw_ops": "raw_ops=.",
    "runtime.branches": "case cond switch_case",
    "core.device_spec": "DeviceSpec",
    "runtime.placement": "device",
    "runtime.explain": "explain",
    "runtime.function": "function",
    "runtime.gradients": "gradients hessians",
    "runtime.graph_scopes": "control_dependencies grad_pass_through group recompute_grad tuple",
    "runtime.host_calls": "numpy_function py_function",
    "runtime.loops": "while_loop",
    "runtime.maps": "foldl foldr map_fn scan vectorized_map",
    "runtime.module": "Module",
    "runtime.printing": "Assert print",
    "runtime.scope": "init_scope",
    "runtime.tensor_array": "TensorArray",
    "signal": "signal=.",
    "sparse": "sparse=.",
    "strings": "strings=.",
}
"""For each module its names, separated by spaces; `public=own` renames, `name=.` is the module itself."""

WITH_FORMS = {
    "ops.arrays": "broadcast_dynamic_shape broadcast_to concat expand_dims reshape reverse split squeeze stack tile",
    "ops.arithmetic": "add add_n divide divide_no_nan floordiv floormod maximum minimum multiply multiply_no_nan pow "
        "squared_difference subtract truediv truncatediv truncatemod",
    "ops.casting": "bitcast cast saturate_cast",
    "ops.clip": "clip_by_value",
    "ops.complex_numbers": "angle complex conj imag real",
    "ops.creation": "fill identity ones ones_like rank shape size zeros zeros_like",
    "ops.elementwise": "abs log_sigmoid reciprocal_no_nan round scalar_mul",
    "ops.reductions": "reduce_all reduce_any reduce_max reduce_mean reduce_min reduce_prod reduce_std reduce_sum "
        "reduce_variance",
}
"""For each module the functions that have forms for composite arguments (see `core.composite`): what is made of several
tensors is an argument like another, once a conversion to a tensor has failed. Operations element by element that convert
their arguments with `ops.common.unary` and `binary` need no place here."""
