"""Tesseract on the photo as it was taken: no paper found, nothing flattened or turned."""

from __future__ import annotations

import csv
import io
from collections import defaultdict

import cv2
import pytesseract

from benchmarks.lines import TextLine
from receipt_screen.geometry import Box, Quad
from receipt_screen.records import Pixels

LANGUAGES = "kor+eng"


class TesseractRaw:
    """What `tesseract photo.jpg - -l kor+eng` says: its own segmentation, its dictionaries."""

    def read(self, pixels: Pixels) -> tuple[TextLine, ...]:
        """Tesseract's own lines."""
        image = cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB)
        return _lines(pytesseract.image_to_data(image, lang=LANGUAGES))

    def read_strip(self, strip: Pixels) -> str:
        """One line's strip, which it is told to be one."""
        return str(pytesseract.image_to_string(strip, lang=LANGUAGES, config="--psm 7")).strip()


def _lines(tsv: str) -> tuple[TextLine, ...]:
    words = defaultdict(list)
    for row in csv.DictReader(io.StringIO(tsv), delimiter="\t", quoting=csv.QUOTE_NONE):
        if row["level"] == "5" and (row["text"] or "").strip():
            words[row["block_num"], row["par_num"], row["line_num"]].append(row)
    return tuple(_line(rows) for rows in words.values())


def _line(rows: list[dict[str, str]]) -> TextLine:
    quads = tuple(Quad.from_box(_box(row)) for row in rows)
    return TextLine(" ".join(row["text"].strip() for row in rows), Quad.hull(quads))


def _box(row: dict[str, str]) -> Box:
    left, top = float(row["left"]), float(row["top"])
    return Box(left, top, left + float(row["width"]), top + float(row["height"]))
