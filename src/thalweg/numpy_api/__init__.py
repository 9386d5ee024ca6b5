"""NumPy's functions on tensors, behind `tf.experimental.numpy`: one idea a file, written with the public API.

The functions take whatever converts to a tensor and follow NumPy's rules where TensorFlow's differ: Python ints are
int64 and floats float64, arguments of two dtypes meet in the one that NumPy promotes to, and sums of small integers are
wide. `promotion` holds these rules; `behaviour` is the switch that makes tensors' own operators and methods follow them.
"""
