"""Writes docs/benchmarks.md from benchmarks/results/*.json: no figure is typed by hand.

python -m benchmarks.report
python -m benchmarks.report --results out/benchmarks --page out/benchmarks/benchmarks.md
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import (
    desk_page,
    detection,
    fields,
    reading,
    redaction,
    report_opening,
    reuse,
    scale,
    speed,
)
from benchmarks.script import QUICK_RESULTS, RESULTS, ROOT
from benchmarks.tables import Table

PAGE = ROOT / "docs" / "benchmarks.md"


@dataclass(frozen=True)
class Section:
    """One question: its script's figures and how to read them."""

    name: str
    title: str
    tables: Callable[[Mapping[str, Any]], list[Table]]
    how: str
    plotted: bool = True
    options: str = ""
    """What its script is called with."""

    @property
    def command(self) -> str:
        """What measures it."""
        script = self.tables.__module__.rpartition(".")[2]
        return f"python -m benchmarks.{script} {self.options}".rstrip()


HEAD = """# Benchmarks

Written by `python -m benchmarks.report` from `benchmarks/results/*.json`, which `make bench`
measures: it installs the `bench` extra, takes up to 25 minutes on two cores, and measures ours and
the peers over the same images in the same run. `make bench QUICK=1` takes two minutes, measures a
few of everything, and writes to `out/benchmarks/` instead. A peer that isn't installed is named
below as missing.

The real receipts (photos, scans and screenshots from public repositories without a licence) are
not part of this repository; where the folder is absent they are skipped. Rules and settings were
developed while looking at them, so receipts unlike them will read worse. What the samples are, and
where they differ from real ones, is told in [samples.md](samples.md).
"""
SECTIONS = (
    Section(
        "reading",
        "What is read",
        reading.tables,
        """*right / wrong / silent*: the field's value is the printed one, another one, or none was
given. Where nothing is printed, silence is right. A time is right to the minute; a shop's name
when, without spaces, signs and company forms, it is 80 % alike or a part of four letters and more.
*In text*: the printed value stands, digit for digit, somewhere in what was read; the peers have no
field rules, so only this can be said of them. They are given the whole photo, our two engines the
same flattened paper. The recogniser that comes with RapidOCR doesn't know Hangul; one that does
has to be downloaded. *Character error*: edits over characters, line by line where the label says
text stands; lines that a reader splits or joins are compared together, spaces and ruling
don't count.""",
    ),
    Section(
        "detection",
        "Which lines are found",
        detection.tables,
        """A labelled line is found when quads cover seven tenths of its middle without being twice
as high; with the 95 % interval (Clopper and Pearson). Both on the same flattened papers, by the
size at which they see them: our own network in two looks, and PP-OCRv6's as RapidOCR sets it up.
Three papers of the split are too blurred or dark for anyone to read. [hard-lines.md](hard-lines.md)
shows what readers make of single lines.""",
    ),
    Section(
        "fields",
        "Which fields are found, and how far they can be trusted",
        fields.tables,
        """Two ways of choosing among the same candidates on the same readings: by the weights
that a person set, and by learned ones, which are in use. Shares stand with their 95 % interval
(Clopper and Pearson). The rendered receipts are of layouts, shops and fonts that nothing was
learned from, with every fault of the renderer, and of a seed of their own; values that the photo
hides aren't counted. *Right of those read*: of the values that some reader has in one line, or
that stand among the candidates; the rest was lost before any field was chosen. *Error*: the
expected calibration error of the confidence. A receipt is *clean* when it should pass, is well
printed and well photographed, and is of no sort that the campaign has a person look at. Not counted
as wrongly eligible: where all that speaks against it is that the label takes a value for hidden
which was read right all the same (*seen all the same*). Time is that of one core.""",
    ),
    Section(
        "speed",
        "Seconds and memory",
        speed.tables,
        """Each reader runs alone, in fresh processes of one thread, over the same photos. Opening
is not part of a photo's time. Memory is the peak of the process and of the largest program it ran.
Ours includes finding the paper, fields and fingerprints; RapidOCR only decodes and reads.""",
    ),
    Section(
        "scale",
        "How the registry grows",
        scale.tables,
        """Ours is the whole registry in an SQLite file: looking up finds everything related by
transaction key, text or look and says how; inserting looks up, decides and writes durably. The
peers keep hashes of 256 bits in memory and nothing else. All look for what is at most 10 bits
away among random hashes, on one core. imagededup's tree takes 64 bits only: the first ones.""",
    ),
    Section(
        "reuse",
        "Which uploads show a receipt again",
        reuse.tables,
        """Each cell: the share of pairs that are called alike, with its 95 % interval (Clopper
and Pearson). For the first four relations that is recall, for the last three it is false alarms.
Thresholds are set on unrelated pairs, so that no more than the named share of them is called
alike; other receipts of one shop are counted apart. *Ours, registry* knows an earlier upload by
its prints alone, as `screen` does; *pictures too* compares, as `batch` does, both photos of what
the registry found or what has enough local features in common. All images are of the test split,
rendered anew.""",
    ),
    Section(
        "reuse_ours",
        "What is said of more pairs",
        reuse.tables_of_ours,
        """The same for ours alone, over more images. *One purchase*: called the same
file, image or receipt, or an altered copy. *The edit framed*: intersection over union of half and
more with what was altered. A *strong flag* proposes to reject, *to review* asks a person.
Cancellations, friends (who pay the same within minutes of each other), the same shop on the same or
another day, and another shop are honest: each flag there is a false alarm. This takes half an hour
and is no part of `make bench`: the date below the tables says of which day's code it tells.""",
        options="--blocks 180 --ours --cache out/reuse",
    ),
    Section(
        "redaction",
        "What is hidden in pictures for reviewers",
        redaction.tables,
        """Places that the labels of rendered receipts name: card numbers but for their last four
digits, telephone numbers and names of persons should be hidden, the fields that a reviewer decides
on readable; asked is 99 % hidden. *Veiled* are pictures of which so little was read, or so badly,
that all of them is made illegible; they aren't counted above. The rules were made on the samples
and on other rendered receipts; *a fresh set* (`python -m samples.render --count 360 --seed 60417
--split test --out DIR`, then `--set DIR`) was rendered afterwards, of layouts, shops and typefaces
of the test split, and looked at by nobody before.""",
        plotted=False,
    ),
    Section(
        "report_opening",
        "How soon the report is open",
        report_opening.tables,
        """Until the list can be searched, in a fresh browser each time; pictures lie beside the
file and are loaded as they come into view.""",
        plotted=False,
    ),
    Section(
        "desk_page",
        "How soon the reviewers' page is there",
        desk_page.tables,
        """The server's answers, one after the other: from the request to the last byte of the page,
without the browser's drawing.""",
        plotted=False,
    ),
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Writes the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="the page of a quick look")
    quick = parser.parse_args(arguments).quick
    results, file = (QUICK_RESULTS, QUICK_RESULTS / PAGE.name) if quick else (RESULTS, PAGE)
    file.write_text(page(results, file.parent), encoding="utf-8")
    print(f"written: {file}")


def page(results: Path, beside: Path) -> str:
    """The whole page; pictures are linked from the folder `beside`."""
    parts = [HEAD, *(part for section in SECTIONS for part in _section(section, results, beside))]
    return "\n".join(parts)


def _section(section: Section, results: Path, beside: Path) -> Iterator[str]:
    file = results / f"{section.name}.json"
    yield f"## {section.title}\n"
    if not file.is_file():
        yield f"Not measured yet: `{section.command}`.\n"
        return
    data = json.loads(file.read_text(encoding="utf-8"))
    if data["quick"]:
        yield "**A quick look at a few images: too few to compare by.**\n"
    yield section.how + "\n"
    yield from (table.markdown() for table in section.tables(data))
    yield from _published(data)
    yield from (f"Missing: {name}: {why}.\n" for name, why in data["missing"].items())
    if section.plotted:
        picture = os.path.relpath(file.with_suffix(".png"), beside)
        yield f"![{section.title}]({Path(picture).as_posix()})\n"
    yield "Measured with " + ", ".join(f"{k} {v}" for k, v in data["machine"].items()) + ".\n"


def _published(data: Mapping[str, Any]) -> Iterator[str]:
    """Where the published thresholds are from."""
    if "published" in data:
        lines = [f"- {name}: {source}" for name, source in data["published"].items()]
        yield "\n".join(["Published thresholds:", "", *lines, ""])


if __name__ == "__main__":
    main()
