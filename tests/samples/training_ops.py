"""Samples of the fused optimizer steps."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import BF, A, D, F, H, I, P, sample


def _step(type: str, count: int, names: str, **attrs: bool) -> Callable[..., Any]:
    """A step on `count` variables; the next input is the gradient, then indices; the scalars are fixed."""
    scalars = {"alpha": 0.1, "lr": 0.1, "momentum": 0.9, "rho": 0.9, "epsilon": 1e-3, "beta1": 0.9, "beta2": 0.99,
               "beta1_power": 0.81, "beta2_power": 0.97, "l1": 0.3, "l2": 0.2, "l2_shrinkage": 0.1, "lr_power": -0.5,
               "sign_decay": 0.7, "logbase": 1.5, "beta": 0.8}

    def call(tf: Any, *inputs: Any) -> Any:
        variables = [tf.Variable(x) for x in inputs[:count]]
        values = [inputs[count] if n in ("grad", "delta") else inputs[count + 1] if n == "indices" else
                  tf.constant(3, tf.int64) if n == "global_step" else tf.constant(scalars[n], inputs[0].dtype)
                  for n in names.split()]
        if tf.__name__ == "tensorflow":
            import inspect
            function = getattr(tf.raw_ops, type)
            handles = dict(zip(inspect.signature(function).parameters, [v.handle for v in variables], strict=False))
            function(**handles, **dict(zip(names.split(), values, strict=True)), **attrs)
        else:
            from thalweg.core.opdef import get_op
            from thalweg.core.variable import update
            update(get_op(type), tuple(variables), tuple(values), attrs)
        return [v.value() for v in variables]
    return call


_STEPS = [
    ("GradientDescent", (F,), "alpha delta", ({},)),
    ("Momentum", (F, F), "lr grad momentum", ({"use_nesterov": False}, {"use_nesterov": True})),
    ("KerasMomentum", (F, F), "lr grad momentum", ({"use_nesterov": False}, {"use_nesterov": True})),
    ("Adagrad", (F, P), "lr grad", ({"update_slots": True}, {"update_slots": False})),
    ("AdagradV2", (F, P), "lr epsilon grad", ({"update_slots": True}, {"update_slots": False})),
    ("RMSProp", (F, P, F), "lr rho momentum epsilon grad", ({},)),
    ("CenteredRMSProp", (F, lambda *s: F(*s, scale=0.1), P, F), "lr rho momentum epsilon grad", ({},)),
    ("Adam", (F, F, P), "beta1_power beta2_power lr beta1 beta2 epsilon grad",
     ({"use_nesterov": False}, {"use_nesterov": True})),
    ("AdamWithAmsgrad", (F, F, P, P), "beta1_power beta2_power lr beta1 beta2 epsilon grad", ({},)),
    ("Adadelta", (F, P, P), "lr rho epsilon grad", ({},)),
    ("AdaMax", (F, F, P), "beta1_power lr beta1 beta2 epsilon grad", ({},)),
    ("Ftrl", (F, P, F), "grad lr l1 l2 lr_power", ({"multiply_linear_by_lr": False}, {"multiply_linear_by_lr": True})),
    ("FtrlV2", (F, P, F), "grad lr l1 l2 l2_shrinkage lr_power",
     ({"multiply_linear_by_lr": False}, {"multiply_linear_by_lr": True})),
]
_SIGNS = [
    ("AddSign", (F, F), "lr alpha sign_decay beta grad"),
    ("PowerSign", (F, F), "lr logbase sign_decay beta grad"),
]
_PROXIMAL = [
    ("ProximalGradientDescent", (F,), "alpha l1 l2 delta"),
    ("ProximalAdagrad", (F, P), "lr l1 l2 grad"),
    ("AdagradDA", (F, F, P), "grad lr l1 l2 global_step"),
]
_DENSE_ONLY = ("GradientDescent", "Adam", "AdamWithAmsgrad", "AdaMax")
_SPARSE = [(f"ResourceSparseApply{name}", makers, names.replace("delta", "grad").replace("grad", "grad indices"), attrs)
           for name, makers, names, attrs in [*_STEPS, *((*p, ({},)) for p in _PROXIMAL)] if name not in _DENSE_ONLY]

SAMPLES = [
    *(sample(f"ResourceApply{name}", _step(f"ResourceApply{name}", len(makers), names, **a),
             *(m(*shape) for m in makers), F(*shape), grad=False)
      for name, makers, names, attrs in _STEPS for a in attrs for shape in ((3, 4), (), (0,))),
    sample("ResourceApplyGradientDescent", _step("ResourceApplyGradientDescent", 1, "alpha delta"), D(3), D(3), grad=False),
    sample("ResourceApplyMomentum", _step("ResourceApplyMomentum", 2, "lr grad momentum"), H(3), H(3), H(3), grad=False),
    *(sample(f"ResourceApply{name}", _step(f"ResourceApply{name}", len(makers), names),
             *(m(*shape) for m in makers), F(*shape), grad=False)
      for name, makers, names in _PROXIMAL for shape in ((3, 4), (), (0,))),
    *(sample(f"ResourceApply{name}", _step(f"ResourceApply{name}", len(makers), names),
             *(m(*shape) for m in makers), m(*shape), grad=False)
      for name, makers, names in _SIGNS for m, shape in ((F, (3, 4)), (F, ()), (F, (0,)))),
    *(sample(f"ResourceApply{name}", _step(f"ResourceApply{name}", 2, names), m(7), m(7), m(7), grad=False)
      for name, _, names in _SIGNS for m in (D, H, BF)),
    *(sample(type, _step(type, len(makers), names, **a), *(m(5, 3) for m in makers), F(4, 3), A([3, 1, 3, 3]), grad=False)
      for type, makers, names, attrs in _SPARSE for a in attrs),
    *(sample(type, _step(type, len(makers), names), *(m(*shape) for m in makers), F(*rows), A(places, np.int64), grad=False)
      for type, makers, names, _ in _SPARSE
      for shape, rows, places in (((5,), (3,), [4, 0, 2]), ((3, 2), (0, 2), []), ((4, 2, 2), (2, 2, 2), [1, 1]))),
    sample("ResourceSparseApplyMomentum", _step("ResourceSparseApplyMomentum", 2, "lr grad indices momentum"),
           D(9, 2), D(9, 2), D(40, 2), I(0, 9, 40), grad=False),
    sample("ResourceSparseApplyMomentum", _step("ResourceSparseApplyMomentum", 2, "lr grad indices momentum"),
           H(3, 2), H(3, 2), H(2, 2), A([2, 0]), grad=False),
    # The larger of a number and NaN is what stands in the slot.
    sample("ResourceApplyAdamWithAmsgrad", _step("ResourceApplyAdamWithAmsgrad", 4,
           "beta1_power beta2_power lr beta1 beta2 epsilon grad"), F(3), F(3), A([np.nan, 1.0, 2.0]), A([0.5, np.nan, 0.25]),
           F(3), grad=False),
    sample("ResourceApplyAdaMax", _step("ResourceApplyAdaMax", 3, "beta1_power lr beta1 beta2 epsilon grad"),
           F(3), F(3), A([0.5, np.nan, 2.0]), A([np.nan, 1.0, 2.0]), grad=False),
]
