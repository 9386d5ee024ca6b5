"""Other implementations of public functions for arguments of the user's own types: `tf.experimental.dispatch_for_*`.

The first implementation that is registered for a function puts a wrapper in its place in all public namespaces. Functions
that nobody registers anything for stay as they are, so their calls cost nothing more.
"""
from __future__ import annotations

import functools
import inspect
import typing
from collections.abc import Callable
from types import UnionType
from typing import Any

from ._lazy import put_in_place
from .core.nest import CompositeTensor

_Function = Callable[..., Any]
_Signature = dict[Any, Any]

UNARY = (
    "bitwise.invert cast clip_by_value debugging.check_numerics dtypes.saturate_cast image.adjust_brightness "
    "image.adjust_gamma image.convert_image_dtype image.random_brightness image.stateless_random_brightness "
    "io.decode_base64 io.decode_compressed io.encode_base64 math.abs math.acos math.acosh math.angle math.asin math.asinh "
    "math.atan math.atanh math.bessel_i0 math.bessel_i0e math.bessel_i1 math.bessel_i1e math.ceil math.conj math.cos "
    "math.cosh math.digamma math.erf math.erfc math.erfcinv math.erfinv math.exp math.expm1 math.floor math.imag "
    "math.is_finite math.is_inf math.is_nan math.lgamma math.log math.log1p math.log_sigmoid math.logical_not math.ndtri "
    "math.negative math.nextafter math.real math.reciprocal math.reciprocal_no_nan math.rint math.round math.rsqrt "
    "math.sigmoid math.sign math.sin math.sinh math.softplus math.special.bessel_j0 math.special.bessel_j1 "
    "math.special.bessel_k0 math.special.bessel_k0e math.special.bessel_k1 math.special.bessel_k1e math.special.bessel_y0 "
    "math.special.bessel_y1 math.special.dawsn math.special.expint math.special.fresnel_cos math.special.fresnel_sin "
    "math.special.spence math.sqrt math.square math.tan math.tanh nn.elu nn.gelu nn.leaky_relu nn.log_softmax nn.relu "
    "nn.relu6 nn.selu nn.silu nn.softsign ones_like strings.as_string strings.length strings.lower "
    "strings.regex_full_match strings.regex_replace strings.strip strings.substr strings.to_hash_bucket "
    "strings.to_hash_bucket_fast strings.to_hash_bucket_strong strings.to_number strings.unicode_script "
    "strings.unicode_transcode strings.upper zeros_like")
"""What a handler of unary operations is asked for."""

BINARY = (
    "bitwise.bitwise_and bitwise.bitwise_or bitwise.bitwise_xor bitwise.left_shift bitwise.right_shift dtypes.complex math.add "
    "math.atan2 math.divide math.divide_no_nan math.equal math.floordiv math.floormod math.greater math.greater_equal "
    "math.less math.less_equal math.logical_and math.logical_or math.logical_xor math.maximum math.minimum math.multiply "
    "math.multiply_no_nan math.not_equal math.pow math.scalar_mul math.squared_difference math.subtract math.truediv "
    "math.xdivy math.xlog1py math.xlogy math.zeta nn.sigmoid_cross_entropy_with_logits realdiv truncatediv truncatemod")
"""What a handler of binary operations is asked for."""

ASSERTIONS = (
    "debugging.assert_equal debugging.assert_greater debugging.assert_greater_equal debugging.assert_less "
    "debugging.assert_less_equal debugging.assert_near debugging.assert_none_equal")
"""What a handler of binary assertions is asked for."""

_handlers: dict[tuple[Any, ...], tuple[_Function, list[_Function]]] = {}
"""For each kind of handler and its types the handler, and the implementations that were registered for it."""

_wrappers: list[Any] = []


def _fits(annotation: Any, value: Any) -> bool:
    """Whether a value is of an annotated type: a class, a list of them, or a union."""
    origin, args = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, UnionType):
        return any(_fits(arg, value) for arg in args)
    if origin is list:
        return isinstance(value, (list, tuple)) and all(_fits(args[0], v) for v in value)
    return isinstance(value, type(None) if annotation is None else annotation)


def _composite(value: Any) -> bool:
    """Whether there is a composite here: without one there is no reason to look for another implementation."""
    return isinstance(value, CompositeTensor) or isinstance(value, (list, tuple)) and any(map(_composite, value))


def _check_annotation(annotation: Any) -> None:
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, UnionType, list):
        for arg in typing.get_args(annotation):
            _check_annotation(arg)
    elif annotation is not None and not isinstance(annotation, type):
        raise ValueError(f"Type annotation {annotation} is not currently supported by dispatch.  Supported annotations: type "
                         "objects, List[...], and Union[...]")


def _named(api: inspect.Signature, signature: Any) -> _Signature:
    """A signature with the names of parameters as its keys, checked.

    Raises:
      TypeError: not a dict of names or places.
      ValueError: a parameter that there is not, or an annotation that is not supported.
    """
    if not isinstance(signature, dict) or not all(isinstance(k, (str, int)) for k in signature):
        raise TypeError("signatures must be dictionaries mapping parameter names to type annotations.")
    names, out = list(api.parameters), {}
    for key, annotation in signature.items():
        name = names[key] if isinstance(key, int) and key < len(names) else key
        if name not in api.parameters:
            raise ValueError(f"signature includes annotation for unknown parameter {name!r}.")
        kind = api.parameters[name].kind
        if kind not in (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD):
            raise ValueError("Dispatch currently only supports type annotations for positional parameters; can't handle "
                             f"annotation for {kind!r} parameter {name}.")
        _check_annotation(annotation)
        out[name] = annotation
    return out


def _dispatching(api: Any) -> Any:
    """The wrapper of a public function, which is put in its place when there is none yet.

    Raises:
      ValueError: not a function of this library.
    """
    if hasattr(api, "_dispatch_targets"):
        return api
    if not (callable(api) and not isinstance(api, type) and getattr(api, "__module__", "").startswith("thalweg.")):
        raise ValueError(f"{api} does not support dispatch.")
    for wrapper in _wrappers:
        if wrapper.__wrapped__ is api:
            return wrapper
    parameters = inspect.signature(api)
    targets: list[tuple[_Signature, _Function]] = []

    @functools.wraps(api)
    def call(*args: Any, **kwargs: Any) -> Any:
        if targets and (any(map(_composite, args)) or any(map(_composite, kwargs.values()))):
            target = _target(api, targets, parameters, args, kwargs)
            if target is not None:
                return target(*args, **kwargs)
        return api(*args, **kwargs)
    call._dispatch_targets = targets  # type: ignore[attr-defined]
    _wrappers.append(call)
    put_in_place(api, call)
    return call


def _target(api: Any, targets: list[tuple[_Signature, _Function]], parameters: inspect.Signature, args: Any,
            kwargs: Any) -> _Function | None:
    """The implementation for these arguments, or None.

    Raises:
      ValueError: there are several.
    """
    try:
        given = parameters.bind(*args, **kwargs).arguments
    except TypeError:
        return None
    found: list[_Function] = []
    for signature, target in targets:
        if target not in found and all(name in given and _fits(kind, given[name]) for name, kind in signature.items()) and \
                any(_composite(given[name]) for name in signature):
            found.append(target)
    if len(found) > 1:
        raise ValueError(f"Multiple dispatch targets that were registered with tf.experimental.dispatch_for_api match the "
                         f"arguments to {api.__name__}: {found}")
    return found[0] if found else None


def _with_name(api: inspect.Signature, target: _Function) -> _Function:
    """An implementation without the parameter `name` gets it: what it does happens in a scope of that name."""
    own = inspect.signature(target)
    if "name" not in api.parameters or "name" in own.parameters or any(
            p.kind is p.VAR_KEYWORD for p in own.parameters.values()):
        return target
    place = list(api.parameters).index("name")

    @functools.wraps(target)
    def named(*args: Any, **kwargs: Any) -> Any:
        args, kwargs, name = _without_name(place, args, kwargs)
        if name is None:
            return target(*args, **kwargs)
        import thalweg as tf
        with tf.name_scope(name):
            return target(*args, **kwargs)
    parameters = list(own.parameters.values())
    parameters.insert(place, api.parameters["name"])
    named.__signature__ = own.replace(parameters=parameters)  # type: ignore[attr-defined]
    return named


def _without_name(place: int, args: Any, kwargs: Any) -> tuple[Any, Any, Any]:
    """The arguments without `name`, and `name`."""
    if 0 <= place < len(args):
        return args[:place] + args[place + 1:], kwargs, args[place]
    return args, {k: v for k, v in kwargs.items() if k != "name"}, kwargs.get("name") if place >= 0 else None


def _check_parameters(api: inspect.Signature, target: _Function) -> None:
    own = inspect.signature(target)
    kinds = [p.kind for p in own.parameters.values()]
    if kinds == [inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD]:
        return
    if [(p.name, p.kind) for p in own.parameters.values()] != [(p.name, p.kind) for p in api.parameters.values()]:
        raise ValueError(f"Dispatch function's signature {own} does not match API's signature {api}.")


def dispatch_for_api(api: Any, *signatures: Any) -> Callable[[_Function], _Function]:
    """A decorator: the function is called instead of a public one where the arguments have certain types.

    Args:
      api: the public function, `tf.add`.
      signatures: dicts of types for some of its parameters, `{"x": MyType, "y": MyType}`; any of them may fit. Types are
        classes, `list[...]` and unions of them; at least one argument must hold a composite. Without signatures the
        annotations of the decorated function are taken.

    Returns:
      The decorator. The function has the parameters of the public one, or all of them but `name`.

    Raises:
      ValueError: not a public function, other parameters, or types that are not supported.
      TypeError: a signature that is not a dict, or what is decorated is no function.
    """
    wrapper = _dispatching(api)
    parameters = inspect.signature(wrapper)
    checked = [_named(parameters, s) for s in signatures]

    def decorator(target: _Function) -> _Function:
        if not callable(target):
            raise TypeError(f"Expected dispatch_target to be callable; got {target!r}")
        implementation = _with_name(parameters, target)
        _check_parameters(parameters, implementation)
        kinds = checked
        if not kinds:
            annotated = {k: kind for k, kind in typing.get_type_hints(target).items() if k != "return"}
            if not annotated:
                raise ValueError("The dispatch_for_api decorator must be called with at least one signature, or applied to a "
                                 "function that has type annotations on its parameters.")
            kinds = [_named(parameters, annotated)]
        wrapper._dispatch_targets.extend((kind, implementation) for kind in kinds)
        return implementation
    return decorator


def unregister_dispatch_for(dispatch_target: _Function) -> None:
    """Takes back what a function was registered for with one of the decorators.

    Raises:
      ValueError: it was not.
    """
    found = False
    for key, (handler, targets) in list(_handlers.items()):
        if handler is dispatch_target:
            found = True
            del _handlers[key]
            for target in targets:
                unregister_dispatch_for(target)
    for wrapper in _wrappers:
        targets = wrapper._dispatch_targets
        left = [entry for entry in targets if entry[1] is not dispatch_target]
        found = found or len(left) < len(targets)
        targets[:] = left
    if not found:
        raise ValueError(f"Function {dispatch_target} was not registered using a `@dispatch_for_*` decorator.")


def _public(name: str) -> Any:
    import thalweg as tf
    return functools.reduce(getattr, name.split("."), tf)


def _for_each(kind: str, names: str, types: tuple[Any, ...]) -> Callable[[_Function], _Function]:
    """A decorator that registers a handler for the first arguments of many functions."""
    def decorator(handler: _Function) -> _Function:
        key = (kind, *types)
        if key in _handlers:
            shown = ", ".join(str(t) for t in types)
            raise ValueError(f"A {kind} elementwise dispatch handler ({_handlers[key][0]}) has already been registered for "
                             f"({shown}).")
        functions = {id(wrapper): wrapper for wrapper in (_dispatching(_public(name)) for name in names.split())}
        _handlers[key] = handler, [_handled(wrapper, handler, types) for wrapper in functions.values()]
        return handler
    return decorator


def _handled(wrapper: Any, handler: _Function, types: tuple[Any, ...]) -> _Function:
    """Registers a handler for one function, and returns the implementation that calls it."""
    parameters = list(inspect.signature(wrapper).parameters)
    place = parameters.index("name") if "name" in parameters else -1
    # A function of more than these arguments is handed on with the others filled in.
    plain = len(parameters) == len(types) + 1 and place >= 0

    def target(*args: Any, **kwargs: Any) -> Any:
        args, kwargs, name = _without_name(place, args, kwargs)
        operands, rest = list(args[:len(types)]), args[len(types):]
        operands += [kwargs.pop(p) for p in parameters[len(operands):len(types)]]
        function = wrapper if plain else lambda *xs: wrapper(*xs, *rest, **kwargs)
        if name is None:
            return handler(function, *operands)
        import thalweg as tf
        with tf.name_scope(name):
            return handler(function, *operands)
    target.__name__ = target.__qualname__ = "elementwise_dispatch_target_for_" + wrapper.__name__
    return dispatch_for_api(wrapper, dict(zip(parameters, types, strict=False)))(target)


def dispatch_for_unary_elementwise_apis(x_type: Any) -> Callable[[_Function], _Function]:
    """A decorator: `handler(api, x)` computes functions of one tensor, element by element, for values of a type.

    The handler calls `api` with the tensors that `x` is made of; further arguments of the call are filled in already.

    Raises:
      ValueError: the type has a handler already.
    """
    return _for_each("unary", UNARY, (x_type,))


def dispatch_for_binary_elementwise_apis(x_type: Any, y_type: Any) -> Callable[[_Function], _Function]:
    """A decorator: `handler(api, x, y)` computes functions of two tensors, element by element, for values of two types.

    Raises:
      ValueError: the types have a handler already.
    """
    return _for_each("binary", BINARY, (x_type, y_type))


def dispatch_for_binary_elementwise_assert_apis(x_type: Any, y_type: Any) -> Callable[[_Function], _Function]:
    """A decorator: `handler(api, x, y)` makes the assertions that compare two values of these types element by element.

    Raises:
      ValueError: the types have a handler already.
    """
    return _for_each("binary assert", ASSERTIONS, (x_type, y_type))
