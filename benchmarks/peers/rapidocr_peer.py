"""RapidOCR as it comes: the whole photo in, text out; one thread."""

from __future__ import annotations

import time
from pathlib import Path

import cv2
from rapidocr import RapidOCR


class RapidOcrPeer:
    """What a user of the rapidocr package gets without any work of their own."""

    name = "rapidocr"

    def __init__(self) -> None:
        self._engine = RapidOCR(
            params={
                "Global.log_level": "error",
                "EngineConfig.onnxruntime.intra_op_num_threads": 1,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )

    def read(self, path: Path) -> tuple[str, float]:
        """The text of a photo, a line per box, and the seconds it took, decoding included."""
        started = time.perf_counter()
        image = cv2.imread(str(path))
        result = self._engine(image) if image is not None else None
        texts = (result.txts or ()) if result is not None else ()
        return "\n".join(texts), time.perf_counter() - started
