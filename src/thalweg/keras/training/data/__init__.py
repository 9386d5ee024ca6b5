"""What `fit`, `evaluate` and `predict` take as data, turned into batches of tensors."""
