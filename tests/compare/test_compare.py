"""Two pictures laid on each other: copies, altered copies, and neighbours that only look alike."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest

from receipt_screen.compare import Comparison, Side, compare, comparison_json
from receipt_screen.geometry import Box, Quad, Transform
from receipt_screen.prints import take_prints
from receipt_screen.records import (
    Findings,
    Line,
    Page,
    Paper,
    PaperFacts,
    Photo,
    PhotoFacts,
    Pixels,
    Relation,
)
from tests.cases import fields, found, missing, page, quality

WIDTH, HEIGHT, STEP = 620, 900, 60
SLIP = (
    "NO 004471 POS 01",
    "2025-01-20 10:12:33",
    "505-81-24020",
    "CARD 1234-56**-****-1234",
    "APPROVAL 00652378",
    "ITEM 4101  1 x 50,000",
    "SUPPLY 45,454",
    "VAT 4,546",
    "TOTAL 50,000",
    "TERMINAL 77120049",
)
NEIGHBOUR = (
    "NO 004519 POS 01",
    "2025-01-20 12:40:07",
    "505-81-24020",
    "CARD 9410-11**-****-8805",
    "APPROVAL 31188260",
    "ITEM 4101  1 x 50,000",
    "SUPPLY 45,454",
    "VAT 4,546",
    "TOTAL 50,000",
    "TERMINAL 77120049",
)


def box_of(row: int, text: str) -> Box:
    top = 70 + STEP * row
    (width, height), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_DUPLEX, 0.9, 2)
    return Box(40, top, 40 + width, top + height)


def printed(rows: tuple[str, ...]) -> Pixels:
    """An e-receipt: flat, white, in one font."""
    image = np.full((HEIGHT, WIDTH, 3), 250, np.uint8)
    cv2.rectangle(image, (0, 0), (WIDTH, 46), (150, 90, 30), -1)
    for number, text in enumerate(rows):
        box = box_of(number, text)
        place = int(box.left), int(box.bottom)
        cv2.putText(image, text, place, cv2.FONT_HERSHEY_DUPLEX, 0.9, (20, 20, 20), 2)
    return image


def read(rows: tuple[str, ...], pixels: Pixels, to: Transform, **changes: Any) -> Side:
    """A side whose lines are where they were printed, moved by `to`."""
    height, width = pixels.shape[:2]
    facts = PhotoFacts(
        file="a.png", sha256=f"{int(pixels.sum()):064x}", bytes=1, format="PNG",
        width=width, height=height,
    )  # fmt: skip
    photo = Photo(facts=facts, pixels=pixels, to_full=Transform.identity())
    quads = [to.quad(Quad.from_box(box_of(number, text))) for number, text in enumerate(rows)]
    lines = tuple(
        Line(text=text, quad=quad, confidence=0.99) for text, quad in zip(rows, quads, strict=True)
    )
    whole: Page = page().model_copy(update={"lines": lines, "width": width, "height": height})
    said = fields(
        **{
            "amount": found(int(rows[8].split()[-1].replace(",", ""))),
            "date": changes.get("date") or found(dt.date.fromisoformat(rows[1][:10])),
            "time": changes.get("time") or found(rows[1][11:]),
            "approval_number": found(rows[4].split()[-1]),
            "card": found(f"…-****-****-{rows[3][-4:]}"),
            **changes,
        }
    )
    said = said.model_copy(
        update={
            name: getattr(said, name).model_copy(update={"quad": quads[row]})
            for name, row in (("amount", 8), ("date", 1), ("approval_number", 4))
        }
    )
    paper_facts = PaperFacts(
        found=False, kind="screen", quad=Quad.from_box(Box(0, 0, width, height)), quality=quality()
    )
    paper = Paper(facts=paper_facts, pixels=pixels, to_photo=Transform.identity())
    findings = Findings(
        photo=facts, paper=paper_facts, page=whole, fields=said,
        prints=take_prints(photo, paper, whole, said), seconds={},
    )  # fmt: skip
    return Side(findings, photo)


def side(rows: tuple[str, ...], **changes: Any) -> Side:
    return read(rows, printed(rows), Transform.identity(), **changes)


def altered(row: int, text: str) -> tuple[str, ...]:
    return (*SLIP[:row], text, *SLIP[row + 1 :])


def copied(matrix: list[list[float]], size: tuple[int, int], **changes: Any) -> Side:
    """The slip's picture, moved on a plane, with noise as of another compression."""
    pixels = cv2.warpAffine(
        printed(SLIP), np.array(matrix, np.float64), size, borderValue=(0, 0, 0)
    )
    pixels = cv2.imdecode(cv2.imencode(".jpg", pixels, [1, 60])[1], cv2.IMREAD_COLOR)
    return read(SLIP, pixels, Transform.from_array([*matrix, [0, 0, 1]]), **changes)


@pytest.mark.parametrize(
    ("matrix", "size"),
    [
        ([[1, 0, 0], [0, 1, 0]], (WIDTH, HEIGHT)),
        ([[0.6, 0, 0], [0, 0.6, 0]], (372, 540)),
        ([[1, 0, 90], [0, 1, 200]], (800, 1300)),
        ([[0, -1, HEIGHT], [1, 0, 0]], (HEIGHT, WIDTH)),
        ([[0.99, -0.1, 60], [0.1, 0.99, 0]], (720, 960)),
        ([[1, 0, -30], [0, 1, -50]], (WIDTH - 30, HEIGHT - 50)),
    ],
    ids=["re-encoded", "smaller", "in a frame", "turned", "askew", "cropped"],
)
def test_a_copy_of_the_picture_is_the_same_image(
    matrix: list[list[float]], size: tuple[int, int]
) -> None:
    comparison = compare(side(SLIP), copied(matrix, size))

    assert comparison.relation is Relation.SAME_IMAGE
    assert comparison.probability > 0.9
    assert comparison.differs == ()


def test_a_copy_as_dark_as_a_photo_taken_at_night_is_the_same_image() -> None:
    dark = (printed(SLIP) * 0.05).astype(np.uint8)

    comparison = compare(side(SLIP), read(SLIP, dark, Transform.identity()))

    assert comparison.relation is Relation.SAME_IMAGE
    assert comparison.to_later is not None


@pytest.mark.parametrize(
    ("row", "text", "field", "before", "after"),
    [
        (8, "TOTAL 150,000", "amount", "50000", "150000"),
        (1, "2025-01-29 10:12:33", "date", "2025-01-20", "2025-01-29"),
        (4, "APPROVAL 00652379", "approval_number", "00652378", "00652379"),
    ],
)
def test_an_altered_value_is_located_and_named(
    row: int, text: str, field: str, before: str, after: str
) -> None:
    comparison = compare(side(SLIP), side(altered(row, text)))

    assert comparison.relation is Relation.ALTERED_COPY
    [difference] = comparison.differs
    assert (difference.field, difference.before, difference.after) == (field, before, after)
    assert abs(difference.later[0].box.top - box_of(row, text).top) < 15
    assert field not in comparison.agrees


@pytest.mark.parametrize(
    ("card", "expected"),
    [("1234", Relation.ALTERED_COPY), ("8805", Relation.SAME_TEMPLATE)],
)
def test_another_approval_number_on_one_picture_is_an_alteration_if_the_card_is_the_same(
    card: str, expected: Relation
) -> None:
    """Without seconds nothing else tells a copy from the slip of who came next."""
    rows = altered(1, "2025-01-20 10:12")
    after = (*rows[:3], f"CARD 1234-56**-****-{card}", "APPROVAL 00652911", *rows[5:])

    assert compare(side(rows), side(after)).relation is expected


@pytest.mark.parametrize(
    ("before", "after", "framed"),
    [
        ("2025-01-20 10:12:33", "2025-01-29 10:12:33", "2025-01-29"),
        ("20250120101233 4471", "20250129101233 4471", "20250129"),
        ("25.01.20(MON) 10:12:33", "25.01.29(MON) 10:12:33", "25.01.29"),
    ],
)
def test_a_date_is_framed_without_the_time_beside_it(before: str, after: str, framed: str) -> None:
    at = {"time": found("10:12:33")}
    one, other = (
        side(altered(1, row), date=found(dt.date(2025, 1, day)), **at)
        for row, day in ((before, 20), (after, 29))
    )

    [difference] = compare(one, other).differs

    assert (difference.field, difference.after) == ("date", "2025-01-29")
    frame, printed_ = difference.later[0].box, box_of(1, after)
    assert frame.left == pytest.approx(printed_.left, abs=2)
    share = frame.width / printed_.width
    assert share == pytest.approx(len(framed) / len(after), abs=0.02)


def test_an_alteration_is_seen_where_neither_side_could_be_read() -> None:
    """A digit that both readers took for another one still looks different."""
    forged = side(altered(8, "TOTAL 58,000"), amount=found(50_000))

    comparison = compare(side(SLIP), forged)

    assert comparison.relation is Relation.ALTERED_COPY
    assert [each.field for each in comparison.differs] == ["amount"]


def test_a_misreading_of_the_same_picture_is_no_alteration() -> None:
    as_it_is: list[list[float]] = [[1, 0, 0], [0, 1, 0]]
    wrong = {"amount": found(58_000), "approval_number": found("80652378")}
    misread = copied(as_it_is, (WIDTH, HEIGHT), **wrong)

    assert compare(side(SLIP), misread).relation is Relation.SAME_IMAGE


def test_a_stroke_lost_from_a_word_that_surely_reads_the_same_is_no_alteration() -> None:
    pixels = printed(SLIP)
    box = box_of(8, SLIP[8])
    letter = box.width / len(SLIP[8])
    corners = (int(box.left), int(box.top)), (int(box.left + letter), int(box.bottom))
    cv2.rectangle(pixels, *corners, (250, 250, 250), -1)

    comparison = compare(side(SLIP), read(SLIP, pixels, Transform.identity()))

    assert comparison.relation is Relation.SAME_IMAGE


def test_a_code_that_looks_otherwise_and_was_taken_for_letters_is_no_alteration() -> None:
    place = Box(500, 780, 580, 860)
    original, copy = (printed(SLIP) for _ in range(2))
    for pixels, shift in ((original, 0), (copy, 1)):
        for left in range(500, 580 - 10 * shift, 10):
            dark = pixels[780:860, left : left + 10][(left // 10 + shift) % 2 :: 2]
            dark[:] = 20
    one = read(SLIP, original, Transform.identity())
    guess = Line(text="문전미", quad=Quad.from_box(place), confidence=0.2)
    lines = (*one.findings.page.lines, guess)
    guessed = one.findings.page.model_copy(update={"lines": lines})
    earlier = Side(one.findings.model_copy(update={"page": guessed}), one.photo)

    comparison = compare(earlier, read(SLIP, copy, Transform.identity()))

    assert comparison.relation is Relation.SAME_IMAGE


def test_a_neighbours_e_receipt_with_the_same_amount_is_only_of_the_same_template() -> None:
    comparison = compare(side(SLIP), side(NEIGHBOUR))

    assert comparison.relation is Relation.SAME_TEMPLATE
    assert comparison.probability < 0.5
    assert {"approval_number", "time"} <= {each.field for each in comparison.differs}
    assert len(comparison.differs) >= 4


def test_without_pictures_what_was_read_decides() -> None:
    def bare(of: Side) -> Side:
        return replace(of, photo=None)

    forged = side(altered(8, "TOTAL 150,000"))
    same, other = (
        compare(bare(side(SLIP)), bare(forged)),
        compare(bare(side(SLIP)), bare(side(NEIGHBOUR))),
    )

    assert same.relation is Relation.ALTERED_COPY
    assert [(each.before, each.after) for each in same.differs] == [("50000", "150000")]
    assert other.relation in {None, Relation.SAME_TEMPLATE}
    assert same.to_later is None


# ── one paper, photographed twice ────────────────────────────────────────────────────────────


def photographed(
    rows: tuple[str, ...], bend: float, dark: float = 1.0, shaken: int = 1, **changes: Any
) -> Side:
    """A slip on a table, its lower half bent sideways by so many pixels, in some light, by a hand
    that moved by so many pixels."""
    down, across = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    drift = bend * np.clip(down / HEIGHT - 0.4, 0, None) ** 2 / 0.36
    bent = cv2.remap(
        printed(rows), across - drift, down, cv2.INTER_LINEAR, borderValue=(90, 90, 90)
    )
    bent = cv2.blur(bent, (shaken, shaken))
    noise = np.random.default_rng(int(bend)).normal(0, 6, bent.shape)
    pixels = np.clip(dark * cv2.GaussianBlur(bent, (0, 0), 1.2) + noise, 0, 255).astype(np.uint8)
    made = read(rows, pixels, Transform.identity(), **changes)
    lines = tuple(
        line.model_copy(update={"quad": moved(line.quad, drift[int(line.quad.center[1]), 0])})
        for line in made.findings.page.lines
    )
    findings = made.findings.model_copy(
        update={
            "page": made.findings.page.model_copy(update={"lines": lines}),
            "paper": made.findings.paper.model_copy(update={"kind": "paper"}),
            "prints": made.findings.prints.model_copy(update={"flat": False}),
        }
    )
    return replace(made, findings=findings)


def moved(quad: Quad, right: float) -> Quad:
    return Quad.from_array(quad.array + np.array([right, 0]))


UNREAD = {
    name: missing() for name in ("date", "time", "approval_number", "card", "business_number")
}
"""What a dim photo leaves."""


def test_a_bent_paper_photographed_again_is_the_same_receipt_though_no_key_was_read() -> None:
    again = photographed(SLIP, 70, 0.5, **UNREAD)

    comparison = compare(photographed(SLIP, 0), again)

    assert comparison.relation is Relation.SAME_RECEIPT
    assert "picture" in comparison.agrees
    assert comparison.differs == ()


def test_a_photograph_of_which_no_line_was_read_lies_on_its_copy() -> None:
    dark = photographed(SLIP, 0, 0.3, amount=missing(), **UNREAD)
    assert dark.photo is not None
    cut = replace(dark.photo, pixels=np.ascontiguousarray(dark.photo.pixels[40:, 30:]))
    unread = dark.findings.page.model_copy(update={"lines": ()})
    other = dark.findings.prints.model_copy(
        update={"file": "b", "pixels": "b", "look": None, "paper": None}
    )

    original = dark.findings.model_copy(update={"page": unread})
    copy = original.model_copy(update={"prints": other})

    comparison = compare(Side(original, dark.photo), Side(copy, cut))

    assert comparison.relation is Relation.SAME_IMAGE


def test_a_misread_digit_makes_no_other_receipt_of_a_paper_photographed_again() -> None:
    again = photographed(SLIP, 70, approval_number=found("00652878"))

    comparison = compare(photographed(SLIP, 0), again)

    assert comparison.relation is Relation.SAME_RECEIPT
    assert comparison.differs == ()


def test_a_neighbour_who_paid_the_same_a_minute_later_keeps_his_slip_in_peace() -> None:
    later = (*SLIP[:1], "2025-01-20 10:13:51", *SLIP[2:4], "APPROVAL 31188260", *SLIP[5:])
    neighbour = photographed(later, 70, **UNREAD)

    comparison = compare(photographed(SLIP, 0), neighbour)

    assert comparison.relation in {None, Relation.SAME_TEMPLATE}


TILL = (*altered(1, "2025-01-20 10:12")[:3], "TABLE 07", "SERVED BY 12", *SLIP[5:])
"""A slip without anything that is its customer's own."""
NOBODYS = {"time": found("10:12"), "approval_number": missing(), "card": missing()}


def test_two_slips_of_one_minute_are_told_apart_by_a_digit_of_their_number() -> None:
    neighbour = photographed(("NO 004472 POS 01", *TILL[1:]), 70, **NOBODYS)

    comparison = compare(photographed(TILL, 0, **NOBODYS), neighbour)

    assert comparison.relation in {None, Relation.SAME_TEMPLATE}


def test_a_number_that_one_photograph_shows_badly_makes_no_other_slip_of_a_bent_one() -> None:
    again = photographed(TILL, 70, **NOBODYS)
    lines = (
        again.findings.page.lines[0].model_copy(
            update={"text": "NO 004477 POS 01", "confidence": 0.7}
        ),
        *again.findings.page.lines[1:],
    )
    page_ = again.findings.page.model_copy(update={"lines": lines})
    prints = again.findings.prints
    numbers = tuple(sorted({*prints.text.numbers, "004477"} - {"004471"}))
    prints = prints.model_copy(
        update={"text": prints.text.model_copy(update={"numbers": numbers, "serials": ("004477",)})}
    )
    again = replace(
        again, findings=again.findings.model_copy(update={"page": page_, "prints": prints})
    )

    comparison = compare(photographed(TILL, 0, **NOBODYS), again)

    assert comparison.relation is Relation.SAME_RECEIPT


def misread(of: Side, confidence: float) -> Side:
    """The same picture by a reader who takes zeros for eights, more or less sure of it."""
    lines = tuple(
        line.model_copy(update={"text": line.text.replace("0", "8"), "confidence": confidence})
        for line in of.findings.page.lines
    )
    page_ = of.findings.page.model_copy(update={"lines": lines})
    return replace(of, findings=of.findings.model_copy(update={"page": page_}))


def test_a_shaken_photograph_of_which_nothing_was_read_right_is_the_same_receipt() -> None:
    again = misread(photographed(SLIP, 70, shaken=13, **UNREAD, amount=missing()), 0.6)

    for comparison in (
        compare(photographed(SLIP, 0), again),
        compare(again, photographed(SLIP, 0)),
    ):
        assert comparison.relation is Relation.SAME_RECEIPT
        assert comparison.differs == ()


def test_a_shaken_photograph_of_a_neighbours_slip_is_not() -> None:
    rows = ("NO 004519 POS 01", *SLIP[1:4], "APPROVAL 31188260", *SLIP[5:])
    neighbour = misread(photographed(rows, 70, shaken=13, **UNREAD, amount=missing()), 0.6)

    comparison = compare(photographed(SLIP, 0), neighbour)

    assert comparison.relation in {None, Relation.SAME_TEMPLATE}


def test_half_a_slip_is_no_proof_of_the_other_half() -> None:
    """The numbers that could differ have to be in view on both."""
    whole, half = photographed(SLIP, 0), photographed(SLIP, 70, **UNREAD)
    assert half.photo
    pixels = half.photo.pixels.copy()
    pixels[:280] = 90  # number, time, card and approval number under a hand
    lines = tuple(line for line in half.findings.page.lines if line.quad.box.top > 280)
    page_ = half.findings.page.model_copy(update={"lines": lines})
    hidden = Side(
        half.findings.model_copy(update={"page": page_}), replace(half.photo, pixels=pixels)
    )

    assert "picture" not in compare(whole, hidden).agrees


@pytest.mark.parametrize("grey", [0, 255])
def test_a_blank_picture_is_unrelated_and_stops_nothing(grey: int) -> None:
    blank = np.full((HEIGHT, WIDTH, 3), grey, np.uint8)
    nothing = read(NEIGHBOUR, blank, Transform.identity())

    assert compare(side(SLIP), nothing).relation in {None, Relation.SAME_TEMPLATE}


def test_the_same_two_give_the_same_answer() -> None:
    def ask() -> Comparison:
        return compare(side(SLIP), copied([[0.9, 0, 0], [0, 0.9, 0]], (558, 810)))

    assert ask() == ask()


def test_a_comparison_shows_no_text_and_its_json_all() -> None:
    one, other = side(SLIP), side(altered(8, "TOTAL 150,000"))
    comparison = compare(one, other)

    assert "150000" not in repr(comparison)
    [difference] = comparison_json(one, other, comparison)["differs"]
    assert (difference["field"], difference["before"]) == ("amount", "50000")
    assert len(difference["earlier"]) == len(difference["later"]) == 1
