"""What a receipt says of itself: cancelled, unpaid, a reprint, a deposit, paid in cash …"""

from __future__ import annotations

from dataclasses import dataclass

from receipt_screen.campaign import Treatment, Treatments
from receipt_screen.checks.case import Case, flagged, not_checked, passed, treated
from receipt_screen.records import CheckResult, Flag, Mark, MarkKind, Severity


def cancellation(case: Case) -> CheckResult:
    """The receipt isn't that of a cancelled sale."""
    if not case.was_read:
        return not_checked("cancellation", case.say("checks.unread"), required=True)
    mark, amount = case.fields.marked(MarkKind.CANCELLATION), case.fields.amount.value
    beside = _cancelled_beside(case)
    if mark is None and beside is not None:
        return flagged("cancellation", [_sale_and_cancellation(case, beside)])
    negative = amount is not None and amount < 0
    if mark is None and not negative:
        return passed("cancellation", case.say("checks.not_cancelled"))
    if mark is None:
        message = case.say("checks.negative_amount", {"amount": amount or 0})
        flag = Flag(code="negative_amount", severity=Severity.REVIEW, message=message)
        return flagged("cancellation", [flag])
    return flagged("cancellation", [_cancelled(case, mark)])


def _cancelled(case: Case, mark: Mark) -> Flag:
    if _has_sale_beside(case):
        return _sale_and_cancellation(case, mark)
    severity = treated("reject", strong=mark.confidence >= case.campaign.evidence.strong)
    return Flag(
        code="cancelled",
        severity=severity or Severity.REVIEW,
        message=case.say("checks.cancelled", {"word": mark.text}),
    )


def _has_sale_beside(case: Case) -> bool:
    """Whether the sale that was taken back is in the photo too: its amount, with the other sign."""
    amount = case.fields.amount
    others = (page.fields for page in case.others if page.fields.amount.value is not None)
    return any(fields.marked(MarkKind.CANCELLATION) is None for fields in others) or any(
        amount.value and rival.value == -amount.value for rival in amount.rivals
    )


def _cancelled_beside(case: Case) -> Mark | None:
    """The mark of another receipt of the upload that takes a sale back."""
    marks = (page.fields.marked(MarkKind.CANCELLATION) for page in case.others)
    return next((mark for mark in marks if mark is not None), None)


def _sale_and_cancellation(case: Case, mark: Mark) -> Flag:
    message = case.say("checks.sale_and_cancellation", {"word": mark.text})
    return Flag(code="sale_and_cancellation", severity=Severity.REVIEW, message=message)


@dataclass(frozen=True)
class MarkCheck:
    """A check for one kind of mark, treated as the campaign file says."""

    name: str
    """Also the code of the flag, and the key of the treatment in the campaign file."""
    kind: MarkKind
    present: str
    absent: str

    def __call__(self, case: Case) -> CheckResult:
        """Flags a marked receipt as the campaign treats such receipts."""
        action = self.treatment(case.campaign.treatment)
        if not case.was_read:
            return not_checked(self.name, case.say("checks.unread"), required=action != "ignore")
        mark = case.fields.marked(self.kind)
        if mark is None:
            return passed(self.name, case.say(self.absent))
        message = case.say(self.present, {"word": mark.text})
        severity = treated(action, strong=mark.confidence >= case.campaign.evidence.strong)
        if severity is None:
            return passed(self.name, message)
        return flagged(self.name, [Flag(code=self.name, severity=severity, message=message)])

    def treatment(self, treatments: Treatments) -> Treatment:
        """What the campaign does with receipts marked like this."""
        action: Treatment = getattr(treatments, self.name)
        return action


reprint = MarkCheck("reprint", MarkKind.REPRINT, "checks.reprint", "checks.no_reprint")
unpaid = MarkCheck("unpaid", MarkKind.UNPAID, "checks.unpaid", "checks.no_unpaid")
part_payment = MarkCheck(
    "part_payment", MarkKind.PART_PAYMENT, "checks.part_payment", "checks.no_part_payment"
)
expense_proof = MarkCheck(
    "expense_proof", MarkKind.EXPENSE_PROOF, "checks.expense_proof", "checks.no_expense_proof"
)
gift_certificate = MarkCheck(
    "gift_certificate",
    MarkKind.GIFT_CERTIFICATE,
    "checks.gift_certificate",
    "checks.no_gift_certificate",
)
cash = MarkCheck("cash", MarkKind.CASH, "checks.cash", "checks.no_cash")


def prepayment_words(case: Case) -> CheckResult:
    """The receipt has a word for prepaying.

    A receipt can't prove a prepayment: without the word it looks like any meal of that price, so
    most campaigns ignore a missing one.
    """
    action = case.campaign.treatment.no_prepayment_words
    if not case.was_read:
        why = case.say("checks.unread")
        return not_checked("prepayment_words", why, required=action != "ignore")
    mark = case.fields.marked(MarkKind.PREPAYMENT)
    if mark is not None:
        return passed("prepayment_words", case.say("checks.prepayment", {"word": mark.text}))
    message = case.say("checks.no_prepayment")
    # That a word was not read never proves that it isn't there.
    severity = treated(action, strong=False)
    if severity is None:
        return passed("prepayment_words", message)
    flag = Flag(code="no_prepayment_words", severity=severity, message=message)
    return flagged("prepayment_words", [flag])
