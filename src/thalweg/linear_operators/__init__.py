"""Linear operators: matrices that need not be written out. They stand on the public API only, a file a class."""
