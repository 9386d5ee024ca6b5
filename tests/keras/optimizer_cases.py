"""Cases of optimizers: six steps on three variables, the state and its names, the config; schedules; every mistake."""
from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from tests.keras.golden import Case, Results, error_of

_rng = np.random.RandomState(3)
_SHAPES = [(4, 3), (3,), (2, 2, 3)]
_FIRST = [_rng.randn(*shape).astype("float32") for shape in _SHAPES]
_GRADIENTS = [[_rng.randn(*shape).astype("float32") * (1 + i) for shape in _SHAPES] for i in range(6)]
_ROWS = [_rng.randn(3, 3).astype("float32") for _ in range(3)]

OPTIMIZERS: list[tuple[str, dict[str, Any]]] = [
    ("SGD", {}),
    ("SGD", {"momentum": 0.9}),
    ("SGD", {"momentum": 0.9, "nesterov": True}),
    ("RMSprop", {}),
    ("RMSprop", {"momentum": 0.5}),
    ("RMSprop", {"centered": True}),
    ("RMSprop", {"centered": True, "momentum": 0.3, "rho": 0.8}),
    ("Adagrad", {}),
    ("Adam", {}),
    ("Adam", {"amsgrad": True, "epsilon": 1e-3}),
    ("AdamW", {"weight_decay": 0.01}),
    ("Adadelta", {"learning_rate": 1.0}),
    ("Adamax", {}),
    ("Nadam", {}),
    ("Ftrl", {}),
    ("Ftrl", {"l1_regularization_strength": 0.1, "l2_regularization_strength": 0.2,
              "l2_shrinkage_regularization_strength": 0.05, "beta": 0.1}),
    ("Lion", {}),
    ("Lamb", {}),
    ("Adafactor", {}),
]

COMMON: list[dict[str, Any]] = [
    {"weight_decay": 0.01}, {"clipnorm": 0.5}, {"clipvalue": 0.3}, {"global_clipnorm": 0.7}, {"use_ema": True},
    {"use_ema": True, "ema_overwrite_frequency": 2, "ema_momentum": 0.8}, {"gradient_accumulation_steps": 2},
    {"loss_scale_factor": 4.0},
    {"gradient_accumulation_steps": 2, "use_ema": True, "ema_overwrite_frequency": 1, "clipnorm": 0.4},
]  # fmt: skip

SCHEDULES: list[tuple[str, dict[str, Any]]] = [
    ("ExponentialDecay", {"decay_steps": 10, "decay_rate": 0.5}),
    ("ExponentialDecay", {"decay_steps": 10, "decay_rate": 0.5, "staircase": True}),
    ("InverseTimeDecay", {"decay_steps": 10, "decay_rate": 0.5}),
    ("InverseTimeDecay", {"decay_steps": 10, "decay_rate": 0.5, "staircase": True}),
    ("PolynomialDecay", {"decay_steps": 10, "power": 2.0}),
    ("PolynomialDecay", {"decay_steps": 10, "cycle": True}),
    ("CosineDecay", {"decay_steps": 10, "alpha": 0.1}),
    ("CosineDecay", {"decay_steps": 10, "warmup_target": 0.3, "warmup_steps": 5}),
    ("CosineDecayRestarts", {"first_decay_steps": 5}),
    ("CosineDecayRestarts", {"first_decay_steps": 5, "t_mul": 1.0, "m_mul": 0.9, "alpha": 0.1}),
    ("PiecewiseConstantDecay", {"boundaries": [5, 10], "values": [1.0, 0.5, 0.1]}),
]


def _state(optimizer: Any, variables: list[Any]) -> Results:
    return {
        **{f"variable{i}": v.numpy() for i, v in enumerate(variables)},
        **{f"slot{i}": v.numpy() for i, v in enumerate(optimizer.variables)},
        "paths": [v.path for v in optimizer.variables], "names": [v.name for v in optimizer.variables],
    }  # fmt: skip


def _steps(name: str, kwargs: dict[str, Any], own: bool = True) -> Case:
    """Six steps; the second variable has no gradient in the fourth. `own` is for variables of Keras."""

    def run(keras: Any, tf: Any) -> Results:
        optimizer = getattr(keras.optimizers, name)(**{"learning_rate": 0.05, "name": "opt", **kwargs})
        make = keras.Variable if own else tf.Variable
        variables = [make(value, name=f"v{i}") for i, value in enumerate(_FIRST)]
        for step, values in enumerate(_GRADIENTS):
            grads = [tf.constant(value) for value in values]
            if step == 3:
                grads[1] = None
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                optimizer.apply_gradients(list(zip(grads, variables, strict=True)))
        results = _state(optimizer, variables)
        results["config"] = optimizer.get_config()
        results["again"] = type(optimizer).from_config(optimizer.get_config()).get_config()
        return results

    return run


def _by_rows(name: str, kwargs: dict[str, Any]) -> Case:
    """Three steps with a gradient by rows, one of them twice."""

    def run(keras: Any, tf: Any) -> Results:
        optimizer = getattr(keras.optimizers, name)(**{"learning_rate": 0.1, "name": "opt", **kwargs})
        variable = tf.Variable(np.vstack([_FIRST[0], _FIRST[0][:2] + 1]), name="rows")
        for values in _ROWS:
            gradient = tf.IndexedSlices(tf.constant(values), tf.constant([0, 2, 2]), tf.constant([6, 3]))
            optimizer.apply([gradient], [variable])
        return _state(optimizer, [variable])

    return run


def _schedule(name: str, kwargs: dict[str, Any]) -> Case:
    def run(keras: Any, tf: Any) -> Results:
        if "values" not in kwargs:
            kwargs["initial_learning_rate"] = 0.1
        schedule = getattr(keras.optimizers.schedules, name)(**kwargs)
        optimizer = keras.optimizers.SGD(schedule, name="opt")
        variable = keras.Variable(1.0, name="v")
        for _ in range(12):
            optimizer.apply([tf.constant(1.0)], [variable])
        return {
            "rates": np.array([float(schedule(step)) for step in range(40)], "float32"),
            "config": schedule.get_config(), "moved": variable.numpy(), "now": float(optimizer.learning_rate),
            "paths": [v.path for v in optimizer.variables], "optimizer": optimizer.get_config(),
        }  # fmt: skip

    return run


def _loss_scale(bad: bool) -> Case:
    def run(keras: Any, tf: Any) -> Results:
        inner = keras.optimizers.Adam(0.1, name="inner")
        optimizer = keras.optimizers.LossScaleOptimizer(inner, dynamic_growth_steps=2, name="outer")
        variable = keras.Variable([1.0, 2.0], name="v")
        for step in range(5):
            optimizer.apply([tf.constant([3.0, float("inf") if bad and step == 2 else 1.0])], [variable])
        return {**_state(optimizer, [variable]), "loss": optimizer.scale_loss(tf.constant(2.0)),
                "config": optimizer.get_config()}

    return run


def _exclusion(keras: Any, tf: Any) -> Results:
    optimizer = keras.optimizers.SGD(0.1, weight_decay=0.5, name="opt")
    variables = [keras.Variable([1.0], name=name) for name in ("kernel", "bias", "other")]
    optimizer.exclude_from_weight_decay(var_list=[variables[2]], var_names=["bias"])
    optimizer.apply([tf.constant([0.0])] * 3, variables)
    return _state(optimizer, variables)


def _constraint(keras: Any, tf: Any) -> Results:
    variable = keras.Variable([1.0, -1.0], name="v")
    variable.constraint = lambda w: tf.maximum(w, 0.0)
    optimizer = keras.optimizers.SGD(0.1, name="opt")
    optimizer.apply([tf.constant([1.0, 1.0])], [variable])
    return _state(optimizer, [variable])


def _mistake(call: Any) -> Case:
    return lambda keras, tf: {"error": error_of(lambda: call(keras.optimizers, tf))}


def _stranger(optimizers: Any, tf: Any) -> None:
    optimizer = optimizers.SGD(0.1)
    optimizer.apply([tf.constant(1.0)], [tf.Variable(1.0, name="a")])
    try:
        optimizer.apply([tf.constant(1.0)], [tf.Variable(2.0, name="b")])
    except ValueError as error:
        raise ValueError(str(error).partition(".")[0].partition(":")[0]) from None


_MISTAKES = {
    "unknown name": lambda o, tf: o.get("adamm"),
    "not an optimizer": lambda o, tf: o.get(3),
    "rate": lambda o, tf: o.SGD(1),
    "momentum": lambda o, tf: o.SGD(0.1, momentum=2.0),
    "two bounds": lambda o, tf: o.SGD(0.1, clipnorm=1.0, clipvalue=2.0),
    "unknown argument": lambda o, tf: o.SGD(0.1, learning=3),
    "accumulation": lambda o, tf: o.SGD(0.1, gradient_accumulation_steps=1),
    "ema momentum": lambda o, tf: o.SGD(0.1, use_ema=True, ema_momentum=2),
    "ema frequency": lambda o, tf: o.SGD(0.1, use_ema=True, ema_overwrite_frequency=0.5),
    "no gradient": lambda o, tf: o.SGD(0.1).apply([None], [tf.Variable(1.0)]),
    "not built": lambda o, tf: o.SGD(0.1).apply([tf.constant(1.0)]),
    "unknown variable": _stranger,
    "no decay": lambda o, tf: o.AdamW(0.1, weight_decay=None),
    "lion": lambda o, tf: o.Lion(0.1, beta_1=0),
    "ftrl power": lambda o, tf: o.Ftrl(0.1, learning_rate_power=1.0),
    "ftrl strength": lambda o, tf: o.Ftrl(0.1, l1_regularization_strength=-1.0),
    "set a scheduled rate": lambda o, tf: setattr(o.SGD(o.schedules.ExponentialDecay(0.1, 10, 0.5)), "learning_rate",
                                                  0.1),
    "decay steps": lambda o, tf: o.schedules.ExponentialDecay(0.1, 0, 0.5),
    "restart steps": lambda o, tf: o.schedules.CosineDecayRestarts(0.1, 0),
    "boundaries": lambda o, tf: o.schedules.PiecewiseConstantDecay([1], [1.0]),
    "base schedule": lambda o, tf: o.schedules.LearningRateSchedule()(1),
    "unbuilt weights": lambda o, tf: o.SGD(0.1).set_weights([]),
    "inner argument": lambda o, tf: o.LossScaleOptimizer(o.SGD(0.1), clipnorm=1.0),
    "static scale": lambda o, tf: o.LossScaleOptimizer(o.SGD(0.1), dynamic=False),
    "scale argument": lambda o, tf: o.LossScaleOptimizer(o.SGD(0.1), foo=1),
}

CASES: dict[str, Case] = {
    **{f"{name}-{i}": _steps(name, kwargs) for i, (name, kwargs) in enumerate(OPTIMIZERS)},
    **{f"{name}-{i} by rows": _by_rows(name, kwargs) for i, (name, kwargs) in enumerate(OPTIMIZERS)},
    **{f"{name} {list(common.values())[0]}-{i}": _steps(name, common) for name in ("SGD", "Adam")
       for i, common in enumerate(COMMON)},
    "SGD by rows, norm": _by_rows("SGD", {"clipnorm": 0.5}),
    "SGD by rows, all norms": _by_rows("SGD", {"global_clipnorm": 0.5}),
    "SGD by rows, value": _by_rows("SGD", {"clipvalue": 0.5}),
    "Adam on tf.Variable": _steps("Adam", {}, own=False),
    **{f"{name}-{i}": _schedule(name, kwargs) for i, (name, kwargs) in enumerate(SCHEDULES)},
    "loss scale": _loss_scale(False),
    "loss scale, not finite": _loss_scale(True),
    "weight decay exclusion": _exclusion,
    "constraint": _constraint,
    **{f"mistake: {name}": _mistake(call) for name, call in _MISTAKES.items()},
}
