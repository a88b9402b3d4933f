"""The database finds what the slow reference finds, whatever is handed in and in which order."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from receipt_screen.records import Fingerprints, Match
from receipt_screen.registry import MemoryRegistry, Registry, open_registry
from tests.cases import RECEIVED
from tests.registry.makers import (
    CAMPAIGN,
    approval,
    card,
    looks,
    minute,
    prints,
    screening,
    sha,
    text,
    values,
)

few = st.sampled_from("abc")
confidences = st.sampled_from([0.2, 0.5, 0.9])
keys = st.tuples(
    *(
        st.none() | st.builds(make, st.sampled_from("12"), confidences)
        for make in (approval, minute, card)
    )
).map(lambda found: [key for key in found if key is not None])
hashes = st.none() | st.sampled_from([looks(0), looks(6), looks(12), sha("quite another")])


fields = st.builds(
    values,
    confidences,
    approval_number=few,
    business_number=few,
    amount=few,
    second=few,
    date=few,
)
serials = st.sets(st.sampled_from(["100001", "100002", "100003"])).map(sorted).map(tuple)
texts = st.builds(text, st.sampled_from(["2000", "3000"]), serials=serials)


@st.composite
def photos(draw: st.DrawFn) -> Fingerprints:
    """Prints from so small a choice that much of it is shared."""
    return prints(
        draw(st.text("abcdefgh", min_size=1, max_size=1)),
        *draw(keys),
        look=draw(hashes),
        paper=draw(hashes),
        fields=draw(fields),
        text=draw(texts),
        flat=draw(st.booleans()),
        pixels=sha(draw(st.sampled_from("abcdefgh"))),
        version=draw(st.sampled_from([1, 1, 1, 2])),
    )


steps = st.tuples(
    st.sampled_from(["find", "remember", "remember", "remember", "distinct", "forget", "purge"]),
    photos(),
    few,
    st.sampled_from("xy"),
)


def take(registry: Registry, step: tuple[Any, ...]) -> tuple[Match, ...]:
    action, of, submission, campaign = step
    if action == "distinct":
        registry.mark_distinct(submission, "a", campaign=campaign)
        return ()
    if action == "forget":
        registry.forget(submission, campaign=campaign)
        return ()
    if action == "purge":
        registry.purge(RECEIVED + dt.timedelta(days=1), today=RECEIVED.date())
        return ()
    if action == "find":
        return registry.find(of, campaign=campaign, submission=submission)
    return registry.remember(screening(of, submission, campaign))


@given(st.lists(steps, max_size=12))
@settings(max_examples=60, deadline=None)
def test_sqlite_answers_as_the_reference_does(history: list[tuple[Any, ...]]) -> None:
    with MemoryRegistry() as reference, open_registry("sqlite:///:memory:") as registry:
        for step in history:
            assert take(registry, step) == take(reference, step)
            assert registry.groups("x") == reference.groups("x")
        told = [
            [(one.campaign, one.submissions, one.photos) for one in each.info().campaigns]
            for each in (registry, reference)
        ]
    assert told[0] == told[1]


@given(st.lists(photos(), min_size=1, max_size=8))
@settings(max_examples=40, deadline=None)
def test_remembering_everything_again_in_any_state_repeats_every_answer(
    history: list[Fingerprints],
) -> None:
    """Each photo is a submission of its own, and each is remembered twice."""
    with open_registry("sqlite:///:memory:") as registry:
        first = [registry.remember(screening(of, f"S{n}")) for n, of in enumerate(history)]
        again = [registry.remember(screening(of, f"S{n}")) for n, of in enumerate(history)]
        found = [
            registry.find(of, campaign=CAMPAIGN, submission=f"S{n}") for n, of in enumerate(history)
        ]
    assert again == first
    assert found == first
