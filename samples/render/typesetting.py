"""Gives every block its place on the paper, in the printer's dots."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache

import cv2
import numpy as np
import zxingcpp
from PIL import Image, ImageDraw

from samples.render.blocks import (
    BLACK,
    Band,
    Blocks,
    Colour,
    Gap,
    Grid,
    Part,
    Piece,
    Row,
    Rule,
    Seal,
    Sign,
    Style,
    Symbol,
)
from samples.render.fonts import Face, Ink, truetype


@dataclass(frozen=True)
class Span:
    """The characters of a run that are a field's value."""

    start: int
    end: int
    field: str
    rank: int


@dataclass(frozen=True)
class Run:
    """Text that stands together on one line."""

    text: str
    edges: tuple[int, ...]
    """Where each character begins, and where the last one ends."""
    top: int
    height: int
    style: Style
    spans: tuple[Span, ...] = ()
    wrapped: bool = False
    """It goes on where the run before it ran out of paper."""


@dataclass(frozen=True)
class Drawing:
    """Ink that is not text."""

    ink: Ink = field(compare=False, repr=False)
    left: int
    top: int
    text: str | None = None
    """What a sign says."""
    colour: Colour = BLACK


@dataclass(frozen=True)
class Sheet:
    """A printed paper: everything has a place, nothing has been inked yet."""

    width: int
    height: int
    runs: tuple[Run, ...]
    drawings: tuple[Drawing, ...]
    symbols: tuple[str, ...] = ()


@dataclass(frozen=True)
class Measure:
    """The page that text is set on."""

    face: Face
    width: int
    margin: int
    leading: int
    head: int
    foot: int
    break_at_spaces: bool = False

    @property
    def right(self) -> int:
        return self.width - self.margin

    @property
    def span(self) -> int:
        return self.width - 2 * self.margin

    def advance(self, char: str, style: Style) -> int:
        return self.face.advance(char, style)


def typeset(blocks: Blocks, measure: Measure) -> Sheet:
    """The sheet that a list of blocks comes to."""
    setter = _Setter(measure)
    for block in blocks:
        setter.add(block)
    return setter.sheet()


class _Setter:
    """Goes down the paper block by block."""

    def __init__(self, measure: Measure) -> None:
        self._measure = measure
        self._y = measure.head
        self._runs: list[Run] = []
        self._drawings: list[Drawing] = []
        self._symbols: list[str] = []

    def add(self, block: object) -> None:
        match block:
            case Row():
                self._row(block)
            case Rule():
                self._rule(block)
            case Gap():
                self._y += round(block.lines * (self._measure.face.height + self._measure.leading))
            case Symbol():
                self._symbol(block)
            case Sign():
                self._draw(_sign(block, self._measure.span), block.text)
            case Grid():
                self._grid(block)
            case Seal():
                self._seal(block)
            case Band():
                self._band(block)

    def sheet(self) -> Sheet:
        height = self._y + self._measure.foot
        return Sheet(
            self._measure.width, height, tuple(self._runs), tuple(self._drawings),
            tuple(self._symbols),
        )  # fmt: skip

    def _row(self, row: Row) -> None:
        height = max(self._measure.face.line_height(piece.style) for piece in row.pieces)
        reached = -1
        for piece in row.pieces:
            for number, run in enumerate(_set_piece(piece, self._measure)):
                if number or run.edges[0] < reached:
                    self._y += height + self._measure.leading
                self._runs.append(
                    replace(run, top=self._y + height - run.height, wrapped=number > 0)
                )
                reached = run.edges[-1] + self._measure.face.height // 4
        self._y += height + self._measure.leading

    def _rule(self, rule: Rule) -> None:
        measure = self._measure
        if rule.pattern in ("dashed", "dotted", "solid", "grey"):
            ink = _drawn_rule(rule.pattern, measure.span)
            self._drawings.append(
                Drawing(ink, measure.margin, self._y + measure.face.height // 2 - 2)
            )
            self._y += measure.face.height + measure.leading
            return
        step = sum(measure.advance(char, Style()) for char in rule.pattern)
        text = rule.pattern * (measure.span // step)
        self._row(Row((Piece((Part(text),)),)))

    def _grid(self, grid: Grid) -> None:
        measure, top = self._measure, self._y
        for cells in grid.rows:
            height = max(measure.face.line_height(cell.piece.style) for cell in cells)
            height += 2 * grid.pad
            left = float(measure.margin)
            for cell in cells:
                width = cell.width * measure.span
                self._cell(grid, cell.piece, round(left), round(width), height)
                left += width
            self._y += height
        self._frame(measure.margin, top, measure.span, self._y - top, grid.colour)
        self._y += measure.leading * 2

    def _cell(self, grid: Grid, piece: Piece, left: int, width: int, height: int) -> None:
        self._frame(left, self._y, width, height, grid.colour)
        room = width - 2 * grid.pad
        piece = _shortened(piece, self._measure, room)
        used = _width(piece, self._measure)
        slack = {"left": 0, "centre": (room - used) // 2, "right": room - used}[piece.align]
        run = _set_from(piece, self._measure, left + grid.pad + max(0, slack))
        if run.text.strip():
            self._runs.append(replace(run, top=self._y + (height - run.height) // 2))

    def _frame(self, left: int, top: int, width: int, height: int, colour: Colour) -> None:
        ink = np.zeros((height + 1, width + 1), np.uint8)
        cv2.rectangle(ink, (0, 0), (width, height), 255, 1)
        self._drawings.append(Drawing(ink, left, top, None, colour))

    def _seal(self, seal: Seal) -> None:
        ink = _seal_ink(seal.text, self._measure.face.height * 3)
        left = self._measure.margin + round(seal.at * self._measure.span) - ink.shape[1] // 2
        top = max(0, self._y - round(ink.shape[0] * 0.75))
        self._drawings.append(Drawing(ink, left, top, None, seal.colour))

    def _band(self, band: Band) -> None:
        measure = self._measure
        height = round(band.height * measure.face.height)
        ink = np.full((height, measure.width), 255, np.uint8)
        self._drawings.append(Drawing(ink, 0, self._y, None, band.fill))
        after = self._y + height + measure.leading
        self._y += (height - measure.face.line_height(band.piece.style)) // 2
        self._row(Row((band.piece,)))
        self._y = after

    def _symbol(self, symbol: Symbol) -> None:
        self._symbols.append(symbol.content)
        self._draw(_symbol_ink(symbol, self._measure.span), None)
        if symbol.caption:
            self._row(Row((Piece((Part(symbol.content),), "centre", 0.5),)))

    def _draw(self, ink: Ink, text: str | None) -> None:
        left = (self._measure.width - ink.shape[1]) // 2
        self._drawings.append(Drawing(ink, left, self._y, text))
        self._y += ink.shape[0] + self._measure.leading * 2


# ── a piece ──────────────────────────────────────────────────────────────────────────────────


def _set_piece(piece: Piece, measure: Measure) -> list[Run]:
    """The piece's runs: one, or several where it wraps."""
    start = measure.margin + round(piece.at * measure.span)
    if piece.align != "left":
        return [_set_hanging(part, measure, start) for part in _wrap(piece, measure, measure.span)]
    pieces = _wrap(piece, measure, measure.right - start)
    runs = [_set_from(part, measure, start) for part in pieces]
    return [run for run in runs if run.text.strip()] or runs[:1]


def _width(piece: Piece, measure: Measure) -> int:
    return sum(measure.advance(char, piece.style) for char in piece.text)


def _set_hanging(piece: Piece, measure: Measure, at: int) -> Run:
    width = _width(piece, measure)
    start = at - width if piece.align == "right" else at - width // 2
    return _set_from(piece, measure, max(measure.margin // 2, start))


def _shortened(piece: Piece, measure: Measure, room: int) -> Piece:
    """As much of a piece as a cell has room for; what matters runs over the cell's edge."""
    if _width(piece, measure) <= room or any(part.field for part in piece.parts):
        return piece
    advances = [measure.advance(char, piece.style) for char in piece.text]
    return replace(piece, parts=_split(piece.parts, _cut(piece.text, advances, room))[0])


def _set_from(piece: Piece, measure: Measure, start: int) -> Run:
    edges = [start]
    for char in piece.text:
        edges.append(edges[-1] + measure.advance(char, piece.style))
    height = measure.face.line_height(piece.style)
    return Run(piece.text, tuple(edges), 0, height, piece.style, _spans(piece))


def _spans(piece: Piece) -> tuple[Span, ...]:
    spans, start = [], 0
    for part in piece.parts:
        end = start + len(part.text)
        if part.field:
            spans.append(Span(start, end, part.field, part.rank))
        start = end
    return tuple(spans)


def _wrap(piece: Piece, measure: Measure, room: int) -> list[Piece]:
    """The piece, broken where it runs out of room."""
    if _width(piece, measure) <= room:
        return [piece]
    if piece.style.wide > 1:
        return _wrap(replace(piece, style=replace(piece.style, wide=1)), measure, room)
    cut = _cut(piece.text, [measure.advance(char, piece.style) for char in piece.text], room)
    if measure.break_at_spaces and " " in piece.text[:cut].strip():
        cut = piece.text.rindex(" ", 0, cut) + 1
    head, tail = _split(piece.parts, cut)
    rest = replace(piece, parts=tail)
    return [replace(piece, parts=head), *(_wrap(rest, measure, room) if rest.text.strip() else [])]


def _cut(text: str, advances: list[int], room: int) -> int:
    """How many characters fit; at least one."""
    used = 0
    for place, advance in enumerate(advances):
        used += advance
        if used > room:
            return max(1, place)
    return len(text)


def _split(parts: tuple[Part, ...], cut: int) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    head, tail = [], []
    for part in parts:
        first, rest = part.text[: max(0, cut)], part.text[max(0, cut) :]
        if first:
            head.append(replace(part, text=first))
        if rest:
            tail.append(replace(part, text=rest))
        cut -= len(part.text)
    return tuple(head), tuple(tail)


# ── drawings ─────────────────────────────────────────────────────────────────────────────────


def _drawn_rule(pattern: str, span: int) -> Ink:
    thickness = {"solid": 2, "grey": 1}.get(pattern, 2)
    ink = np.full((thickness, span), 255, np.uint8)
    period, gap = {"dashed": (12, 3), "dotted": (4, 2)}.get(pattern, (1, 0))
    ink[:, np.arange(span) % period < gap] = 0
    return ink


def _symbol_ink(symbol: Symbol, span: int) -> Ink:
    kind = getattr(zxingcpp.BarcodeFormat, symbol.kind)
    modules = 255 - np.asarray(zxingcpp.create_barcode(symbol.content, kind).to_image(scale=1))
    if symbol.kind == "QRCode":
        scale = max(2, min(5, span // 3 // modules.shape[1]))
        return np.kron(modules, np.ones((scale, scale), np.uint8)).astype(np.uint8)
    scale = max(1, span // modules.shape[1])
    bars = np.repeat(modules[modules.shape[0] // 2 : modules.shape[0] // 2 + 1], scale, axis=1)
    return np.repeat(bars, 64, axis=0)


@cache
def _sign(sign: Sign, span: int) -> Ink:
    """The shop's name as a sign, with an ornament, on at most the width of the text."""
    font = truetype(sign.face, 62)
    width = round(font.getlength(sign.text))
    image = Image.new("L", (width + 40, 96), 0)
    draw = ImageDraw.Draw(image)
    draw.text((20, 66), sign.text, 255, font=font, anchor="ls")
    ink = _ornament(np.asarray(image).copy(), sign.ornament)
    scale = min(1.0, span * 0.9 / ink.shape[1])
    ink = cv2.resize(ink, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.where(ink > 110, np.uint8(255), np.uint8(0))


@cache
def _seal_ink(text: str, size: int) -> Ink:
    """A ring with up to four syllables in it, slightly worn."""
    image = Image.new("L", (size, size), 0)
    draw = ImageDraw.Draw(image)
    draw.ellipse((2, 2, size - 3, size - 3), outline=255, width=max(2, size // 24))
    font = truetype("nanum_myeongjo_bold", round(size * 0.3))
    for number, char in enumerate(text[:4]):
        x, y = 0.3 + 0.4 * (number % 2), 0.32 + 0.36 * (number // 2)
        draw.text((size * x, size * y), char, 220, font=font, anchor="mm")
    return np.asarray(image.rotate(-12))


def _ornament(ink: Ink, number: int) -> Ink:
    height, width = ink.shape
    if number == 1:
        cv2.rectangle(ink, (0, height - 9), (width, height - 2), 255, -1)
    elif number == 2:
        return 255 - ink
    elif number == 3:
        ink = np.hstack([np.zeros((height, 90), np.uint8), ink])
        cv2.circle(ink, (46, height // 2), 36, 255, 7)
        cv2.ellipse(ink, (46, height // 2), (12, 30), 30, 0, 360, 255, -1)
    elif number == 4:
        for edge in (3, height - 5):
            cv2.line(ink, (0, edge), (width, edge), 255, 2)
    elif number == 5:
        cv2.rectangle(ink, (2, 2), (width - 3, height - 3), 255, 4)
    return ink
