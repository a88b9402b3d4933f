"""The command `receipt-screen`: the only room that prints and exits. A module for each command.

What a command needs is imported inside it. `--help` answers at once, and a batch's child
processes, which import this room too, can limit their threads before NumPy loads.
"""

from __future__ import annotations

import logging
from typing import Annotated

import typer

import receipt_screen
from receipt_screen.cli import batch, calibrate, compare, doctor, photos, registry, review
from receipt_screen.cli.output import escape_what_no_terminal_shows, print_text

app = typer.Typer(
    name="receipt-screen",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # locals hold what receipts say
    help="Reads photos of Korean receipts and screens them for a prepayment campaign.",
    epilog="Examples:\n\nreceipt-screen read receipt.jpg\n\n"
    "receipt-screen batch uploads/ --campaign campaign.toml --out results/\n\n"
    "receipt-screen review --registry sqlite:///results/registry.db",
)
for _module in (photos, batch, calibrate, compare, review, doctor):
    app.add_typer(_module.commands)
app.add_typer(registry.commands, name="registry")


def _show_version(asked: bool) -> None:
    if asked:
        print_text(f"receipt-screen {receipt_screen.__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Reads photos of Korean receipts and screens them for a prepayment campaign."""


def main() -> None:
    """Runs the command line."""
    # The pool logs an error with its traceback when Ctrl-C comes while it resets a connection.
    logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)
    escape_what_no_terminal_shows()
    app()
