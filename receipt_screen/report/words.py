"""How values, shares and times are written for people, in both languages."""

from __future__ import annotations

import datetime as dt
from typing import Final

from receipt_screen.messages import Language, sentence

FIELD_NAMES: Final = {
    "amount": "terminal.amount",
    "date": "terminal.date",
    "time": "terminal.time",
    "merchant": "terminal.merchant",
    "business_number": "terminal.business_number",
    "approval_number": "terminal.approval_number",
    "card": "terminal.card",
    "phone": "terminal.phone",
    "address": "terminal.address",
    "document": "terminal.document",
}
DOCUMENTS: Final = {
    "card_slip": "report.document_card_slip",
    "pos": "report.document_pos",
    "cash_receipt": "report.document_cash_receipt",
    "app": "report.document_app",
    "handwritten": "report.document_handwritten",
    "statement": "report.document_statement",
    "other": "report.document_other",
}


def field_name(name: str, language: Language) -> str:
    """What a field is called."""
    return sentence(FIELD_NAMES[name], {}, language)


def value_text(name: str, value: object, language: Language) -> str:
    """A field's value as people write it."""
    if name == "amount":
        return sentence("terminal.won", {"amount": f"{value:,}"}, language)
    if name == "document":
        return sentence(DOCUMENTS[str(value)], {}, language)
    if name == "business_number" and len(str(value)) == 10:
        digits = str(value)
        return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}"
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def share(probability: float) -> str:
    """A probability in per cent. Rounded up it would read 100 %, and no reading is certain."""
    return f"{min(probability, 0.999):.1%}"
