"""What `tf.errors` promises."""

import copy
import pickle
import traceback
from types import SimpleNamespace

import pytest

from thalweg.core import errors

CODES = {
    "CANCELLED": 1, "UNKNOWN": 2, "INVALID_ARGUMENT": 3, "DEADLINE_EXCEEDED": 4, "NOT_FOUND": 5, "ALREADY_EXISTS": 6,
    "PERMISSION_DENIED": 7, "RESOURCE_EXHAUSTED": 8, "FAILED_PRECONDITION": 9, "ABORTED": 10, "OUT_OF_RANGE": 11,
    "UNIMPLEMENTED": 12, "INTERNAL": 13, "UNAVAILABLE": 14, "DATA_LOSS": 15, "UNAUTHENTICATED": 16,
}  # fmt: skip


@pytest.mark.parametrize(("constant", "code"), CODES.items())
def test_every_code_has_its_class(constant, code):
    cls = getattr(errors, constant.title().replace("_", "") + "Error")
    assert getattr(errors, constant) == code
    assert cls.__bases__ == (errors.OpError,)
    assert cls(None, None, "m").error_code == code
    assert errors.exception_type_from_error_code(code) is cls
    assert errors.error_code_from_exception_type(cls) == code


def test_codes_and_classes_that_do_not_exist():
    assert errors.OK == 0
    with pytest.raises(KeyError):
        errors.exception_type_from_error_code(77)
    with pytest.warns(UserWarning, match="Unknown class exception"):
        assert isinstance(errors.error_code_from_exception_type(int), errors.UnknownError)


def test_an_error_says_what_it_was_told():
    node, op = object(), SimpleNamespace(name="a", traceback=None)
    error = errors.InvalidArgumentError(node, op, "bad shape", {"key": b"value"})
    assert (error.node_def, error.op, error.message) == (node, op, "bad shape")
    assert str(error) == "bad shape" and error.experimental_payloads == {"key": b"value"}
    assert error.args == () and repr(error) == "InvalidArgumentError()"
    assert errors.OpError(None, None, "m", 7).error_code == 7
    assert errors.NotFoundError(node_def=None, op=None, message="m").message == "m"


def test_the_message_alone_is_enough():
    error = errors.NotFoundError("no such file")
    assert (str(error), error.message, error.op, error.node_def) == ("no such file", "no such file", None, None)
    assert error.error_code == errors.NOT_FOUND


def test_missing_and_unknown_arguments():
    with pytest.raises(TypeError, match="missing required arguments: error_code"):
        errors.OpError(None, None, "m")
    with pytest.raises(TypeError, match="missing required arguments: op, message"):
        errors.AbortedError(None)
    with pytest.raises(TypeError, match="unexpected keyword argument 'foo'"):
        errors.AbortedError(None, None, "m", foo=1)


def test_the_text_tells_where_a_graph_operation_was_made():
    op = SimpleNamespace(name="chk", traceback=[traceback.FrameSummary("model.py", 29, "build")])
    text = str(errors.InvalidArgumentError(None, op, "msg"))
    assert text == "msg\n\nOriginal stack trace for 'chk':\n  File \"model.py\", line 29, in build\n"


def test_errors_can_be_copied_and_pickled():
    for error in (errors.OutOfRangeError("end", None, "m", {"k": b"v"}), errors.OpError(None, None, "m", 5)):
        for other in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
            assert type(other) is type(error)
            assert (other.message, other.error_code) == (error.message, error.error_code)
            assert other.experimental_payloads == error.experimental_payloads


def test_misuse_of_symbolic_tensors_is_an_ordinary_python_error():
    assert issubclass(errors.OperatorNotAllowedInGraphError, TypeError)
    assert issubclass(errors.InaccessibleTensorError, ValueError)
