"""`TensorBoard`: what happens during training, in files for TensorBoard."""
from __future__ import annotations

import os
import sys
import time
import warnings
from typing import Any

import numpy as np

import thalweg as tf

from .callback import Callback, Logs


class TensorBoard(Callback):
    """Writes results, and if wanted weights, to the folders `train` and `validation` of a folder, as `tf.summary` does.

    Args:
      log_dir: the folder.
      histogram_freq: every how many epochs the weights are written as histograms; 0 for never.
      write_graph: whether the model's configuration is written, which TensorBoard shows as a graph.
      write_images: whether weights are written as pictures too.
      write_steps_per_second: whether the speed of training is written.
      update_freq: "epoch", "batch", or after how many batches the results so far are written.
      profile_batch: the batch, or the first and the last one, whose graphs are written; 0 for none.
      embeddings_freq: every how many epochs the weights are saved for the projector; 0 for never.
      embeddings_metadata: the file with the names of embedded things, or files by the names of layers.

    Raises:
      ValueError: `profile_batch` is neither a number nor two; metadata for layers that the model lacks.
    """

    def __init__(self, log_dir: Any = "logs", histogram_freq: int = 0, write_graph: bool = True, write_images: bool = False,
                 write_steps_per_second: bool = False, update_freq: Any = "epoch", profile_batch: Any = 0,
                 embeddings_freq: int = 0, embeddings_metadata: Any = None) -> None:
        super().__init__()
        self.log_dir = str(log_dir)
        self.histogram_freq = histogram_freq
        self.write_graph = write_graph
        self.write_images = write_images
        self.write_steps_per_second = write_steps_per_second
        self.update_freq = 1 if update_freq == "batch" else update_freq
        self.embeddings_freq = embeddings_freq
        self.embeddings_metadata = embeddings_metadata
        self._start_batch, self._stop_batch = _batches(profile_batch)
        self._is_tracing = False
        self._global_train_batch = self._global_test_batch = 0
        self._batch_start_time = self._epoch_start_time = 0.0
        self._previous_epoch_iterations = 0
        self._writers: dict[str, Any] = {}
        self._entered: list[tuple[Any, Any]] = []

    def set_model(self, model: Any) -> None:
        self._model = model
        self._writers = {}
        if self.write_graph and type(model).__name__ in ("Functional", "Sequential"):
            with self._writer("train").as_default():
                _write_configuration(model)
        if self.embeddings_freq:
            self._write_projector()

    def _writer(self, name: str) -> Any:
        """The writer of a folder, made when it is first needed."""
        if name not in self._writers:
            self._writers[name] = tf.summary.create_file_writer(os.path.join(self.log_dir, name))
        return self._writers[name]

    # The default writer while batches are trained, for summaries of the user's own.

    def _enter(self, name: str, step: int) -> None:
        if self.update_freq != "epoch":
            contexts = (self._writer(name).as_default(step), tf.summary.record_if(lambda: step % self.update_freq == 0))
            self._entered.append(contexts)
            for context in contexts:
                context.__enter__()

    def _leave(self) -> None:
        if self.update_freq != "epoch":
            for context in reversed(self._entered.pop()):
                context.__exit__(*sys.exc_info())

    # What training calls.

    def on_train_begin(self, logs: Logs = None) -> None:
        self._global_train_batch = self._previous_epoch_iterations = 0
        self._writer("train")
        self._enter("train", 0)

    def on_train_end(self, logs: Logs = None) -> None:
        self._leave()
        if self._is_tracing:
            self._stop_trace()
        for writer in self._writers.values():
            writer.close()

    def on_test_begin(self, logs: Logs = None) -> None:
        self._writer("validation")
        self._enter("validation", self._global_test_batch)

    def on_test_end(self, logs: Logs = None) -> None:
        optimizer = self.model.optimizer
        if optimizer is not None and hasattr(optimizer, "iterations"):
            with self._writer("validation").as_default():
                for name, value in (logs or {}).items():
                    tf.summary.scalar(f"evaluation_{name}_vs_iterations", value, int(optimizer.iterations))
        self._leave()

    def on_train_batch_begin(self, batch: int, logs: Logs = None) -> None:
        self._global_train_batch += 1
        if self.update_freq != "epoch":
            self._leave()
            self._enter("train", self._global_train_batch)
        self._batch_start_time = time.time()
        if self._stop_batch and self._global_train_batch == self._start_batch:
            tf.summary.trace_on(graph=True)
            self._is_tracing = True

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        step = self._global_train_batch
        if self.write_steps_per_second:
            tf.summary.scalar("batch_steps_per_second", 1.0 / (time.time() - self._batch_start_time), step)
        for name, value in (logs or {}).items():
            tf.summary.scalar(f"batch_{name}", value, step)
        if self._is_tracing and step >= self._stop_batch:
            self._stop_trace()

    def on_test_batch_begin(self, batch: int, logs: Logs = None) -> None:
        self._global_test_batch += 1
        if self.update_freq != "epoch":
            self._leave()
            self._enter("validation", self._global_test_batch)

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        if self.write_steps_per_second:
            self._previous_epoch_iterations = int(self.model.optimizer.iterations)
            self._epoch_start_time = time.time()

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        if logs:
            self._write_results(epoch, dict(logs))
        if self.histogram_freq and epoch % self.histogram_freq == 0:
            self._write_weights(epoch)
        if self.embeddings_freq and epoch % self.embeddings_freq == 0:
            self.model.save_weights(os.path.join(self.log_dir, "train", f"keras_embedding.ckpt-{epoch}.weights.h5"))

    # What is written.

    def _stop_trace(self) -> None:
        with self._writer("train").as_default():
            tf.summary.trace_export(f"batch_{self._stop_batch}", self._stop_batch)
        self._is_tracing = False

    def _write_results(self, epoch: int, logs: dict[str, Any]) -> None:
        train = {k: v for k, v in logs.items() if not k.startswith("val_")}
        optimizer = getattr(self.model.optimizer, "inner_optimizer", self.model.optimizer)
        if hasattr(optimizer, "learning_rate"):
            train["learning_rate"] = float(optimizer.learning_rate)
        if self.write_steps_per_second:
            steps = int(self.model.optimizer.iterations) - self._previous_epoch_iterations
            train["steps_per_second"] = steps / (time.time() - self._epoch_start_time)
        with self._writer("train").as_default():
            for name, value in train.items():
                tf.summary.scalar(f"epoch_{name}", value, epoch)
        validation = {k[len("val_"):]: v for k, v in logs.items() if k.startswith("val_")}
        if validation:
            with self._writer("validation").as_default():
                for name, value in validation.items():
                    tf.summary.scalar(f"epoch_{name}", value, epoch)

    def _write_weights(self, epoch: int) -> None:
        with self._writer("train").as_default():
            for layer in self.model.layers:
                for weight in layer.weights:
                    name, value = weight.path.replace(":", "_"), np.asarray(weight)
                    tf.summary.histogram(f"{name}/histogram", value, epoch)
                    picture = _picture(value)
                    if self.write_images and picture is not None:
                        tf.summary.image(f"{name}/image", picture, epoch)

    def _write_projector(self) -> None:
        """Tells the projector about the model's embeddings."""
        lines, files = [], self.embeddings_metadata
        for layer in self.model.layers:
            if isinstance(layer, tf.keras.layers.Embedding):
                file = files if isinstance(files, str) or files is None else files.pop(layer.name, None)
                lines += ["embeddings {", '  tensor_name: "layer_with_weights-0/embeddings/.ATTRIBUTES/VARIABLE_VALUE"',
                          *([f'  metadata_path: "{file}"'] if file else []), "}"]
        if files and not isinstance(files, str):
            raise ValueError("Unrecognized `Embedding` layer names passed to `keras.callbacks.TensorBoard` "
                             f"`embeddings_metadata` argument: {files.keys()}")
        os.makedirs(self.log_dir, exist_ok=True)
        with open(os.path.join(self.log_dir, "projector_config.pbtxt"), "w", encoding="utf-8") as file:
            file.write("".join(f"{line}\n" for line in lines))


def _batches(given: Any) -> tuple[int, int]:
    """The first and the last batch to trace.

    Raises:
      ValueError: neither a number nor two in their order.
    """
    wrong = ValueError("profile_batch must be a non-negative integer or 2-tuple of positive integers. A pair of positive "
                       f"integers signifies a range of batches to profile. Found: {given}")
    found = [int(n) for n in given.split(",")] if isinstance(given, str) else given
    found = [found, found] if isinstance(found, int) else found
    if not isinstance(found, (list, tuple)) or len(found) != 2 or not 0 <= found[0] <= found[1]:
        raise wrong
    return found[0], found[1]


def _write_configuration(model: Any) -> None:
    """Writes a model's configuration for the page of graphs."""
    try:
        text = model.to_json()
    except Exception as error:
        warnings.warn(f"Model failed to serialize as JSON. Ignoring... {error}", stacklevel=2)
        return
    metadata = tf.compat.v1.SummaryMetadata(plugin_data={"plugin_name": "graph_keras_model", "content": b"1"})
    with tf.summary.experimental.summary_scope("keras", "graph_keras_model") as (tag, _):
        tf.summary.write(tag, text, 0, metadata)


def _picture(weight: Any) -> Any:
    """A weight as grey pictures, None where it has too many dimensions."""
    x = np.squeeze(weight)
    if x.ndim == 1:
        return x.reshape(1, -1, 1, 1)
    if x.ndim == 2:
        x = x.T if x.shape[0] > x.shape[1] else x
        return x[None, :, :, None]
    if x.ndim == 3:
        if tf.keras.backend.image_data_format() == "channels_last":
            x = x.transpose(2, 0, 1)
        return x[..., None]
    return x if x.ndim == 4 and x.shape[-1] in (1, 3, 4) else None
