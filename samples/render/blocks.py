"""The words and rules of a receipt, in order, before anything has a place."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from receipt_screen.records import MarkKind

Colour = tuple[int, int, int]
"""Blue, green, red."""
BLACK: Colour = (0, 0, 0)


@dataclass(frozen=True)
class Style:
    """How a piece of text is set."""

    wide: int = 1
    tall: int = 1
    bold: bool = False
    reverse: bool = False
    tracking: int = 0
    colour: Colour = BLACK
    hand: bool = False
    """Written, on a printed form."""


PLAIN = Style()
BOLD = Style(bold=True)
WIDE = Style(wide=2)
TALL = Style(tall=2)
BIG = Style(wide=2, tall=2)


@dataclass(frozen=True)
class Part:
    """Some characters, and the field whose value they are. A lower rank is the better place."""

    text: str
    field: str | None = None
    rank: int = 0


@dataclass(frozen=True)
class Piece:
    """Parts set together, hung on a point of the row: 0 is the left margin, 1 the right one."""

    parts: tuple[Part, ...]
    align: Literal["left", "centre", "right"] = "left"
    at: float = 0.0
    style: Style = PLAIN

    @property
    def text(self) -> str:
        return "".join(part.text for part in self.parts)


@dataclass(frozen=True)
class Row:
    """Pieces on one line. A left piece wraps where it runs out of paper."""

    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Rule:
    """A line across the paper: a repeated character, or `solid`, `dotted` drawn as such."""

    pattern: str = "-"


@dataclass(frozen=True)
class Gap:
    """Blank paper, in lines."""

    lines: float = 1.0


@dataclass(frozen=True)
class Symbol:
    """A barcode or QR code."""

    content: str
    kind: Literal["Code128", "QRCode"] = "Code128"
    caption: bool = True


@dataclass(frozen=True)
class Sign:
    """A shop's logo: its name in a display face, with an ornament."""

    text: str
    face: str
    ornament: int


@dataclass(frozen=True)
class Cell:
    """A box of a ruled form. `width` is a share of the text's width."""

    piece: Piece
    width: float


@dataclass(frozen=True)
class Grid:
    """Ruled rows of cells."""

    rows: tuple[tuple[Cell, ...], ...]
    colour: Colour = BLACK
    pad: int = 8


@dataclass(frozen=True)
class Seal:
    """A round stamp beside what was set last. `at` is a share of the text's width."""

    text: str
    at: float
    colour: Colour = (50, 50, 210)


@dataclass(frozen=True)
class Band:
    """A filled strip across the page with text in it, as apps have it."""

    piece: Piece
    fill: Colour
    height: float = 2.0


@dataclass(frozen=True)
class Trap:
    """Notes that what was just set is one of the traps of tables/traps.toml."""

    name: str


@dataclass(frozen=True)
class Marked:
    """Notes that the document says something of itself that rules ask for."""

    kind: MarkKind


Block = Row | Rule | Gap | Symbol | Sign | Grid | Seal | Band | Trap | Marked
Blocks = list[Block]


@dataclass(frozen=True)
class Facts:
    """What the blocks note about themselves."""

    traps: frozenset[str] = field(default_factory=frozenset)
    marks: frozenset[MarkKind] = field(default_factory=frozenset)


def facts_of(blocks: Blocks) -> Facts:
    """The traps and marks that are noted among blocks."""
    return Facts(
        frozenset(block.name for block in blocks if isinstance(block, Trap)),
        frozenset(block.kind for block in blocks if isinstance(block, Marked)),
    )


# ── rows ─────────────────────────────────────────────────────────────────────────────────────


def left(*parts: Part | str, style: Style = PLAIN, at: float = 0.0) -> Piece:
    return Piece(_parts(parts), "left", at, style)


def right(*parts: Part | str, style: Style = PLAIN, at: float = 1.0) -> Piece:
    return Piece(_parts(parts), "right", at, style)


def centre(*parts: Part | str, style: Style = PLAIN) -> Piece:
    return Piece(_parts(parts), "centre", 0.5, style)


def row(*pieces: Piece) -> Row:
    return Row(pieces)


def line(*parts: Part | str, style: Style = PLAIN) -> Row:
    return Row((left(*parts, style=style),))


def middle(*parts: Part | str, style: Style = PLAIN) -> Row:
    return Row((centre(*parts, style=style),))


def _parts(parts: tuple[Part | str, ...]) -> tuple[Part, ...]:
    return tuple(Part(part) if isinstance(part, str) else part for part in parts)


def spread(text: str, cells: int) -> str:
    """A label letter-spaced to a width in half-width cells, as tills justify them."""
    letters = text.replace(" ", "")
    gaps = len(letters) - 1
    free = cells - 2 * len(letters)
    if gaps < 1 or free <= 0:
        return text
    return (" " * max(1, free // gaps)).join(letters)


def won(amount: int) -> str:
    """12,345"""
    return f"{amount:,}"


def restyle(style: Style, **changes: int | bool | Colour) -> Style:
    """A style with some of its settings changed."""
    return replace(style, **changes)  # type: ignore[arg-type]
