"""Rendered receipts read twice → each character as both readers see it, and who is right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from rapidfuzz.distance import Levenshtein

from benchmarks.lines import TextLine, line_groups
from models.training.readings import PageKeeper, Picked, render_sample
from receipt_screen.geometry import Quad
from receipt_screen.reading.align import Case, Seen, align
from receipt_screen.reading.lines import LinesReader, Turned
from receipt_screen.reading.recogniser import Glyphs
from receipt_screen.screener import examine_upload, main_page
from samples.render.labels import Label


@dataclass(frozen=True)
class Judged:
    """A character, and whether what each reader sees there is printed there."""

    seen: Seen
    right: Mapping[str, bool]
    """Of `ours` and of `theirs`."""
    family: str
    line: int
    """Characters of one line have one number."""


@dataclass(frozen=True)
class TwiceRead(TextLine):
    """A line of the photo and what both readers make of it."""

    readings: tuple[Glyphs, Glyphs]


class TwiceReader(LinesReader):
    """The package's reader; it keeps what both recognisers make of a line."""

    def __init__(self) -> None:
        super().__init__()
        self.twice: dict[Quad, tuple[Glyphs, Glyphs]] = {}

    def second_readings(self, turned: Turned, korean: list[Glyphs]) -> dict[int, Glyphs]:
        """As the package has them, and kept."""
        latin = super().second_readings(turned, korean)
        self.twice |= {turned.lines[at].quad: (korean[at], theirs) for at, theirs in latin.items()}
        return latin


@cache
def _reader() -> TwiceReader:
    """One for each process."""
    return TwiceReader()


def judge_picture(picked: Picked, index: int) -> list[Judged]:
    """The characters that both readers saw of a rendered receipt."""
    label, reader = render_sample(picked, index), _reader()
    reader.twice.clear()
    keeper = PageKeeper(reader)
    path = picked.folder / label.file
    findings, _ = main_page(examine_upload(path, keeper, name=path.name))
    page = keeper.pages[findings.photo.page - 1]
    read = [
        TwiceRead(line.text, seen.quad, reader.twice[line.quad])
        if line.quad in reader.twice
        else TextLine(line.text, seen.quad)
        for line, seen in zip(page.lines, findings.page.lines, strict=True)
    ]
    return [
        Judged(seen, right, label.family, 1000 * index + number)
        for number, (printed, line) in enumerate(_paired(label, read))
        for seen, right in judge_line(*line.readings, printed)
    ]


def _paired(label: Label, read: list[TextLine]) -> Iterator[tuple[str, TwiceRead]]:
    """Lines that were read twice, neither split nor joined, and what is printed there."""
    printed = [TextLine(line.text, line.quad) for line in label.lines if line.visible]
    for group in line_groups(printed, read):
        if len(group.printed) == len(group.read) == 1 and isinstance(group.read[0], TwiceRead):
            yield group.printed[0].text, group.read[0]


def judge_line(
    korean: Glyphs, latin: Glyphs, printed: str
) -> Iterator[tuple[Seen, dict[str, bool]]]:
    """Each character of which two readings are weighed; a reading is compared as a whole."""
    line = list(align(korean, latin))
    ours = iter(_right("".join(seen.ours.text for seen in line if seen.ours), printed))
    theirs = iter(_right("".join(_theirs(seen) for seen in line), printed))
    for seen in line:
        right = {}
        if seen.ours:
            right["ours"] = next(ours)
        if _theirs(seen):
            right["theirs"] = next(theirs)
        if seen.case is not Case.ALONE:
            yield seen, right


def _theirs(seen: Seen) -> str:
    """What the second reader sees, and what is taken for granted beside it."""
    alone = seen.ours if seen.case is Case.ALONE else None
    glyph = seen.theirs or alone
    return glyph.text if glyph else ""


def _right(text: str, printed: str) -> list[bool]:
    """For each character whether it is printed."""
    return [
        block.tag == "equal"
        for block in Levenshtein.opcodes(text, printed)
        for _ in range(block.src_start, block.src_end)
    ]
