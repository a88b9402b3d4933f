"""A photo as the peers get it: decoded and turned as for ours, PDF too."""

from __future__ import annotations

from pathlib import Path

import cv2
from PIL import Image

from receipt_screen.photo import open_photos
from receipt_screen.records import Pixels


def open_bgr(photo: Path) -> Pixels:
    """The first page, in OpenCV's order of colours."""
    return open_photos(photo)[0].pixels


def open_rgb(photo: Path) -> Image.Image:
    """The first page, as a Pillow image."""
    return Image.fromarray(cv2.cvtColor(open_bgr(photo), cv2.COLOR_BGR2RGB))
