"""Variables: named state that holds one tensor at a time."""
from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from enum import Enum
from typing import TYPE_CHECKING, Any

import numpy as np

from . import dtypes, errors
from .context import ctx
from .convert import convert_to_tensor
from .creators import by_creators, creators
from .dispatch import _QUIET, _reset_quiet, _set_quiet, apply, fail
from .indexed_slices import IndexedSlices
from .opdef import OpDef, get_op
from .shape import TensorShape, as_shape
from .tensor import EagerTensor, Reference, Tensor, value_text
from .update import owned
from .update import update as update


class VariableSynchronization(Enum):
    """When a distributed variable is synchronised."""

    AUTO = 0
    NONE = 1
    ON_WRITE = 2
    ON_READ = 3


class VariableAggregation(Enum):
    """How values of a distributed variable are combined."""

    NONE = 0
    SUM = 1
    MEAN = 2
    ONLY_FIRST_REPLICA = 3


class _Creation(type):
    """`Variable(...)` makes a variable of the kind that the place asks for: of values, or of a graph."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if cls is not Variable:
            return super().__call__(*args, **kwargs)
        if creators:
            return by_creators(Variable, ResourceVariable.__init__, args, kwargs)
        if ctx.graph is not None:
            return ctx.graph.variable(*args, **kwargs)
        return ResourceVariable(*args, **kwargs)


class Variable(metaclass=_Creation):
    """State that a program reads and assigns.

    Args:
      initial_value: a value that converts to a tensor, or a function that returns one.
      trainable: whether tapes watch it by themselves; True unless told otherwise.
      validate_shape: False lets the variable take values of any shape.
      caching_device: accepted, without effect.
      name: shown in text and used in checkpoints; "Variable" unless told otherwise.
      dtype: the dtype of the value; what `initial_value` converts to where missing.
      constraint: a projection that an optimizer applies after an update.
      synchronization, aggregation: kept for distribution strategies.
      shape: a wider static shape, to allow values of different shapes.

    Raises:
      ValueError: no initial value, or one that does not fit `dtype` or `shape`.
    """

    _is_tensor_like = True
    __array_priority__ = 100
    __slots__ = ()
    _tensor: EagerTensor
    _trainable: Any
    _home: Any = None
    """The device that holds the value, where that is not the host."""
    if TYPE_CHECKING:
        def __init__(self, *args: Any, **kwargs: Any) -> None: ...
        def value(self) -> Any: ...
        def numpy(self) -> Any: ...
        def _read(self) -> Any: ...


class BaseResourceVariable(Variable):
    """What a variable and the result of an assignment have in common."""

    __slots__ = ()
    _owns_scope = False
    """Whether the name scope of this variable's name was opened for it in its graph."""

    @property
    def dtype(self) -> dtypes.DType:
        """The element type."""
        return self._tensor.dtype

    @property
    def shape(self) -> TensorShape:
        """The static shape."""
        return self._tensor.shape

    @property
    def name(self) -> str:
        """The name, with `:0` at its end."""
        raise NotImplementedError

    @property
    def device(self) -> str:
        """The full name of the device that holds the value."""
        return self._tensor.device

    @property
    def trainable(self) -> bool:
        """Whether tapes watch this variable by themselves."""
        trainable: bool = self._trainable
        return trainable

    def _origin(self) -> Any:
        """The variable itself, for the result of an assignment too."""
        return self

    def _read(self) -> EagerTensor:
        """The present value; listening tapes watch it on the variable's behalf."""
        tensor = self._tensor
        if ctx.tapes and self._trainable:
            for tape in ctx.tapes:
                if tape._watch_accessed:
                    tape._watch_variable(self._origin(), tensor)
                elif id(self._origin()) in tape._reads:
                    tape._watch_variable(self._origin(), tensor)
        return tensor

    def value(self) -> Any:
        """The present value as a tensor."""
        return self._read() if ctx.graph is None else ctx.graph.read(self)

    def read_value(self) -> Any:
        """The present value as a tensor."""
        return self.value()

    def numpy(self) -> Any:
        """A copy of the present value as a NumPy array or scalar.

        Raises:
          NotImplementedError: inside a graph, where there is no value yet.
        """
        if ctx.graph is not None:
            raise NotImplementedError("numpy() is only available when eager execution is enabled.")
        return self._tensor.numpy()

    def __tf_tensor__(self, dtype: dtypes.DType | None = None, name: str | None = None) -> Any:
        if dtype is not None and not dtype.is_compatible_with(self.dtype):
            raise ValueError(f"Incompatible type conversion requested to type {dtype.name} for `tf.Variable of type "
                             f"{self.dtype.name}. (Variable: {self})")
        return self.value()

    def assign(self, value: Any, use_locking: bool | None = None, name: str | None = None,
               read_value: bool = True) -> Any:
        """Replaces the value.

        Raises:
          ValueError: another shape or dtype.
        """
        tensor = convert_to_tensor(value, self.dtype)
        if not self.shape.is_compatible_with(tensor.shape):
            shown = "" if self.name is None else " " + self.name
            raise ValueError(f"Cannot assign value to variable '{shown}': Shape mismatch.The variable shape "
                             f"{self.shape}, and the assigned value shape {tensor.shape} are incompatible.")
        return self._assigned(update(get_op("AssignVariableOp"), (self,), (tensor,), name=name), read_value)

    def assign_add(self, delta: Any, use_locking: bool | None = None, name: str | None = None,
                   read_value: bool = True) -> Any:
        """Adds to the value.

        Raises:
          InvalidArgumentError: `delta` has another shape.
        """
        return self._move(get_op("AssignAddVariableOp"), delta, name, read_value)

    def assign_sub(self, delta: Any, use_locking: bool | None = None, name: str | None = None,
                   read_value: bool = True) -> Any:
        """Subtracts from the value.

        Raises:
          InvalidArgumentError: `delta` has another shape.
        """
        return self._move(get_op("AssignSubVariableOp"), delta, name, read_value)

    def _move(self, op: OpDef, delta: Any, name: str | None, read_value: bool) -> Any:
        in_place = op.in_place
        if in_place is not None and type(delta) is EagerTensor and ctx.elsewhere is None:
            d = delta._value
            origin = self._origin()
            if owned(origin) and origin._tensor._value.dtype is d.dtype:
                token = _set_quiet(_QUIET)
                try:
                    in_place(origin._tensor._value, d)
                except Exception as error:
                    fail(op, (origin._tensor._value, d), {}, name, error)
                finally:
                    _reset_quiet(token)
                return UnreadVariable(origin) if read_value else None
        delta = convert_to_tensor(delta, self.dtype)
        return self._assigned(update(op, (self,), (delta,), name=name), read_value)

    def _assigned(self, node: Any, read_value: bool) -> Any:
        """What an assignment returns: something to chain on, or the graph's node."""
        if ctx.graph is not None:
            return ctx.graph.assigned(self, node, read_value)
        return UnreadVariable(self._origin()) if read_value else None

    def _scatter(self, kind: str, slices: Any, name: str | None) -> Any:
        if not isinstance(slices, IndexedSlices):
            raise TypeError(f"Argument `sparse_delta` must be a `tf.IndexedSlices`. Received arg: {slices}")
        values = convert_to_tensor(slices.values, self.dtype)
        node = update(get_op(f"ResourceScatter{kind}"), (self,), (convert_to_tensor(slices.indices), values), name=name)
        return self._assigned(node, True)

    def scatter_update(self, sparse_delta: Any, use_locking: bool = False, name: str | None = None) -> Any:
        """Replaces the rows `sparse_delta.indices` by `sparse_delta.values`."""
        return self._scatter("Update", sparse_delta, name)

    def scatter_add(self, sparse_delta: Any, use_locking: bool = False, name: str | None = None) -> Any:
        """Adds to rows; repeated indices add up."""
        return self._scatter("Add", sparse_delta, name)

    def scatter_sub(self, sparse_delta: Any, use_locking: bool = False, name: str | None = None) -> Any:
        """Subtracts from rows; repeated indices add up."""
        return self._scatter("Sub", sparse_delta, name)

    def scatter_mul(self, sparse_delta: Any, use_locking: bool = False, name: str | None = None) -> Any:
        """Multiplies rows."""
        return self._scatter("Mul", sparse_delta, name)

    def scatter_div(self, sparse_delta: Any, use_locking: bool = False, name: str | None = None) -> Any:
        """Divides rows."""
        return self._scatter("Div", sparse_delta, name)

    def scatter_max(self, sparse_delta: Any, use_locking: bool = False, name: str | None = None) -> Any:
        """The larger of each row and its update."""
        return self._scatter("Max", sparse_delta, name)

    def scatter_min(self, sparse_delta: Any, use_locking: bool = False, name: str | None = None) -> Any:
        """The smaller of each row and its update."""
        return self._scatter("Min", sparse_delta, name)

    def batch_scatter_update(self, sparse_delta: Any, use_locking: bool = False, name: str | None = None) -> Any:
        """Replaces rows, with leading batch dimensions shared by variable, indices and values."""
        indices = np.asarray(sparse_delta.indices)
        grid = np.indices(indices.shape)[:-1]
        return self.scatter_nd_update(np.stack([*grid, indices], -1), sparse_delta.values, name)

    def _scatter_nd(self, kind: str, indices: Any, updates: Any, name: str | None) -> Any:
        inputs = (convert_to_tensor(indices), convert_to_tensor(updates, self.dtype))
        return self._assigned(update(get_op(f"ResourceScatterNd{kind}"), (self,), inputs, name=name), True)

    def scatter_nd_update(self, indices: Any, updates: Any, name: str | None = None) -> Any:
        """Replaces the slices at `indices`, shape `[..., k]`."""
        return self._scatter_nd("Update", indices, updates, name)

    def scatter_nd_add(self, indices: Any, updates: Any, name: str | None = None) -> Any:
        """Adds to the slices at `indices`, shape `[..., k]`."""
        return self._scatter_nd("Add", indices, updates, name)

    def scatter_nd_sub(self, indices: Any, updates: Any, name: str | None = None) -> Any:
        """Subtracts from the slices at `indices`, shape `[..., k]`."""
        return self._scatter_nd("Sub", indices, updates, name)

    def scatter_nd_max(self, indices: Any, updates: Any, name: str | None = None) -> Any:
        """The larger of each slice and its update."""
        return self._scatter_nd("Max", indices, updates, name)

    def scatter_nd_min(self, indices: Any, updates: Any, name: str | None = None) -> Any:
        """The smaller of each slice and its update."""
        return self._scatter_nd("Min", indices, updates, name)

    def sparse_read(self, indices: Any, name: str | None = None) -> Any:
        """The rows at `indices`; their gradient is an IndexedSlices."""
        return apply(get_op("GatherV2"), (convert_to_tensor(self), convert_to_tensor(indices), 0), {"batch_dims": 0})

    def gather_nd(self, indices: Any, name: str | None = None) -> Any:
        """The slices at `indices`, shape `[..., k]`."""
        return apply(get_op("GatherNd"), (convert_to_tensor(self), convert_to_tensor(indices)))

    def count_up_to(self, limit: int) -> Any:
        """Adds one to a scalar integer variable and returns the value before.

        Raises:
          OutOfRangeError: the value reached `limit`.
        """
        if self.dtype not in (dtypes.int32, dtypes.int64):
            get_op("ResourceCountUpTo").check([dtypes.resource], None)
            raise errors.InvalidArgumentError(f"count_up_to needs an int32 or int64 variable, not {self.dtype.name}")
        if ctx.graph is not None:
            from .graph_variable import counted
            return counted(ctx.graph, self, limit)
        before = self._tensor
        if int(before) >= limit:
            raise errors.OutOfRangeError(f"Reached limit of {limit}")
        self.assign_add(1)
        return before

    def is_initialized(self, name: str | None = None) -> Any:
        """A boolean tensor that is True."""
        return convert_to_tensor(True)

    def set_shape(self, shape: Any) -> None:
        """Narrows the static shape."""
        as_shape(shape).assert_is_compatible_with(self.shape)

    def get_shape(self) -> TensorShape:
        """The static shape."""
        return self.shape

    def ref(self) -> Reference:
        """A hashable reference to this variable, for sets and dictionary keys."""
        return Reference(self)

    experimental_ref = ref

    def __hash__(self) -> int:
        raise TypeError(f"Variable is unhashable. Instead, use variable.ref() as the key. (Variable: {self})")

    def __iter__(self) -> Iterator[Any]:
        return iter(self.value())

    def __int__(self) -> int:
        return int(self.value())

    def __float__(self) -> float:
        return float(self.value())

    def __complex__(self) -> complex:
        return complex(self.value())

    def __bool__(self) -> bool:
        return bool(self.value())

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray[Any, Any]:
        value = self.value().numpy()
        return np.asarray(value, dtype)

    def __dlpack__(self, **options: Any) -> Any:
        return self._tensor.__dlpack__(**options)

    def __dlpack_device__(self) -> tuple[Any, Any]:
        return self._tensor.__dlpack_device__()

    def __repr__(self) -> str:
        return (f"<tf.Variable '{self.name}' shape={self.shape} dtype={self.dtype.name}, "
                f"numpy={value_text(self._tensor, repr)}>")


class ResourceVariable(BaseResourceVariable):
    """A variable, as `tf.Variable(...)` makes it."""

    # An open dictionary, because Keras and users hang attributes on variables.
    __slots__ = ("__dict__", "__weakref__", "_aggregation", "_constraint", "_home", "_name", "_shape", "_synchronization",
                 "_tensor", "_trainable")

    def __init__(self, initial_value: Any = None, trainable: Any = None, validate_shape: bool = True,
                 caching_device: Any = None, name: str | None = None, variable_def: Any = None, dtype: Any = None,
                 import_scope: str | None = None, constraint: Callable[..., Any] | None = None,
                 synchronization: VariableSynchronization = VariableSynchronization.AUTO,
                 aggregation: VariableAggregation = VariableAggregation.NONE, shape: Any = None,
                 experimental_enable_variable_lifting: bool = True) -> None:
        if initial_value is None:
            raise ValueError("The `initial_value` arg to `tf.Variable` must be specified except when you are not "
                             "providing a `variable_def`. You provided neither.")
        if constraint is not None and not callable(constraint):
            raise ValueError("The `constraint` argument must be None or a callable.")
        value = initial_value() if callable(initial_value) and not isinstance(initial_value, Variable) \
            else initial_value
        try:
            tensor = convert_to_tensor(value, dtype)
        except ValueError as error:
            if "Tensor conversion requested" not in str(error):
                raise
            raise ValueError(f"initial_value: {error}") from None
        self._shape = as_shape(shape) if shape is not None else tensor.shape if validate_shape else TensorShape(None)
        if not self._shape.is_compatible_with(tensor.shape):
            raise ValueError(f"In this `tf.Variable` creation, the initial value's shape ({tensor.shape}) is not "
                             f"compatible with the explicitly supplied `shape` argument ({shape}).")
        # A tensor of its own, so that updates in place see no other holder.
        own = np.array(tensor._value) if tensor._value is not None and _shared(tensor, value) else tensor._value
        self._tensor = EagerTensor(own, tensor._dtype)
        self._home = ctx.target
        if self._home is not None:
            self._tensor = self._home.place(self._tensor)
        self._trainable = True if trainable is None else trainable
        # As a name of a scope, one with a slash at its end is complete.
        self._name = name[:-1] if name and name.endswith("/") else ctx.name_scope + (name or "Variable")
        self._constraint = constraint
        self._synchronization = synchronization
        self._aggregation = aggregation

    @property
    def shape(self) -> TensorShape:
        return self._shape

    @property
    def name(self) -> str:
        return self._name + ":0"

    @property
    def _shared_name(self) -> str:
        return self._name

    @property
    def constraint(self) -> Callable[..., Any] | None:
        """The projection applied after an update, or None."""
        return self._constraint

    @property
    def synchronization(self) -> VariableSynchronization:
        """When a distributed variable is synchronised."""
        return self._synchronization

    @property
    def aggregation(self) -> VariableAggregation:
        """How values of a distributed variable are combined."""
        return self._aggregation

    @property
    def initializer(self) -> Any:
        """None: a variable has its value as soon as it exists."""
        return None

    @property
    def op(self) -> Any:
        """Not there outside a graph."""
        raise AttributeError("Tensor.op is undefined when eager execution is enabled.")

    @property
    def graph(self) -> Any:
        """Not there outside a graph."""
        raise AttributeError("Tensor.graph is undefined when eager execution is enabled.")

    def initialized_value(self) -> Any:
        """The present value, since the variable is initialized as soon as it exists."""
        return self.value()

    def eval(self, session: Any = None) -> Any:
        """Not outside a graph.

        Raises:
          RuntimeError: always.
        """
        raise RuntimeError("This operation is not supported when eager execution is enabled.")

    def __copy__(self) -> ResourceVariable:
        return self.__deepcopy__({})

    def __deepcopy__(self, memo: dict[int, Any]) -> ResourceVariable:
        new = ResourceVariable(self._tensor, self._trainable, name=self._name, constraint=self._constraint,
                               shape=self._shape)
        new.__dict__.update(copy.copy(self.__dict__))
        memo[id(self)] = new
        return new


class UnreadVariable(BaseResourceVariable):
    """The result of an assignment: the variable itself, to chain on."""

    __slots__ = ("_parent",)

    def __init__(self, parent: ResourceVariable) -> None:
        self._parent = parent

    def _origin(self) -> Any:
        return self._parent

    @property
    def _tensor(self) -> EagerTensor:
        return self._parent._tensor

    @_tensor.setter
    def _tensor(self, tensor: EagerTensor) -> None:
        self._parent._tensor = tensor

    @property
    def _trainable(self) -> Any:
        return self._parent._trainable

    @property
    def shape(self) -> TensorShape:
        return self._parent.shape

    @property
    def name(self) -> str:
        return "UnreadVariable"

    def __getattr__(self, name: str) -> Any:
        return getattr(self._parent, name)


def _shared(tensor: EagerTensor, value: Any) -> bool:
    """Whether somebody else can see the memory of an initial value."""
    return isinstance(value, (Tensor, Variable)) or hasattr(value, "__tf_tensor__")
