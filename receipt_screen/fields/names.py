"""What is and isn't a shop's name, by its words: those of `names.toml`, and what stands around."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property

from receipt_screen.fields.business_number import find_business_numbers
from receipt_screen.fields.moments import SURE_CLOCK, WEEKDAYS, find_dates
from receipt_screen.fields.tables import read_table
from receipt_screen.fields.vocabulary import match_word

LONGEST_TRADE = 14
"""A name of a trade may hold a notice's word, as 주차 in 공영주차장; a longer row is a notice."""
LONGEST_NAME, LONGEST_PHRASE = 40, 28
"""A longer text is no name, and one with more signs beside its spaces is a sentence."""
DIGITS_OF_A_YEAR = 4
"""So many may begin a name of fewer letters that ends like a shop's: 1943 전주점."""
LEAST_NAMED = 4
"""Letters of a name that is left without 영수증."""
MOST_WORDS = 3
"""A name in the middle of a row has at most so many words."""
LEAST_ENDED = 4
"""Letters of such a name."""
_SIGNED_BY = re.compile(r"(?:\s+(?:대표자?|성명)?\s?[가-힣]{2,4})?\s*\(?(?:인|印|서명|직인)\)\s*$")
"""Who put a seal or a name to it, behind the shop's name: 두메꽃방 홍길동 (인)."""
_NUMBER = re.compile(r"\(?0\d{1,2}(?:-|\)-?)\d{3,4}|(?<=.)\d{4,}|\d{5,}")
"""A telephone's, also (063)-555-1234, or any other long one."""
_DAY = re.compile(r"(?<=\S)\s+\d{1,2}/\d{1,2}(?=\s*(?:\d{1,2}:\d{2}|$))")
"""A day without a year behind a name, as messages set it."""
_FLOOR = re.compile(r"\s*[(\[](?:[^)\]]*\d\s?층[^)\]]*)?$")
"""Where in a building the shop is, cut off before its bracket closes, or a bracket alone."""
_OWNER = re.compile(
    r"(?<=[가-힣)]{2})\s*(?:성명|대표자?|대표이사)[\s:.]*[가-힣]{2,4}\W*(?:(?:인|서명)\W*)?$"
)
"""The shop's owner, whose label is one word with the name where spaces were lost."""
_BRANCH_IN_BRACKETS = re.compile(r"^[^\[\]]+\[[^\[\]]+\]$")
"""들꽃분식 [전주점]"""
_WEEKDAY = re.compile(rf"(?:\d{{1,2}}월)?\d{{1,2}}일(?:[{WEEKDAYS}](?:요일)?)?|[{WEEKDAYS}]요일")
_PERSON = re.compile(
    r"(?<![가-힣])(?:[가-힣]\*[가-힣]?(?:\s?님|$)|[가-힣]{2}\*\s?님|[가-힣]{3,4}\s?님\W*$)"
)
"""To whom a message is sent, some letters of the name masked or none."""
_IN_BRACKETS = re.compile(r"(?:\([^()]*\)\s*)+")
"""(상가동) (매점옆): where in a building the shop is, or whose copy of a slip this is."""
_NO_NAME = re.compile(
    r"→|외\s?\d+\s?(?:개|건|종|잔|명|점)|귀하\W*$|귀중\W*$|\d\s?(?:매|통|장|박|명)\W*$|\d,\d{3}"
    r"|[가-힣]\s?\d{1,2}\s?[개잔병]?,\s?[가-힣]|[■□☑☐]\s?\w+\s*[■□☑☐]\s?\w|※|\((?:\d\*|\*\d)[\d*]*\)"
)
"""A way from here to there, how many more there are, to whom something is addressed, how many
there are, a price, several wares, boxes to tick, the sign of a note, a masked number in brackets.
"""


@dataclass(frozen=True)
class Names:
    """The tables of `names.toml`."""

    not_the_shop: tuple[str, ...]
    not_the_shop_endings: tuple[str, ...]
    headings: tuple[str, ...]
    titles: tuple[str, ...]
    sentences: tuple[str, ...]
    company_signs: tuple[str, ...]
    shop_endings: tuple[str, ...]
    chains: tuple[str, ...]
    trades: tuple[str, ...]
    regions: tuple[str, ...]
    short_labels: tuple[str, ...]
    paid_for: tuple[str, ...]
    surnames: tuple[str, ...]
    like_labels: tuple[str, ...]

    @cached_property
    def endings(self) -> tuple[str, ...]:
        """Everything that names end in: what shops and what trades are called."""
        return (*self.shop_endings, *self.trades)


@cache
def names() -> Names:
    """What is and isn't a shop's name."""
    return Names(**{name: tuple(words) for name, words in read_table("names.toml").items()})


# ── a name within a text ─────────────────────────────────────────────────────────────────────


def clean_name(text: str) -> str:
    """A shop's name without the signs and spaces around it."""
    text = re.sub(
        r"^[\s\[\]<>*:.,;'\"~_=+★☆■□●○▶◆♡♥❤♣♠♪☎☏→#|/)-]+"
        r"|[\s<>*:.,;'\"~_=+★☆■□●○◀◆♡♥❤♣♠♪☎☏→#|/-]+$",
        "",
        _SIGNED_BY.sub("", text),
    )
    text = re.sub(r"\s{2,}", " ", text)
    text = re.sub(r"^\(?[주쥐)]?\)(?=[가-힣A-Za-z])|^㈜\)?\s*", "(주)", text)
    text = re.sub(r"^\[(.+)\]$|^<(.+)>$", lambda m: m[1] or m[2], text)
    text = (text if _BRANCH_IN_BRACKETS.search(text) else text.strip("[]")).strip()
    return text.removesuffix(")") if text.count(")") > text.count("(") else text


def name_in(text: str) -> str:
    """The name that a text begins with, as it is said."""
    return clean_name(until_next_thing(text))


def until_next_thing(text: str) -> str:
    """The part before a business number, a phone, a date, a time or a long number."""
    ends = [number.start for number in find_business_numbers(text)]
    ends += [moment.start for moment in find_dates(text)]
    ends += [match.start() for match in _NUMBER.finditer(text)]
    ends += [match.start() for match in SURE_CLOCK.finditer(text)]
    ends += [match.start() for match in _DAY.finditer(text)]
    ends += [match.start() for match in _OWNER.finditer(text)]
    text = text[: min(ends, default=len(text))]
    return _FLOOR.sub("", text)


def down_to_ending(text: str) -> str | None:
    """The first words of a text that end like a shop's name."""
    words = clean_name(text).split()
    for count in range(1, min(len(words), MOST_WORDS) + 1):
        name = " ".join(words[:count])
        squeezed = "".join(words[:count])
        is_word = match_word(squeezed.upper()) is not None
        if squeezed.endswith(names().shop_endings) and len(squeezed) >= LEAST_ENDED and not is_word:
            return name if could_be_name(name) and not is_sentence(name) else None
    return None


def without_title(text: str) -> str:
    """A name without 영수증 at its end, set or read without a space."""
    name = clean_name(text.removesuffix("영수증"))
    known = match_word(name.upper()) is not None or is_title(name)
    return text if known or len(name) < LEAST_NAMED else name


def before_title(text: str) -> str:
    """The name before a title's words, if one ends there: 물안개펜션 예약 결제 (영수증)."""
    ends = [match.end() for match in re.finditer(r"\S+", text) if ends_as_shop(match.group())]
    return text[: ends[-1]] if ends else text


# ── what a text is ───────────────────────────────────────────────────────────────────────────


def letters_of(text: str) -> str:
    """A name's Hangul, Latin letters and digits."""
    return re.sub(r"[^0-9A-Za-z가-힣]", "", text)


def squeeze(text: str) -> str:
    """A text without its spaces."""
    return re.sub(r"\s", "", text)


def could_be_name(text: str) -> bool:
    """Whether a text isn't plainly something else than a name."""
    if _NO_NAME.search(text) or _PERSON.search(text) or _IN_BRACKETS.fullmatch(text):
        return False
    if re.sub(r"\W", "", text) in names().endings:
        return False
    letters = sum(character.isalpha() for character in text)
    digits = sum(character.isdigit() for character in text)
    return (
        letters >= 2
        and len(text) <= LONGEST_NAME
        and digits <= (max(letters, DIGITS_OF_A_YEAR) if ends_as_shop(text) else letters)
    )


def is_sentence(text: str) -> bool:
    """Whether a text is a piece of a notice, a greeting or a slogan."""
    squeezed = squeeze(text)
    if squeezed.endswith(names().trades) and len(squeezed) <= LONGEST_TRADE:
        return False
    return any(ending in squeezed for ending in names().sentences) or len(squeezed) > LONGEST_PHRASE


def ends_as_shop(text: str) -> bool:
    """Whether a text ends like the name of a shop."""
    return text.endswith(names().endings)


def is_persons_name(text: str) -> bool:
    """Whether a text looks like the name of a person: a surname and two syllables."""
    is_like_one = re.fullmatch(r"[가-힣]{3}", text) is not None and text[0] in names().surnames
    return is_like_one and not ends_as_shop(text)


def is_not_the_shop(squeezed: str) -> bool:
    """Whether a name is, or holds, that of who handles the payment; a card's digits may follow."""
    letters = re.sub(r"[\d*|]+$", "", squeezed)
    known = any(word in squeezed for word in names().not_the_shop)
    return known or letters.endswith(names().not_the_shop_endings)


def is_title(squeezed: str) -> bool:
    """Whether a text is, or holds, a title or a heading."""
    letters = letters_of(squeezed)
    heading = letters in names().headings or _WEEKDAY.fullmatch(letters) is not None
    titled = any(title in squeezed for title in names().titles)
    return heading or titled or _is_nearly_title(squeezed)


def _is_nearly_title(squeezed: str) -> bool:
    return any(
        len(squeezed) == len(title)
        and sum(a == b for a, b in zip(squeezed, title, strict=True)) >= len(title) - 1
        for title in names().titles
        if len(title) >= 3
    )
