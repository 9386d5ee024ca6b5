"""Images: what must fail and in which words, shapes that a graph knows in part, sessions, compiled programs, seeds."""
from __future__ import annotations

import importlib.util

import numpy as np
import pytest

import thalweg as tf
import thalweg.v1 as tf1

HAS_JAX = importlib.util.find_spec("jax") is not None
IMAGE = np.arange(2 * 3 * 3, dtype=np.float32).reshape(2, 3, 3)
BATCH = IMAGE[None]
INVALID = tf.errors.InvalidArgumentError


@pytest.mark.parametrize(("call", "kind", "words"), [
    (lambda: tf.image.resize(BATCH, [2, 2], "foo"), ValueError, "Resize method is not implemented: foo"),
    (lambda: tf.image.resize(BATCH, [2, 2, 2]), ValueError, "'size' must be a 1-D Tensor of 2 elements"),
    (lambda: tf.image.resize(BATCH, [2.0, 2.0]), ValueError, "'size' must be a 1-D int32 Tensor"),
    (lambda: tf.image.resize(BATCH[0, 0], [2, 2]), ValueError, "'images' must have either 3 or 4 dimensions."),
    (lambda: tf.image.resize(BATCH, [0, 2]), INVALID, "output dimensions must be positive"),
    (lambda: tf.image.resize(BATCH[:, :0], [2, 2]), INVALID, "input image must be of non-zero size"),
    (lambda: tf.image.resize(BATCH > 0, [2, 2]), INVALID, "Value for attr 'T' of bool is not in the list"),
    (lambda: tf.compat.v1.image.resize_bilinear(BATCH, [2, 2], True, half_pixel_centers=True), INVALID,
     "If half_pixel_centers is True, align_corners must be False."),
    (lambda: tf.image.flip_left_right(IMAGE[0]), ValueError, "must be at least three-dimensional."),
    (lambda: tf.image.flip_left_right(IMAGE[:0]), ValueError, "inner 3 dims of 'image.shape' must be > 0"),
    (lambda: tf.image.transpose(BATCH[None]), ValueError, "must have either 3 or 4 dimensions."),
    (lambda: tf.image.rot90(IMAGE, [1]), ValueError, "must have rank 0"),
    (lambda: tf.image.central_crop(IMAGE, 0.0), ValueError, "central_fraction must be within (0, 1]"),
    (lambda: tf.image.pad_to_bounding_box(IMAGE, 0, 0, 1, 9), ValueError, "height must be <= target - offset"),
    (lambda: tf.image.crop_to_bounding_box(IMAGE, 0, 2, 1, 2), ValueError, "width must be >= target + offset."),
    (lambda: tf.image.resize_with_crop_or_pad(IMAGE, 0, 1), ValueError, "target_height must be > 0."),
    (lambda: tf.image.adjust_hue(IMAGE, 1.5), ValueError, "delta must be in the interval [-1, 1]"),
    (lambda: tf.image.adjust_hue(IMAGE[..., :2], 0.5), INVALID, "input must have 3 channels but instead has 2 channels."),
    (lambda: tf.image.adjust_gamma(IMAGE, -1.0), ValueError, "Gamma should be a non-negative real number."),
    (lambda: tf.image.rgb_to_hsv(IMAGE[..., :2]), tf.errors.FailedPreconditionError, "input must have 3 channels"),
    (lambda: tf.image.convert_image_dtype(IMAGE, tf.string), AttributeError, "dtype must be either floating point"),
    (lambda: tf.image.grayscale_to_rgb(IMAGE), ValueError, "Last dimension of a grayscale image should be size 1."),
    (lambda: tf.image.random_contrast(IMAGE, 1.0, 0.5), ValueError, "upper must be > lower."),
    (lambda: tf.image.random_crop(IMAGE, [5, 1, 1]), INVALID, "Need value.shape >= size"),
    (lambda: tf.image.ssim(IMAGE, IMAGE, 1.0), INVALID, "Summarized data: 2, 3, 3\n11"),
    (lambda: tf.image.ssim(BATCH, BATCH[:, :1], 1.0), ValueError, "are incompatible"),
    (lambda: tf.image.crop_and_resize(BATCH, [[0.0, 0.0, 1.0, 1.0]], [3], [2, 2]), tf.errors.OutOfRangeError,
     "box_index has values outside [0, batch_size)"),
    (lambda: tf.image.crop_and_resize(BATCH, [[0.0, 0.0, 1.0, 1.0]], [0], [2, 2], "cubic"), INVALID,
     "is not in the list of allowed values"),
    (lambda: tf.image.extract_patches(BATCH, [1, 2, 2, 3], [1] * 4, [1] * 4, "SAME"), tf.errors.UnimplementedError,
     "Only support ksizes across space."),
    (lambda: tf.image.non_max_suppression([[0.0, 0.0, 1.0, 1.0]], [1.0, 2.0], 1), INVALID,
     "Dimensions must be equal, but are 1 and 2"),
    (lambda: tf.image.non_max_suppression([[0.0, 0.0, 1.0, 1.0]], [1.0], 1, 1.5), INVALID, "iou_threshold must be in [0, 1]"),
    (lambda: tf.image.draw_bounding_boxes(BATCH[..., :2], [[[0.0, 0.0, 1.0, 1.0]]], None), INVALID, "Channel depth"),
    (lambda: tf.image.sample_distorted_bounding_box([2, 3, 3], [[[0.0, 0.0, 2.0, 1.0]]]), INVALID,
     "All bounding box coordinates must be in [0.0, 1.0]: 2"),
    (lambda: tf.image.sample_distorted_bounding_box([2, 3, 3], np.zeros((1, 0, 4), np.float32)), INVALID,
     "No bounding boxes provided as input."),
    (lambda: tf.io.decode_jpeg(b""), INVALID, "Input is empty."),
    (lambda: tf.io.decode_image(b"text"), INVALID, "Unknown image file format."),
    (lambda: tf.io.decode_png(b"\x89PNG\r\n\x1a\nrest"), INVALID, "Invalid PNG data, size 12"),
    (lambda: tf.io.decode_bmp(b"\xff\xd8\xff"), INVALID, "Trying to decode JPEG format using DecodeBmp op."),
    (lambda: tf.io.decode_jpeg(tf.io.encode_jpeg(np.zeros((4, 4, 3), np.uint8)), 4), INVALID, "JPEG does not support 4"),
    (lambda: tf.io.encode_jpeg(np.zeros((4, 4, 2), np.uint8)), INVALID, "image must have 1 or 3 channels, got [4,4,2]"),
    (lambda: tf.io.encode_png(np.zeros((4, 4, 5), np.uint8)), INVALID, "image must have 1, 2, 3, or 4 channels, got 5"),
])
def test_bad_input(call, kind, words):
    with pytest.raises(kind) as caught:
        call()
    assert words in str(caught.value)


def test_truncated_jpeg_is_an_error_unless_asked_for():
    y, x = np.mgrid[:40, :50]
    whole = tf.io.encode_jpeg(np.stack([x * 5, y * 6, x + y], -1).astype(np.uint8)).numpy()
    with pytest.raises(INVALID, match="Invalid JPEG data"):
        tf.io.decode_jpeg(whole[:600])
    part = tf.io.decode_jpeg(whole[:900], try_recover_truncated=True)
    assert part.shape == (40, 50, 3)
    np.testing.assert_array_equal(part[:8, :16], tf.io.decode_jpeg(whole)[:8, :16])


@pytest.mark.parametrize(("call", "shapes"), [
    (tf.image.flip_left_right, [None, (None, None, 3), (None, 4, 5, 3)]),
    (tf.image.transpose, [None, (None, None, 3), (None, 5, 4, 3)]),
    (lambda x: tf.image.central_crop(x, 0.5), ["Had rank = None", (None, None, 3), (None, 2, 3, 3)]),
    (lambda x: tf.image.pad_to_bounding_box(x, 1, 1, 9, 9), [(9, 9, None), (9, 9, 3), (None, 9, 9, 3)]),
    (lambda x: tf.image.crop_to_bounding_box(x, 1, 1, 2, 3), [(2, 3, None), (2, 3, 3), (None, 2, 3, 3)]),
    (lambda x: tf.image.resize_with_crop_or_pad(x, 4, 5), [(4, 5, None), (4, 5, 3), (None, 4, 5, 3)]),
    (lambda x: tf.image.resize_with_pad(x, 4, 5), [(4, 5, None), (4, 5, 3), (None, 4, 5, 3)]),
    (lambda x: tf.image.resize(x, [2, 3]), ["'images' contains no shape", (2, 3, 3), (None, 2, 3, 3)]),
    (lambda x: tf.image.resize(x, [2, 3], preserve_aspect_ratio=True),
     ["'images' contains no shape", (None, None, 3), (None, 2, 2, 3)]),
    (lambda x: tf.image.resize(x, [2, 3], "lanczos3"), ["'images' contains no shape", (2, 3, 3), (None, 2, 3, 3)]),
    (tf.image.per_image_standardization, [None, (None, None, 3), (None, 4, 5, 3)]),
    (tf.image.sobel_edges, [None, "Shape must be rank 4 but is rank 3", (None, 4, 5, 3, 2)]),
    (lambda x: tf.image.random_crop(x, [2, 2, 3]), [(2, 2, 3), (2, 2, 3), "Dimensions must be equal, but are 4 and 3"]),
])
def test_shapes_known_in_part(call, shapes):
    """What a graph says of results, for images of unknown rank, of unknown size, and of an unknown batch."""
    for spec, expected in zip((None, [None, None, 3], [None, 4, 5, 3]), shapes, strict=True):
        def trace(x, expected=expected):
            if isinstance(expected, str):
                with pytest.raises(ValueError, match=expected.replace("(", r"\(")):
                    call(x)
                return x
            shape = call(x).shape
            assert (None if shape.rank is None else tuple(shape)) == expected
            return x
        tf.function(trace, input_signature=[tf.TensorSpec(spec)]).get_concrete_function()


@pytest.mark.parametrize("call", [
    tf.image.flip_up_down, tf.image.transpose, lambda x: tf.image.resize(x, [5, 4]),
    lambda x: tf.image.resize(x, [5, 4], "gaussian", antialias=True), lambda x: tf.image.resize_with_pad(x, 7, 5),
    lambda x: tf.image.resize_with_crop_or_pad(x, 2, 9), lambda x: tf.image.central_crop(x, 0.5),
    lambda x: tf.image.rot90(x, tf.shape(x)[-1]), lambda x: tf.image.ssim(x, x * 0.5, 9.0, filter_size=3),
    lambda x: tf.image.ssim_multiscale(x, x * 0.9, 9.0, (0.5, 0.5), filter_size=2), tf.image.per_image_standardization,
    lambda x: tf.image.grayscale_to_rgb(x[..., :1]), lambda x: tf.image.total_variation(x),
])
def test_unknown_sizes_give_what_known_ones_do(call):
    x = tf.constant(np.random.default_rng(0).uniform(0, 9, (2, 6, 7, 3)).astype(np.float32))
    f = tf.function(call, input_signature=[tf.TensorSpec([None, None, None, 3])], jit_compile=False)
    np.testing.assert_allclose(f(x), call(x), rtol=1e-5, atol=1e-6)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = f(x)
    with tf.GradientTape() as plain:
        plain.watch(x)
        z = call(x)
    np.testing.assert_allclose(tape.gradient(y, x), plain.gradient(z, x), rtol=1e-4, atol=1e-5)


def test_patches_of_unknown_sizes_have_gradients():
    x = tf.constant(np.random.default_rng(0).normal(size=(2, 5, 6, 2)).astype(np.float32))

    def patches(x):
        return tf.image.extract_patches(x, [1, 2, 3, 1], [1, 2, 1, 1], [1, 1, 1, 1], "SAME") ** 2
    f = tf.function(patches, input_signature=[tf.TensorSpec([None, None, None, None])])
    gradients = []
    for g in (patches, f):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = g(x)
        gradients.append(tape.gradient(y, x))
    np.testing.assert_allclose(gradients[1], gradients[0], rtol=1e-6)


@pytest.mark.skipif(not HAS_JAX, reason="needs the xla extra")
def test_a_pipeline_of_images_compiles():
    def augment(x, seed):
        y = tf.image.convert_image_dtype(x, tf.float32)
        y = tf.image.stateless_random_flip_left_right(y, seed)
        y = tf.image.resize(y, [9, 7])
        y = tf.image.adjust_hue(tf.image.adjust_contrast(y, 1.3), 0.1)
        y = tf.image.stateless_random_crop(y, [2, 6, 6, 3], seed)
        return tf.image.per_image_standardization(tf.image.draw_bounding_boxes(y, [[[0.1, 0.1, 0.8, 0.9]]] * 2, None))
    x = tf.constant(np.random.default_rng(0).integers(0, 256, (2, 8, 8, 3)).astype(np.uint8))
    seed = tf.constant([3, 4])
    np.testing.assert_allclose(tf.function(augment, jit_compile=True)(x, seed), augment(x, seed), rtol=1e-4, atol=1e-5)


def test_sessions_decode_and_resize():
    data = tf.io.encode_png(np.arange(48, dtype=np.uint8).reshape(4, 4, 3)).numpy()
    with tf1.Graph().as_default(), tf1.Session() as session:
        contents = tf1.placeholder(tf1.string, [])
        image = tf1.image.decode_png(contents, channels=3)
        assert image.shape.as_list() == [None, None, 3]
        small = tf1.image.resize_images(image, [2, 2], tf1.image.ResizeMethod.NEAREST_NEIGHBOR)
        assert session.run(small, {contents: data}).tolist() == [[[0, 1, 2], [6, 7, 8]], [[24, 25, 26], [30, 31, 32]]]


def test_random_distortions_repeat_with_the_seed():
    def draws():
        tf.random.set_seed(3)
        return [tf.image.random_flip_left_right(IMAGE).numpy(), tf.image.random_brightness(IMAGE, 0.4, seed=2).numpy(),
                tf.image.random_crop(IMAGE, [1, 2, 3]).numpy(), tf.image.random_hue(IMAGE, 0.3).numpy(),
                *[t.numpy() for t in tf.image.sample_distorted_bounding_box([90, 80, 3], [[[0.1, 0.1, 0.9, 0.9]]], seed=5)]]
    for first, second in zip(draws(), draws(), strict=True):
        np.testing.assert_array_equal(first, second)


def test_results_have_names():
    out = tf.image.combined_non_max_suppression([[[[0.0, 0.0, 1.0, 1.0]]]], [[[0.5]]], 1, 1)
    assert out.valid_detections.numpy().tolist() == [1]
    window = tf.image.stateless_sample_distorted_bounding_box([9, 9, 3], [[[0.0, 0.0, 1.0, 1.0]]], seed=[1, 2])
    assert window.begin.shape == (3,) and window.size.shape == (3,) and window.bboxes.shape == (1, 1, 4)
