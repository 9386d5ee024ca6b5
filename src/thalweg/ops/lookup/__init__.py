"""Lookup tables: their contents, their operations, and the classes that users see."""
