"""A page as the fields' modules see it: rows with their labels, and where values stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, wraps
from statistics import median
from typing import TypeVar
from weakref import WeakKeyDictionary

from receipt_screen.fields.labels import Label, LabelledRow, label_rows
from receipt_screen.fields.rows import Evidence, lines_to_rows
from receipt_screen.fields.vocabulary import Kinds, LabelKind
from receipt_screen.records import Line, Page

T = TypeVar("T")

MIN_COLUMNS = 3
"""So many heads stand side by side over their columns; two may be a label and its value."""
NEXT_ROW = 3.0
"""The value below a label stands at most this many label heights lower."""


@dataclass(frozen=True)
class Place:
    """A piece of one row, `start:end` of its text."""

    row: int
    start: int
    end: int

    def part(self, start: int, end: int) -> Place:
        """A piece of this piece, `start:end` of the text that stands here."""
        return Place(self.row, self.start + start, self.start + end)


@dataclass(frozen=True, eq=False)
class LabelledPage:
    """The rows of a page from top to bottom, each with its labels; equal to itself alone."""

    rows: tuple[LabelledRow, ...]
    codes: tuple[str, ...] = ()
    """What bar codes and QR codes hold: a check on what was read."""

    @classmethod
    def of(cls, page: Page, codes: tuple[str, ...] = ()) -> LabelledPage:
        """The labelled rows of what was read."""
        return cls(label_rows(lines_to_rows(page.lines)), codes)

    @classmethod
    def of_lines(cls, lines: Sequence[Line]) -> LabelledPage:
        """The labelled rows of some lines."""
        return cls(label_rows(lines_to_rows(lines)))

    @cached_property
    def line_height(self) -> float:
        """The median height of rows, in pixels."""
        return median(row.row.height for row in self.rows) if self.rows else 1.0

    def in_code(self, *spellings: str) -> bool:
        """Whether a bar code or QR code holds a value in one of these spellings."""
        return any(spelling in code for spelling in spellings for code in self.codes)

    def text(self, place: Place) -> str:
        """What stands at a place."""
        return self.rows[place.row].row.text[place.start : place.end]

    def whole(self, row: int) -> Place:
        """The place of a whole row."""
        return Place(row, 0, len(self.rows[row].row.text))

    def depth(self, row: int) -> float:
        """How far down the page a row stands: 0 for the first, nearly 1 for the last."""
        return row / max(1, len(self.rows))

    def trimmed(self, place: Place, text: str) -> Place:
        """The part of a place that holds a text, or what is between its first and last letters."""
        here = self.text(place)
        if (start := here.find(text)) >= 0:
            return place.part(start, start + len(text))
        letters = [sign for sign in text if sign.isalnum()] or [""]
        first, last = here.find(letters[0]), here.rfind(letters[-1])
        return place if first < 0 or last < first else place.part(first, last + 1)

    def evidence(self, place: Place) -> Evidence:
        """What stands at a place and how well it was read."""
        return self.rows[place.row].row.evidence(place.start, place.end)

    def labels(self, *kinds: LabelKind) -> Iterator[tuple[int, Label]]:
        """All labels of these kinds with the index of their row, from top to bottom."""
        wanted: Kinds = frozenset(kinds)
        for index, row in enumerate(self.rows):
            for label in row.labels:
                if label.is_any(wanted):
                    yield index, label

    def beside(self, row: int, label: Label) -> Place:
        """The rest of a label's row, up to the next label."""
        start, end = self.rows[row].behind(label)
        return Place(row, start, end)

    def below(self, row: int, label: Label) -> Place | None:
        """The value under a label: the next row, when it has no label of its own.

        Where several labels stand side by side, it is the cells below this one.
        """
        labels = self.rows[row].labels
        if row + 1 >= len(self.rows):
            return None
        if self._heads_columns(row):
            return self._cells_below(row, label)
        if self.rows[row + 1].labels:
            return None
        here, there = self.rows[row].row, self.rows[row + 1].row
        if there.quad.box.top - here.quad.box.bottom > NEXT_ROW * here.height:
            return None
        if len(labels) > 1 and self.holds_only_labels(row):
            return self._cells_below(row, label)
        is_last = not labels or labels[-1].end <= label.end
        return self.whole(row + 1) if is_last else None

    def values(self, row: int, label: Label) -> list[Place]:
        """Where a label's value may stand: beside it and, if nothing forbids, below."""
        below = self.below(row, label)
        return [self.beside(row, label), *([] if below is None else [below])]

    def label_over(self, row: int, kind: LabelKind) -> Label | None:
        """A label of this kind in a row, or alone in the row above."""
        for label in self.rows[row].labels:
            if kind in label.kinds:
                return label
        if row > 0 and self.rows[row - 1].labels:
            above = self.rows[row - 1].labels[-1]
            if kind in above.kinds and self.below(row - 1, above) is not None:
                return above
        return None

    def holds_only_labels(self, row: int) -> bool:
        """Whether a row has nothing beside its labels."""
        text = list(self.rows[row].row.text)
        for label in self.rows[row].labels:
            text[label.start : label.end] = " " * (label.end - label.start)
        return not any(sign.isalnum() for sign in text)

    def _heads_columns(self, row: int) -> bool:
        """Whether each cell of a row is the head of the cell below it, which may say 일시불.

        The heads hold no digits and one of them is a label; of the values none is more than a
        word without a value.
        """
        heads, values = self.rows[row], self.rows[row + 1]
        cells = [cell.text.replace(" ", "") for cell in heads.row.cells]
        if len(cells) < MIN_COLUMNS or len(cells) != len(values.row.cells):
            return False
        whole = {re.sub(r"\W", "", cell) for cell in cells} & {each.word for each in heads.labels}
        return (
            bool(whole)
            and not any(sign.isdigit() for cell in cells for sign in cell)
            and any(sign.isdigit() for sign in values.row.text)
            and all(LabelKind.OTHER in label.kinds for label in values.labels)
        )

    def _cells_below(self, row: int, label: Label) -> Place | None:
        box = self.evidence(Place(row, label.start, label.end)).quad.box
        spans = [
            (start, end)
            for cell, start, end in self.rows[row + 1].row.spans
            if cell.quad.box.left < box.right and cell.quad.box.right > box.left
        ]
        if len(self.rows[row + 1].row.cells) == 1:
            return self._word_below(row, label)
        return Place(row + 1, spans[0][0], spans[-1][1]) if spans else None

    def _word_below(self, row: int, label: Label) -> Place:
        """Of cells that were read as one, the word that stands where the label does in its row.

        Where there are more or fewer words than labels, it is the whole cell.
        """
        text = self.rows[row + 1].row.text
        words = list(re.finditer(r"\S+", text))
        labels = self.rows[row].labels
        if len(words) != len(labels) or label not in labels:
            return self.whole(row + 1)
        word = words[labels.index(label)]
        return Place(row + 1, word.start(), word.end())


def once_a_page(
    find: Callable[[LabelledPage], Iterable[T]],
) -> Callable[[LabelledPage], tuple[T, ...]]:
    """A search whose findings are kept as long as their page: several fields ask for them."""
    kept: WeakKeyDictionary[LabelledPage, tuple[T, ...]] = WeakKeyDictionary()

    @wraps(find)
    def found(page: LabelledPage) -> tuple[T, ...]:
        if page not in kept:
            kept[page] = tuple(find(page))
        return kept[page]

    return found
