"""`read` and `screen`: photos that are named one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import nullcontext
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

import receipt_screen
from receipt_screen.cli.options import (
    AsJson,
    CampaignFile,
    Engine,
    Language,
    LanguageOption,
    Photos,
    RegistryUrl,
)
from receipt_screen.cli.output import NOTHING_READ, Json, exits, shower
from receipt_screen.cli.values import registry_at, time_in
from receipt_screen.errors import UsageError

commands = typer.Typer()


@commands.command(
    epilog="Examples:\n\nreceipt-screen read receipt.jpg\n\n"
    "receipt-screen read *.jpg --json | jq .fields.amount.value\n\n"
    "receipt-screen read receipt.jpg --draw drawings/"
)
def read(
    photos: Photos,
    engine: Engine = "lines",
    draw: Annotated[
        Path | None,
        typer.Option("--draw", metavar="DIR", help="Also draw what was found on each photo."),
    ] = None,
    as_json: AsJson = False,
    language: LanguageOption = Language.KO,
) -> None:
    """Show what receipts say."""
    with exits(language):
        from receipt_screen.intake import read_photo

        reader = receipt_screen.open_reader(engine)
        pages = (read_photo(photo, reader, language.value, drawings=draw) for photo in photos)
        _run(chain.from_iterable(pages), shower(language, as_json=as_json))


@commands.command(
    epilog="Examples:\n\nreceipt-screen screen receipt.jpg --campaign campaign.toml\n\n"
    "receipt-screen screen receipt.jpg --campaign campaign.toml --registry sqlite:///seen.db "
    "--remember --submission 2025-000123 --received 2025-01-20T10:15:00+09:00"
)
def screen(
    photos: Photos,
    campaign: CampaignFile,
    engine: Engine = "lines",
    registry: RegistryUrl = None,
    remember: Annotated[
        bool, typer.Option("--remember", help="Store the photos in the registry; else only look.")
    ] = False,
    submission: Annotated[
        str | None,
        typer.Option("--submission", metavar="ID", help="The number of this one upload."),
    ] = None,
    received: Annotated[
        str | None,
        typer.Option(
            "--received",
            metavar="TIME",
            help="When it arrived, ISO 8601; without a zone in the campaign's. Default: now.",
        ),
    ] = None,
    submitter: Annotated[
        str | None, typer.Option("--submitter", metavar="ID", help="Who handed it in.")
    ] = None,
    as_json: AsJson = False,
    language: LanguageOption = Language.KO,
) -> None:
    """Show what receipts say, and what the campaign's rules and the registry say of them."""
    with exits(language):
        if submission is not None and len(photos) > 1:
            raise UsageError("cli.one_submission", {"photos": len(photos)})
        if remember and registry is None:
            raise UsageError("cli.remember_where")
        from receipt_screen.intake import Intake

        arrived = time_in(received, "--received", "2025-01-20T10:15:00+09:00")
        rules = receipt_screen.Campaign.load(campaign)
        with registry_at(registry, language) if registry else nullcontext() as store:
            screener = receipt_screen.Screener(
                rules,
                registry=store,
                reader=receipt_screen.open_reader(engine),
                language=language.value,
            )
            intake = Intake(screener, arrived, submission, submitter, remember)
            _run(map(intake.screen, photos), shower(language, as_json=as_json))


def _run(records: Iterable[Json], show: Callable[[Json], None]) -> None:
    """Shows each photo as soon as it is done; exits with 3 when none could be read."""
    read_any = False
    for record in records:
        show(record)
        read_any |= record["outcome"] != "failed"
    if not read_any:
        raise typer.Exit(NOTHING_READ)
