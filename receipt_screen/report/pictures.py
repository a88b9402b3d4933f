"""The pictures that reviewers are shown, written beside the results: redacted, without EXIF."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from receipt_screen.desk.dossier import Picture
from receipt_screen.geometry import Quad
from receipt_screen.records import Findings, Photo, Pixels
from receipt_screen.report.draw import jpeg_bytes
from receipt_screen.report.plate import Plate, lines_height, take_plate
from receipt_screen.report.redact import KEPT, is_veiled, redact

STRIP_HEIGHT = 56
"""Of a strip, in pixels."""
STRIP_WIDTH = 900
"""At most; a longer piece of paper is cut at its end."""
STRIP_MARGIN = 0.35
"""Of a field's height, shown around it."""
QUALITY = 72


def save_pictures(photo: Photo, findings: Findings, folder: Path) -> Picture:
    """Writes the redacted picture of a page, and a strip for each field that decides.

    Files are named after the upload's sha256: the name says nothing, and the same page gives
    the same files. A folder that isn't there is made for its owner only.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    plate = take_plate(photo, findings)
    plate = Plate(redact(plate.pixels, plate.to_plate, findings), plate.to_plate)
    stem = picture_stem(findings.photo.sha256, findings.photo.page, findings.receipt)
    reduced = plate.reduced(_glyph_height(plate, findings))
    _write(folder / f"{stem}.jpg", reduced.pixels)
    height, width = reduced.pixels.shape[:2]
    return Picture(
        file=f"{stem}.jpg",
        width=width,
        height=height,
        to_picture=reduced.to_plate,
        veiled=is_veiled(findings.page),
        strips=dict(_strips(plate, findings, folder, stem)),
    )


def picture_stem(sha256: str, page: int, receipt: int) -> str:
    """How the names of a receipt's pictures begin."""
    return f"{sha256[:32]}-{page}-{receipt}"


def _glyph_height(plate: Plate, findings: Findings) -> float | None:
    lines = [
        line.model_copy(update={"quad": plate.to_plate.quad(line.quad)})
        for line in findings.page.lines
    ]
    return lines_height(lines)


def _strips(plate: Plate, findings: Findings, folder: Path, stem: str) -> Iterator[tuple[str, str]]:
    if is_veiled(findings.page):
        return
    for name in KEPT:
        quad: Quad | None = getattr(findings.fields, name).quad
        if quad is not None:
            file = f"{stem}-{name}.jpg"
            _write(folder / file, _strip(plate.pixels, plate.to_plate.quad(quad)))
            yield name, file


def _strip(pixels: Pixels, quad: Quad) -> Pixels:
    """The piece of paper around a quad, flattened, at a common height."""
    margin = STRIP_MARGIN * quad.height
    source = quad.grown(margin).array.astype(np.float32)
    scale = STRIP_HEIGHT / max(1.0, quad.height + 2 * margin)
    width = int(min(STRIP_WIDTH, max(1, (quad.width + 2 * margin) * scale)))
    target = np.array(
        [(0, 0), (width, 0), (width, STRIP_HEIGHT), (0, STRIP_HEIGHT)], dtype=np.float32
    )
    matrix = cv2.getPerspectiveTransform(source, target)
    flat = cv2.warpPerspective(
        pixels, matrix, (width, STRIP_HEIGHT), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(flat, dtype=np.uint8)


def _write(path: Path, pixels: Pixels) -> None:
    """Readers see the old file or the new one, never half of it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_bytes(jpeg_bytes(pixels, QUALITY))
    draft.replace(path)
