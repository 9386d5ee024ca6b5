"""`compile`, and what follows from it: the loss and the metrics of a model."""
from __future__ import annotations

import inspect
from typing import Any

import thalweg as tf

from .. import metrics as metrics_module
from .. import optimizers
from ..config import floatx
from ..layers import tracking
from ..layers.layer import Layer
from ..types import Config, Tensor
from ..utils.warn import warn
from .compile_loss import CompileLoss
from .compile_metrics import CompileMetrics


class Compiled(Layer):
    """The part of `Model` that knows how it is to be trained."""

    optimizer: Any
    loss: Any
    compiled: bool
    stop_training: bool
    steps_per_execution: int
    run_eagerly: bool
    _jit_compile: Any
    """As given: what the functions of steps are compiled by."""
    train_function: Any
    test_function: Any
    predict_function: Any
    _compile_loss: CompileLoss | None
    _compile_metrics: CompileMetrics | None
    _loss_tracker: Any
    _compile_config: Config | None

    def _init_training(self) -> None:
        """Sets what there is before `compile`."""
        put = object.__setattr__
        for name, value in (
            ("compiled", False), ("loss", None), ("optimizer", None), ("steps_per_execution", 1),
            ("run_eagerly", False), ("_jit_compile", "auto"), ("stop_training", False), ("train_function", None),
            ("test_function", None), ("predict_function", None), ("_compile_loss", None), ("_compile_metrics", None),
            ("_loss_tracker", None), ("_compile_config", None), ("_initial_epoch", None),
            ("_loss_has_training", "training" in inspect.signature(self.compute_loss).parameters),
        ):  # fmt: skip
            put(self, name, value)

    def compile(self, optimizer: Any = "rmsprop", loss: Any = None, loss_weights: Any = None, metrics: Any = None,
                weighted_metrics: Any = None, run_eagerly: bool = False, steps_per_execution: int = 1,
                jit_compile: bool | str = "auto", auto_scale_loss: bool = True) -> None:
        """Says how the model is to be trained.

        Args:
          optimizer: an optimizer, or its name.
          loss: a loss, its name or a function; a list or dict of them for several outputs.
          loss_weights: a factor for each loss, in a list or dict.
          metrics: a list of metrics, names or functions; for several outputs a list or dict of such lists.
          weighted_metrics: the same, for metrics that sample and class weights apply to.
          run_eagerly: whether steps are never compiled.
          steps_per_execution: how many batches are run between two calls of batch callbacks.
          jit_compile: whether steps are compiled; `"auto"` compiles, at the first step, where that is less work.
          auto_scale_loss: whether the loss is scaled where the policy is `"mixed_float16"`.

        Raises:
          ValueError: a name is unknown, or an argument has a wrong type.
        """
        if not isinstance(steps_per_execution, int) or steps_per_execution < 1:
            raise ValueError("`steps_per_execution` must be a positive integer. Received: "
                             f"steps_per_execution={steps_per_execution}")
        with tracking.untracked():
            chosen = optimizers.get(optimizer)
            if auto_scale_loss and chosen is not None and self.dtype_policy.name == "mixed_float16":
                if not isinstance(chosen, optimizers.LossScaleOptimizer):
                    chosen = optimizers.LossScaleOptimizer(chosen, name="loss_scale_optimizer")
            self.optimizer = chosen
            names = getattr(self, "output_names", None)
            self._compile_loss = None if loss is None else CompileLoss(loss, loss_weights, output_names=names)
            self._compile_metrics = None
            if metrics is not None or weighted_metrics is not None:
                self._compile_metrics = CompileMetrics(metrics, weighted_metrics, output_names=names)
            self._loss_tracker = metrics_module.Mean(name="loss")
            self.loss = loss
            if jit_compile is True and run_eagerly:
                warn("If `run_eagerly` is True, then `jit_compile` cannot also be True. Disabling "
                              "`jit_compile`.")
            self.jit_compile = False if run_eagerly else jit_compile
            self.run_eagerly = run_eagerly
            self.steps_per_execution = steps_per_execution
            self.stop_training = False
            self.train_function = self.test_function = self.predict_function = None
            self._compile_config = {
                "optimizer": chosen if optimizer is not None else None, "loss": loss, "loss_weights": loss_weights,
                "metrics": metrics, "weighted_metrics": weighted_metrics, "run_eagerly": run_eagerly,
                "steps_per_execution": steps_per_execution, "jit_compile": self.jit_compile,
            }  # fmt: skip
            self.compiled = True

    @property
    def jit_compile(self) -> bool:
        """Whether steps must be compiled; False as well for `"auto"`, as in Keras on a CPU."""
        return self._jit_compile is True

    @jit_compile.setter
    def jit_compile(self, value: Any) -> None:
        object.__setattr__(self, "_jit_compile", "auto" if value is None else value)

    def _assert_compiled(self) -> None:
        if not self.compiled:
            raise ValueError("You must call `compile()` before using the model.")

    def get_compile_config(self) -> Any:
        """What `compile` was given, in a form that can be written to a file."""
        if self._compile_config is None:
            return {}
        from .. import registry

        return registry.serialize_keras_object(self._compile_config)

    def compile_from_config(self, config: Config) -> None:
        """Compiles the model from what `get_compile_config` returned."""
        from .. import registry

        arguments = registry.deserialize_keras_object(config)
        if arguments.get("jit_compile") is False:  # "auto" is written like this, too.
            arguments["jit_compile"] = "auto"
        self.compile(**arguments)
        if self.built and self.optimizer is not None:
            self.optimizer.build(self.trainable_variables)

    # Metrics

    @property
    def metrics(self) -> list[Any]:
        """The loss, the metrics given to `compile`, and those that are attributes of the model and its layers."""
        return self._own_metrics() + self._inner_metrics()

    def _own_metrics(self) -> list[Any]:
        found: list[Any] = []
        if self.compiled:
            found += [metric for metric in (self._loss_tracker, self._compile_metrics) if metric is not None]
            if self._compile_loss is not None:
                found += self._compile_loss.metrics
        return found

    def _inner_metrics(self) -> list[Any]:
        found = list(self._metrics)
        for layer in self._all_layers()[1:]:
            if not isinstance(layer, Compiled):
                found.extend(layer.metrics)
        return found

    @property
    def metrics_names(self) -> list[str]:
        """The names of `metrics`."""
        return [metric.name for metric in self.metrics]

    def reset_metrics(self) -> None:
        """Lets all metrics begin anew."""
        for metric in self.metrics:
            metric.reset_state()

    def get_metrics_result(self) -> dict[str, Any]:
        """The results of all metrics by name."""
        results: dict[str, Any] = {}
        for metric in self.metrics:
            result = metric.result()
            if isinstance(result, dict):
                results.update(result)
            else:
                results[metric.name] = result
        return results

    def _latest(self, logs: Any) -> Any:
        """The results of all metrics, unless a step of the user's returns something else."""
        results = self.get_metrics_result()
        return results if isinstance(logs, dict) and set(logs) == set(results) else logs

    def _in_order(self, logs: dict[str, Any]) -> Any:
        """Results as a list in the order of `metrics`, or the only one."""
        names: list[str] = []
        for metric in self.metrics:
            names += [m.name for m in metric.metrics] if isinstance(metric, CompileMetrics) else [metric.name]
        results = [logs[name] for name in names if name in logs]
        results += [logs[name] for name in sorted(logs) if name not in names]
        return results[0] if len(results) == 1 else results

    # What a step is made of

    def compute_loss(self, x: Any = None, y: Any = None, y_pred: Any = None, sample_weight: Any = None,
                     training: bool = True) -> Tensor:
        """The total loss: that given to `compile` and those that layers add.

        Args:
          x: the input.
          y: the labels.
          y_pred: what the model returned for `x`.
          sample_weight: weights of the samples.
          training: whether this is a step of training.

        Raises:
          ValueError: there is no loss.
        """
        total = None
        if self._compile_loss is not None:
            total = self._compile_loss(y, y_pred, sample_weight)
        for loss in self.losses:
            if not loss.dtype.is_floating:
                loss = tf.cast(loss, floatx())
            if len(loss.shape):
                loss = tf.reduce_sum(loss)
            total = loss if total is None else total + loss
        if total is None:
            raise ValueError("No loss to compute. Provide a `loss` argument in `compile()`.")
        return total

    def _compute_loss(self, x: Any, y: Any, y_pred: Any, sample_weight: Any, training: bool) -> Tensor:
        """`compute_loss`, which a subclass may have written without the argument `training`."""
        if self._loss_has_training:
            return self.compute_loss(x=x, y=y, y_pred=y_pred, sample_weight=sample_weight, training=training)
        return self.compute_loss(x=x, y=y, y_pred=y_pred, sample_weight=sample_weight)

    _loss_has_training: bool

    def compute_metrics(self, x: Any, y: Any, y_pred: Any, sample_weight: Any = None) -> dict[str, Any]:
        """Updates the metrics given to `compile` with a batch; returns the results of all metrics."""
        if self._compile_metrics is not None:
            self._compile_metrics.update_state(y, y_pred, sample_weight)
        return self.get_metrics_result()
