"""`doctor`: what is installed and works."""

from __future__ import annotations

from typing import Annotated

import typer

from receipt_screen.cli.options import Language, LanguageOption
from receipt_screen.cli.output import exits, print_json, print_text
from receipt_screen.errors import SetupError
from receipt_screen.messages import sentence

commands = typer.Typer()


@commands.command(epilog="Examples:\n\nreceipt-screen doctor\n\nreceipt-screen doctor --json")
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    language: LanguageOption = Language.KO,
) -> None:
    """Show what is installed, which models are whole and which engines work."""
    with exits(language):
        from receipt_screen.doctor import diagnose, ready
        from receipt_screen.terminal import probes_view

        probes = diagnose(language.value)
        works = ready(probes)
        if as_json:
            listed = [probe.model_dump(mode="json") for probe in probes]
            print_json({"schema": 1, "ready": works, "probes": listed})
        else:
            print_text(probes_view(probes))
            key = "doctor.ready" if works else "doctor.not_ready"
            print_text(sentence(key, {}, language.value))
        if not works:
            raise typer.Exit(SetupError.exit_code)
