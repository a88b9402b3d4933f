"""What the file says of its making. Messengers strip it all, so silence proves nothing, and
screenshots, e-receipts and tidied photos are honest most of the time: never strong evidence.
"""

from __future__ import annotations

from receipt_screen.checks.case import Case, flagged, passed, treated
from receipt_screen.records import CheckResult, Flag, Severity

EDITORS = (
    "photoshop",
    "lightroom",
    "gimp",
    "snapseed",
    "picsart",
    "pixlr",
    "canva",
    "photoscape",
    "paint.net",
    "affinity",
    "meitu",
    "faceapp",
)


def provenance(case: Case) -> CheckResult:
    """The file names no image editor, and its camera's clock allows the payment's date."""
    flags = [flag for flag in (_edited(case), _taken_before_payment(case)) if flag is not None]
    if flags:
        return flagged("provenance", flags)
    return passed("provenance", case.say("checks.provenance_plain"))


def _edited(case: Case) -> Flag | None:
    software = (case.findings.photo.software or "").casefold()
    editor = next((name for name in EDITORS if name in software), None)
    severity = treated(case.campaign.treatment.edited_photo, strong=False)
    if editor is None or severity is None:
        return None
    message = case.say("checks.edited_photo", {"editor": editor})
    return Flag(code="edited_photo", severity=severity, message=message)


def _taken_before_payment(case: Case) -> Flag | None:
    taken, paid = case.findings.photo.taken, case.fields.date.value
    if taken is None or paid is None or taken.date() >= paid:
        return None
    values = {"taken": taken.date().isoformat(), "date": paid.isoformat()}
    # Camera clocks are often wrong: worth knowing, no more.
    return Flag(
        code="taken_before_payment",
        severity=Severity.INFO,
        message=case.say("checks.taken_before_payment", values),
    )
