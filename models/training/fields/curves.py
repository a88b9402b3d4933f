"""The reliability curves: how often values of a confidence are right, rules and learned."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from models.training.fields.learn import Learned, Measured

COLUMNS = 4
BINS = 8


def draw_curves(file: Path, learned: Sequence[Learned]) -> None:
    """Draws one curve a field into a PNG."""
    rows = -(-len(learned) // COLUMNS)
    figure = Figure(figsize=(3 * COLUMNS, 3 * rows))
    axes = figure.subplots(rows, COLUMNS, squeeze=False)
    for place in axes.flat[len(learned) :]:
        place.axis("off")
    for place, each in zip(axes.flat, learned, strict=False):
        _draw(place, each)
    figure.supxlabel("confidence")
    figure.supylabel("share that is right")
    figure.tight_layout()
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, dpi=110, metadata={"Software": None})


def _draw(place: Axes, learned: Learned) -> None:
    place.plot([0, 1], [0, 1], color="0.8", linewidth=1)
    for what, measured, style in (
        ("rules", learned.rules, {"color": "0.55", "linestyle": "--", "marker": "s"}),
        ("learned", learned.learned, {"color": "tab:blue", "marker": "o"}),
    ):
        said, right = _points(measured)
        error = measured.calibration_error()
        place.plot(said, right, label=f"{what} {error:.3f}", markersize=3, **style)
    place.set(xlim=(0.2, 1.02), ylim=(0.2, 1.02), title=learned.name.replace("_", " "))
    place.legend(loc="lower right", fontsize=8, title="calibration error", title_fontsize=8)


def _points(measured: Measured) -> tuple[list[float], list[float]]:
    given = np.flatnonzero(measured.given)
    order = given[np.argsort(measured.confidence[given])]
    pieces = [piece for piece in np.array_split(order, BINS) if len(piece)]
    return (
        [float(measured.confidence[piece].mean()) for piece in pieces],
        [float(measured.right[piece].mean()) for piece in pieces],
    )
