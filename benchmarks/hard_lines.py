"""What each reader makes of the same lines, one by one; writes docs/hard-lines.md.

    python -m benchmarks.hard_lines
    python -m benchmarks.hard_lines --quick

Every reader gets the same strips, cut at the labelled places in photographs of the samples' test
split, so that only reading counts. Shown are five lines that ours gets most wrong, and five
numbers that most readers get wrong and at least one reads without an error.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import matplotlib
import matplotlib.pyplot as plt
from rapidfuzz.distance import Levenshtein

from benchmarks.children import progress
from benchmarks.labelled import Labelled, sample_photos
from benchmarks.lines import TextLine, bare
from benchmarks.peers import READERS, TextReader, split_missing
from benchmarks.script import QUICK_RESULTS, ROOT, finish, heading, parser
from benchmarks.tables import Table
from receipt_screen.geometry import Quad, Transform
from receipt_screen.photo import open_photos
from receipt_screen.reading.crops import Grey, crop_strip
from receipt_screen.reading.lines import LinesReader
from receipt_screen.reading.recogniser import KOREAN, LATIN

matplotlib.use("Agg")

PAGE = ROOT / "docs" / "hard-lines.md"
SHOWN = 10
EACH, QUICK_EACH = 8, 1
"""Lines taken of each photograph, evenly from top to bottom."""
STRIP = 48
"""Rows of a strip as it is shown and handed to the peers."""
LEGIBLE = 0.5
"""Share of wrong characters above which, for the best reader, a line counts as not to be read."""
SHORTEST = 4
"""Characters below which a line tells nothing."""
OURS = "lines"
TITLES = {
    OURS: "ours",
    "tesseract_raw": "Tesseract",
    "rapidocr": "RapidOCR's recogniser",
    KOREAN.name: "our first reader",
    LATIN.name: "our second reader, numbers only",
}
HEAD = """# Hard lines

Written by `python -m benchmarks.hard_lines`. Every reader gets the same strips, cut at the
labelled places in photographs of the samples' test split, so that only reading counts: whether a
line is found at all is another question ([benchmarks.md](benchmarks.md)). Shown are the five lines
that ours gets most wrong, of those that at least one reader reads halfway, then the five lines with
numbers that the readers together get most wrong, of those that at least one of them reads without
an error; one of a photograph. Ours is our two readers together; what each of the two said stands
below it.
"""


@dataclass(frozen=True)
class Read:
    """A printed line and what each reader said."""

    photo: str
    printed: str
    said: dict[str, str]

    def edits(self, reader: str) -> int:
        """Characters to be changed, white space left out."""
        return int(Levenshtein.distance(bare(self.said[reader]), bare(self.printed)))

    def wrong(self, reader: str) -> float:
        """The share of wrong characters, at most 1."""
        return min(1.0, self.edits(reader) / len(bare(self.printed)))


# ── reading ──────────────────────────────────────────────────────────────────────────────────


def chosen_lines(lines: Sequence[TextLine], count: int) -> Sequence[TextLine]:
    """Evenly from top to bottom, without those too short to tell anything."""
    long = [line for line in lines if len(bare(line.text)) >= SHORTEST]
    step = max(1, len(long) // count)
    return long[step // 2 :: step][:count]


def read_photo(
    photo: Labelled, count: int, ours: LinesReader, peers: Mapping[str, TextReader]
) -> Iterator[tuple[Read, Grey]]:
    """What each reader makes of some lines, and their strips."""
    pixels = open_photos(photo.path)[0].pixels
    grey: Grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY).astype("uint8", copy=False)
    chosen = chosen_lines(photo.lines, count)
    quads = [_on_pixels(line.quad, photo, grey) for line in chosen]
    for line, quad, found in zip(chosen, quads, ours.read_lines(grey, quads), strict=True):
        strip = crop_strip(grey, quad, STRIP)
        said = dict.fromkeys((OURS, KOREAN.name, LATIN.name), "")
        if found is not None:
            said |= {reading.reader: reading.text for reading in found.readings}
            said[OURS] = found.text
        coloured = cv2.cvtColor(strip, cv2.COLOR_GRAY2BGR).astype("uint8", copy=False)
        said |= {name: peer.read_strip(coloured) for name, peer in peers.items()}
        yield Read(photo.id, line.text, said), strip


def _on_pixels(quad: Quad, photo: Labelled, grey: Grey) -> Quad:
    """Labels refer to the photo's full size; large ones are decoded smaller."""
    return Transform.scaling(grey.shape[1] / photo.size[0] if photo.size else 1.0).quad(quad)


def hardest(lines: Sequence[tuple[Read, Grey]], readers: Sequence[str]) -> list[tuple[Read, Grey]]:
    """The lines to show: those that ours gets most wrong, then numbers that most readers do."""
    read_by_one = [line for line in lines if any(not line[0].edits(name) for name in readers)]
    numbers = [line for line in read_by_one if any(sign.isdigit() for sign in line[0].printed)]
    legible = [line for line in lines if min(map(line[0].wrong, readers)) <= LEGIBLE]
    failed = [line for line in legible if line[0].edits(OURS)]
    ours = _distinct(sorted(failed, key=lambda line: -line[0].wrong(OURS)))
    all_of_them = _distinct(
        sorted(numbers, key=lambda line: -sum(line[0].wrong(name) for name in readers))
    )
    return [*ours[: SHOWN // 2], *all_of_them[: SHOWN // 2]]


def _distinct(ranked: Sequence[tuple[Read, Grey]]) -> list[tuple[Read, Grey]]:
    """One of a photo, and of a wording."""
    of_photo: dict[str, tuple[Read, Grey]] = {}
    of_text: dict[str, tuple[Read, Grey]] = {}
    for line in ranked:
        if of_text.setdefault(line[0].printed, line) is line:
            of_photo.setdefault(line[0].photo, line)
    return list(of_photo.values())


# ── telling ──────────────────────────────────────────────────────────────────────────────────


def tables(data: Mapping[str, Any]) -> list[Table]:
    """Character error and lines without one, by reader."""
    columns = ("", *(TITLES[name] for name in data["readers"]))
    readers = data["readers"].values()
    rows = (
        ("character error", *(f"{r['edits'] / data['characters']:.1%}" for r in readers)),
        ("lines without error", *(f"{r['exact'] / data['lines']:.1%}" for r in readers)),
    )
    return [Table(f"The same {data['lines']} lines", columns, rows)]


def figures(lines: Sequence[Read], readers: Sequence[str]) -> dict[str, Any]:
    """What the table shows."""
    return {
        "lines": len(lines),
        "characters": sum(len(bare(line.printed)) for line in lines),
        "readers": {
            name: {
                "edits": sum(line.edits(name) for line in lines),
                "exact": sum(not line.edits(name) for line in lines),
            }
            for name in readers
        },
    }


def plot(data: Mapping[str, Any], file: Path) -> None:
    """Character error as bars."""
    names = list(data["readers"])
    errors = [100 * data["readers"][name]["edits"] / data["characters"] for name in names]
    figure, axes = plt.subplots(figsize=(6, 2.2), layout="constrained")
    axes.barh([TITLES[name] for name in names], errors)
    axes.invert_yaxis()
    axes.set_xlabel("characters wrong, %")
    figure.savefig(file, dpi=110)
    plt.close(figure)


def write_page(shown: Sequence[tuple[Read, Grey]], data: Mapping[str, Any], page: Path) -> None:
    """The page, and beside it a folder with the strips."""
    folder = page.with_suffix("")
    folder.mkdir(parents=True, exist_ok=True)
    parts = [HEAD, *(table.markdown() for table in tables(data))]
    for number, (read, strip) in enumerate(shown, 1):
        file = folder / f"{number:02}.png"
        cv2.imwrite(str(file), strip)
        parts.append(_section(number, read, f"{folder.name}/{file.name}", list(data["readers"])))
    page.write_text("\n".join(parts), encoding="utf-8")


def _section(number: int, read: Read, picture: str, readers: Sequence[str]) -> str:
    rows = [("printed", read.printed)]
    rows += [(_mark(read, name), read.said[name]) for name in readers]
    rows += [(TITLES[name], read.said[name]) for name in (KOREAN.name, LATIN.name)]
    cells = [f"| {name} | {_code(text)} |" for name, text in rows]
    title = f"## {number}. Of sample {read.photo}"
    return "\n".join(
        [title, "", f"![Line {number}]({picture})", "", "| | |", "|---|---|", *cells, ""]
    )


def _mark(read: Read, reader: str) -> str:
    edits = read.edits(reader)
    return f"{TITLES[reader]}: {f'{edits} wrong' if edits else 'right'}"


def _code(text: str) -> str:
    return f"<code>{html.escape(text).replace('|', '&#124;')}</code>" if text else "nothing"


def main() -> None:
    options = parser(__doc__).parse_args()
    peers, missing = split_missing(READERS)
    opened: dict[str, TextReader] = {peer.name: peer.open() for peer in peers}
    readers = [OURS, *opened]
    ours, lines = LinesReader(), list[tuple[Read, Grey]]()
    count = QUICK_EACH if options.quick else EACH
    with progress() as bar:
        for photo in bar.track(sample_photos(), description="lines"):
            lines += read_photo(photo, count, ours, opened)
    packages = sorted({package for peer in peers for package in peer.packages})
    data = {
        **heading(options, ["receipt-screen", "onnxruntime", *packages]),
        "missing": missing,
        **figures([read for read, _ in lines], readers),
    }
    finish("hard_lines", data, tables(data), plot, options)
    folder = options.out or (QUICK_RESULTS if options.quick else None)
    page = folder / PAGE.name if folder else PAGE
    write_page(hardest(lines, readers), data, page)


if __name__ == "__main__":
    main()
