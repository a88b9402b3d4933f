"""The report: HTML files that open from disk, without a network, beside a folder of pictures."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from receipt_screen.campaign import Campaign
from receipt_screen.desk.dossier import Dossier
from receipt_screen.desk.store import PICTURES, Desk
from receipt_screen.errors import UsageError
from receipt_screen.messages import Language, sentence
from receipt_screen.records import CheckOutcome, CheckResult, Link
from receipt_screen.report.charts import Bar, bars
from receipt_screen.report.groups import Spot, linked_groups, links_of
from receipt_screen.report.sheet import SIGNS, Sheet, make_sheet, verdict_order
from receipt_screen.report.words import VERDICT_NAMES, check_name, flag_name

FILE = "report.html"
PER_PAGE = 1000
"""Submissions in one file; more go into `report-2.html` and so on."""
MOST_BARS = 10
"""In a chart; the rarest checks and flags are left to the list's filter."""
VERDICT_BARS: Final = {
    "eligible": "bar-good",
    "review": "bar-doubt",
    "ineligible": "bar-bad",
    "unreadable": "bar-lost",
}


@dataclass(frozen=True)
class Chart:
    """A drawing with its title."""

    title: str
    svg: Markup


@dataclass(frozen=True)
class VerdictCount:
    """A verdict and how many have it."""

    key: str
    sign: str
    name: str
    count: int


@dataclass(frozen=True)
class FlagCount:
    """A flag and how many submissions have it."""

    code: str
    name: str
    count: int


Watch = Callable[[int, int], None]
"""Called with how many submissions are done, and how many there are."""


def write_report(desk: Desk, language: Language, watch: Watch | None = None) -> tuple[Path, ...]:
    """Writes a desk's report beside it and returns its files, the first one first.

    Raises UsageError where the folder can't be written.
    """
    facts = desk.facts()
    campaign = Campaign.parse(facts.campaign.encode(), file="campaign.toml")
    rows = desk.rows()
    names = [_file_name(index) for index in range(max(1, -(-len(rows) // PER_PAGE)))]
    tally = Tally()
    sheets: list[list[Sheet]] = [[] for _ in names]
    spots: dict[str, Spot] = {}
    links: list[Link] = []
    for index, row in enumerate(rows):
        dossier = desk.dossier(row.number)
        if dossier is not None:
            tally.add(dossier)
            sheet = make_sheet(row.number, dossier, _earlier(desk), language, campaign.zone)
            sheets[index // PER_PAGE].append(sheet)
            spots[row.submission] = Spot(row.number, names[index // PER_PAGE])
            links += links_of(dossier)
        if watch is not None:
            watch(index + 1, len(rows))
    groups = linked_groups(links, spots)
    written = []
    for name, some in zip(names, sheets, strict=True):
        page = {"sheets": some, "pages": names, "page": name, "total": len(rows), "groups": groups}
        made = dt.datetime.now(campaign.zone)
        html = _html(page, campaign.name, tally, made, language)
        written.append(_write(desk.folder / name, html))
    return tuple(written)


def _file_name(index: int) -> str:
    return FILE if index == 0 else f"report-{index + 1}.html"


def _earlier(desk: Desk) -> Any:
    def find(submission: str) -> tuple[int, Dossier] | None:
        number = desk.number_of(submission)
        dossier = None if number is None else desk.dossier(number)
        return None if number is None or dossier is None else (number, dossier)

    return find


def templates(language: Language, *packages: str) -> Environment:
    """The templates of these packages' `templates`, with `say` for sentences; all escape HTML."""
    loader = ChoiceLoader([PackageLoader(package) for package in packages])
    environment = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["say"] = partial(_say, language)
    environment.globals["language"] = language
    return environment


def _say(language: Language, key: str, **values: Any) -> str:
    return sentence(key, values, language)


def static(name: str) -> str:
    """The text of a file in `static/`."""
    return (files("receipt_screen.report") / "static" / name).read_text(encoding="utf-8")


def _html(
    page: dict[str, Any], campaign: str, tally: Tally, made: dt.datetime, language: Language
) -> Iterator[str]:
    style, script = static("receipt.css"), static("viewer.js") + static("report.js")
    template = templates(language, "receipt_screen.report").get_template("report.html")
    groups = page["groups"]
    return template.generate(
        **page,
        group_of={each.submission: group for group in groups for each in group.members},
        campaign=campaign,
        made=f"{made:%Y-%m-%d %H:%M}",
        charts=list(tally.charts(language)),
        verdicts=list(tally.by_verdict(language)),
        flags=list(tally.by_flag(language)),
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        style_hash=_csp_hash(style),
        script_hash=_csp_hash(script),
        src=picture_address,
    )


def picture_address(file: str) -> str:
    """Where a picture lies, seen from the report."""
    return f"{PICTURES}/{file}"


def _csp_hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


def _write(path: Path, parts: Iterable[str]) -> Path:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with draft.open("w", encoding="utf-8") as file:
            file.writelines(parts)
        draft.replace(path)
    except OSError as exc:
        reason = exc.strerror or type(exc).__name__
        values = {"folder": str(path.parent), "reason": reason}
        raise UsageError("report.unwritable", values) from exc
    return path


# ── counts ───────────────────────────────────────────────────────────────────────────────────


class Tally:
    """Counts over all submissions of a report."""

    def __init__(self) -> None:
        self.verdicts: Counter[str] = Counter()
        self.flags: Counter[str] = Counter()
        self.checks: dict[str, Counter[str]] = {}

    def add(self, dossier: Dossier) -> None:
        """Counts one submission."""
        self.verdicts[dossier.verdict.value] += 1
        if dossier.screening is None:
            return
        self.flags.update({flag.code for flag in dossier.screening.flags})
        for check in dossier.screening.checks:
            counts = self.checks.setdefault(check.check, Counter())
            counts[_ending(check)] += 1

    def by_verdict(self, language: Language) -> Iterator[VerdictCount]:
        """The verdicts in words."""
        for key in verdict_order():
            name = sentence(VERDICT_NAMES[key], {}, language)
            yield VerdictCount(key, SIGNS[key], name, self.verdicts[key])

    def by_flag(self, language: Language) -> Iterator[FlagCount]:
        """The flags in words, the commonest first."""
        for code, count in self.flags.most_common():
            yield FlagCount(code, flag_name(code, language), count)

    def charts(self, language: Language) -> Iterator[Chart]:
        """Bars by verdict, check and flag."""
        verdicts = [
            Bar(verdict.name, ((VERDICT_BARS[verdict.key], verdict.count),))
            for verdict in self.by_verdict(language)
        ]
        yield _chart(sentence("report.by_verdict", {}, language), verdicts)
        checks = [
            Bar(check_name(check, language), _parts(counts))
            for check, counts in self.checks.items()
            if counts["flagged"] or counts["not_checked"]
        ]
        words = " / ".join(
            sentence(key, {}, language)
            for key in ("report.flagged_count", "report.not_checked_count")
        )
        title = f"{sentence('report.by_check', {}, language)}: {words}"
        yield _chart(title, sorted(checks, key=lambda bar: -bar.total)[:MOST_BARS])
        flags = [
            Bar(flag.name, (("bar-plain", flag.count),))
            for flag in list(self.by_flag(language))[:MOST_BARS]
        ]
        yield _chart(sentence("report.by_flag", {}, language), flags)


def _chart(title: str, rows: list[Bar]) -> Chart:
    return Chart(title, Markup(bars(rows)))  # noqa: S704 - bars() escapes its text


def _ending(check: CheckResult) -> str:
    open_ = check.outcome is CheckOutcome.NOT_CHECKED
    return "unneeded" if open_ and not check.required else check.outcome.value


def _parts(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    return (("bar-doubt", counts["flagged"]), ("bar-lost", counts["not_checked"]))
