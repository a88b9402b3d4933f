"""What fields are found and how far their confidence holds: rules and learned side by side.

    python -m benchmarks.fields                  rendered receipts of unseen layouts, and real ones
    python -m benchmarks.fields --quick          the first few of each
    python -m benchmarks.fields --count 480      more; what was read is kept in out/readings

Both choose among the same candidates on the same readings. The rendered receipts are of the test
split (families, shops and fonts that nothing was learned from) and of a seed of their own. With
the learned fields each is also screened under the sample campaign, as if it had come alone.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from benchmarks.labelled import FIELDS, found_values, judge, real_photos
from benchmarks.script import console, finish, heading, parser
from benchmarks.tables import Table
from models.training.readings import CACHE, Picked, Reading, read_picture, read_samples
from receipt_screen.campaign import Campaign
from receipt_screen.fields import find_fields
from receipt_screen.fields.papers import split_papers
from receipt_screen.fields.ranker import Kind
from receipt_screen.reading import open_reader
from receipt_screen.records import Fields, MarkKind, Verdict
from receipt_screen.screener import Screener
from samples.render.labels import Label

WAYS: tuple[Kind, ...] = ("rules", "learned")
SEED = 12
SURE = 0.9
BINS = 10
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


def rendered(count: int, cache: Path) -> list[Photo]:
    """Receipts of the test split with the values that can be seen."""
    samples = read_samples(Picked("test", SEED, count, cache), console)
    return [Photo(reading, _printed(label), label) for label, reading in samples]


def _printed(label: Label) -> dict[str, tuple[str, ...]]:
    seen = {name: label.fields[name] for name in FIELDS if label.fields[name].visible}
    return {n: () if field.value is None else (str(field.value),) for n, field in seen.items()}


def real(count: int | None, cache: Path) -> list[Photo]:
    """The real receipts beside the project, if any."""
    photos = real_photos()[:count]
    reader = open_reader() if photos else None
    return [
        Photo(read_picture(photo.path, cache / "real", reader), photo.values)
        for photo in photos
        if reader is not None
    ]


# ── fields ───────────────────────────────────────────────────────────────────────────────────


def _found(photo: Photo, way: Kind) -> Fields:
    codes = tuple(symbol.text for symbol in photo.reading.findings.symbols)
    screen = photo.reading.is_screen
    return find_fields(photo.reading.own, screen=screen, codes=codes, by=way)


def measure(photos: Sequence[Photo], found: Sequence[Fields]) -> dict[str, Any]:
    """By field: right, wrong, silent; the values' confidences against their being right."""
    return {name: _field(photos, found, name) for name in FIELDS}


def _field(photos: Sequence[Photo], found: Sequence[Fields], name: str) -> dict[str, Any]:
    verdicts, said = Counter[str](), []
    for photo, fields in zip(photos, found, strict=True):
        if name not in photo.values:
            continue
        value = found_values(fields)[name]
        verdict = judge(name, value, photo.values[name])
        verdicts[verdict] += 1
        if value is not None:
            said.append((getattr(fields, name).confidence, verdict == "right"))
    return {
        **{word: verdicts[word] for word in ("right", "wrong", "silent")},
        "sure": sum(confidence >= SURE for confidence, _ in said),
        "sure_and_wrong": sum(confidence >= SURE and not right for confidence, right in said),
        **_reliability(said),
    }


def _reliability(said: Sequence[tuple[float, bool]]) -> dict[str, Any]:
    """The expected calibration error, and its curve in bins of as many values each."""
    ordered = np.array(sorted(said), float).reshape(-1, 2)
    bins = [piece for piece in np.array_split(ordered, BINS) if len(piece)]
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
    clean = [(made, label) for made, label in verdicts if _is_clean(label)]
    eligible = [label for made, label in verdicts if made is Verdict.ELIGIBLE]
    return {
        "kind": _share(f.document.value is label.kind for _, label, f in pairs),
        "cancellations_found": _share(seen for is_so, seen in cancelled if is_so),
        "false_alarms": _share(seen for is_so, seen in cancelled if not is_so),
        "eligible_that_should_not_be": _share(
            label.expected.verdict is not Verdict.ELIGIBLE for label in eligible
        ),
        "clean_to_review": _share(made is Verdict.REVIEW for made, _ in clean),
        "verdicts": dict(Counter(f"{label.expected.verdict} → {made}" for made, label in verdicts)),
    }


def _share(truths: Iterable[bool]) -> list[int]:
    """How many of how many."""
    listed = list(truths)
    return [sum(listed), len(listed)]


def _is_clean(label: Label) -> bool:
    """An honest receipt that passes, well printed and well photographed, and of no sort that the
    campaign has a person look at anyway.
    """
    passes = label.expected.verdict is Verdict.ELIGIBLE and not ASKED & set(label.marks)
    return passes and not HARD & {*label.faults, *label.traps}


def _verdicts(
    pairs: Sequence[tuple[Photo, Label, Fields]],
) -> Iterator[tuple[Verdict, Label]]:
    screener = Screener(Campaign.load(CAMPAIGN))
    for photo, label, fields in pairs:
        findings = photo.reading.findings.model_copy(update={"fields": fields})
        others = tuple(findings.model_copy(update={"fields": each}) for each in _others(photo))
        made = screener.judge(findings, submission=label.id, received=ARRIVED, others=others)
        yield made.verdict, label


def _others(photo: Photo) -> Iterator[Fields]:
    """What the other receipts in a photo say."""
    own = photo.reading.findings.receipt
    for number, page in enumerate(split_papers(photo.reading.page), 1):
        if number != own:
            yield find_fields(page, screen=photo.reading.is_screen)


# ── what is shown ────────────────────────────────────────────────────────────────────────────


def tables(data: Mapping[str, Any]) -> list[Table]:
    """A table a set, and one of what the rendered ones are taken for."""
    made = [_table(name, ways) for name, ways in data["sets"].items()]
    rows = [
        (what.replace("_", " "), f"{share[0]} of {share[1]}", _percent(*share))
        for what, share in data["judged"].items()
        if what != "verdicts"
    ]
    rows += [(what, str(count), "") for what, count in sorted(data["judged"]["verdicts"].items())]
    return [*made, Table("rendered: taken for (learned)", ("what", "count", "share"), tuple(rows))]


def _table(name: str, ways: Mapping[str, Any]) -> Table:
    rows = [
        (
            field,
            *(cell for way in WAYS for cell in _cells(ways[way][field])),
        )
        for field in FIELDS
    ]
    heads = ("right", "wrong", "silent", f"wrong ≥ {SURE}", "error")
    columns = ("field", *(f"{way} {head}" for way in WAYS for head in heads))
    return Table(f"{name}: {ways['photos']} receipts", columns, tuple(rows))


def _cells(field: Mapping[str, Any]) -> tuple[str, ...]:
    total = sum(field[word] for word in ("right", "wrong", "silent"))
    shares = tuple(_percent(field[word], total) for word in ("right", "wrong", "silent"))
    sure = f"{field['sure_and_wrong']} of {field['sure']}"
    return (*shares, sure, f"{field['calibration_error']:.3f}")


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "–"


def plot(data: Mapping[str, Any], file: Path) -> None:
    """The curves of both ways on the rendered receipts."""
    figure = Figure(figsize=(9, 6))
    axes = figure.subplots(2, 3)
    for place, field in zip(axes.flat, FIELDS, strict=True):
        place.plot([0, 1], [0, 1], color="0.8", linewidth=1)
        for way, style in zip(WAYS, ("s--", "o-"), strict=True):
            measured = data["sets"]["rendered"][way][field]
            label = f"{way} {measured['calibration_error']:.3f}"
            place.plot(*zip(*measured["curve"], strict=True), style, label=label, markersize=3)
        place.set(xlim=(0.2, 1.02), ylim=(0.2, 1.02), title=field.replace("_", " "))
        place.legend(fontsize=7, title="calibration error", title_fontsize=7)
    figure.supxlabel("confidence")
    figure.supylabel("share that is right")
    figure.tight_layout()
    figure.savefig(file, dpi=110, metadata={"Software": None})


def main() -> None:
    """Measures, prints and writes."""
    options_of = parser(__doc__)
    options_of.add_argument("--count", type=int, default=240, help="rendered receipts")
    options_of.add_argument("--cache", type=Path, default=CACHE, help="where readings are kept")
    options = options_of.parse_args()
    few = 12 if options.quick else None
    photos = {
        "rendered": rendered(few or options.count, options.cache),
        "real": real(few, options.cache),
    }
    data: dict[str, Any] = {**heading(options, ("onnxruntime", "scikit-learn")), "sets": {}}
    for name, those in photos.items():
        if not those:
            console.print(f"{name}: no photos here, skipped")
            continue
        found = {way: [_found(photo, way) for photo in those] for way in WAYS}
        measured = {way: measure(those, found[way]) for way in WAYS}
        data["sets"][name] = {"photos": len(those), **measured}
        if name == "rendered":
            data["judged"] = judged(those, found["learned"])
    finish("fields", data, tables(data), plot, options)


if __name__ == "__main__":
    main()
