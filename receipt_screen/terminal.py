"""A photo's JSON, a summary or a diagnosis → what a terminal shows. Draws, prints nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from receipt_screen.doctor import Probe
from receipt_screen.messages import Language, Values, sentence, visible
from receipt_screen.records import Group as Linked
from receipt_screen.records import Purged
from receipt_screen.registry import RegistryInfo
from receipt_screen.report.words import (
    check_name,
    field_name,
    match_words,
    missing_text,
    value_text,
)

Json = dict[str, Any]

VERDICTS: Final = {
    "eligible": ("terminal.eligible", "bold green"),
    "review": ("terminal.review", "bold yellow"),
    "ineligible": ("terminal.ineligible", "bold red"),
    "unreadable": ("terminal.unreadable", "bold magenta"),
}
# Signs beside the colours: nothing is said by colour alone.
CHECK_SIGNS: Final = {
    "passed": ("✓", "green"),
    "flagged": ("!", "yellow"),
    "not_checked": ("?", "magenta"),
}


def photo_view(record: Json, language: Language) -> RenderableType:
    """One photo: its fields, and the verdict with its reasons where it was screened."""
    parts: list[RenderableType] = [Text(visible(_title(record, language)), style="bold")]
    why = sentence("terminal.blank", {}, language) if _is_blank(record) else record["why"]
    if why:
        parts.append(Text(f"  {visible(why)}", style="red"))
    if record["outcome"] == "read":
        parts.append(_fields_table(record["fields"], language))
    if "verdict" in record:
        parts.append(_verdict_view(record, language))
    return Group(*parts, Text())


def _is_blank(record: Json) -> bool:
    return bool(record["outcome"] == "blank")


def _title(record: Json, language: Language) -> str:
    photo = record.get("photo", {})
    page = f" ({photo['page']}/{photo['pages']})" if photo.get("pages", 1) > 1 else ""
    return f"{record['file']}{page}{_receipt(record, language)}"


def _receipt(record: Json, language: Language) -> str:
    """Which of the receipts in the photo it is, where there are several."""
    if record.get("receipts", 1) == 1:
        return ""
    values = {"number": record["receipt"], "count": record["receipts"]}
    return f" · {sentence('terminal.receipt', values, language)}"


# ── fields ───────────────────────────────────────────────────────────────────────────────────


def _fields_table(fields: Json, language: Language) -> RenderableType:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(sentence("terminal.field", {}, language))
    table.add_column(sentence("terminal.value", {}, language))
    table.add_column(sentence("terminal.confidence", {}, language), justify="right")
    table.add_column(sentence("terminal.label", {}, language))
    for name, found in fields.items():
        table.add_row(
            field_name(name, language),
            _value(name, found, language),
            _confidence(found),
            Text(found.get("label") or ""),
        )
    return Padding(table, (0, 0, 0, 2))


def _value(name: str, found: Json, language: Language) -> Text:
    value = found["value"]
    if value is None:
        return Text(missing_text(found["rivals"], language), style="dim")
    return Text(value_text(name, value, language), style="bold" if name == "amount" else "")


def _confidence(found: Json) -> str:
    # Rounded up it would read 100 %, and no reading is certain.
    return "" if found["value"] is None else f"{min(found['confidence'], 0.999):.1%}"


# ── verdict ──────────────────────────────────────────────────────────────────────────────────


def _verdict_view(record: Json, language: Language) -> RenderableType:
    key, style = VERDICTS[record["verdict"]]
    verdict = Text(f"  {sentence(key, {}, language)}", style=style)
    if record["round"] is not None:
        name = sentence("terminal.round", {"name": record["round"]}, language)
        verdict.append(f" · {name}", style="default")
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 0))
    for check in record["checks"]:
        name, message = check_name(check["check"], language), visible(check["message"])
        table.add_row(_check_sign(check), name, Text(message))
    return Group(verdict, Padding(table, (0, 0, 0, 4)), *_matches(record, language))


def _check_sign(check: Json) -> Text:
    if check["outcome"] == "not_checked" and not check["required"]:
        return Text("–", style="dim")  # the campaign has no such rule, or it doesn't apply here
    sign, style = CHECK_SIGNS[check["outcome"]]
    return Text(sign, style=style)


def _matches(record: Json, language: Language) -> list[Text]:
    return [Text(f"    {visible(_match(match, language))}") for match in record["matches"]]


def _match(match: Json, language: Language) -> str:
    agrees = match_words(match["agrees"], language)
    values = {"submission": match["submission"], "agrees": agrees}
    return sentence("terminal.match", values, language)


# ── doctor ───────────────────────────────────────────────────────────────────────────────────


def probes_view(probes: Iterable[Probe]) -> RenderableType:
    """What the doctor looked at, a line each."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for probe in probes:
        table.add_row(_sign(probe), probe.kind, probe.name, Text(probe.detail))
    return table


def _sign(probe: Probe) -> Text:
    if probe.works:
        return Text("✓", style="green")
    return Text("✗", style="red") if probe.needed else Text("–", style="dim")


# ── registry ─────────────────────────────────────────────────────────────────────────────────


def registry_view(
    info: RegistryInfo, groups: Mapping[str, Sequence[Linked]], language: Language
) -> RenderableType:
    """A line for each campaign, and under it one for each group of linked submissions."""
    place: Values = {"place": info.place, "version": info.schema_version}
    lines = [sentence("terminal.registry_place", place, language)]
    for each in info.campaigns:
        values: Values = {
            "campaign": each.campaign,
            "submissions": each.submissions,
            "photos": each.photos,
            "first": f"{each.first_received:%Y-%m-%d}",
            "last": f"{each.last_received:%Y-%m-%d}",
            "groups": len(groups[each.campaign]),
        }
        lines.append("  " + sentence("terminal.registry_campaign", values, language))
        lines += ["    " + " ↔ ".join(group.submissions) for group in groups[each.campaign]]
    if not info.campaigns:
        lines.append("  " + sentence("terminal.registry_empty", {}, language))
    return Text("\n".join(map(visible, lines)))


def purge_view(purged: Sequence[Purged], language: Language) -> RenderableType:
    """What a purge did, a line for each campaign."""
    lines = [sentence("terminal.purged", each.model_dump(), language) for each in purged]
    return Text("\n".join(lines or [sentence("terminal.purged_nothing", {}, language)]))
