"""The variables and tables that belong to columns."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..v1.scopes import get_variable


class StateManager:
    """Keeps variables and tables by column and name, and makes variables in the open variable scope.

    Args:
      collections: of the graph, that the variables join.
      trainable: whether those variables may be trained that their columns let be trained.
    """

    def __init__(self, collections: Sequence[Any] | None = None, trainable: bool = True) -> None:
        self.collections = None if collections is None else list(collections)
        self.trainable = trainable
        self._variables: dict[tuple[Any, str], Any] = {}
        self._resources: dict[tuple[Any, str], Any] = {}

    def create_variable(self, feature_column: Any, name: str, shape: Any, dtype: Any = None, trainable: bool = True,
                        use_resource: bool = True, initializer: Any = None) -> Any:
        """A new variable of a column.

        Raises:
          ValueError: the column has one of that name.
        """
        if (feature_column, name) in self._variables:
            raise ValueError("Variable already exists.")
        made = get_variable(name, shape, dtype, initializer, trainable=self.trainable and trainable,
                            collections=self.collections, use_resource=use_resource)
        self._variables[feature_column, name] = made
        return made

    def get_variable(self, feature_column: Any, name: str) -> Any:
        """The variable of a column.

        Raises:
          ValueError: there is none.
        """
        if (feature_column, name) not in self._variables:
            raise ValueError("Variable does not exist.")
        return self._variables[feature_column, name]

    def add_resource(self, feature_column: Any, name: str, resource: Any) -> None:
        """Keeps a table of a column."""
        self._resources[feature_column, name] = resource

    def has_resource(self, feature_column: Any, name: str) -> bool:
        """Whether the column has a table of that name."""
        return (feature_column, name) in self._resources

    def get_resource(self, feature_column: Any, name: str) -> Any:
        """The table of a column.

        Raises:
          ValueError: there is none.
        """
        if not self.has_resource(feature_column, name):
            raise ValueError("Resource does not exist.")
        return self._resources[feature_column, name]
