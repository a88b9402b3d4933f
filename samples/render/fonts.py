"""The faces that receipts are set in: one-bit cells of thermal heads, and outlines."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from samples.render.blocks import Style
from samples.render.tables import table

if TYPE_CHECKING:
    import freetype

Ink = npt.NDArray[np.uint8]
"""Coverage by ink: height × width, 0 … 255."""


class FontsMissingError(Exception):
    """Fonts that the tables name, or what reads bitmap fonts, are not installed."""


def _absent(missing: list[str]) -> FontsMissingError:
    packages = table("fonts")["packages"]
    return FontsMissingError(
        f"{len(missing)} fonts are missing (first: {missing[0]}); "
        f"install them with: apt-get install {packages}"
    )


def font_path(name: str) -> Path:
    """Where a font of tables/fonts.toml lies; a path from the root is itself."""
    fonts = table("fonts")
    return Path(fonts["root"]) / fonts["files"].get(name, name)


def require_fonts() -> None:
    """Raises FontsMissingError, saying what to install, where fonts or freetype-py are absent."""
    if find_spec("freetype") is None:
        raise FontsMissingError(
            "freetype-py is missing; install the extra: pip install 'receipt-screen[samples]'"
        )
    missing = [name for name in table("fonts")["files"] if not font_path(name).exists()]
    if missing:
        raise _absent(missing)


class Face(Protocol):
    """A way of setting characters on a line of `height` pixels."""

    @property
    def name(self) -> str:
        """As tables/fonts.toml has it."""

    @property
    def height(self) -> int:
        """Of a plain line."""

    def line_height(self, style: Style) -> int:
        """Of a line set in a style, in pixels."""

    def advance(self, char: str, style: Style) -> int:
        """How far the next character stands, in pixels."""

    def glyph(self, char: str, style: Style) -> Ink:
        """The character's ink, as high as its line."""


@cache
def truetype(name: str, size: int) -> ImageFont.FreeTypeFont:
    """An outline font; the Korean member of a collection."""
    path = font_path(name)
    # In Noto's CJK collections member 1 is Korean and member 6 Korean with half-width Latin.
    member = {"noto": 1, "noto_bold": 1, "noto_serif": 1, "noto_mono": 6}.get(name, 0)
    return ImageFont.truetype(str(path), size, index=member)


# ── thermal heads ────────────────────────────────────────────────────────────────────────────


def _outlines(name: str) -> freetype.Face:
    # Of the samples extra: labels can be read, and tests collected, without it.
    import freetype  # noqa: PLC0415

    return freetype.Face(str(font_path(name)))


BURNT = 110
"""The grey of an outline from which a dot is burnt."""

_ONE_BIT = 0x4 | 2 << 16
"""FreeType's FT_LOAD_RENDER and FT_LOAD_TARGET_MONO."""


@cache
def _pcf(name: str) -> freetype.Face:
    face = _outlines(name)
    face.set_charmap(face.charmaps[0])
    face.select_size(0)
    return face


def _ks_code(char: str) -> int:
    """The position in KS X 1001, by which the X11 fonts are indexed; 0 if it has none."""
    try:
        code = int.from_bytes(char.encode("euc-kr"), "big") & 0x7F7F
    except UnicodeEncodeError:
        return 0
    return code if code > 0xFF else 0


def _pcf_cell(name: str, char: str, size: int) -> Ink | None:
    face = _pcf(name)
    glyph = face.get_char_index(_ks_code(char)) if _ks_code(char) else 0
    if not glyph:
        return None
    face.load_glyph(glyph, _ONE_BIT)
    bitmap, slot = face.glyph.bitmap, face.glyph
    cell = np.zeros((size, size), np.uint8)
    if not bitmap.rows:
        return cell
    dots = np.array(bitmap.buffer, np.uint8).reshape(bitmap.rows, bitmap.pitch)
    dots = np.unpackbits(dots, axis=1)[:, : bitmap.width]
    ascent = round(size * 0.86)
    top, left = max(0, ascent - slot.bitmap_top), max(0, slot.bitmap_left)
    dots = dots[: size - top, : size - left]
    cell[top : top + dots.shape[0], left : left + dots.shape[1]] = dots
    return cell * np.uint8(255)


def _drawn(name: str, char: str, size: int) -> Ink:
    """A character on a canvas twice its size, origin a quarter in."""
    image = Image.new("L", (size * 2, size * 2), 0)
    ImageDraw.Draw(image).text(
        (size // 2, size * 1.4), char, 255, font=truetype(name, size), anchor="ls"
    )
    return np.asarray(image)


@cache
def _latin_box(name: str) -> tuple[int, int, int, int]:
    """Left, right, top and baseline of a font's digits, drawn at size 96 on `_drawn`'s canvas."""
    ink = np.maximum.reduce([_drawn(name, digit, 96) for digit in "0123456789H"])
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    return int(columns[0]), int(columns[-1]) + 1, int(rows[0]), int(rows[-1]) + 1


def _latin_cell(name: str, char: str, size: int, height: int) -> Ink:
    """A Latin character squeezed into a half-width cell, tall and narrow as thermal heads have it.

    Printers draw digits about 20 dots high in a cell of 24 × 12 dots.
    """
    left, right, top, base = _latin_box(name)
    ink = _drawn(name, char, 96)
    width = size // 2
    across, up = (width - 2) / (right - left), height * 0.76 / (base - top)
    matrix = np.float32([[across, 0, 1 - left * across], [0, up, height * 0.86 - base * up]])
    cell = cv2.warpAffine(cv2.blur(ink, (5, 3)), matrix, (width, height), flags=cv2.INTER_AREA)
    return np.where(cell > 96, np.uint8(255), np.uint8(0))


def _hangul_cell(name: str, char: str, size: int, threshold: int = BURNT) -> Ink:
    ink = _drawn(name, char, size * 4)
    shrunk = cv2.resize(ink, (size * 2, size * 2), interpolation=cv2.INTER_AREA)
    cell = shrunk[round(size * 0.54) : round(size * 0.54) + size, size // 2 : size // 2 + size]
    return np.where(cell > threshold, np.uint8(255), np.uint8(0))


@dataclass(frozen=True)
class ThermalFace:
    """A printer's built-in font: full-width Hangul, half-width ASCII, one bit a dot."""

    name: str
    hangul: str
    latin: str
    size: int
    """Width of a Hangul cell in dots; ASCII has half."""
    height: int
    """Of a line in dots; some heads stretch 20 dots to 24."""
    slashed_zero: bool = False
    threshold: int = BURNT

    def line_height(self, style: Style) -> int:
        return self.height * style.tall

    def advance(self, char: str, style: Style) -> int:
        width = self.size // 2 if char.isascii() else self.size
        return width * style.wide + style.tracking

    def glyph(self, char: str, style: Style) -> Ink:
        dots = _thermal_glyph(self, char, bold=style.bold)
        if style.wide == style.tall == 1:
            return dots
        return np.repeat(np.repeat(dots, style.tall, axis=0), style.wide, axis=1)


@cache
def _thermal_glyph(face: ThermalFace, char: str, *, bold: bool) -> Ink:
    if char.isascii():
        cell = _latin_cell(face.latin, char, face.size, face.height)
        cell = _slash(cell) if face.slashed_zero and char == "0" else cell
    else:
        cell = _stretched(_wide_cell(face, char), face.height)
    return np.maximum(cell, np.roll(cell, 1, axis=1)) if bold else cell


def _wide_cell(face: ThermalFace, char: str) -> Ink:
    if font_path(face.hangul).suffix == ".gz":
        cell = _pcf_cell(face.hangul, char, face.size)
        return cell if cell is not None else _hangul_cell("nanum_coding", char, face.size)
    name = face.hangul if knows(face.hangul, char) else "nanum_coding"
    return _hangul_cell(name, char, face.size, face.threshold)


@cache
def knows(name: str, char: str) -> bool:
    """Whether a font knows a character; Baekmuk has no won sign."""
    return bool(_outlines(name).get_char_index(char))


def _stretched(cell: Ink, height: int) -> Ink:
    """Rows repeated until the cell is as high as the head's line."""
    rows = np.arange(height) * cell.shape[0] // height
    return cell[rows]


def _slash(cell: Ink) -> Ink:
    cell = cell.copy()
    height, width = cell.shape
    cv2.line(cell, (width - 4, round(height * 0.28)), (3, round(height * 0.72)), 255, 1)
    return cell


# ── outlines ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class OutlineFace:
    """A proportional font, as apps and office printers use it. Double width is a larger size."""

    name: str
    regular: str
    bold: str
    size: int

    @property
    def height(self) -> int:
        return round(self.size * 1.24)

    def _size(self, style: Style) -> int:
        return round(self.size * {1: 1.0, 2: 1.3, 3: 1.45, 4: 1.6}[style.wide * style.tall])

    def line_height(self, style: Style) -> int:
        return round(self._size(style) * 1.24)

    def _font(self, style: Style) -> str:
        return self.bold if style.bold else self.regular

    def advance(self, char: str, style: Style) -> int:
        return _outline_advance(self._font(style), self._size(style), char) + style.tracking

    def glyph(self, char: str, style: Style) -> Ink:
        return _outline_glyph(self._font(style), self._size(style), char)


@cache
def _outline_advance(font: str, size: int, char: str) -> int:
    return max(1, round(truetype(font, size).getlength(char)))


@cache
def _outline_glyph(font: str, size: int, char: str) -> Ink:
    face = truetype(font, size)
    width = max(_outline_advance(font, size, char), round(face.getbbox(char)[2])) + 1
    image = Image.new("L", (width, round(size * 1.24)), 0)
    ImageDraw.Draw(image).text((0, round(size * 0.98)), char, 255, font=face, anchor="ls")
    return np.asarray(image)


@dataclass(frozen=True)
class FormFace:
    """A printed form that somebody fills in by hand."""

    printed: OutlineFace
    written: OutlineFace

    @property
    def name(self) -> str:
        return self.written.name

    @property
    def height(self) -> int:
        return self.printed.height

    def _of(self, style: Style) -> OutlineFace:
        return self.written if style.hand else self.printed

    def line_height(self, style: Style) -> int:
        return self._of(style).line_height(style)

    def advance(self, char: str, style: Style) -> int:
        return self._of(style).advance(char, style)

    def glyph(self, char: str, style: Style) -> Ink:
        return self._of(style).glyph(char, style)


# ── the tables ───────────────────────────────────────────────────────────────────────────────


def face_names(kind: str, split: str) -> list[str]:
    """The faces of a kind (`thermal`, `drill`, `outline`, `hand`) that belong to a split."""
    return [name for name, face in table("fonts")[kind].items() if face["split"] == split]


def thermal_face(name: str, *, slashed_zero: bool = False, kind: str = "thermal") -> ThermalFace:
    """A thermal head's font by its name in the table, of a kind (`thermal` or `drill`)."""
    row = table("fonts")[kind][name]
    return ThermalFace(
        name,
        row["hangul"],
        row["latin"],
        row["size"],
        row.get("height", row["size"]),
        slashed_zero,
        row.get("threshold", BURNT),
    )


def outline_face(kind: str, name: str, size: int) -> OutlineFace:
    """An outline face of a kind (`outline` or `hand`) by its name in the table."""
    row = table("fonts")[kind][name]
    return OutlineFace(name, row["regular"], row.get("bold", row["regular"]), size)
