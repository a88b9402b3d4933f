"""The card that paid, by its last four digits."""

from __future__ import annotations

import re
from dataclasses import replace

from receipt_screen.fields.page import LabelledPage
from receipt_screen.fields.ranker import Candidate
from receipt_screen.fields.vocabulary import LabelKind

_MASK = "[*xX●＊#]"
_CARD = re.compile(
    rf"(?<![0-9A-Za-z*●＊#])(?=[0-9]{{4}}|{_MASK}{{4}})"
    rf"(?:[0-9]|{_MASK}|[-\s](?=[0-9*xX●＊#])){{12,24}}"
)


def card_candidates(page: LabelledPage) -> list[Candidate[str]]:
    """Card numbers, masked here and for good: only the last four digits go on."""
    candidates = []
    for index, row in enumerate(page.rows):
        text = row.row.text
        label = page.label_over(index, LabelKind.CARD)
        for match in _CARD.finditer(text):
            signs = re.sub(r"[-\s]", "", match.group())
            masked = re.search(_MASK, signs) is not None
            if not 12 <= len(signs) <= 19 or not (masked or (label and len(signs) >= 15)):
                continue
            tail = signs[-4:]
            if not tail.isdigit():
                continue
            evidence = row.row.evidence(match.start(), match.end())
            features = {
                "labelled": label.score if label else 0.0,
                "masked": float(masked),
                "lower": page.depth(index),
                "points": float(_is_membership(page, index)),
            }
            value = f"…-****-****-{tail}"
            shown = replace(evidence, text=value)
            candidates.append(Candidate(value, shown, label.word if label else None, features))
    return candidates


def _is_membership(page: LabelledPage, row: int) -> bool:
    """Whether a points or membership block stands right above."""
    rows = page.rows[max(0, row - 2) : row + 1]
    return any("포인트" in r.row.text or "멤버" in r.row.text or "회원" in r.row.text for r in rows)
