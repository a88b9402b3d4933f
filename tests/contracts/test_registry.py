"""What every registry promises, held against each of them."""

from __future__ import annotations

import datetime as dt
import itertools
import multiprocessing
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import pytest

from receipt_screen.errors import RegistryError
from receipt_screen.records import Fingerprints, Match, Relation, Screening
from receipt_screen.registry import MemoryRegistry, Registry, open_registry, upkeep
from receipt_screen.registry.secret import VARIABLE
from receipt_screen.relation import RelationSettings
from tests.cases import RECEIVED
from tests.registry.makers import (
    CAMPAIGN,
    SAYS_MUCH,
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
from tests.registry.processes import hand_in_at_once, hand_in_for_ever
from tests.registry.server import own_schema, running_server

SCHEMAS = itertools.count()
ROUNDS = 40


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    with running_server() as url:
        yield url


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "a secret of the tests, long enough")


@contextmanager
def place(kind: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of an empty database of this kind."""
    if kind == "postgresql":
        with own_schema(request.getfixturevalue("server"), f"test{next(SCHEMAS)}") as url:
            yield url
    elif kind == "sqlite":
        yield f"sqlite:///{request.getfixturevalue('tmp_path') / 'seen.db'}"
    else:
        yield "sqlite:///:memory:"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty database that several processes can open."""
    with place(request.param, request) as empty:
        yield empty


@pytest.fixture(params=["reference", "sqlite", "sqlite in memory", "postgresql"])
def registry(request: pytest.FixtureRequest) -> Iterator[Registry]:
    """Each registry there is, empty."""
    if request.param == "reference":
        yield MemoryRegistry()
        return
    with place(request.param, request) as empty, open_registry(empty) as opened:
        yield opened


def found(matches: tuple[Match, ...]) -> list[tuple[str, Relation]]:
    return [(match.submission, match.relation) for match in matches]


# ── remembering and finding ──────────────────────────────────────────────────────────────────


def test_an_empty_registry_knows_no_earlier_submission(registry: Registry) -> None:
    assert registry.find(prints("a"), campaign=CAMPAIGN, submission="A") == ()
    assert registry.info().campaigns == ()


def test_looking_remembers_nothing(registry: Registry) -> None:
    registry.find(prints("a"), campaign=CAMPAIGN, submission="A")

    assert registry.find(prints("a"), campaign=CAMPAIGN, submission="B") == ()


def test_the_same_file_under_another_submission_is_found(registry: Registry) -> None:
    assert registry.remember(screening(prints("a"), "A")) == ()

    matches = registry.remember(screening(prints("a"), "B"))

    assert found(matches) == [("A", Relation.SAME_FILE)]
    assert matches[0].agrees == ("file", "pixels")


def test_the_same_pixels_in_another_file_are_found(registry: Registry) -> None:
    registry.remember(screening(prints("a"), "A"))

    matches = registry.remember(screening(prints("a", file=sha("another file")), "B"))

    assert found(matches) == [("A", Relation.SAME_IMAGE)]


@pytest.mark.parametrize("kind", ["look", "paper"])
def test_a_look_ten_bits_away_is_found_and_one_of_eleven_is_not(
    registry: Registry, kind: str
) -> None:
    registry.remember(screening(prints("a", **{kind: looks(0)}), "A"))

    near = registry.find(prints("b", **{kind: looks(10)}), campaign=CAMPAIGN, submission="B")
    far = registry.find(prints("c", **{kind: looks(11)}), campaign=CAMPAIGN, submission="C")

    assert found(near) == [("A", Relation.SAME_IMAGE)]
    assert near[0].distance == {kind: 10}
    assert far == ()


@pytest.mark.parametrize("key", [approval("1"), minute("1"), card("1")], ids=lambda key: key.kind)
def test_a_transaction_key_in_common_is_found(registry: Registry, key: object) -> None:
    registry.remember(screening(prints("a", key), "A"))

    matches = registry.remember(screening(prints("b", key), "B"))

    assert found(matches) == [("A", Relation.SAME_RECEIPT)]


def test_keys_of_different_kinds_with_the_same_text_have_nothing_in_common(
    registry: Registry,
) -> None:
    registry.remember(screening(prints("a", approval("1")), "A"))

    assert registry.remember(screening(prints("b", minute("1")), "B")) == ()


def test_another_campaign_is_another_world(registry: Registry) -> None:
    registry.remember(screening(prints("a", approval("1"), look=looks(0)), "A"))

    again = prints("a", approval("1"), look=looks(0))

    assert registry.remember(screening(again, "B", campaign="another")) == ()


def test_each_earlier_submission_is_named_once_by_its_strongest_relation(
    registry: Registry,
) -> None:
    registry.remember(screening(prints("a1", approval("1")), "A"))
    registry.remember(screening(prints("a2", approval("1"), look=looks(0)), "A"))
    registry.remember(screening(prints("b", approval("1")), "B"))

    matches = registry.remember(screening(prints("c", approval("1"), look=looks(1)), "C"))

    assert found(matches) == [("A", Relation.SAME_IMAGE), ("B", Relation.SAME_RECEIPT)]


# ── the same submission again ────────────────────────────────────────────────────────────────


def test_a_submission_is_not_its_own_duplicate(registry: Registry) -> None:
    for _ in range(3):
        assert registry.remember(screening(prints("a", approval("1")), "A")) == ()

    [campaign] = registry.info().campaigns
    assert (campaign.submissions, campaign.photos) == (1, 1)


def test_a_submission_screened_again_does_not_match_what_came_after_it(
    registry: Registry,
) -> None:
    first = prints("a", approval("1"))
    registry.remember(screening(first, "A"))
    registry.remember(screening(prints("b", approval("1")), "B"))

    assert registry.find(first, campaign=CAMPAIGN, submission="A") == ()
    assert registry.remember(screening(first, "A")) == ()


def test_a_second_photo_of_a_submission_keeps_the_place_of_the_first(registry: Registry) -> None:
    """An honest neighbour who sends a sharper photo isn't a copy of who copied the first."""
    registry.remember(screening(prints("a", approval("1")), "A"))
    registry.remember(screening(prints("b", approval("1")), "B"))

    assert registry.remember(screening(prints("a sharper", approval("1")), "A")) == ()


def test_a_second_photo_of_another_receipt_gets_no_older_place(registry: Registry) -> None:
    """Who is remembered early can't hand in somebody else's receipt under that place later."""
    registry.remember(screening(prints("a", approval("1")), "A"))
    registry.remember(screening(prints("b", approval("2")), "B"))

    matches = registry.remember(screening(prints("a2", approval("2")), "A"))

    assert found(matches) == [("B", Relation.SAME_RECEIPT)]
    [campaign] = registry.info().campaigns
    assert (campaign.submissions, campaign.photos) == (2, 3)


def test_a_photo_read_better_the_second_time_is_found_by_its_new_key(registry: Registry) -> None:
    registry.remember(screening(prints("a"), "A"))
    registry.remember(screening(prints("a", approval("1")), "A"))

    matches = registry.remember(screening(prints("b", approval("1")), "B"))

    assert found(matches) == [("A", Relation.SAME_RECEIPT)]


# ── honest neighbours ────────────────────────────────────────────────────────────────────────


def test_two_receipts_of_one_template_are_no_duplicates_however_alike(registry: Registry) -> None:
    registry.remember(screening(prints("a", approval("1"), look=looks(0)), "A"))

    matches = registry.remember(screening(prints("b", approval("2"), look=looks(2)), "B"))

    assert found(matches) == [("A", Relation.SAME_TEMPLATE)]
    assert matches[0].differs == ("approval",)


def test_of_a_busy_shops_template_only_a_few_are_named(registry: Registry) -> None:
    for number in range(9):
        of = prints(f"{number}", approval(f"{number}"), look=looks(number))
        registry.remember(screening(of, f"S{number}"))

    of = prints("new", approval("new"), look=looks(0))
    matches = registry.find(of, campaign=CAMPAIGN, submission="N")

    assert [match.submission for match in matches] == ["S0", "S1", "S2", "S3", "S4"]


def test_two_friends_paying_the_same_in_one_minute_are_two_entries(registry: Registry) -> None:
    registry.remember(screening(prints("a", approval("1"), minute("m"), card("c")), "A"))

    assert (
        registry.remember(screening(prints("b", approval("2"), minute("m"), card("d")), "B")) == ()
    )


def slip(name: str, look: str | None = None, **changes: str) -> Fingerprints:
    """A photo of one card slip, but for the changes."""
    read = {
        "business_number": "5058124020",
        "approval_number": "00652378",
        "date": "2025-01-20",
        "second": "10:12:33",
        "amount": "50000",
        "card": "1234",
        **changes,
    }
    shop, day, amount = read["business_number"], read["date"], read["amount"]
    keys = [
        approval("|".join((shop, read["approval_number"], day))),
        minute("|".join((shop, day, read["second"][:5], amount))),
    ]
    read["minute"] = read["second"][:5]
    said = text(amount, "1234", serials=(read["approval_number"], "771234", "990017"))
    return prints(name, *keys, look=look, fields=values(**read), text=said)


@pytest.mark.parametrize(
    ("field", "value"),
    [("amount", "150000"), ("date", "2025-01-29"), ("approval_number", "00652379")],
)
def test_a_copy_with_one_value_altered_is_called_so_and_the_value_named(
    registry: Registry, field: str, value: str
) -> None:
    registry.remember(screening(slip("a"), "A"))

    [match] = registry.remember(screening(slip("b", **{field: value}), "B"))

    assert match.relation is Relation.ALTERED_COPY
    assert match.differs == (field,)


def test_a_photo_with_a_background_seen_before_cannot_say_another_amount(
    registry: Registry,
) -> None:
    registry.remember(
        screening(prints("a", look=looks(0), flat=False, fields=values(amount="1")), "A")
    )

    altered = prints("b", look=looks(3), flat=False, fields=values(amount="2"))
    unlike = prints("c", look=looks(60), flat=False, fields=values(amount="2"))

    assert found(registry.find(altered, campaign=CAMPAIGN, submission="B")) == [
        ("A", Relation.ALTERED_COPY)
    ]
    assert registry.find(unlike, campaign=CAMPAIGN, submission="C") == ()


def test_a_neighbour_at_the_same_till_is_no_altered_copy(registry: Registry) -> None:
    """Another approval number, another card, some seconds later, the next slip."""
    registry.remember(screening(slip("a", look=looks(0)), "A"))

    neighbour = slip("b", look=looks(2), approval_number="00652391", card="8812", second="10:12:51")
    neighbour = neighbour.model_copy(update={"text": text("50000", serials=("00652391", "771235"))})

    assert found(registry.remember(screening(neighbour, "B"))) == [("A", Relation.SAME_TEMPLATE)]


def test_the_same_numbers_find_a_receipt_whose_keys_were_not_read(registry: Registry) -> None:
    registry.remember(screening(prints("a", text=SAYS_MUCH), "A"))

    [match] = registry.remember(screening(prints("b", text=SAYS_MUCH), "B"))

    assert (match.relation, match.agrees) == (Relation.SAME_RECEIPT, ("text",))
    assert match.probability is not None
    assert match.probability >= RelationSettings().same


def test_the_number_of_a_busy_terminal_finds_nobody(registry: Registry) -> None:
    answers = [
        registry.remember(screening(prints(f"{number}", text=SAYS_MUCH), f"S{number}"))
        for number in range(25)
    ]

    assert [len(matches) for matches in answers] == [*range(21), 0, 0, 0, 0]
    # … and it stays that way for who came early.
    early = registry.find(prints("3", text=SAYS_MUCH), campaign=CAMPAIGN, submission="S3")
    assert [match.submission for match in early] == ["S0", "S1", "S2"]


# ── what people say of a pair ────────────────────────────────────────────────────────────────


def test_a_pair_marked_distinct_is_no_match_any_more_until_it_is_unmarked(
    registry: Registry,
) -> None:
    registry.remember(screening(prints("a", approval("1")), "A"))
    again = prints("b", approval("1"))
    registry.mark_distinct("B", "A", campaign=CAMPAIGN)
    registry.mark_distinct("A", "B", campaign=CAMPAIGN)

    assert registry.find(again, campaign=CAMPAIGN, submission="B") == ()
    assert registry.remember(screening(again, "B")) == ()
    assert found(registry.find(again, campaign=CAMPAIGN, submission="C")) == [
        ("B", Relation.SAME_FILE),
        ("A", Relation.SAME_RECEIPT),
    ]

    registry.unmark_distinct("A", "B", campaign=CAMPAIGN)
    registry.unmark_distinct("A", "B", campaign=CAMPAIGN)

    assert found(registry.find(again, campaign=CAMPAIGN, submission="B")) == [
        ("A", Relation.SAME_RECEIPT)
    ]


def test_linked_submissions_are_one_group_and_a_template_links_nobody(registry: Registry) -> None:
    registry.remember(screening(prints("a", approval("1"), look=looks(0)), "A"))
    registry.remember(screening(prints("x", approval("2"), look=looks(1)), "X"))
    registry.remember(screening(prints("b", approval("1")), "B"))
    registry.remember(screening(prints("y"), "Y"))
    registry.remember(screening(prints("c", approval("1")), "C"))

    [group] = registry.groups(CAMPAIGN)

    assert group.submissions == ("A", "B", "C")
    assert [(link.earlier, link.later) for link in group.links] == [
        ("A", "B"),
        ("A", "C"),
        ("B", "C"),
    ]
    assert registry.groups(CAMPAIGN, "B") == (group,)
    assert registry.groups(CAMPAIGN, "X") == registry.groups("another") == ()


def test_a_pair_marked_distinct_links_nobody(registry: Registry) -> None:
    registry.remember(screening(prints("a", approval("1")), "A"))
    registry.remember(screening(prints("b", approval("1")), "B"))
    registry.mark_distinct("A", "B", campaign=CAMPAIGN)

    assert registry.groups(CAMPAIGN) == ()


# ── velocity ─────────────────────────────────────────────────────────────────────────────────

DAY = dt.timedelta(hours=24)


def often(registry: Registry, of: Screening) -> dict[str, int]:
    return {each.party.value: each.submissions for each in registry.frequencies(of, DAY)}


def paid(name: str, submitter: str | None = None, hours: float = 0, **read: str) -> Screening:
    """A submission so many hours after the first."""
    made = screening(prints(name, fields=values(**read)), name)
    later = RECEIVED + dt.timedelta(hours=hours)
    return made.model_copy(update={"submitter": submitter, "received": later})


def test_submitter_card_and_shop_are_counted_within_the_window(registry: Registry) -> None:
    registry.remember(paid("A", "kim", 0, card="1234", business_number="505"))
    registry.remember(paid("B", "kim", 20, card="1234", business_number="505"))
    registry.remember(paid("C", "lee", 30, card="1234"))

    assert often(registry, paid("D", "kim", 23, card="1234", business_number="505")) == {
        "submitter": 3,
        "card": 3,
        "shop": 3,
    }
    assert often(registry, paid("E", "kim", 31, card="9999")) == {"submitter": 2}
    assert often(registry, paid("F", None, 31, card="1234")) == {"card": 3}
    assert often(registry, paid("G", "new", 31)) == {}


def test_a_submission_counts_once_and_only_what_came_before_it(registry: Registry) -> None:
    first, second = paid("A", "kim", 0), paid("B", "kim", 1)
    for each in (first, first, second, paid("A", "kim", 0).model_copy()):
        registry.remember(each)

    assert often(registry, first) == {}
    assert often(registry, second) == {"submitter": 2}


def test_another_campaigns_submissions_dont_count(registry: Registry) -> None:
    other = paid("A", "kim")
    facts = other.campaign.model_copy(update={"name": "another"})
    registry.remember(other.model_copy(update={"campaign": facts}))

    assert often(registry, paid("B", "kim", 1)) == {}


# ── showing and deleting ─────────────────────────────────────────────────────────────────────

RICH = {"look": looks(0), "text": SAYS_MUCH, "fields": values(amount="50000", card="1234")}


def test_all_that_is_held_is_shown(registry: Registry) -> None:
    registry.remember(screening(prints("a", approval("1"), **RICH), "A"))
    registry.remember(screening(prints("b", approval("1")), "B"))

    one, other = registry.export()

    assert (one.submission, one.look, one.paper) == ("A", looks(0), None)
    assert (set(one.keys), set(one.fields), set(one.parties)) == (
        {"approval"},
        {"amount", "card"},
        {"card"},
    )
    assert one.numbers == len(SAYS_MUCH.numbers)
    assert other.matched == {"A": "same_receipt"}
    assert [each.submission for each in registry.export(submission="B")] == ["B"]
    assert list(registry.export("another")) == []


def test_what_is_exported_can_be_forgotten_on_the_way(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is held while the caller looks at a photo, however many more there are."""
    monkeypatch.setattr(upkeep, "AT_ONCE", 2)
    for name in "ABCDE":
        registry.remember(screening(prints(name.lower()), name))

    def forget_all() -> None:
        for held in registry.export():
            registry.forget(held.submission, campaign=CAMPAIGN)

    going = threading.Thread(target=forget_all, daemon=True)
    going.start()
    going.join(20)

    assert not going.is_alive()
    assert list(registry.export()) == []


def test_a_name_that_cannot_be_stored_is_refused_when_it_is_asked_for(registry: Registry) -> None:
    for ask in (
        lambda: list(registry.export("\udcff")),
        lambda: list(registry.export(submission="\udcff")),
        lambda: list(registry.groups("\udcff")),
    ):
        with pytest.raises(RegistryError) as caught:
            ask()
        assert caught.value.key == "registry.bad_name"


def test_what_is_forgotten_is_found_and_linked_no_more(registry: Registry) -> None:
    registry.remember(screening(prints("a", approval("1")), "A"))
    registry.remember(screening(prints("a2", approval("1")), "A"))
    registry.remember(screening(prints("b", approval("1")), "B"))
    registry.mark_distinct("A", "B", campaign=CAMPAIGN)

    assert registry.forget("A", campaign=CAMPAIGN) == 2
    assert registry.forget("A", campaign=CAMPAIGN) == 0

    assert registry.groups(CAMPAIGN) == ()
    assert [each.submission for each in registry.export()] == ["B"]
    assert found(registry.find(prints("a", approval("1")), campaign=CAMPAIGN, submission="N")) == [
        ("B", Relation.SAME_RECEIPT)
    ]


def ending(made: Screening, ends: dt.date | None) -> Screening:
    facts = made.campaign.model_copy(update={"ends": ends})
    return made.model_copy(update={"campaign": facts})


def test_of_a_campaign_that_goes_on_a_purge_leaves_the_keyed_hashes(registry: Registry) -> None:
    today = RECEIVED.date()
    registry.remember(ending(screening(prints("a", approval("1"), **RICH), "A"), today))

    [purged] = registry.purge(RECEIVED + DAY, today=today)

    assert (purged.reduced, purged.deleted) == (1, 0)
    assert registry.purge(RECEIVED + DAY, today=today) == ()
    [left] = registry.export()
    assert (left.look, left.fields, left.numbers, left.parties) == (None, {}, 0, {})
    # The same receipt is still known, by its key; its text and look are not.
    again = registry.find(prints("b", approval("1")), campaign=CAMPAIGN, submission="B")
    assert found(again) == [("A", Relation.SAME_RECEIPT)]
    alike = registry.find(prints("c", **RICH), campaign=CAMPAIGN, submission="C")
    assert alike == ()


def test_of_a_campaign_that_is_over_a_purge_leaves_nothing_received_before(
    registry: Registry,
) -> None:
    over = RECEIVED.date()
    registry.remember(ending(screening(prints("a", approval("1")), "A"), over))
    late = screening(prints("b", approval("1")), "B").model_copy(
        update={"received": RECEIVED + 2 * DAY}
    )
    registry.remember(ending(late, over))

    [purged] = registry.purge(RECEIVED + DAY, today=over + DAY)

    assert (purged.campaign, purged.reduced, purged.deleted) == (CAMPAIGN, 0, 1)
    assert [each.submission for each in registry.export()] == ["B"]
    assert registry.groups(CAMPAIGN) == ()


def test_a_purge_of_what_came_later_changes_nothing(registry: Registry) -> None:
    registry.remember(screening(prints("a", **RICH), "A"))

    assert registry.purge(RECEIVED, today=dt.date(2030, 1, 1)) == ()
    assert next(iter(registry.export())).look == looks(0)


# ── what is told of a registry, and refused ──────────────────────────────────────────────────


def test_info_counts_submissions_and_photos_of_each_campaign(registry: Registry) -> None:
    registry.remember(screening(prints("a"), "A"))
    registry.remember(screening(prints("b"), "B"))
    registry.remember(screening(prints("c"), "C", campaign="Another"))

    info = registry.info()

    assert (info.submissions, info.photos) == (3, 3)
    assert [(one.campaign, one.submissions) for one in info.campaigns] == [
        ("Another", 1),
        (CAMPAIGN, 2),
    ]
    assert info.campaigns[0].first_received == info.campaigns[0].last_received == RECEIVED
    assert info.campaigns[0].last_remembered <= dt.datetime.now(dt.UTC)


def test_a_time_without_a_zone_is_refused(registry: Registry) -> None:
    naive = screening(prints("a"), "A").model_copy(update={"received": dt.datetime(2025, 1, 20)})

    with pytest.raises(RegistryError, match="no time zone"):
        registry.remember(naive)


@pytest.mark.parametrize("name", ["\0", "\udcff"])
def test_a_name_that_is_no_text_is_refused(registry: Registry, name: str) -> None:
    with pytest.raises(RegistryError, match="can't be stored"):
        registry.remember(screening(prints("a"), name))
    with pytest.raises(RegistryError, match="can't be stored"):
        registry.find(prints("a"), campaign=name, submission="A")


@pytest.mark.parametrize(
    "name", ["2025-000123", "영수증 (1).jpg", "'; DROP TABLE x; --", "a" * 5000]
)
def test_any_other_name_comes_back_as_it_was(registry: Registry, name: str) -> None:
    registry.remember(screening(prints("a"), name, campaign=name))

    [match] = registry.find(prints("a"), campaign=name, submission="B")

    assert match.submission == name


def test_threads_share_one_registry_and_one_of_them_is_first(registry: Registry) -> None:
    answers: list[tuple[Match, ...]] = []
    barrier = threading.Barrier(8)

    def hand_in(number: int) -> None:
        barrier.wait()
        for receipt in range(5):
            of = prints(f"{number} {receipt}", approval(f"{receipt}"))
            answers.append(registry.remember(screening(of, f"S{number} {receipt}")))

    threads = [threading.Thread(target=hand_in, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(len(matches) for matches in answers) == sorted([*range(8)] * 5)


# ── several processes ────────────────────────────────────────────────────────────────────────


def test_a_registry_sees_what_another_one_remembers(url: str) -> None:
    with open_registry(url) as one, open_registry(url) as other:
        for number in range(3):
            of = prints(f"a{number}", approval(f"{number}"), look=sha(f"look {number}"))
            one.remember(screening(of, f"A{number}"))
            again = prints(f"b{number}", look=sha(f"look {number}"))

            matches = other.find(again, campaign=CAMPAIGN, submission="B")

            assert found(matches) == [(f"A{number}", Relation.SAME_IMAGE)]


@contextmanager
def process(
    target: Callable[..., None], *arguments: object
) -> Iterator[tuple[BaseProcess, Connection]]:
    """Another process, and the end of a pipe at which its answers arrive."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    started = context.Process(target=target, args=(*arguments, theirs))
    started.start()
    theirs.close()
    with closing(ours):
        try:
            yield started, ours
        finally:
            started.kill()
            started.join()


@pytest.mark.slow
def test_of_two_processes_with_one_receipt_at_once_exactly_one_is_first(url: str) -> None:
    barrier = multiprocessing.get_context("spawn").Barrier(2, timeout=60)
    with (
        process(hand_in_at_once, url, "A", ROUNDS, barrier) as (_, of_one),
        process(hand_in_at_once, url, "B", ROUNDS, barrier) as (_, of_other),
    ):
        answers = [(of_one.recv(), of_other.recv()) for _ in range(ROUNDS)]

    for number, answer in enumerate(answers):
        assert answer in (([], [f"A {number}"]), ([f"B {number}"], []))


@pytest.mark.slow
def test_a_process_killed_while_remembering_loses_nothing_it_has_told_of(url: str) -> None:
    told: list[str] = []
    for life in range(4):
        with process(hand_in_for_ever, url, f"life {life}") as (victim, answers):
            told += [answers.recv() for _ in range(20 + 7 * life)]
            victim.kill()
            victim.join()
            told += _rest(answers)
            assert victim.exitcode == -signal.SIGKILL

    with open_registry(url) as registry:
        for submission in told:
            # Found by file and by key: neither is stored without the other.
            of = prints(submission, approval(submission))
            [match] = registry.find(of, campaign=CAMPAIGN, submission="another")
            assert match.agrees == ("file", "pixels", "approval")
        # At most the one that each life was busy with when it ended is stored untold.
        assert len(told) <= registry.info().photos <= len(told) + 4


def _rest(answers: Connection) -> list[str]:
    rest: list[str] = []
    try:
        while answers.poll():
            rest.append(answers.recv())
    except EOFError:
        pass
    return rest
