"""Collections of a graph: its variables, losses, summaries, and whatever a program puts there."""
from __future__ import annotations

from typing import Any

from ..core.context import ctx
from ..core.graph import Graph, get_default_graph


class GraphKeys:
    """The names of the standard collections."""

    GLOBAL_VARIABLES = "variables"
    LOCAL_VARIABLES = "local_variables"
    METRIC_VARIABLES = "metric_variables"
    MODEL_VARIABLES = "model_variables"
    TRAINABLE_VARIABLES = "trainable_variables"
    SUMMARIES = "summaries"
    QUEUE_RUNNERS = "queue_runners"
    TABLE_INITIALIZERS = "table_initializer"
    ASSET_FILEPATHS = "asset_filepaths"
    MOVING_AVERAGE_VARIABLES = "moving_average_variables"
    REGULARIZATION_LOSSES = "regularization_losses"
    CONCATENATED_VARIABLES = "concatenated_variables"
    SAVERS = "savers"
    SAVEABLE_OBJECTS = "saveable_objects"
    WEIGHTS = "weights"
    BIASES = "biases"
    ACTIVATIONS = "activations"
    UPDATE_OPS = "update_ops"
    LOSSES = "losses"
    INIT_OP = "init_op"
    LOCAL_INIT_OP = "local_init_op"
    READY_OP = "ready_op"
    READY_FOR_LOCAL_INIT_OP = "ready_for_local_init_op"
    SUMMARY_OP = "summary_op"
    GLOBAL_STEP = "global_step"
    TRAIN_OP = "train_op"
    COND_CONTEXT = "cond_context"
    WHILE_CONTEXT = "while_context"
    VARIABLES = "variables"


def graph() -> Graph:
    """The graph that names of TensorFlow 1 build in."""
    return ctx.graph if ctx.graph is not None else get_default_graph()


def home() -> Graph:
    """The graph that keeps the variables and collections of what is built now: outside all loops and branches."""
    g: Any = graph()
    while g.building_function and g.outer is not None:
        g = g.outer
    return g  # type: ignore[no-any-return]


def add_to_collection(name: Any, value: Any) -> None:
    """Appends to a collection of the default graph."""
    home().add_to_collection(name, value)


def add_to_collections(names: Any, value: Any) -> None:
    """Appends to several collections of the default graph."""
    home().add_to_collections(names, value)


def get_collection(key: Any, scope: str | None = None) -> list[Any]:
    """What is in a collection of the default graph; with `scope` what has a name that matches it."""
    return home().get_collection(key, scope)


def get_collection_ref(key: Any) -> list[Any]:
    """The list behind a collection of the default graph."""
    return home().get_collection_ref(key)


def global_variables(scope: str | None = None) -> list[Any]:
    """The global variables of the default graph."""
    return get_collection(GraphKeys.GLOBAL_VARIABLES, scope)


def trainable_variables(scope: str | None = None) -> list[Any]:
    """The trainable variables of the default graph."""
    return get_collection(GraphKeys.TRAINABLE_VARIABLES, scope)


def local_variables(scope: str | None = None) -> list[Any]:
    """The local variables of the default graph."""
    return get_collection(GraphKeys.LOCAL_VARIABLES, scope)


def model_variables(scope: str | None = None) -> list[Any]:
    """The model variables of the default graph."""
    return get_collection(GraphKeys.MODEL_VARIABLES, scope)


def moving_average_variables(scope: str | None = None) -> list[Any]:
    """The variables with a moving average in the default graph."""
    return get_collection(GraphKeys.MOVING_AVERAGE_VARIABLES, scope)
