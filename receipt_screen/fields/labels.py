"""Labels in rows: where words stand that say what the value behind them is.

A label may be letter-spaced, cut into several cells or misread by a character: words are joined
without spaces before they are looked up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from receipt_screen.fields.rows import BETWEEN, Row
from receipt_screen.fields.vocabulary import Kinds, LabelKind, label_table, match_word

NOT_THE_TOTAL: Kinds = frozenset(
    {
        LabelKind.SUPPLY,
        LabelKind.VAT,
        LabelKind.TAX_FREE,
        LabelKind.SERVICE,
        LabelKind.DISCOUNT,
        LabelKind.NEVER,
        LabelKind.SUBTOTAL,
    }
)
"""Kinds that a following 합계 or 금액 doesn't change: 면세 합계 is tax-free, not a total."""
SUM_WORDS: Kinds = frozenset({LabelKind.DUE, LabelKind.BARE})
TOTALS: Kinds = frozenset({LabelKind.CHARGED, LabelKind.DUE})
BARE_WORDS: Kinds = frozenset({LabelKind.BARE})

BEFORE_LETTERS: Kinds = frozenset({LabelKind.MERCHANT, LabelKind.OWNER, LabelKind.ADDRESS})
"""Kinds whose values are letters, so that a lost space makes one word of both."""
LEAST_BEGINNING, LEAST_VALUE = 3, 2
"""Syllables that such a label and its value have; shorter ones begin other words."""
SHOP, LEAST_SHOP = "상호", 5
"""The one shorter label that begins a word this long with its value, behind no other word."""

MAX_WORDS = 6
"""A label is letter-spaced or cut into at most this many words."""
MAX_LENGTH = 16
WHOLE = 4
"""Syllables of a label that says alone which sum it is: 합계금액."""
PART = 0.8
"""The score of a label that is only the end of a longer word."""
LAST = "계"
"""A total's last syllable is a label of its own, but before another one it begins another word."""


@dataclass(frozen=True)
class Label:
    """A label in a row's text, at `text[start:end]`."""

    word: str
    """As the table spells it."""
    kinds: Kinds
    start: int
    end: int
    score: float
    """1 where it is printed as in the table, less where it was misread."""

    def is_any(self, kinds: Kinds) -> bool:
        """Whether it may be a label of one of these kinds."""
        return bool(self.kinds & kinds)


@dataclass(frozen=True)
class LabelledRow:
    """A row and its labels from left to right."""

    row: Row
    labels: tuple[Label, ...]

    def behind(self, label: Label) -> tuple[int, int]:
        """Where the label's value would stand: up to the next label, or the row's end."""
        following = [other.start for other in self.labels if other.start >= label.end]
        return label.end, min(following, default=len(self.row.text))

    def has(self, *kinds: LabelKind) -> bool:
        """Whether a label of one of these kinds stands in the row."""
        return any(label.is_any(frozenset(kinds)) for label in self.labels)


@dataclass(frozen=True)
class Word:
    """A run of Hangul or Latin letters, and whether only space parts it from the one before."""

    text: str
    start: int
    end: int
    joins: bool


def label_rows(rows: Sequence[Row]) -> tuple[LabelledRow, ...]:
    """Each row with its labels."""
    return tuple(LabelledRow(row, find_labels(row.text)) for row in rows)


def find_labels(text: str) -> tuple[Label, ...]:
    """The labels in a row's text from left to right, none overlapping."""
    words = list(_words(text))
    labels: list[Label] = []
    first = 0
    while first < len(words):
        label, used = _longest_label(words[first : first + MAX_WORDS])
        if label is not None:
            labels.append(label)
        first += used
    cut = _cut_off(text)
    if cut is not None:
        labels = [cut, *(label for label in labels if label.start >= cut.end)]
    return _absorb_sum_words(_without_qualifiers(labels, text), text)


_CUT = re.compile(
    r"\W*(?:상\s{0,3}\S\s{1,3})?(?P<label>호|[가-힣]{1,3}명)(?:\s?[:;)\]]|  )\W*(?=[^\W\d])"
)
"""The end of a label for a name where a line begins or a speck stands in it, and a name behind."""


def _cut_off(text: str) -> Label | None:
    """A shop's label whose beginning the paper's edge cut off, or that a speck parts: 호: 들꽃슈퍼,
    맹점명: 들꽃슈퍼, 상 1 호: 들꽃슈퍼.
    """
    match = _CUT.match(text)
    if match is None or (match["label"] != SHOP[-1] and match_word(match["label"])):
        return None
    whole = [
        word
        for word, kinds in label_table().items()
        if LabelKind.MERCHANT in kinds and word.endswith(match["label"])
    ]
    if not whole:
        return None
    return _label(min(whole, key=len), match.start("label"), match.end("label"), PART)


_QUALIFIER = re.compile(r"\s?[(\[][^()\[\]\d]*[)\]](?=\W*\d)")


def _without_qualifiers(labels: list[Label], text: str) -> list[Label]:
    """합계(부가세포함) 15,000: what stands in brackets before the value is no label."""
    kept: list[Label] = []
    until = 0
    for label in labels:
        if label.start >= until:
            kept.append(label)
            behind = _QUALIFIER.match(text, label.end)
            until = behind.end() if behind else label.end
    return kept


def _words(text: str) -> Iterator[Word]:
    end = 0
    for match in re.finditer(r"[가-힣]+|[A-Za-z]+", text):
        between = text[end : match.start()]
        joins = end > 0 and re.fullmatch(r"[\s./·_-]*", between) is not None
        yield Word(match.group(), match.start(), match.end(), joins)
        end = match.end()


def _longest_label(words: Sequence[Word]) -> tuple[Label | None, int]:
    """The label that the first words make up, and how many words it takes (at least one).

    An exact match of any length is preferred to a misread one.
    """
    runs = list(_runs(words))
    found = [(run, match) for run in runs if (match := match_word(_text(run))) is not None]
    if not found:
        return _ending_label(words[0]) or _beginning_label(words[0]), 1
    run, (word, score) = max(found, key=lambda entry: (entry[1][1] == 1.0, len(entry[0])))
    if word == LAST and _begins_another_word(words):
        return None, 1
    if score < 1.0 and (stray := _stray_words(run) or _words_before_better(run, word, score)):
        before = [entry for entry in found if len(entry[0]) <= stray]
        if not before:
            return None, stray
        run, (word, score) = before[-1]
    if len(run) == 1 and len(run[0].text) > len(word) and (ending := _ending_label(run[0])):
        # 개월승인번호 is 승인번호 behind something else sooner than 원승인번호.
        return ending, 1
    return _label(word, run[0].start, run[-1].end, score), len(run)


def _begins_another_word(words: Sequence[Word]) -> bool:
    """Whether the first of these words only begins a letter-spaced one: 계 란."""
    goes_on = len(words) > 1 and words[1].joins and len(words[1].text) == 1
    return goes_on and not words[0].joins


def _stray_words(run: Sequence[Word]) -> int:
    """How many words before an exact label made a misread one of it, as specks do."""
    for first in range(1, len(run)):
        text = _text(run[first:])
        if len(text) >= 3 and text in label_table():
            return first
    return 0


def _words_before_better(run: Sequence[Word], word: str, score: float) -> int:
    """How many words stand before a label better than the one that all are a syllable too long for:
    개원 승인번오 is 승인번호 sooner than 원승인번호.
    """
    if len(_text(run)) <= len(word):
        return 0
    for first in range(1, len(run)):
        rest = match_word(_text(run[first:]))
        if rest is not None and len(rest[0]) >= 3 and rest[1] > score:
            return first
    return 0


def _runs(words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    for count in range(1, len(words) + 1):
        if count > 1 and not words[count - 1].joins:
            return
        run = words[:count]
        if len(_text(run)) > MAX_LENGTH:
            return
        yield run


def _text(words: Sequence[Word]) -> str:
    return "".join(word.text for word in words).upper()


def _ending_label(word: Word) -> Label | None:
    """A label of three or more syllables at the end of a longer word: 당일합계금액."""
    for start in range(1, len(word.text) - 2):
        ending = word.text[start:].upper()
        if ending in label_table():
            return _label(ending, word.start + start, word.end, PART)
    return None


def _beginning_label(word: Word) -> Label | None:
    """A label whose space was lost, before a value of letters: 가맹점명들꽃슈퍼."""
    for end in range(len(word.text) - LEAST_VALUE, LEAST_BEGINNING - 1, -1):
        beginning = word.text[:end]
        if label_table().get(beginning, frozenset()) & BEFORE_LETTERS:
            return _label(beginning, word.start, word.start + end, PART)
    if not word.joins and word.text.startswith(SHOP) and len(word.text) >= LEAST_SHOP:
        return _label(SHOP, word.start, word.start + len(SHOP), PART)
    return None


def _label(word: str, start: int, end: int, score: float) -> Label:
    return Label(word, label_table()[word], start, end, score)


def _words_of_sums(before: Label) -> Kinds:
    """What a label takes in behind it: a total of many payments every sum."""
    return SUM_WORDS | {LabelKind.CHARGED} if before.word in _OF_MANY else SUM_WORDS


_OF_MANY = frozenset({"누적", "누계", "이번달", "지난달"})


def _adds_nothing(before: Label, label: Label) -> bool:
    """Whether a label only says that what the label before it names is a sum."""
    if before.is_any(NOT_THE_TOTAL):
        return label.is_any(_words_of_sums(before))
    return before.is_any(TOTALS) and label.is_any(BARE_WORDS)


def _stands_apart(label: Label, gap: str) -> bool:
    """Whether a whole label is in a cell of its own: 세액  합계금액, where no tax was charged."""
    return BETWEEN in gap and len(label.word) >= WHOLE


def _absorb_sum_words(labels: list[Label], text: str) -> tuple[Label, ...]:
    """면세 합계, 할인 금액: the first word says what it is, the second only that it is a sum."""
    kept: list[Label] = []
    for label in labels:
        before = kept[-1] if kept else None
        if (
            before is not None
            and _adds_nothing(before, label)
            and not (len(kept) > 1 and _stands_apart(label, text[before.end : label.start]))
            and not text[before.end : label.start].strip()
        ):
            kept[-1] = Label(before.word, before.kinds, before.start, label.end, before.score)
        else:
            kept.append(label)
    return tuple(kept)
