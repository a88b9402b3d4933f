"""Draws the pairs of docs/reuse.md from the committed samples, and writes what is said of them.

python -m benchmarks.reuse_page
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from benchmarks.labelled import ROOT, SAMPLES
from receipt_screen.compare import Side, compare
from receipt_screen.intake import open_side
from receipt_screen.reading import open_reader
from receipt_screen.report.pair import draw_pair, pair_words

DOCS = ROOT / "docs"
PAGE = DOCS / "reuse.md"


@dataclass(frozen=True)
class Shown:
    """A pair of samples that the page shows."""

    name: str
    earlier: str
    later: str


SHOWN = (
    Shown("altered", "s1_00112.png", "s1_00119.jpg"),
    Shown("neighbours", "s1_00134.jpg", "s1_00141.jpg"),
)


def main() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for shown in SHOWN:
        page = _filled(page, shown.name, _drawn(shown))
    PAGE.write_text(page, encoding="utf-8")


def _drawn(shown: Shown) -> str:
    """Draws a pair; returns the sentences that are said of it."""
    one, other = (_side(name) for name in (shown.earlier, shown.later))
    comparison = compare(one, other)
    file = DOCS / f"reuse-{shown.name}.svg"
    file.write_text(draw_pair(one, other, comparison, "en"), encoding="utf-8")
    return "\n".join(f"> {words}\\" for words in pair_words(comparison, "en")).rstrip("\\")


def _side(name: str) -> Side:
    path: Path = SAMPLES / "images" / name
    side = open_side(str(path), open_reader())
    facts = side.findings.photo.model_copy(update={"file": name})
    return Side(side.findings.model_copy(update={"photo": facts}), side.photo)


def _filled(page: str, name: str, words: str) -> str:
    """The page with the sentences between the marks of a pair."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    marked = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    return marked.sub(lambda _: f"{begin}\n{words}\n{end}", page)


if __name__ == "__main__":
    main()
