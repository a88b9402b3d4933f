"""PDQ, Meta's 256-bit hash, by the pdqhash package."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pdqhash

from benchmarks.peers.images import open_bgr

Bits = npt.NDArray[np.uint8]


class Pdq:
    """Minus the distance in bits."""

    @staticmethod
    def describe(photo: Path) -> Bits:
        bits, _quality = pdqhash.compute(cv2.cvtColor(open_bgr(photo), cv2.COLOR_BGR2RGB))
        return np.asarray(bits, np.uint8)

    @staticmethod
    def likeness(one: Bits, other: Bits) -> float:
        return -float(np.count_nonzero(one != other))
