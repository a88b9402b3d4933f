"""Two receipts side by side with what differs framed and numbered, as one SVG file.

As in `draw`, nothing is hidden: it is for who has the two photos.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from receipt_screen.compare import Comparison, Difference, Side
from receipt_screen.errors import UsageError
from receipt_screen.geometry import Quad, Transform
from receipt_screen.messages import Language, sentence
from receipt_screen.report.draw import jpeg_bytes, points
from receipt_screen.report.plate import lines_height, take_plate
from receipt_screen.report.words import (
    RELATIONS,
    field_name,
    match_words,
    share,
    value_text,
)

HEIGHT = 1000.0
"""Of each picture, in units of the drawing."""
GAP = 40.0
ROW = 34.0
FONT = 22.0
LEAST_WIDTH = 900.0
"""Room for the sentences below."""
FRAME = "#c2185b"


@dataclass(frozen=True)
class _Panel:
    """One picture with its place in the drawing."""

    image: str
    width: float
    to_drawing: Transform
    """From its full-size upright photo."""


def draw_pair(earlier: Side, later: Side, comparison: Comparison, language: Language) -> str:
    """The earlier receipt left, the later right, frames of one number where they differ.

    Below stand the relation, what agrees and, by its number, each difference. Raises ValueError
    for a side without its photo.
    """
    left = _panel(earlier, GAP)
    right = _panel(later, 2 * GAP + left.width)
    width = max(LEAST_WIDTH, 3 * GAP + left.width + right.width)
    rows = list(pair_words(comparison, language))
    height = HEIGHT + 3 * GAP + ROW * (len(rows) + 1)
    body = [
        *_titles(earlier, later, left, language),
        left.image,
        right.image,
        *_frames(comparison.differs, left, right),
        *(
            _text(GAP, HEIGHT + 2 * GAP + ROW * (number + 1), row, bold=number == 0)
            for number, row in enumerate(rows)
        ),
    ]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'font-family="sans-serif" font-size="{FONT:.0f}">'
        '<rect width="100%" height="100%" fill="#fff"/>'
    )
    return "\n".join([head, *body, "</svg>\n"])


def save_pair(
    earlier: Side, later: Side, comparison: Comparison, file: Path, language: Language
) -> None:
    """Draws into a file. Raises UsageError where it can't be written."""
    try:
        file.write_text(draw_pair(earlier, later, comparison, language), encoding="utf-8")
    except OSError as exc:
        values = {"folder": str(file), "reason": exc.strerror or type(exc).__name__}
        raise UsageError("report.unwritable", values) from exc


def pair_words(comparison: Comparison, language: Language) -> Iterator[str]:
    """The relation with its probability, what agrees, and what differs, a sentence each."""
    relation = comparison.relation
    key = RELATIONS[relation.value] if relation else "report.relation_unrelated"
    name = sentence(key, {}, language)
    sure = share(comparison.probability)
    yield sentence("report.pair_relation", {"relation": name, "share": sure}, language)
    if comparison.agrees:
        agrees = match_words(comparison.agrees, language)
        yield sentence("report.pair_agrees", {"agrees": agrees}, language)
    for number, difference in enumerate(comparison.differs, start=1):
        yield f"{number}. {difference_words(difference, language)}"


def difference_words(difference: Difference, language: Language) -> str:
    """One difference: `amount: 50,000 won → 150,000 won`."""
    name = difference.field
    called = field_name(name, language) if name else sentence("report.pair_print", {}, language)
    before, after = (_value(name, each) for each in (difference.before, difference.after))
    unread = sentence("report.pair_unread", {}, language)
    shown = (unread if each is None else _shown(name, each, language) for each in (before, after))
    return f"{called}: {' → '.join(shown)}"


def _value(name: str | None, text: str | None) -> str | int | None:
    return int(text) if name == "amount" and text is not None and text.isdecimal() else text


def _shown(name: str | None, value: str | int, language: Language) -> str:
    is_amount_text = name == "amount" and isinstance(value, str)
    return str(value) if name is None or is_amount_text else value_text(name, value, language)


# ── drawing ──────────────────────────────────────────────────────────────────────────────────


def _panel(side: Side, left: float) -> _Panel:
    if side.photo is None:
        raise ValueError(f"the picture of {side.findings.photo.file} isn't at hand")
    plate = take_plate(side.photo, side.findings)
    plate = plate.reduced(lines_height(side.findings.page.lines))
    height, width = plate.pixels.shape[:2]
    factor = HEIGHT / height
    shift = Transform.from_array([[factor, 0, left], [0, factor, 2 * GAP], [0, 0, 1]])
    data = base64.b64encode(jpeg_bytes(plate.pixels)).decode("ascii")
    image = (
        f'<image x="{left:.0f}" y="{2 * GAP:.0f}" width="{width * factor:.1f}" '
        f'height="{HEIGHT:.0f}" href="data:image/jpeg;base64,{data}"/>'
    )
    return _Panel(image, width * factor, plate.to_plate.then(shift))


def _titles(earlier: Side, later: Side, left: _Panel, language: Language) -> Iterator[str]:
    for x, side, key in (
        (GAP, earlier, "report.pair_earlier"),
        (2 * GAP + left.width, later, "report.pair_later"),
    ):
        title = sentence(key, {"file": side.findings.photo.file}, language)
        yield _text(x, 1.4 * GAP, title)


def _frames(differences: Sequence[Difference], left: _Panel, right: _Panel) -> Iterator[str]:
    for number, difference in enumerate(differences, start=1):
        for panel, quads in ((left, difference.earlier), (right, difference.later)):
            yield from (_frame(panel.to_drawing.quad(quad), number) for quad in quads)


def _frame(quad: Quad, number: int) -> str:
    box = quad.box
    x, y = box.left - 16, (box.top + box.bottom) / 2
    return (
        f'<polygon points="{points(quad)}" fill="{FRAME}" fill-opacity=".12" stroke="{FRAME}" '
        f'stroke-width="3"/><circle cx="{x:.1f}" cy="{y:.1f}" r="13" fill="{FRAME}"/>'
        f'<text x="{x:.1f}" y="{y + 6:.1f}" font-size="18" fill="#fff" font-weight="bold" '
        f'text-anchor="middle">{number}</text>'
    )


def _text(x: float, y: float, text: str, *, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x:.0f}" y="{y:.0f}"{weight} fill="#10202f">{escape(text)}</text>'
