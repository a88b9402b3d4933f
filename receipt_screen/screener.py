"""The recipe: a photo becomes findings, findings and rules become a verdict.

`examine` looks at one photo and knows no campaign. `Screener.judge` applies rules to findings
and is pure: it reads neither the clock nor the registry nor the photo. `decide` is the table
that turns the results of the checks into a proposal; a person decides.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any, TypeVar

import numpy as np

from receipt_screen import __version__
from receipt_screen.campaign import Campaign
from receipt_screen.checks import CHECKS, Case
from receipt_screen.checks.period import entry_day
from receipt_screen.errors import ReadingError, ReceiptScreenError, UsageError
from receipt_screen.fields import find_fields
from receipt_screen.fields.papers import split_papers
from receipt_screen.geometry import Box, Quad, Transform
from receipt_screen.messages import Language
from receipt_screen.paper import find_paper
from receipt_screen.photo import Source, open_photos
from receipt_screen.prints import take_prints
from receipt_screen.reading import Reader, open_reader
from receipt_screen.records import (
    CheckOutcome,
    CheckResult,
    Fields,
    Findings,
    Found,
    Frequency,
    Line,
    Mark,
    Match,
    Outcome,
    Page,
    Paper,
    PaperFacts,
    Payment,
    Photo,
    Pixels,
    Record,
    Screening,
    Severity,
    Symbol,
    Verdict,
)
from receipt_screen.registry import Registry
from receipt_screen.symbols import find_symbols

logger = logging.getLogger(__name__)

Placed = TypeVar("Placed", bound=Record)


# ── one photo ────────────────────────────────────────────────────────────────────────────────


def examine_upload(
    source: Source, reader: Reader, *, name: str | None = None
) -> tuple[Findings, ...]:
    """What each receipt of an upload says; one, except for PDF, TIFF and photos of several.

    The time that opening took is the stage `photo`. Raises PhotoError for an upload that can't
    be used, UsageError for a file that was opened as text.
    """
    return tuple(findings for _, findings in examine_pages(source, reader, name=name))


def examine_pages(
    source: Source, reader: Reader, *, name: str | None = None
) -> Iterator[tuple[Photo, Findings]]:
    """As `examine_upload`, one by one and with the pixels."""
    _refuse_text(source, name)
    start = time.perf_counter()
    photos = open_photos(source, name=name)
    opening = (time.perf_counter() - start) / len(photos)
    for photo in photos:
        for found in examine_receipts(photo, reader):
            yield photo, found.model_copy(update={"seconds": {"photo": opening, **found.seconds}})


def _refuse_text(source: Source, name: str | None) -> None:
    # Only files opened as text have an encoding. Their bytes are lost; no photo is at fault.
    if hasattr(source, "encoding"):
        shown = str(name or getattr(source, "name", "upload"))
        raise UsageError("screener.text_file", {"file": shown})


def examine(photo: Photo, reader: Reader) -> Findings:
    """What one photo says, before any campaign rule or registry is asked.

    Of several receipts in one photo the one that is judged. All quads are in pixels of the
    full-size upright photo. An engine that fails, crashes or returns rubbish gives a FAILED page
    with its reason, never an empty one. `seconds` has the stages `paper`, `reading`, `symbols`,
    `fields` and `prints`.
    """
    return main_page(examine_receipts(photo, reader))[0]


def examine_receipts(photo: Photo, reader: Reader) -> tuple[Findings, ...]:
    """What each receipt in a photo says, from left to right; one as a rule.

    Every one has all lines of the photo, and the fields of its own. Otherwise as `examine`.
    """
    seconds: dict[str, float] = {}
    with _timed(seconds, "paper"):
        paper = find_paper(photo)
    with _timed(seconds, "reading"):
        page = read_page(paper.pixels, reader)
    with _timed(seconds, "symbols"):
        symbols = find_symbols(paper.pixels)
    with _timed(seconds, "fields"):
        receipts = split_papers(page)
    read = _Read(photo, paper, page, symbols, seconds)
    return tuple(
        _findings(read, own, number, len(receipts)) for number, own in enumerate(receipts, 1)
    )


@dataclass(frozen=True)
class _Read:
    """A photo with what the stages before the fields made of it."""

    photo: Photo
    paper: Paper
    page: Page
    symbols: tuple[Symbol, ...]
    seconds: dict[str, float]

    @property
    def to_photo(self) -> Transform:
        """From the upright paper to the full-size upright photo."""
        height, width = self.paper.pixels.shape[:2]
        turned = Transform.turning(self.page.turn, width, height)
        return turned.then(self.paper.to_photo)


def _findings(read: _Read, own: Page, number: int, receipts: int) -> Findings:
    """The findings of one receipt, of which `own` has the lines."""
    seconds = dict(read.seconds)
    to_photo = read.to_photo
    symbols = tuple(_on_photo(symbol, read.paper.to_photo) for symbol in read.symbols)
    if receipts > 1:
        place = Quad.hull(tuple(to_photo.quad(line.quad) for line in own.lines)).box
        symbols = tuple(symbol for symbol in symbols if _lies_in(symbol, place))
    codes = tuple(symbol.text for symbol in symbols)
    start = time.perf_counter()
    facts = read.paper.facts
    fields = find_fields(own, screen=facts.kind == "screen", drawn=facts.drawn, codes=codes)
    seconds["fields"] += time.perf_counter() - start
    with _timed(seconds, "prints"):
        prints = take_prints(read.photo, read.paper, own, fields, codes)
    page = _page_on_photo(read.page, read.photo, to_photo)
    return Findings(
        photo=read.photo.facts,
        paper=_with_glyph_height(facts, page.lines),
        receipt=number,
        receipts=receipts,
        page=page,
        fields=_fields_on_photo(fields, to_photo),
        prints=prints,
        symbols=symbols,
        seconds=seconds,
    )


def _lies_in(symbol: Symbol, place: Box) -> bool:
    """Whether a code stands between a receipt's left and right edge; it may stand at its foot."""
    return place.left <= symbol.quad.center[0] <= place.right


@contextmanager
def _timed(seconds: dict[str, float], stage: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    seconds[stage] = time.perf_counter() - start


def read_page(pixels: Pixels, reader: Reader) -> Page:
    """The reader's page, or a FAILED one with the reason.

    Errors of set-up pass through: they concern every photo, not this one.
    """
    try:
        return _sound(reader.read(pixels), pixels, reader)
    except ReadingError as error:
        return _failed_page(pixels, reader, error)
    except ReceiptScreenError:
        raise
    except Exception as error:  # noqa: BLE001 - an engine is other people's native code: anything
        # Only the class is kept: the text of an unexpected error may quote the receipt.
        values = {"engine": reader.name, "error": type(error).__name__}
        return _failed_page(pixels, reader, ReadingError("screener.engine_crashed", values))


def _failed_page(pixels: Pixels, reader: Reader, error: ReadingError) -> Page:
    logger.warning("reading failed: %s", error)
    height, width = pixels.shape[:2]
    return Page(
        engine=reader.name,
        version=reader.version,
        outcome=Outcome.FAILED,
        why=str(error),
        width=width,
        height=height,
    )


def _sound(page: Page, pixels: Pixels, reader: Reader) -> Page:
    """The page, unless a line has no possible confidence or lies nowhere on the paper."""
    height, width = np.rot90(pixels, page.turn).shape[:2]
    if not all(_is_sound(line, width, height) for line in page.lines):
        raise ReadingError("screener.engine_rubbish", {"engine": reader.name})
    return page


def _is_sound(line: Line, width: int, height: int) -> bool:
    x, y = line.quad.center
    confidences = (line.confidence, *line.characters)
    # Written so that not-a-number fails: it is neither below 0 nor above 1.
    return (
        bool(np.isfinite(line.quad.array).all())
        and 0 <= x <= width
        and 0 <= y <= height
        and all(0 <= confidence <= 1 for confidence in confidences)
    )


# ── from the paper to the photo ──────────────────────────────────────────────────────────────


def _page_on_photo(page: Page, photo: Photo, to_photo: Transform) -> Page:
    lines = tuple(_on_photo(line, to_photo) for line in page.lines)
    frame = {"width": photo.facts.width, "height": photo.facts.height}
    return page.model_copy(update={"lines": lines, **frame})


def _fields_on_photo(fields: Fields, to_photo: Transform) -> Fields:
    return fields.model_copy(
        update={name: _moved(value, to_photo) for name, value in fields if name != "arithmetic"}
    )


def _moved(value: Any, to_photo: Transform) -> Any:
    if isinstance(value, tuple):
        return tuple(_moved(item, to_photo) for item in value)
    return _on_photo(value, to_photo) if isinstance(value, (Found, Mark, Payment)) else value


def _on_photo(placed: Placed, to_photo: Transform) -> Placed:
    quad = getattr(placed, "quad", None)
    return placed if quad is None else placed.model_copy(update={"quad": to_photo.quad(quad)})


def _with_glyph_height(paper: PaperFacts, lines: Sequence[Line]) -> PaperFacts:
    height = median(line.quad.height for line in lines) if lines else None
    quality = paper.quality.model_copy(update={"glyph_height": height})
    return paper.model_copy(update={"quality": quality})


# ── several pages ────────────────────────────────────────────────────────────────────────────


NEARLY = 0.8
"""Receipts that say so much of what another one says are its equals: the first of them is meant."""


def main_page(pages: Sequence[Findings]) -> tuple[Findings, tuple[Findings, ...]]:
    """The first page that says nearly as much as any, and the others in their order."""
    said = [_says(page) for page in pages]
    number = next(index for index, much in enumerate(said) if much >= NEARLY * max(said))
    return pages[number], tuple(page for index, page in enumerate(pages) if index != number)


def _says(findings: Findings) -> float:
    """How many of the fields that rules ask for were found, each as surely as it was read; one
    more for any line at all."""
    fields = findings.fields
    keys: tuple[Found[Any], ...] = (
        fields.amount,
        fields.date,
        fields.merchant,
        fields.business_number,
        fields.approval_number,
    )
    found = sum(key.confidence for key in keys if key.value is not None)
    return found + bool(findings.page.lines)


# ── the verdict ──────────────────────────────────────────────────────────────────────────────


def decide(findings: Findings, checks: Sequence[CheckResult]) -> Verdict:
    """The proposal: the first row that holds."""
    severities = {flag.severity for check in checks for flag in check.flags}
    table = (
        (findings.page.outcome is not Outcome.READ, Verdict.UNREADABLE),
        (_says_nothing(findings) and _is_poor_photo(checks), Verdict.UNREADABLE),
        (Severity.STRONG in severities, Verdict.INELIGIBLE),
        (Severity.REVIEW in severities, Verdict.REVIEW),
        (any(_is_open(check) for check in checks), Verdict.REVIEW),
        (True, Verdict.ELIGIBLE),
    )
    return next(verdict for holds, verdict in table if holds)


def _says_nothing(findings: Findings) -> bool:
    fields = findings.fields
    return fields.amount.value is None and fields.date.value is None and not fields.merchant.value


def _is_poor_photo(checks: Sequence[CheckResult]) -> bool:
    return any(
        check.check == "photo_quality" and check.outcome is CheckOutcome.FLAGGED for check in checks
    )


def _is_open(check: CheckResult) -> bool:
    """A rule that could not be checked is not a rule that was kept."""
    return check.required and check.outcome is CheckOutcome.NOT_CHECKED


class Screener:
    """Screens photos for one campaign. Safe to share between threads.

    `registry`: what was handed in before; without one, duplicates aren't looked for.
    `reader`: an engine of `open_reader`; without one, the default engine is opened on first use.
    """

    def __init__(
        self,
        campaign: Campaign,
        *,
        registry: Registry | None = None,
        reader: Reader | None = None,
        language: Language = "ko",
    ) -> None:
        self.campaign = campaign
        self.registry = registry
        self.language = language
        self._reader = reader
        self._opening = threading.Lock()

    @property
    def reader(self) -> Reader:
        """The engine in use; opened when first asked for."""
        with self._opening:
            if self._reader is None:
                self._reader = open_reader()
            return self._reader

    def examine(self, source: Source, *, name: str | None = None) -> tuple[Findings, ...]:
        """What each page of an upload says; one page, except for PDF and TIFF.

        Raises PhotoError for an upload that can't be used, UsageError for a file that was opened
        as text, SetupError without an engine.
        """
        return examine_upload(source, self.reader, name=name)

    def judge(
        self,
        findings: Findings,
        *,
        submission: str,
        received: dt.datetime,
        submitter: str | None = None,
        matches: tuple[Match, ...] = (),
        frequencies: tuple[Frequency, ...] = (),
        others: tuple[Findings, ...] = (),
    ) -> Screening:
        """Applies the campaign's rules: the same findings give the same screening.

        `received` without a zone is in the campaign's; `others` are the upload's other pages.
        `frequencies` are those of the campaign's window.
        """
        case = Case(
            findings=findings,
            campaign=self.campaign,
            submission=submission,
            submitter=submitter,
            received=self._in_zone(received),
            matches=matches,
            frequencies=frequencies,
            others=others,
            language=self.language,
        )
        checks = tuple(check(case) for check in CHECKS)
        return Screening(
            findings=findings,
            submission=submission,
            submitter=submitter,
            received=case.received,
            campaign=self.campaign.facts,
            verdict=decide(findings, checks),
            round=_round(case),
            in_campaign=_in_campaign(case),
            checks=checks,
            matches=matches,
            versions=_versions(findings),
        )

    def screen(
        self,
        source: Source,
        *,
        submission: str | None = None,
        received: dt.datetime | None = None,
        submitter: str | None = None,
        name: str | None = None,
    ) -> Screening:
        """Reads one upload and applies the campaign's rules; remembers nothing.

        Of several pages the first that says nearly as much as any is judged. Without `submission`
        the upload is named by the start of its sha256; without `received` it arrives now. Raises
        PhotoError, SetupError, RegistryError, and UsageError for a file that was opened as text.
        """
        findings, others = main_page(self.examine(source, name=name))
        submission = submission or findings.photo.sha256[:16]
        arrived = received or dt.datetime.now(self.campaign.zone)

        def judge(matches: tuple[Match, ...], frequencies: tuple[Frequency, ...] = ()) -> Screening:
            return self.judge(
                findings,
                submission=submission,
                received=arrived,
                submitter=submitter,
                matches=matches,
                frequencies=frequencies,
                others=others,
            )

        matches = self._matches(findings, submission)
        screening = judge(matches)
        frequencies = self.frequencies(screening)
        return judge(matches, frequencies) if frequencies else screening

    def frequencies(self, screening: Screening) -> tuple[Frequency, ...]:
        """How often a submission's submitter, card and shop came within the campaign's window.

        Empty where the campaign doesn't ask or without a registry. Raises RegistryError.
        """
        rule = self.campaign.velocity
        if self.registry is None or not (rule.submitter or rule.card or rule.shop):
            return ()
        return self.registry.frequencies(screening, dt.timedelta(hours=rule.hours))

    def remember(self, screening: Screening) -> tuple[Match, ...]:
        """Stores a screening and returns the submissions remembered before it that it resembles.

        Raises UsageError without a registry, RegistryError when it can't be written.
        """
        if self.registry is None:
            raise UsageError("screener.no_registry")
        return self.registry.remember(screening)

    def _matches(self, findings: Findings, submission: str) -> tuple[Match, ...]:
        if self.registry is None:
            return ()
        campaign = self.campaign.facts.name
        return self.registry.find(findings.prints, campaign=campaign, submission=submission)

    def _in_zone(self, received: dt.datetime) -> dt.datetime:
        zone = self.campaign.zone
        return received.astimezone(zone) if received.tzinfo else received.replace(tzinfo=zone)


def _in_campaign(case: Case) -> bool | None:
    paid = case.fields.date.value
    return None if paid is None else case.campaign.covers(paid)


def _round(case: Case) -> str | None:
    day = entry_day(case)
    entered = None if day is None else case.campaign.round_of(day)
    return None if entered is None or _in_campaign(case) is False else entered.name


def _versions(findings: Findings) -> dict[str, str]:
    return {
        "receipt_screen": __version__,
        "engine": f"{findings.page.engine} {findings.page.version}",
        "prints": str(findings.prints.version),
    }
