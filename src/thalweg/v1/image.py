"""`tf.image` of TensorFlow 1: the functions whose arguments it named or meant differently."""
from __future__ import annotations

from .._lazy import attach

__getattr__, __dir__ = attach(__name__, {
    "ops.image.boxes": "draw_bounding_boxes=draw_bounding_boxes_v1",
    "ops.image.crop": "crop_and_resize=crop_and_resize_v1",
    "ops.image.frames": "resize=resize_v1 resize_images=resize_v1 resize_image_with_pad=resize_with_pad_v1 "
        "resize_image_with_crop_or_pad=resize_with_crop_or_pad transpose_image=transpose",
    "ops.image.patches": "extract_glimpse=extract_glimpse_v1 extract_image_patches extract_patches",
    "ops.image.resize": "ResizeMethod=ResizeMethodV1 resize_area resize_bicubic resize_bilinear resize_nearest_neighbor",
    "ops.image.sample": "sample_distorted_bounding_box=sample_distorted_bounding_box_v1",
})
