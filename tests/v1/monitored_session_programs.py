"""Programs around monitored sessions, scaffolds and session managers."""
from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.v1.monitored_programs import attempt, counter, events, files, logged, model, program, teller


@program
def order(tf: Any, folder: Path) -> list[str]:
    """The calls of two hooks around two runs, and the graph being closed meanwhile."""
    lines: list[str] = []
    step, count = counter(tf)
    x = tf.placeholder(tf.float32, [])
    y = x * 2.0
    asks = {"before_run": lambda context: tf.train.SessionRunArgs({"y": y, "s": [x]})}
    hooks = [teller(tf, lines, "a", **asks, after_run=lambda c, v: lines.append(f"a got {v.results['y']} {v.results['s'][0]}")),
             teller(tf, lines, "b", after_run=lambda c, v: lines.append(f"b got {v.results} {c.original_args.fetches is y}"))]
    graph = tf.get_default_graph()
    with logged(tf, lines, folder):
        session = tf.train.MonitoredSession(hooks=hooks)
        lines.append(f"closed {graph.finalized} {session.graph is graph}")
        lines.append(f"{session.run(y, {x: 3.0})}")
        lines.append(f"{session.run({'a': [y, count]}, {x: 4.0})}")
        lines.append(f"{session.should_stop()}")
        session.close()
        lines.append(f"{graph.finalized} {session.should_stop()} {session.graph}")
        attempt(lines, session.close)
    for key in ("init_op", "ready_op", "ready_for_local_init_op", "local_init_op", "summary_op", "savers"):
        lines.append(f"{key} {len(tf.get_collection(key))}")
    return lines


@program
def stopping(tf: Any, folder: Path) -> list[str]:
    """A hook that asks to stop, and a run after that."""
    lines: list[str] = []
    _, count = counter(tf)
    calls: list[int] = []

    def after(context: Any, values: Any) -> None:
        calls.append(1)
        lines.append(f"stop requested before: {context.stop_requested}")
        if len(calls) == 2:
            context.request_stop()
    for kind in (tf.train.MonitoredSession, tf.train.SingularMonitoredSession):
        calls.clear()
        with kind(hooks=[teller(tf, lines, after_run=after)]) as session:
            while not session.should_stop():
                session.run(count)
            attempt(lines, lambda: session.run(count))
    return lines


@program
def feeds(tf: Any, folder: Path) -> list[str]:
    """Feeds of hooks and of the caller, apart and at odds."""
    lines: list[str] = []
    a, b, c = (tf.placeholder(tf.float32, [], name=n) for n in "abc")
    total = a + 10.0 * b + 100.0 * c
    feed = tf.train.FeedFnHook
    with tf.train.MonitoredSession(hooks=[feed(lambda: {a: 1.0}), feed(lambda: {b: 2.0})]) as session:
        attempt(lines, lambda: session.run(total, {c: 3.0}))
        attempt(lines, lambda: str(session.run(total, {c: 3.0, a: 5.0})))
    lines[-1] = lines[-1][:60]
    with tf.train.MonitoredSession(hooks=[feed(lambda: {a: 1.0}), feed(lambda: {a: 2.0})]) as session:
        attempt(lines, lambda: session.run(total, {c: 3.0, b: 1.0}))
    lines[-1] = lines[-1][:45]
    with tf.train.MonitoredSession(hooks=[feed(lambda: {a: 1.0, b: 2.0, c: 0.5})]) as session:
        attempt(lines, lambda: session.run(total))
    return lines


@program
def errors(tf: Any, folder: Path) -> list[str]:
    """What ends a session: errors of the body, of hooks, of runs; the end of the input counts as none."""
    lines: list[str] = []
    _, count = counter(tf)

    def body(error: Any) -> None:
        with tf.train.MonitoredSession(hooks=[teller(tf, lines)]) as session:
            session.run(count)
            raise error
    for error in (tf.errors.OutOfRangeError(None, None, "end"), StopIteration(), ValueError("bad"),
                  tf.errors.InvalidArgumentError(None, None, "worse")):
        attempt(lines, lambda: body(error))  # noqa: B023

    def raises(*args: Any) -> None:
        raise KeyError("from a hook")
    for call in ("begin", "after_create_session", "before_run", "after_run", "end"):
        def attempted() -> None:
            with tf.train.MonitoredSession(hooks=[teller(tf, lines, **{call: raises}), teller(tf, lines, "b")]) as s:  # noqa: B023
                s.run(count)
        attempt(lines, attempted)
        lines.append(f"closed {tf.get_default_graph().finalized}")
        tf.get_default_graph()._unsafe_unfinalize()
    return lines


@program
def recovery(tf: Any, folder: Path) -> list[str]:
    """Sessions that are lost, in hooks, in runs and while they are made."""
    lines: list[str] = []
    step, count = counter(tf)
    lost = [tf.errors.AbortedError(None, None, "gone"), tf.errors.UnavailableError(None, None, "away")]

    def losing(*args: Any) -> None:
        if lost:
            raise lost.pop()
    with tf.train.MonitoredSession(hooks=[teller(tf, lines, after_run=losing)]) as session:
        session.run(count)
        lines.append(f"{session.run(step)}")
    lost += [tf.errors.AbortedError(None, None, "gone")]
    with tf.train.MonitoredSession(hooks=[teller(tf, lines, after_create_session=losing)]) as session:
        lines.append(f"{session.run(step)}")
    lost += [tf.errors.AbortedError(None, None, "gone")]

    def single() -> None:
        with tf.train.SingularMonitoredSession(hooks=[teller(tf, lines, after_run=losing)]) as session:
            session.run(count)
    attempt(lines, single)
    lost += [tf.errors.AbortedError(None, None, "gone")]
    saved = tf.train.CheckpointSaverHook(str(folder), save_steps=1)
    with tf.train.MonitoredSession(tf.train.ChiefSessionCreator(checkpoint_dir=str(folder)), [saved]) as session:
        session.run(count)
        session.run(count)
    hooks = [teller(tf, lines, before_run=losing)]
    lost += [tf.errors.AbortedError(None, None, "gone")]
    with tf.train.MonitoredSession(tf.train.ChiefSessionCreator(checkpoint_dir=str(folder)), hooks) as session:
        lost.clear()
        session.run(count)
        lost += [tf.errors.AbortedError(None, None, "gone")]
        lines.append(f"{session.run(step)}")  # in a new session, from the checkpoint
    return lines


@program
def step_functions(tf: Any, folder: Path) -> list[str]:
    """Functions that run the session themselves."""
    lines: list[str] = []
    step, count = counter(tf)
    hook = teller(tf, lines)

    def work(step_context: Any) -> Any:
        step_context.session.run(count)
        step_context.run_with_hooks(count)
        return step_context.session.run(step)

    class Worker:
        def work(self, step_context: Any) -> Any:
            return step_context.run_with_hooks(step)

    def stop(step_context: Any) -> None:
        step_context.request_stop()

    def wrong(context: Any) -> None:
        """Takes an argument of another name."""
    with tf.train.MonitoredSession(hooks=[hook]) as session:
        lines.append(f"{session.run_step_fn(work)}")
        attempt(lines, lambda: session.run_step_fn(Worker().work))
        attempt(lines, lambda: session.run_step_fn(wrong))
        session.run_step_fn(stop)
        lines.append("not reached")
    lines.append(f"{session.should_stop()}")
    with tf.train.SingularMonitoredSession(hooks=[hook]) as single:
        lines.append(f"{single.run_step_fn(work)} {single.raw_session().run(step)}")
    lines.append(f"{single.raw_session()}")
    return lines


@program
def training(tf: Any, folder: Path) -> list[str]:
    """All that `MonitoredTrainingSession` logs and writes, and a second one that goes on from there."""
    lines: list[str] = []
    train, loss = model(tf)
    tf.summary.scalar("loss", loss)
    for end in (5, 8):
        with logged(tf, lines, folder), tf.train.MonitoredTrainingSession(
                checkpoint_dir=str(folder), save_checkpoint_steps=2, save_summaries_steps=2, log_step_count_steps=3,
                hooks=[tf.train.StopAtStepHook(last_step=end)]) as session:
            while not session.should_stop():
                session.run(train)
        lines += files(folder)
    lines += events(tf, folder)
    state = tf.train.get_checkpoint_state(str(folder))
    lines += [path.replace(str(folder), "DIR") for path in state.all_model_checkpoint_paths]
    lines.append(f"{tf.train.load_variable(str(folder), 'w'):.6f} {tf.train.load_variable(str(folder), 'global_step')}")
    return [line for line in lines if not line.startswith("WARNING")]  # whether the step is read before it is counted


@program
def no_summaries_no_folder(tf: Any, folder: Path) -> list[str]:
    """Settings of `MonitoredTrainingSession` that leave hooks out."""
    lines: list[str] = []
    _, count = counter(tf)
    for name, settings in (("plain", {}), ("no checkpoints", {"save_checkpoint_secs": None}),
                           ("summaries by seconds", {"save_summaries_secs": 100, "save_checkpoint_steps": 10}),
                           ("elsewhere", {"summary_dir": str(folder / "other"), "save_graph_def": False}),
                           ("nothing", {"save_summaries_steps": None, "save_checkpoint_secs": 0, "log_step_count_steps": 0})):
        place = folder / name
        for chief in ("plain",) if name == "plain" else ("folder",):
            found = {} if chief == "plain" else {"checkpoint_dir": str(place)}
            with tf.train.MonitoredTrainingSession(**found, **settings, chief_only_hooks=[teller(tf, lines)]) as session:
                session.run(count)
            lines.append(f"{name} {files(place) if place.exists() else None}")
    lines.append(f"{files(folder / 'other')}")
    with tf.Graph().as_default():
        tf.constant(1.0)
        attempt(lines, lambda: tf.train.MonitoredTrainingSession(checkpoint_dir=str(folder / "x")))
    return lines


@program
def scaffolds(tf: Any, folder: Path) -> list[str]:
    """Pieces that are given, found and made; in which order they run; what is not ready."""
    lines: list[str] = []
    x = tf.placeholder(tf.float32, [], name="x")
    v = tf.get_variable("v", initializer=lambda: tf.zeros([]))
    w = tf.get_variable("w", initializer=lambda: tf.zeros([]))
    local = tf.get_local_variable("local", initializer=lambda: v.read_value() * 2.0) if hasattr(v, "read_value") else None

    def tell(scaffold: Any, session: Any) -> None:
        lines.append(f"init_fn {session.run(v)}")
        w.load(9.0, session)
    set_v = tf.group(tf.assign(v, x), name="set_v")
    scaffold = tf.train.Scaffold(init_op=set_v, init_feed_dict={x: 5.0}, init_fn=tell)
    with logged(tf, lines, folder), tf.train.MonitoredSession(tf.train.ChiefSessionCreator(scaffold)) as session:
        lines.append(f"{session.run([v, w, local])}")
    lines.append(f"{scaffold.summary_op} {scaffold.init_op is set_v} {len(tf.get_collection('init_op'))}")
    lines.append(f"{scaffold.saver is tf.get_collection('savers')[0]} {scaffold.init_feed_dict[x]}")
    copied = tf.train.Scaffold(copy_from_scaffold=scaffold, init_feed_dict={x: 6.0}, ready_op=tf.constant([], tf.string))
    lines.append(f"{copied.init_op is set_v} {copied.ready_op is scaffold.ready_op} {copied.saver is scaffold.saver}")
    with tf.train.MonitoredSession(tf.train.ChiefSessionCreator(copied)) as session:
        lines.append(f"{session.run([v, w, local])}")
    attempt(lines, lambda: tf.train.Scaffold(copy_from_scaffold=3))
    lacking = tf.train.Scaffold(init_op=set_v, init_feed_dict={x: 1.0})
    attempt(lines, lambda: tf.train.MonitoredSession(tf.train.ChiefSessionCreator(lacking)))
    tf.get_default_graph()._unsafe_unfinalize()
    not_ready = tf.train.Scaffold(ready_op=tf.constant(["this", "that"]), local_init_op=tf.no_op(name="nothing"))
    attempt(lines, lambda: tf.train.MonitoredSession(tf.train.ChiefSessionCreator(not_ready)))
    tf.get_default_graph()._unsafe_unfinalize()
    tf.add_to_collection("ready_op", tf.constant([], tf.string))
    attempt(lines, lambda: tf.train.Scaffold().finalize())
    lines[-1] = lines[-1].partition(":")[0]  # TensorFlow does not fill in what its message leaves open
    return lines


@program
def managers(tf: Any, folder: Path) -> list[str]:
    """`SessionManager`, without a monitored session around it."""
    lines: list[str] = []
    v = tf.get_variable("v", initializer=lambda: tf.constant(1.0))
    init, saver = tf.global_variables_initializer(), tf.train.Saver()
    ready = tf.report_uninitialized_variables()
    assign = tf.assign(v, 4.0).op
    manager = tf.train.SessionManager(ready_op=ready, recovery_wait_secs=0.01)
    with logged(tf, lines, folder):
        attempt(lines, lambda: manager.prepare_session(""))
        attempt(lines, lambda: manager.prepare_session("", init_op=tf.get_default_graph().get_operation_by_name("init"),
                                                       checkpoint_dir=str(folder), saver=saver).run(v))
        attempt(lines, lambda: manager.prepare_session("", init_fn=lambda s: s.run(assign)).run(v))
        attempt(lines, lambda: manager.prepare_session("", init_fn=lambda s: None))
        attempt(lines, lambda: manager.recover_session("", saver, str(folder))[1])
        with tf.Session() as session:
            session.run(init)
            session.run(assign)
            path = saver.save(session, str(folder / "m"), 7)
        attempt(lines, lambda: manager.prepare_session("", init_op=init, checkpoint_dir=str(folder), saver=saver).run(v))
        attempt(lines, lambda: manager.prepare_session("", saver=saver, checkpoint_filename_with_path=path).run(v))
        attempt(lines, lambda: manager.recover_session("", saver, str(folder))[1])
        attempt(lines, lambda: manager.prepare_session("", saver=saver, checkpoint_dir="a", checkpoint_filename_with_path="b"))
        attempt(lines, lambda: tf.train.SessionManager(ready_for_local_init_op=ready))
        attempt(lines, lambda: manager.wait_for_session("", max_wait_secs=0.005))
    return [re.sub(r"<function.* at \w+>|\[<?T.*|\[<tensor.*", "...", line) for line in lines]


@program
def workers(tf: Any, folder: Path) -> list[str]:
    """A session that waits for somebody who initializes; nothing to wait for; nobody comes."""
    lines: list[str] = []
    c = tf.constant(2.0)
    with tf.train.MonitoredSession(tf.train.WorkerSessionCreator()) as session:  # there is nothing to initialize
        lines.append(f"{session.run(c)}")
    with tf.train.MonitoredTrainingSession(is_chief=False, chief_only_hooks=[teller(tf, lines)],
                                           hooks=[teller(tf, lines, "worker")]) as session:
        lines.append(f"{session.run(c)}")
    with tf.Graph().as_default():
        tf.get_variable("v", initializer=lambda: tf.constant(1.0))
        attempt(lines, lambda: tf.train.MonitoredSession(tf.train.WorkerSessionCreator(max_wait_secs=0.01)))
    return lines


@program
def queues(tf: Any, folder: Path) -> list[str]:
    """Queue runners are started and ended; the end of their input ends the session."""
    lines: list[str] = []
    item = tf.train.limit_epochs(tf.constant(7), num_epochs=3, name="limit")
    queue = tf.FIFOQueue(10, tf.int32)
    tf.train.add_queue_runner(tf.train.QueueRunner(queue, [queue.enqueue([item])]))
    out = queue.dequeue()
    with tf.train.MonitoredSession(hooks=[teller(tf, lines)]) as session:
        while not session.should_stop():
            lines.append(f"{session.run(out)}")
    lines.append("over")
    return lines


@program
def values(tf: Any, folder: Path) -> list[str]:
    """The small classes on their own."""
    args, values = tf.train.SessionRunArgs, tf.train.SessionRunValues
    lines = [f"{args('f')} {args('f', {1: 2}, 3).feed_dict} {args._fields} {values._fields}", f"{values(1, 2, 3).results}"]
    context = tf.train.SessionRunContext(args("f"), "session")
    lines.append(f"{context.session} {context.original_args.fetches} {context.stop_requested}")
    context.request_stop()
    lines.append(f"{context.stop_requested}")
    attempt(lines, tf.train.SessionCreator)
    hook = tf.train.SessionRunHook()
    lines.append(f"{[hook.begin(), hook.after_create_session(1, 2), hook.before_run(1), hook.after_run(1, 2), hook.end(1)]}")
    options = tf.RunOptions(timeout_in_ms=5)
    seen: list[Any] = []
    x = tf.constant(1.0)

    class Asks(tf.train.SessionRunHook):  # type: ignore[misc]
        def before_run(self, run_context: Any) -> Any:
            return args(None, options=tf.RunOptions(timeout_in_ms=60000))

        def after_run(self, run_context: Any, run_values: Any) -> None:
            seen.append((run_values.results, run_values.options.timeout_in_ms, type(run_values.run_metadata).__name__))
    with tf.train.MonitoredSession(hooks=[Asks()]) as session:
        session.run(x, options=options)
        session.run(x)
    return [*lines, f"{seen}"]


@program
def supervisors(tf: Any, folder: Path) -> list[str]:
    """A supervised session with its services, a second one that goes on, and one that ends by an error."""
    lines: list[str] = []
    train, loss = model(tf)
    tf.summary.scalar("loss", tf.constant(0.5))
    supervisor = tf.train.Supervisor(logdir=str(folder), save_summaries_secs=0, save_model_secs=600)
    with logged(tf, lines, folder):
        for _ in range(2):
            with supervisor.managed_session() as session:
                for _ in range(3):
                    session.run(train)
                supervisor.saver.save(session, supervisor.save_path, global_step=supervisor.global_step)
                supervisor.summary_computed(session, session.run(supervisor.summary_op))
                supervisor.stop()
                lines.append(f"{supervisor.should_stop()}")

    def fails(error: Exception) -> None:
        with supervisor.managed_session(start_standard_services=False):
            raise error
    attempt(lines, lambda: fails(ValueError("bad")))
    attempt(lines, lambda: fails(tf.errors.OutOfRangeError(None, None, "end")))
    lines += [line for line in files(folder) if not line.startswith("model.ckpt-0")]
    lines.append(f"{tf.get_default_graph().finalized} {supervisor.is_chief} {supervisor.save_model_secs}")
    lines.append(f"{supervisor.save_path.replace(str(folder), 'DIR')} {supervisor.init_feed_dict}")
    calls: list[int] = []

    def step(session: Any, stop_at: int) -> None:
        calls.append(len(calls))
        if len(calls) == 2:
            raise tf.errors.AbortedError(None, None, "gone")
        if len(calls) == stop_at:
            plain.request_stop()
    with tf.Graph().as_default():
        tf.get_variable("v", initializer=lambda: tf.constant(1.0))
        plain = tf.train.Supervisor()
        with logged(tf, lines, folder):
            tf.train.basic_train_loop(plain, step, args=[5])
        lines.append(f"{calls} {plain.global_step} {plain.summary_op} {plain.save_path} {plain.summary_writer}")
        with tf.Session() as session:
            attempt(lines, lambda: plain.summary_computed(session, b""))
    with tf.Graph().as_default():
        tf.constant(1.0)
        attempt(lines, lambda: tf.train.Supervisor(is_chief=False).start_standard_services(None))
    return [line for line in lines if "Saving checkpoint to" not in line]  # a thread may be late


@program
def services(tf: Any, folder: Path) -> list[str]:
    """The services write what they should, each at least once."""
    import time
    step, count = counter(tf)
    tf.summary.scalar("constant", tf.constant(0.5))
    supervisor = tf.train.Supervisor(logdir=str(folder), save_summaries_secs=0.02, save_model_secs=0.05)
    with supervisor.managed_session() as session:
        for _ in range(20):
            session.run(count)
            time.sleep(0.02)
    kinds = {line.partition(": ")[2] for line in events(tf, folder)}
    return [*sorted(kinds), f"{tf.train.latest_checkpoint(str(folder)) is not None}"]
