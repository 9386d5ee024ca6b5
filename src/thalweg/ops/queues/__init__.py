"""Queues of tensors, and readers of files whose names wait in a queue."""
