"""The names of TensorFlow 1: where those live that it defined differently, and what others are called today."""
from __future__ import annotations

NAMES = {
    "ops.clip": "clip_by_average_norm",
    "ops.casting": "to_bfloat16 to_complex64 to_complex128",
    "ops.comparison": "where=where_v1",
    "ops.counting": "bincount=bincount_v1 confusion_matrix=confusion_matrix_v1",
    "ops.image.patches": "extract_image_patches extract_volume_patches",
    "ops.norms": "norm=norm_v1",
    "ops.reductions": "arg_max=argmax_v1 arg_min=argmin_v1 argmax=argmax_v1 argmin=argmin_v1 "
        "count_nonzero=count_nonzero_v1 reduce_all=reduce_all_v1 reduce_any=reduce_any_v1 "
        "reduce_logsumexp=reduce_logsumexp_v1 reduce_max=reduce_max_v1 reduce_mean=reduce_mean_v1 "
        "reduce_min=reduce_min_v1 reduce_prod=reduce_prod_v1 reduce_sum=reduce_sum_v1",
    "ops.random": "multinomial random_poisson",
    "ops.plain": "quantize_v2",
    "ops.sorting": "setdiff1d",
    "ops.sparse_segment": "sparse_segment_mean=sparse_segment_mean_v1 sparse_segment_sqrt_n=sparse_segment_sqrt_n_v1 "
        "sparse_segment_sum=sparse_segment_sum_v1",
    "ops.text.elements": "string_strip=strip substr=substr_v1",
    "ops.text.hash_ops": "string_to_hash_bucket=to_hash_bucket_v1 string_to_hash_bucket_fast=to_hash_bucket_fast "
        "string_to_hash_bucket_strong=to_hash_bucket_strong",
    "ops.text.joining": "reduce_join=reduce_join_v1 string_join=join",
    "ops.text.numbers": "string_to_number=to_number_v1",
    "ops.text.parts": "string_split=string_split_v1",
    "ops.text.regex": "regex_replace",
    "core.indexed_slices": "convert_to_tensor_or_indexed_slices",
    "ops.sparse.tensor": "SparseTensorValue convert_to_tensor_or_sparse_tensor",
    "ops.sparse.making": "sparse_tensor_to_dense=to_dense sparse_to_dense sparse_to_indicator=to_indicator",
    "ops.sparse.maths": "sparse_maximum=maximum sparse_minimum=minimum sparse_softmax=softmax "
        "sparse_tensor_dense_matmul=sparse_dense_matmul",
    "ops.sparse.parts": "sparse_fill_empty_rows=fill_empty_rows sparse_mask=mask sparse_retain=retain sparse_slice=slice",
    "ops.sparse.product": "sparse_matmul",
    "ops.sparse.serial": "deserialize_many_sparse serialize_many_sparse=serialize_many_sparse_v1 "
        "serialize_sparse=serialize_sparse_v1",
    "ops.sparse.shapes": "sparse_reorder=reorder sparse_reset_shape=reset_shape sparse_reshape=reshape "
        "sparse_transpose=transpose",
    "ops.sparse.v1": "sparse_add=add sparse_concat=concat sparse_merge=merge "
        "sparse_reduce_max=reduce_max sparse_reduce_max_sparse=reduce_max_sparse sparse_reduce_sum=reduce_sum "
        "sparse_reduce_sum_sparse=reduce_sum_sparse sparse_split=split",
    "core.device_spec": "DeviceSpec=DeviceSpecV1",
    "ops.lookup.tables": "tables_initializer initialize_all_tables=tables_initializer",
    "ops.examples.features": "FixedLenFeature FixedLenSequenceFeature SparseFeature VarLenFeature",
    "ops.examples.parsing": "decode_json_example parse_example=parse_example_v1 parse_single_example=parse_single_example_v1 "
        "parse_sequence_example parse_single_sequence_example",
    "ops.files.csv": "decode_csv=decode_csv_v1",
    "ops.files.decoding": "decode_base64 decode_compressed decode_raw=decode_raw_v1 encode_base64",
    "ops.files.reading": "matching_files read_file write_file",
    "ops.files.tensors": "parse_tensor serialize_tensor",
    "ops.ragged.gathering": "batch_gather",
    "core.graph": "Graph get_default_graph reset_default_graph",
    "core.tape": "GradientTape",
    "runtime.session": "Session InteractiveSession",
    "core.dimension": "Dimension dimension_value",
    "core.shape": "dimension_at_index",
    "v1.behavior": "control_flow_v2_enabled disable_control_flow_v2 disable_eager_execution disable_resource_variables "
        "disable_tensor_equality disable_v2_behavior disable_v2_tensorshape enable_control_flow_v2 enable_eager_execution "
        "enable_resource_variables enable_tensor_equality enable_v2_behavior enable_v2_tensorshape "
        "resource_variables_enabled",
    "v1.state": "assert_variables_initialized count_up_to fixed_size_partitioner make_template min_max_variable_partitioner "
        "no_regularizer scatter_add scatter_div scatter_max scatter_min scatter_mul scatter_nd_add scatter_nd_sub "
        "scatter_nd_update scatter_sub scatter_update variable_axis_size_partitioner",
    "core.backprop": "NoGradient=no_gradient NotDifferentiable=no_gradient",
    "core.errors": "OpError",
    "ops.random_state": "get_seed=get_seed_or_none",
    "core.dtypes": "QUANTIZED_DTYPES",
    "v1.app": "app=.",
    "v1.flags": "flags=.",
    "v1.scaling": "uniform_unit_scaling_initializer",
    "v1.random": "random=.",
    "v1.collections": "GraphKeys add_to_collection add_to_collections get_collection get_collection_ref global_variables "
        "all_variables=global_variables trainable_variables local_variables model_variables moving_average_variables",
    "v1.control": "cond while_loop py_func tuple",
    "v1.saved_model": "saved_model=.",
    "saved_model.protos": "MetaGraphDef TensorInfo",
    "v1.config": "ConfigProto GPUOptions GraphOptions RunOptions RunMetadata OptimizerOptions",
    "v1.data": "data=.",
    "v1.debugging": "debugging=. add_check_numerics_ops assert_equal assert_greater assert_greater_equal assert_integer "
        "assert_less assert_less_equal assert_near assert_negative assert_non_negative assert_non_positive assert_none_equal "
        "assert_positive assert_rank assert_rank_at_least assert_rank_in assert_scalar assert_type "
        "verify_tensor_all_finite",
    "ops.numerics": "check_numerics",
    "ops.sequences": "is_non_decreasing is_strictly_increasing",
    "ops.shape_assertions": "assert_proper_iterable assert_same_float_dtype is_numeric_tensor",
    "version": "COMPILER_VERSION GIT_VERSION GRAPH_DEF_VERSION GRAPH_DEF_VERSION_MIN_CONSUMER "
        "GRAPH_DEF_VERSION_MIN_PRODUCER VERSION",
    "v1.feature_column": "feature_column=.",
    "v1.framework": "placeholder placeholder_with_default gradients hessians set_random_seed get_default_session "
        "control_dependencies colocate_with device name_scope op_scope Print",
    "v1.examples": "examples=.",
    "formats.graph_import": "import_graph_def",
    "formats.graph_proto": "AttrValue GraphDef NameAttrList NodeDef",
    "v1.graph_util": "graph_util=.",
    "v1.image": "image=.",
    "v1.initializers": "initializers=. zeros_initializer ones_initializer constant_initializer random_normal_initializer "
        "random_uniform_initializer truncated_normal_initializer variance_scaling_initializer glorot_uniform_initializer "
        "glorot_normal_initializer orthogonal_initializer",
    "v1.layers": "layers=.",
    "v1.logging": "logging=.",
    "v1.losses": "losses=.",
    "v1.metrics": "metrics=.",
    "v1.gfile": "gfile=.",
    "v1.io": "io=.",
    "v1.lookup": "lookup=.",
    "v1.linalg": "linalg=.",
    "v1.manip": "manip=.",
    "v1.math": "div expand_dims squeeze to_float=to_float32 to_double=to_float64 to_int32 to_int64",
    "v1.nn": "nn=.",
    "v1.sparse": "sparse=.",
    "v1.sparse_tensors": "sparse_placeholder",
    "v1.spectral": "spectral=.",
    "v1.strings": "strings=.",
    "v1.summary": "summary=.",
    "formats.event_proto": "Event HistogramProto LogMessage SessionLog Summary SummaryMetadata",
    "v1.python_io": "python_io=.",
    "v1.queues": "FIFOQueue FixedLengthRecordReader IdentityReader PaddingFIFOQueue PriorityQueue QueueBase "
        "RandomShuffleQueue ReaderBase TFRecordReader TextLineReader WholeFileReader",
    "v1.queue": "queue=.",
    "v1.ragged": "ragged=.",
    "v1.train": "train=.",
    "v1.wrapped": "wrap_function",
    "v1.scopes": "AUTO_REUSE VariableScope get_local_variable get_variable get_variable_scope variable_op_scope "
        "variable_scope",
    "v1.variables": "Variable global_variables_initializer local_variables_initializer variables_initializer "
        "initialize_all_variables=global_variables_initializer initialize_variables=variables_initializer "
        "initialize_local_variables=local_variables_initializer assign assign_add "
        "assign_sub is_variable_initialized report_uninitialized_variables",
}
"""For each module its names, separated by spaces; `public=own` renames, `name=.` is the module itself."""

TODAY = {
    "mul": "multiply", "sub": "subtract", "neg": "negative", "pack": "stack", "unpack": "unstack", "batch_matmul": "matmul",
    "random_uniform": "random.uniform", "random_normal": "random.normal",
    "truncated_normal": "random.truncated_normal", "random_shuffle": "random.shuffle", "random_gamma": "random.gamma",
    **{name: f"math.{name}" for name in (
        "log", "log1p", "expm1", "ceil", "rint", "rsqrt", "squared_difference", "is_nan", "is_inf", "is_finite", "floordiv",
        "floormod", "mod", "real", "imag", "conj", "angle", "erf", "erfc", "lgamma", "digamma", "unsorted_segment_sum",
        "segment_sum", "segment_mean", "segment_max", "segment_min", "segment_prod", "invert_permutation", "top_k",
        "cumsum", "cumprod", "reciprocal", "log_sigmoid", "logical_xor", "accumulate_n",
        "polyval", "betainc", "igamma", "igammac", "zeta", "polygamma", "xlogy")},
    **{f"matrix_{new}": f"linalg.{old}" for new, old in (
        ("inverse", "inv"), ("determinant", "det"), ("transpose", "matrix_transpose"), ("diag", "diag"),
        ("diag_part", "diag_part"), ("solve", "solve"), ("band_part", "band_part"), ("set_diag", "set_diag"),
        ("triangular_solve", "triangular_solve"))},
    **{name: f"signal.{name}" for name in ("fft", "fft2d", "fft3d", "ifft", "ifft2d", "ifft3d")},
    **{name: f"quantization.{name}" for name in (
        "dequantize", "quantize", "quantized_concat", "fake_quant_with_min_max_args",
        "fake_quant_with_min_max_args_gradient", "fake_quant_with_min_max_vars", "fake_quant_with_min_max_vars_gradient",
        "fake_quant_with_min_max_vars_per_channel", "fake_quant_with_min_max_vars_per_channel_gradient")},
    **{name: f"math.{name}" for name in (
        "lbeta", "unsorted_segment_max", "unsorted_segment_mean", "unsorted_segment_min", "unsorted_segment_prod",
        "unsorted_segment_sqrt_n")},
    "cholesky_solve": "linalg.cholesky_solve", "cross": "linalg.cross", "matrix_solve_ls": "linalg.lstsq",
    "self_adjoint_eigvals": "linalg.eigvalsh", "div_no_nan": "math.divide_no_nan", "floor_div": "math.floordiv",
    "lin_space": "linspace", "reverse_v2": "reverse", "where_v2": "where", "batch_to_space_nd": "batch_to_space",
    "tensor_scatter_add": "tensor_scatter_nd_add", "tensor_scatter_sub": "tensor_scatter_nd_sub",
    "tensor_scatter_update": "tensor_scatter_nd_update",
    "diag": "linalg.tensor_diag", "diag_part": "linalg.tensor_diag_part", "trace": "linalg.trace",
    "cholesky": "linalg.cholesky", "qr": "linalg.qr", "svd": "linalg.svd", "self_adjoint_eig": "linalg.eigh",
    "random_crop": "image.random_crop",
    "space_to_depth": "nn.space_to_depth", "depth_to_space": "nn.depth_to_space", "global_norm": "linalg.global_norm",
}
"""Old names of functions that are the same today, as a path under `thalweg`."""
