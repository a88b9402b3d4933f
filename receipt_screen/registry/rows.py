"""Rows ↔ what a photo is compared by: which photos are candidates, and how one is stored."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row, delete, insert, select, union, union_all, update

from receipt_screen.records import CampaignFacts, KeyKind, Party
from receipt_screen.registry.earlier import Entry
from receipt_screen.registry.tables import CAMPAIGNS, KEYS, PARTIES, PHOTOS, SERIALS
from receipt_screen.relation.traits import KeyTrait, Token, Trait, Traits

AT_ONCE = 500
"""Rows asked for by number in one statement; a statement has room for 32766 values in SQLite."""
TOKENS = np.dtype("<u4")
"""How numbers and words lie in their column."""


def as_text(time: dt.datetime) -> str:
    """ISO 8601 of one length, so that the order of texts is the order of times."""
    return time.isoformat(timespec="microseconds")


# ── candidates ───────────────────────────────────────────────────────────────────────────────


def sharing_digest(connection: Connection, traits: Traits) -> set[int]:
    """The photos with a file, pixels or a key in common. Two campaigns never share one."""
    numbers = union(
        select(PHOTOS.c.number).where(PHOTOS.c.file == traits.file),
        select(PHOTOS.c.number).where(PHOTOS.c.pixels == traits.pixels),
        select(KEYS.c.photo).where(KEYS.c.digest.in_(traits.values())),
    )
    return set(connection.scalars(numbers))


def sharing_serial(
    connection: Connection, serials: Iterable[Token], crowd: int
) -> dict[Token, set[int]]:
    """The photos with a serial number in common: the first of each, one more than a crowd."""
    asked = [
        select(
            select(SERIALS.c.token, SERIALS.c.photo)
            .where(SERIALS.c.token == token)
            .order_by(SERIALS.c.photo)
            .limit(crowd + 1)
            .subquery()
        )
        for token in serials
    ]
    photos: dict[Token, set[int]] = defaultdict(set)
    if asked:
        for token, photo in connection.execute(union_all(*asked)):
            photos[token].add(photo)
    return photos


def entries(connection: Connection, numbers: list[int]) -> Iterator[Entry]:
    """The photos of these numbers, as far as they still exist."""
    for start in range(0, len(numbers), AT_ONCE):
        some = numbers[start : start + AT_ONCE]
        keys: dict[int, list[KeyTrait]] = defaultdict(list)
        for row in connection.execute(select(KEYS).where(KEYS.c.photo.in_(some))):
            keys[row.photo].append(KeyTrait(row.digest, row.confidence, KeyKind(row.kind)))
        serials: dict[int, set[Token]] = defaultdict(set)
        for row in connection.execute(select(SERIALS).where(SERIALS.c.photo.in_(some))):
            serials[row.photo].add(row.token)
        for row in connection.execute(select(PHOTOS).where(PHOTOS.c.number.in_(some))):
            yield _entry(row, keys[row.number], serials[row.number])


def _entry(row: Row[Any], keys: Iterable[KeyTrait], serials: Iterable[Token]) -> Entry:
    traits = Traits(
        version=row.version,
        file=row.file,
        pixels=row.pixels,
        look=row.look,
        paper=row.paper,
        flat=bool(row.flat),
        keys=tuple(keys),
        fields=_fields_from(row.fields),
        text_version=row.text_version,
        numbers=_tokens_from(row.numbers),
        serials=frozenset(serials),
        words=_tokens_from(row.words),
    )
    return Entry(row.number, row.submission, traits)


def _fields_from(text: str) -> dict[str, Trait]:
    stored: dict[str, tuple[str, float]] = json.loads(text)
    return {name: Trait(bytes.fromhex(value), sure) for name, (value, sure) in stored.items()}


def _tokens_from(stored: bytes | None) -> frozenset[Token]:
    return frozenset(np.frombuffer(stored, TOKENS).tolist()) if stored else frozenset()


# ── storing ──────────────────────────────────────────────────────────────────────────────────


def own_photo(connection: Connection, traits: Traits, campaign: str, submission: str) -> int | None:
    """The number of this photo, if this submission has handed it in before."""
    query = select(PHOTOS.c.number).where(
        PHOTOS.c.campaign == campaign,
        PHOTOS.c.submission == submission,
        PHOTOS.c.file == traits.file,
        PHOTOS.c.pixels == traits.pixels,
    )
    number: int | None = connection.scalar(query)
    return number


def store_photo(
    connection: Connection,
    traits: Traits,
    campaign: str,
    submission: str,
    received: dt.datetime,
) -> int:
    """Stores a photo with all that it can be found by; returns its number."""
    row = {
        "campaign": campaign,
        "submission": submission,
        "received": as_text(received),
        "remembered": as_text(dt.datetime.now(dt.UTC)),
        "version": traits.version,
        "file": traits.file,
        "pixels": traits.pixels,
        "look": traits.look,
        "paper": traits.paper,
        **_text_columns(traits),
    }
    number: int = connection.execute(
        insert(PHOTOS).values(row).returning(PHOTOS.c.number)
    ).scalar_one()
    _store_serials(connection, number, traits)
    _store_new_keys(connection, number, traits)
    return number


def store_campaign(connection: Connection, campaign: CampaignFacts) -> None:
    """Stores when a campaign ends; what was said of it last counts."""
    ends = campaign.ends and campaign.ends.isoformat()
    own = CAMPAIGNS.c.name == campaign.name
    known = connection.execute(select(CAMPAIGNS.c.ends).where(own)).all()
    if not known:
        connection.execute(insert(CAMPAIGNS).values(name=campaign.name, ends=ends))
    elif ends is not None and known[0].ends != ends:
        connection.execute(update(CAMPAIGNS).where(own).values(ends=ends))


def store_parties(
    connection: Connection, photo: int, parties: Mapping[Party, bytes], received: dt.datetime
) -> None:
    """Stores who takes part, as far as that wasn't known of a photo before."""
    known = set(connection.scalars(select(PARTIES.c.kind).where(PARTIES.c.photo == photo)))
    rows = [
        {"photo": photo, "kind": party.value, "digest": digest, "received": as_text(received)}
        for party, digest in parties.items()
        if party.value not in known
    ]
    if rows:
        connection.execute(insert(PARTIES), rows)


def store_photo_again(connection: Connection, photo: int, traits: Traits) -> None:
    """Adds what wasn't read of a photo before."""
    _renew_text(connection, photo, traits)
    _store_new_keys(connection, photo, traits)


def _renew_text(connection: Connection, photo: int, traits: Traits) -> None:
    # What this version made of its text before stays: the first reading is as good as any.
    older = (PHOTOS.c.number == photo) & (PHOTOS.c.text_version < traits.text_version)
    renewed = connection.execute(update(PHOTOS).where(older).values(_text_columns(traits)))
    if renewed.rowcount:
        connection.execute(delete(SERIALS).where(SERIALS.c.photo == photo))
        _store_serials(connection, photo, traits)


def _store_new_keys(connection: Connection, photo: int, traits: Traits) -> None:
    known = set(connection.scalars(select(KEYS.c.digest).where(KEYS.c.photo == photo)))
    rows = [
        {"photo": photo, "kind": key.kind, "digest": key.value, "confidence": key.confidence}
        for key in traits.keys
        if key.value not in known
    ]
    if rows:
        connection.execute(insert(KEYS), rows)


def _store_serials(connection: Connection, photo: int, traits: Traits) -> None:
    rows = [{"token": token, "photo": photo} for token in sorted(traits.serials)]
    if rows:
        connection.execute(insert(SERIALS), rows)


def _text_columns(traits: Traits) -> dict[str, Any]:
    return {
        "flat": traits.flat,
        "fields": _fields_text(traits),
        "text_version": traits.text_version,
        "numbers": _tokens_bytes(traits.numbers),
        "words": _tokens_bytes(traits.words),
    }


def _fields_text(traits: Traits) -> str:
    return json.dumps(
        {
            name: (trait.value.hex(), trait.confidence)
            for name, trait in traits.fields.items()
            if isinstance(trait.value, bytes)
        }
    )


def _tokens_bytes(tokens: Iterable[Token]) -> bytes:
    return np.array(sorted(tokens), TOKENS).tobytes()
