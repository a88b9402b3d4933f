"""From findings to a verdict, and what becomes of readers that fail."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import pytest

from receipt_screen import screener as screener_module
from receipt_screen.campaign import Campaign
from receipt_screen.errors import (
    PhotoError,
    ReadingError,
    ReadingTimeoutError,
    SetupError,
    UsageError,
)
from receipt_screen.geometry import Box, Quad
from receipt_screen.photo import open_photos
from receipt_screen.records import (
    Arithmetic,
    CheckOutcome,
    CheckResult,
    Fields,
    Findings,
    Fingerprints,
    Flag,
    Line,
    MarkKind,
    Match,
    Outcome,
    Page,
    Pixels,
    Relation,
    Screening,
    Severity,
    Verdict,
)
from receipt_screen.screener import Screener, decide, examine, examine_receipts, main_page
from tests.cases import (
    CAMPAIGNS,
    JEONBUK,
    KOREA,
    NO_FIELDS,
    RECEIVED,
    campaign,
    fields,
    findings,
    found,
    line,
    mark,
    missing,
    photo_of,
    quality,
    unread,
)
from tests.fields.test_papers import OTHER, SLIP, beside

JEONBUK_RULES = Campaign.load(JEONBUK)
SUBMISSION = "2025-000123"


def judged(of: Findings, rules: Campaign = JEONBUK_RULES, **changes: object) -> Screening:
    upload = {"submission": SUBMISSION, "received": RECEIVED, **changes}
    return Screener(rules, language="en").judge(of, **upload)


def slip(**changes: object) -> Findings:
    return findings(fields=fields(**changes))


# ── decide ───────────────────────────────────────────────────────────────────────────────────


def passing(check: str = "any") -> CheckResult:
    return CheckResult(check=check, outcome=CheckOutcome.PASSED, message="fine")


def flagging(severity: Severity, check: str = "any") -> CheckResult:
    flag = Flag(code="x", severity=severity, message="look")
    return CheckResult(check=check, outcome=CheckOutcome.FLAGGED, message="look", flags=(flag,))


def unmade(*, required: bool) -> CheckResult:
    return CheckResult(
        check="any",
        outcome=CheckOutcome.NOT_CHECKED,
        message="no",
        why_not="no",
        required=required,
    )


POOR = flagging(Severity.INFO, "photo_quality")
EMPTY = findings(fields=NO_FIELDS)


@pytest.mark.parametrize(
    ("of", "checks", "verdict"),
    [
        (findings(), [passing()], Verdict.ELIGIBLE),
        (findings(), [passing(), flagging(Severity.INFO)], Verdict.ELIGIBLE),
        (findings(), [unmade(required=False)], Verdict.ELIGIBLE),
        (findings(), [unmade(required=True)], Verdict.REVIEW),
        (findings(), [flagging(Severity.REVIEW)], Verdict.REVIEW),
        (findings(), [flagging(Severity.REVIEW), flagging(Severity.STRONG)], Verdict.INELIGIBLE),
        (findings(), [unmade(required=True), flagging(Severity.STRONG)], Verdict.INELIGIBLE),
        (findings(), [POOR], Verdict.ELIGIBLE),
        (EMPTY, [POOR], Verdict.UNREADABLE),
        (EMPTY, [passing("photo_quality"), unmade(required=True)], Verdict.REVIEW),
        (unread(), [passing()], Verdict.UNREADABLE),
        (unread(), [flagging(Severity.STRONG)], Verdict.UNREADABLE),
        (unread(Outcome.BLANK), [passing()], Verdict.UNREADABLE),
    ],
)
def test_the_table_of_verdicts(of: Findings, checks: list[CheckResult], verdict: Verdict) -> None:
    assert decide(of, checks) is verdict


# ── judge ────────────────────────────────────────────────────────────────────────────────────


def test_a_sound_receipt_is_eligible_and_enters_its_round() -> None:
    made = judged(slip())
    assert made.verdict is Verdict.ELIGIBLE
    assert (made.round, made.in_campaign) == ("1", True)
    assert made.campaign == JEONBUK_RULES.facts
    assert made.flags == ()


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"amount": found(98_000, agreed=False), "arithmetic": Arithmetic()}, Verdict.REVIEW),
        ({"amount": found(98_000), "arithmetic": Arithmetic()}, Verdict.INELIGIBLE),
        ({"amount": found(90_909)}, Verdict.REVIEW),  # the supply price taken for the total
        ({"amount": found(100_000, agreed=False)}, Verdict.REVIEW),
        ({"amount": missing()}, Verdict.REVIEW),
        ({"date": missing()}, Verdict.REVIEW),
        ({"date": found(dt.date(2025, 1, 12)), "weekday": None}, Verdict.INELIGIBLE),
        ({"date": found(dt.date(2023, 1, 20), agreed=False), "weekday": None}, Verdict.REVIEW),
        ({"date": found(dt.date(2025, 1, 22)), "weekday": None}, Verdict.REVIEW),
        ({"weekday": 4}, Verdict.REVIEW),
        ({"marks": (mark(MarkKind.CANCELLATION, "승인취소"),)}, Verdict.INELIGIBLE),
        ({"marks": (mark(MarkKind.CANCELLATION, "승인취소", 0.5),)}, Verdict.REVIEW),
        ({"marks": (mark(MarkKind.REPRINT, "재발행"),)}, Verdict.REVIEW),
        ({"marks": (mark(MarkKind.UNPAID, "외상"),)}, Verdict.REVIEW),
        ({"marks": (mark(MarkKind.CASH, "현금"),)}, Verdict.ELIGIBLE),
        ({"document": missing()}, Verdict.REVIEW),
        ({"business_number": missing()}, Verdict.ELIGIBLE),
        ({"merchant": missing()}, Verdict.ELIGIBLE),
    ],
)
def test_the_traps(changes: dict[str, object], verdict: Verdict) -> None:
    assert judged(slip(**changes)).verdict is verdict


def test_the_last_day_is_in_the_campaign_in_no_round_and_for_a_person() -> None:
    last = slip(date=found(dt.date(2025, 2, 28)), weekday=4)
    made = judged(last, received=dt.datetime(2025, 2, 28, 20, tzinfo=KOREA))
    assert (made.in_campaign, made.round, made.verdict) == (True, None, Verdict.REVIEW)


def test_an_unread_date_leaves_campaign_and_round_open() -> None:
    made = judged(slip(date=missing()))
    assert (made.in_campaign, made.round) == (None, None)


def test_the_extended_campaign_takes_a_payment_of_june() -> None:
    june = slip(date=found(dt.date(2025, 6, 30)), weekday=0)
    received = dt.datetime(2025, 6, 30, 20, tzinfo=KOREA)
    extended = Campaign.load(CAMPAIGNS / "jeonbuk-2025-extended.toml")
    assert judged(june, extended, received=received).verdict is Verdict.ELIGIBLE
    assert judged(june, received=received).verdict is Verdict.INELIGIBLE


def test_a_receipt_handed_in_before_is_ineligible() -> None:
    match = Match(submission="7", relation=Relation.SAME_FILE, agrees=("file",))
    made = judged(slip(), matches=(match,))
    assert made.verdict is Verdict.INELIGIBLE
    assert made.matches == (match,)


def test_neither_a_failed_nor_a_blank_page_can_be_anything_but_unreadable() -> None:
    assert judged(unread()).verdict is Verdict.UNREADABLE
    assert judged(unread(Outcome.BLANK)).verdict is Verdict.UNREADABLE


def test_an_unreadable_photo_says_what_was_wrong_with_it() -> None:
    blurred = findings(fields=NO_FIELDS, paper=photo_of(quality(sharpness=10.0)))
    made = judged(blurred)
    assert made.verdict is Verdict.UNREADABLE
    assert "take it again in focus" in next(
        flag.message for flag in made.flags if flag.code == "blurred"
    )


def test_a_time_without_zone_is_the_campaigns() -> None:
    naive = dt.datetime(2025, 1, 20, 23, 30)
    assert judged(slip(), received=naive).received == naive.replace(tzinfo=JEONBUK_RULES.zone)
    utc = dt.datetime(2025, 1, 20, 14, 30, tzinfo=dt.UTC)
    assert judged(slip(), received=utc).received == utc


def test_the_same_findings_give_the_same_screening() -> None:
    first, second = judged(slip()), judged(slip())
    assert first == second
    assert Screening.model_validate_json(first.model_dump_json()) == first


def test_judging_reads_no_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    class NoClock(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> NoClock:
            raise AssertionError("judging read the clock")

    monkeypatch.setattr(screener_module.dt, "datetime", NoClock)
    assert judged(slip()).verdict is Verdict.ELIGIBLE


# ── several pages ────────────────────────────────────────────────────────────────────────────


def test_the_first_page_that_says_nearly_as_much_as_any_is_judged() -> None:
    cover, receipt = findings(fields=NO_FIELDS), slip()
    assert main_page([cover, receipt]) == (receipt, (cover,))
    first, second = slip(), slip(time=found("23:59"))
    assert main_page([first, second]) == (first, (second,))
    unsure = slip(merchant=found("새봄식당", 0.4))
    assert main_page([unsure, first]) == (unsure, (first,))
    assert main_page([unread(), cover])[0].page.outcome is Outcome.READ


def test_two_receipts_in_one_photo_are_two_findings_with_all_lines_and_fields_of_their_own() -> (
    None
):
    page = beside(SLIP, OTHER).model_copy(update={"height": 500})
    photo = open_photos(png_of(np.full((500, page.width, 3), 240, np.uint8)))[0]
    both = examine_receipts(photo, PageReader(page))
    assert [(f.receipt, f.receipts, f.fields.amount.value) for f in both] == [
        (1, 2, 100_000),
        (2, 2, 55_000),
    ]
    assert all(len(f.page.lines) == len(page.lines) for f in both)
    assert both[0].prints.keys != both[1].prints.keys


@dataclass(frozen=True)
class PageReader:
    """A reader that sees one page in every photo."""

    page: Page
    name = "page"
    version = "1"

    def read(self, pixels: Pixels) -> Page:
        return self.page


def png_of(pixels: Pixels) -> bytes:
    return bytes(cv2.imencode(".png", pixels)[1].tobytes())


def test_a_cancellation_beside_a_sale_goes_to_review_whichever_says_more() -> None:
    cancelled = slip(marks=(mark(MarkKind.CANCELLATION, "승인취소"),))
    for one, other in ((slip(), cancelled), (cancelled, slip())):
        made = judged(one, others=(other,))
        assert made.verdict is Verdict.REVIEW
        assert "sale_and_cancellation" in [flag.code for flag in made.flags]


def test_a_second_receipt_on_another_page_goes_to_review() -> None:
    made = judged(slip(), others=(slip(amount=found(150_000)),))
    assert made.verdict is Verdict.REVIEW
    assert [flag.code for flag in made.flags] == ["several_receipts"]


# ── examine: readers that work, fail and return rubbish ──────────────────────────────────────

WIDTH, HEIGHT = 700, 400
PLACE = Box(30, 60, 210, 90)


def photo_bytes(quarter_turns: int = 0) -> bytes:
    image = np.full((HEIGHT, WIDTH, 3), 240, np.uint8)
    for row, text in enumerate(("RECEIPT", "TOTAL 100,000", "2025-01-20")):
        place = (30, 90 + 60 * row)
        cv2.putText(image, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.8, (20, 20, 20), 2)
    return cv2.imencode(".png", np.rot90(image, quarter_turns))[1].tobytes()


@dataclass
class FakeReader:
    """Reads what it is told to, or raises it."""

    answer: Callable[[Pixels], Page]
    name: str = "fake"
    version: str = "9"
    papers: list[tuple[int, ...]] = field(default_factory=list)

    def read(self, pixels: Pixels) -> Page:
        self.papers.append(pixels.shape)
        return self.answer(pixels)


def raising(error: BaseException) -> FakeReader:
    def answer(pixels: Pixels) -> Page:
        raise error

    return FakeReader(answer)


def page_with(*lines: Line, turn: int = 0) -> FakeReader:
    def answer(pixels: Pixels) -> Page:
        height, width = np.rot90(pixels, turn).shape[:2]
        return Page(
            engine="fake",
            version="9",
            outcome=Outcome.READ,
            turn=turn,
            width=width,
            height=height,
            lines=lines,
        )

    return FakeReader(answer)


def examined(reader: FakeReader, data: bytes | None = None) -> Findings:
    (photo,) = open_photos(data or photo_bytes(), name="a.png")
    return examine(photo, reader)


FAULTS = {
    "times out": raising(ReadingTimeoutError("reading.timeout", {"engine": "fake", "seconds": 1})),
    "fails": raising(ReadingError("reading.engine_failed", {"engine": "fake", "reason": "x"})),
    "crashes": raising(RuntimeError("합계 100,000 카드 1234-5678")),
    "runs out of memory": raising(MemoryError()),
    "returns no page": FakeReader(lambda pixels: None),  # type: ignore[arg-type, return-value]
    "lies outside the paper": page_with(line("합계", top=9_000)),
    "lies nowhere": page_with(
        line("합계").model_copy(update={"quad": Quad.from_box(Box(float("nan"), 0, 1, 1))})
    ),
    "lies at infinity": page_with(
        line("합계").model_copy(update={"quad": Quad.from_box(Box(0, 0, float("inf"), 1))})
    ),
    "is not a number sure": page_with(line("합계").model_copy(update={"confidence": float("nan")})),
    "is more than sure": page_with(line("합계").model_copy(update={"confidence": 7.0})),
    "has impossible characters": page_with(
        line("합계").model_copy(update={"characters": (0.9, float("nan"))})
    ),
}


@pytest.mark.parametrize("reader", FAULTS.values(), ids=FAULTS.keys())
def test_a_reader_that_fails_gives_a_failed_page_with_a_reason_and_an_unreadable_photo(
    reader: FakeReader,
) -> None:
    of = examined(reader)
    assert of.page.outcome is Outcome.FAILED
    assert of.page.why
    assert "fake" in of.page.why
    assert (of.page.engine, of.page.version, of.page.lines) == ("fake", "9", ())
    made = judged(of)
    assert made.verdict is Verdict.UNREADABLE
    assert of.page.why in made.checks[0].message


def test_a_crash_tells_its_class_and_never_its_text(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        of = examined(FAULTS["crashes"])
    assert "RuntimeError" in (of.page.why or "")
    assert "100,000" not in of.model_dump_json() + caplog.text


def test_an_error_of_set_up_is_not_this_photos_fault() -> None:
    with pytest.raises(SetupError):
        examined(raising(SetupError("reading.no_tesseract")))


def test_an_interruption_is_not_an_engines_fault() -> None:
    with pytest.raises(KeyboardInterrupt):
        examined(raising(KeyboardInterrupt()))


def test_the_stages_are_timed() -> None:
    of = examined(page_with(line("합계 100,000", top=60)))
    assert set(of.seconds) == {"paper", "reading", "symbols", "fields", "prints"}


@pytest.mark.parametrize("turn", [0, 1, 2, 3])
def test_quads_are_those_of_the_photo_however_the_paper_lay(turn: int) -> None:
    """A line at one place of the upright paper is found there on the photo, whose corners turn."""
    placed = Line(text="합계 100,000원", quad=Quad.from_box(PLACE), confidence=0.9)
    of = examined(page_with(placed, turn=turn), photo_bytes(-turn))
    (photo,) = open_photos(photo_bytes(-turn), name="a.png")
    paper = screener_module.find_paper(photo)
    upright = np.rot90(paper.pixels, turn)
    quad = of.page.lines[0].quad
    theirs = upright[int(PLACE.top) : int(PLACE.bottom), int(PLACE.left) : int(PLACE.right)]
    # A turn may move edges by one pixel; blurred, that doesn't show, but another place would.
    ours, theirs = (
        cv2.blur(part, (9, 9)).astype(int) for part in (_cut(photo.pixels, quad), theirs)
    )
    assert theirs.std() > 20
    assert np.abs(ours - theirs).mean() < 8
    assert quad.height == pytest.approx(PLACE.height, rel=0.2)
    assert of.paper.quality.glyph_height == pytest.approx(quad.height)
    assert (of.page.width, of.page.height) == (of.photo.width, of.photo.height)


def _cut(pixels: Pixels, quad: Quad) -> Pixels:
    """The pixels inside a quad, as its reader sees them."""
    width, height = int(PLACE.width), int(PLACE.height)
    corners = np.float32([[0, 0], [width, 0], [width, height], [0, height]])
    warp = cv2.getPerspectiveTransform(np.float32(quad.points), corners)
    return cv2.warpPerspective(pixels, warp, (width, height), borderMode=cv2.BORDER_REPLICATE)


def test_the_fields_evidence_lies_on_the_photo_too() -> None:
    lines = [line("합계금액 100,000원", top=60), line("거래일시 2025-01-20 10:12", top=120)]
    of = examined(page_with(*lines, turn=2), photo_bytes(2))
    amount = of.fields.amount
    assert amount.value == 100_000
    assert amount.quad is not None
    spans = [entry.quad.box for entry in of.page.lines]
    x, y = amount.quad.center
    assert any(box.left <= x <= box.right and box.top <= y <= box.bottom for box in spans)


# ── Screener ─────────────────────────────────────────────────────────────────────────────────


class FakeRegistry:
    """Knows one earlier submission, and what it was asked."""

    def __init__(self, *matches: Match) -> None:
        self.matches = matches
        self.asked: list[tuple[str, str]] = []
        self.remembered: list[str] = []

    def find(self, prints: Fingerprints, *, campaign: str, submission: str) -> tuple[Match, ...]:
        self.asked.append((campaign, submission))
        return self.matches

    def remember(self, screening: Screening) -> tuple[Match, ...]:
        self.remembered.append(screening.submission)
        return self.matches

    def close(self) -> None:
        """Nothing to close."""


def screener(registry: FakeRegistry | None = None, rules: Campaign | None = None) -> Screener:
    reader = page_with(line("합계금액 100,000원", top=60), line("2025-01-20", top=120))
    return Screener(rules or campaign(), registry=registry, reader=reader, language="en")


def test_screening_asks_the_registry_and_remembers_nothing() -> None:
    match = Match(submission="7", relation=Relation.SAME_FILE, agrees=("file",))
    registry = FakeRegistry(match)
    made = screener(registry).screen(photo_bytes(), submission="8", received=RECEIVED)
    assert registry.asked == [("test", "8")]
    assert registry.remembered == []
    assert made.verdict is Verdict.INELIGIBLE
    assert screener(registry).remember(made) == (match,)
    assert registry.remembered == ["8"]


def test_screening_twice_gives_the_same_answer() -> None:
    def judgement() -> tuple[object, ...]:
        made = screener().screen(photo_bytes(), submission="8", received=RECEIVED)
        return made.verdict, made.checks, made.round, made.findings.fields

    assert judgement() == judgement()


def test_an_unnamed_submission_is_named_by_its_bytes_and_arrives_now() -> None:
    before = dt.datetime.now(dt.UTC)
    made = screener().screen(photo_bytes(), name="영수증.png")
    assert made.submission == made.findings.photo.sha256[:16]
    assert before <= made.received <= dt.datetime.now(dt.UTC)
    assert made.received.utcoffset() == dt.timedelta(hours=9)
    assert made.findings.photo.file == "영수증.png"


def test_a_file_object_and_a_path_are_taken_too(tmp_path) -> None:
    path = tmp_path / "사진.png"
    path.write_bytes(photo_bytes())
    ids = {screener().screen(source).submission for source in (BytesIO(photo_bytes()), path)}
    assert len(ids) == 1


def test_the_photo_stage_is_timed_by_the_screener() -> None:
    (of,) = screener().examine(photo_bytes())
    assert set(of.seconds) == {"photo", "paper", "reading", "symbols", "fields", "prints"}


def test_versions_say_what_made_the_answer() -> None:
    made = screener().screen(photo_bytes(), received=RECEIVED)
    assert made.versions["engine"] == "fake 9"
    assert set(made.versions) == {"receipt_screen", "engine", "prints"}


def test_a_photo_that_is_none_is_the_callers_to_hear_of() -> None:
    with pytest.raises(PhotoError):
        screener().screen(b"")


def test_remembering_needs_a_registry() -> None:
    with pytest.raises(UsageError, match="no registry"):
        screener().remember(judged(slip()))


def test_the_engine_is_opened_only_when_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(screener_module, "open_reader", lambda: opened.append("x") or page_with())
    lazy = Screener(campaign())
    lazy.judge(slip(), submission="1", received=RECEIVED)
    assert opened == []
    assert lazy.reader is lazy.reader
    assert opened == ["x"]


def test_fields_of_a_failed_page_are_all_missing_with_a_reason() -> None:
    of = examined(FAULTS["times out"])
    assert isinstance(of.fields, Fields)
    assert of.fields.amount.value is None
    assert of.fields.amount.why
    assert of.fields.date.value is None


def test_findings_travel_as_json() -> None:
    of = examined(page_with(line("합계금액 100,000원", top=60)))
    again = Findings.model_validate_json(of.model_dump_json())
    assert again.fields.amount.value == of.fields.amount.value
    assert Findings.model_validate_json(again.model_dump_json()) == again


def test_a_file_opened_as_text_is_the_callers_mistake_and_said_so(tmp_path: Path) -> None:
    path = tmp_path / "receipt.png"
    path.write_bytes(b"no photo")

    with (
        path.open(encoding="utf-8") as text,
        pytest.raises(UsageError, match=r"receipt\.png: the file was opened as text"),
    ):
        screener().screen(text)  # type: ignore[arg-type]
    with path.open("rb") as binary, pytest.raises(PhotoError):
        screener().screen(binary)
