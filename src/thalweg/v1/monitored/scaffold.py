"""`Scaffold`: the operations that a session needs around training: to initialize, to say what is ready, to save."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...ops.lookup.tables import tables_initializer
from ...runtime.graph_scopes import group
from .. import logging
from ..collections import GraphKeys, add_to_collection, get_collection, global_variables
from ..saver import Saver
from ..summary import merge_all
from ..variables import global_variables_initializer, local_variables_initializer, report_uninitialized_variables
from .common import building

SAVED_MODEL_INITIALIZERS = "saved_model_initializers"
_PIECES = ("init_op", "init_feed_dict", "ready_op", "ready_for_local_init_op", "local_init_op", "local_init_feed_dict",
           "summary_op", "saver")


class Scaffold:
    """The pieces around a graph. What is not given comes from the graph's collections or is made by `finalize`, and goes
    into the collections then.

    Args:
      init_op: initializes the variables.
      init_feed_dict: feeds for it.
      init_fn: `init_fn(scaffold, session)`, called after it.
      ready_op: a string vector of what is not initialized; empty when all is ready.
      ready_for_local_init_op: the same, before `local_init_op` may run.
      local_init_op: initializes local variables and tables.
      summary_op: a string scalar, a `Summary` message.
      saver: a `Saver`.
      copy_from_scaffold: another scaffold, whose pieces are taken where none is given.
      local_init_feed_dict: feeds for `local_init_op`.

    Raises:
      TypeError: `copy_from_scaffold` is no scaffold.
    """

    def __init__(self, init_op: Any = None, init_feed_dict: Any = None, init_fn: Callable[[Any, Any], Any] | None = None,
                 ready_op: Any = None, ready_for_local_init_op: Any = None, local_init_op: Any = None, summary_op: Any = None,
                 saver: Any = None, copy_from_scaffold: Any = None, local_init_feed_dict: Any = None) -> None:
        given: dict[str, Any] = dict(zip(_PIECES, (init_op, init_feed_dict, ready_op, ready_for_local_init_op, local_init_op,
                                   local_init_feed_dict, summary_op, saver), strict=True))
        if copy_from_scaffold is not None:
            if not isinstance(copy_from_scaffold, Scaffold):
                raise TypeError("copy_from_scaffold is not a Scaffold instance.")
            given = {name: copy_from_scaffold._pieces[name] if piece is None else piece for name, piece in given.items()}
            init_fn = init_fn if init_fn is not None else copy_from_scaffold._user_init_fn
        self._pieces: dict[str, Any] = given
        self._user_init_fn: Callable[[Any, Any], Any] | None = init_fn

    def finalize(self) -> Scaffold:
        """Makes what is missing, and closes the graph to new nodes.

        Returns:
          The scaffold.

        Raises:
          RuntimeError: a collection holds several such pieces; the graph is closed already and something is missing.
        """
        with building() as graph:
            self._take("init_op", GraphKeys.INIT_OP, _init_op)
            self._take("ready_op", GraphKeys.READY_OP, report_uninitialized_variables)
            self._take("ready_for_local_init_op", GraphKeys.READY_FOR_LOCAL_INIT_OP,
                       lambda: report_uninitialized_variables(global_variables()))
            self._take("local_init_op", GraphKeys.LOCAL_INIT_OP, Scaffold.default_local_init_op)
            self._take("summary_op", GraphKeys.SUMMARY_OP, merge_all)
            if self.saver is None:
                self._pieces["saver"] = the_saver(lambda: Saver(sharded=True, allow_empty=True))
            self.saver.build()
            graph.finalize()
        logging.info("Graph was finalized.")
        return self

    def _take(self, name: str, collection: str, make: Callable[[], Any]) -> None:
        if self._pieces[name] is None:
            self._pieces[name] = Scaffold.get_or_default(name, collection, make)

    @property
    def init_fn(self) -> Callable[[Any], Any] | None:
        """A function of the session, to be called after `init_op`; None where there is none."""
        own = self._user_init_fn
        return None if not own else lambda session: own(self, session)

    @property
    def init_op(self) -> Any:
        """Initializes the variables."""
        return self._pieces["init_op"]

    @property
    def ready_op(self) -> Any:
        """What is not initialized."""
        return self._pieces["ready_op"]

    @property
    def ready_for_local_init_op(self) -> Any:
        """What is not initialized of what `local_init_op` may need."""
        return self._pieces["ready_for_local_init_op"]

    @property
    def local_init_op(self) -> Any:
        """Initializes local variables and tables."""
        return self._pieces["local_init_op"]

    @property
    def local_init_feed_dict(self) -> Any:
        """Feeds for `local_init_op`."""
        return self._pieces["local_init_feed_dict"]

    @property
    def summary_op(self) -> Any:
        """The summaries of the graph as one, or None."""
        return self._pieces["summary_op"]

    @property
    def saver(self) -> Any:
        """Saves and restores the variables."""
        return self._pieces["saver"]

    @property
    def init_feed_dict(self) -> Any:
        """Feeds for `init_op`."""
        return self._pieces["init_feed_dict"]

    @staticmethod
    def get_or_default(arg_name: str, collection_key: str, default_constructor: Callable[[], Any]) -> Any:
        """The one element of a collection, or a new one, which is put there.

        Args:
          arg_name: what a user can pass to `Scaffold` instead.
          collection_key: of the collection.
          default_constructor: makes the new one.

        Raises:
          RuntimeError: the collection has several elements.
        """
        held = get_collection(collection_key)
        if len(held) > 1:
            raise RuntimeError(f'More than one item in the collection "{collection_key}". Please indicate which one to use by '
                               f"passing it to the tf.Scaffold constructor as:  tf.Scaffold({arg_name}=item to use)")
        if held:
            return held[0]
        made = default_constructor()
        if made is not None:
            add_to_collection(collection_key, made)
        return made

    @staticmethod
    def default_local_init_op() -> Any:
        """An operation that initializes the local variables and the tables."""
        with building():
            return group(local_variables_initializer(), tables_initializer())


def _init_op() -> Any:
    return group(global_variables_initializer(), *get_collection(SAVED_MODEL_INITIALIZERS))


def the_saver(make: Callable[[], Any] | None = None) -> Any:
    """The saver in the graph's collection, or a new one, which is put there.

    Raises:
      RuntimeError: there are several; there is none and no way to make one.
    """
    held = get_collection(GraphKeys.SAVERS)
    if len(held) > 1:
        raise RuntimeError(f"More than one item in collection {GraphKeys.SAVERS}. Please indicate which one to use by passing "
                           "it to the constructor.")
    if held:
        return held[0]
    if make is None:
        raise RuntimeError(f"No items in collection {GraphKeys.SAVERS}. Please add a saver to the collection or provide a "
                           "saver or scaffold.")
    made = make()
    add_to_collection(GraphKeys.SAVERS, made)
    return made
