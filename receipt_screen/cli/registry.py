"""`registry`: what a registry holds, and deleting from it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from receipt_screen.cli.options import Language, LanguageOption
from receipt_screen.cli.output import exits, print_json, print_text
from receipt_screen.cli.values import registry_at, time_in
from receipt_screen.messages import sentence

commands = typer.Typer(
    no_args_is_help=True,
    help="Show what a registry holds, and delete from it.",
    epilog="Examples:\n\nreceipt-screen registry info --registry sqlite:///seen.db",
)

RegistryThere = Annotated[
    str,
    typer.Option("--registry", metavar="URL", help="sqlite:///file.db or postgresql://…"),
]
CampaignName = Annotated[
    str | None, typer.Option("--campaign", metavar="NAME", help="Only what is of this campaign.")
]


@commands.command(
    "info", epilog="Examples:\n\nreceipt-screen registry info --registry sqlite:///seen.db"
)
def registry_info(
    registry: RegistryThere,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    language: LanguageOption = Language.KO,
) -> None:
    """Show how much is remembered, by campaign, and how many submissions hang together."""
    with exits(language), registry_at(registry, language, must_exist=True) as store:
        from receipt_screen.terminal import registry_view

        info = store.info()
        groups = {each.campaign: store.groups(each.campaign) for each in info.campaigns}
        if as_json:
            counted = {name: len(found) for name, found in groups.items()}
            print_json({"schema": 1, **info.model_dump(mode="json"), "groups": counted})
        else:
            print_text(registry_view(info, groups, language.value))


@commands.command(
    "export",
    epilog="Examples:\n\nreceipt-screen registry export --registry sqlite:///seen.db\n\n"
    "receipt-screen registry export --registry sqlite:///seen.db --submission 2025-000123",
)
def registry_export(
    registry: RegistryThere,
    campaign: CampaignName = None,
    submission: Annotated[
        str | None, typer.Option("--submission", metavar="ID", help="Only what is of this one.")
    ] = None,
    language: LanguageOption = Language.KO,
) -> None:
    """Print all that is held of each photo, one JSON object a line."""
    with exits(language), registry_at(registry, language, must_exist=True) as store:
        for held in store.export(campaign, submission):
            print_json(held.model_dump(mode="json"))


@commands.command(
    "forget",
    epilog="Examples:\n\nreceipt-screen registry forget 2025-000123 --campaign 'Jeonbuk 2025' "
    "--registry sqlite:///seen.db",
)
def registry_forget(
    submission: Annotated[str, typer.Argument(metavar="ID", help="The submission's number.")],
    registry: RegistryThere,
    campaign: Annotated[
        str, typer.Option("--campaign", metavar="NAME", help="The campaign it was handed in for.")
    ],
    language: LanguageOption = Language.KO,
) -> None:
    """Delete everything of one submission. Its receipt can then be handed in anew."""
    with exits(language), registry_at(registry, language, must_exist=True) as store:
        photos = store.forget(submission, campaign=campaign)
        which = {"submission": submission, "campaign": campaign}
        done = sentence("cli.forgotten", {**which, "photos": photos}, language.value)
        print_text(done if photos else sentence("cli.nothing_to_forget", which, language.value))


@commands.command(
    "purge",
    epilog="Examples:\n\nreceipt-screen registry purge --before 2025-03-01 "
    "--registry sqlite:///seen.db",
)
def registry_purge(
    registry: RegistryThere,
    before: Annotated[
        str,
        typer.Option(
            "--before", metavar="DATE", help="Of photos received before this day or time."
        ),
    ],
    language: LanguageOption = Language.KO,
) -> None:
    """Delete what isn't needed any more: all of campaigns that are over, else all but hashes."""
    with exits(language), registry_at(registry, language, must_exist=True) as store:
        from receipt_screen.terminal import purge_view

        time = time_in(before, "--before", "2025-03-01")
        assert time is not None  # noqa: S101 - `before` is required
        # A day begins where the command is run.
        purged = store.purge(time.astimezone(), today=dt.datetime.now().astimezone().date())
        print_text(purge_view(purged, language.value))
