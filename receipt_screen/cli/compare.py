"""`compare`: two photos beside each other."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import receipt_screen
from receipt_screen.cli.options import Engine, Language, LanguageOption
from receipt_screen.cli.output import exits, print_json, print_text

commands = typer.Typer()


@commands.command(
    epilog="Examples:\n\nreceipt-screen compare first.jpg second.jpg\n\n"
    "receipt-screen compare first.jpg second.jpg --picture pair.svg --language en"
)
def compare(
    earlier: Annotated[str, typer.Argument(metavar="A", help="The photo that came first.")],
    later: Annotated[str, typer.Argument(metavar="B", help="The photo that came later.")],
    picture: Annotated[
        Path | None,
        typer.Option(
            "--picture", metavar="FILE", help="Draw both side by side, an SVG; nothing is hidden."
        ),
    ] = None,
    engine: Engine = "lines",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    language: LanguageOption = Language.KO,
) -> None:
    """Show what one receipt is to another, why, and where they differ."""
    with exits(language):
        from receipt_screen.compare import compare as compare_sides
        from receipt_screen.compare import comparison_json
        from receipt_screen.intake import open_side
        from receipt_screen.report.pair import pair_words, save_pair

        reader = receipt_screen.open_reader(engine)
        one, other = open_side(earlier, reader), open_side(later, reader)
        comparison = compare_sides(one, other)
        if picture is not None:
            save_pair(one, other, comparison, picture, language.value)
        if as_json:
            print_json(comparison_json(one, other, comparison))
        else:
            print_text("\n".join(pair_words(comparison, language.value)))
