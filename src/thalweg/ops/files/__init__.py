"""Operations on bytes and files: decoding, encoding, reading, writing."""
