"""Extension types: classes of the user's own whose objects are made of tensors, told by the annotations of their fields.

A subclass of `ExtensionType` gets a constructor, and a spec of its own as `Spec`; through this spec functions, loops and
sessions handle its objects like any other composite value. Objects and specs keep their fields in their `__dict__`.
"""
from __future__ import annotations

import functools
import inspect
import typing
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from . import nest
from .dispatch import apply
from .extension_fields import NO_DEFAULT, Field, ImmutableDict, convert_fields, field, is_reserved
from .nest import CompositeTensor
from .opdef import get_op
from .shape import TensorShape
from .tensor import Tensor
from .tensor_spec import TensorSpec
from .type_spec import BatchableTypeSpec, TypeSpec, _comparable

_CONSTRUCTING = "_constructing"
_MUTABLE = ("_keras_mask",)
"""What Keras sets on values from outside."""


class _Fields:
    """What objects and their specs share: fields in `__dict__` that only a constructor sets."""

    @classmethod
    def _fields(cls) -> tuple[Field, ...]:
        raise NotImplementedError

    def _convert_fields(self) -> None:
        raise NotImplementedError

    def __validate__(self) -> None:
        """Checks a new object; a subclass raises what it finds wrong."""

    def _check_mutable(self, name: str) -> None:
        fields = {f.name for f in self._fields()}
        if name not in _MUTABLE and not (_CONSTRUCTING in self.__dict__ and name in fields):
            kind = "ExtensionTypeSpec" if isinstance(self, TypeSpec) else "ExtensionType"
            raise AttributeError(f"Cannot mutate attribute `{name}` outside the custom constructor of {kind}.")

    def __setattr__(self, name: str, value: Any) -> None:
        self._check_mutable(name)
        self.__dict__[name] = value

    def __delattr__(self, name: str) -> None:
        self._check_mutable(name)
        del self.__dict__[name]


def _constructor(cls: Any, signature: inspect.Signature) -> Callable[..., None]:
    """A constructor with a parameter for each field."""
    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        self.__dict__.update(bound.arguments)
        self._convert_fields()
        self.__validate__()
    own = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    __init__.__signature__ = signature.replace(parameters=[own, *signature.parameters.values()])  # type: ignore[attr-defined]
    __init__.__qualname__ = f"{cls.__qualname__}.__init__"
    return __init__


def _checked(constructor: Callable[..., None]) -> Callable[..., None]:
    """The user's own constructor, which may set fields, with what follows every construction."""
    @functools.wraps(constructor)
    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        self.__dict__[_CONSTRUCTING] = True
        constructor(self, *args, **kwargs)
        del self.__dict__[_CONSTRUCTING]
        self._convert_fields()
        self.__validate__()
    return __init__


def _made(cls: Any, values: Mapping[str, Any]) -> Any:
    """An object of checked fields, without its constructor."""
    out = cls.__new__(cls)
    out.__dict__.update(values)
    return out


def _parameters(fields: Sequence[Field]) -> list[inspect.Parameter]:
    """The parameters of a constructor; from the first one without a default behind one that has it, by keyword only."""
    out, defaults = [], False
    kind: Any = inspect.Parameter.POSITIONAL_OR_KEYWORD
    for f in fields:
        missing = f.default is NO_DEFAULT
        if missing and defaults:
            kind = inspect.Parameter.KEYWORD_ONLY
        defaults = defaults or not missing
        out.append(inspect.Parameter(f.name, kind, default=inspect.Parameter.empty if missing else f.default,
                                     annotation=f.annotation))
    return out


class ExtensionType(_Fields, CompositeTensor):
    """The base of the user's own types of values that are made of tensors.

    A subclass annotates its fields. Annotations may be `int`, `float`, `bool`, `str`, `bytes`, None, `tf.Tensor`,
    `tf.TensorShape`, `tf.DType`, composites such as `tf.RaggedTensor`, other extension types, and unions, tuples and
    mappings of these. Objects never change; values of fields are converted to what the annotations say. `__validate__`
    may check new objects, and a constructor of the subclass's own may set the fields from other arguments.

    Two objects are compared by all their fields: the result is a boolean tensor, or False where the specs differ.

    Raises:
      TypeError: an annotation is not supported, or a value does not fit its annotation.
      ValueError: a field with a reserved name or without an annotation.
      AttributeError: a field is set outside the constructor.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if type(self) is ExtensionType:
            raise AssertionError("Cannot create an instance of ExtensionType because ExtensionType is an abstract base "
                                 "class.")

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if cls.__module__ == __name__:
            return
        _check_annotations(cls)
        own = vars(cls)
        constructor = _checked(own["__init__"]) if "__init__" in own else \
            _constructor(cls, inspect.Signature(_parameters(cls._fields())))
        cls.__init__ = constructor  # type: ignore[method-assign]
        cls.Spec = _spec_class(cls)  # type: ignore[attr-defined]

    @classmethod
    def _fields(cls) -> tuple[Field, ...]:
        known: tuple[Field, ...] | None = cls.__dict__.get("_known_fields")
        if known is not None:
            return known
        try:
            hints, resolved = typing.get_type_hints(cls), True
        except (NameError, AttributeError):
            # A class that is named before it is there: its name is looked up again later.
            hints, resolved = {}, False
            for base in reversed(cls.__mro__):
                hints.update(base.__dict__.get("__annotations__", {}))
        fields = tuple([field(name, hint, getattr(cls, name, NO_DEFAULT)) for name, hint in hints.items()])
        if resolved:
            cls._known_fields = fields  # type: ignore[attr-defined]
        return fields

    def _values(self) -> dict[str, Any]:
        return {f.name: self.__dict__[f.name] for f in self._fields()}

    def _convert_fields(self) -> None:
        convert_fields(self._fields(), self.__dict__)

    @property
    def _type_spec(self) -> Any:
        spec = self.__dict__.get("_spec")
        if spec is None:
            spec = self.__dict__["_spec"] = self.Spec.from_value(self)
        return spec

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __repr__(self) -> str:
        return f"{type(self).__qualname__}({', '.join(f'{k}={v!r}' for k, v in self._values().items())})"

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> Any:
        if type(self) is not type(other) or self._type_spec != other._type_spec:
            return False
        equal: Any = None
        pairs = zip(nest.flatten(self, expand_composites=True), nest.flatten(other, expand_composites=True), strict=True)
        for x, y in pairs:
            same = apply(get_op("Equal"), (x, y), {"incompatible_shape_error": False})
            rank = apply(get_op("Rank"), (same,))
            every = apply(get_op("All"), (same, apply(get_op("Range"), (0, rank, 1))), {"keep_dims": False})
            equal = every if equal is None else apply(get_op("LogicalAnd"), (equal, every))
        return True if equal is None else equal

    def __ne__(self, other: object) -> Any:
        equal = self == other
        return apply(get_op("LogicalNot"), (equal,)) if isinstance(equal, Tensor) else not equal

    def _gradient_parts(self) -> list[Any]:
        rule = getattr(type(self), "__composite_gradient__", None)
        if rule is None:
            return super()._gradient_parts()
        parts: list[Any] = []
        for part in nest.flatten(rule.get_gradient_components(self)):
            parts += part._gradient_parts() if isinstance(part, CompositeTensor) else [part]
        return parts

    def _with_gradients(self, gradients: list[Any]) -> Any:
        rule = getattr(type(self), "__composite_gradient__", None)
        if rule is None:
            return super()._with_gradients(gradients)
        components = rule.get_gradient_components(self)
        rest, parts = list(gradients), []
        for part in nest.flatten(components):
            count = len(part._gradient_parts()) if isinstance(part, CompositeTensor) else 1
            own, rest = rest[:count], rest[count:]
            parts.append(part._with_gradients(own) if isinstance(part, CompositeTensor) else own[0])
        packed = nest.pack_sequence_as(components, parts) if nest.is_nested(components) else parts[0]
        return rule.replace_gradient_components(self, packed)


def as_dict(value: ExtensionType) -> dict[str, Any]:
    """The fields of an object by name; objects among their values stay as they are."""
    return value._values()


def _check_annotations(cls: Any) -> None:
    """Raises ValueError for names that a field cannot have, and for values that have no annotation."""
    annotations, own = cls.__dict__.get("__annotations__", {}), dict(vars(cls))
    spec = own.pop("Spec", None)
    if spec is not None:
        if not isinstance(spec, type):
            raise ValueError(f"{cls.__qualname__}.Spec must be a nested class; got {spec}.")
        if spec.__bases__ not in ((TypeSpec,), (object,)):
            raise ValueError(f"{cls.__qualname__}.Spec must be directly subclassed from tf.TypeSpec.")
    for name in (*own, *annotations):
        if is_reserved(name):
            raise ValueError(f"The field annotations for {cls.__name__} are invalid. Field '{name}' is reserved.")
    for name, value in own.items():
        special = name.startswith("__") and name.endswith("__") or name.startswith("_abc_")
        if not (name in annotations or special or callable(value)
                or isinstance(value, (property, classmethod, staticmethod))):
            raise ValueError(f"The field annotations for {cls.__name__} are invalid. Field {name} is missing a type "
                             "annotation.")


def _spec_class(cls: Any) -> Any:
    """The class of specs of an extension type, with what the nested class `Spec` adds to it."""
    qualname = cls.__qualname__ + ".Spec"
    body: dict[str, Any] = {"value_type": cls, "__module__": cls.__module__, "__qualname__": qualname}
    fields = {f.name for f in cls._fields()}
    user = cls.__dict__.get("Spec")
    for name, value in vars(user).items() if user is not None else ():
        if is_reserved(name):
            raise ValueError(f"TypeSpec {qualname} uses reserved name '{name}'.")
        if name in fields:
            raise ValueError(f"TypeSpec {qualname} defines a variable '{name}' which shadows a field in {cls.__qualname__}")
        if name not in ("__module__", "__dict__", "__weakref__", "__qualname__"):
            body[name] = value
    base = ExtensionTypeSpec
    encoder = getattr(cls, "__batch_encoder__", body.get("__batch_encoder__"))
    if issubclass(cls, BatchableExtensionType):
        base = BatchableExtensionTypeSpec
        if encoder is not None:
            body.setdefault("__batch_encoder__", encoder)
    elif encoder is not None:
        raise ValueError("__batch_encoder__ should only be defined for BatchableExtensionType classes.")
    spec: Any = type(cls.__name__ + ".Spec", (base,), body)
    spec.__init__ = _checked(body["__init__"]) if "__init__" in body else _constructor(spec, inspect.Signature(
        [inspect.Parameter(f.name, inspect.Parameter.POSITIONAL_OR_KEYWORD) for f in cls._fields()]))
    return spec


def _with_mappings(value: Any, kind: Any) -> Any:
    """A value with all mappings in it of one kind."""
    if isinstance(value, Mapping):
        return kind({k: _with_mappings(v, kind) for k, v in value.items()})
    return tuple([_with_mappings(v, kind) for v in value]) if isinstance(value, tuple) else value


class ExtensionTypeSpec(_Fields, TypeSpec):
    """The base of the specs of extension types: `MyType.Spec`, with the specs of tensors in their place."""

    value_type: Any = None

    @classmethod
    def _fields(cls) -> tuple[Field, ...]:
        fields: tuple[Field, ...] = cls.value_type._fields()
        return fields

    def _convert_fields(self) -> None:
        convert_fields(self._fields(), self.__dict__, specs=True)

    @classmethod
    def from_value(cls, value: ExtensionType) -> Any:
        """The spec of an object."""
        def spec_of(x: Any) -> Any:
            if isinstance(x, Tensor):
                return TensorSpec(x.shape, x.dtype)
            return x._type_spec if hasattr(x, "_type_spec") else x
        return _made(cls, {k: nest.map_structure(spec_of, v) for k, v in value._values().items()})

    def _serialize(self) -> tuple[Any, ...]:
        return tuple([(f.name, _with_mappings(self.__dict__[f.name], dict)) for f in self._fields()])

    @classmethod
    def _deserialize(cls, serialization: Sequence[Any]) -> Any:
        return _made(cls, {name: _with_mappings(value, ImmutableDict) for name, value in serialization})

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (self.value_type, self._serialize())

    def _values(self) -> tuple[Any, ...]:
        return tuple([self.__dict__[f.name] for f in self._fields()])

    @property
    def _component_specs(self) -> tuple[Any, ...]:
        return tuple([x for x in nest.flatten(self._values()) if isinstance(x, TypeSpec)])

    def _to_components(self, value: Any) -> tuple[Any, ...]:
        return tuple([x for x in nest.flatten(tuple(value._values().values())) if isinstance(x, (Tensor, CompositeTensor))])

    def _from_components(self, components: Any) -> Any:
        rest = iter(components)
        flat = [next(rest) if isinstance(x, TypeSpec) else x for x in nest.flatten(self._values())]
        if list(rest):
            raise ValueError("Cannot build an ExtensionType instance from components because more components are provided "
                             "than the number expected by the type spec.")
        packed = nest.pack_sequence_as(self._values(), flat)
        return _made(self.value_type, dict(zip([f.name for f in self._fields()], packed, strict=True)))

    def _to_legacy_output_shapes(self) -> Any:
        try:
            return self.shape  # type: ignore[attr-defined]
        except AttributeError as error:
            raise NotImplementedError("It appears that the Spec of the ExtensionType is missing a shape property. In order to "
                                      "support tf.Data, it is recommended that you implement a shape property on the "
                                      "Spec.") from error

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and _comparable(self._serialize()) == _comparable(other._serialize())

    def __hash__(self) -> int:
        return hash((type(self), _comparable(self._serialize())))

    def __repr__(self) -> str:
        return f"{type(self).__qualname__}({', '.join(f'{k}={v!r}' for k, v in self._serialize())})"


def _restored(value_type: Any, serialization: Any) -> Any:
    return value_type.Spec._deserialize(serialization)


class ExtensionTypeBatchEncoder:
    """How objects of an extension type are stacked and taken apart: every tensor, composite and shape among the fields.

    A subclass whose objects are stacked in another way overrides these methods and is named by the type's
    `__batch_encoder__`.
    """

    def batch(self, spec: Any, batch_size: int | None) -> Any:
        """The spec of `batch_size` objects stacked."""
        def stacked(x: Any) -> Any:
            if isinstance(x, BatchableTypeSpec):
                return x._batch(batch_size)
            return TensorShape([batch_size]).concatenate(x) if isinstance(x, TensorShape) else x
        return _made(type(spec), {k: nest.map_structure(stacked, v) for k, v in spec.__dict__.items()})

    def unbatch(self, spec: Any) -> Any:
        """The spec of one object of a stack."""
        def one(x: Any) -> Any:
            if isinstance(x, BatchableTypeSpec):
                return x._unbatch()
            return x[1:] if isinstance(x, TensorShape) else x
        return _made(type(spec), {k: nest.map_structure(one, v) for k, v in spec.__dict__.items()})

    def encode(self, spec: Any, value: Any, minimum_rank: int = 0) -> Any:
        """The tensors and composites whose stack is the stack of objects."""
        return spec._to_components(value)

    def decode(self, spec: Any, encoded_value: Any) -> Any:
        """The object that `encode` took apart, or a stack or a part of it."""
        return spec._from_components(encoded_value)

    def encoding_specs(self, spec: Any) -> Any:
        """The specs of what `encode` returns."""
        return spec._component_specs


class BatchableExtensionTypeSpec(ExtensionTypeSpec, BatchableTypeSpec):
    """The base of the specs of extension types whose objects can be stacked."""

    __batch_encoder__: Any = ExtensionTypeBatchEncoder()

    def _batch(self, batch_size: int | None) -> Any:
        return self.__batch_encoder__.batch(self, batch_size)

    def _unbatch(self) -> Any:
        return self.__batch_encoder__.unbatch(self)


class BatchableExtensionType(ExtensionType):
    """An extension type whose objects can be stacked and taken apart, as `tf.map_fn` and datasets do."""
