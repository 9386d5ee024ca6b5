"""The operations on sparse tensors."""
