"""To whom it was paid: the shop's name, and its address."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

from rapidfuzz.distance import Levenshtein

from receipt_screen.fields.business_number import find_business_numbers
from receipt_screen.fields.labels import Label
from receipt_screen.fields.messages import said_to_be_paid
from receipt_screen.fields.moments import DAY_OF_A_YEAR, SURE_CLOCK, WEEKDAYS, find_dates
from receipt_screen.fields.money import find_money
from receipt_screen.fields.names import names
from receipt_screen.fields.page import LabelledPage, Place
from receipt_screen.fields.parties import is_buyers
from receipt_screen.fields.ranker import Candidate
from receipt_screen.fields.rows import BETWEEN
from receipt_screen.fields.spelling import well_spelled
from receipt_screen.fields.sums import LabelledMoney, lone_sums
from receipt_screen.fields.vocabulary import LabelKind, compact, jamo, likeness, match_word
from receipt_screen.geometry import Quad

ALIKE, LEAST_LETTERS, SURER = 0.6, 4, 0.05
"""Names of at least so many letters are one name when so much of their jamo is the same, and the
one that was read surer by so much tells how it is spelled."""
LONGEST_TRADE = 14
"""A name of a trade may hold a notice's word, as 주차 in 공영주차장; a longer row is a notice."""
SHORT_LABELS = frozenset({"매장", "점포", "업체", "지점", "사업장", "받는분", "수취인", "예금주"})
"""Words that stand before a shop's name and before much else."""
HEAD = 8
"""The shop's name stands in the first rows, if it has no label."""


_SIGNED_BY = re.compile(r"(?:\s+(?:대표자?|성명)?\s?[가-힣]{2,4})?\s*\(?(?:인|印|서명|직인)\)\s*$")
"""Who put a seal or a name to it, behind the shop's name: 두메꽃방 홍길동 (인)."""


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
    return re.sub(r"^\[(.+)\]$|^<(.+)>$", lambda m: m[1] or m[2], text).strip("[]").strip()


def merchant_candidates(page: LabelledPage) -> list[Candidate[str]]:
    """Every text that may be the shop's name."""
    candidates = [
        *_labelled(page),
        *_in_head(page),
        *_in_message(page),
        *_behind_number(page),
        *_in_greeting(page),
    ]
    return [_best_spelled(candidate, candidates) for candidate in candidates]


def _behind_number(page: LabelledPage) -> Iterator[Candidate[str]]:
    """A name that follows the business number in its row, down to the word that ends it."""
    for index, row in enumerate(page.rows):
        for number in find_business_numbers(row.row.text)[:1]:
            place = Place(index, number.end, len(row.row.text))
            name = _down_to_ending(page.text(place))
            if name is not None:
                features = {
                    "beside_number": 1.0,
                    "unlabelled": 1.0,
                    **_name_features(page, index, name),
                }
                yield _candidate(page, place, name, None, features)


_GREETINGS = (
    re.compile(r"(?P<name>\S.*?)[을를]\s?(?:찾아|이용해|방문해|애용해)\s?주"),
    re.compile(r"(?:어서\s?오세요|안녕하세요|반갑습니다)\W*(?P<name>\S.*?)입니다"),
)


def _in_greeting(page: LabelledPage) -> Iterator[Candidate[str]]:
    """A name that a sentence thanks for a visit to or bids welcome to."""
    for index, row in enumerate(page.rows):
        for greeting in _GREETINGS:
            match = greeting.search(row.row.text)
            name = _down_to_ending(match["name"]) if match else None
            if match and name is not None:
                place = Place(index, match.start("name"), match.end("name"))
                features = {"unlabelled": 1.0, **_name_features(page, index, name)}
                yield _candidate(page, place, name, None, features)


def _down_to_ending(text: str) -> str | None:
    """The first words of a text that end like a shop's name."""
    words = clean_name(text).split()
    for count in range(1, min(len(words), MOST_WORDS) + 1):
        name = " ".join(words[:count])
        squeezed = "".join(words[:count])
        is_word = match_word(squeezed.upper()) is not None
        if squeezed.endswith(names().shop_endings) and len(squeezed) >= 4 and not is_word:
            return name if _could_be_name(name) and not _is_sentence(name) else None
    return None


MOST_WORDS = 3


def _best_spelled(candidate: Candidate[str], candidates: list[Candidate[str]]) -> Candidate[str]:
    """A name as it stands where it was read surest: signs are set in letters that nobody reads."""
    best = max(
        (other for other in candidates if _is_same_name(other.value, candidate.value)),
        key=lambda other: other.evidence.confidence,
    )
    if best.evidence.confidence < candidate.evidence.confidence + SURER:
        return candidate
    return replace(candidate, value=best.value, evidence=best.evidence)


def _is_same_name(one: str, other: str) -> bool:
    """Whether two names differ no more than by what is misread in a sign."""
    letters = [re.sub(r"[^0-9A-Za-z가-힣]", "", name) for name in (one, other)]
    if one == other:
        return True
    if min(map(len, letters)) < LEAST_LETTERS or abs(len(letters[0]) - len(letters[1])) > 1:
        return False
    alike = Levenshtein.normalized_similarity(*map(jamo, letters))
    return alike >= ALIKE


def _labelled(page: LabelledPage) -> Iterator[Candidate[str]]:
    for row, label in page.labels(LabelKind.MERCHANT):
        if _ends_name(page, row, label):
            continue
        place = _beside(page, row, label)
        below = None
        if not clean_name(page.text(place)):
            below = page.below(row, label)
            if below is None:
                continue
            place = below
        name = clean_name(_until_next_thing(page.text(place)))
        if not _could_be_name(name):
            continue
        features = {
            "labelled": 1.0,
            "misread": 1.0 - label.score,
            "below": float(below is not None),
            "short_label": float(label.word in SHORT_LABELS),
            "seller": float(label.word.startswith("판매자")),
            "buyer": float(is_buyers(page, _trim(page, place, name))),
            **_name_features(page, row, name),
        }
        yield _candidate(page, place, name, label.word, features)


def _beside(page: LabelledPage, row: int, label: Label) -> Place:
    """What stands behind a label, with the word that ends a name though it is a label elsewhere."""
    following = [other for other in page.rows[row].labels if other.start >= label.end]
    if following and _ends_name(page, row, following[0]):
        return Place(row, label.end, following[0].end)
    return page.beside(row, label)


def _ends_name(page: LabelledPage, row: int, label: Label) -> bool:
    """Whether a label is the last word of a name: 들꽃슈퍼 본점."""
    text = page.rows[row].row.text
    behind = any(sign.isalnum() for sign in text[label.end :].split(BETWEEN)[0])
    before = re.search(r"[^\W\d_]\s?$", text[: label.start]) is not None
    return before and not behind and label.word in names().shop_endings


def _in_head(page: LabelledPage) -> Iterator[Candidate[str]]:
    number_row = _business_row(page)
    last = max(HEAD, (number_row or 0) + 2)
    lone_sums = _rows_of_sums(page)
    above: tuple[int, Candidate[str]] | None = None
    rank = 0
    for index, row in enumerate(page.rows[:last]):
        text = _head_name(page, index)
        if not _could_be_name(text) or _is_sentence(text) or _is_labelled(page, index):
            continue
        if len(row.labels) > 1 and page.holds_only_labels(index):
            continue
        features = {
            "first": float(rank == 0),
            "second": float(rank == 1),
            "above_number": float(number_row is not None and index == number_row - 1),
            "beside_number": float(number_row is not None and index == number_row),
            "tall": float(row.row.height > 1.4 * page.line_height),
            "with_sum": float(any(money.signed for money in find_money(row.row.text))),
            "beside_sum": float(bool({index - 1, index + 1} & lone_sums)),
            "low": index / HEAD if number_row is None else max(0.0, index - number_row),
            "unlabelled": 1.0,
            **_name_features(page, index, text),
        }
        if _is_title_before_label(page, index, text):
            features["title"] = 1.0
        rank += not (features["title"] or features["not_the_shop"])
        place = Place(index, 0, len(row.row.text))
        candidate = _candidate(page, place, text, None, features)
        yield candidate
        if above is not None and above[0] == index - 1 and _is_branch(candidate, above[1]):
            yield _with_chain(above[1], candidate)
        above = index, candidate


_BRANCH = re.compile(r"[0-9A-Za-z가-힣]{1,9}점")
_NOT_OF_A_CHAIN = ("not_the_shop", "title", "sentence", "label_word", "address", "company")
LONGEST_CHAIN = 12


def _is_branch(candidate: Candidate[str], above: Candidate[str]) -> bool:
    """Whether a name says only which shop of the chain it is whose name stands in the row above."""
    branch, chain = candidate.value, above.value
    return (
        _BRANCH.fullmatch(branch) is not None
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
    endings = (*names().shop_endings, *names().trades)
    return tuple(word for word in endings if word.endswith("점") and word not in branches)


def _with_chain(chain: Candidate[str], branch: Candidate[str]) -> Candidate[str]:
    """A chain's name and its shop's in one; what speaks for either speaks for both."""
    one, other = chain.evidence, branch.evidence
    name = f"{chain.value} {branch.value}"
    evidence = replace(
        other,
        text=f"{one.text} {other.text}",
        quad=Quad.hull((one.quad, other.quad)),
        confidence=min(one.confidence, other.confidence),
        weakest=min(one.weakest, other.weakest),
        readings=tuple(map(" ".join, zip(one.readings, other.readings, strict=False))),
    )
    both = ("first", "tall", "repeats", "beside_sum")
    features = {
        **branch.features,
        **{feature: max(chain.features[feature], branch.features[feature]) for feature in both},
        "person": 0.0,
        "short": 0.0,
    }
    return Candidate(name, evidence, None, features)


def _candidate(
    page: LabelledPage, place: Place, name: str, label: str | None, features: Mapping[str, float]
) -> Candidate[str]:
    """A name that stands somewhere in a place."""
    own = _trim(page, place, name)
    characters = page.rows[own.row].row.characters(own.start, own.end)
    return Candidate(well_spelled(name, characters), page.evidence(own), label, features)


_WHEN = re.compile(
    rf"^\W*(?:{DAY_OF_A_YEAR}\s*)?(?:\([{WEEKDAYS}]\)\s*)?"
    r"(?:(?:오전|오후)?\s*\d{1,2}:\d{2}(?::\d{2})?)?\s*"
)
"""A day and a time, of which the year is missing, before the rest of a message's row."""
MESSAGE_ROWS = 3
"""A message names the shop in the row of the sum or at most so many rows lower."""


def _in_message(page: LabelledPage) -> Iterator[Candidate[str]]:
    """The first thing behind a sum that a message says was paid, its day and time left out."""
    for found in said_to_be_paid(page):
        if "입금" in found.label.word:
            continue
        if (place := _said_before(page, found)) is not None:
            yield _said_name(page, place)
            continue
        for index in range(found.place.row, min(len(page.rows), found.place.row + MESSAGE_ROWS)):
            place = _message_rest(page, index, found)
            text = clean_name(_until_next_thing(page.text(place)))
            if _could_be_name(text) and not _is_sentence(text):
                yield _said_name(page, place)
                break


_TO_WHOM = re.compile(r"(?P<name>[^\[\]|,*]+?)(?:에서|\s?님?(?:에게|께))\W*$")


def _said_before(page: LabelledPage, found: LabelledMoney) -> Place | None:
    """Where a sentence names the shop before the sum: 들꽃분식에서 9,000원 결제."""
    row, end = found.place.row, found.place.start
    if row > 0 and not page.rows[row].row.text[:end].strip("- "):
        row, end = row - 1, len(page.rows[row - 1].row.text)
    match = _TO_WHOM.search(page.rows[row].row.text[:end])
    if match is None:
        return None
    clocks = [clock.end() for clock in SURE_CLOCK.finditer(match["name"])]
    place = Place(row, match.start("name") + max(clocks, default=0), match.end("name"))
    return place if _could_be_name(clean_name(page.text(place))) else None


def _said_name(page: LabelledPage, place: Place) -> Candidate[str]:
    text = clean_name(_until_next_thing(page.text(place)))
    features = {"said": 1.0, "unlabelled": 1.0, **_name_features(page, place.row, text)}
    return Candidate(text, page.evidence(_trim(page, place, text)), None, features)


def _message_rest(page: LabelledPage, index: int, found: LabelledMoney) -> Place:
    """A row up to its first label; of the row of the sum what follows what is said of it."""
    row = page.rows[index]
    start = found.label.end if index == found.place.row else 0
    starts = (label.start for label in row.labels if label.start >= start)
    end = min(starts, default=len(row.row.text))
    when = _WHEN.match(row.row.text[start:end])
    return Place(index, start + (when.end() if when else 0), end)


def _rows_of_sums(page: LabelledPage) -> frozenset[int]:
    """The rows that hold one sum with a won sign and nothing else, as an app's headline does.

    A label above the sum belongs to it.
    """
    alone = {index for index, _ in lone_sums(page)}
    labels = {row for row, _ in page.labels(LabelKind.CHARGED) if row + 1 in alone}
    return frozenset(alone | labels)


def _head_name(page: LabelledPage, index: int) -> str:
    """What a row of the head holds beside numbers and labelled values."""
    row = page.rows[index]
    labels = [
        label for label in row.labels if label.score == 1.0 and not _ends_name(page, index, label)
    ]
    start = 0
    if labels and _is_heading(row.row.text, labels[0]):
        start = labels.pop(0).end
    end = min((label.start for label in labels), default=len(row.row.text))
    text = row.row.text[start:end]
    if value := _VALUE.match(text):
        text = text[value.end() :] if _is_like_a_shop(value[1]) else ""
    if _is_title(next((label.word for label in labels), "")):
        text = _before_title(text)
    return _without_title(clean_name(_PAID_THERE.sub("", _until_next_thing(text))))


LEAST_NAMED = 4


def _without_title(text: str) -> str:
    """A name without 영수증 at its end, set or read without a space."""
    name = clean_name(text.removesuffix("영수증"))
    known = match_word(name.upper()) is not None or _is_title(name)
    return text if known or len(name) < LEAST_NAMED else name


def _is_heading(text: str, label: Label) -> bool:
    """Whether a label is the receipt's title, and something stands in the cell beside it."""
    begins = not any(sign.isalnum() for sign in text[: label.start])
    behind = re.match(r"\W*", text[label.end :])
    return LabelKind.OTHER in label.kinds and begins and behind is not None and BETWEEN in behind[0]


def _before_title(text: str) -> str:
    """The name before a title's words, if one ends there: 물안개펜션 예약 결제 (영수증)."""
    ends = [match.end() for match in re.finditer(r"\S+", text) if _ends_as_shop(match.group())]
    return text[: ends[-1]] if ends else text


def _ends_as_shop(text: str) -> bool:
    return text.endswith((*names().shop_endings, *names().trades))


def _is_labelled(page: LabelledPage, index: int) -> bool:
    """Whether the row is a name behind a label that was misread; then that is the name."""
    row = page.rows[index]
    return any(
        LabelKind.MERCHANT in label.kinds and re.match(r"\W{0,2}[:)\]]", row.row.text[label.end :])
        for label in row.labels
    )


_VALUE = re.compile(r"\W*([가-힣]{1,5}\s?[가-힣]{1,4})\s*[:;](?=\s*\S)")
"""객실명 : 물안개: a word that tells what the value behind its colon is."""


def _is_like_a_shop(word: str) -> bool:
    """Whether a word is nearest to the label of a shop: 배장명, of which 매장명 was misread."""
    return likeness(word, _SHOP) >= max(LIKE_A_SHOP, likeness(word, _OTHERS))


_SHOP = frozenset({LabelKind.MERCHANT})
_OTHERS = frozenset(LabelKind) - _SHOP
LIKE_A_SHOP = 0.6


def _is_title_before_label(page: LabelledPage, index: int, text: str) -> bool:
    """Whether a head's text goes on as a title: what 수납 영수증 is called, no shop's name."""
    row = page.rows[index]
    goes_on = next((label.word for label in row.labels if label.score == 1.0), "")
    squeezed = re.sub(r"\s", "", text)
    return _is_title(goes_on) and not _ends_as_shop(text) and squeezed.endswith(_WHAT_IS_PAID)


_WHAT_IS_PAID = (
    "비",
    "료",
    "금",
    "납",
    "권",
    "약",
    "제",
    "입",
    "차",
    "품",
    "세",
    "승인",
    "확인",
    "용",
    "증",
    "비등",
    "충전",
    "등록",
    "접수",
    "대여",
    "예약",
    "현금",
    "택시",
    "수선",
)
"""How titles end before 영수증: 진료비, 수강료, 입장권."""


_FLOOR = re.compile(r"\s*[(\[](?:[^)\]]*\d\s?층[^)\]]*)?$")
"""Where in a building the shop is, cut off before its bracket closes, or a bracket alone."""
_OWNER = re.compile(
    r"(?<=[가-힣)]{2})\s*(?:성명|대표자?|대표이사)[\s:.]*[가-힣]{2,4}\W*(?:(?:인|서명)\W*)?$"
)
"""The shop's owner, whose label is one word with the name where spaces were lost."""


def _until_next_thing(text: str) -> str:
    """The part before a business number, a phone, a date, a time or a long number."""
    ends = [number.start for number in find_business_numbers(text)]
    ends += [moment.start for moment in find_dates(text)]
    ends += [
        match.start() for match in re.finditer(r"\(?0\d{1,2}[-)]\d{3,4}|(?<=.)\d{4,}|\d{5,}", text)
    ]
    ends += [match.start() for match in SURE_CLOCK.finditer(text)]
    ends += [match.start() for match in _OWNER.finditer(text)]
    text = text[: min(ends, default=len(text))]
    return _FLOOR.sub("", text)


def _trim(page: LabelledPage, place: Place, name: str) -> Place:
    """The narrowest place that holds the name's first and last characters."""
    text = page.text(place)
    first, last = text.find(name[:1]), text.rfind(name[-1:])
    if first < 0 or last < first:
        return place
    return Place(place.row, place.start + first, place.start + last + 1)


_WEEKDAY = re.compile(rf"(?:\d{{1,2}}월)?\d{{1,2}}일(?:[{WEEKDAYS}](?:요일)?)?|[{WEEKDAYS}]요일")
_PAID_THERE = re.compile(r"(?<=\S)\s+(?:사용|승인|결제|출금|이체)\s*$")
"""What a message says behind the name of the shop."""
_MASKED_PERSON = re.compile(r"(?<![가-힣])[가-힣]\*[가-힣]?(?:\s?님|$)")
_IN_BRACKETS = re.compile(r"(?:\([^()]*\)\s*)+")
"""(상가동) (매점옆): where in a building the shop is, or whose copy of a slip this is."""


_NO_NAME = re.compile(
    r"→|귀하\W*$|귀중\W*$|\d\s?(?:매|통|장|박|명)\W*$|\d,\d{3}|[■□☑☐]\s?\w+\s*[■□☑☐]\s?\w"
)
"""A way from here to there, to whom something is addressed, how many there are, a price, boxes to
tick.
"""


@cache
def _trades_alone() -> frozenset[str]:
    return frozenset((*names().shop_endings, *names().trades))


def _could_be_name(text: str) -> bool:
    if any(each.search(text) for each in (_NO_NAME, _MASKED_PERSON)) or _IN_BRACKETS.fullmatch(
        text
    ):
        return False
    if re.sub(r"\W", "", text) in _trades_alone():
        return False
    letters = [character for character in text if character.isalpha()]
    if len(letters) < 2 or len(text) > 40:
        return False
    digits = sum(character.isdigit() for character in text)
    return digits <= len(letters)


def _is_sentence(text: str) -> bool:
    squeezed = re.sub(r"\s", "", text)
    if squeezed.endswith(names().trades) and len(squeezed) <= LONGEST_TRADE:
        return False
    return any(ending in squeezed for ending in names().sentences) or len(squeezed) > 28


def _name_features(page: LabelledPage, row: int, text: str) -> dict[str, float]:
    squeezed = re.sub(r"[\s\[\]<>()*.,:]", "", text)
    repeats = sum(
        squeezed in re.sub(r"[\s\[\]<>()*.,:]", "", other.row.text)
        for index, other in enumerate(page.rows)
        if index != row
    )
    return {
        "not_the_shop": float(_is_not_the_shop(squeezed)),
        "title": float(_is_title(squeezed)),
        "sentence": float(_is_sentence(text)),
        "label_word": float(match_word(squeezed.upper()) is not None),
        "company": float(any(sign in text for sign in names().company_signs)),
        "shop_ending": float(squeezed.endswith(names().shop_endings)),
        "address": float(is_address(text) and not _is_named_after_a_place(text)),
        "repeats": float(min(repeats, 2)),
        "no_hangul": float(not re.search("[가-힣]", text) and _is_korean(page)),
        "short": float(len(squeezed) <= 2),
        "person": float(re.fullmatch(r"[가-힣]{2,4}", squeezed) is not None),
    }


def _is_named_after_a_place(text: str) -> bool:
    """Whether a name begins like an address: 전주시 한들동 주민센터."""
    return _ends_as_shop(text) and not any(sign.isdigit() for sign in text)


def _is_not_the_shop(squeezed: str) -> bool:
    """Whether a name is, or holds, that of who handles the payment; a card's digits may follow."""
    letters = re.sub(r"[\d*|]+$", "", squeezed)
    known = any(word in squeezed for word in names().not_the_shop)
    return known or letters.endswith(names().not_the_shop_endings)


MOSTLY = 0.4


def _is_korean(page: LabelledPage) -> bool:
    """Whether so many rows hold Hangul that a name without any would be odd."""
    rows = [re.search("[가-힣]", row.row.text) is not None for row in page.rows]
    return sum(rows) >= MOSTLY * len(rows)


def _is_title(squeezed: str) -> bool:
    letters = re.sub(r"[^0-9A-Za-z가-힣]", "", squeezed)
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


def _business_row(page: LabelledPage) -> int | None:
    for index, row in enumerate(page.rows):
        if find_business_numbers(row.row.text) or row.has(LabelKind.BUSINESS_NUMBER):
            return index
    return None


# ── address ──────────────────────────────────────────────────────────────────────────────────

_STREET = re.compile(r"[가-힣0-9]+(?:로|길|동|읍|면|리|가)\s?\d*")

_MISREAD = re.compile(
    r".{0,8}[가-힣]{2,4}[시도]?[가-힣]{1,3}[시군구][가-힣]{1,4}\d{0,3}[읍면동로길]"
)
"""A city, a district and a street in a row, behind a label that can't be read."""

_LATIN_ADDRESS = re.compile(r"\d.*[A-Za-z]-(?:ro|gil|daero|dong|gu|si)\b", re.IGNORECASE)
"""12, Hanji-gil, Jeonju-si."""


def is_address(text: str) -> bool:
    """Whether a text begins like an address: a province or city, then a street."""
    squeezed = re.sub(r"\s", "", text)
    start = re.sub(r"^(?:주소|가맹점주소|소재지|본사)[:.]?", "", squeezed)
    region = any(start.startswith(name) for name in names().regions) or _MISREAD.match(start)
    if _LATIN_ADDRESS.search(text):
        return True
    return bool(region) and _STREET.search(squeezed) is not None and len(squeezed) >= 7


def address_candidates(page: LabelledPage) -> list[Candidate[str]]:
    """Every text that may be the shop's address."""
    candidates = []
    for index, row in enumerate(page.rows):
        labels = [label for label in row.labels if LabelKind.ADDRESS in label.kinds]
        place = page.beside(index, labels[-1]) if labels else Place(index, 0, len(row.row.text))
        text = re.sub(r"^[\s:\]).]+", "", page.text(place)).strip()
        if not (is_address(text) or (labels and len(text) >= 6 and _STREET.search(text))):
            continue
        features = {
            "labelled": float(bool(labels)),
            "region": float(is_address(text)),
            "near_top": 1.0 - index / max(1, len(page.rows)),
        }
        label = labels[-1].word if labels else None
        candidates.append(Candidate(text, page.evidence(_trim(page, place, text)), label, features))
    return candidates
