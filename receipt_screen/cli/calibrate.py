"""`calibrate`: thresholds from an organiser's own photos."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

import receipt_screen
from receipt_screen.cli.options import Engine, Language, LanguageOption
from receipt_screen.cli.output import exits, print_text, progress_bar
from receipt_screen.messages import sentence

commands = typer.Typer()


@commands.command(
    epilog="Examples:\n\nreceipt-screen calibrate labels.jsonl\n\n"
    "receipt-screen calibrate labels.jsonl --acceptable-error 0.02 >> campaign.toml"
)
def calibrate(
    labels: Annotated[
        Path,
        typer.Argument(metavar="LABELS", help="JSON lines of file and fields; ten or more photos."),
    ],
    engine: Engine = "lines",
    acceptable_error: Annotated[
        float,
        typer.Option("--acceptable-error", min=0.001, max=0.5, help="Wrong among the accepted."),
    ] = 0.01,
    strong_error: Annotated[
        float,
        typer.Option("--strong-error", min=0.001, max=0.5, help="Wrong among the rejecting."),
    ] = 0.004,
    language: LanguageOption = Language.KO,
) -> None:
    """Fit a campaign's thresholds to your own labelled photos."""
    with exits(language):
        from receipt_screen.calibration import confidences, fit_thresholds, read_labels
        from receipt_screen.levels import Errors

        photos = read_labels(labels)
        reader = receipt_screen.open_reader(engine)
        with progress_bar(hidden=False) as progress:
            read = progress.track(confidences(photos, reader), total=len(photos))
            said = [each for photo in read for each in photo]
        made = fit_thresholds(said, Errors(acceptable_error, strong_error))
        print_text(sentence("calibration.result", dataclasses.asdict(made), language.value))
