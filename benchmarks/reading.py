"""What is read of labelled receipts, and how surely: ours against the peers.

    python -m benchmarks.reading                 real receipts and the samples' test split
    python -m benchmarks.reading --set real --errors
    python -m benchmarks.reading --quick         a few photos of each

All readers get the same photos in the same run. `lines` and `tesseract` are this package's
engines on the same flattened paper; the peers get the whole photo and have no field rules, so
for all of them "in text" says whether the printed value stands somewhere in what was read.
"""

from __future__ import annotations

import argparse
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import matplotlib

from benchmarks.children import on_cores
from benchmarks.labelled import (
    FIELDS,
    Labelled,
    found_values,
    judge,
    real_photos,
    sample_photos,
    stands_in,
)
from benchmarks.lines import PageError, TextLine, page_error
from benchmarks.peers import READERS, Peer, TextReader, split_missing
from benchmarks.script import console, finish, heading, parser
from benchmarks.tables import Table
from receipt_screen.errors import ReceiptScreenError
from receipt_screen.geometry import Transform
from receipt_screen.photo import open_photos
from receipt_screen.reading import open_reader
from receipt_screen.records import Findings
from receipt_screen.screener import examine_upload, main_page

matplotlib.use("Agg")

ENGINES = {"lines": "ours, `lines`", "tesseract": "ours, `tesseract`"}
TITLES = {**ENGINES, **{peer.name: peer.title for peer in READERS}}
SETS = {
    "real": "Real receipts",
    "samples": "Rendered samples, test split",
}
QUICK = 3


@dataclass(frozen=True)
class Outcome:
    """What one reader made of one photo."""

    id: str
    kind: str
    in_text: dict[str, bool]
    page: PageError | None
    verdicts: dict[str, str] = field(default_factory=dict)
    values: dict[str, str | None] = field(default_factory=dict)
    confidences: dict[str, float] = field(default_factory=dict)


Read = Callable[[Labelled], Outcome]


# ── reading ──────────────────────────────────────────────────────────────────────────────────


def open_engine(name: str) -> Read:
    """One of our own engines, with fields."""
    reader = open_reader(name)

    def read(photo: Labelled) -> Outcome:
        try:
            findings, _ = main_page(examine_upload(photo.path, reader))
        except ReceiptScreenError as error:
            raise SystemExit(f"{photo.path.name}: {error}") from error
        return _with_fields(photo, findings)

    return read


def _with_fields(photo: Labelled, findings: Findings) -> Outcome:
    lines = tuple(TextLine(line.text, line.quad) for line in findings.page.lines)
    values = found_values(findings.fields)
    width = findings.photo.width
    return Outcome(
        photo.id,
        photo.kind,
        _in_text(lines, photo),
        _page_error(photo, lines, width),
        {name: judge(name, values[name], printed) for name, printed in photo.values.items()},
        values,
        {name: getattr(findings.fields, name).confidence for name in FIELDS},
    )


def open_peer(peer: Peer) -> Read:
    """A peer: lines only."""
    reader: TextReader = peer.open()

    def read(photo: Labelled) -> Outcome:
        opened = open_photos(photo.path)[0]  # decoded as for ours, PDF too
        lines = tuple(
            TextLine(line.text, opened.to_full.quad(line.quad))
            for line in reader.read(opened.pixels)
        )
        page = _page_error(photo, lines, opened.facts.width)
        return Outcome(photo.id, photo.kind, _in_text(lines, photo), page)

    return read


def _page_error(photo: Labelled, lines: Sequence[TextLine], width: int) -> PageError | None:
    if photo.size is None:
        return None
    to_label = Transform.scaling(photo.size[0] / width)  # a PDF's page has no pixels of its own
    return page_error(
        photo.lines, [TextLine(line.text, to_label.quad(line.quad)) for line in lines]
    )


def _in_text(lines: Sequence[TextLine], photo: Labelled) -> dict[str, bool]:
    text = "\n".join(line.text for line in lines)
    return {
        name: stands_in(name, text, printed) for name, printed in photo.values.items() if printed
    }


# ── figures ──────────────────────────────────────────────────────────────────────────────────


def figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """One reader's figures: of all photos, and of each kind of document."""
    kinds = sorted({outcome.kind for outcome in outcomes})
    return {
        **_figures(outcomes),
        "kinds": {kind: _figures([o for o in outcomes if o.kind == kind]) for kind in kinds},
    }


def _figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    pages = [outcome.page for outcome in outcomes if outcome.page is not None]
    return {
        "photos": len(outcomes),
        "fields": {name: _counts(outcomes, name) for name in FIELDS},
        "text": _text_counts(pages) if pages else None,
    }


def _counts(outcomes: Sequence[Outcome], name: str) -> dict[str, int]:
    verdicts = Counter(o.verdicts[name] for o in outcomes if name in o.verdicts)
    in_text = [o.in_text[name] for o in outcomes if name in o.in_text]
    counts = {word: verdicts[word] for word in ("right", "wrong", "silent")}
    return {**counts, "in_text": sum(in_text), "printed": len(in_text)}


def _text_counts(pages: Sequence[PageError]) -> dict[str, int]:
    return {
        "characters": sum(page.characters for page in pages),
        "edits": sum(page.edits for page in pages),
        "lines": sum(len(page.lines) for page in pages),
        "exact": sum(page.exact for page in pages),
        "extra": sum(page.extra for page in pages),
    }


# ── tables and plot ──────────────────────────────────────────────────────────────────────────


def tables(data: Mapping[str, Any]) -> list[Table]:
    """Of each set: fields and characters, and the same by kind of document."""
    made = []
    for name, readers in data["sets"].items():
        photos = next(iter(readers.values()))["photos"]
        made += [
            _fields_table(f"{SETS[name]}: {photos} photos", readers),
            _kinds_table(f"{SETS[name]} by kind of document", readers),
        ]
    return made


def _fields_table(title: str, readers: Mapping[str, Any]) -> Table:
    rows = [
        (name.replace("_", " "), *(_cell(reader["fields"][name]) for reader in readers.values()))
        for name in FIELDS
    ]
    if all(reader["text"] for reader in readers.values()):
        texts = [reader["text"] for reader in readers.values()]
        rows += [
            ("character error", *(_share(text, "edits", "characters") for text in texts)),
            ("lines without error", *(_share(text, "exact", "lines") for text in texts)),
            ("characters read where nothing is labelled",
             *(_share(text, "extra", "characters") for text in texts)),
        ]  # fmt: skip
    return Table(title, ("", *(TITLES[name] for name in readers)), tuple(rows))


def _cell(counts: Mapping[str, int]) -> str:
    judged = sum(counts[word] for word in ("right", "wrong", "silent"))
    in_text = f"{counts['in_text'] / counts['printed']:.0%} in text" if counts["printed"] else "–"
    if not judged:
        return in_text
    share = f"{counts['right'] / judged:.0%}"
    return f"{share} {counts['right']} / {counts['wrong']} / {counts['silent']}, {in_text}"


def _share(text: Mapping[str, int], part: str, whole: str) -> str:
    return f"{text[part] / text[whole]:.1%}" if text[whole] else "–"


def _kinds_table(title: str, readers: Mapping[str, Any]) -> Table:
    kinds = next(iter(readers.values()))["kinds"]
    rows = [
        (f"{kind.replace('_', ' ')} ({kinds[kind]['photos']})",
         *(_kind_cell(reader["kinds"][kind]) for reader in readers.values()))
        for kind in kinds
    ]  # fmt: skip
    return Table(title, ("", *(TITLES[name] for name in readers)), tuple(rows))


def _kind_cell(figures: Mapping[str, Any]) -> str:
    fields = figures["fields"].values()
    right = sum(counts["right"] for counts in fields)
    judged = right + sum(counts["wrong"] + counts["silent"] for counts in fields)
    printed = sum(counts["printed"] for counts in fields)
    parts = [
        f"{right / judged:.0%} of fields" if judged else "",
        f"{sum(c['in_text'] for c in fields) / printed:.0%} in text" if printed else "",
        f"{_share(figures['text'], 'edits', 'characters')} error" if figures["text"] else "",
    ]
    return ", ".join(part for part in parts if part)


def plot(data: Mapping[str, Any], file: Path) -> None:
    """Bars of the values that stand in the text, by field."""
    from matplotlib import pyplot  # noqa: PLC0415 - slow to import; readers' processes don't need it

    sets = data["sets"]
    figure, axes = pyplot.subplots(1, len(sets), figsize=(6 * len(sets), 4), squeeze=False)
    for axis, (name, readers) in zip(axes[0], sets.items(), strict=True):
        _bars(axis, readers)
        axis.set_title(f"{SETS[name]}: value stands in what was read", fontsize=10)
    names = axes[0][0].get_legend_handles_labels()
    figure.legend(*names, loc="lower center", ncols=len(names[0]), fontsize=8)
    figure.tight_layout(rect=(0, 0.06, 1, 1))
    figure.savefig(file, dpi=110)
    pyplot.close(figure)


def _bars(axis: Any, readers: Mapping[str, Any]) -> None:
    width = 0.8 / len(readers)
    for number, (reader, figures) in enumerate(readers.items()):
        counts = [figures["fields"][name] for name in FIELDS]
        heights = [each["in_text"] / max(1, each["printed"]) for each in counts]
        places = [place + number * width for place in range(len(FIELDS))]
        axis.bar(places, heights, width, label=TITLES[reader].replace("`", ""))
    axis.set_xticks([place + 0.4 - width / 2 for place in range(len(FIELDS))])
    axis.set_xticklabels([name.replace("_", "\n") for name in FIELDS], fontsize=8)
    axis.set_ylim(0, 1.02)


# ── the run ──────────────────────────────────────────────────────────────────────────────────


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures, prints and writes."""
    options = _options(arguments)
    peers, missing = split_missing(READERS)
    openings = {name: partial(open_engine, name) for name in _engines(missing)}
    openings |= {peer.name: partial(open_peer, peer) for peer in peers}
    data = {**heading(options, [p for peer in peers for p in peer.packages]), "missing": missing}
    data["sets"] = _measure(openings, _sets(options), options)
    finish("reading", data, tables(data), plot, options)


def _engines(missing: dict[str, str]) -> list[str]:
    if shutil.which("tesseract"):
        return list(ENGINES)
    missing[ENGINES["tesseract"]] = missing[TITLES["tesseract_raw"]]
    return ["lines"]


def _sets(options: argparse.Namespace) -> dict[str, list[Labelled]]:
    loaders = {"real": real_photos, "samples": sample_photos}
    wanted = loaders if options.set == "all" else {options.set: loaders[options.set]}
    sets = {name: _some(load(), options) for name, load in wanted.items()}
    for name, photos in sets.items():
        if not photos:
            console.print(f"{SETS[name]}: not here, skipped")
    return {name: photos for name, photos in sets.items() if photos}


def _some(photos: list[Labelled], options: argparse.Namespace) -> list[Labelled]:
    most = QUICK if options.quick else options.limit
    return photos[:: max(1, len(photos) // most)][:most] if most else photos


def _measure(
    openings: Mapping[str, Callable[[], Read]],
    sets: Mapping[str, list[Labelled]],
    options: argparse.Namespace,
) -> dict[str, Any]:
    """Figures by set and reader; each reader is opened once for all sets."""
    photos = [photo for members in sets.values() for photo in members]
    data: dict[str, Any] = {name: {} for name in sets}
    for reader, opening in openings.items():
        outcomes = [done.result for done in on_cores(opening, photos, title=reader)]
        rest = iter(outcomes)
        for name, members in sets.items():
            data[name][reader] = figures(list(islice(rest, len(members))))
        if options.errors:
            show_errors(reader, outcomes)
    return data


def show_errors(reader: str, outcomes: Iterable[Outcome]) -> None:
    """Each mistake of a reader; on the terminal only."""
    for outcome in outcomes:
        for name, verdict in outcome.verdicts.items():
            if verdict != "right":
                value, sure = outcome.values[name], outcome.confidences[name]
                console.print(
                    f"{reader} {outcome.id} {name}: {verdict} {value or ''} ({sure:.2f})",
                    markup=False,
                )


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    options = parser(__doc__)
    options.add_argument("--set", choices=("real", "samples", "all"), default="all")
    options.add_argument("--limit", type=int, default=None, help="photos of each set")
    options.add_argument("--errors", action="store_true", help="print each mistake")
    return options.parse_args(arguments)


if __name__ == "__main__":
    main()
