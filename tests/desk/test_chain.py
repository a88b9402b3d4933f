"""The record of who did what shows every change that is made without its key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from receipt_screen.desk.chain import Event, EventKind, first_broken, in_effect, new_event

KEY = b"a key"
NOW = dt.datetime(2025, 2, 1, 9, 0, tzinfo=dt.UTC)


def chain(*kinds: EventKind, details: dict[int, dict[str, object]] | None = None) -> list[Event]:
    events: list[Event] = []
    for number, kind in enumerate(kinds, start=1):
        events.append(
            new_event(
                events[-1] if events else None,
                key=KEY,
                at=NOW,
                reviewer="김",
                kind=kind,
                submission="2025-1",
                detail=(details or {}).get(number, {"n": number}),
            )
        )
    return events


FOUR = chain(*[EventKind.DECIDED] * 4)


def test_a_record_that_nobody_touched_is_whole() -> None:
    assert first_broken([], KEY) is None
    assert first_broken(FOUR, KEY) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda event: {"reviewer": "이"},
        lambda event: {"at": NOW + dt.timedelta(seconds=1)},
        lambda event: {"submission": "2025-2"},
        lambda event: {"kind": EventKind.UNDONE},
        lambda event: {"detail": {**event.detail, "n": 9}},
        lambda event: {"digest": "0" * 64},
        lambda event: {"hash": "0" * 64},
    ],
)
def test_a_changed_entry_shows(change: Callable[[Event], dict[str, object]]) -> None:
    events = [*FOUR]
    events[1] = events[1].model_copy(update=change(events[1]))

    assert first_broken(events, KEY) == 2


def test_a_removed_or_moved_entry_shows() -> None:
    assert first_broken([FOUR[0], *FOUR[2:]], KEY) == 3
    assert first_broken([FOUR[1], FOUR[0], *FOUR[2:]], KEY) == 2


def test_a_record_made_anew_without_the_key_shows() -> None:
    assert first_broken(FOUR, b"another key") == 1


def test_a_forgotten_detail_leaves_the_chain_whole() -> None:
    events = [FOUR[0], FOUR[1].model_copy(update={"detail": None}), *FOUR[2:]]

    assert first_broken(events, KEY) is None


def test_what_was_taken_back_is_not_in_effect() -> None:
    events = chain(EventKind.EDITED, EventKind.DECIDED, EventKind.UNDONE, details={3: {"event": 2}})

    assert [event.number for event in in_effect(events)] == [1]
