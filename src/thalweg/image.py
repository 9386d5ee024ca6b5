"""tf.image: resizing, cropping, colours, random distortions, comparisons and boxes of images, and their file formats."""
from __future__ import annotations

from ._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "ops.image.boxes": "combined_non_max_suppression draw_bounding_boxes non_max_suppression "
        "non_max_suppression_overlaps non_max_suppression_with_scores",
    "ops.image.colors": "adjust_brightness adjust_contrast adjust_gamma adjust_hue adjust_saturation convert_image_dtype "
        "grayscale_to_rgb hsv_to_rgb per_image_standardization rgb_to_grayscale rgb_to_hsv rgb_to_yiq rgb_to_yuv "
        "yiq_to_rgb yuv_to_rgb",
    "ops.image.crop": "crop_and_resize",
    "ops.image.files": "adjust_jpeg_quality decode_and_crop_jpeg decode_bmp decode_gif decode_image decode_jpeg "
        "decode_png decode_webp encode_jpeg encode_png extract_jpeg_shape is_jpeg",
    "ops.image.frames": "central_crop crop_to_bounding_box flip_left_right flip_up_down pad_to_bounding_box resize "
        "resize_with_crop_or_pad resize_with_pad rot90 transpose",
    "ops.image.patches": "extract_glimpse extract_patches",
    "ops.image.quality": "image_gradients psnr sobel_edges ssim ssim_multiscale total_variation",
    "ops.image.random_distortions": "random_brightness random_contrast random_crop random_flip_left_right random_flip_up_down "
        "random_hue random_jpeg_quality random_saturation stateless_random_brightness stateless_random_contrast "
        "stateless_random_crop stateless_random_flip_left_right stateless_random_flip_up_down stateless_random_hue "
        "stateless_random_jpeg_quality stateless_random_saturation",
    "ops.image.resize": "ResizeMethod",
    "ops.image.sample": "sample_distorted_bounding_box stateless_sample_distorted_bounding_box",
    "runtime.padded_suppression": "non_max_suppression_padded",
})
