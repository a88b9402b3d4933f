"""What leaves the process: the only module that prints, and exit codes."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import typer
from rich.console import Console, RenderableType
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TimeRemainingColumn,
)
from rich.text import Text

from receipt_screen.cli.options import Language
from receipt_screen.errors import ReceiptScreenError, SetupError, UsageError
from receipt_screen.messages import sentence, visible

Json = dict[str, Any]

NOTHING_READ: Final = 3
INTERRUPTED: Final = 130
"""128 + SIGINT, as shells have it."""


@contextmanager
def exits(language: Language) -> Iterator[None]:
    """Turns errors into a sentence on stderr and an exit code."""
    try:
        yield
        sys.stdout.flush()
    except ReceiptScreenError as error:
        complain(error.text(language.value))
        raise typer.Exit(error.exit_code) from error
    except ImportError as error:
        complain(sentence("cli.broken_install", {"module": error.name or "?"}, language.value))
        raise typer.Exit(SetupError.exit_code) from error
    except KeyboardInterrupt as error:
        complain(sentence("cli.interrupted", {}, language.value))
        raise typer.Exit(INTERRUPTED) from error
    except BrokenPipeError as error:
        # The reader of our output has seen enough. Python would complain at its own exit.
        _drop_output()
        raise typer.Exit from error
    except OSError as error:
        _drop_output()
        reason = error.strerror or type(error).__name__
        complain(sentence("cli.refused", {"reason": reason}, language.value))
        raise typer.Exit(UsageError.exit_code) from error


def _drop_output() -> None:
    """What still waits to be printed goes nowhere."""
    with suppress(OSError):  # output that was replaced within Python has no number
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def shower(language: Language, *, as_json: bool) -> Callable[[Json], None]:
    """What shows a photo's record: to people, or as a line of JSON."""
    if as_json:
        return print_json
    from receipt_screen.terminal import photo_view

    return lambda record: print_text(photo_view(record, language.value))


def print_json(record: Json) -> None:
    """One object as a line."""
    # JSON is UTF-8 whatever the terminal's encoding.
    sys.stdout.flush()
    sys.stdout.buffer.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
    sys.stdout.buffer.flush()


def print_text(what: RenderableType) -> None:
    """What people asked for."""
    Console(highlight=False, markup=False, emoji=False).print(what)


def flush() -> None:
    """Shows what was printed at once, to programs that read along, too."""
    sys.stdout.flush()


def is_shown() -> bool:
    """Whether what is printed stands on a terminal."""
    return sys.stdout.isatty()


def escape_what_no_terminal_shows() -> None:
    """A terminal that can't show Hangul gets escapes rather than a crash."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def complain(message: str) -> None:
    """A sentence on stderr, with the command's name."""
    Console(stderr=True, highlight=False, markup=False, emoji=False).print(
        f"receipt-screen: {visible(message)}", soft_wrap=True
    )


class _Rate(ProgressColumn):
    """Photos a second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.2f}/s" if task.speed else "–/s")


@contextmanager
def progress_bar(*, hidden: bool) -> Iterator[Progress]:
    """A bar on stderr where that is a terminal."""
    console = Console(stderr=True)
    columns = (BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
    disable = hidden or not console.is_terminal
    with Progress(*columns, console=console, disable=disable) as progress:
        yield progress


def counter(progress: Progress) -> Callable[[int, int], None]:
    """Moves a bar to how many are done, of how many."""
    task = progress.add_task("", total=None)
    return lambda done, total: progress.update(task, completed=done, total=total)
