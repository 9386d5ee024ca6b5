"""The exceptions of `tf.errors` and their status codes."""

from __future__ import annotations

import warnings
from typing import Any, ClassVar

OK = 0
CANCELLED = 1
UNKNOWN = 2
INVALID_ARGUMENT = 3
DEADLINE_EXCEEDED = 4
NOT_FOUND = 5
ALREADY_EXISTS = 6
PERMISSION_DENIED = 7
RESOURCE_EXHAUSTED = 8
FAILED_PRECONDITION = 9
ABORTED = 10
OUT_OF_RANGE = 11
UNIMPLEMENTED = 12
INTERNAL = 13
UNAVAILABLE = 14
DATA_LOSS = 15
UNAUTHENTICATED = 16


class OpError(Exception):
    """An operation failed while it ran.

    Made as `OpError(node_def, op, message, error_code, *args)`. Where only the message is known,
    `InvalidArgumentError("message")` and its sisters take it alone. A dict of bytes among `*args` holds payloads that
    the error carries along.
    """

    _code: ClassVar[int | None] = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()
        names = ("node_def", "op", "message", "error_code")[: 4 if self._code is None else 3]
        if len(args) == 1 and not kwargs and isinstance(args[0], str):
            given: dict[str, Any] = {"node_def": None, "op": None, "message": args[0], "error_code": UNKNOWN}
            rest: tuple[Any, ...] = ()
        else:
            given = {**dict(zip(names, args, strict=False)), **kwargs}
            rest = args[len(names):]
        if unexpected := [name for name in given if name not in ("node_def", "op", "message", "error_code")]:
            raise TypeError(f"{type(self).__name__}.__init__() got an unexpected keyword argument '{unexpected[0]}'")
        if missing := [name for name in names if name not in given]:
            raise TypeError(f"{type(self).__name__}.__init__() missing required arguments: {', '.join(missing)}")
        self._node_def = given["node_def"]
        self._op = given["op"]
        self._message: str = given["message"]
        self._error_code: int = self._code if self._code is not None else given["error_code"]
        self._experimental_payloads: dict[Any, Any] = {}
        for arg in rest:
            if isinstance(arg, dict):
                self._experimental_payloads.update(arg)

    @property
    def message(self) -> str:
        """What went wrong."""
        return self._message

    @property
    def op(self) -> Any:
        """The graph operation that failed, or None if it is not known."""
        return self._op

    @property
    def node_def(self) -> Any:
        """The definition of the node that failed, or None if it is not known."""
        return self._node_def

    @property
    def error_code(self) -> int:
        """The status code, one of this module's constants."""
        return self._error_code

    @property
    def experimental_payloads(self) -> dict[Any, Any]:
        """Details that the error carries along, by key."""
        return self._experimental_payloads

    def __str__(self) -> str:
        text = str(self._message)
        if self._op is not None and (trace := getattr(self._op, "traceback", None)):
            lines = [f"Original stack trace for '{self._op.name}':"]
            lines += [f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}' for frame in trace]
            text += "\n\n" + "\n".join(lines) + "\n"
        return text

    def __reduce__(self) -> tuple[Any, ...]:
        parts: tuple[Any, ...] = (self._node_def, None, self._message)
        if self._code is None:
            parts += (self._error_code,)
        if self._experimental_payloads:
            parts += (self._experimental_payloads,)
        return type(self), parts


class CancelledError(OpError):
    """The operation was cancelled."""

    _code = CANCELLED


class UnknownError(OpError):
    """Something failed that no other class describes."""

    _code = UNKNOWN


class InvalidArgumentError(OpError):
    """An input or attribute has a value or shape that the operation rejects."""

    _code = INVALID_ARGUMENT


class DeadlineExceededError(OpError):
    """The operation did not finish in its time."""

    _code = DEADLINE_EXCEEDED


class NotFoundError(OpError):
    """A file, key or other entity does not exist."""

    _code = NOT_FOUND


class AlreadyExistsError(OpError):
    """What was to be created is there already."""

    _code = ALREADY_EXISTS


class PermissionDeniedError(OpError):
    """The caller may not do this."""

    _code = PERMISSION_DENIED


class ResourceExhaustedError(OpError):
    """Memory, disk or another resource ran out."""

    _code = RESOURCE_EXHAUSTED


class FailedPreconditionError(OpError):
    """The system is not in the state the operation needs, such as a variable not yet initialized."""

    _code = FAILED_PRECONDITION


class AbortedError(OpError):
    """The operation was given up, usually because another one interfered."""

    _code = ABORTED


class OutOfRangeError(OpError):
    """The operation went past the end, as of a data set."""

    _code = OUT_OF_RANGE


class UnimplementedError(OpError):
    """The operation does not support what was asked."""

    _code = UNIMPLEMENTED


class InternalError(OpError):
    """Something that must hold inside the system does not."""

    _code = INTERNAL


class UnavailableError(OpError):
    """A service cannot be reached at present."""

    _code = UNAVAILABLE


class DataLossError(OpError):
    """Stored data is damaged or cut short."""

    _code = DATA_LOSS


class UnauthenticatedError(OpError):
    """The caller did not say credibly who it is."""

    _code = UNAUTHENTICATED


class OperatorNotAllowedInGraphError(TypeError):
    """A symbolic tensor was used where Python needs a value, as in `if tensor:` while a graph is built."""


class InaccessibleTensorError(ValueError):
    """A tensor was used outside the function or graph that it belongs to."""


_BY_CODE: dict[int, type[OpError]] = {c._code: c for c in OpError.__subclasses__() if c._code is not None}


def exception_type_from_error_code(error_code: int) -> type[OpError]:
    """The class for a status code.

    Raises:
      KeyError: if the code stands for no error.
    """
    return _BY_CODE[error_code]


def error_code_from_exception_type(cls: type) -> Any:
    """The status code of a class; for other classes it warns and returns an `UnknownError`, as TensorFlow does."""
    if issubclass(cls, OpError) and cls._code is not None:
        return cls._code
    warnings.warn("Unknown class exception", stacklevel=2)
    return UnknownError(None, None, "Unknown class exception", None)
