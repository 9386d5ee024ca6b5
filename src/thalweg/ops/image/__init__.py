"""Operations on images: entries and the functions of `tf.image`."""
