"""What a computation is: dtypes, shapes, errors, tensors, op entries, dispatch, graph, tape, variables."""
from . import blas, freed_memory

blas.choose()  # before NumPy is loaded
freed_memory.keep()
