"""One photo and all remembered ones that might be related: which are its earlier submissions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from math import inf

from receipt_screen.records import Match, Relation
from receipt_screen.relation import Comparison, RelationSettings, Traits, relate
from receipt_screen.relation.traits import Token


@dataclass(frozen=True)
class Entry:
    """A remembered photo. Its number rises in the order of remembering."""

    number: int
    submission: str
    traits: Traits


STRENGTH = (
    Relation.SAME_FILE,
    Relation.SAME_IMAGE,
    Relation.SAME_RECEIPT,
    Relation.ALTERED_COPY,
    Relation.SAME_TEMPLATE,
)
"""The relations, the strongest first."""


def without_crowds(
    new: Traits, photos: Mapping[Token, Set[int]], own: int | None, crowd: int
) -> Traits:
    """The traits without serial numbers that are on many photos: a terminal's, or the shop's.

    `photos` are the numbers of the photos with each; only those before the photo's own number
    count, so that the answer stays the same when more come in.
    """
    before = inf if own is None else own
    crowded = {
        token for token in new.serials if sum(n < before for n in photos.get(token, ())) > crowd
    }
    return replace(new, serials=new.serials - crowded)


def is_candidate(new: Traits, old: Traits, settings: RelationSettings) -> bool:
    """Something that can be looked up is in common; only such pairs are compared."""
    return bool(
        new.file == old.file
        or new.pixels == old.pixels
        or new.values() & old.values()
        or new.serials & old.serials
        or Comparison(new, old, settings).alike()
    )


def match_with(new: Traits, old: Entry, settings: RelationSettings) -> Match | None:
    """What an earlier photo is to a new one, with its submission."""
    if not is_candidate(new, old.traits, settings):
        return None
    kinship = relate(new, old.traits, settings)
    if kinship is None:
        return None
    return Match(
        submission=old.submission,
        relation=kinship.relation,
        agrees=kinship.agrees,
        differs=kinship.differs,
        probability=round(kinship.probability, 4),
        distance=dict(kinship.distance),
    )


def earlier_matches(
    new: Traits, entries: Iterable[Entry], submission: str, settings: RelationSettings
) -> tuple[Match, ...]:
    """The strongest match with each submission remembered before, the strongest first.

    A submission that comes again keeps its place: what was remembered after its own first
    photo of this receipt doesn't count as earlier.
    """
    ordered = sorted(entries, key=lambda entry: entry.number)
    related = [(entry.number, match_with(new, entry, settings)) for entry in ordered]
    matches = [(number, match) for number, match in related if match is not None]
    own = min((number for number, match in matches if _is_own(match, submission)), default=inf)
    others = [match for number, match in matches if number < own and match.submission != submission]
    return _without_most_templates(_strongest_each(others), settings.templates)


def told_of(screened: Iterable[Match], found: Iterable[Match]) -> tuple[Match, ...]:
    """What links a submission: what was said of it when it was screened, else what was found.

    Who screens may have seen the pictures; a registry hasn't.
    """
    matches = {match.submission: match for match in (*found, *screened)}
    return tuple(matches.values())


def _is_own(match: Match, submission: str) -> bool:
    return match.submission == submission and match.relation is not Relation.SAME_TEMPLATE


def _strongest_each(matches: list[Match]) -> list[Match]:
    """One match for each submission; of equals the one remembered first stands first."""
    ranked = sorted(matches, key=_rank)
    strongest: dict[str, Match] = {}
    for match in ranked:
        strongest.setdefault(match.submission, match)
    return list(strongest.values())


def _rank(match: Match) -> tuple[int, int, float]:
    nearest = min(match.distance.get(name, inf) for name in ("look", "paper"))
    return STRENGTH.index(match.relation), -len(match.agrees), nearest


def _without_most_templates(matches: list[Match], most: int) -> tuple[Match, ...]:
    templates = [match for match in matches if match.relation is Relation.SAME_TEMPLATE]
    return tuple(match for match in matches if match not in templates[most:])
