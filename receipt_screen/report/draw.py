"""A photo with everything that was read and found drawn on it, as one SVG file.

SVG rather than pixels: letters stay sharp when zoomed, and Hangul needs no font of ours. The
photo inside is encoded anew, without EXIF. Nothing is hidden: it is for who has the photo.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import cv2

from receipt_screen.contract_json import FIELDS
from receipt_screen.errors import UsageError
from receipt_screen.geometry import Quad
from receipt_screen.messages import Language
from receipt_screen.records import Findings, Found, Line, Photo, Pixels
from receipt_screen.report.words import field_name, missing_text, share, value_text

JPEG_QUALITY = 82
LONGEST_STEM = 50
"""Of a file's name, in letters: up to four bytes each, and a name may have 255."""


def draw_findings(photo: Photo, findings: Findings, language: Language) -> str:
    """The photo, a thin frame for each line, a strong one for each field, and a list beside it.

    The list has each field's value, label, confidence and rivals. Coordinates are pixels of the
    full-size upright photo.
    """
    width, height = findings.photo.width, findings.photo.height
    unit = max(width, height) / 60
    panel = unit * 34
    body = [
        f'<image width="{width}" height="{height}" href="{_embedded(photo.pixels)}"/>',
        *(_line(line, unit) for line in findings.page.lines),
        *_fields(findings, unit),
        *_panel(findings, language, width, unit),
    ]
    tall = max(height, unit * 2.2 * (_rows(findings) + 2))
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width + panel:.0f} {tall:.0f}" '
        f'font-family="sans-serif" font-size="{unit:.1f}">'
        f'<rect width="100%" height="100%" fill="#fff"/>'
    )
    return "\n".join([head, *body, "</svg>\n"])


def save_drawing(photo: Photo, findings: Findings, folder: Path, language: Language) -> Path:
    """Draws into a folder, which is made; the file is named after the photo and its sha256.

    Raises UsageError where it can't be written.
    """
    facts = findings.photo
    page = f"-{facts.page}" if facts.pages > 1 else ""
    page += f"-{findings.receipt}" if findings.receipts > 1 else ""
    # The sha256 keeps two photos apart that have one name; what no file system takes is dropped.
    stem = re.sub(r"[^\w.()\[\] -]", "_", Path(facts.file).stem)[:LONGEST_STEM]
    path = folder / f"{stem}-{facts.sha256[:8]}{page}.svg"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(draw_findings(photo, findings, language), encoding="utf-8")
    except OSError as exc:
        reason = exc.strerror or type(exc).__name__
        raise UsageError("report.unwritable", {"folder": str(folder), "reason": reason}) from exc
    return path


def jpeg_bytes(pixels: Pixels, quality: int = JPEG_QUALITY) -> bytes:
    """Pixels as a JPEG file that says nothing but its pixels."""
    return bytes(cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes())


def _embedded(pixels: Pixels) -> str:
    return "data:image/jpeg;base64," + base64.b64encode(jpeg_bytes(pixels)).decode("ascii")


def _line(line: Line, unit: float) -> str:
    title = escape(f"{line.text} ({share(line.confidence)})")
    shape = f'fill="none" stroke="#5a6b7b" stroke-width="{unit / 14:.1f}"'
    return f'<polygon points="{points(line.quad)}" {shape}><title>{title}</title></polygon>'


def points(quad: Quad) -> str:
    """A quad as SVG writes it."""
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in quad.points)


def _fields(findings: Findings, unit: float) -> Iterator[str]:
    for number, name in enumerate(FIELDS, start=1):
        found: Found[object] = getattr(findings.fields, name)
        if found.value is None or found.quad is None:
            continue
        box = found.quad.box
        yield (
            f'<polygon points="{points(found.quad)}" fill="#0b62c4" fill-opacity=".12" '
            f'stroke="#0b62c4" stroke-width="{unit / 6:.1f}"/>'
        )
        # Behind the value: its label stands before it.
        yield _chip(box.right + unit * 0.8, (box.top + box.bottom) / 2, number, unit)


def _chip(x: float, y: float, number: int, unit: float) -> str:
    """The number under which a field stands in the list."""
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{unit * 0.65:.1f}" fill="#0b4fa0"/>'
        f'<text x="{x:.1f}" y="{y + unit * 0.28:.1f}" fill="#fff" font-weight="bold" '
        f'font-size="{unit * 0.8:.1f}" text-anchor="middle">{number}</text>'
    )


# ── the list ─────────────────────────────────────────────────────────────────────────────────


def _rows(findings: Findings) -> int:
    rivals = sum(len(getattr(findings.fields, name).rivals) for name in FIELDS)
    return len(FIELDS) + rivals


def _panel(findings: Findings, language: Language, left: float, unit: float) -> Iterator[str]:
    row = 1
    for number, name in enumerate(FIELDS, start=1):
        found: Found[object] = getattr(findings.fields, name)
        text = f"{number} {field_name(name, language)}: {_said(name, found, language)}"
        yield _text(left + unit, row, text, unit, "#10202f")
        row += 1
        for rival in found.rivals:
            said = f"↳ {value_text(name, rival.value, language)} · {share(rival.confidence)}"
            label = f" · {rival.label}" if rival.label else ""
            yield _text(left + 3 * unit, row, said + label, unit, "#5a6b7b")
            row += 1


def _said(name: str, found: Found[object], language: Language) -> str:
    if found.value is None:
        return f"– {missing_text(found.rivals, language)}"
    label = f" · {found.label}" if found.label else ""
    return f"{value_text(name, found.value, language)} · {share(found.confidence)}{label}"


def _text(x: float, row: int, text: str, unit: float, fill: str) -> str:
    place = f"x={quoteattr(f'{x:.0f}')} y={quoteattr(f'{unit * 2.2 * row:.0f}')}"
    return f'<text {place} fill="{fill}">{escape(text)}</text>'
