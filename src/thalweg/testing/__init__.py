"""What `tf.test` has for tests."""
