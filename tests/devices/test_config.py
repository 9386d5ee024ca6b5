"""What devices there are on a machine with a CPU alone, and what asking for others says."""
from __future__ import annotations

import re
import subprocess
import sys

import pytest

import thalweg as tf
import thalweg.v1 as tf1

pytestmark = pytest.mark.skipif(bool(tf.config.list_physical_devices("GPU")), reason="there is a GPU")
HOST = "/job:localhost/replica:0/task:0/device:CPU:0"


def test_what_there_is() -> None:
    assert repr(tf.config.list_physical_devices()) == "[PhysicalDevice(name='/physical_device:CPU:0', device_type='CPU')]"
    assert tf.config.list_physical_devices("GPU") == []
    assert repr(tf.config.list_logical_devices()) == "[LogicalDevice(name='/device:CPU:0', device_type='CPU')]"
    assert tf.config.experimental.get_device_details(tf.config.list_physical_devices()[0]) == {}
    assert tf.config.experimental.get_memory_info("CPU:0") == {"current": 0, "peak": 0}
    tf.config.set_visible_devices([], "GPU")


def test_what_is_refused() -> None:
    cpu, = tf.config.list_physical_devices("CPU")
    assert tf.config.list_logical_devices()
    with pytest.raises(ValueError, match="Unrecognized device: 3"):
        tf.config.set_visible_devices(3)
    with pytest.raises(RuntimeError, match="Visible devices cannot be modified after being initialized"):
        tf.config.set_visible_devices([], "CPU")
    with pytest.raises(RuntimeError, match="Virtual devices cannot be modified after being initialized"):
        tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
    with pytest.raises(ValueError, match="Setting memory limit on CPU"):
        tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration(memory_limit=9)])
    with pytest.raises(ValueError, match="Cannot set memory growth on non-GPU"):
        tf.config.experimental.set_memory_growth(cpu, True)
    with pytest.raises(ValueError, match="No matching devices found for 'GPU:0'"):
        tf.config.experimental.get_memory_info("GPU:0")


def test_settings_are_kept() -> None:
    tf.config.threading.set_intra_op_parallelism_threads(2)
    assert tf.config.threading.get_intra_op_parallelism_threads() == 2
    tf.config.optimizer.set_jit(True)
    assert tf.config.optimizer.get_jit() == "autoclustering"
    tf.config.optimizer.set_experimental_options({"constant_folding": False, "foo": 1})
    assert tf.config.optimizer.get_experimental_options() == {
        "constant_folding": False, "disable_model_pruning": False, "disable_meta_optimizer": False}
    with pytest.raises(ValueError, match="Invalid argument `device_policy`: 'foo'"):
        tf.config.experimental.set_device_policy("foo")
    assert tf.config.experimental.get_device_policy() == "silent"


def test_soft_placement_takes_what_there_is() -> None:
    for name in ("/GPU:0", "CPU:7", "/cpu", "gpu", "/device:XXX:0", "/device:CPU:*", "", "/replica:0/task:0/device:CPU:0"):
        with tf.device(name):
            x = tf.constant(1.0) + 1.0
        assert (x.device, x.numpy()) == (HOST, 2.0)


def test_names_that_are_none() -> None:
    with pytest.raises(ValueError, match="Unknown attribute 'foo'"):
        tf.device("foo")
    with pytest.raises(ValueError, match="Expecting a string device name"):
        tf.device(3)
    with pytest.raises(RuntimeError, match="does not support functions"):
        tf.device(lambda op: "/cpu:0")


def test_explicit_placement_without_soft_placement() -> None:
    tf.config.set_soft_device_placement(False)
    try:
        for name in ("/GPU:0", "/device:TPU:0", "CPU:7"):
            with tf.device(name), pytest.raises(tf.errors.InvalidArgumentError) as caught:
                tf.constant(1.0)
            wanted = "/" + name.strip("/") if "device" in name else "/device:" + name.strip("/")
            assert (f"Could not satisfy device specification '/job:localhost/replica:0/task:0{wanted}'. "
                    "enable_soft_placement=0. Supported device types [CPU]. All available devices "
                    f"[{HOST}].") in str(caught.value)

        @tf.function
        def f(x: tf.Tensor) -> tf.Tensor:
            with tf.device("/GPU:0"):
                return x + 1.0
        with pytest.raises(tf.errors.InvalidArgumentError, match="Could not satisfy device specification"):
            f(tf.constant(1.0))
    finally:
        tf.config.set_soft_device_placement(True)
    with tf.device("/job:other"), pytest.raises(tf.errors.InvalidArgumentError, match="/job:other/replica:0"):
        tf.constant(1.0)


def test_sessions_place_softly_only_if_they_are_told_to() -> None:
    with tf1.Graph().as_default():
        with tf1.device("/gpu:0"):
            y = tf1.placeholder(tf1.float32) + 1.0
        with tf1.Session(config=tf1.ConfigProto(allow_soft_placement=True)) as session:
            assert session.run(y, {y.op.inputs[0]: 1.0}) == 2.0
        with tf1.Session() as session, pytest.raises(tf.errors.InvalidArgumentError) as caught:
            session.run(y, {y.op.inputs[0]: 1.0})
        assert re.search(r"Cannot assign a device for operation \w+: \{\{node \w+\}\} was explicitly assigned to /device:GPU:0 "
                         r"but available devices are \[ " + HOST + r" \]", str(caught.value))
        assert [d.name for d in session.list_devices()] == [HOST]


def test_nodes_remember_what_was_asked_for() -> None:
    with tf.Graph().as_default() as graph:
        with graph.device("gpu:1"):
            assert tf.constant(1.0).device == "/device:GPU:1"
        with graph.device("/job:ps/task:1"):
            a = tf.constant(1.0)
            assert a.device == "/job:ps/task:1"
            with graph.device("/cpu:1"):
                assert tf.constant(1.0).device == "/job:ps/task:1/device:CPU:1"
            with graph.device("/job:w"):
                assert tf.constant(1.0).device == "/job:w/task:1"
            with graph.device(None):
                assert tf.constant(1.0).device == ""
            with graph.device(lambda op: "/gpu:3" if op.type == "Const" else ""), graph.device(tf.DeviceSpec(task=7)):
                assert tf.constant(1.0).device == "/job:ps/task:1/device:GPU:3"
            with graph.device(tf.DeviceSpec(device_type="GPU", device_index=9)):
                assert tf.constant(1.0).device == "/job:ps/task:1/device:GPU:9"
                with graph.colocate_with(a.op):
                    assert tf.identity(a).device == "/job:ps/task:1"
        with pytest.raises(ValueError, match="Unknown attribute 'foo'"), graph.device("foo"):
            pass


@pytest.mark.parametrize(("text", "canonical"), [
    ("/gpu:0", "/device:GPU:0"), ("gpu", "/device:GPU:*"), ("/device:GPU:*", "/device:GPU:*"), ("", ""),
    ("/job:w/replica:1/task:2/device:CPU:0", "/job:w/replica:1/task:2/device:CPU:0"), ("/device:foo:3", "/device:foo:3")])
def test_device_specs_read_names(text: str, canonical: str) -> None:
    assert tf.DeviceSpec.from_string(text).to_string() == canonical


@pytest.mark.parametrize(("text", "reason"), [
    ("/cpu:0/gpu:1", "Multiple device types are not allowed"), ("/task:x", "invalid literal"),
    ("/device:GPU", "Unknown attribute 'device'"), ("xyz", "Unknown attribute 'xyz'")])
def test_device_specs_refuse_what_is_no_name(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        tf.DeviceSpec.from_string(text)


def test_device_specs() -> None:
    spec = tf.DeviceSpec(job="ps", device_type="CPU", device_index=0)
    assert repr(spec) == "<DeviceSpec(job=ps, replica=None, task=None, device_type=CPU, device_index=0)>"
    assert spec.replace(device_type="GPU").to_string() == "/job:ps/device:GPU:0"
    assert spec.make_merged_spec(tf.DeviceSpec(device_type="GPU", task=3)).to_string() == "/job:ps/task:3/device:GPU:0"
    assert hash(spec) == hash(tf.DeviceSpec.from_string("/job:ps/cpu:0"))
    with pytest.raises(AttributeError):
        spec.job = "w"
    old = tf1.DeviceSpec(job="ps")
    old.device_type = "gpu"
    old.merge_from(tf1.DeviceSpec(device_index=2))
    assert old.to_string() == "/job:ps/device:GPU:2"
    assert old.parse_from_string("/cpu:1") is old
    assert old.to_string() == "/device:CPU:1"


def test_asking_for_devices_does_not_load_jax() -> None:
    code = ("import sys, thalweg as tf; tf.config.list_physical_devices(); tf.config.list_logical_devices('GPU')\n"
            "with tf.device('/cpu:0'): tf.constant(1.0) + 1\n"
            "with tf.device('/gpu:0'): tf.constant(1.0) + 1\n"
            "assert 'jax' not in sys.modules")
    subprocess.run([sys.executable, "-c", code], check=True)


def test_determinism_needs_seeds() -> None:
    code = ("import thalweg as tf; tf.config.experimental.enable_op_determinism()\n"
            "try: tf.random.uniform([1])\n"
            "except RuntimeError as error: assert 'require a seed' in str(error)\n"
            "else: raise SystemExit('no error')\n"
            "tf.random.uniform([1], seed=3); tf.random.set_seed(1); tf.random.uniform([1])")
    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_accelerator_that_cannot_be_used_is_not_there() -> None:
    pytest.importorskip("jax")
    code = ("import thalweg as tf\nfrom thalweg.runtime import devices\n"
            "devices._State.physical = [devices._CPU, devices.PhysicalDevice('/physical_device:GPU:0', 'GPU')]\n"
            "assert tf.config.list_logical_devices('GPU') == []\n"
            "with tf.device('/GPU:0'): x = tf.constant(1.0) + 1.0\n"
            "assert x.device.endswith('CPU:0') and tf.config.list_physical_devices('GPU') == []")
    subprocess.run([sys.executable, "-c", code], check=True)
