"""`batch` and `report`: a folder of photos, and its results for people."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import Progress

import receipt_screen
from receipt_screen.cli.options import AsJson, CampaignFile, Engine, Language, LanguageOption
from receipt_screen.cli.output import (
    NOTHING_READ,
    counter,
    exits,
    is_shown,
    print_json,
    print_text,
    progress_bar,
)
from receipt_screen.cli.values import registry_at
from receipt_screen.messages import sentence

if TYPE_CHECKING:
    from receipt_screen.batch import Step, Summary
    from receipt_screen.campaign import Campaign

commands = typer.Typer()


@commands.command(
    epilog="Examples:\n\nreceipt-screen batch uploads/ --campaign campaign.toml --out results/\n\n"
    "receipt-screen batch uploads/ --campaign campaign.toml --out results/ "
    "--submissions uploads.csv --registry postgresql://localhost/receipts --workers 4"
)
def batch(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Photos, in sub-folders too.")],
    campaign: CampaignFile,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Where the results go. Run again to go on.")
    ],
    engine: Engine = "lines",
    registry: Annotated[
        str | None,
        typer.Option(
            "--registry",
            metavar="URL",
            help="What was handed in before; photos are remembered there. "
            "Default: registry.db in the out folder.",
        ),
    ] = None,
    submissions: Annotated[
        Path | None,
        typer.Option(
            "--submissions",
            metavar="CSV",
            help="The columns file, submission, submitter, received.",
        ),
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Processes. Default: one per core.")
    ] = None,
    timeout: Annotated[
        float, typer.Option("--timeout", min=1, help="Seconds for one photo.")
    ] = 120.0,
    audit: Annotated[
        float,
        typer.Option(
            "--audit", min=0, max=1, help="The share of likely passes that reviewers see as well."
        ),
    ] = 0.05,
    as_json: AsJson = False,
    language: LanguageOption = Language.KO,
) -> None:
    """Screen and remember every photo of a folder. Stopped in the middle, it goes on."""
    with exits(language):
        settings = receipt_screen.BatchSettings(
            folder=folder,
            out=out,
            submissions=submissions,
            engine=engine,
            language=language.value,
            workers=workers,
            timeout=timeout,
            audit=audit,
        )
        rules = receipt_screen.Campaign.load(campaign)
        _run_batch(settings, rules, registry, as_json=as_json)


@commands.command(
    epilog="Examples:\n\nreceipt-screen report results/\n\n"
    "receipt-screen report results/ --language en"
)
def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The out folder of a batch.")],
    language: LanguageOption = Language.KO,
) -> None:
    """Write a batch's report anew, with what reviewers have changed since."""
    with exits(language):
        from receipt_screen.desk.store import open_desk
        from receipt_screen.report.page import write_report

        with open_desk(folder) as desk, progress_bar(hidden=False) as progress:
            watch = counter(progress)
            first, *_ = write_report(desk, language.value, watch)
        print_text(sentence("cli.report_in", {"file": str(first)}, language.value))


def _run_batch(
    settings: receipt_screen.BatchSettings, campaign: Campaign, url: str | None, *, as_json: bool
) -> None:
    from receipt_screen.batch import registry_of

    url = registry_of(settings, campaign, url)
    with (
        registry_at(url, Language(settings.language)) as registry,
        progress_bar(hidden=as_json and is_shown()) as progress,
    ):
        summary = receipt_screen.run_batch(
            settings, campaign, registry, _watcher(progress, as_json=as_json)
        )
    if not as_json:
        _report(settings, summary)
    if summary.read_nothing:
        raise typer.Exit(NOTHING_READ)


def _watcher(progress: Progress, *, as_json: bool) -> Callable[[Step], None]:
    task = progress.add_task("", total=None)

    def watch(step: Step) -> None:
        if progress.tasks[task].total is None:
            # What earlier runs did is no part of this run's rate.
            progress.reset(task, total=step.total, completed=step.done - 1)
        progress.update(task, completed=step.done)
        if as_json:
            print_json(step.record)

    return watch


def _report(settings: receipt_screen.BatchSettings, summary: Summary) -> None:
    from receipt_screen.batch import summary_text

    print_text(summary_text(summary, settings.language))
    print_text(sentence("cli.results_in", {"folder": str(settings.out)}, settings.language))
