"""Which lines are shown, and how a page of them is written."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.hard_lines import Read, chosen_lines, figures, hardest, write_page
from benchmarks.lines import TextLine
from receipt_screen.geometry import Box, Quad

STRIP = np.full((48, 200), 255, np.uint8)


def read(photo: str, printed: str, ours: str, peer: str) -> Read:
    return Read(photo, printed, {"lines": ours, "rapidocr": peer, "korean": ours, "latin": ""})


FAILED = read("a", "합계 12,000", "합계 12,900", "12,000")
ILLEGIBLE = read("b", "승인번호", "**", "")
WON = read("c", "합계 5,000", "합계 5,000", "5,00")
EASY = read("d", "2025-01-14", "2025-01-14", "2025-01-14")


def test_lines_nobody_can_read_are_not_shown() -> None:
    lines = [(line, STRIP) for line in (FAILED, ILLEGIBLE, WON)]
    assert [line.photo for line, _ in hardest(lines, ["lines", "rapidocr"])] == ["a", "c"]


def test_lines_are_taken_evenly_and_short_ones_left_out() -> None:
    place = Quad.from_box(Box(0, 0, 10, 10))
    lines = [TextLine(text, place) for text in ("합계", *(f"{number:05}" for number in range(10)))]
    assert [line.text for line in chosen_lines(lines, 2)] == ["00002", "00007"]


def test_white_space_is_no_error_and_errors_are_counted_for_each_reader() -> None:
    told = figures([FAILED, EASY], ["lines", "rapidocr"])
    assert told["readers"]["lines"] == {"edits": 1, "exact": 1}
    assert read("e", "판 매 금 액", "판매금액", "").edits("lines") == 0


def test_the_page_shows_each_strip_and_escapes_what_was_read(tmp_path: Path) -> None:
    nasty = read("a", "<b>|합계 1,000", "<b>|합계 1,000", "")
    data = figures([nasty], ["lines", "rapidocr"])
    write_page([(nasty, STRIP)], data, tmp_path / "hard-lines.md")
    page = (tmp_path / "hard-lines.md").read_text(encoding="utf-8")
    assert (tmp_path / "hard-lines" / "01.png").is_file()
    assert "<b>" not in page
    assert "&lt;b&gt;&#124;" in page
