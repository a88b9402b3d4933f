"""What fields are found and how far their confidence holds: rules and learned side by side.

    python -m benchmarks.fields                  rendered receipts of unseen layouts, and real ones
    python -m benchmarks.fields --quick          the first few of each
    python -m benchmarks.fields --count 2400     narrow intervals, in two hours of reading; what was
                                                 read is kept in out/readings

Both choose among the same candidates on the same readings. The rendered receipts are of the test
split (families, shops and fonts that nothing was learned from) and of a seed of their own. With
the learned fields each is also screened under the sample campaign, as if it had come alone.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from benchmarks.field_figures import (
    SURE,
    Photo,
    agreed_amounts,
    found_on,
    judged,
    judged_others,
    measure,
    milliseconds,
)
from benchmarks.labelled import FIELDS, real_photos
from benchmarks.machine import cores
from benchmarks.proportions import Share
from benchmarks.script import console, finish, heading, parser
from benchmarks.tables import Table
from models.training.readings import (
    CACHE,
    Picked,
    Reading,
    read_others,
    read_pictures,
    read_samples,
    reader_key,
)
from receipt_screen.fields.ranker import Kind
from samples.others.pages import PAGES
from samples.render.labels import Label

WAYS: tuple[Kind, ...] = ("learned", "rules")
SEED = 57
COUNT = 300
"""With these a whole run takes less than four minutes on two cores."""
QUICK = 8
OTHERS = 48
OUTCOMES = ("right", "wrong", "silent")


def rendered(options: argparse.Namespace) -> list[Photo]:
    """Receipts of the test split with the values that can be seen."""
    count = min(QUICK, options.count) if options.quick else options.count
    picked = Picked("test", options.seed, count, options.cache)
    samples = read_samples(picked, console, workers=options.workers)
    return [Photo(reading, _printed(label), label) for label, reading in samples]


def _printed(label: Label) -> dict[str, tuple[str, ...]]:
    seen = {name: label.fields[name] for name in FIELDS if label.fields[name].visible}
    return {n: () if field.value is None else (str(field.value),) for n, field in seen.items()}


def real(options: argparse.Namespace) -> list[Photo]:
    """The real receipts beside the project, if any."""
    photos = real_photos()[: QUICK if options.quick else None]
    paths = [photo.path for photo in photos]
    readings = read_pictures(paths, options.cache / "real", console, workers=options.workers)
    return [Photo(reading, photo.values) for photo, reading in zip(photos, readings, strict=True)]


def others(options: argparse.Namespace) -> list[Reading]:
    """Rendered documents that are no receipts, of kinds that nothing was learned from."""
    count = len(PAGES["test"]) if options.quick else OTHERS
    picked = Picked("test", options.seed, count, options.cache)
    return read_others(picked, console, workers=options.workers)


SETS: Mapping[str, Callable[[argparse.Namespace], list[Photo]]] = {
    "rendered": rendered,
    "real": real,
}


def figures(photos: Sequence[Photo]) -> dict[str, Any]:
    """What both ways make of a set, and how long the learned one takes."""
    found = {way: [found_on(photo, way) for photo in photos] for way in WAYS}
    measured = {
        "photos": len(photos),
        **{way: measure(photos, found[way]) for way in WAYS},
        "milliseconds": milliseconds(photos),
    }
    if all(photo.label is not None for photo in photos):
        measured["judged"] = judged(photos, found["learned"])
        measured["agreed"] = agreed_amounts(photos)
    return measured


# ── what is shown ────────────────────────────────────────────────────────────────────────────


def tables(data: Mapping[str, Any]) -> list[Table]:
    """For each set what was found, what it was taken for where that is known, and the time."""
    made = []
    for name, measured in data["sets"].items():
        title = f"{name}: {measured['photos']} receipts"
        made.append(_found_table(title, measured))
        if "judged" in measured:
            made.append(_judged_table(f"{title}, taken for", measured["judged"]))
        if "agreed" in measured:
            made.append(_agreed_table(measured["agreed"]))
    if "others" in data:
        made.append(_judged_table("Rendered documents that are no receipts", data["others"]))
    timed = [
        (f"{name}, {part}", *(f"{value:.1f}" for value in values))
        for name, measured in data["sets"].items()
        for part, values in measured["milliseconds"].items()
    ]
    return [*made, Table("Milliseconds a photo", ("", "median", "90th percentile"), tuple(timed))]


def _found_table(title: str, measured: Mapping[str, Any]) -> Table:
    columns = ("field", *OUTCOMES, "right of those read", f"wrong of those ≥ {SURE}", "error")
    rows = [
        (field.replace("_", " ") + (", by rules" if way == "rules" else ""),
         *_cells(measured[way][field]))
        for field in FIELDS
        for way in WAYS
    ]  # fmt: skip
    return Table(title, columns, tuple(rows))


def _cells(field: Mapping[str, Any]) -> tuple[str, ...]:
    total = sum(field[outcome] for outcome in OUTCOMES)
    return (
        *(_percent(field[outcome], total) for outcome in OUTCOMES),
        _percent(*field["readable"]),
        f"{field['sure_and_wrong']} of {field['sure']}",
        f"{field['calibration_error']:.3f}",
    )


def _percent(hits: int, of: int) -> str:
    """`87.5% (77.1–94.0)`: a share with its 95 % interval."""
    if not of:
        return "–"
    low, high = Share(hits, of).interval()
    return f"{hits / of:.1%} ({100 * low:.1f}–{100 * high:.1f})"


def _judged_table(title: str, shares: Mapping[str, Any]) -> Table:
    rows = [
        (what.replace("_", " "), f"{share['hits']} of {share['of']}",
         _percent(share["hits"], share["of"]))
        for what, share in shares.items()
        if what != "verdicts"
    ]  # fmt: skip
    rows += [(what, str(count), "") for what, count in sorted(shares["verdicts"].items())]
    return Table(title, ("", "count", "share"), tuple(rows))


def _agreed_table(share: Mapping[str, Any]) -> Table:
    low, high = share["interval"]
    cells = (f"{share['hits']} of {share['of']}", f"{100 * low:.2f}–{100 * high:.2f} %")
    title = "Sums of money that count as agreed on by both readers"
    return Table(title, ("", "not what is printed", "95 % interval"), (("in any line", *cells),))


def plot(data: Mapping[str, Any], file: Path) -> None:
    """The reliability curves of every field: both ways on rendered receipts, learned on real."""
    figure = Figure(figsize=(9, 6))
    axes = figure.subplots(2, 3)
    lines = [
        (name, way, style)
        for name, way, style in (
            ("rendered", "rules", {"color": "0.6", "linestyle": "--", "marker": "s"}),
            ("rendered", "learned", {"color": "tab:blue", "marker": "o"}),
            ("real", "learned", {"color": "tab:orange", "marker": "^"}),
        )
        if name in data["sets"]
    ]
    for place, field in zip(axes.flat, FIELDS, strict=True):
        place.plot([0, 1], [0, 1], color="0.85", linewidth=1)
        for name, way, style in lines:
            measured = data["sets"][name][way][field]
            label = f"{name}, {way}: {measured['calibration_error']:.3f}"
            place.plot(*zip(*measured["curve"], strict=True), label=label, markersize=3, **style)
        place.set(xlim=(0.2, 1.02), ylim=(0.2, 1.02), title=field.replace("_", " "))
        place.legend(fontsize=6, title="calibration error", title_fontsize=7)
    figure.supxlabel("confidence")
    figure.supylabel("share that is right")
    figure.tight_layout()
    figure.savefig(file, dpi=110, metadata={"Software": None})


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures, prints and writes."""
    options = _options(arguments)
    wanted = {name: take for name, take in SETS.items() if options.set in (name, "all")}
    sets = {name: take(options) for name, take in wanted.items()}
    no_receipts = others(options) if options.set in ("others", "all") else []
    data: dict[str, Any] = {
        **heading(options, ("onnxruntime",)),
        "missing": {name: "no photos here" for name, photos in sets.items() if not photos},
        "seed": options.seed,
        "read_by": reader_key(),
        "sets": {name: figures(photos) for name, photos in sets.items() if photos},
        **({"others": judged_others(no_receipts)} if no_receipts else {}),
    }
    finish("fields", data, tables(data), plot, options)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    options = parser(__doc__)
    options.add_argument("--set", choices=(*SETS, "others", "all"), default="all")
    options.add_argument("--count", type=int, default=COUNT, help="rendered receipts")
    options.add_argument("--seed", type=int, default=SEED, help="of the rendered receipts")
    options.add_argument("--cache", type=Path, default=CACHE, help="where readings are kept")
    options.add_argument("--workers", type=int, default=len(cores()), help="processes for reading")
    return options.parse_args(arguments)


if __name__ == "__main__":
    main()
