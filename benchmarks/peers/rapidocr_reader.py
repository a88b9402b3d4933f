"""RapidOCR as it comes: the whole photo in, lines out; one thread."""

from __future__ import annotations

from rapidocr import RapidOCR

from benchmarks.lines import TextLine
from receipt_screen.geometry import Quad
from receipt_screen.records import Pixels


class RapidOcr:
    """What a user of the rapidocr package gets without any work of their own."""

    def __init__(self) -> None:
        self._engine = RapidOCR(
            params={
                "Global.log_level": "error",
                "EngineConfig.onnxruntime.intra_op_num_threads": 1,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )

    def read(self, pixels: Pixels) -> tuple[TextLine, ...]:
        """A line per box."""
        result = self._engine(pixels)
        if result.txts is None or result.boxes is None:
            return ()
        return tuple(
            TextLine(text, Quad.from_array(box))
            for text, box in zip(result.txts, result.boxes, strict=True)
        )

    def read_strip(self, strip: Pixels) -> str:
        """Its recogniser alone on one line's strip."""
        result = self._engine(strip, use_det=False, use_cls=False, use_rec=True)
        return result.txts[0] if result.txts else ""
