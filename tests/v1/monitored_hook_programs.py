"""Programs around the hooks that come with TensorFlow."""
from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.v1.monitored_programs import attempt, counter, events, files, logged, program, teller


@program
def stop_at_step(tf: Any, folder: Path) -> list[str]:
    """Stopping after steps and at a step; a session from a checkpoint goes on."""
    lines: list[str] = []
    step, count = counter(tf)
    by_two = tf.assign_add(step, 2).op
    for settings, op in (({"num_steps": 3}, count), ({"last_step": 4}, count), ({"last_step": 5}, by_two),
                         ({"num_steps": 0}, count)):
        with tf.train.MonitoredSession(hooks=[tf.train.StopAtStepHook(**settings)]) as session:
            runs = 0
            while not session.should_stop():
                session.run(op)
                runs += 1
            lines.append(f"{settings} {runs} runs")
    for settings in ({}, {"num_steps": 1, "last_step": 1}):
        attempt(lines, lambda: tf.train.StopAtStepHook(**settings))  # noqa: B023
    for _ in range(2):
        with tf.train.MonitoredTrainingSession(checkpoint_dir=str(folder), hooks=[tf.train.StopAtStepHook(num_steps=3)],
                                               log_step_count_steps=None) as session:
            while not session.should_stop():
                session.run(count)
    lines.append(f"{tf.train.latest_checkpoint(str(folder)).replace(str(folder), 'DIR')}")
    with tf.Graph().as_default():
        attempt(lines, lambda: tf.train.MonitoredSession(hooks=[tf.train.StopAtStepHook(1)]))
    return lines


@program
def logging_values(tf: Any, folder: Path) -> list[str]:
    """What `LoggingTensorHook` logs, and when."""
    lines: list[str] = []
    step, count = counter(tf)
    v = tf.constant([1.0, 2e-9], name="v")
    hook = tf.train.LoggingTensorHook
    parts = tf.split(tf.constant([1, 2]), 2, name="parts")

    def runs(made: Any, number: int = 5) -> None:
        with logged(tf, lines, folder), tf.train.MonitoredSession(hooks=[made]) as session:
            for _ in range(number):
                session.run(count)
    runs(hook(["v", "v:0"], every_n_iter=2))
    runs(hook({"z": "v", "a": v}, at_end=True))
    runs(hook({"z": v}, every_n_iter=3, at_end=True, formatter=lambda values: f"now {values}"))
    runs(hook({"count": tf.constant(3)}, every_n_secs=1000))
    for wrong in ({}, {"every_n_iter": 1, "every_n_secs": 1}, {"every_n_iter": 0}):
        attempt(lines, lambda: hook(["v"], **wrong))  # noqa: B023
    attempt(lines, lambda: runs(hook(["parts"], 1)))
    attempt(lines, lambda: runs(hook(["nothing"], 1)))
    del parts
    return lines


@program
def nan(tf: Any, folder: Path) -> list[str]:
    """A loss that becomes NaN."""
    lines: list[str] = []
    x = tf.placeholder(tf.float32, [])
    loss = x * 1.0

    def runs(**settings: Any) -> None:
        with logged(tf, lines, folder), tf.train.MonitoredSession(hooks=[tf.train.NanTensorHook(loss, **settings)]) as session:
            for value in (1.0, float("inf"), float("nan")):
                session.run(x, {x: value})
                lines.append(f"stop {session.should_stop()}")
    attempt(lines, runs)
    attempt(lines, lambda: runs(fail_on_nan_loss=False))
    lines.append(f"{issubclass(tf.train.NanLossDuringTrainingError, RuntimeError)}")
    return lines


@program
def savers(tf: Any, folder: Path) -> list[str]:
    """Checkpoints by a hook with listeners; what a listener can stop; savers that are missing or too many."""
    lines: list[str] = []
    step, count = counter(tf)

    class Listener(tf.train.CheckpointSaverListener):  # type: ignore[misc]
        def begin(self) -> None:
            lines.append("listener begin")

        def before_save(self, session: Any, global_step_value: int) -> None:
            lines.append(f"before {global_step_value}")

        def after_save(self, session: Any, global_step_value: int) -> Any:
            lines.append(f"after {global_step_value}")
            return global_step_value >= 4

        def end(self, session: Any, global_step_value: int) -> None:
            lines.append(f"listener end {global_step_value}")
    hook = tf.train.CheckpointSaverHook(str(folder), save_steps=2, listeners=[Listener()], checkpoint_basename="best",
                                        saver=tf.train.Saver(max_to_keep=2))
    with tf.train.MonitoredSession(hooks=[hook]) as session:
        while not session.should_stop():
            session.run(count)
    lines += files(folder) + events(tf, folder)
    attempt(lines, lambda: tf.train.CheckpointSaverHook(str(folder), save_steps=1, saver=object(), scaffold=object()))
    attempt(lines, lambda: tf.train.CheckpointSaverHook(str(folder)))

    def run_with(number: int) -> None:
        with tf.Graph().as_default():
            counter(tf)
            for _ in range(number):
                tf.add_to_collection(tf.GraphKeys.SAVERS, tf.train.Saver())
            scaffold = tf.train.Scaffold(saver=tf.train.Saver())
            hook = tf.train.CheckpointSaverHook(str(folder / "sub"), save_steps=1)
            with tf.train.MonitoredSession(tf.train.ChiefSessionCreator(scaffold), [hook]):
                lines.append("works")
    for number in (0, 1, 2):
        attempt(lines, lambda: run_with(number))  # noqa: B023
    return lines


@program
def summaries(tf: Any, folder: Path) -> list[str]:
    """The steps whose summaries are written."""
    lines: list[str] = []
    step, count = counter(tf)
    one = tf.summary.scalar("one", tf.constant(1.0))
    two = tf.summary.scalar("two", tf.constant(2.0))
    for name, settings in (("every", {"save_steps": 3, "summary_op": one}),
                           ("list", {"save_steps": 4, "summary_op": [one, two]}),
                           ("seconds", {"save_secs": 1000, "summary_op": two})):
        with tf.train.MonitoredSession(hooks=[tf.train.SummarySaverHook(output_dir=str(folder / name), **settings)]) as session:
            for _ in range(8):
                session.run(count)
        lines += [name, *events(tf, folder / name)]
    attempt(lines, lambda: tf.train.SummarySaverHook(save_steps=1))
    attempt(lines, lambda: tf.train.SummarySaverHook(summary_op=one))
    return lines


@program
def counting(tf: Any, folder: Path) -> list[str]:
    """When steps per second are told, and the warning where nothing counts."""
    lines: list[str] = []
    step, count = counter(tf)
    other = tf.constant(1)
    with logged(tf, lines, folder), tf.train.MonitoredSession(
            hooks=[tf.train.StepCounterHook(3, output_dir=str(folder / "a"))]) as session:
        for _ in range(8):
            session.run(count)
            lines.append("ran")
        for _ in range(3):
            session.run(other)
    lines += events(tf, folder / "a")
    attempt(lines, lambda: tf.train.StepCounterHook(None))
    attempt(lines, lambda: tf.train.StepCounterHook(1, 1))
    return lines


@program
def timers(tf: Any, folder: Path) -> list[str]:
    """`SecondOrStepTimer`, which is asked and told."""
    lines: list[str] = []
    for settings in ({"every_steps": 3}, {"every_secs": 0.0}, {"every_secs": 1000.0}):
        timer = tf.train.SecondOrStepTimer(**settings)
        lines.append(f"{timer.last_triggered_step()} {timer.update_last_triggered_step(2)}")
        lines.append(f"{[timer.should_trigger_for_step(n) for n in (2, 3, 4, 5, 6)]} {timer.last_triggered_step()}")
        lines.append(f"{timer.update_last_triggered_step(7)[1]}")
        timer.reset()
        lines.append(f"{timer.should_trigger_for_step(7)}")
    attempt(lines, tf.train.SecondOrStepTimer)
    attempt(lines, lambda: tf.train.SecondOrStepTimer(1.0, 1))
    return lines


@program
def waiting(tf: Any, folder: Path) -> list[str]:
    """`GlobalStepWaiterHook`, with nothing to wait for and behind a hook that counts."""
    lines: list[str] = []
    step, count = counter(tf)
    with logged(tf, lines, folder), tf.train.MonitoredSession(hooks=[tf.train.GlobalStepWaiterHook(0)]) as session:
        session.run(count)

    class Elsewhere(tf.train.SessionRunHook):  # type: ignore[misc]
        """Counts in the same session, before the other hook looks."""

        def before_run(self, run_context: Any) -> None:
            run_context.session.run(count)
    with logged(tf, lines, folder), tf.train.MonitoredSession(hooks=[Elsewhere(), tf.train.GlobalStepWaiterHook(1)]) as session:
        lines.append(f"{session.run(step)} {session.run(step)}")
    return lines


@program
def final_ops(tf: Any, folder: Path) -> list[str]:
    """What is computed at the end."""
    lines: list[str] = []
    x = tf.placeholder(tf.float32, [])
    hook = tf.train.FinalOpsHook({"twice": x * 2.0}, {x: 3.0})
    with tf.train.MonitoredSession(hooks=[hook]) as session:
        session.run(x, {x: 1.0})
        lines.append(f"{hook.final_ops_values}")
    lines.append(f"{hook.final_ops_values['twice']}")
    data = tf.data.make_one_shot_iterator(tf.data.Dataset.range(2)).get_next()

    def over() -> None:
        with tf.train.MonitoredSession(hooks=[teller(tf, lines), tf.train.FinalOpsHook(data)]) as session:
            while not session.should_stop():
                lines.append(f"{session.run(data)}")
    attempt(lines, over)
    with tf.train.MonitoredSession(hooks=[tf.train.FinalOpsHook(None)]) as session:
        session.run(x, {x: 1.0})
    return lines
