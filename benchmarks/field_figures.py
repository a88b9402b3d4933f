"""How well fields are found, how far their confidence holds, and how long choosing takes."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks.labelled import FIELDS, found_values, judge, stands_in
from benchmarks.proportions import Share
from models.training.readings import Reading
from receipt_screen.campaign import Campaign
from receipt_screen.fields import FINDERS, candidates_on, ranking_for
from receipt_screen.fields.page import LabelledPage
from receipt_screen.fields.papers import split_papers
from receipt_screen.fields.ranker import Kind
from receipt_screen.levels import levels
from receipt_screen.records import DocumentKind, Fields, Line, MarkKind, Page, Verdict
from receipt_screen.screener import Screener
from samples.render.labels import Label

AMOUNT = re.compile(r"(?<![\d,.])\d{1,3}(?:,\d{3})+(?![\d,.])")
SURE = 0.9
BINS = 10
A_BIN = 7
"""A point of a curve stands for at least so many values."""
ARRIVED = dt.datetime(2025, 3, 1, 12, 0)
CAMPAIGN = "samples/campaigns/jeonbuk-2025.toml"
HARD = frozenset(
    ("defocus", "motion", "low_light", "noise", "finger", "cut_edges", "glare", "flash", "faded",
     "pale", "banding", "dropout", "dot_loss", "dead_dots", "crumpled", "screen_photo", "moire",
     "small", "cropped", "slip", "covered_field", "dimmed_border", "tilted", "perspective")
)  # fmt: skip
"""Faults that make a photo unclean."""
ASKED = frozenset(
    (MarkKind.GIFT_CERTIFICATE, MarkKind.PART_PAYMENT, MarkKind.REPRINT, MarkKind.UNPAID)
)
"""What the sample campaign sends to a person by its own rules."""


@dataclass(frozen=True)
class Photo:
    """A reading and what is printed."""

    reading: Reading
    values: Mapping[str, tuple[str, ...]]
    label: Label | None = None


def found_on(photo: Photo, way: Kind) -> Fields:
    """What one way of choosing makes of a photo."""
    return photo.reading.fields(way)


# ── readings ─────────────────────────────────────────────────────────────────────────────────


def agreed_amounts(photos: Sequence[Photo]) -> dict[str, Any]:
    """Of the sums of money that both readers see in a line, those that are printed nowhere."""
    return _share(
        amount not in {sum_ for line in photo.label.lines for sum_ in AMOUNT.findall(line.text)}
        for photo in photos
        if photo.label is not None
        for amount in agreed_sums(photo.reading.page)
    )


def agreed_sums(page: Page) -> Iterator[str]:
    """Sums of money, such as 12,000, that two readers saw alike and that count as agreed on."""
    for line in page.lines:
        if len(line.readings) > 1:
            first, second = (AMOUNT.findall(reading.text) for reading in line.readings)
            for match in AMOUNT.finditer(line.text):
                found = match.group()
                if found in first and found in second and _is_sure(line, match):
                    yield found


def _is_sure(line: Line, match: re.Match[str]) -> bool:
    signs = zip(match.group(), line.characters[match.start() :], strict=False)
    return all(sure >= levels().alike for sign, sure in signs if sign.isdigit())


# ── fields ───────────────────────────────────────────────────────────────────────────────────


def measure(photos: Sequence[Photo], found: Sequence[Fields]) -> dict[str, Any]:
    """By field: right, wrong, silent; the values' confidences against their being right."""
    return {name: _field(photos, found, name) for name in FIELDS}


def _field(photos: Sequence[Photo], found: Sequence[Fields], name: str) -> dict[str, Any]:
    verdicts, read, said = Counter[str](), Counter[str](), []
    for photo, fields in zip(photos, found, strict=True):
        if name not in photo.values:
            continue
        value = found_values(fields)[name]
        verdict = judge(name, value, photo.values[name])
        verdicts[verdict] += 1
        read[verdict] += is_readable(photo, fields, name)
        if value is not None:
            said.append((getattr(fields, name).confidence, verdict == "right"))
    return {
        **{word: verdicts[word] for word in ("right", "wrong", "silent")},
        "readable": [read["right"], sum(read.values())],
        "sure": sum(confidence >= SURE for confidence, _ in said),
        "sure_and_wrong": sum(confidence >= SURE and not right for confidence, right in said),
        **reliability(said),
    }


def is_readable(photo: Photo, fields: Fields, name: str) -> bool:
    """Whether a value is printed and stands, as a reader saw it, in one line or as a candidate."""
    printed = photo.values[name]
    if not printed:
        return False
    own = photo.reading.own
    lines = (text for line in own.lines for text in (line.text, *(r.text for r in line.readings)))
    if any(stands_in(name, text, printed) for text in lines):
        return True
    proposed = candidates_on(LabelledPage.of(own, photo.reading.codes), fields.date.value)[name]
    return any(judge(name, str(each.value), printed) == "right" for each in proposed)


def reliability(said: Sequence[tuple[float, bool]]) -> dict[str, Any]:
    """The expected calibration error, and its curve in bins of as many values each."""
    # By confidence alone: of values that are equally sure the wrong ones don't come first.
    ordered = np.array(sorted(said, key=itemgetter(0)), float).reshape(-1, 2)
    count = max(1, min(BINS, len(ordered) // A_BIN))
    bins = [piece for piece in np.array_split(ordered, count) if len(piece)]
    points = [[round(float(v), 4) for v in piece.mean(axis=0)] for piece in bins]
    gaps = [
        len(piece) * abs(says - right) for piece, (says, right) in zip(bins, points, strict=True)
    ]
    return {"calibration_error": round(sum(gaps) / max(1, len(ordered)), 4), "curve": points}


# ── kinds, cancellations, verdicts ───────────────────────────────────────────────────────────


def judged(photos: Sequence[Photo], found: Sequence[Fields]) -> dict[str, Any]:
    """What the rendered receipts are taken for."""
    pairs = [(p, p.label, f) for p, f in zip(photos, found, strict=True) if p.label is not None]
    cancelled = [
        (MarkKind.CANCELLATION in label.marks, f.marked(MarkKind.CANCELLATION) is not None)
        for _, label, f in pairs
        if "sale_and_cancellation" not in label.traps
    ]
    verdicts = list(_verdicts(pairs))
    clean = [made for made, label, _ in verdicts if _is_clean(label)]
    eligible = [(label, fields) for made, label, fields in verdicts if made is Verdict.ELIGIBLE]
    return {
        "taken_for_no_receipt": _share(
            f.document.value is DocumentKind.NOT_A_RECEIPT for _, _, f in pairs
        ),
        "kind": _share(f.document.value is label.kind for _, label, f in pairs),
        "cancellations_found": _share(seen for is_so, seen in cancelled if is_so),
        "false_alarms": _share(seen for is_so, seen in cancelled if not is_so),
        "eligible_that_should_not_be": _share(
            label.expected.verdict is not Verdict.ELIGIBLE and not _seen_all_the_same(label, fields)
            for label, fields in eligible
        ),
        "eligible_and_seen_all_the_same": _share(
            _seen_all_the_same(label, fields) for label, fields in eligible
        ),
        "clean_to_review": _share(made is Verdict.REVIEW for made in clean),
        "verdicts": dict(
            Counter(f"{label.expected.verdict} → {made}" for made, label, _ in verdicts)
        ),
    }


def judged_others(readings: Sequence[Reading]) -> dict[str, Any]:
    """What documents that are no receipts are taken for."""
    screener, fields = Screener(_campaign()), [each.fields() for each in readings]
    verdicts = [
        screener.judge(
            each.findings.model_copy(update={"fields": found}), submission="-", received=ARRIVED
        ).verdict
        for each, found in zip(readings, fields, strict=True)
    ]
    return {
        "taken_for_no_receipt": _share(
            f.document.value is DocumentKind.NOT_A_RECEIPT for f in fields
        ),
        "given_an_amount": _share(f.amount.value is not None for f in fields),
        "eligible": _share(made is Verdict.ELIGIBLE for made in verdicts),
        "verdicts": dict(Counter(str(made) for made in verdicts)),
    }


def _share(truths: Iterable[bool]) -> dict[str, Any]:
    listed = list(truths)
    return Share(sum(listed), len(listed)).as_json()


def _is_clean(label: Label) -> bool:
    """An honest receipt that passes, well printed and well photographed, and of no sort that the
    campaign has a person look at anyway.
    """
    passes = label.expected.verdict is Verdict.ELIGIBLE and not ASKED & set(label.marks)
    accepted = getattr(_campaign().documents, label.kind.value) == "accept"
    return passes and accepted and not HARD & {*label.faults, *label.traps}


def _seen_all_the_same(label: Label, fields: Fields) -> bool:
    """Whether a value that the label takes for hidden was read right, and is all that is wrong."""
    name, _, hidden = label.expected.reason.partition("_not_")
    value = found_values(fields).get(name)
    return hidden == "visible" and value == str(label.fields[name].value)


@cache
def _campaign() -> Campaign:
    return Campaign.load(CAMPAIGN)


def _verdicts(
    pairs: Sequence[tuple[Photo, Label, Fields]],
) -> Iterator[tuple[Verdict, Label, Fields]]:
    screener = Screener(_campaign())
    for photo, label, fields in pairs:
        findings = photo.reading.findings.model_copy(update={"fields": fields})
        others = tuple(findings.model_copy(update={"fields": each}) for each in _others(photo))
        made = screener.judge(findings, submission=label.id, received=ARRIVED, others=others)
        yield made.verdict, label, fields


def _others(photo: Photo) -> Iterator[Fields]:
    """What the other receipts in a photo say."""
    own = photo.reading.findings.receipt
    for number, page in enumerate(split_papers(photo.reading.page), 1):
        if number != own:
            yield photo.reading.fields_on(page)


# ── time ─────────────────────────────────────────────────────────────────────────────────────


def milliseconds(photos: Sequence[Photo]) -> dict[str, list[float]]:
    """Median and 90th percentile: proposing candidates, choosing and trusting, the whole stage."""
    measured = [_seconds(photo) for photo in photos]
    names = ("candidates", "ranker", "all fields")
    return {
        name: [round(1000 * float(np.quantile(column, at)), 2) for at in (0.5, 0.9)]
        for name, column in zip(names, zip(*measured, strict=True), strict=True)
    }


def _seconds(photo: Photo) -> tuple[float, float, float]:
    page, start = photo.reading.own, perf_counter()
    proposed = candidates_on(LabelledPage.of(page, photo.reading.codes), None)
    chosen_from = perf_counter()
    ranking = ranking_for(page, "learned")
    for name in (*FINDERS, "time"):
        ranking.rank(proposed[name], name, "")
    chosen = perf_counter()
    found_on(photo, "learned")
    return chosen_from - start, chosen - chosen_from, perf_counter() - chosen
