"""Altered copies: an amount, a date, an approval number or a name changed in the pixels."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace

import cv2
import numpy as np
from PIL import Image, ImageDraw

from receipt_screen.geometry import Quad
from receipt_screen.records import Pixels
from samples.render.chance import Chance
from samples.render.fonts import truetype
from samples.render.labelling import run_quad
from samples.render.own import Made
from samples.render.printing import Printing
from samples.render.receipt import Receipt
from samples.render.tables import table
from samples.render.typesetting import Run, Sheet, Span
from samples.render.words import coined


@dataclass(frozen=True)
class Change:
    """What is changed where: each place's old and new text, and the value it now claims."""

    field: str
    value: int | str
    texts: dict[str, str]
    """Printed text to its replacement."""


def draw_change(field: str, made: Made, chance: Chance) -> Change:
    """A change somebody would gain by."""
    changes = {
        "amount": _amount,
        "date": _date,
        "approval_number": _approval,
        "merchant": _merchant,
    }
    return changes[field](made.printing.receipt, made.printing.sheet, chance)


def _texts(sheet: Sheet, field: str) -> set[str]:
    return {
        run.text[span.start : span.end]
        for run in sheet.runs
        for span in run.spans
        if span.field == field
    }


def _amount(receipt: Receipt, sheet: Sheet, chance: Chance) -> Change:
    """Up to or beyond the threshold, without more digits where that can be."""
    old = receipt.purchase.charged
    raised = [100_000, 110_000, 150_000, 190_000, 200_000, 300_000, 700_000]
    if old < 1000:
        raised = [900]
    fitting = [new for new in raised if new > old and len(str(new)) == len(str(old))]
    new = chance.choice(fitting or [int("9" + str(old)[1:]) if str(old)[0] != "9" else old + 1])
    texts = {text: text.replace(f"{old:,}", f"{new:,}") for text in _texts(sheet, "amount")}
    return Change("amount", new, texts)


def _date(receipt: Receipt, sheet: Sheet, chance: Chance) -> Change:
    """Into the campaign, or to another day of it, keeping the number of characters."""
    when = receipt.purchase.when
    day = dt.date(2025, chance.choice([1, 2]), chance.randint(14, 27))
    day = day if day != when.date() else day + dt.timedelta(days=1)
    texts = {text: _redated(text, day) for text in _texts(sheet, "date")}
    return Change("date", day.isoformat(), texts)


def _redated(text: str, new: dt.date) -> str:
    """Year, month and day replaced in the order they stand; weekdays too."""
    numbers = re.findall(r"\d+", text)
    if len(numbers) == 1:
        form = "%Y%m%d" if len(numbers[0]) == 8 else "%y%m%d"
        return text.replace(numbers[0], new.strftime(form))
    year = f"{new:%Y}" if len(numbers[0]) == 4 else f"{new:%y}"
    parts = iter([year, *(f"{value:0{len(digits)}d}" for value, digits in
                  ((new.month, numbers[1]), (new.day, numbers[2])))])  # fmt: skip
    changed = re.sub(r"\d+", lambda _: next(parts), text)
    names = "월화수목금토일"
    return re.sub(rf"(?<=[( ])[{names}](?=[)요])", names[new.weekday()], changed)


def _approval(receipt: Receipt, sheet: Sheet, chance: Chance) -> Change:
    """Three digits of every approval number."""
    old = receipt.purchase.main.approval
    places = chance.sample(range(2, len(old)), 3)
    new = "".join(
        str((int(digit) + chance.randint(1, 9)) % 10) if place in places else digit
        for place, digit in enumerate(old)
    )
    return Change("approval_number", new, {text: text.replace(old, new)
                  for text in _texts(sheet, "approval_number")})  # fmt: skip


def _merchant(receipt: Receipt, sheet: Sheet, chance: Chance) -> Change:
    """The shop's own part of its name, by another one: of as many syllables, if a table has any."""
    shop = receipt.shop
    old, stems = shop.stem, table("shops")["stems"].get(shop.stems, ())
    alike = [stem for stem in stems if len(stem) == len(old) and stem != old]
    new = chance.choice(alike) if alike else coined(chance)
    texts = {text: text.replace(old, new) for text in _texts(sheet, "merchant")}
    return Change("merchant", receipt.shop.name.replace(old, new), texts)


# ── on the sheet ─────────────────────────────────────────────────────────────────────────────


def altered_sheet(printing: Printing, change: Change) -> tuple[Sheet, tuple[Quad, ...]]:
    """The sheet as if it had been printed so, and the quads that differ."""
    runs, quads = [], []
    for run in printing.sheet.runs:
        new, changed = _altered_run(run, change, printing)
        runs.append(new)
        quads += changed
    return replace(printing.sheet, runs=tuple(runs)), tuple(quads)


def _altered_run(run: Run, change: Change, printing: Printing) -> tuple[Run, list[Quad]]:
    """A run with its values of the field replaced, and what they cover before and after."""
    quads = []
    for number in range(len(run.spans)):
        span = run.spans[number]
        if span.field == change.field:
            before = run_quad(run, span.start, span.end)
            run = _replaced(run, span, change, printing)
            after = run_quad(run, run.spans[number].start, run.spans[number].end)
            quads.append(Quad.hull((before, after)))
    return run, quads


def _replaced(run: Run, span: Span, change: Change, printing: Printing) -> Run:
    """A run with one value replaced, hung on its right end if it grew."""
    text = run.text[span.start : span.end]
    new = run.text[: span.start] + change.texts.get(text, text) + run.text[span.end :]
    advances = [printing.face.advance(char, run.style) for char in new]
    start = run.edges[0] if len(new) == len(run.text) else run.edges[-1] - sum(advances)
    edges = tuple(int(edge) for edge in np.cumsum([start, *advances]))
    return replace(run, text=new, edges=edges, spans=_shifted(run, span, len(new) - len(run.text)))


def _shifted(run: Run, changed: Span, by: int) -> tuple[Span, ...]:
    return tuple(
        replace(span, start=span.start + by * (span.start > changed.start),
                end=span.end + by * (span.start >= changed.start))
        for span in run.spans
    )  # fmt: skip


# ── in the pixels ────────────────────────────────────────────────────────────────────────────


def pasted(original: Pixels, rerendered: Pixels, quads: tuple[Quad, ...]) -> Pixels:
    """The original, with what stands in the quads taken from a picture that was made anew."""
    mask = np.zeros(original.shape[:2], np.uint8)
    for quad in quads:
        cv2.fillConvexPoly(mask, np.int32(_widened(quad, 2.0).points), 255)
    soft = cv2.GaussianBlur(mask, (0, 0), 1.0).astype(np.float32)[..., None] / 255
    return np.clip(original * (1 - soft) + rerendered * soft, 0, 255).astype(np.uint8)


def _widened(quad: Quad, pixels: float) -> Quad:
    centre = np.array(quad.center)
    away = quad.array - centre
    reach = np.maximum(np.hypot(*away.T), 1)[:, None]
    return Quad.from_array(centre + away * (1 + pixels / reach))


def typed_over(original: Pixels, quad: Quad, text: str, chance: Chance) -> Pixels:
    """A box of one colour with new text in an editor's font: it shows."""
    height, width = max(8, round(quad.height * 3)), max(8, round(quad.width * 3))
    paper, ink = _colours(original, quad)
    patch = np.full((height, width, 3), paper, np.uint8)
    _type(patch, text, ink, chance)
    corners = np.float32([[0, 0], [width, 0], [width, height], [0, height]])
    matrix = cv2.getPerspectiveTransform(corners, np.float32(_widened(quad, 1.5).points))
    size = (original.shape[1], original.shape[0])
    laid = cv2.warpPerspective(patch, matrix, size, flags=cv2.INTER_AREA)
    mask = cv2.warpPerspective(np.full((height, width), 255, np.uint8), matrix, size)
    alpha = mask.astype(np.float32)[..., None] / 255
    return np.clip(original * (1 - alpha) + laid * alpha, 0, 255).astype(np.uint8)


def _colours(picture: Pixels, quad: Quad) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The paper's and the ink's colour around a quad."""
    box = quad.box
    rows = slice(max(0, int(box.top)), int(box.bottom) + 1)
    columns = slice(max(0, int(box.left)), int(box.right) + 1)
    region = picture[rows, columns].reshape(-1, 3)
    if not len(region):
        return (240, 240, 240), (30, 30, 30)
    order = np.argsort(region.sum(axis=1))
    return tuple(int(v) for v in region[order[len(order) * 7 // 10]]), tuple(
        int(v) for v in region[order[len(order) // 20]]
    )


def _type(patch: Pixels, text: str, ink: tuple[int, ...], chance: Chance) -> None:
    height, width = patch.shape[:2]
    name = chance.choice(["nanum_gothic", "nanum_barun_bold", "noto", "dejavu_sans"])
    name = name if text.isascii() else "nanum_gothic_bold"
    font = truetype(name, round(height * chance.uniform(0.7, 0.86)))
    image = Image.fromarray(patch)
    draw = ImageDraw.Draw(image)
    layer = Image.new("L", (max(1, round(font.getlength(text))), height), 0)
    ImageDraw.Draw(layer).text((0, height * 0.5), text, 255, font=font, anchor="lm")
    layer = layer.resize((round(width * 0.97), height))
    draw.bitmap((0, 0), layer, fill=ink)
    patch[:] = np.asarray(image)
