"""The page of figures is written from the JSON, and says what is missing."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from benchmarks import report
from benchmarks.script import RESULTS
from benchmarks.tables import Table


def test_the_page_in_docs_is_what_the_results_say() -> None:
    written = report.PAGE.read_text(encoding="utf-8")
    assert written == report.page(RESULTS, report.PAGE.parent)


def test_every_picture_on_the_page_is_there() -> None:
    text = report.PAGE.read_text(encoding="utf-8")
    pictures = re.findall(r"!\[[^]]*\]\(([^)]+)\)", text)
    assert pictures
    assert all((report.PAGE.parent / picture).is_file() for picture in pictures)


def test_what_was_not_measured_is_named(tmp_path: Path) -> None:
    text = report.page(tmp_path, tmp_path)
    for section in report.SECTIONS:
        assert section.command in text


MEASURED = [each for each in report.SECTIONS if (RESULTS / f"{each.name}.json").is_file()]


def test_something_is_measured() -> None:
    assert MEASURED


@pytest.mark.parametrize("section", MEASURED, ids=lambda section: section.name)
def test_a_missing_peer_and_a_quick_look_are_named(section: report.Section, tmp_path: Path) -> None:
    data = json.loads((RESULTS / f"{section.name}.json").read_text(encoding="utf-8"))
    changed = {**data, "quick": True, "missing": {"Some peer": "not installed: pip install it"}}
    (tmp_path / f"{section.name}.json").write_text(json.dumps(changed), encoding="utf-8")
    text = report.page(tmp_path, tmp_path)
    assert "Missing: Some peer: not installed: pip install it." in text
    assert "too few to compare by" in text


def test_a_table_reads_the_same_as_markdown() -> None:
    table = Table("Title", ("", "a|b"), (("row", "1"),))
    assert table.markdown() == "### Title\n\n|  | a\\|b |\n| --- | ---: |\n| row | 1 |\n"


def test_a_table_refuses_a_row_with_a_cell_too_few() -> None:
    with pytest.raises(ValueError, match="2 cells"):
        Table("Title", ("", "a"), (("row",),))
