"""From what an upload says to a screening that the registry remembers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from receipt_screen.batch.witness import Testimony
from receipt_screen.records import Findings, Frequency, Match, Screening
from receipt_screen.registry import Registry
from receipt_screen.screener import Screener, main_page


@dataclass(frozen=True)
class Arrival:
    """What is known of an upload besides its photo."""

    submission: str
    received: dt.datetime
    submitter: str | None = None


def settle(
    screener: Screener,
    registry: Registry,
    pages: Sequence[Findings],
    arrival: Arrival,
    testimony: Testimony | None = None,
) -> Screening:
    """Judges an upload and remembers it; safe to do again when it was interrupted.

    `testimony` is what the pictures of earlier uploads tell, where they are at hand. What the
    registry knew when it stored the upload decides: between looking and storing, another process
    may have handed in the same receipt.
    """
    findings, others = main_page(pages)

    def judge(matches: tuple[Match, ...], frequencies: tuple[Frequency, ...] = ()) -> Screening:
        return screener.judge(
            findings,
            submission=arrival.submission,
            received=arrival.received,
            submitter=arrival.submitter,
            matches=matches,
            frequencies=frequencies,
            others=others,
        )

    def seen(found: tuple[Match, ...]) -> tuple[Match, ...]:
        if testimony is None:
            return found
        return testimony.matches(found, registry.distinct_from(submission, campaign=campaign))

    campaign, submission = screener.campaign.facts.name, arrival.submission
    found = registry.find(findings.prints, campaign=campaign, submission=submission)
    matches = seen(found)
    screening = judge(matches)
    earlier = registry.remember(screening)
    frequencies = screener.frequencies(screening)
    if (earlier, frequencies) == (found, ()):
        return screening
    return judge(matches if earlier == found else seen(earlier), frequencies)
