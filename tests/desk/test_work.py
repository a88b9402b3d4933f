"""Reviewers at one desk: nobody gets what another has, nothing is decided twice, all is kept."""

from __future__ import annotations

import datetime as dt
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import desks
import pytest
from sqlalchemy import Select

from receipt_screen.desk import work as work_module
from receipt_screen.desk.chain import EventKind, first_broken
from receipt_screen.desk.dossier import Dossier
from receipt_screen.desk.purge import purge
from receipt_screen.desk.store import Desk, open_desk
from receipt_screen.desk.work import Decision, Place, Work, counts, last_number
from receipt_screen.errors import RegistryError, UsageError
from receipt_screen.records import Verdict
from receipt_screen.review.judge import Judge


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desks.fill(tmp_path, 10, draw=1) as filled:
        yield filled


@pytest.fixture
def judge() -> Judge:
    return Judge(desks.campaign_of(), "ko")


def take(work: Work, desk: Desk) -> Place:
    row = work.next()
    assert row is not None
    return Place(row.number, last_number(desk, row.submission))


# ── the queue ────────────────────────────────────────────────────────────────────────────────


def test_matches_come_first_and_the_unreadable_last(desk: Desk) -> None:
    work = Work(desk, "김")
    seen = []
    while (row := work.next()) is not None:
        seen.append(row)
        work.decide(Place(row.number, last_number(desk, row.submission)), Decision.NEW_PHOTO)

    ranks = [("match", "2025-000003"), ("match", "2025-000008")]
    assert [row.submission for row in seen[:2]] == [name for _, name in ranks]
    assert [row.verdict for row in seen[-2:]] == [Verdict.UNREADABLE] * 2
    assert all(row.verdict is not Verdict.ELIGIBLE or row.audited for row in seen)


def test_of_all_likely_passes_the_asked_for_share_is_audited(tmp_path: Path) -> None:
    with desks.fill(tmp_path, 10, audit=1.0, draw=1) as desk:
        passes = [row for row in desk.rows() if row.verdict is Verdict.ELIGIBLE]
        assert passes
        assert all(row.audited for row in passes)
        assert counts(desk).waiting == 10


def test_doubtful_submissions_are_shown_blind_among_the_audited(tmp_path: Path) -> None:
    with desks.fill(tmp_path, 40, audit=0.5, draw=1) as desk:
        blind = [row for row in desk.rows() if row.blind]
        verdicts = {row.verdict for row in blind}

        assert verdicts == {Verdict.ELIGIBLE, Verdict.REVIEW}
        assert all(row.blind for row in desk.rows() if row.audited)
        assert not {row.submission for row in blind} & {"2025-000003", "2025-000008"}


def test_without_an_audit_nothing_is_shown_blind(desk: Desk) -> None:
    assert not any(row.blind or row.audited for row in desk.rows())


def test_a_reviewer_gets_the_same_submission_until_it_is_decided(desk: Desk) -> None:
    work = Work(desk, "김")

    assert work.next() == work.next() or work.next() is not None
    first, again = work.next(), work.next()
    assert first is not None
    assert again is not None
    assert first.number == again.number


def test_two_reviewers_never_hold_one_submission(desk: Desk) -> None:
    one, other = Work(desk, "김").next(), Work(desk, "이").next()

    assert one is not None
    assert other is not None
    assert one.number != other.number


def test_many_at_once_each_get_their_own(desk: Desk) -> None:
    got: list[int] = []

    def claim(name: str) -> None:
        with open_desk(desk.folder) as own:
            row = Work(own, name).next()
            got.append(row.number if row else -1)

    threads = [threading.Thread(target=claim, args=(f"r{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(got) == len(set(got)) == 8


def test_a_claim_ends_after_a_while(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work_module, "HOLD", dt.timedelta(0))
    asleep = Work(desk, "김")
    place = take(asleep, desk)
    monkeypatch.setattr(work_module, "HOLD", dt.timedelta(minutes=10))

    taken = Work(desk, "이").next()

    assert taken is not None
    assert taken.number == place.number
    assert not asleep.renew(place.number)
    with pytest.raises(UsageError, match="your hold on it has ended"):
        asleep.decide(place, Decision.APPROVED)


def test_the_next_submission_is_found_without_sorting_the_queue(desk: Desk) -> None:
    now = dt.datetime.now(dt.UTC)
    free, held = plan_of(desk, work_module._free(now)), plan_of(desk, work_module._held("김", now))

    assert "submissions_waiting" in free
    assert "TEMP B-TREE" not in free
    assert "submissions_claims" in held


def plan_of(desk: Desk, query: Select[Any]) -> str:
    sql = query.compile(compile_kwargs={"literal_binds": True})
    with desk.database.reading() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}")
        return " ".join(str(row) for row in rows)


def test_what_is_put_off_comes_last(desk: Desk) -> None:
    work = Work(desk, "김")
    place = take(work, desk)
    work.decide(place, Decision.DEFERRED)

    following = work.next()

    assert following is not None
    assert following.number != place.number
    assert counts(desk).decided == 0


# ── steps ────────────────────────────────────────────────────────────────────────────────────


def test_a_submission_is_decided_once(desk: Desk) -> None:
    work = Work(desk, "김")
    place = take(work, desk)
    work.decide(place, Decision.APPROVED)

    with pytest.raises(UsageError, match="decided already"):
        work.decide(place, Decision.REJECTED, "duplicate")


def test_a_rejection_needs_a_reason(desk: Desk) -> None:
    work = Work(desk, "김")

    with pytest.raises(UsageError, match="choose a reason"):
        work.decide(take(work, desk), Decision.REJECTED, "because")


def test_a_page_that_is_out_of_date_decides_nothing(desk: Desk, judge: Judge) -> None:
    work = Work(desk, "김")
    place = take(work, desk)
    change = {"field": "amount", "old": 100_003, "new": 100_000}
    work.change(place, EventKind.EDITED, change, judge)

    with pytest.raises(UsageError, match="it has changed since"):
        work.decide(place, Decision.APPROVED)


def test_an_edit_turns_the_verdict_and_undo_turns_it_back(tmp_path: Path, judge: Judge) -> None:
    with desks.fill(tmp_path, 3, draw=1) as desk:
        work = Work(desk, "김")
        place = take(work, desk)
        before = desk.dossier(place.number)
        assert before is not None
        assert before.verdict is not Verdict.ELIGIBLE
        change = {"field": "amount", "old": 100_001, "new": 100_000}

        after = work.change(place, EventKind.EDITED, change, judge)

        assert after.verdict is Verdict.ELIGIBLE
        assert desk.dossier(place.number) == after
        assert desk.dossier(place.number, original=True) == before
        undone = work.undo(judge)
        assert undone is not None
        assert desk.dossier(place.number) == before


def test_undo_opens_a_decision_again_for_who_made_it(desk: Desk, judge: Judge) -> None:
    work = Work(desk, "김")
    place = take(work, desk)
    work.decide(place, Decision.APPROVED)
    work.next()

    undone = work.undo(judge)

    assert undone is not None
    row = desk.row(place.number)
    assert row is not None
    assert row.state == "open"
    assert row.claimed_by == "김"
    assert Work(desk, "이").undo(judge) is None


def test_nobody_takes_back_what_another_has_gone_on_with(
    desk: Desk, judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = Work(desk, "김")
    place = take(work, desk)
    work.decide(place, Decision.DEFERRED)
    with desk.database.writing("test") as connection:
        connection.exec_driver_sql("UPDATE submissions SET queued = 0 WHERE state = 'open'")
    taken = Work(desk, "이").next()
    assert taken is not None
    assert taken.number == place.number

    with pytest.raises(UsageError, match="another reviewer has gone on"):
        work.undo(judge)


# ── what is kept ─────────────────────────────────────────────────────────────────────────────


def test_everything_is_still_there_after_a_crash(desk: Desk) -> None:
    work = Work(desk, "김")
    place = take(work, desk)
    work.decide(place, Decision.REJECTED, "duplicate", "메모")
    held = take(work, desk)

    with open_desk(desk.folder) as again:  # the first was never closed
        row = again.row(place.number)
        assert row is not None
        assert row.state == "rejected"
        still = Work(again, "김").next()
        assert still is not None
        assert still.number == held.number
        (event,) = [event for event in again.events() if event.kind is EventKind.DECIDED]
        assert event.detail is not None
        assert (event.detail["reason"], event.detail["note"]) == ("duplicate", "메모")
        assert event.detail["versions"]["receipt_screen"]


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM events", "UPDATE events SET reviewer = 'x'", "UPDATE events SET detail = '{}'"],
)
def test_the_record_can_only_grow(desk: Desk, statement: str) -> None:
    work = Work(desk, "김")
    work.decide(take(work, desk), Decision.APPROVED)

    connection = sqlite3.connect(desk.folder / "desk.db")
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(statement)
    connection.close()


def test_a_photo_that_was_replaced_is_undecided(desk: Desk) -> None:
    work = Work(desk, "김")
    place = take(work, desk)
    work.decide(place, Decision.REJECTED, "unreadable")
    row = desk.row(place.number)
    assert row is not None
    findings = desks.with_file(desks.placed(), 999)
    dossier = Dossier.of(desks.judged(findings, row.submission))

    for _ in range(2):
        desk.add(dossier, desks.campaign_of(), desk.facts())

    replaced = desk.row(place.number)
    assert replaced is not None
    assert replaced.state == "open"
    kinds = [event.kind for event in desk.events(row.submission)]
    assert kinds == [EventKind.DECIDED, EventKind.REPLACED]


def test_purging_deletes_text_and_pictures_and_keeps_decisions(desk: Desk, judge: Judge) -> None:
    work = Work(desk, "김")
    place = take(work, desk)
    change = {"field": "merchant", "old": "한들콩나물국밥", "new": "한들"}
    work.change(place, EventKind.EDITED, change, judge)
    work.decide(Place(place.number, last_number(desk, "2025-000003")), Decision.APPROVED)
    (desk.folder / "report.html").write_text("text of receipts")

    done = purge(desk, dt.date(2025, 1, 22))

    assert done.submissions == 10
    assert not list(desk.pictures.iterdir())
    assert not (desk.folder / "report.html").exists()
    assert desk.dossier(place.number) is None
    assert counts(desk).decided == 1
    assert first_broken(desk.events(), desk.key()) is None
    assert "한들" not in str([event.detail for event in desk.events()])
    assert purge(desk, dt.date(2025, 1, 22)).submissions == 0


def test_a_folder_without_a_batch_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="run a batch first"), open_desk(tmp_path):
        pass


def test_a_damaged_file_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "desk.db").write_bytes(b"no database")

    with pytest.raises(RegistryError, match="damaged"), open_desk(tmp_path):
        pass
    assert (tmp_path / "desk.db").read_bytes() == b"no database"
