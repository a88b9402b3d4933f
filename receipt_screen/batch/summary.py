"""`summary.json` and `summary.txt`: what a batch came to, in numbers and in words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from statistics import median, quantiles
from typing import Any

from rich.cells import cell_len

from receipt_screen.messages import Language, sentence
from receipt_screen.records import SCHEMA, CampaignFacts, CheckOutcome, Outcome, Record, Verdict
from receipt_screen.report.words import check_name, flag_name

Json = dict[str, Any]


class StageSeconds(Record):
    """How long one stage took for a photo."""

    median: float
    p95: float


class Run(Record):
    """What is known of a batch apart from its photos."""

    campaign: CampaignFacts
    engine: str
    total: int
    """Photos in the folder."""
    skipped: int
    """Files in the folder that are plainly no photos."""
    seconds: float
    """Of this run alone; a batch that was stopped and went on has had others before it."""
    screened: int
    """Photos screened in this run."""
    groups: tuple[tuple[str, ...], ...] = ()
    """Submissions of the campaign that hang together, in the order of remembering."""


class Summary(Record):
    """What a batch came to."""

    campaign: CampaignFacts
    engine: str
    finished: bool
    total: int
    photos: int
    """Photos with a line in `results.jsonl`."""
    skipped: int
    screened_now: int
    seconds_now: float
    outcomes: dict[str, int]
    verdicts: dict[str, int]
    rounds: dict[str, int]
    checks: dict[str, dict[str, int]]
    """How often each check ended how."""
    flags: dict[str, int]
    groups: tuple[tuple[str, ...], ...] = ()
    """Submissions that hang together, where one of them is in this batch."""
    amount_eligible: int
    """Won, summed over the photos whose verdict is `eligible`."""
    stages: dict[str, StageSeconds]

    @property
    def read_nothing(self) -> bool:
        """No photo at all could be read."""
        return self.photos > 0 and self.outcomes[Outcome.FAILED] == self.photos

    def json_object(self) -> Json:
        """The summary as a JSON object, `schema` first."""
        return {"schema": SCHEMA, **self.model_dump(mode="json")}


class _Tally:
    """Counts over the lines of a batch."""

    def __init__(self) -> None:
        self.photos = 0
        self.amount = 0
        self.outcomes: Counter[str] = Counter()
        self.verdicts: Counter[str] = Counter()
        self.rounds: Counter[str] = Counter()
        self.flags: Counter[str] = Counter()
        self.submissions: set[str] = set()
        self.checks: dict[str, Counter[str]] = defaultdict(Counter)
        self.seconds: dict[str, list[float]] = defaultdict(list)

    def add(self, record: Json) -> None:
        self.photos += 1
        self.outcomes[record["outcome"]] += 1
        self.verdicts[record["verdict"]] += 1
        self.submissions.add(record["submission"])
        if record["round"] is not None:
            self.rounds[record["round"]] += 1
        self.flags.update({flag["code"] for flag in record["flags"]})
        for check in record["checks"]:
            self.checks[check["check"]][check["outcome"]] += 1
        for stage, seconds in record.get("seconds", {}).items():
            self.seconds[stage].append(seconds)
        self.amount += _eligible_amount(record)


def _eligible_amount(record: Json) -> int:
    if record["verdict"] != Verdict.ELIGIBLE:
        return 0
    return int(record["fields"]["amount"]["value"] or 0)


def summarise(records: Iterable[Json], run: Run) -> Summary:
    """Counts the lines of a batch."""
    tally = _Tally()
    for record in records:
        tally.add(record)
    return Summary(
        campaign=run.campaign,
        engine=run.engine,
        finished=tally.photos >= run.total,
        total=run.total,
        photos=tally.photos,
        skipped=run.skipped,
        screened_now=run.screened,
        seconds_now=round(run.seconds, 3),
        outcomes={outcome.value: tally.outcomes[outcome] for outcome in Outcome},
        verdicts={verdict.value: tally.verdicts[verdict] for verdict in Verdict},
        rounds=dict(sorted(tally.rounds.items())),
        checks={name: _by_outcome(counts) for name, counts in sorted(tally.checks.items())},
        flags=dict(tally.flags.most_common()),
        groups=tuple(each for each in run.groups if not tally.submissions.isdisjoint(each)),
        amount_eligible=tally.amount,
        stages={stage: _stage(seconds) for stage, seconds in tally.seconds.items()},
    )


def _by_outcome(counts: Counter[str]) -> dict[str, int]:
    return {outcome.value: counts[outcome] for outcome in CheckOutcome}


def _stage(seconds: list[float]) -> StageSeconds:
    p95 = quantiles(seconds, n=20, method="inclusive")[-1] if len(seconds) > 1 else seconds[0]
    return StageSeconds(median=round(median(seconds), 4), p95=round(p95, 4))


# ── in words ─────────────────────────────────────────────────────────────────────────────────


def summary_text(summary: Summary, language: Language) -> str:
    """The summary for people, some twenty lines."""
    blocks = [
        _head(summary, language),
        [sentence("batch.verdicts", summary.verdicts, language), *_rounds(summary, language)],
        _checks(summary, language),
        _flags(summary, language),
        _groups(summary, language),
        _stages(summary, language),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _head(summary: Summary, language: Language) -> list[str]:
    counts = {**summary.outcomes, "photos": summary.photos, "skipped": summary.skipped}
    head = [
        sentence("batch.title", {"campaign": summary.campaign.name}, language),
        sentence("batch.photos", counts, language),
    ]
    if not summary.finished:
        left = {"left": summary.total - summary.photos, "total": summary.total}
        head.append(sentence("batch.unfinished", left, language))
    return head


def _rounds(summary: Summary, language: Language) -> list[str]:
    amount = sentence("batch.amount", {"amount": f"{summary.amount_eligible:,}"}, language)
    rounds = [
        sentence("batch.round", {"name": name, "count": count}, language)
        for name, count in summary.rounds.items()
    ]
    return [*rounds, amount]


def _checks(summary: Summary, language: Language) -> list[str]:
    rows = {check_name(name, language): each.values() for name, each in summary.checks.items()}
    body = list(_table(rows, "{:>7}"))
    return [sentence("batch.checks", {}, language), *body] if body else []


def _flags(summary: Summary, language: Language) -> list[str]:
    rows = {flag_name(code, language): (count,) for code, count in summary.flags.items()}
    body = list(_table(rows, "{:>7}"))
    return [sentence("batch.flags", {}, language), *body] if body else []


def _groups(summary: Summary, language: Language) -> list[str]:
    body = [f"  {' ↔ '.join(group)}" for group in summary.groups]
    return [sentence("batch.groups", {}, language), *body] if body else []


def _stages(summary: Summary, language: Language) -> list[str]:
    rows = {stage: (each.median, each.p95) for stage, each in summary.stages.items()}
    body = list(_table(rows, "{:>7.3f}"))
    return [sentence("batch.stages", {}, language), *body] if body else []


def _table(rows: Mapping[str, Iterable[float]], cell: str) -> Iterator[str]:
    """Names and numbers in columns; a Hangul syllable takes the room of two letters."""
    width = max(map(cell_len, rows), default=0)
    for name, numbers in rows.items():
        room = " " * (width - cell_len(name))
        yield f"  {name}{room} {' '.join(cell.format(number) for number in numbers)}"
