"""What is stored of two submissions: one matched the other, or a person told them apart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, delete, func, insert, or_, select, union

from receipt_screen.records import Group, Link, Match, Relation
from receipt_screen.registry.groups import Pair, group_links, others_of, pair_of
from receipt_screen.registry.rows import as_text
from receipt_screen.registry.tables import DISTINCT, LINKS, PHOTOS


def mark(connection: Connection, campaign: str, one: str, other: str) -> None:
    """Stores that a person found two submissions to be no duplicates."""
    first, second = pair_of(one, other)
    now = as_text(dt.datetime.now(dt.UTC))
    row = {"campaign": campaign, "one": first, "other": second, "marked": now}
    connection.execute(insert(DISTINCT).values(row))


def unmark(connection: Connection, campaign: str, one: str, other: str) -> None:
    """Forgets it."""
    first, second = pair_of(one, other)
    connection.execute(
        delete(DISTINCT).where(
            DISTINCT.c.campaign == campaign, DISTINCT.c.one == first, DISTINCT.c.other == second
        )
    )


def without_distinct(
    connection: Connection, campaign: str, submission: str, matches: tuple[Match, ...]
) -> tuple[Match, ...]:
    """The matches without those that a person told apart from the submission."""
    if not matches:
        return ()
    distinct = distinct_from(connection, campaign, submission)
    return tuple(match for match in matches if match.submission not in distinct)


def distinct_from(connection: Connection, campaign: str, submission: str) -> frozenset[str]:
    """The submissions that a person told apart from one."""
    concerns = or_(DISTINCT.c.one == submission, DISTINCT.c.other == submission)
    pairs = _distinct(connection, (DISTINCT.c.campaign == campaign) & concerns)
    return others_of(submission, pairs)


def store_links(
    connection: Connection, campaign: str, submission: str, matches: Iterable[Match]
) -> None:
    """Stores what a submission matched; a template in common is no link."""
    own = (LINKS.c.campaign == campaign) & (LINKS.c.later == submission)
    known = set(connection.scalars(select(LINKS.c.earlier).where(own)))
    links = [
        {
            "campaign": campaign,
            "later": submission,
            "earlier": match.submission,
            "relation": match.relation.value,
        }
        for match in matches
        if match.relation is not Relation.SAME_TEMPLATE and match.submission not in known
    ]
    if links:
        connection.execute(insert(LINKS), links)


def groups(connection: Connection, campaign: str) -> tuple[Group, ...]:
    """The groups of a campaign's linked submissions."""
    links = [
        Link(earlier=row.earlier, later=row.later, relation=Relation(row.relation))
        for row in connection.execute(select(LINKS).where(LINKS.c.campaign == campaign))
    ]
    distinct = _distinct(connection, DISTINCT.c.campaign == campaign)
    return group_links(links, distinct, _places(connection, campaign))


def _distinct(connection: Connection, where: ColumnElement[bool]) -> frozenset[Pair]:
    pairs = connection.execute(select(DISTINCT.c.one, DISTINCT.c.other).where(where))
    return frozenset((one, other) for one, other in pairs)


def _places(connection: Connection, campaign: str) -> dict[str, int]:
    """The number of each linked submission's first photo."""
    linked = union(
        select(LINKS.c.later).where(LINKS.c.campaign == campaign),
        select(LINKS.c.earlier).where(LINKS.c.campaign == campaign),
    )
    first = (
        select(PHOTOS.c.submission, func.min(PHOTOS.c.number))
        .where(PHOTOS.c.campaign == campaign, PHOTOS.c.submission.in_(linked))
        .group_by(PHOTOS.c.submission)
    )
    return {row[0]: row[1] for row in connection.execute(first)}
