"""What kind of document it is, and what it says of itself: cancelled, reprinted, unpaid …"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from statistics import median
from typing import Any

from receipt_screen.fields.business_number import find_business_numbers
from receipt_screen.fields.date import dates_on
from receipt_screen.fields.messages import said_to_be_paid
from receipt_screen.fields.money import find_money
from receipt_screen.fields.page import LabelledPage
from receipt_screen.fields.ranker import Kind
from receipt_screen.fields.rows import Row
from receipt_screen.fields.sums import MIN_AMOUNT, lone_sums, money_on, roles
from receipt_screen.fields.time import is_status_bar
from receipt_screen.fields.vocabulary import LabelKind, compact
from receipt_screen.records import DocumentKind, Found, Mark, MarkKind, Rival

TITLE_ROOM = 6
"""A heading holds at most this many letters beside its word."""


OTHER, SCREEN = "(always)", "(screen)"
NO_TOTAL, NO_DATE, NO_NUMBER = "(no total)", "(no date)", "(no number)"
FEW_LABELS, MANY_LABELS = "(few labels)", "(many labels)"
BARE = "(read well, nothing of it)"
BARE_SCREEN = "(screen, nothing of it)"
ITEMS = "(items)"
WARES = "(wares)"
SIGNS = frozenset(
    {
        OTHER,
        SCREEN,
        NO_TOTAL,
        NO_DATE,
        NO_NUMBER,
        FEW_LABELS,
        MANY_LABELS,
        BARE,
        BARE_SCREEN,
        ITEMS,
        WARES,
    }
)
"""Signs beside the words: one that every page has, one of screenshots, one of rows of wares, and
what every receipt has and a page lacks."""
LACKS = {
    NO_TOTAL: "no sum on the label of a total",
    NO_DATE: "no date",
    NO_NUMBER: "no business or approval number",
    FEW_LABELS: "hardly a receipt's label",
}
FEW, MANY = 2, 7
"""So many different labels or fewer are few, so many or more are many."""
READ_WELL = 0.9
SURELY_NONE = 0.8
"""A page is called no receipt from this chance on; below, it is the likeliest kind of receipt."""
SUMS = (LabelKind.CHARGED, LabelKind.DUE)
EVIDENCE = 3
"""At most so many words are named for a kind."""
KindWeights = Mapping[DocumentKind, Mapping[str, float]]
"""How much each word speaks for each kind, in nats."""


@dataclass(frozen=True)
class MarkWords:
    """The words of one mark in `documents.toml`."""

    title: tuple[str, ...]
    anywhere: tuple[str, ...]


@dataclass(frozen=True)
class Tables:
    """`documents.toml`."""

    kinds: KindWeights
    marks: dict[MarkKind, MarkWords]
    sentences: tuple[str, ...]
    notices: tuple[str, ...]
    buttons: frozenset[str]


@cache
def tables(by: Kind = "learned") -> Tables:
    """The words that tell kinds and marks; `by`: whose weights the kinds have."""
    raw = _toml("documents.toml")
    return Tables(
        kinds=_learned_kinds() if by == "learned" else _kinds(raw),
        marks={
            MarkKind(kind): MarkWords(
                tuple(compact(word) for word in words["title"]),
                tuple(compact(word) for word in words["anywhere"]),
            )
            for kind, words in raw["marks"].items()
        },
        sentences=tuple(raw["sentences"]["words"]),
        notices=tuple(raw["notices"]["words"]),
        buttons=frozenset(raw["buttons"]["words"]),
    )


def _toml(name: str) -> dict[str, Any]:
    source = files("receipt_screen.fields") / name
    return tomllib.loads(source.read_text(encoding="utf-8"))


def _kinds(raw: Mapping[str, Any]) -> KindWeights:
    kinds: dict[DocumentKind, dict[str, float]] = {
        DocumentKind(kind): {compact(word): weight for word, weight in words.items()}
        for kind, words in raw["kinds"].items()
    }
    for kind, signs in raw["signs"].items():
        kinds.setdefault(DocumentKind(kind), {}).update(signs)
    return kinds


def _learned_kinds() -> KindWeights:
    """What was learned; a word or sign newer than the learning keeps the weight of its table."""
    learned = _toml("learned_kinds.toml")
    known = {word for words in learned.values() for word in words}
    return {
        kind: {word: weight for word, weight in words.items() if word not in known}
        | learned[kind.value]
        for kind, words in _kinds(_toml("documents.toml")).items()
    }


def signs_on(page: LabelledPage, signs: frozenset[str], *, screen: bool) -> frozenset[str]:
    """Which of these words a page prints, and the signs that are no words."""
    text = "\n".join(compact(row.row.text) for row in page.rows)
    seen = {word for word in signs - SIGNS if word in text}
    screen = screen or (bool(page.rows) and is_status_bar(page.rows[0]))
    seen |= {OTHER} | ({SCREEN} if screen else set()) | ({ITEMS} if _has_items(page) else set())
    seen |= {WARES} if _count_wares(page) >= LEAST_WARES else set()
    seen |= _lacking(page)
    return frozenset(seen | ({BARE_SCREEN} if seen >= {SCREEN, BARE, NO_DATE} else set()))


LEAST_WARES = 2
_WARE = re.compile(r"[^\W\d].*?(?<![\d,.:/*-])[x*]?\s?[1-9]\d?\s?[개잔병]?\s+(?=[\d,.]+원?\W*$)")
"""A name, how many, and at the row's end a price."""


def _count_wares(page: LabelledPage) -> int:
    """How many rows above the first total name something, how many of it, and what that makes."""
    count = 0
    for row in page.rows:
        if row.has(*SUMS):
            break
        money = find_money(row.row.text)
        priced = bool(money) and money[-1].value >= LEAST_PRICE and money[-1].value % 10 == 0
        count += priced and not row.labels and _WARE.search(row.row.text) is not None
    return count


def _has_items(page: LabelledPage) -> bool:
    """Whether a row says a price, how many, and what that makes."""
    rows = ([int(re.sub(r"\D", "", n)) for n in _NUMBERS.findall(r.row.text)] for r in page.rows)
    return any(
        price >= LEAST_PRICE and price * count == made
        for numbers in rows
        for price, count, made in zip(numbers, numbers[1:], numbers[2:], strict=False)
    )


_NUMBERS = re.compile(r"(?<![\d*-])\d[\d,.]{0,10}(?![\d*-])")
LEAST_PRICE = 100


def _lacking(page: LabelledPage) -> frozenset[str]:
    """What every receipt has and this page lacks."""
    has = {
        NO_TOTAL: _has_total(page),
        NO_DATE: any(True for _ in dates_on(page)),
        NO_NUMBER: any(
            row.has(LabelKind.APPROVAL) or find_business_numbers(row.row.text) for row in page.rows
        ),
    }
    lacks = {sign for sign, there in has.items() if not there}
    lacks |= _how_many_labels(page)
    # A receipt that was read badly lacks it all too.
    if lacks >= {NO_TOTAL, NO_NUMBER, FEW_LABELS} and _clear(page) >= READ_WELL:
        lacks.add(BARE)
    return frozenset(lacks)


def _clear(page: LabelledPage) -> float:
    """The median confidence of the lines."""
    return median([cell.confidence for row in page.rows for cell in row.row.cells] or [0.0])


def _has_total(page: LabelledPage) -> bool:
    """Whether a sum stands on a total's label, or one alone in its row with a won sign.

    Several that stand so are a column of prices.
    """
    kinds = (LabelKind.CHARGED, LabelKind.DUE, LabelKind.PAYMENT)
    alone = {value for _, value in lone_sums(page)}
    labelled = any(True for _ in money_on(page, *kinds))
    return len(alone) == 1 or labelled or any(True for _ in said_to_be_paid(page))


def _how_many_labels(page: LabelledPage) -> set[str]:
    """Whether few or many labels were read without a doubt."""
    count = len({label.word for row in page.rows for label in row.labels if label.score == 1.0})
    return {FEW_LABELS} if count <= FEW else {MANY_LABELS} if count >= MANY else set()


def find_document(page: LabelledPage, *, screen: bool, by: Kind = "learned") -> Found[DocumentKind]:
    """The kind of document, by the words it prints; `screen`: it is a screenshot."""
    kinds = tables(by).kinds
    words = frozenset(word for weights in kinds.values() for word in weights)
    seen = signs_on(page, words, screen=screen)
    scores = {
        kind: sum(weight for word, weight in weights.items() if word in seen)
        for kind, weights in kinds.items()
    }
    total = sum(math.exp(value) for value in scores.values())
    chances = {kind: math.exp(score) / total for kind, score in scores.items()}
    order = _in_order(chances)
    rivals = tuple(Rival[DocumentKind](value=kind, confidence=chances[kind]) for kind in order[1:4])
    return _with_evidence(
        page, order[0], chances[order[0]], rivals, _speaking(kinds, order[0], seen)
    )


def _in_order(chances: Mapping[DocumentKind, float]) -> list[DocumentKind]:
    """The likeliest kind first; that it is no receipt has to be likely enough."""
    order = sorted(chances, key=lambda kind: -chances[kind])
    if order[0] is DocumentKind.NOT_A_RECEIPT and chances[order[0]] < SURELY_NONE:
        order[:2] = order[1::-1]
    return order


def _speaking(kinds: KindWeights, kind: DocumentKind, seen: frozenset[str]) -> list[str]:
    """What was seen that speaks for a kind, the strongest first."""
    speaks = {sign: weight for sign, weight in kinds[kind].items() if sign in seen and weight > 0}
    return sorted(speaks, key=lambda sign: -speaks[sign])


def _with_evidence(
    page: LabelledPage,
    kind: DocumentKind,
    chance: float,
    rivals: tuple[Rival[DocumentKind], ...],
    speaking: Sequence[str],
) -> Found[DocumentKind]:
    words = [sign for sign in speaking if sign not in SIGNS][:EVIDENCE]
    lacks = [LACKS[sign] for sign in speaking if sign in LACKS]
    rows = [row.row for row in page.rows if words and words[0] in compact(row.row.text)]
    return Found(
        value=kind,
        text=", ".join(words) or None,
        confidence=chance,
        quad=rows[0].quad if rows else None,
        rivals=rivals,
        why=", ".join(lacks) or None,
    )


def find_marks(page: LabelledPage, *, app: bool = False) -> tuple[Mark, ...]:
    """Everything the receipt says of itself that rules may ask about.

    `app`: it is a screen of an app, which sets what was paid with a minus.
    """
    marks = [mark for index in range(len(page.rows)) for mark in _marks_in(page, index)]
    marks += _original_sale(page)
    marks += _negative_total(page, *((LabelKind.DUE,) if app else SUMS))
    marks += _means_of_payment(page)
    return tuple(marks)


def _marks_in(page: LabelledPage, index: int) -> Iterator[Mark]:
    row = page.rows[index].row
    squeezed = compact(row.text)
    for kind, words in tables().marks.items():
        word = _title_word(row.text, words.title)
        anywhere = () if _is_notice_of(kind, row) else words.anywhere
        if word is None or _is_button(row, word):
            word = next((each for each in anywhere if each in squeezed), None)
        if word is not None:
            confidence = min(cell.confidence for cell in row.cells)
            yield Mark(kind=kind, text=word, confidence=confidence, quad=row.quad)


def _is_notice_of(kind: MarkKind, row: Row) -> bool:
    """Whether a row only tells where gift certificates are taken, given or not given back."""
    if kind is not MarkKind.GIFT_CERTIFICATE or any(m.marked for m in find_money(row.text)):
        return False
    return any(word in compact(row.text) for word in tables().notices)


def _is_button(row: Row, word: str) -> bool:
    """Whether a word offers what one can do, beside another button: 영수증 보기, 결제 취소."""
    cells = {compact(cell.text) for cell in row.cells}
    rest = compact(row.text).replace(word, "", 1)
    return bool((cells | {rest}) & tables().buttons)


def _title_word(text: str, words: tuple[str, ...]) -> str | None:
    """The word that a row is the heading of; None for sentences and longer rows."""
    squeezed = compact(text)
    if "겸영수증" in squeezed or any(word in squeezed for word in tables().sentences):
        return None
    letters = re.sub(r"[0-9]", "", squeezed)
    for word in words:
        short = len(word) <= 2
        room = 0 if short else TITLE_ROOM
        if word in letters and len(letters) <= len(word) + room:
            return word
    return None


def _original_sale(page: LabelledPage) -> Iterator[Mark]:
    """원승인번호 with a number behind it: the slip takes an earlier sale back."""
    for row, label in page.labels(LabelKind.ORIGINAL_APPROVAL):
        place = page.beside(row, label)
        if re.search(r"\d{6,}", page.text(place)):
            evidence = page.evidence(place)
            yield Mark(
                kind=MarkKind.CANCELLATION,
                text=label.word,
                confidence=label.score * evidence.confidence,
                quad=evidence.quad,
            )


def _negative_total(page: LabelledPage, *kinds: LabelKind) -> Iterator[Mark]:
    for found in money_on(page, *kinds):
        given_back = found.money.negative or found.label.word.startswith(tuple(roles().given_back))
        if given_back and found.money.value >= MIN_AMOUNT:
            evidence = page.evidence(found.place)
            yield Mark(
                kind=MarkKind.CANCELLATION,
                text=found.label.word,
                confidence=evidence.confidence * 0.7,
                quad=evidence.quad,
            )


_CARD_WORDS = ("신용카드", "체크카드", "카드번호", "일시불", "카드결제", "IC신용")
_POINT_WORDS = ("포인트결제", "포인트사용", "페이코포인트")


def _means_of_payment(page: LabelledPage) -> Iterator[Mark]:
    text = [compact(row.row.text) for row in page.rows]
    for kind, words in ((MarkKind.CARD, _CARD_WORDS), (MarkKind.POINTS, _POINT_WORDS)):
        for index, row_text in enumerate(text):
            word = next((word for word in words if word in row_text), None)
            if word is not None:
                row = page.rows[index].row
                yield Mark(kind=kind, text=word, confidence=0.9, quad=row.quad)
                break
    for found in money_on(page, LabelKind.PAYMENT):
        if found.label.word.startswith("현금") and found.label.word != "현금IC":
            evidence = page.evidence(found.place)
            yield Mark(
                kind=MarkKind.CASH,
                text=found.label.word,
                confidence=evidence.confidence,
                quad=evidence.quad,
            )
