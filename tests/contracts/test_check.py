"""What every check promises, whatever the receipt and the campaign."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from receipt_screen.campaign import Campaign
from receipt_screen.checks import CHECKS, Case, Check
from receipt_screen.records import (
    Arithmetic,
    CheckOutcome,
    DocumentKind,
    Findings,
    MarkKind,
    Match,
    Outcome,
    Payment,
    Relation,
)
from tests.cases import (
    CAMPAIGNS,
    NO_FIELDS,
    campaign,
    case,
    fields,
    findings,
    found,
    mark,
    missing,
    page,
    photo_of,
    quality,
    unread,
)

SAMPLES = [Campaign.load(path) for path in sorted(CAMPAIGNS.glob("*.toml"))]
STRICT = campaign(
    '[region]\nwords = ["부산"]\notherwise = "reject"\n[treatment]\n'
    + "\n".join(
        f'{key} = "reject"'
        for key in ("reprint", "cash", "no_prepayment_words", "split_payment", "no_round")
    ),
    top='needs = ["merchant", "business_number", "approval_number", "time"]',
)

WON = st.integers(-2_000_000, 2_000_000)
DAYS = st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31))
SURE = st.floats(0, 1)


def maybe_found(values: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    read = st.builds(
        lambda value, sure, agreed, other, rival: found(
            value, sure, agreed=agreed, rivals={other: rival}
        ),
        values,
        SURE,
        st.booleans(),
        values,
        SURE,
    )
    return st.one_of(st.just(missing()), read)


FIELDS = st.builds(
    fields,
    amount=maybe_found(WON),
    date=maybe_found(DAYS),
    merchant=maybe_found(st.text(max_size=8)),
    business_number=maybe_found(st.text(max_size=11)),
    address=maybe_found(st.text(max_size=8)),
    document=maybe_found(st.sampled_from(DocumentKind)),
    weekday=st.none() | st.integers(0, 6),
    arithmetic=st.builds(
        Arithmetic,
        supply=st.none() | WON,
        vat=st.none() | WON,
        tax_free=st.none() | WON,
        discount=st.none() | WON,
        total=st.none() | WON,
        items=st.lists(WON, max_size=3).map(tuple),
    ),
    payments=st.lists(st.builds(Payment, label=st.just("카드"), amount=WON), max_size=3).map(tuple),
    marks=st.lists(
        st.builds(mark, st.sampled_from(MarkKind), st.text(max_size=4), SURE), max_size=4
    ).map(tuple),
)
FINDINGS = st.one_of(
    st.sampled_from([unread(), unread(Outcome.BLANK), findings(fields=NO_FIELDS)]),
    st.builds(
        lambda read, text, sharp: findings(
            fields=read, page=page(text), paper=photo_of(quality(sharpness=sharp))
        ),
        FIELDS,
        st.text(max_size=20),
        st.floats(0, 500),
    ),
)
CASES = st.builds(
    lambda of, rules, relations, others, language: case(
        of,
        rules=rules,
        matches=tuple(Match(submission="earlier", relation=relation) for relation in relations),
        others=tuple(others),
        language=language,
    ),
    FINDINGS,
    st.sampled_from([*SAMPLES, STRICT]),
    st.lists(st.sampled_from(Relation), max_size=2),
    st.lists(FINDINGS, max_size=1),
    st.sampled_from(["ko", "en"]),
)

EMPTY: list[Findings] = [unread(), unread(Outcome.BLANK), findings(fields=NO_FIELDS)]


def name_of(check: Check) -> str:
    return check(case()).check


every_check = pytest.mark.parametrize("check", CHECKS, ids=name_of)


def test_every_check_has_a_name_of_its_own() -> None:
    names = [name_of(check) for check in CHECKS]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z_]+", name) for name in names)


@every_check
def test_it_keeps_its_name_when_there_is_nothing_to_check(check: Check) -> None:
    assert {check(case(of)).check for of in EMPTY} == {name_of(check)}


@every_check
def test_it_speaks_both_languages(check: Check) -> None:
    korean, english = (check(case(language=language)) for language in ("ko", "en"))
    assert re.search(r"[가-힣]|원|≥", korean.message)
    assert korean.message != english.message
    assert korean.outcome is english.outcome


@every_check
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(of=CASES)
def test_it_answers_the_same_twice_and_never_raises(check: Check, of: Case) -> None:
    before = of.findings.model_dump_json()
    first = check(of)
    assert check(of) == first
    assert of.findings.model_dump_json() == before
    assert first.message
    assert (first.outcome is CheckOutcome.NOT_CHECKED) == bool(first.why_not)
    assert (first.outcome is CheckOutcome.FLAGGED) == bool(first.flags)
    assert all(flag.message and flag.code for flag in first.flags)
