"""Examples: features by name, as `tf.train.Example` and `tf.train.SequenceExample` hold them."""
from __future__ import annotations

from .message import Field, Message


class BytesList(Message):
    """A list of byte strings."""

    FIELDS = (Field(1, "value", "bytes", True),)


class FloatList(Message):
    """A list of float32 numbers."""

    FIELDS = (Field(1, "value", "float", True),)


class Int64List(Message):
    """A list of int64 numbers."""

    FIELDS = (Field(1, "value", "int64", True),)


class Feature(Message):
    """One feature: a list of one of the three kinds, or none."""

    FIELDS = (Field(1, "bytes_list", "message", message=lambda: BytesList, oneof="kind"),
              Field(2, "float_list", "message", message=lambda: FloatList, oneof="kind"),
              Field(3, "int64_list", "message", message=lambda: Int64List, oneof="kind"))


class Features(Message):
    """Features by name."""

    FIELDS = (Field(1, "feature", "message", message=lambda: Feature, key="string"),)


class FeatureList(Message):
    """The features of one name, a step after the other."""

    FIELDS = (Field(1, "feature", "message", True, lambda: Feature),)


class FeatureLists(Message):
    """Lists of features by name."""

    FIELDS = (Field(1, "feature_list", "message", message=lambda: FeatureList, key="string"),)


class Example(Message):
    """One example: its features."""

    FIELDS = (Field(1, "features", "message", message=lambda: Features),)


class SequenceExample(Message):
    """A sequence: the features of the whole, and those of its steps."""

    FIELDS = (Field(1, "context", "message", message=lambda: Features),
              Field(2, "feature_lists", "message", message=lambda: FeatureLists))
