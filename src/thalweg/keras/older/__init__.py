"""Functions of tensors under the names that `keras.backend` had before Keras 3, and still has in TensorFlow."""
