"""The command `receipt-screen`: the only module that prints and exits.

What a command needs is imported inside it. `--help` answers at once, and a batch's child
processes, which import this module too, can limit their threads before NumPy loads.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import logging
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from enum import StrEnum
from functools import partial
from itertools import chain
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Any, Final

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

import receipt_screen
from receipt_screen.errors import ReceiptScreenError, SetupError, UsageError
from receipt_screen.messages import sentence, visible

if TYPE_CHECKING:
    from receipt_screen.batch import Step, Summary
    from receipt_screen.campaign import Campaign
    from receipt_screen.desk.store import Desk
    from receipt_screen.registry import Registry

Json = dict[str, Any]

NOTHING_READ: Final = 3
INTERRUPTED: Final = 130
"""128 + SIGINT, as shells have it."""


class Language(StrEnum):
    """The languages of everything people read."""

    KO = "ko"
    EN = "en"


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

Photos = Annotated[
    list[str], typer.Argument(metavar="PHOTO", help="JPEG, PNG, WebP, TIFF, HEIC or PDF files.")
]
CampaignFile = Annotated[
    Path,
    typer.Option(
        "--campaign",
        metavar="FILE",
        readable=False,  # what can't be read is a fault of the file, not of the call
        help="The campaign's rules, a TOML file.",
    ),
]
Engine = Annotated[
    str, typer.Option("--engine", metavar="lines|tesseract", help="What reads the photos.")
]
RegistryUrl = Annotated[
    str | None,
    typer.Option(
        "--registry",
        metavar="URL",
        help="What was handed in before: sqlite:///file.db or postgresql://…",
    ),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="One JSON object per photo and line, and nothing else.")
]
LanguageOption = Annotated[
    Language, typer.Option("--language", help="The language of messages and reasons.")
]


# ── the commands ─────────────────────────────────────────────────────────────────────────────


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"receipt-screen {receipt_screen.__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Reads photos of Korean receipts and screens them for a prepayment campaign."""


@app.command(
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
    with _exits(language):
        from receipt_screen.intake import read_photo

        reader = receipt_screen.open_reader(engine)
        pages = (read_photo(photo, reader, language.value, drawings=draw) for photo in photos)
        _run(chain.from_iterable(pages), _shower(language, as_json=as_json))


@app.command(
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
    with _exits(language):
        if submission is not None and len(photos) > 1:
            raise UsageError("cli.one_submission", {"photos": len(photos)})
        if remember and registry is None:
            raise UsageError("cli.remember_where")
        from receipt_screen.intake import Intake

        arrived = _time(received, "--received", "2025-01-20T10:15:00+09:00")
        rules = receipt_screen.Campaign.load(campaign)
        with _registry(registry, language) if registry else nullcontext() as store:
            screener = receipt_screen.Screener(
                rules,
                registry=store,
                reader=receipt_screen.open_reader(engine),
                language=language.value,
            )
            intake = Intake(screener, arrived, submission, submitter, remember)
            _run(map(intake.screen, photos), _shower(language, as_json=as_json))


@app.command(
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
    with _exits(language):
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


@app.command(
    epilog="Examples:\n\nreceipt-screen report results/\n\n"
    "receipt-screen report results/ --language en"
)
def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The out folder of a batch.")],
    language: LanguageOption = Language.KO,
) -> None:
    """Write a batch's report anew, with what reviewers have changed since."""
    with _exits(language):
        from receipt_screen.desk.store import open_desk
        from receipt_screen.report.page import write_report

        with open_desk(folder) as desk, _progress(hidden=False) as progress:
            watch = _counter(progress)
            first, *_ = write_report(desk, language.value, watch)
        _print(sentence("cli.report_in", {"file": str(first)}, language.value))


@app.command(
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
    with _exits(language):
        from receipt_screen.calibration import confidences, fit_thresholds, read_labels
        from receipt_screen.levels import Errors

        photos = read_labels(labels)
        reader = receipt_screen.open_reader(engine)
        with _progress(hidden=False) as progress:
            read = progress.track(confidences(photos, reader), total=len(photos))
            said = [each for photo in read for each in photo]
        made = fit_thresholds(said, Errors(acceptable_error, strong_error))
        _print(sentence("calibration.result", dataclasses.asdict(made), language.value))


@app.command(
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
    with _exits(language):
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
            _print_json(comparison_json(one, other, comparison))
        else:
            _print("\n".join(pair_words(comparison, language.value)))


@app.command(
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
    with _exits(language):
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
            with _registry(registry, language, must_exist=True) as store:
                settings = pages.ServeSettings(language.value, port, rules)
                pages.serve(opened, store, settings, partial(_announce, language))


# ── the registry ─────────────────────────────────────────────────────────────────────────────

registry_app = typer.Typer(
    no_args_is_help=True,
    help="Show what a registry holds, and delete from it.",
    epilog="Examples:\n\nreceipt-screen registry info --registry sqlite:///seen.db",
)
app.add_typer(registry_app, name="registry")

RegistryThere = Annotated[
    str,
    typer.Option("--registry", metavar="URL", help="sqlite:///file.db or postgresql://…"),
]
CampaignName = Annotated[
    str | None, typer.Option("--campaign", metavar="NAME", help="Only what is of this campaign.")
]


@registry_app.command(
    "info", epilog="Examples:\n\nreceipt-screen registry info --registry sqlite:///seen.db"
)
def registry_info(
    registry: RegistryThere,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    language: LanguageOption = Language.KO,
) -> None:
    """Show how much is remembered, by campaign, and how many submissions hang together."""
    with _exits(language), _registry(registry, language, must_exist=True) as store:
        from receipt_screen.terminal import registry_view

        info = store.info()
        groups = {each.campaign: store.groups(each.campaign) for each in info.campaigns}
        if as_json:
            counted = {name: len(found) for name, found in groups.items()}
            _print_json({"schema": 1, **info.model_dump(mode="json"), "groups": counted})
        else:
            _print(registry_view(info, groups, language.value))


@registry_app.command(
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
    with _exits(language), _registry(registry, language, must_exist=True) as store:
        for held in store.export(campaign, submission):
            _print_json(held.model_dump(mode="json"))


@registry_app.command(
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
    with _exits(language), _registry(registry, language, must_exist=True) as store:
        photos = store.forget(submission, campaign=campaign)
        which = {"submission": submission, "campaign": campaign}
        done = sentence("cli.forgotten", {**which, "photos": photos}, language.value)
        _print(done if photos else sentence("cli.nothing_to_forget", which, language.value))


@registry_app.command(
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
    with _exits(language), _registry(registry, language, must_exist=True) as store:
        from receipt_screen.terminal import purge_view

        time = _time(before, "--before", "2025-03-01")
        assert time is not None  # noqa: S101 - `before` is required
        # A day begins where the command is run.
        purged = store.purge(time.astimezone(), today=dt.datetime.now().astimezone().date())
        _print(purge_view(purged, language.value))


@app.command(epilog="Examples:\n\nreceipt-screen doctor\n\nreceipt-screen doctor --json")
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    language: LanguageOption = Language.KO,
) -> None:
    """Show what is installed, which models are whole and which engines work."""
    with _exits(language):
        from receipt_screen.doctor import diagnose, ready
        from receipt_screen.terminal import probes_view

        probes = diagnose(language.value)
        works = ready(probes)
        if as_json:
            listed = [probe.model_dump(mode="json") for probe in probes]
            _print_json({"schema": 1, "ready": works, "probes": listed})
        else:
            _print(probes_view(probes))
            key = "doctor.ready" if works else "doctor.not_ready"
            _print(sentence(key, {}, language.value))
        if not works:
            raise typer.Exit(SetupError.exit_code)


# ── what they stand on ───────────────────────────────────────────────────────────────────────


@contextmanager
def _registry(url: str, language: Language, *, must_exist: bool = False) -> Iterator[Registry]:
    from receipt_screen.registry import RegistrySettings

    settings = RegistrySettings(must_exist=must_exist)
    with receipt_screen.open_registry(url, settings) as registry:
        if registry.new_secret is not None:
            made = {"file": str(registry.new_secret)}
            _complain(sentence("registry.secret_made", made, language.value))
        yield registry


def _time(text: str | None, option: str, example: str) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(text) if text is not None else None
    except ValueError as exc:
        values = {"option": option, "text": str(text), "example": example}
        raise UsageError("cli.bad_time", values) from exc


def _run(records: Iterable[Json], show: Callable[[Json], None]) -> None:
    """Shows each photo as soon as it is done; exits with 3 when none could be read."""
    read_any = False
    for record in records:
        show(record)
        read_any |= record["outcome"] != "failed"
    if not read_any:
        raise typer.Exit(NOTHING_READ)


# ── batch ────────────────────────────────────────────────────────────────────────────────────


def _run_batch(
    settings: receipt_screen.BatchSettings, campaign: Campaign, url: str | None, *, as_json: bool
) -> None:
    from receipt_screen.batch import registry_of

    url = registry_of(settings, campaign, url)
    with (
        _registry(url, Language(settings.language)) as registry,
        _progress(hidden=as_json and sys.stdout.isatty()) as progress,
    ):
        summary = receipt_screen.run_batch(
            settings, campaign, registry, _watcher(progress, as_json=as_json)
        )
    if not as_json:
        _report(settings, summary)
    if summary.read_nothing:
        raise typer.Exit(NOTHING_READ)


class _Rate(ProgressColumn):
    """Photos a second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.2f}/s" if task.speed else "–/s")


@contextmanager
def _progress(*, hidden: bool) -> Iterator[Progress]:
    console = Console(stderr=True)
    columns = (BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
    disable = hidden or not console.is_terminal
    with Progress(*columns, console=console, disable=disable) as progress:
        yield progress


def _watcher(progress: Progress, *, as_json: bool) -> Callable[[Step], None]:
    task = progress.add_task("", total=None)

    def watch(step: Step) -> None:
        if progress.tasks[task].total is None:
            # What earlier runs did is no part of this run's rate.
            progress.reset(task, total=step.total, completed=step.done - 1)
        progress.update(task, completed=step.done)
        if as_json:
            _print_json(step.record)

    return watch


def _counter(progress: Progress) -> Callable[[int, int], None]:
    task = progress.add_task("", total=None)
    return lambda done, total: progress.update(task, completed=done, total=total)


# ── review ───────────────────────────────────────────────────────────────────────────────────


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
    _print(sentence("cli.come_in", {"link": link}, language.value))
    sys.stdout.flush()


def _purge(desk: Desk, before: dt.datetime, language: Language) -> None:
    from receipt_screen.desk.purge import purge

    done = purge(desk, before.date())
    counts = {"submissions": done.submissions, "pictures": done.pictures}
    values: dict[str, str | int | float] = {**counts, "folder": str(desk.folder)}
    _print(sentence("cli.purged", values, language.value))


def _check_record(desk: Desk, file: Path, language: Language) -> None:
    from receipt_screen.desk.record import check_record

    kept = check_record(desk, file)
    values: dict[str, str | int | float] = {"exported": kept.exported, "later": kept.later}
    _print(sentence("cli.record_kept", values, language.value))


def _report(settings: receipt_screen.BatchSettings, summary: Summary) -> None:
    from receipt_screen.batch import summary_text

    _print(summary_text(summary, settings.language))
    _print(sentence("cli.results_in", {"folder": str(settings.out)}, settings.language))


# ── what leaves the process ──────────────────────────────────────────────────────────────────


@contextmanager
def _exits(language: Language) -> Iterator[None]:
    """Turns errors into a sentence on stderr and an exit code."""
    try:
        yield
        sys.stdout.flush()
    except ReceiptScreenError as error:
        _complain(error.text(language.value))
        raise typer.Exit(error.exit_code) from error
    except ImportError as error:
        _complain(sentence("cli.broken_install", {"module": error.name or "?"}, language.value))
        raise typer.Exit(SetupError.exit_code) from error
    except KeyboardInterrupt as error:
        _complain(sentence("cli.interrupted", {}, language.value))
        raise typer.Exit(INTERRUPTED) from error
    except BrokenPipeError as error:
        # The reader of our output has seen enough. Python would complain at its own exit.
        _drop_output()
        raise typer.Exit from error
    except OSError as error:
        _drop_output()
        reason = error.strerror or type(error).__name__
        _complain(sentence("cli.refused", {"reason": reason}, language.value))
        raise typer.Exit(UsageError.exit_code) from error


def _drop_output() -> None:
    """What still waits to be printed goes nowhere."""
    with suppress(OSError):  # output that was replaced within Python has no number
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _shower(language: Language, *, as_json: bool) -> Callable[[Json], None]:
    if as_json:
        return _print_json
    from receipt_screen.terminal import photo_view

    return lambda record: _print(photo_view(record, language.value))


def _print_json(record: Json) -> None:
    # JSON is UTF-8 whatever the terminal's encoding.
    sys.stdout.flush()
    sys.stdout.buffer.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
    sys.stdout.buffer.flush()


def _print(what: RenderableType) -> None:
    Console(highlight=False, markup=False, emoji=False).print(what)


def _complain(message: str) -> None:
    Console(stderr=True, highlight=False, markup=False, emoji=False).print(
        f"receipt-screen: {visible(message)}", soft_wrap=True
    )


def main() -> None:
    """Runs the command line."""
    # The pool logs an error with its traceback when Ctrl-C comes while it resets a connection.
    logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A terminal that can't show Hangul gets escapes rather than a crash.
            stream.reconfigure(errors="backslashreplace")
    app()
