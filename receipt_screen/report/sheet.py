"""A dossier as it is shown: every word written out, every place in the picture's pixels.

Templates only lay out what stands here. Text that a receipt printed passes `discreet`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any, Final

from receipt_screen.contract_json import FIELDS
from receipt_screen.desk.dossier import Dossier, Picture
from receipt_screen.geometry import Quad
from receipt_screen.messages import Language, sentence
from receipt_screen.records import (
    CheckOutcome,
    CheckResult,
    Found,
    Screening,
    Severity,
    Verdict,
)
from receipt_screen.report.draw import points
from receipt_screen.report.matches import Earlier, MatchRow, match_row
from receipt_screen.report.private import discreet
from receipt_screen.report.redact import KEPT
from receipt_screen.report.words import (
    VERDICT_NAMES,
    check_name,
    field_name,
    share,
    value_text,
)

SHOWN: Final = tuple(name for name in FIELDS if name not in ("phone",))
"""Fields that are shown: nobody decides on a telephone number."""
SIGNS: Final = {"eligible": "✓", "review": "?", "ineligible": "✕", "unreadable": "∅"}
"""Beside the colours: nothing is said by colour alone."""
CHECK_SIGNS: Final = {
    CheckOutcome.PASSED: "✓",
    CheckOutcome.FLAGGED: "!",
    CheckOutcome.NOT_CHECKED: "?",
}


@dataclass(frozen=True)
class FieldRow:
    """One field: what was read, how surely, and what else it may be."""

    name: str
    title: str
    value: str
    raw: str
    """The value as an edit form takes it."""
    text: str | None
    label: str | None
    confidence: str
    agreed: bool
    found: bool
    doubtful: bool
    points: str | None
    strip: str | None
    rivals: tuple[str, ...]

    def unweighed(self) -> FieldRow:
        """The same without how surely it was read."""
        return replace(self, confidence="", agreed=False, doubtful=False, rivals=())


@dataclass(frozen=True)
class CheckRow:
    """One check in words."""

    check: str
    title: str
    sign: str
    state: str
    """`passed`, `flagged-strong`, `flagged-review`, `flagged-info`, `open` or `unneeded`."""
    word: str
    message: str


@dataclass(frozen=True)
class Sheet:
    """One submission."""

    number: int
    submission: str
    submitter: str | None
    received: str
    file: str
    verdict: str
    verdict_name: str
    sign: str
    round: str | None
    why: str | None
    picture: Picture | None
    more_pictures: tuple[Picture, ...]
    fields: tuple[FieldRow, ...]
    checks: tuple[CheckRow, ...]
    flags: tuple[str, ...]
    matches: tuple[MatchRow, ...]
    codes: tuple[str, ...] = field(default=())
    search: str = ""

    def blinded(self) -> Sheet:
        """The same without anything that tells what the machine makes of it."""
        return replace(
            self,
            verdict="",
            verdict_name="",
            sign="",
            round=None,
            why=None,
            fields=tuple(row.unweighed() for row in self.fields),
            checks=(),
            flags=(),
            codes=(),
        )

    @property
    def beside(self) -> MatchRow | None:
        """The match whose picture stands beside this one's."""
        shown = (match for match in self.matches if match.picture is not None)
        return next(shown, None) if self.picture is not None else None

    @property
    def reasons(self) -> tuple[CheckRow, ...]:
        """The checks that ask for a look, the gravest first."""
        order = ("flagged-strong", "flagged-review", "open", "flagged-info")
        rows = [row for row in self.checks if row.state in order]
        return tuple(sorted(rows, key=lambda row: order.index(row.state)))

    @property
    def amount(self) -> str:
        """The amount in words."""
        return next((row.value for row in self.fields if row.name == "amount"), "–")

    @property
    def shop(self) -> str:
        """The shop's name."""
        return next((row.value for row in self.fields if row.name == "merchant"), "–")

    @property
    def date(self) -> str:
        """The date of payment."""
        return next((row.value for row in self.fields if row.name == "date"), "–")


def make_sheet(
    number: int, dossier: Dossier, earlier: Earlier, language: Language, zone: dt.tzinfo
) -> Sheet:
    """What is shown of a submission; times in a zone."""
    screening = dossier.screening
    main = dossier.pictures[0] if dossier.pictures else None
    fields = tuple(_field_rows(screening, main, language)) if screening else ()
    found = screening.matches if screening else ()
    matches = tuple(match_row(match, dossier, earlier, language) for match in found)
    checks = tuple(_check(check, language) for check in screening.checks) if screening else ()
    verdict = dossier.verdict.value
    return Sheet(
        number=number,
        submission=dossier.submission,
        submitter=dossier.submitter,
        received=f"{dossier.received.astimezone(zone):%Y-%m-%d %H:%M}",
        file=dossier.file,
        verdict=verdict,
        verdict_name=sentence(VERDICT_NAMES[verdict], {}, language),
        sign=SIGNS[verdict],
        round=screening.round if screening else None,
        why=dossier.why,
        picture=main,
        more_pictures=dossier.pictures[1:],
        fields=fields,
        checks=checks,
        flags=tuple(flag.message for flag in screening.flags) if screening else (),
        matches=matches,
        codes=tuple(sorted({flag.code for flag in screening.flags})) if screening else (),
        search=_search(dossier, fields),
    )


def _search(dossier: Dossier, fields: tuple[FieldRow, ...]) -> str:
    words = [dossier.submission, dossier.file, dossier.submitter or ""]
    return " ".join([*words, *(row.value for row in fields if row.found)]).lower()


# ── fields ───────────────────────────────────────────────────────────────────────────────────


def _field_rows(screening: Screening, picture: Picture | None, language: Language) -> Any:
    fields = screening.findings.fields
    for name in SHOWN:
        yield _field(name, getattr(fields, name), picture, language)


def _field(
    name: str,
    found: Found[Any],
    picture: Picture | None,
    language: Language,
) -> FieldRow:
    known = found.value is not None
    value = discreet(value_text(name, found.value, language)) if known else "–"
    return FieldRow(
        name=name,
        title=field_name(name, language),
        value=value,
        raw=_raw(found.value) if name in KEPT else "",
        text=discreet(found.text) if found.text else None,
        label=found.label,
        confidence=share(found.confidence) if known else "",
        agreed=found.agreed,
        found=known,
        doubtful=known and name in KEPT and found.confidence < 0.9,
        points=_points(found.quad, picture),
        strip=picture.strips.get(name) if picture else None,
        rivals=tuple(
            f"{discreet(value_text(name, rival.value, language))} · {share(rival.confidence)}"
            for rival in found.rivals[:4]
        ),
    )


def _raw(value: object) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    return "" if value is None else str(value)


def _points(quad: Quad | None, picture: Picture | None) -> str | None:
    return points(picture.to_picture.quad(quad)) if quad and picture else None


# ── checks ───────────────────────────────────────────────────────────────────────────────────


def _check(check: CheckResult, language: Language) -> CheckRow:
    state = _state(check)
    return CheckRow(
        check=check.check,
        title=check_name(check.check, language),
        sign="–" if state == "unneeded" else CHECK_SIGNS[check.outcome],
        state=state,
        word=sentence(_STATES[state], {}, language),
        message=discreet(check.message),
    )


_STATES: Final = {
    "passed": "report.state_passed",
    "flagged-strong": "report.state_strong",
    "flagged-review": "report.state_review",
    "flagged-info": "report.state_info",
    "open": "report.state_open",
    "unneeded": "report.state_unneeded",
}


def _state(check: CheckResult) -> str:
    if check.outcome is CheckOutcome.PASSED:
        return "passed"
    if check.outcome is CheckOutcome.NOT_CHECKED:
        return "open" if check.required else "unneeded"
    order = [Severity.STRONG, Severity.REVIEW, Severity.INFO]
    gravest = min((flag.severity for flag in check.flags), key=order.index, default=Severity.REVIEW)
    return f"flagged-{gravest.value}"


def verdict_order() -> tuple[str, ...]:
    """The verdicts in the order in which they are shown."""
    return tuple(verdict.value for verdict in Verdict)
