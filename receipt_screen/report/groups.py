"""Submissions that hang together, with where each of them stands in the report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from receipt_screen.desk.dossier import Dossier
from receipt_screen.records import Link, Relation
from receipt_screen.registry.groups import group_links

MOST_NAMED = 12
"""Others of a group that one submission names; the list's filter shows all of them."""


@dataclass(frozen=True)
class Spot:
    """Where the report shows a submission."""

    number: int
    page: str


@dataclass(frozen=True)
class Member:
    """A submission of a group."""

    submission: str
    spot: Spot | None
    """None: an earlier batch has screened it, and only its reference is known."""

    def href(self, page: str) -> str | None:
        """Where to look for it from a page of the report."""
        if self.spot is None:
            return None
        file = "" if self.spot.page == page else self.spot.page
        return f"{file}#row-{self.spot.number}"


@dataclass(frozen=True)
class LinkedGroup:
    """Submissions that hang together, in order of arrival."""

    number: int
    members: tuple[Member, ...]

    def is_on(self, page: str) -> bool:
        """Whether a page of the report shows one of them."""
        return any(each.spot is not None and each.spot.page == page for each in self.members)

    def named_beside(self, submission: str) -> tuple[Member, ...]:
        """The others, as many as one submission names."""
        others = (each for each in self.members if each.submission != submission)
        return tuple(others)[:MOST_NAMED]

    @property
    def unnamed(self) -> int:
        """How many more there are than one submission names."""
        return max(0, len(self.members) - 1 - MOST_NAMED)


def links_of(dossier: Dossier) -> Iterator[Link]:
    """What a submission repeats, as reviewers left it; a template in common is no link."""
    for match in dossier.screening.matches if dossier.screening else ():
        if match.relation is not Relation.SAME_TEMPLATE:
            relation = match.relation
            yield Link(earlier=match.submission, later=dossier.submission, relation=relation)


def linked_groups(links: Sequence[Link], spots: Mapping[str, Spot]) -> tuple[LinkedGroup, ...]:
    """The groups that links make; `spots` has the report's submissions in order of arrival."""
    order = {submission: index for index, submission in enumerate(spots)}
    found = group_links(links, frozenset(), order)
    return tuple(
        LinkedGroup(number, tuple(Member(each, spots.get(each)) for each in group.submissions))
        for number, group in enumerate(found, start=1)
    )
