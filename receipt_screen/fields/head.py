"""The head of a receipt, where a shop's name stands without a label."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from receipt_screen.fields.business_number import find_business_numbers
from receipt_screen.fields.labels import PART, Label
from receipt_screen.fields.money import find_money
from receipt_screen.fields.names import (
    before_title,
    clean_name,
    could_be_name,
    ends_as_shop,
    is_persons_name,
    is_sentence,
    is_title,
    names,
    squeeze,
    until_next_thing,
    without_title,
)
from receipt_screen.fields.page import LabelledPage
from receipt_screen.fields.ranker import Candidate
from receipt_screen.fields.rows import BETWEEN
from receipt_screen.fields.shops import ends_name, in_two_rows, name_candidate, name_features
from receipt_screen.fields.sums import lone_sums
from receipt_screen.fields.vocabulary import LabelKind, compact, likeness

HEAD = 8
"""The shop's name stands in the first rows, if it has no label."""
TALL = 1.4
"""A row this much higher than the median is a sign."""
LONGEST_CHAIN = 12
"""Longer texts are no chain's name alone."""
LONGEST_BRANCH = 6
"""Below a chain's name in Latin letters a longer text says it again in Hangul."""
LIKE_A_SHOP = 0.6
"""How alike a misread label of a shop has to be to one."""
_PAID_THERE = re.compile(r"(?<=\S)\s+(?:사용|승인|결제|출금|이체)\s*$")
"""What a message says behind the name of the shop."""
_OF_ITS_OWN = re.compile(r"(?<=\S)\s?전용\s?\S{0,4}(?:금|권|카드|머니)\s*$")
"""What is sold that only this shop takes: 들꽃커피 전용 선불금."""
_VALUE = re.compile(r"\W*([가-힣]{1,5}\s?[가-힣]{1,4})\s*[:;](?=\s*\S)")
"""객실명 : 물안개: a word that tells what the value behind its colon is."""
_SHOP = frozenset({LabelKind.MERCHANT})
_OTHERS = frozenset(LabelKind) - _SHOP
_OWNERS = frozenset({LabelKind.OWNER, LabelKind.ADDRESS})
_BRANCH = re.compile(r"[0-9A-Za-z가-힣]{1,9}점")
_NOT_OF_A_CHAIN = ("not_the_shop", "title", "sentence", "label_word", "address", "company")
"""Features that neither of the two names may have."""


def head_candidates(page: LabelledPage) -> Iterator[Candidate[str]]:
    """What rows of the head may name the shop, also two rows that are chain and branch."""
    number_row = _business_row(page)
    sums = _rows_of_sums(page)
    above: tuple[int, Candidate[str]] | None = None
    rank = 0
    for index in range(min(len(page.rows), max(HEAD, (number_row or 0) + 2))):
        text = _head_name(page, index)
        if not _is_proposed(page, index, text):
            continue
        features = {
            "first": float(rank == 0),
            "second": float(rank == 1),
            **_standing(page, index, number_row, sums),
            "unlabelled": 1.0,
            **name_features(page, index, text),
        }
        if _is_title_before_label(page, index, text):
            features["title"] = 1.0
        rank += not (features["title"] or features["not_the_shop"])
        candidate = name_candidate(page, page.whole(index), text, None, features)
        yield candidate
        if above is not None and above[0] == index - 1 and _is_branch(candidate, above[1]):
            yield _with_chain(above[1], candidate)
        above = index, candidate


def _standing(
    page: LabelledPage, index: int, number_row: int | None, sums: frozenset[int]
) -> dict[str, float]:
    """What a row of the head is like, and what stands around it."""
    row = page.rows[index].row
    return {
        "above_number": float(number_row is not None and index == number_row - 1),
        "beside_number": float(number_row is not None and index == number_row),
        "tall": float(row.height > TALL * page.line_height),
        "with_sum": float(any(money.signed for money in find_money(row.text))),
        "beside_sum": float(bool({index - 1, index + 1} & sums)),
        "low": index / HEAD if number_row is None else max(0.0, index - number_row),
    }


def _is_proposed(page: LabelledPage, index: int, text: str) -> bool:
    """Whether a row's text may be a name, and isn't the value or the head of something else."""
    if not could_be_name(text) or is_sentence(text) or _is_labelled(page, index):
        return False
    if _begins_with_label(page, index):
        return False
    return len(page.rows[index].labels) < 2 or not page.holds_only_labels(index)


def _business_row(page: LabelledPage) -> int | None:
    for index, row in enumerate(page.rows):
        if find_business_numbers(row.row.text) or row.has(LabelKind.BUSINESS_NUMBER):
            return index
    return None


def _rows_of_sums(page: LabelledPage) -> frozenset[int]:
    """The rows that hold one sum with a won sign and nothing else, as an app's headline does.

    A label above the sum belongs to it.
    """
    alone = {index for index, _ in lone_sums(page)}
    labels = {row for row, _ in page.labels(LabelKind.CHARGED) if row + 1 in alone}
    return frozenset(alone | labels)


# ── the name in a row ────────────────────────────────────────────────────────────────────────


def _head_name(page: LabelledPage, index: int) -> str:
    """What a row of the head holds beside numbers and labelled values."""
    row = page.rows[index]
    labels = [
        label for label in row.labels if label.score == 1.0 and not ends_name(page, index, label)
    ]
    start = 0
    if labels and _is_heading(row.row.text, labels[0]):
        start = labels.pop(0).end
    end = min((label.start for label in labels), default=len(row.row.text))
    text = row.row.text[start:end]
    if value := _VALUE.match(text):
        text = text[value.end() :] if _is_like_a_shop(value[1]) else ""
    if is_title(next((label.word for label in labels), "")):
        text = before_title(text)
    text = _OF_ITS_OWN.sub("", _PAID_THERE.sub("", until_next_thing(text)))
    return without_title(clean_name(_without_owner(_without_logo(text))))


def _without_logo(text: str) -> str:
    """A name that begins with a chain's, without what stands in the cell before it."""
    logo, gap, name = text.strip().partition(BETWEEN)
    is_logo = gap and name.strip().startswith(names().chains) and not re.search("[가-힣]", logo)
    return name if is_logo else text


def _without_owner(text: str) -> str:
    """A shop's name without that of a person in the cell beside it or behind a stroke, as slips set
    the owner's.
    """
    name, gap, person = text.strip().partition(BETWEEN if BETWEEN in text.strip() else "/")
    is_persons = gap and is_persons_name(person.strip()) and ends_as_shop(squeeze(name))
    return name if is_persons else text


def _is_heading(text: str, label: Label) -> bool:
    """Whether a label is the receipt's title, and something stands in the cell beside it."""
    begins = not any(sign.isalnum() for sign in text[: label.start])
    behind = re.match(r"\W*", text[label.end :])
    return LabelKind.OTHER in label.kinds and begins and behind is not None and BETWEEN in behind[0]


def _is_labelled(page: LabelledPage, index: int) -> bool:
    """Whether the row is a name behind a label that was misread; then that is the name."""
    row = page.rows[index]
    return any(
        LabelKind.MERCHANT in label.kinds and re.match(r"\W{0,2}[:)\]]", row.row.text[label.end :])
        for label in row.labels
    )


def _begins_with_label(page: LabelledPage, index: int) -> bool:
    """Whether the owner's name or an address is one word with its label: 대표자홍길동."""
    return any(
        label.start == 0 and label.score == PART and label.is_any(_OWNERS)
        for label in page.rows[index].labels
    )


def _is_like_a_shop(word: str) -> bool:
    """Whether a word is nearest to the label of a shop: 배장명, of which 매장명 was misread."""
    return likeness(word, _SHOP) >= max(LIKE_A_SHOP, likeness(word, _OTHERS))


def _is_title_before_label(page: LabelledPage, index: int, text: str) -> bool:
    """Whether a head's text goes on as a title: what 수납 영수증 is called, no shop's name."""
    row = page.rows[index]
    goes_on = next((label.word for label in row.labels if label.score == 1.0), "")
    is_what_is_paid = squeeze(text).endswith(names().paid_for)
    return is_title(goes_on) and not ends_as_shop(text) and is_what_is_paid


# ── chain and branch ─────────────────────────────────────────────────────────────────────────


def _is_branch(candidate: Candidate[str], above: Candidate[str]) -> bool:
    """Whether a name says only which shop of the chain it is whose name stands in the row above."""
    branch, chain = candidate.value, above.value
    return (
        _BRANCH.fullmatch(branch) is not None
        and not (len(branch) > LONGEST_BRANCH and re.search("[가-힣]", chain) is None)
        and not branch.endswith(_shops_in_jeom())
        and not chain.endswith("점")
        and len(chain) <= LONGEST_CHAIN
        and not any(sign in chain for sign in ":,|")
        and not any(above.features[name] or candidate.features[name] for name in _NOT_OF_A_CHAIN)
        and compact(chain) not in compact(branch)
    )


@cache
def _shops_in_jeom() -> tuple[str, ...]:
    """Trades that end like a branch: 서점, 반점."""
    branches = ("점", "본점", "지점", "분점", "직영점")
    return tuple(word for word in names().endings if word.endswith("점") and word not in branches)


def _with_chain(chain: Candidate[str], branch: Candidate[str]) -> Candidate[str]:
    """A chain's name and its shop's in one; what speaks for either speaks for both."""
    both = ("first", "tall", "repeats", "beside_sum")
    features = {
        **branch.features,
        **{feature: max(chain.features[feature], branch.features[feature]) for feature in both},
        "person": 0.0,
        "short": 0.0,
    }
    return in_two_rows(chain, branch, features)
