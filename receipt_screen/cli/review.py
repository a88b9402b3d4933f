"""`review`: the reviewers' pages, and what is done with their record."""

from __future__ import annotations

import datetime as dt
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated

import typer

import receipt_screen
from receipt_screen.cli.options import Language, LanguageOption
from receipt_screen.cli.output import exits, flush, print_text
from receipt_screen.cli.values import registry_at
from receipt_screen.errors import SetupError, UsageError
from receipt_screen.messages import sentence

if TYPE_CHECKING:
    from receipt_screen.desk.store import Desk

commands = typer.Typer()


@commands.command(
    epilog="Examples:\n\nreceipt-screen review --registry sqlite:///results/registry.db\n\n"
    "receipt-screen review --registry postgresql://localhost/receipts --desk results/\n\n"
    "receipt-screen review --registry sqlite:///results/registry.db --check-record record.jsonl"
)
def review(
    registry: Annotated[
        str,
        typer.Option(
            "--registry",
            metavar="URL",
            help="Where pairs that are no duplicates are remembered: the batch's registry.",
        ),
    ],
    desk: Annotated[
        Path | None,
        typer.Option(
            "--desk",
            metavar="DIR",
            help="The out folder of the batch. Default: where the registry's file is.",
        ),
    ] = None,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="0: any that is free.")
    ] = 8631,
    campaign: Annotated[
        Path | None,
        typer.Option(
            "--campaign",
            metavar="FILE",
            readable=False,
            help="Rules to apply to what reviewers correct. Default: the batch's, from its desk.",
        ),
    ] = None,
    check: Annotated[
        Path | None,
        typer.Option(
            "--check-record",
            metavar="FILE",
            help="Compare the record with one exported earlier, and end.",
        ),
    ] = None,
    purge_before: Annotated[
        dt.datetime | None,
        typer.Option(
            "--purge-before",
            metavar="DATE",
            formats=["%Y-%m-%d"],
            help="Delete text and pictures of what arrived earlier, and end; decisions stay.",
        ),
    ] = None,
    language: LanguageOption = Language.KO,
) -> None:
    """Open the reviewers' pages on this machine. They work until you press Ctrl-C."""
    with exits(language):
        from receipt_screen.desk.store import open_desk

        folder = desk or _desk_beside(registry)
        with open_desk(folder) as opened:
            if purge_before is not None:
                _purge(opened, purge_before, language)
                return
            if check is not None:
                _check_record(opened, check, language)
                return
            rules = receipt_screen.Campaign.load(campaign) if campaign is not None else None
            pages = _pages()
            # Made anew by a slip of the pen, it would swallow which pairs are no duplicates.
            with registry_at(registry, language, must_exist=True) as store:
                settings = pages.ServeSettings(language.value, port, rules)
                pages.serve(opened, store, settings, partial(_announce, language))


def _desk_beside(url: str) -> Path:
    """The folder of a registry that a batch has made in its out folder."""
    folder = Path(url.removeprefix("sqlite:///")).parent
    if not url.startswith("sqlite:///") or not (folder / "desk.db").is_file():
        raise UsageError("review.which_desk")
    return folder


def _pages() -> ModuleType:
    try:
        import python_multipart  # noqa: F401

        from receipt_screen.review import serve
    except ImportError as exc:
        raise SetupError("review.no_extra") from exc
    return serve


def _announce(language: Language, link: str) -> None:
    print_text(sentence("cli.come_in", {"link": link}, language.value))
    flush()


def _purge(desk: Desk, before: dt.datetime, language: Language) -> None:
    from receipt_screen.desk.purge import purge

    done = purge(desk, before.date())
    counts = {"submissions": done.submissions, "pictures": done.pictures}
    values: dict[str, str | int | float] = {**counts, "folder": str(desk.folder)}
    print_text(sentence("cli.purged", values, language.value))


def _check_record(desk: Desk, file: Path, language: Language) -> None:
    from receipt_screen.desk.record import check_record

    kept = check_record(desk, file)
    values: dict[str, str | int | float] = {"exported": kept.exported, "later": kept.later}
    print_text(sentence("cli.record_kept", values, language.value))
