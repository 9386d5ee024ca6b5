"""Operations on strings: tensors whose elements are `bytes`."""
