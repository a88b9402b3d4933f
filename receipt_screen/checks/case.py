"""What a check is given, and the three ways in which it can answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from receipt_screen.campaign import Campaign
from receipt_screen.messages import Language, Values, sentence
from receipt_screen.records import (
    CheckOutcome,
    CheckResult,
    Fields,
    Findings,
    Flag,
    Frequency,
    Match,
    Outcome,
    Severity,
)


@dataclass(frozen=True, kw_only=True)
class Case:
    """One submission with everything that its checks may look at."""

    findings: Findings
    campaign: Campaign
    submission: str
    received: dt.datetime
    """With a time zone; checks use the calendar day in the campaign's zone."""
    submitter: str | None = None
    matches: tuple[Match, ...] = ()
    """Earlier submissions that this one resembles."""
    frequencies: tuple[Frequency, ...] = ()
    """How often its submitter, card and shop came within the campaign's window."""
    others: tuple[Findings, ...] = ()
    """The other pages of the upload, when it has several."""
    language: Language = "ko"

    @property
    def fields(self) -> Fields:
        """What the receipt says."""
        return self.findings.fields

    @property
    def was_read(self) -> bool:
        """Whether there is any text that rules could be applied to."""
        return self.findings.page.outcome is Outcome.READ

    @property
    def upload_day(self) -> dt.date:
        """The calendar day of the upload where the campaign is."""
        return self.received.astimezone(self.campaign.zone).date()

    def say(self, key: str, values: Values | None = None) -> str:
        """A sentence in the language of the case."""
        return sentence(key, values or {}, self.language)


def passed(check: str, message: str) -> CheckResult:
    """The check was made and found nothing."""
    return CheckResult(check=check, outcome=CheckOutcome.PASSED, message=message)


def flagged(check: str, flags: Sequence[Flag], message: str | None = None) -> CheckResult:
    """The check was made and found something; without a message of its own it says its flags."""
    said = message or " ".join(flag.message for flag in flags)
    return CheckResult(check=check, outcome=CheckOutcome.FLAGGED, message=said, flags=tuple(flags))


def not_checked(check: str, why: str, *, required: bool) -> CheckResult:
    """The check could not be made; `required` decides whether a person has to look."""
    return CheckResult(
        check=check,
        outcome=CheckOutcome.NOT_CHECKED,
        message=why,
        why_not=why,
        required=required,
    )


def treated(
    action: Literal["reject", "review", "info", "ignore"], *, strong: bool
) -> Severity | None:
    """How severe a campaign's treatment makes a finding; None: no flag.

    A rejection needs strong evidence; on weaker evidence a person looks.
    """
    severities = {
        "reject": Severity.STRONG if strong else Severity.REVIEW,
        "review": Severity.REVIEW,
        "info": Severity.INFO,
    }
    return severities.get(action)
