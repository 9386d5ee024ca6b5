"""Why names of TensorFlow are missing: for `tools/coverage.py`, which groups them by reason on its page.

A row is a namespace (or several, with `|` between), a regular expression for the whole name, and the reason; the first row
that fits counts. `*` at the end of a namespace takes in those below it. Rows in `LEFT_OUT` are names that the library does
not aim at; those in `NOT_YET` are names that it will have. A missing name without a row is shown as one without a reason.
"""
from __future__ import annotations

import re

_TPU = "TPUs' own engines: embedding tables, SparseCore, infeed and outfeed, partitions, and what XLA's bridge inserts"
_COLLECTIVES = "collectives between devices and machines: a program here runs on one device"
_DATA = "data sets and iterators as nodes: tf.data runs in Python, and its iterators have nodes of their own"
_QUEUES = "barriers, accumulators, staging by key and the handles by reference that queues and readers had at first"
_DATABASES = "summaries in databases: event files take them"
_TREES = "the engine of boosted trees, which TensorFlow itself gave up"
_CUDNN = "cuDNN's own layout of recurrent weights"
_SDCA = "the linear solver of TensorFlow 1's estimators"
_REFS = "state by reference, from before resource variables: variables of both generations are resource variables here"
_MKL = "fused and quantized kernels that oneDNN's rewriting of graphs inserts"
_DEBUGGER = "nodes that TensorFlow's debugger and profiler insert"
_FILES = "nodes of checkpoint files: checkpoints are read and written in Python"
_ARRAYS = "TensorArray as a resource: here it is made of tensor lists, as in TensorFlow 2"
_LOW_CONTROL = "control flow by tokens on edges, and its stacks: here it is made of branches and loops as blocks"
_CALLS = "calls of functions and devices by name in a graph: here the caller's program contains what it calls"
_OLDER = "earlier versions of operations that no TensorFlow since 1.0 builds"
_RUNTIME = "mutexes, session handles and temporary variables of the runtime's own"
_CLUSTER = "clusters of machines: a program here runs in one process"
_PLUGINS = "compiled plugins, for TensorFlow's C++ interface"
_DISTRIBUTION = "distribution of programs and tensors over devices"
_LITE = "TensorFlow Lite and converters: programs of their own"
_TENSORFLOW_BUILD = "what TensorFlow's compiled library says of itself, its headers and flags"
_XLA = "XLA's switches within one graph: `tf.function(jit_compile=True)` compiles"
_PINNED = "asks whether memory is pinned for a GPU, which JAX does not tell"
_BATCHED = "batching of calls between threads of a server"
_SPECS = "specs of values that here are Python objects, which functions take as they are"
_VARIANTS = "composite tensors in one variant: here they are taken apart by their specs"
_JXL = "JPEG XL, which Pillow does not read"
_PROTO = "messages by descriptors of the user's own, which take the library of protocol buffers"
_BENCHMARKS = "TensorFlow's own benchmarks and their logs"
_ESTIMATORS = "estimators and what belongs to them: TensorFlow itself has taken them out"

LEFT_OUT = (
    ("tf.raw_ops", r".*TPU.*|.*Xla.*|.*SparseCore.*|.*XlaS?[a-z]*ND|Infeed.*|Outfeed.*|Prelinearize.*|ConvertTo.*Coo.*|"
     r"GetMinibatch.*|GlobalIterId|StoreMinibatch.*|CrossReplicaSum|WorkerHeartbeat", _TPU),
    ("tf.raw_ops", r"Collective.*|Nccl.*|AllToAll|SyncDevice", _COLLECTIVES),
    ("tf.raw_ops", r".*Dataset.*|.*Iterator.*|Optional.*|.*StatsAggregator.*|.*(Random)?SeedGenerator|.*MemoryCache|"
     r".*ThreadPoolHandle|UncompressElement|CompressElement|DummyIterationCounter|GetOptions|MapDefun|ListSnapshotChunks.*|ComputeBatchSize|WindowOp|"
     r"GetElementAtIndex", _DATA),
    ("tf.raw_ops", r".*Queue.*|.*Reader.*|Barrier.*|(Ordered)?Map(Clear|IncompleteSize|Peek|Size|Stage|Unstage|UnstageNoKey)|"
     r"Stage.*|Unstage|.*Accumulator.*|Batch|Unbatch|UnbatchGrad|RecordInput|Batch(Function)?", _QUEUES),
    ("tf.raw_ops", r"CreateSummaryDbWriter", _DATABASES),
    ("tf.raw_ops", r".*BoostedTrees.*", _TREES),
    ("tf.raw_ops", r"CudnnRNN.*", _CUDNN),
    ("tf.raw_ops", r"Sdca.*", _SDCA),
    ("tf.raw_ops", r"Assign|Assign(Add|Sub)|CountUpTo|(Sparse)?Apply.*|Scatter(Nd)?(Add|Div|Max|Min|Mul|Sub|Update)|Ref[A-Z].*|"
     r"Variable|VariableV2|IsVariableInitialized|StridedSliceAssign|HashTable|LookupTable(Export|Find|Import|"
     r"Insert|Size)|MutableDenseHashTable|MutableHashTable|MutableHashTableOfTensors|InitializeTable|"
     r"InitializeTableFromTextFile", _REFS),
    ("tf.raw_ops", r"Quantized(Conv2D.*|DepthwiseConv2D.*|MatMulWithBias.*|BatchNormWithGlobalNormalization)", _MKL),
    ("tf.raw_ops", r"Debug.*|Copy|CopyHost", _DEBUGGER),
    ("tf.raw_ops", r"Save(Slices|V2)?|Restore(Slice|V2)?|MergeV2Checkpoints|Sharded(Filename|Filespec)|DistributedSave|"
     r"CheckpointProcess.*|LoadAndRemapMatrix|GenerateVocabRemapping|DisableCopyOnRead", _FILES),
    ("tf.raw_ops", r"TensorArray.*", _ARRAYS),
    ("tf.raw_ops", r"Enter|Exit|Merge|NextIteration|Switch|LoopCond|Stack(V2|Close.*|Pop.*|Push.*)?|ControlTrigger",
     _LOW_CONTROL),
    ("tf.raw_ops", r"RemoteCall|SymbolicGradient|Send|Recv|FakeParam|(Stateful)?PartitionedCall|For|DeviceIndex|"
     r"FileSystemSetConfiguration", _CALLS),
    ("tf.raw_ops", r"Mutex.*|ConsumeMutexLock|(Get|Delete)Session.*|(Destroy)?TemporaryVariable|DestroyResourceOp|Abort",
     _RUNTIME),
    ("tf", r"lite|tools|mlir|security", _LITE),
    ("tf", r"load_library|load_op_library", _PLUGINS),
    ("tf", r"queue", _QUEUES),
    ("tf", r"sysconfig", _TENSORFLOW_BUILD),
    ("tf", r"xla", _XLA),
    ("tf.debugging", r"experimental", _DEBUGGER),
    ("tf", r"tpu", _TPU),
    ("tf", r"check_pinned", _PINNED),
    ("tf", r"nondifferentiable_batch_function", _BATCHED),
    ("tf", r"OptionalSpec|TensorArraySpec", _SPECS),
    ("tf.raw_ops", r"CheckPinned", _PINNED),
    ("tf.raw_ops", r"(Composite|Ragged)Tensor(From|To)?Variant.*", _VARIANTS),
    ("tf.raw_ops|tf.io|tf.image", r"(decode_jxl|DecodeJxl)", _JXL),
    ("tf.raw_ops|tf.io", r"(De|En)codeProto(V2)?|(de|en)code_proto", _PROTO),
    ("tf", r"dtensor", _DISTRIBUTION),
    ("tf.experimental", r"register_filesystem_plugin|tensorrt", _PLUGINS),
    ("tf.experimental", r"dtensor", _DISTRIBUTION),
    ("tf.experimental", r"async_.*|function_executor_type|enable_strict_mode", "switches of TensorFlow's eager executor"),
    ("tf.config*", r"experimental_connect_to_.*|ClusterDeviceFilters", _CLUSTER),
    ("tf.train", r"Cluster.*|JobDef|ServerDef", _CLUSTER),
    ("tf.train", r"Coordinator", _QUEUES),
    ("tf.test", r"create_local_cluster|with_eager_op_as_function|disable_with_predicate|experimental", _CLUSTER),
    ("tf.test", r"Benchmark|benchmark_config", _BENCHMARKS),
    ("tf.train", r"experimental", "how checkpoints are split into files on several machines"),
    ("tf.quantization", r"experimental", _LITE),
    ("tf.io", r"match_filenames_once", _QUEUES),
    ("tf.experimental", r"StructuredTensor", "a container for nested records that TensorFlow does not document"),
    ("tf.queue", r".*", _QUEUES),
    ("tf.sysconfig", r".*", _TENSORFLOW_BUILD),
    ("tf.xla", r".*", _XLA),
    ("tf.data.experimental", r"service|ServiceOptions|distributed_save|get_model_proto|make_saveable_from_iterator|SqlDataset|"
     r"DatasetInitializer|index_table_from_dataset|table_from_dataset", "services and stores around data sets"),
    ("tf.compat.v1", r"CXX.*|MONOLITHIC_BUILD|sysconfig", _TENSORFLOW_BUILD),
    ("tf.compat.v1", r"(Sparse)?ConditionalAccumulator(Base)?|.*Reader|ReaderBase|.*Queue|QueueBase|queue", _QUEUES),
    ("tf.compat.v1", r"lite|mlir", _LITE),
    ("tf.compat.v1", r"distributions", "distributions, which left TensorFlow for a package of their own"),
    ("tf.compat.v1", r"mixed_precision", "rewriting of graphs to half precision, which left TensorFlow for Keras"),
    ("tf.compat.v1", r"load_.*|user_ops", _PLUGINS),
    ("tf.compat.v1", r"tpu", _TPU),
    ("tf.compat.v1", r"check_pinned", _PINNED),
    ("tf.compat.v1", r"nondifferentiable_batch_function", _BATCHED),
    ("tf.compat.v1", r"OptionalSpec|TensorArraySpec", _SPECS),
    ("tf.compat.v1", r"create_partitioned_variables", "variables in parts: variables here are whole"),
    ("tf.compat.v1.train", r"experimental|warm_start|VocabInfo", _ESTIMATORS),
    ("tf.compat.v1", r"xla", _XLA),
    ("tf.compat.v1", r"(get|delete)_session_(handle|tensor)|batch_scatter_update|container", _RUNTIME),
    ("tf.compat.v1", r"resource_loader", "files beside TensorFlow's own tests"),
    ("tf.compat.v1.nn", r"quantized_.*", _MKL),
    ("tf.compat.v1.train", r".*Queue.*|.*_producer|(maybe_)?(shuffle_)?batch(_join)?|.*queue_runner.*|limit_epochs|"
     r"LooperThread|Coordinator|maybe_.*|match_filenames_once", _QUEUES),
    ("tf.compat.v1.train", r"Cluster.*|JobDef|Server.*|SyncReplicasOptimizer|replica_device_setter", _CLUSTER),
    ("tf.compat.v1.train", r"sdca_.*", _SDCA),
    ("tf.compat.v1.train", r"do_quantize_training_on_graphdef", _LITE),
)
"""What is not aimed at."""

NOT_YET = (
    ("tf.raw_ops", r".*CSR.*|SparseMatrix.*", "sparse matrices in rows, by their own operations"),
    ("tf.image", r"generate_bounding_box_proposals", "proposals of boxes"),
    ("tf.raw_ops", r"GenerateBoundingBoxProposals", "proposals of boxes"),
    ("tf.train", r"CheckpointView|TrackableView", "views of checkpoints"),
    ("tf.data.experimental", r".*", "parts of tf.data"),
    ("tf.autograph*", r".*", "AutoGraph"),
    ("tf", r"autograph", "AutoGraph"),
    ("tf.compat.v1", r"autograph", "AutoGraph"),
    ("tf.saved_model*", r".*", "fingerprints, resources and placement of saved models"),
    ("tf.compat.v1.saved_model*", r".*", "fingerprints, resources and placement of saved models"),
    ("tf", r"profiler", "the profiler"),
    ("tf.compat.v1", r"profiler", "the profiler"),
    ("tf.distribute*", r".*", "distribution strategies"),
    ("tf.compat.v1.distribute*", r".*", "distribution strategies"),
    ("tf", r"distribute", "distribution strategies"),
    ("tf.compat.v1", r"distribute", "distribution strategies"),
    ("tf.compat.v1.train", r"ProfilerHook", "the profiler"),
    ("tf.keras.applications", r".*", "Keras applications"),
    ("tf.keras.ops", r".*", "functions of `keras.ops`"),
    ("tf.keras*", r".*", "Keras names"),
)
"""What will come."""

CENSUS = (
    (r"tf\.(compat\.v[12]\.)?profiler.*", "the profiler"),
    (r"tf\.(compat\.v1\.)?saved_model.*", "fingerprints, resources and placement of saved models"),
    (r"tf\.(compat\.v1\.)?autograph.*", "AutoGraph"),
    (r"tf\.(compat\.v1\.)?(lite).*", _LITE),
    (r"tf\.(compat\.v1\.)?(tpu).*", _TPU),
    (r"tf\.train\.(start_queue_runners|slice_input_producer|batch)", _QUEUES),
    (r"tf\.(train\.ClusterSpec|config\.experimental_connect_to_cluster)", _CLUSTER),
    (r"tf\.python\..*", "private modules of TensorFlow"),
    (r"tf\..*(distribute|dtensor).*", _DISTRIBUTION),
    (r"tf\..*estimator.*", _ESTIMATORS),
    (r"tf\.contrib.*", "tf.contrib, which ended with TensorFlow 1"),
    (r"tf\.(compat\.v1\.)?keras.*", "Keras names"),
    (r"tf\.(compat\.v1\.)?data\..*", "parts of tf.data"),
)
"""Reasons for names of `census.tsv`: a regular expression for the whole name, and the reason."""

NO_SUCH_NAMES = frozenset("""
tf.Child tf.MyClass tf.Outer tf.Parent tf.TestModule tf.TestModule.TestClass tf.TestModule.test_function tf.fancy tf.fourth
tf.fun1 tf.reference tf.seven tf.sub tf.sub.MyClass tf.sub.object tf.sub.thing tf.sub1 tf.sub1.Parent tf.sub1.sub2 tf.sub2
tf.sub2.Child tf.sub2.fun2 tf.sub2.thing tf.submodule tf.submodule.Parent tf.submodule.submodule2
tf.submodule.submodule2.Parent tf.test_function tf.third tf.keras.Dense
""".split())
"""Names in `census.tsv` that no TensorFlow has had: made-up modules in tests of documentation tools, and slips. `tf.sub`, a
function of TensorFlow 0, is such a module there."""


def fits(pattern: str, namespace: str) -> bool:
    """Whether the first part of a row takes in a namespace."""
    if "|" in pattern:
        return namespace in pattern.split("|")
    if pattern.endswith("*"):
        return namespace == pattern[:-1] or namespace.startswith(pattern[:-1] + ".")
    return namespace == pattern


def reason(namespace: str, name: str) -> tuple[str, bool] | None:
    """Why a name is missing, and whether it is left out for good; None where nothing is said."""
    for rows, out in ((LEFT_OUT, True), (NOT_YET, False)):
        for space, pattern, why in rows:
            if fits(space, namespace) and re.fullmatch(pattern, name):
                return why, out
    return None


def census_reason(name: str) -> str | None:
    """Why a name of the census is missing, or None."""
    return next((why for pattern, why in CENSUS if re.fullmatch(pattern, name)), None)
