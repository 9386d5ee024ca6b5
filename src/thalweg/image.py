"""tf.image: resizing, cropping, colours, random distortions, comparisons and boxes of images, and their file formats."""
from __future__ import annotations

from ._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "ops.image_colors": "adjust_brightness adjust_contrast adjust_gamma adjust_hue adjust_saturation convert_image_dtype "
        "grayscale_to_rgb hsv_to_rgb per_image_standardization rgb_to_grayscale rgb_to_hsv rgb_to_yiq rgb_to_yuv "
        "yiq_to_rgb yuv_to_rgb",
    "ops.image_crop": "crop_and_resize",
    "ops.image_frames": "central_crop crop_to_bounding_box flip_left_right flip_up_down pad_to_bounding_box resize "
        "resize_with_crop_or_pad resize_with_pad rot90 transpose",
    "ops.image_patches": "extract_glimpse extract_patches",
    "ops.image_resize": "ResizeMethod",
})
