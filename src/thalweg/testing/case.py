"""A test case that compares tensors and runs graphs."""
from __future__ import annotations

import difflib
import random
import tempfile
import unittest
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

import thalweg as tf
from thalweg.compat import v1

from ..core.graph import get_default_graph
from .values import as_bytes, evaluated, found, holds_tensors, nested

_SEED = 87654321
_NO_SESSION = ("Trying to access properties or call methods on the result of self.session(), self.cached_session(), etc while "
               "eager execution is enabled. If you're porting this test case to TF 2.0, either adapt the test to work with "
               "eager execution or insert a call to tf.disable_eager_execution() in the main() function of this test file.")


class _NoSession:
    """What stands for a session where operations run at once."""

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(_NO_SESSION)


class TestCase(unittest.TestCase):
    """A test case that compares tensors, arrays, and what contains them, and that runs graphs.

    Arguments of the comparisons are evaluated first; a graph is run by the session that is open, or by one of the test.
    Each test begins with an empty default graph, and with the same seed of Python's, NumPy's and this library's numbers.
    """

    def __init__(self, methodName: str = "runTest") -> None:
        super().__init__(methodName)
        self._cached: Any = None
        self._directory: tempfile.TemporaryDirectory[str] | None = None

    def setUp(self) -> None:
        super().setUp()
        random.seed(_SEED)
        np.random.seed(_SEED)
        v1.reset_default_graph()
        get_default_graph().seed = _SEED
        if tf.executing_eagerly():
            tf.random.set_seed(_SEED)

    def tearDown(self) -> None:
        if self._cached is not None:
            self._cached.close()
            self._cached = None
        super().tearDown()

    def get_temp_dir(self) -> str:
        """A directory for this test's files, the same in each call; it is removed after the test."""
        if self._directory is None:
            self._directory = tempfile.TemporaryDirectory()
            self.addCleanup(self._directory.cleanup)
        return self._directory.name

    # Running.

    @contextmanager
    def session(self, graph: Any = None, config: Any = None, use_gpu: bool = True, force_gpu: bool = False) -> Iterator[Any]:
        """A session, which `evaluate` uses inside. In eager code an object that says so when it is used.

        Args:
          graph: the graph to run; the default graph unless told otherwise.
          config: of the session.
          use_gpu, force_gpu: accepted, without effect.
        """
        if tf.executing_eagerly():
            yield _NoSession()
            return
        with v1.Session(graph=graph, config=config) as session:
            yield session

    @contextmanager
    def cached_session(self, graph: Any = None, config: Any = None, use_gpu: bool = True,
                       force_gpu: bool = False) -> Iterator[Any]:
        """The one session of this test, which keeps the variables from use to use. See `session`.

        Raises:
          ValueError: it was opened for another graph.
        """
        if tf.executing_eagerly():
            yield _NoSession()
            return
        if self._cached is None:
            self._cached = v1.Session(graph=graph, config=config)
        elif graph is not None and self._cached.graph is not graph:
            raise ValueError("The graph used to get the cached session is different than the one that was used to create the "
                             "session. Maybe create a new session with self.session()")
        with self._cached.graph.as_default(), self._cached.as_default():
            yield self._cached

    def test_session(self, graph: Any = None, config: Any = None, use_gpu: bool = True, force_gpu: bool = False) -> Any:
        """`cached_session`, by the name that it had. What runs tests takes it for one of them: it is skipped as such."""
        if self.id().endswith(".test_session"):
            self.skipTest("Not a test.")
        return self.cached_session(graph, config, use_gpu, force_gpu)

    def evaluate(self, tensors: Any) -> Any:
        """The values of tensors, nested like them.

        Raises:
          ValueError: in eager code: neither a tensor nor a variable.
        """
        if tf.executing_eagerly():
            return tf.nest.map_structure(evaluated, tensors)
        session = v1.get_default_session()
        if session is not None:
            return session.run(tensors)
        with self.cached_session() as session:
            return session.run(tensors)

    def _array(self, value: Any) -> Any:
        if not isinstance(value, np.ndarray):
            if tf.is_tensor(value) or isinstance(value, (tf.IndexedSlices, tf.Variable)):
                value = self.evaluate(tf.convert_to_tensor(value))
            value = np.array([self._array(v) for v in value]) if holds_tensors(value) else np.array(value)
        return value

    def _plain(self, value: Any) -> Any:
        """Ragged values as lists; others as they are."""
        if isinstance(value, tf.RaggedTensor):
            value = self.evaluate(value)
        return value.to_list() if hasattr(value, "to_list") else value

    # Values.

    def assertAllClose(self, a: Any, b: Any, rtol: float = 1e-6, atol: float = 1e-6, msg: Any = None) -> None:
        """`|a - b| <= atol + rtol * |b|` everywhere, in dicts, lists and tuples too."""
        self._close(a, b, rtol, atol, msg, ())

    def _close(self, a: Any, b: Any, rtol: float, atol: float, msg: Any, path: tuple[Any, ...]) -> None:
        a, b = self._plain(a), self._plain(b)
        where = "".join(f"[{key}]" for key in path)
        note = "" if msg is None else str(msg)
        if isinstance(a, Mapping) or isinstance(b, Mapping):
            if not (isinstance(a, Mapping) and isinstance(b, Mapping)):
                raise ValueError(f"Can't compare dict to non-dict, a{where} vs b{where}. {note}")
            self.assertCountEqual(a.keys(), b.keys(), f"mismatched keys: a{where} has keys {a.keys()}, but b{where} has keys "
                                                      f"{b.keys()}. {note}")
            for key in a:
                self._close(a[key], b[key], rtol, atol, msg, (*path, key))
        elif isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)) and (nested(a) or nested(b)):
            self.assertEqual(len(a), len(b), f"Mismatched length: a{where} has {len(a)} items, but b{where} has {len(b)} "
                                             f"items. {note}")
            for i, (x, y) in enumerate(zip(a, b, strict=True)):
                self._close(x, y, rtol, atol, msg, (*path, i))
        else:
            self._arrays_close(self._array(a), self._array(b), rtol, atol,
                               f"Mismatched value: a{where} is different from b{where}. {note}")

    def _arrays_close(self, a: Any, b: Any, rtol: float, atol: float, msg: str) -> None:
        shown = f" with contents {b}" if b.size <= 10 else ""
        self.assertEqual(a.shape, b.shape, f"Shape mismatch: expected {a.shape}, got {b.shape}{shown}.")
        if a.dtype.kind == "V" or b.dtype.kind == "V":
            a, b = a.astype(np.float32), b.astype(np.float32)
        if np.allclose(a, b, rtol, atol, equal_nan=True):
            return
        if not a.ndim:
            a, b = a.reshape(1), b.reshape(1)
        difference = np.abs(a - b)
        places = ~np.isclose(a, b, rtol, atol, equal_nan=True)
        told = [msg, f"not close where = {np.where(places)}", f"not close lhs = {a[places]}", f"not close rhs = {b[places]}",
                f"not close dif = {difference[places]}", f"not close tol = {(atol + rtol * np.abs(b))[places]}",
                f"dtype = {a.dtype}, shape = {a.shape}"]
        np.testing.assert_allclose(a, b, rtol, atol, err_msg="\n".join(told), equal_nan=True)

    def assertAllCloseAccordingToType(self, a: Any, b: Any, rtol: float = 1e-6, atol: float = 1e-6, float_rtol: float = 1e-6,
                                      float_atol: float = 1e-6, half_rtol: float = 1e-3, half_atol: float = 1e-3,
                                      bfloat16_rtol: float = 1e-2, bfloat16_atol: float = 1e-2, msg: Any = None) -> None:
        """`assertAllClose` with the widest tolerance of the dtypes of both."""
        a, b = self._array(a), self._array(b)
        for dtype, r, t in ((np.float32, float_rtol, float_atol), (np.complex64, float_rtol, float_atol),
                            (np.float16, half_rtol, half_atol), (tf.bfloat16.as_numpy_dtype, bfloat16_rtol, bfloat16_atol)):
            if dtype in (a.dtype, b.dtype):
                rtol, atol = max(rtol, r), max(atol, t)
        self.assertAllClose(a, b, rtol=rtol, atol=atol, msg=msg)

    def assertNotAllClose(self, a: Any, b: Any, rtol: float = 1e-6, atol: float = 1e-6, msg: Any = None) -> None:
        """Somewhere the values are not close."""
        try:
            self.assertAllClose(a, b, rtol=rtol, atol=atol, msg=msg)
        except AssertionError:
            return
        raise AssertionError(f"The two values are close at all elements. {msg or ''}")

    def assertAllEqual(self, a: Any, b: Any, msg: Any = None) -> None:
        """The same shapes and values; NaN is equal to NaN."""
        if isinstance(a, tf.RaggedTensor) or isinstance(b, tf.RaggedTensor):
            self.assertEqual(self._plain(a), self._plain(b), msg)
            return
        a, b = self._array(a), self._array(b)
        shown = f" Contents: {b!r}. \n" if b.size <= 10 else ""
        self.assertEqual(a.shape, b.shape, f"Shape mismatch: expected {a.shape}, got {b.shape}.{shown}.")
        if a.dtype.kind in "SUO" or b.dtype.kind in "SUO":
            a, b = as_bytes(a), as_bytes(b)
        same = a == b
        if a.dtype.kind in "fc" and b.dtype.kind in "fc":
            same = same | (np.isnan(a) & np.isnan(b))
        if not np.all(same):
            told = ([] if msg is None else [str(msg)]) + ([f"not equal where = {np.where(~same)}"] if a.ndim else [])
            lhs, rhs = (a[~same], b[~same]) if a.ndim else (a, b)
            told += [f"not equal lhs = {lhs!r}", f"not equal rhs = {rhs!r}"]
            np.testing.assert_array_equal(a, b, err_msg="\n".join(told))

    def assertNotAllEqual(self, a: Any, b: Any, msg: Any = None) -> None:
        """Somewhere the values differ."""
        try:
            self.assertAllEqual(a, b)
        except AssertionError:
            return
        raise AssertionError(f"The two values are equal at all elements. {msg or ''}")

    def assertAllGreater(self, a: Any, comparison_target: Any) -> None:
        """Every element is greater."""
        self.assertGreater(np.min(self._array(a)), comparison_target)

    def assertAllLess(self, a: Any, comparison_target: Any) -> None:
        """Every element is less."""
        self.assertLess(np.max(self._array(a)), comparison_target)

    def assertAllGreaterEqual(self, a: Any, comparison_target: Any) -> None:
        """Every element is greater or equal."""
        self.assertGreaterEqual(np.min(self._array(a)), comparison_target)

    def assertAllLessEqual(self, a: Any, comparison_target: Any) -> None:
        """Every element is less or equal."""
        self.assertLessEqual(np.max(self._array(a)), comparison_target)

    def assertAllInRange(self, target: Any, lower_bound: Any, upper_bound: Any, open_lower_bound: bool = False,
                         open_upper_bound: bool = False) -> None:
        """Every element is between the bounds, which belong to the range unless they are open."""
        values = self._array(target)
        if values.dtype.kind not in "fiu":
            raise AssertionError(f"The value of {target} does not have an ordered numeric type, instead it has type: "
                                 f"{values.dtype}")
        below = values <= lower_bound if open_lower_bound else values < lower_bound
        above = values >= upper_bound if open_upper_bound else values > upper_bound
        outside = np.argwhere(below | above | np.isnan(values))
        if len(outside):
            written = ("(" if open_lower_bound else "[") + f"{lower_bound}, {upper_bound}" + (")" if open_upper_bound else "]")
            listed = [f"  [{', '.join(map(str, at))}] : {values[tuple(at)]}" for at in outside[:10]]
            raise AssertionError(f"{len(outside)} of the {values.size} element(s) are outside the range {written}. "
                                 "Subscript(s) and value(s) of the offending elements:\n" + "\n".join(listed))

    def assertAllInSet(self, target: Any, expected_set: Any) -> None:
        """Every element is one of a set."""
        values = self._array(target)
        others = [x.item() for x in np.unique(values) if x not in expected_set]
        if others:
            raise AssertionError(f"{len(others)} unique element(s) are not in the set {expected_set}: {others}")

    def assertNear(self, f1: float, f2: float, err: float, msg: str | None = None) -> None:
        """Two numbers differ by at most `err`."""
        near = f1 == f2 or abs(f1 - f2) <= err
        self.assertTrue(near, f"{f1:f} != {f2:f} +/- {err:f} (difference: {abs(f1 - f2):g}){f' ({msg})' if msg else ''}")

    def assertArrayNear(self, farray1: Sequence[float], farray2: Sequence[float], err: float, msg: str | None = None) -> None:
        """Two sequences of as many numbers differ by at most `err` everywhere."""
        self.assertEqual(len(farray1), len(farray2), msg)
        for f1, f2 in zip(farray1, farray2, strict=True):
            self.assertNear(float(f1), float(f2), err, msg)

    def assertNDArrayNear(self, ndarray1: Any, ndarray2: Any, err: float, msg: str | None = None) -> None:
        """The norm of the difference of two arrays is less than `err`."""
        self.assertTrue(np.linalg.norm(np.asarray(ndarray1) - np.asarray(ndarray2)) < err, msg)

    def assertDTypeEqual(self, target: Any, expected_dtype: Any) -> None:
        """A tensor or array has a dtype."""
        self.assertEqual(self._array(target).dtype, expected_dtype)

    def assertShapeEqual(self, input_a: Any, input_b: Any, msg: Any = None) -> None:
        """Two arrays or tensors have the same static shape.

        Raises:
          TypeError: neither an array nor a tensor.
        """
        for name, value in (("input_a", input_a), ("input_b", input_b)):
            if not isinstance(value, (np.ndarray, np.generic)) and not tf.is_tensor(value):
                raise TypeError(f"{name} must be a Numpy ndarray, Numpy scalar, or a Tensor.Instead received {type(value)}")
        self.assertAllEqual(np.array(tuple(input_a.shape)), np.array(tuple(input_b.shape)), msg)

    def assertDeviceEqual(self, device1: Any, device2: Any, msg: Any = None) -> None:
        """Two names, or specs, mean the same device."""
        first, second = (tf.DeviceSpec.from_string(str(d) if isinstance(d, str) else d.to_string()).to_string()
                         for d in (device1, device2))
        self.assertEqual(first, second, f"Devices {first} and {second} are not equal. {msg}")

    # Errors.

    @contextmanager
    def assertRaisesWithPredicateMatch(self, exception_type: Any, expected_err_re_or_predicate: Any) -> Iterator[Any]:
        """What runs inside raises an exception of a type, whose text has a pattern, or that a predicate accepts."""
        try:
            yield
        except exception_type as error:
            text = f"{getattr(error, 'message', None) or error}"
            wanted = expected_err_re_or_predicate
            accepted = wanted(error) if callable(wanted) else found(wanted, error, text)
            if not accepted:
                raise AssertionError(f"Exception of type {type(error)}: {error}") from error
        else:
            name = getattr(exception_type, "__name__", exception_type)
            raise AssertionError(f"Exception of type {AssertionError}: {name} not raised")

    def assertRaisesOpError(self, expected_err_re_or_predicate: Any) -> Any:
        """What runs inside raises an `OpError` that fits; see `assertRaisesWithPredicateMatch`."""
        return self.assertRaisesWithPredicateMatch(tf.errors.OpError, expected_err_re_or_predicate)

    @contextmanager
    def assertRaisesIncompatibleShapesError(self, exception_type: Any = tf.errors.InvalidArgumentError) -> Iterator[Any]:
        """What runs inside complains of incompatible shapes."""
        with self.assertRaisesRegex((exception_type, ValueError), r"(?i)incompatible shapes|must be equal|broadcast"):
            yield

    # Containers and text.

    def assertLen(self, container: Any, expected_len: int, msg: Any = None) -> None:
        """A container has a length."""
        if len(container) != expected_len:
            self.fail(self._formatMessage(msg, f"{container!r} has length of {len(container)}, expected {expected_len}."))

    def assertEmpty(self, container: Any, msg: Any = None) -> None:
        """A container has nothing in it."""
        if len(container):
            self.fail(self._formatMessage(msg, f"{container!r} has length of {len(container)}."))

    def assertNotEmpty(self, container: Any, msg: Any = None) -> None:
        """A container has something in it."""
        if not len(container):
            self.fail(self._formatMessage(msg, f"{container!r} has length of 0."))

    def assertBetween(self, value: Any, minv: Any, maxv: Any, msg: Any = None) -> None:
        """`minv <= value <= maxv`."""
        told = self._formatMessage(msg, f'"{value}" unexpectedly not between "{minv}" and "{maxv}"')
        self.assertTrue(minv <= value, told)
        self.assertTrue(maxv >= value, told)

    def assertStartsWith(self, actual: str, expected_start: str, msg: Any = None) -> None:
        """A text starts with another."""
        if not actual.startswith(expected_start):
            self.fail(self._formatMessage(msg, f"{actual!r} does not start with {expected_start!r}"))

    def assertEndsWith(self, actual: str, expected_end: str, msg: Any = None) -> None:
        """A text ends with another."""
        if not actual.endswith(expected_end):
            self.fail(self._formatMessage(msg, f"{actual!r} does not end with {expected_end!r}"))

    def assertSameElements(self, expected_seq: Any, actual_seq: Any, msg: Any = None) -> None:
        """The same elements, however often and in whatever order."""
        self.assertEqual(set(expected_seq), set(actual_seq), msg)

    assertItemsEqual = unittest.TestCase.assertCountEqual

    def assertSequenceAlmostEqual(self, expected_seq: Any, actual_seq: Any, places: int | None = None, msg: Any = None,
                                  delta: Any = None) -> None:
        """As many numbers, equal up to decimal places or a difference."""
        self.assertEqual(len(expected_seq), len(actual_seq), msg)
        for expected, actual in zip(expected_seq, actual_seq, strict=True):
            self.assertAlmostEqual(expected, actual, places, msg, delta)

    def assertProtoEquals(self, expected_message_maybe_ascii: Any, message: Any, msg: Any = None) -> None:
        """Two messages have the same text."""
        wanted, found = str(expected_message_maybe_ascii), str(message)
        if wanted.split() != found.split():
            self.fail(self._formatMessage(msg, "\n".join(difflib.ndiff(wanted.splitlines(), found.splitlines()))))
