"""Whether the photo could be read, and what was wrong with it where it couldn't."""

from __future__ import annotations

from collections.abc import Iterator

from receipt_screen.checks.case import Case, flagged, passed
from receipt_screen.messages import Values
from receipt_screen.records import CheckResult, Findings, Flag, Outcome, Severity


def reading(case: Case) -> CheckResult:
    """The photo was read. A failure of the engine is not an empty page."""
    page = case.findings.page
    values: Values = {"engine": page.engine, "count": len(page.lines), "why": page.why or ""}
    match page.outcome:
        case Outcome.READ:
            return passed("reading", case.say("checks.page_read", values))
        case Outcome.BLANK:
            code, message = "blank_page", case.say("checks.page_blank")
        case Outcome.FAILED:
            code, message = "reading_failed", case.say("checks.page_failed", values)
    return flagged("reading", [Flag(code=code, severity=Severity.REVIEW, message=message)])


def photo_quality(case: Case) -> CheckResult:
    """The photo is sharp, evenly lit, close and whole enough.

    A poor photo that could be read all the same is only worth knowing; one that could not is
    what to tell the sender when asking for a new photo.
    """
    read = case.fields.amount.value is not None and case.fields.date.value is not None
    severity = Severity.INFO if read else Severity.REVIEW
    flags = [Flag(code=code, severity=severity, message=message) for code, message in _faults(case)]
    if flags:
        return flagged("photo_quality", flags)
    return passed("photo_quality", case.say("checks.photo_good"))


def _faults(case: Case) -> Iterator[tuple[str, str]]:
    quality, limits = case.findings.paper.quality, case.campaign.quality
    if quality.sharpness < limits.sharpness:
        values = {"sharpness": quality.sharpness, "floor": limits.sharpness}
        yield "blurred", case.say("checks.blurred", values)
    if quality.glare > limits.glare:
        values = {"glare": quality.glare, "ceiling": limits.glare}
        yield "glare", case.say("checks.glare", values)
    if quality.contrast < limits.contrast:
        values = {"contrast": quality.contrast, "floor": limits.contrast}
        yield "faint", case.say("checks.faint", values)
    if quality.glyph_height is not None and quality.glyph_height < limits.glyph_height:
        values = {"height": quality.glyph_height, "floor": limits.glyph_height}
        yield "too_small", case.say("checks.too_small", values)
    if quality.cut_edges:
        yield "cut_off", case.say("checks.cut_off", {"count": len(quality.cut_edges)})


def other_pages(case: Case) -> CheckResult:
    """No other page of the upload shows a payment of its own."""
    if not case.others:
        return passed("other_pages", case.say("checks.one_page"))
    own = [page for page in case.others if _is_another_payment(page, case.findings)]
    if not own:
        return passed("other_pages", case.say("checks.same_payment", {"count": len(case.others)}))
    amounts = ", ".join(f"{page.fields.amount.value:,}" for page in own)
    flag = Flag(
        code="several_receipts",
        severity=Severity.REVIEW,
        message=case.say("checks.several_receipts", {"amounts": amounts}),
    )
    return flagged("other_pages", [flag])


def _is_another_payment(page: Findings, judged: Findings) -> bool:
    """Whether a page has an amount of its own: copies of one slip share amount and approval."""
    if page.fields.amount.value is None:
        return False
    if page.fields.amount.value != judged.fields.amount.value:
        return True
    numbers = (page.fields.approval_number.value, judged.fields.approval_number.value)
    return None not in numbers and numbers[0] != numbers[1]
