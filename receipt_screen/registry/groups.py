"""Links between submissions → groups that hang together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from receipt_screen.records import Group, Link

Pair = tuple[str, str]


def pair_of(one: str, other: str) -> Pair:
    """Two submissions in an order that doesn't depend on who is named first."""
    return (one, other) if one <= other else (other, one)


def others_of(submission: str, pairs: Iterable[Pair]) -> frozenset[str]:
    """The other sides of the pairs that a submission is in."""
    return frozenset(
        other if one == submission else one for one, other in pairs if submission in (one, other)
    )


def group_links(
    links: Iterable[Link], distinct: frozenset[Pair], place: Mapping[str, int]
) -> tuple[Group, ...]:
    """The groups of linked submissions without the pairs that people told apart.

    `place` is each submission's place in the order of remembering; so are the groups ordered,
    by their first.
    """
    kept = [link for link in links if pair_of(link.earlier, link.later) not in distinct]
    neighbours: dict[str, set[str]] = defaultdict(set)
    for link in kept:
        neighbours[link.earlier].add(link.later)
        neighbours[link.later].add(link.earlier)
    groups: list[Group] = []
    seen: set[str] = set()
    for start in sorted(neighbours, key=lambda name: place.get(name, -1)):
        if start not in seen:
            members = _reachable(start, neighbours)
            seen |= members
            groups.append(_group(members, kept, place))
    return tuple(groups)


def _reachable(start: str, neighbours: Mapping[str, set[str]]) -> set[str]:
    found, open_ends = {start}, [start]
    while open_ends:
        new = neighbours[open_ends.pop()] - found
        found |= new
        open_ends += new
    return found


def _group(members: set[str], links: list[Link], place: Mapping[str, int]) -> Group:
    def rank(name: str) -> tuple[int, str]:
        return place.get(name, -1), name

    inside = [link for link in links if link.later in members]
    return Group(
        submissions=tuple(sorted(members, key=rank)),
        links=tuple(sorted(inside, key=lambda link: (rank(link.later), rank(link.earlier)))),
    )
