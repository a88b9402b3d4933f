"""imagededup's hashes and its network, by its own encoders and distances."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from imagededup import methods
from imagededup.methods.hashing import Hashing

from benchmarks.peers.images import open_bgr
from receipt_screen.records import Pixels


def _rgb(photo: Path) -> Pixels:
    return np.asarray(cv2.cvtColor(open_bgr(photo), cv2.COLOR_BGR2RGB), np.uint8)


class _Hashed:
    """Minus the distance in bits of 64."""

    method: Any

    def __init__(self) -> None:
        self._encoder = self.method(verbose=False)

    def describe(self, photo: Path) -> str:
        return str(self._encoder.encode_image(image_array=_rgb(photo)))

    @staticmethod
    def likeness(one: str, other: str) -> float:
        return -float(Hashing.hamming_distance(one, other))


class PHash(_Hashed):
    method = methods.PHash


class DHash(_Hashed):
    method = methods.DHash


class WHash(_Hashed):
    method = methods.WHash


class Cnn:
    """The cosine of two embeddings of MobileNet v3."""

    def __init__(self) -> None:
        self._encoder = methods.CNN(verbose=False)

    def describe(self, photo: Path) -> npt.NDArray[np.float32]:
        vector = np.ravel(self._encoder.encode_image(image_array=_rgb(photo)))
        return np.asarray(vector / np.linalg.norm(vector), np.float32)

    @staticmethod
    def likeness(one: npt.NDArray[np.float32], other: npt.NDArray[np.float32]) -> float:
        return float(one @ other)
