"""More faces for single printed lines than Debian has: outlines that web packages bring in parts.

    npm install --prefix out/train/faces galmuri @fontsource/gothic-a1 …
    python -m models.training.faces out/train/faces out/train/faces/whole

A web package has a face's Korean and its Latin letters in two files; here they become one, of what
a receipt printer can print and no more.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from fontTools.merge import Merger
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from models.training.recogniser.characters import CHARACTERS

FILE = re.compile(r"(.+)-latin-(300|400|700)-normal\.woff")
UNUSED = re.compile("Bitmap|Variable|Thin|ExtraLight")
"""Files without outlines, of several weights at once, or of strokes that no head could print."""
HANDS = (
    "cute-font", "dongle", "east-sea-dokdo", "gaegu", "gamja-flower", "hi-melody", "poor-story",
    "single-day", "stylish",
)  # fmt: skip
"""Faces that look written."""
LEAST = 2000
"""Syllables that a face must have to set a receipt."""


@dataclass(frozen=True)
class Faces:
    """Files of faces."""

    korean: tuple[Path, ...] = ()
    """With all of a receipt's characters."""
    latin: tuple[Path, ...] = ()
    """With digits, Latin letters and signs, and perhaps more."""
    hand: tuple[Path, ...] = ()
    """Like `korean`, but written."""


def load_faces(folder: Path) -> Faces:
    """The faces that `main` wrote."""
    korean, latin, hand = (
        tuple(sorted((folder / kind).glob("*.ttf"))) for kind in ("korean", "latin", "hand")
    )
    return Faces(korean, (*korean, *latin), hand)


def gather(packages: Path, out: Path) -> Iterator[Path]:
    """Writes each face that the packages have as a file of its own."""
    for path in sorted(packages.rglob("*")):
        named = FILE.fullmatch(path.name)
        if named:
            korean = path.with_name(f"{named[1]}-korean-{named[2]}-normal.woff")
            parts = (korean, path) if korean.is_file() else (path,)
            yield _written(_merged(parts), out, f"{named[1]}-{named[2]}")
        elif path.suffix == ".ttf" and not UNUSED.search(path.stem):
            yield _written(_only_printable(TTFont(path)), out, path.stem)


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
    subsetter.populate(text="".join(CHARACTERS))
    subsetter.subset(font)
    return font


def _written(font: TTFont, out: Path, name: str) -> Path:
    syllables = sum(0xAC00 <= code < 0xD7A4 for code in font.getBestCmap())
    kind = "latin" if syllables < LEAST else "hand" if name.startswith(HANDS) else "korean"
    path = out / kind / f"{name}.ttf"
    path.parent.mkdir(parents=True, exist_ok=True)
    font.save(path)
    return path


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
