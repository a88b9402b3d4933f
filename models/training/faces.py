"""More faces for single lines than Debian has: outlines of web packages, and written digits.

    npm install --prefix out/train/faces galmuri @fontsource/gothic-a1 mnist …
    python -m models.training.faces out/train/faces out/train/faces/whole

A web package may have a face's Korean and its Latin letters in two files; here they become one, of
what a receipt printer can print and no more. `mnist` has a thousand of each digit, each as somebody
wrote it.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from fontTools.merge import Merger
from fontTools.pens.boundsPen import BoundsPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from models.training.recogniser.characters import CHARACTERS

PART = re.compile(r"(.+)-latin-(300|400|700)-normal\.woff")
"""One of several files of a face."""
WHOLE = "@noonnu"
"""Whose packages have a face in a single file."""
UNUSED = re.compile("Bitmap|Variable|Thin|ExtraLight")
"""Files without outlines, of several weights at once, or of strokes that no head could print."""
HANDS = (
    "777", "87mmilsang", "UhBee", "bareunmental", "cafe24", "cute-font", "dalseodarling", "dongle",
    "east-sea-dokdo", "efcucumbersalad", "efwatermelonsalad", "establishRoom", "flowersalt",
    "gaegu", "gamja-flower", "hi-melody", "himnaelaneun", "mapoflowerisland", "poor-story",
    "sangsangflowerroad", "single-day", "stylish", "treegarden", "uhbee", "yleemortal",
)  # fmt: skip
"""Faces that look written, or drawn as on a sign."""
PENS = (
    "architects-daughter", "caveat", "coming-soon", "covered-by-your-grace", "gloria-hallelujah",
    "homemade-apple", "indie-flower", "just-another-hand", "kalam", "klee-one", "nothing-you",
    "patrick-hand", "reenie-beanie", "shadows-into-light", "yomogi",
)  # fmt: skip
"""The same of faces without Korean."""
LEAST = 2000
"""Syllables that a face must have to set a receipt."""
DIGITS = "digits.npz"
SIDE = 28
"""Rows and columns of a written digit."""


@dataclass(frozen=True)
class Faces:
    """Files of faces."""

    korean: tuple[Path, ...] = ()
    """With all of a receipt's characters."""
    latin: tuple[Path, ...] = ()
    """With digits, Latin letters and signs, and perhaps more."""
    hand: tuple[Path, ...] = ()
    """Like `korean`, but written."""
    pen: tuple[Path, ...] = ()
    """Written, without Korean."""
    digits: Path | None = None
    """Written digits: for each of `0` … `9` an array of N×28×28, 255 where there is ink."""


def load_faces(folder: Path) -> Faces:
    """What `main` wrote."""
    korean, latin, hand, pen = (
        tuple(sorted((folder / kind).glob("*.ttf"))) for kind in ("korean", "latin", "hand", "pen")
    )
    digits = folder / DIGITS
    return Faces(korean, (*korean, *latin), hand, pen, digits if digits.is_file() else None)


def gather(packages: Path, out: Path) -> Iterator[Path]:
    """Writes each face that the packages have as a file of its own, and the digits as one."""
    for path in sorted(packages.rglob("*")):
        part = PART.fullmatch(path.name)
        if part:
            korean = path.with_name(f"{part[1]}-korean-{part[2]}-normal.woff")
            parts = (korean, path) if korean.is_file() else (path,)
            yield _written(_merged(parts), out, f"{part[1]}-{part[2]}")
        elif path.suffix == ".ttf" and not UNUSED.search(path.stem):
            yield _written(_only_printable(TTFont(path)), out, path.stem)
        elif WHOLE in path.parts and path.suffix in (".woff", ".woff2"):
            yield _written(_merged([path]), out, path.stem)
        elif path.parts[-3:] == ("src", "digits", "0.json"):
            yield _written_digits(path.parent, out)


def _merged(files: Sequence[Path]) -> TTFont:
    parts = []
    for path in files:
        part, plain = _only_printable(TTFont(path)), BytesIO()
        part.flavor = None
        part.save(plain)
        plain.seek(0)
        parts.append(plain)
    return Merger().merge(parts) if len(parts) > 1 else TTFont(parts[0])


def _only_printable(font: TTFont) -> TTFont:
    subsetter = Subsetter(Options(layout_features=[], notdef_outline=True, glyph_names=False))
    subsetter.populate(text="".join(char for char in CHARACTERS if _has_ink(font, char)))
    subsetter.subset(font)
    return font


def _has_ink(font: TTFont, char: str) -> bool:
    """Whether a face draws a character; some name all syllables and leave most of them empty."""
    name = font.getBestCmap().get(ord(char))
    if name is None:
        return False
    glyphs = font.getGlyphSet()
    pen = BoundsPen(glyphs)
    glyphs[name].draw(pen)
    return char == " " or pen.bounds is not None


def _written(font: TTFont, out: Path, name: str) -> Path:
    korean = sum(0xAC00 <= code < 0xD7A4 for code in font.getBestCmap()) >= LEAST
    by_hand = name.startswith(HANDS if korean else PENS)
    kind = {
        (True, True): "hand", (True, False): "korean", (False, True): "pen", (False, False): "latin"
    }[korean, by_hand]  # fmt: skip
    path = out / kind / f"{name}.ttf"
    path.parent.mkdir(parents=True, exist_ok=True)
    font.save(path)
    return path


def _written_digits(folder: Path, out: Path) -> Path:
    """Packs the digits of a package that has them as lists of shares of ink."""
    digits = {}
    for digit in "0123456789":
        shares = json.loads((folder / f"{digit}.json").read_text(encoding="utf-8"))["data"]
        digits[digit] = np.round(np.reshape(shares, (-1, SIDE, SIDE)) * 255).astype(np.uint8)
    out.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(out / DIGITS, **digits)
    return out / DIGITS


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m models.training.faces",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("packages", type=Path, help="where npm installed them")
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    for path in gather(options.packages, options.out):
        print(path.name, path.stat().st_size, file=sys.stderr)


if __name__ == "__main__":
    main()
