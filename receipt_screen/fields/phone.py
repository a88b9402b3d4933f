"""The shop's telephone number."""

from __future__ import annotations

import re

from receipt_screen.fields.digits import digits_of
from receipt_screen.fields.page import LabelledPage
from receipt_screen.fields.parties import is_under_seller
from receipt_screen.fields.ranker import Candidate
from receipt_screen.fields.vocabulary import LabelKind

_PHONE = re.compile(
    r"(?<![0-9-])(?:0(?:2|[3-6][1-5]|70|10|50\d|80)[-).\s]{0,2}\d{3,4}[-.\s]?\d{4}"
    r"|1[5-9]\d{2}[-.\s]\d{4})(?![0-9*-])"
)


def phone_candidates(page: LabelledPage) -> list[Candidate[str]]:
    """Phone numbers; the shop's usually stands in the head of the receipt."""
    candidates = []
    for index, row in enumerate(page.rows):
        for match in _PHONE.finditer(row.row.text):
            digits = digits_of(match.group())
            label = page.label_over(index, LabelKind.PHONE)
            features = {
                "labelled": label.score if label else 0.0,
                "near_top": 1.0 - page.depth(index),
                "other_label": float(
                    row.has(LabelKind.APPROVAL, LabelKind.CARD, LabelKind.CUSTOMER)
                ),
                "dashed": float(len(digits) < len(match.group())),
                "seller": float(is_under_seller(page, index)),
            }
            evidence = row.row.evidence(match.start(), match.end())
            candidates.append(Candidate(digits, evidence, label.word if label else None, features))
    return candidates
