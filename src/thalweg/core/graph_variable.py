"""Variables of a graph: described there, with a value in each session."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import dtypes, errors
from .context import ctx
from .convert import convert_to_tensor
from .dispatch import apply
from .graph import Graph
from .opdef import get_op
from .shape import FirstVersionShape, TensorShape, as_shape
from .symbol import Operation, SymbolicTensor
from .variable import BaseResourceVariable, Variable

GLOBAL_VARIABLES = "variables"
TRAINABLE_VARIABLES = "trainable_variables"
LOCAL_VARIABLES = "local_variables"


class GraphVariable(BaseResourceVariable):
    """A variable that a graph builds; a session holds its value.

    Args:
      graph: the graph it belongs to.
      initial_value: a value, a tensor of the graph, or a function that builds one.
      trainable: whether it joins the collection of trainable variables.
      collections: the collections it joins; the global variables unless told otherwise.
      name, dtype, constraint, shape: as `Variable`.

    Raises:
      ValueError: no initial value, or one whose shape is not fully known while `validate_shape` is True.
    """

    __slots__ = ("__dict__", "__weakref__", "_constraint", "_dtype", "_graph", "_initial_value", "_initializer", "_name",
                 "_shape", "_snapshot", "_trainable")

    def __init__(self, graph: Graph, initial_value: Any = None, trainable: bool | None = True, collections: Any = None,
                 validate_shape: bool = True, name: str | None = None, dtype: Any = None,
                 constraint: Callable[..., Any] | None = None, shape: Any = None) -> None:
        if initial_value is None:
            raise ValueError("initial_value must be specified.")
        self._graph = graph
        self._trainable = trainable is None or bool(trainable)
        self._constraint = constraint
        with graph.as_default(), graph.control_dependencies(None):
            with graph.name_scope(name or "Variable") as scope:
                self._name = scope.rstrip("/")
                with graph.name_scope("Initializer"):
                    value = initial_value() if callable(initial_value) and not isinstance(initial_value, Variable) \
                        else initial_value
                    tensor = _named(convert_to_tensor(value, dtype, name="initial_value"), dtype)
                self._initial_value = tensor
                self._dtype: dtypes.DType = tensor.dtype.base_dtype
                self._shape = as_shape(shape) if shape is not None else \
                    tensor.shape if validate_shape else TensorShape(None)
                if validate_shape and shape is None and not tensor.shape.is_fully_defined():
                    raise ValueError(f"initial_value must have a shape specified: {tensor}")
            with graph.name_scope(None):
                graph.handle(self)
            with graph.name_scope(scope):
                assign = get_op("AssignVariableOp")
                self._initializer: Operation = graph.apply(assign, (graph.handle(self), tensor), {}, "Assign")
                with graph.name_scope("Read"):
                    self._snapshot = graph.read(self)
        names = [GLOBAL_VARIABLES] if collections is None else list(collections)
        if self._trainable and TRAINABLE_VARIABLES not in names and names:
            names.append(TRAINABLE_VARIABLES)
        graph.add_to_collections(names, self)

    _owns_scope = True

    def _origin(self) -> GraphVariable:
        return self

    @property
    def name(self) -> str:
        return self._name + ":0"

    @property
    def dtype(self) -> dtypes.DType:
        return self._dtype

    @property
    def shape(self) -> TensorShape:
        return FirstVersionShape.of(self._shape._dims) if self._graph.first_version else self._shape

    @property
    def device(self) -> str:
        return self.handle.op.device

    @property
    def graph(self) -> Graph:
        """The graph this belongs to."""
        return self._graph

    @property
    def op(self) -> Operation:
        """The node that stands for the variable."""
        return self.handle.op

    @property
    def handle(self) -> SymbolicTensor:
        """The resource behind the variable."""
        return self._graph.handle(self)

    @property
    def initializer(self) -> Operation:
        """The operation that gives the variable its initial value."""
        return self._initializer

    @property
    def initial_value(self) -> Any:
        """The tensor that the initializer assigns."""
        return self._initial_value

    @property
    def constraint(self) -> Callable[..., Any] | None:
        """The projection applied after an update, or None."""
        return self._constraint

    def initialized_value(self) -> Any:
        """The variable's value, or its initial value in a run that has not initialized it yet."""
        return self._initial_value

    def value(self) -> Any:
        return self._read()

    def _read(self) -> Any:
        graph = ctx.graph if ctx.graph is not None else self._graph
        return graph.read(self)

    def read_value(self) -> Any:
        return apply(get_op("Identity"), (self._read(),))

    def count_up_to(self, limit: int) -> Any:
        """The value before one is added to it, whenever it is computed.

        Raises:
          OutOfRangeError: when it runs, the value has reached `limit`.
        """
        return counted(ctx.graph if ctx.graph is not None else self._graph, self, limit)

    def numpy(self) -> Any:
        raise NotImplementedError("numpy() is only available when eager execution is enabled.")

    def eval(self, session: Any = None) -> Any:
        """The value in a session.

        Raises:
          ValueError: there is no default session.
        """
        return self._snapshot.eval(session=session)

    def load(self, value: Any, session: Any = None) -> None:
        """Gives the variable a value in a session, without a node.

        Raises:
          ValueError: there is no default session.
        """
        target = session if session is not None else ctx.session
        if target is None:
            raise ValueError("Either session argument should be provided or default session should be established")
        target.run(self._initializer, {self._initial_value: value})

    def is_initialized(self, name: str | None = None) -> Any:
        with self._graph.as_default():
            return apply(get_op("VarIsInitializedOp"), (self.handle,), name=name)

    def _as_graph_element(self, graph: Graph) -> SymbolicTensor:
        return self._snapshot

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> Any:
        return self is other

    def __ne__(self, other: object) -> Any:
        return self is not other

    def __iter__(self) -> Any:
        raise TypeError("'Variable' object is not iterable.")

    def __repr__(self) -> str:
        return f"<tf.Variable '{self.name}' shape={self.shape} dtype={self.dtype.name}>"

    def __deepcopy__(self, memo: dict[int, Any]) -> GraphVariable:
        raise NotImplementedError("__deepcopy__() is only available when eager execution is enabled.")


def counted(graph: Graph, variable: Any, limit: int) -> Any:
    """Nodes that add one to an integer variable, and give its value before; they fail where that has reached the limit."""
    attrs = {"limit": limit, "T": variable.dtype}
    before = graph.apply(get_op("ResourceCountUpTo"), (graph.handle(variable),), attrs, None)
    with graph.control_dependencies([before]):
        added = variable.assign_add(1, read_value=False)
    with graph.control_dependencies([added]):
        return graph.apply(get_op("Identity"), (before,), {}, "CountUpTo")


def from_arguments(graph: Graph, initial_value: Any = None, trainable: bool | None = None, validate_shape: bool = True,
                   caching_device: Any = None, name: str | None = None, variable_def: Any = None, dtype: Any = None,
                   import_scope: str | None = None, constraint: Callable[..., Any] | None = None,
                   synchronization: Any = None, aggregation: Any = None, shape: Any = None,
                   experimental_enable_variable_lifting: bool = True) -> GraphVariable:
    """A graph's variable from the arguments of `tf.Variable`."""
    return GraphVariable(graph, initial_value, trainable, None, validate_shape, name, dtype, constraint, shape)


def _named(tensor: Any, dtype: Any) -> Any:
    return tensor if dtype is None or tensor.dtype == dtypes.as_dtype(dtype) else \
        apply(get_op("Cast"), (tensor,), {"DstT": dtypes.as_dtype(dtype), "Truncate": False})


def uninitialized(variable: Any) -> errors.FailedPreconditionError:
    """The error of a read before initialization."""
    name = variable.name.partition(":")[0]
    return errors.FailedPreconditionError(
        None, variable.op, f"Could not find variable {name}. This could mean that the variable has been deleted. In TF1, "
        f"it can also mean the variable is uninitialized. Debug info: container=localhost, status error message=Resource "
        f"localhost/{name}/N10tensorflow3VarE does not exist.")
