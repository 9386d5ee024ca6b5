"""Callbacks, and what the progress bar shows."""
from __future__ import annotations

import csv
import io
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.keras.training_cases import X, Y, net

import thalweg as tf
from thalweg.keras import callbacks
from thalweg.keras.utils.progbar import Progbar


@pytest.fixture
def model() -> Any:
    tf.keras.utils.set_random_seed(1)
    model = net(tf.keras)
    model.compile(tf.keras.optimizers.SGD(0.1), "mse", metrics=["mae"])
    return model


def test_best_weights_are_restored(model: Any) -> None:
    class Rise(callbacks.Callback):
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            logs["score"] = [1.0, 3.0, 2.0, 2.5, 0.0][epoch]
            self.kept = self.model.get_weights() if epoch == 1 else self.kept if epoch else None

    rise = Rise()
    stop = callbacks.EarlyStopping(monitor="score", mode="max", patience=2, restore_best_weights=True)
    model.fit(X, Y, epochs=5, verbose=0, callbacks=[rise, stop])
    assert (stop.stopped_epoch, stop.best_epoch, stop.best) == (3, 1, 3.0)
    assert all(np.array_equal(a, b) for a, b in zip(model.get_weights(), rise.kept, strict=True))


def test_the_direction_of_a_metric_is_known(model: Any) -> None:
    model.compile("sgd", "binary_crossentropy", metrics=["accuracy", "mae"])
    for monitor, up in (("val_accuracy", True), ("accuracy", True), ("mae", False), ("val_loss", False)):
        stop = callbacks.EarlyStopping(monitor=monitor)
        model.fit(X, Y, verbose=0, callbacks=[stop], validation_data=(X, Y))
        assert bool(stop.monitor_op(2, 1)) is up
    with pytest.raises(ValueError, match="automatically determine whether that metric should be maximized"):
        model.fit(X, Y, verbose=0, callbacks=[callbacks.EarlyStopping(monitor="foo")])


def test_a_missing_result_is_said(model: Any) -> None:
    with pytest.warns(UserWarning, match="Early stopping conditioned on metric `val_loss` which is not available"):
        model.fit(X, Y, verbose=0, callbacks=[callbacks.EarlyStopping()])
    with pytest.warns(UserWarning, match="Learning rate reduction is conditioned on metric `val_loss`"):
        model.fit(X, Y, verbose=0, callbacks=[callbacks.ReduceLROnPlateau()])


def test_wrong_arguments() -> None:
    with pytest.raises(ValueError, match="does not support a factor >= 1.0. Received factor=1.5"):
        callbacks.ReduceLROnPlateau(factor=1.5)
    with pytest.warns(UserWarning, match="EarlyStopping mode 'up' is unknown, fallback to auto mode"):
        callbacks.EarlyStopping(mode="up")


def test_no_rate_but_a_float(model: Any) -> None:
    with pytest.raises(ValueError, match="The output of the `schedule` function should be a float. Got: 1"):
        model.fit(X, Y, verbose=0, callbacks=[callbacks.LearningRateScheduler(lambda epoch, rate: 1)])


def test_nan_ends_training(model: Any, capsys: pytest.CaptureFixture[str]) -> None:
    x = X.copy()
    x[12] = np.nan
    with pytest.warns(UserWarning, match="`x` contains NaN values"):
        history = model.fit(x, Y, epochs=3, verbose=0, shuffle=False, batch_size=10,
                            callbacks=[callbacks.TerminateOnNaN()])
    assert len(history.epoch) == 1 and int(model.optimizer.iterations) == 2
    assert capsys.readouterr().out == "Batch 1: Invalid loss, terminating training\n"
    with pytest.raises(RuntimeError, match="NaN or Inf loss encountered at batch 0"):
        model.fit(x, Y, verbose=0, callbacks=[callbacks.TerminateOnNaN(raise_error=True)])


def test_a_table_of_the_epochs(model: Any, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    rows: list[int] = []
    count = callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: rows.append(len(path.read_text().splitlines())))
    model.fit(X, Y, epochs=2, verbose=0, callbacks=[callbacks.CSVLogger(path), count])
    assert rows == [0, 2], "each epoch is on disk when it ends"
    model.fit(X, Y, epochs=1, verbose=0, callbacks=[callbacks.CSVLogger(path, append=True)], validation_data=(X, Y))
    with open(path, newline="") as file:
        table = list(csv.DictReader(file))
    assert list(table[0]) == ["epoch", "loss", "mae", "val_loss", "val_mae"]
    assert [row["epoch"] for row in table] == ["0", "1", "0"]
    assert table[0]["val_loss"] == "NA" and float(table[2]["val_loss"]) > 0


def test_what_a_callback_is_told(model: Any) -> None:
    seen: dict[str, Any] = {}

    class Watch(callbacks.Callback):
        def on_train_begin(self, logs: Any = None) -> None:
            seen["params"], seen["model"] = self.params, self.model

        def on_predict_batch_end(self, batch: int, logs: Any = None) -> None:
            seen["outputs"] = logs["outputs"].shape

    watch = Watch()
    model.fit(X, Y, verbose=0, callbacks=[watch])
    model.predict(X, verbose=0, callbacks=[watch], batch_size=50)
    assert seen["params"] == {"verbose": 0, "epochs": 1, "steps": 2} and seen["model"] is model
    assert tuple(seen["outputs"]) == (50, 1)


def test_no_callback() -> None:
    with pytest.raises(TypeError, match="Expected `callbacks` to be objects of"):
        callbacks.CallbackList([3])


# The progress bar


def test_plain_lines_where_output_goes_to_a_file(model: Any, capsys: pytest.CaptureFixture[str]) -> None:
    model.fit(X, Y, epochs=2, batch_size=10, validation_data=(X, Y))
    shown = capsys.readouterr().out
    assert "\x1b" not in shown and "\r" not in shown and "\b" not in shown
    line = r"5/5 ━{20} \d+s \d+(us|ms|s)/step - loss: [\d.]+ - mae: [\d.]+ - val_loss: [\d.]+ - val_mae: [\d.]+\n"
    assert re.fullmatch(rf"Epoch 1/2\n{line}Epoch 2/2\n{line}", shown)
    model.evaluate(X, Y)
    model.predict(X)
    shown = capsys.readouterr().out
    assert re.fullmatch(r"2/2 ━{20} \d+s \S+/step - loss: [\d.]+ - mae: [\d.]+\n2/2 ━{20} \d+s \S+/step\n", shown)


def test_one_line_an_epoch_or_none(model: Any, capsys: pytest.CaptureFixture[str]) -> None:
    model.fit(X, Y, epochs=2, verbose=2)
    shown = capsys.readouterr().out
    line = r"2/2 - \d+s - \S+/step - loss: [\d.]+ - mae: [\d.]+\n"
    assert re.fullmatch(rf"Epoch 1/2\n{line}Epoch 2/2\n{line}", shown)
    model.fit(X, Y, verbose=0)
    assert capsys.readouterr().out == ""


def test_messages_may_be_logged_instead(model: Any, capsys: pytest.CaptureFixture[str],
                                        caplog: pytest.LogCaptureFixture) -> None:
    tf.keras.utils.disable_interactive_logging()
    try:
        with caplog.at_level("INFO", "thalweg"):
            model.fit(X, Y)
    finally:
        tf.keras.utils.enable_interactive_logging()
    assert capsys.readouterr().out == "" and "2/2" in caplog.text


def test_a_terminal_is_redrawn_at_most_ten_times_a_second() -> None:
    code = ("import time; from thalweg.keras.utils.progbar import Progbar\n"
            "bar = Progbar(50, stateless_metrics=())\n"
            "for i in range(1, 51):\n    time.sleep(0.01); bar.update(i, [('loss', 1.5 / i)])")
    leader, follower = pty.openpty()
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    subprocess.run([sys.executable, "-c", code], stdout=follower, check=True, env=environment)
    os.close(follower)
    shown = b""
    try:
        while part := os.read(leader, 65536):
            shown += part
    except OSError:  # The other end is closed.
        pass
    frames = shown.decode().split("\r")[1:]
    assert 3 <= len(frames) <= 30
    assert frames[-2].startswith("\x1b[1m50/50\x1b[0m \x1b[32m━━━━━━━━━━━━━━━━━━━━\x1b[0m\x1b[37m\x1b[0m \x1b[1m")
    assert frames[-2].endswith(" - loss: 0.0300")
    assert re.search(r"\x1b\[1m\d+s\x1b\[0m \d+ms/step - loss: ", frames[0])


def test_an_output_without_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    bar = Progbar(2)
    bar.update(2, [("loss", 1e-6)])
    sys.stdout.flush()
    assert re.fullmatch(rb"2/2 ={20} 0s \S+/step - loss: 1.0000e-06\n", raw.getvalue())


def test_averages_over_steps(capsys: pytest.CaptureFixture[str]) -> None:
    bar = Progbar(3, stateful_metrics=["last"])
    for step, value in ((1, 1.0), (2, 3.0)):
        bar.update(step, [("mean", value), ("last", value)])
    bar.update(3, finalize=True)
    assert capsys.readouterr().out.endswith(" - mean: 2.0000 - last: 3.0000\n")
    with pytest.raises(ValueError, match="Only one of `stateful_metrics` or `stateless_metrics`"):
        Progbar(1, stateful_metrics=[], stateless_metrics=[])


def test_an_unknown_number_of_steps(model: Any, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.warns(UserWarning, match="`shuffle=True` was passed, but will be ignored"):
        model.fit(pair for pair in [(X, Y)] * 3)
    assert capsys.readouterr().out.startswith("3/3 ━")
