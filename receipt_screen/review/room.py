"""What the pages work on, and how they call what it holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from jinja2 import Environment

from receipt_screen.campaign import Campaign
from receipt_screen.desk.store import Desk, DeskFacts
from receipt_screen.errors import UsageError
from receipt_screen.messages import Language, sentence
from receipt_screen.registry import Registry
from receipt_screen.report.page import templates
from receipt_screen.report.words import VERDICT_NAMES, check_name, field_name
from receipt_screen.review.judge import Judge

REASON_NAMES: Final = {
    "below_minimum": "review.reason_below_minimum",
    "outside_period": "review.reason_outside_period",
    "duplicate": "review.reason_duplicate",
    "altered": "review.reason_altered",
    "cancelled": "review.reason_cancelled",
    "excluded_shop": "review.reason_excluded_shop",
    "not_a_receipt": "review.reason_not_a_receipt",
    "unreadable": "review.reason_unreadable",
    "other": "review.reason_other",
}
DECISION_NAMES: Final = {
    "open": "review.state_open",
    "approved": "review.state_approved",
    "rejected": "review.state_rejected",
    "new_photo": "review.state_new_photo",
    "deferred": "review.state_deferred",
}


@dataclass(frozen=True)
class Room:
    """What the pages work on."""

    desk: Desk
    registry: Registry
    facts: DeskFacts
    campaign: Campaign
    judge: Judge
    language: Language
    pages: Environment = field(repr=False)


def open_room(
    desk: Desk, registry: Registry, language: Language, campaign: Campaign | None = None
) -> Room:
    """Everything that the pages of a desk need; `campaign`: other rules than the batch's.

    Raises UsageError for another campaign's rules.
    """
    facts = desk.facts()
    campaign = _rules(facts, campaign)
    pages = templates(language, "receipt_screen.review", "receipt_screen.report")
    pages.globals["reason_name"] = lambda reason: sentence(REASON_NAMES[reason], {}, language)
    pages.globals["decision_name"] = lambda state: sentence(DECISION_NAMES[state], {}, language)
    pages.globals["verdict_name"] = lambda verdict: sentence(VERDICT_NAMES[verdict], {}, language)
    pages.globals["check_name"] = lambda check: check_name(check, language)
    pages.globals["field_name"] = lambda name: field_name(name, language)
    judge = Judge(campaign, facts.language)
    return Room(desk, registry, facts, campaign, judge, language, pages)


def _rules(facts: DeskFacts, given: Campaign | None) -> Campaign:
    own = Campaign.parse(facts.campaign.encode(), file="campaign.toml")
    if given is None:
        return own
    # Matches and parted pairs are remembered by the campaign's name.
    if given.name != own.name:
        raise UsageError("desk.other_campaign", {"name": own.name, "given": given.name})
    return given
