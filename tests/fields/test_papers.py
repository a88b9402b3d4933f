"""Several receipts in one photo become several pages; one receipt stays one."""

from __future__ import annotations

import numpy as np
import pytest

from receipt_screen.fields.papers import split_papers
from receipt_screen.geometry import Quad
from receipt_screen.records import Line, Page
from tests.pages import page_of

SLIP = """
상호  전주콩나물국밥
사업자번호  505-81-24020
거래일시  2025-01-20 12:10
카드번호  1234-56**-****-7890
금액  90,909
부가세  9,091
합계  100,000
승인번호  00652378
"""
OTHER = SLIP.replace("2025-01-20", "2025-01-22").replace("100,000", "55,000")
ITEMS = """
전주콩나물국밥
사업자번호: 505-81-24020
2025-01-20 12:10
품명  단가  수량  금액
콩나물국밥  8,000  2  16,000
모주  3,000  1  3,000
파전  9,000  1  9,000
합계      28,000
카드      28,000
"""


def beside(*layouts: str, askew: float = 0.0) -> Page:
    """Papers side by side, each a little lower or higher than the one before."""
    pages = [page_of(layout, tilt=askew * (-1) ** number) for number, layout in enumerate(layouts)]
    lines = [
        _moved(line, 620.0 * number, 11.0 * number)
        for number, page in enumerate(pages)
        for line in page.lines
    ]
    return pages[0].model_copy(update={"lines": tuple(lines), "width": 620 * len(layouts)})


def _moved(line: Line, right: float, down: float) -> Line:
    corners = np.add(line.quad.array, (right, down))
    return line.model_copy(update={"quad": Quad.from_array(corners)})


def texts(page: Page) -> list[str]:
    return [line.text for line in page.lines]


@pytest.mark.parametrize("askew", [0.0, 0.05])
@pytest.mark.parametrize("papers", [(SLIP, OTHER), (SLIP, OTHER, SLIP)])
def test_receipts_side_by_side_are_parted(papers: tuple[str, ...], askew: float) -> None:
    parted = split_papers(beside(*papers, askew=askew))
    assert [texts(page) for page in parted] == [texts(page_of(paper)) for paper in papers]


@pytest.mark.parametrize("layout", [SLIP, ITEMS, "", "합계  100,000"])
def test_one_receipt_stays_one_whatever_its_columns(layout: str) -> None:
    page = page_of(layout)
    assert split_papers(page) == (page,)


def test_a_receipt_beside_a_note_stays_with_it() -> None:
    note = "\n".join(["우유", "달걀", "두부", "쌀 10kg", "사과", "감자", "양파", "대파", "김치"])
    page = beside(SLIP, note)
    assert split_papers(page) == (page,)


def test_no_line_is_lost_or_doubled() -> None:
    page = beside(SLIP, OTHER, SLIP)
    parted = split_papers(page)
    assert sorted(text for part in parted for text in texts(part)) == sorted(texts(page))
