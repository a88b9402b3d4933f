"""A match is shown with what its picture says, framed and numbered, and with nothing private."""

from __future__ import annotations

import datetime as dt

import cases
import desks
import pytest

from receipt_screen.compare import Comparison, Difference
from receipt_screen.desk.dossier import Dossier, Picture
from receipt_screen.geometry import Box, Quad, Transform
from receipt_screen.records import Match, Relation
from receipt_screen.report.matches import MatchRow
from receipt_screen.report.sheet import Sheet, make_sheet

PICTURE = Picture(file="a.jpg", width=1000, height=1400, to_picture=Transform.identity())
PLACE = Quad.from_box(Box(300, 500, 460, 540))
EARLIER = Dossier.of(desks.judged(desks.placed(), "2025-1"), pictures=(PICTURE,))


def difference(field: str | None) -> Difference:
    return Difference(field=field, earlier=(PLACE,), later=(PLACE,))


def sheet_of(relation: Relation, *differs: Difference, distance: float = 0.99) -> Sheet:
    match = Match(submission="2025-1", relation=relation, differs=("amount",))
    comparison = Comparison(
        relation=relation, probability=0.9, differs=differs, distance={"fit": distance}
    )
    screening = desks.judged(desks.placed(amount=cases.found(300_000)), "2025-2", (match,))
    later = Dossier.of(screening, pictures=(PICTURE,), compared={"2025-1": comparison})
    stored = Dossier.unpacked(later.packed())
    return make_sheet(2, stored, lambda _: (1, EARLIER), "ko", dt.UTC)


def row_of(relation: Relation, *differs: Difference, distance: float = 0.99) -> MatchRow:
    (row,) = sheet_of(relation, *differs, distance=distance).matches
    return row


def test_what_the_pictures_show_to_differ_is_framed_on_both_and_said() -> None:
    row = row_of(Relation.ALTERED_COPY, difference("amount"))

    assert [frame.number for frame in row.here] == [frame.number for frame in row.there] == [1]
    assert row.seen[0].startswith("두 사진을 포개 비교: 고친 사본")
    assert row.seen[1] == "1. 결제금액: 100,000원 → 300,000원"


def test_a_field_whose_values_were_read_alike_is_only_named() -> None:
    assert row_of(Relation.ALTERED_COPY, difference("date")).seen[1] == "1. 결제일"


def test_a_frame_leaves_what_it_frames_in_view() -> None:
    (frame,) = row_of(Relation.ALTERED_COPY, difference("amount")).here
    top = min(float(point.split(",")[1]) for point in frame.points.split())

    assert top < PLACE.box.top


@pytest.mark.parametrize("field", [None, "card"])
def test_what_nobody_decides_on_is_not_quoted(field: str | None) -> None:
    row = row_of(Relation.ALTERED_COPY, difference(field))

    assert row.seen[1] == "1. 인쇄 내용"


def test_pictures_that_do_not_lie_on_each_other_are_said_to_be_compared_by_text() -> None:
    row = row_of(Relation.SAME_RECEIPT, distance=0.0)

    assert row.seen == ("두 사진이 포개지지 않아 읽은 내용으로만 비교했습니다.",)


def test_without_pictures_the_fields_that_were_read_to_differ_are_framed() -> None:
    match = Match(submission="2025-1", relation=Relation.ALTERED_COPY, differs=("amount",))
    later = Dossier.of(desks.judged(desks.placed(), "2025-2", (match,)), pictures=(PICTURE,))
    (row,) = make_sheet(2, later, lambda _: (1, EARLIER), "ko", dt.UTC).matches

    assert len(row.here) == len(row.there) == 1
    assert row.seen == ()


def test_the_first_match_with_a_picture_stands_beside() -> None:
    sheet = sheet_of(Relation.SAME_IMAGE)

    assert sheet.beside is sheet.matches[0]
    assert sheet.blinded().beside is sheet.beside
