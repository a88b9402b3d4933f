"""How values, shares and times are written for people, in both languages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
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
    "not_a_receipt": "report.document_not_a_receipt",
}

CHECK_NAMES: Final = {
    "reading": "report.check_reading",
    "photo_quality": "report.check_photo_quality",
    "other_pages": "report.check_other_pages",
    "duplicates": "report.check_duplicates",
    "velocity": "report.check_velocity",
    "minimum_amount": "report.check_minimum_amount",
    "amount_certain": "report.check_amount_certain",
    "period": "report.check_period",
    "round": "report.check_round",
    "date_certain": "report.check_date_certain",
    "date_possible": "report.check_date_possible",
    "upload_window": "report.check_upload_window",
    "cancellation": "report.check_cancellation",
    "unpaid": "report.check_unpaid",
    "reprint": "report.check_reprint",
    "part_payment": "report.check_part_payment",
    "prepayment_words": "report.check_prepayment_words",
    "expense_proof": "report.check_expense_proof",
    "gift_certificate": "report.check_gift_certificate",
    "cash": "report.check_cash",
    "split_payment": "report.check_split_payment",
    "business_card": "report.check_business_card",
    "document_kind": "report.check_document_kind",
    "exclusions": "report.check_exclusions",
    "region": "report.check_region",
    "business_number": "report.check_business_number",
    "needed_fields": "report.check_needed_fields",
    "arithmetic": "report.check_arithmetic",
    "provenance": "report.check_provenance",
}
FLAG_NAMES: Final = {
    "blank_page": "report.flag_blank_page",
    "reading_failed": "report.flag_reading_failed",
    "blurred": "report.flag_blurred",
    "glare": "report.flag_glare",
    "faint": "report.flag_faint",
    "too_small": "report.flag_too_small",
    "cut_off": "report.flag_cut_off",
    "several_receipts": "report.flag_several_receipts",
    "edited_photo": "report.flag_edited_photo",
    "taken_before_payment": "report.flag_taken_before_payment",
    "same_file": "report.flag_same_file",
    "same_image": "report.flag_same_image",
    "same_receipt": "report.flag_same_receipt",
    "altered_copy": "report.flag_altered_copy",
    "many_of_submitter": "report.flag_many_of_submitter",
    "many_of_card": "report.flag_many_of_card",
    "many_of_shop": "report.flag_many_of_shop",
    "below_minimum": "report.flag_below_minimum",
    "near_minimum": "report.flag_near_minimum",
    "amount_uncertain": "report.flag_amount_uncertain",
    "amount_ambiguous": "report.flag_amount_ambiguous",
    "supply_vat_sum": "report.flag_supply_vat_sum",
    "vat_share": "report.flag_vat_share",
    "discount_sum": "report.flag_discount_sum",
    "payments_sum": "report.flag_payments_sum",
    "items_sum": "report.flag_items_sum",
    "split_payment": "report.flag_split_payment",
    "before_campaign": "report.flag_before_campaign",
    "outside_campaign": "report.flag_outside_campaign",
    "no_round": "report.flag_no_round",
    "date_uncertain": "report.flag_date_uncertain",
    "date_ambiguous": "report.flag_date_ambiguous",
    "date_after_upload": "report.flag_date_after_upload",
    "weekday_differs": "report.flag_weekday_differs",
    "late_upload": "report.flag_late_upload",
    "cancelled": "report.flag_cancelled",
    "negative_amount": "report.flag_negative_amount",
    "sale_and_cancellation": "report.flag_sale_and_cancellation",
    "unpaid": "report.flag_unpaid",
    "reprint": "report.flag_reprint",
    "part_payment": "report.flag_part_payment",
    "no_prepayment_words": "report.flag_no_prepayment_words",
    "expense_proof": "report.flag_expense_proof",
    "gift_certificate": "report.flag_gift_certificate",
    "cash": "report.flag_cash",
    "business_card": "report.flag_business_card",
    "document_kind": "report.flag_document_kind",
    "excluded": "report.flag_excluded",
    "outside_region": "report.flag_outside_region",
    "check_digit": "report.flag_check_digit",
}
RELATIONS: Final = {
    "same_file": "report.relation_same_file",
    "same_image": "report.relation_same_image",
    "same_receipt": "report.relation_same_receipt",
    "altered_copy": "report.relation_altered_copy",
    "same_template": "report.relation_same_template",
}
MATCH_WORDS: Final = {
    "file": "report.match_file",
    "pixels": "report.match_pixels",
    "picture": "report.match_picture",
    "look": "report.match_look",
    "text": "report.match_text",
    "approval": "report.match_approval",
    "minute": "report.match_minute",
    "card": "report.match_card",
    "barcode": "report.match_barcode",
    "second": "report.match_second",
    "amount": "terminal.amount",
    "date": "terminal.date",
    "time": "terminal.time",
    "merchant": "terminal.merchant",
    "business_number": "terminal.business_number",
    "approval_number": "terminal.approval_number",
}
VERDICT_NAMES: Final = {
    "eligible": "report.verdict_eligible",
    "review": "report.verdict_review",
    "ineligible": "report.verdict_ineligible",
    "unreadable": "report.verdict_unreadable",
}


def check_name(check: str, language: Language) -> str:
    """What a check is called."""
    return sentence(CHECK_NAMES[check], {}, language) if check in CHECK_NAMES else check


def flag_name(code: str, language: Language) -> str:
    """What a flag is called."""
    return sentence(FLAG_NAMES[code], {}, language) if code in FLAG_NAMES else code


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


def missing_text(rivals: Sequence[object], language: Language) -> str:
    """What stands for a value that was not found, or that no `rivals` were sure enough for."""
    return sentence("terminal.unsure" if rivals else "terminal.not_found", {}, language)


def match_words(names: Iterable[str], language: Language) -> str:
    """What two submissions share or differ in."""
    return ", ".join(
        sentence(MATCH_WORDS[name], {}, language) if name in MATCH_WORDS else name for name in names
    )


def share(probability: float) -> str:
    """A probability in per cent. Rounded up it would read 100 %, and no reading is certain."""
    return f"{min(probability, 0.999):.1%}"
