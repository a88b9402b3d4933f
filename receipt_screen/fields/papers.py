"""One photo, several receipts: a page is cut where one paper ends and the next begins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from receipt_screen.fields.page import LabelledPage
from receipt_screen.fields.vocabulary import LabelKind
from receipt_screen.records import Line, Page

LEAST_LINES = 8
"""A receipt has at least so many lines; fewer are a column or a note."""
CROSSING = 0.04
"""Share of all lines that may reach over the gap between two papers that lie askew."""
KINDS = (
    (LabelKind.CHARGED, LabelKind.DUE),
    (LabelKind.PAID_AT,),
    (LabelKind.SUPPLY, LabelKind.VAT),
    (LabelKind.APPROVAL,),
    (LabelKind.MERCHANT, LabelKind.BUSINESS_NUMBER),
    (LabelKind.CARD,),
    (LabelKind.OTHER_NUMBER,),
)
"""What a receipt says; a column of values says none of it."""
HOW_MUCH_OR_WHEN = frozenset({0, 1})
"""One of these both say; the columns of one paper for buyer and seller say the rest twice."""
LEAST_SAID = 3
LEAST_SHARED = 2
"""Two receipts say so many of these things both."""
MOST_PAPERS = 4


def split_papers(page: Page) -> tuple[Page, ...]:
    """The receipts that lie side by side on a page, from left to right; one page as a rule.

    A gap alone parts nothing, for a receipt's own columns have gaps: on either side there has to
    stand what makes a receipt, and partly the same things. Each page keeps the frame.
    """
    pieces = _pieces(list(page.lines), MOST_PAPERS)
    if len(pieces) == 1:
        return (page,)
    return tuple(page.model_copy(update={"lines": tuple(piece)}) for piece in pieces)


def _pieces(lines: list[Line], most: int) -> list[list[Line]]:
    if most < 2:
        return [lines]
    for left, right in _cuts(lines):
        if _are_two(left, right):
            first = _pieces(left, most - 1)
            return [*first, *_pieces(right, most - len(first))]
    return [lines]


def _cuts(lines: Sequence[Line]) -> Iterator[tuple[list[Line], list[Line]]]:
    """Ways to part the lines, the cleanest first."""
    middles = np.array([line.quad.center[0] for line in lines])
    order = np.argsort(middles, kind="stable")
    lefts = np.array([line.quad.box.left for line in lines])
    rights = np.array([line.quad.box.right for line in lines])
    cuts = []
    for count in range(LEAST_LINES, len(lines) - LEAST_LINES + 1):
        at = (middles[order[count - 1]] + middles[order[count]]) / 2
        crossing = int(((lefts < at) & (rights > at)).sum())
        if crossing <= CROSSING * len(lines):
            gap = middles[order[count]] - middles[order[count - 1]]
            cuts.append((crossing, -gap, at))
    for _, _, at in sorted(cuts)[:MOST_PAPERS]:
        yield (
            [line for line in lines if line.quad.center[0] < at],
            [line for line in lines if line.quad.center[0] >= at],
        )


def _are_two(left: Sequence[Line], right: Sequence[Line]) -> bool:
    one, other = _said(left), _said(right)
    shared = one & other
    is_said = min(len(one), len(other)) >= LEAST_SAID and len(shared) >= LEAST_SHARED
    return is_said and bool(shared & HOW_MUCH_OR_WHEN)


def _said(lines: Sequence[Line]) -> frozenset[int]:
    """Which of `KINDS` the lines have labels of, none of them misread."""
    rows = LabelledPage.of_lines(lines).rows
    labels = [label for row in rows for label in row.labels if label.score == 1.0]
    return frozenset(
        number
        for number, kinds in enumerate(KINDS)
        if any(label.is_any(frozenset(kinds)) for label in labels)
    )
