"""Draws how training went: `python -m models.training.curves` writes docs/training.png."""

from __future__ import annotations

import json
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

HERE = Path(__file__).parent
PICTURE = HERE.parent.parent / "docs" / "training.png"
CURVES = {
    "recogniser": ("character_error", "digit_error"),
    "detector": ("overlap",),
}
"""What is drawn of each log, beside the loss."""
ALONG = {"recogniser": ("lines", "lines learned from"), "detector": ("minutes", "minutes")}
"""What a log is drawn along, and what that is called."""

SETTLED = 150
"""Steps after which the detector's running mean, which began at nothing, says something."""

Entry = dict[str, float]


def log_of(model: str) -> list[Entry]:
    """All entries of a model's log; runs follow each other, so what they count is added up."""
    with (HERE / model / "log.jsonl").open(encoding="utf-8") as file:
        entries: list[Entry] = [json.loads(line) for line in file]
    counted, _ = ALONG[model]
    before = last = 0.0
    for entry in entries:
        if entry[counted] < last:
            before += last
        last = entry[counted]
        entry[counted] += before
    return entries


def draw(axes: Axes, model: str, entries: list[Entry]) -> None:
    """The loss on the left scale, what is measured on the right."""
    counted, called = ALONG[model]
    axes.set(title=model, xlabel=called, ylabel="loss", yscale="log")
    losses = [(entry[counted], entry["loss"]) for entry in entries if "loss" in entry]
    axes.plot(*zip(*losses, strict=True), color="0.6", label="loss")
    measured = axes.twinx()
    for number, name in enumerate(CURVES[model]):
        points = [
            (entry[counted], entry[name])
            for entry in entries
            if name in entry and entry["step"] >= SETTLED
        ]
        label = name.replace("_", " ")
        measured.plot(*zip(*points, strict=True), f"C{number}", marker=".", label=label)
    measured.set_ylim(bottom=0)
    handles = [*axes.get_lines(), *measured.get_lines()]
    labels = [str(line.get_label()) for line in handles]
    axes.legend(handles, labels, loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=len(labels))


def main() -> None:
    figure, panels = plt.subplots(1, len(CURVES), figsize=(11, 4), layout="constrained")
    for axes, model in zip(panels, CURVES, strict=True):
        draw(axes, model, log_of(model))
    figure.savefig(PICTURE, dpi=90)
    print(f"written: {PICTURE}")


if __name__ == "__main__":
    main()
