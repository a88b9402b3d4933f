"""Where the shop is."""

from __future__ import annotations

import re

from rapidfuzz.distance import Levenshtein

from receipt_screen.fields.names import names, squeeze
from receipt_screen.fields.page import LabelledPage
from receipt_screen.fields.ranker import Candidate
from receipt_screen.fields.vocabulary import LabelKind

_STREET = re.compile(r"[가-힣0-9]+(?:로|길|동|읍|면|리|가)\s?\d*")
_MISREAD = re.compile(
    r".{0,8}[가-힣]{2,4}[시도]?[가-힣]{1,3}(?:(?<!스)시|[군구])[가-힣]{1,4}\d{0,3}[읍면동로길]"
)
"""A city, a district and a street in a row, behind a label that can't be read; no city's name ends
with 스시."""
_ROAD = re.compile(r"[가-힣]{1,6}(?:로|길)\s?\d{1,4}(?:-\d{1,3})?(?!\d)")
"""A road with the number of a house."""
LONG_REGION = 3
"""Syllables of a province's name in which one may be misread."""
_LATIN_ADDRESS = re.compile(r"\d.*[A-Za-z]-(?:ro|gil|daero|dong|gu|si)\b", re.IGNORECASE)
"""12, Hanji-gil, Jeonju-si."""


def is_address(text: str) -> bool:
    """Whether a text begins like an address: a province or city, then a street."""
    squeezed = squeeze(text)
    start = re.sub(r"^(?:주소|가맹점주소|소재지|본사)[:.]?", "", squeezed)
    if _LATIN_ADDRESS.search(text):
        return True
    region = any(start.startswith(name) for name in names().regions) or _MISREAD.match(start)
    if bool(region) and _STREET.search(squeezed) is not None and len(squeezed) >= 7:
        return True
    return _begins_like_a_region(start) and _ROAD.search(text) is not None


def _begins_like_a_region(start: str) -> bool:
    """Whether a text begins with a region's name, one syllable of which is misread."""
    return any(
        len(name) >= LONG_REGION and Levenshtein.distance(start[: len(name)], name) == 1
        for name in names().regions
    )


def address_candidates(page: LabelledPage) -> list[Candidate[str]]:
    """Every text that may be the shop's address."""
    candidates = []
    for index, row in enumerate(page.rows):
        labels = [label for label in row.labels if LabelKind.ADDRESS in label.kinds]
        place = page.beside(index, labels[-1]) if labels else page.whole(index)
        text = re.sub(r"^[\s:\]).]+", "", page.text(place)).strip()
        if not (is_address(text) or (labels and len(text) >= 6 and _STREET.search(text))):
            continue
        features = {
            "labelled": float(bool(labels)),
            "region": float(is_address(text)),
            "near_top": 1.0 - page.depth(index),
        }
        label = labels[-1].word if labels else None
        candidates.append(
            Candidate(text, page.evidence(page.trimmed(place, text)), label, features)
        )
    return candidates
