"""The campaign file: what it carries, and what it refuses, where and with which advice."""

from __future__ import annotations

import datetime as dt
import hashlib
import pickle
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receipt_screen.campaign import Campaign, known_keys
from receipt_screen.errors import CampaignError
from tests.cases import CAMPAIGNS, JEONBUK, campaign

CAMPAIGN_DOC = Path(__file__).parents[1] / "docs" / "campaign.md"
DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2026, 12, 31))

FILE = """\
name = "test"

[[periods]]
first = 2025-01-13
last = 2025-02-28

[[rounds]]
name = "1"
first = 2025-01-13
last = 2025-02-02
"""


def refused(source: str | bytes) -> CampaignError:
    data = source if isinstance(source, bytes) else source.encode()
    with pytest.raises(CampaignError) as raised:
        Campaign.parse(data, file="c.toml")
    return raised.value


# ── what it carries ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", sorted(CAMPAIGNS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_sample_campaign_loads(path: Path) -> None:
    loaded = Campaign.load(path)
    assert loaded.facts.name == loaded.name
    assert loaded.facts.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_last_day_of_jeonbuk_is_in_the_campaign_but_in_no_round() -> None:
    jeonbuk = Campaign.load(JEONBUK)
    last = dt.date(2025, 2, 28)
    assert jeonbuk.covers(last)
    assert jeonbuk.round_of(last) is None


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (dt.date(2025, 1, 12), None),
        (dt.date(2025, 1, 13), "1"),
        (dt.date(2025, 2, 2), "1"),
        (dt.date(2025, 2, 3), "2"),
        (dt.date(2025, 2, 16), "2"),
        (dt.date(2025, 2, 17), "3"),
        (dt.date(2025, 2, 27), "3"),
        (dt.date(2025, 3, 1), None),
    ],
)
def test_both_bounds_of_a_round_belong_to_it(day: dt.date, name: str | None) -> None:
    entered = Campaign.load(JEONBUK).round_of(day)
    assert (entered and entered.name) == name


def test_an_extension_is_one_more_period() -> None:
    extended = Campaign.load(CAMPAIGNS / "jeonbuk-2025-extended.toml")
    assert extended.covers(dt.date(2025, 6, 30))
    assert not extended.covers(dt.date(2025, 7, 1))
    assert not Campaign.load(JEONBUK).covers(dt.date(2025, 6, 30))


def test_the_samples_carry_every_kind_of_rule() -> None:
    samples = [Campaign.load(path) for path in CAMPAIGNS.glob("*.toml")]
    assert {sample.amount.minimum for sample in samples} == {100_000, 50_000, 34_000, 30_000}
    assert {sample.round_by for sample in samples} == {"payment", "upload"}
    assert any(sample.proofs for sample in samples)
    assert any(sample.region.words for sample in samples)
    actions = {rule.action for sample in samples for rule in sample.exclusions}
    assert actions == {"reject", "review"}


def test_a_round_may_run_across_periods_that_touch() -> None:
    rounds = (
        '[[periods]]\nfirst = 2025-03-01\nlast = 2025-06-30\n[[rounds]]\nname = "A"\n'
        "first = 2025-02-20\nlast = 2025-03-10"
    )
    entered = campaign(rounds).round_of(dt.date(2025, 3, 1))
    assert entered is not None
    assert entered.name == "A"


def test_rounds_of_uploads_lie_in_the_upload_window_not_in_the_period() -> None:
    rules = (
        "[uploads]\nfirst = 2025-01-13\nlast = 2025-03-31\n"
        '[[rounds]]\nname = "1"\nfirst = 2025-01-13\nlast = 2025-03-31'
    )
    assert campaign(rules, top='round_by = "upload"').round_of(dt.date(2025, 3, 31))


def test_a_byte_order_mark_and_windows_line_ends_are_fine() -> None:
    loaded = Campaign.parse(b"\xef\xbb\xbf" + FILE.replace("\n", "\r\n").encode(), file="c.toml")
    assert loaded.rounds[0].name == "1"


def test_a_campaign_is_frozen_and_travels_to_other_processes() -> None:
    loaded = campaign()
    assert loaded.zone.key == "Asia/Seoul"
    with pytest.raises(ValueError, match="frozen"):
        loaded.name = "other"  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(loaded)) == loaded


@given(DAYS, DAYS, DAYS)
def test_a_day_is_covered_exactly_when_it_is_between_the_bounds(
    first: dt.date, last: dt.date, day: dt.date
) -> None:
    source = f'name = "x"\n[[periods]]\nfirst = {first}\nlast = {last}\n'
    if last < first:
        assert refused(source).key == "campaign.span_reversed"
    else:
        assert Campaign.parse(source.encode(), file="c").covers(day) == (first <= day <= last)


@given(st.lists(st.dates(dt.date(2025, 1, 13), dt.date(2025, 2, 28)), min_size=2, max_size=8), DAYS)
def test_a_day_is_in_at_most_one_round_and_only_within_the_campaign(
    bounds: list[dt.date], day: dt.date
) -> None:
    ordered = sorted(set(bounds))
    pairs = list(zip(ordered[::2], ordered[1::2], strict=False))
    rounds = "".join(
        f'[[rounds]]\nname = "{number}"\nfirst = {first}\nlast = {last}\n'
        for number, (first, last) in enumerate(pairs)
    )
    loaded = campaign(rounds)
    within = [str(number) for number, (first, last) in enumerate(pairs) if first <= day <= last]
    entered = loaded.round_of(day)
    assert [entered.name] * (entered is not None) == within if entered else within == []
    assert loaded.covers(day) or not within


# ── what it refuses ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("source", "key", "line", "named", "nearest"),
    [
        (FILE + "\n[amount]\nminimun = 3\n", "unknown_key", 13, "amount.minimun", "amount.minimum"),
        (FILE + "\n[ammount]\nminimum = 3\n", "unknown_key", 12, "ammount", "amount"),
        ("minimum = 3\n" + FILE, "unknown_key", 1, "minimum", "amount.minimum"),
        ('facts = "x"\n' + FILE, "unknown_key", 1, "facts", None),
        (
            FILE.replace("[[rounds]]", "[[round]]"),
            "unknown_key",
            7,
            "round",
            "rounds",
        ),
        (FILE + "start = 2025-01-01\n", "unknown_key", 11, "rounds[1].start", None),
        (
            FILE + "[treatment]\nreprints = 'review'\n",
            "unknown_key",
            12,
            "treatment.reprints",
            "treatment.reprint",
        ),
        (FILE + "[amount]\nminimum = '3'\n", "not_a_whole_number", 12, "amount.minimum", None),
        (FILE + "[amount]\nminimum = 3.5\n", "not_a_whole_number", 12, "amount.minimum", None),
        (FILE + "[amount]\nminimum = true\n", "not_a_whole_number", 12, "amount.minimum", None),
        (FILE + "[amount]\nminimum = -1\n", "out_of_range", 12, "amount.minimum", None),
        (FILE + "[evidence]\nstrong = 97\n", "out_of_range", 12, "evidence.strong", None),
        (FILE + "[evidence]\nstrong = 'high'\n", "not_a_number", 12, "evidence.strong", None),
        (FILE.replace("2025-02-28", '"2025-02-28"'), "not_a_date", 5, "periods[1].last", None),
        (
            FILE.replace("2025-02-28", "2025-02-28T00:00:00"),
            "not_a_date",
            5,
            "periods[1].last",
            None,
        ),
        (FILE.replace('"test"', "5"), "not_a_text", 1, "name", None),
        (FILE.replace('"test"', '" "'), "empty", 1, "name", None),
        (FILE.replace('name = "test"', ""), "missing_key", 1, "name", None),
        (FILE.replace('name = "1"\n', ""), "missing_key", 7, "rounds[1].name", None),
        ('name = "x"\nperiods = []\n', "empty", 2, "periods", None),
        ('name = "x"\nperiods = 3\n', "not_a_list", 2, "periods", None),
        (FILE + "[[amount]]\nminimum = 3\n", "not_a_table", 11, "amount", None),
        (
            FILE + "[treatment]\nreprint = 'refuse'\n",
            "not_a_choice",
            12,
            "treatment.reprint",
            None,
        ),
        ("time_zone = 'Mars'\n" + FILE, "zone_unknown", 1, "time_zone", None),
        ("time_zone = '../etc'\n" + FILE, "zone_unknown", 1, "time_zone", None),
        (FILE.replace("2025-02-28", "2025-01-12"), "span_reversed", 5, "periods[1].last", None),
        (FILE.replace("2025-02-02", "2025-01-12"), "span_reversed", 10, "rounds[1].last", None),
        (FILE.replace("2025-02-02", "2025-03-01"), "round_outside", 7, "rounds[1]", None),
        (
            FILE + '[[rounds]]\nname = "2"\nfirst = 2025-02-02\nlast = 2025-02-09\n',
            "rounds_overlap",
            11,
            "rounds[2]",
            None,
        ),
        (
            FILE + '[[rounds]]\nname = "1"\nfirst = 2025-02-05\nlast = 2025-02-09\n',
            "round_twice",
            12,
            "rounds[2].name",
            None,
        ),
        (
            FILE + '[[exclusions]]\nname = "x"\nwords = [\n  "a",\n  "",\n]\n',
            "empty",
            13,
            "exclusions[1].words[2]",
            None,
        ),
    ],
)
def test_a_mistake_is_refused_with_its_line_and_key(
    source: str, key: str, line: int, named: str, nearest: str | None
) -> None:
    error = refused(source)
    assert error.key == f"campaign.{key}"
    assert (error.values["line"], error.values["key"]) == (line, named)
    if nearest is not None:
        assert error.values["nearest"] == nearest
    for said in (str(error), error.text("ko")):
        assert "c.toml" in said
        assert str(line) in said
        assert named in said
    assert error.exit_code == 5


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (FILE + "[amount\n", 11),
        (FILE.replace("2025-02-02", "2025-02-30"), 10),
        (FILE + "name = \n", 11),
        (FILE + 'words = ["a",\n', 11),
        (FILE + "[amount]\nminimum = 100,000\n", 12),
        (FILE + 'name = "2"\n', 11),
    ],
)
def test_a_syntax_error_names_its_line(source: str, line: int) -> None:
    error = refused(source)
    assert error.key == "campaign.syntax"
    assert error.values["line"] == line


def test_the_first_of_several_mistakes_is_reported() -> None:
    error = refused(FILE + "[amount]\nminimun = 3\n[treatment]\nreprint = 'x'\n")
    assert error.values["key"] == "amount.minimun"


def test_other_encodings_and_missing_files_are_refused(tmp_path: Path) -> None:
    assert refused('# ok\nname = "캠페인"'.encode("cp949")).values["line"] == 2
    with pytest.raises(CampaignError, match=r"none\.toml: the campaign file can't be opened"):
        Campaign.load(tmp_path / "none.toml")


@given(st.text(alphabet='[]="\n\r abc-.0123456789{},#\u2028\x0b', max_size=60))
def test_any_text_loads_or_is_refused_with_a_line_of_the_file(text: str) -> None:
    source = FILE + text
    line = _line_of_refusal(source)
    assert line is None or 1 <= line <= len(re.findall(r"[\r\n]", source)) + 1


def _line_of_refusal(source: str) -> int | None:
    try:
        Campaign.parse(source.encode(), file="c.toml")
    except CampaignError as error:
        return int(error.values["line"])
    return None


@given(st.binary(max_size=40))
def test_any_bytes_load_or_are_refused(data: bytes) -> None:
    with pytest.raises(CampaignError):  # forty bytes have no room for a period
        Campaign.parse(data, file="c.toml")


# ── the documentation ────────────────────────────────────────────────────────────────────────

BLOCKS = re.findall(r"```toml\n(.*?)```", CAMPAIGN_DOC.read_text(encoding="utf-8"), re.DOTALL)


def test_the_examples_of_the_documentation_make_one_whole_campaign() -> None:
    source = "\n".join(BLOCKS)
    loaded = Campaign.parse(source.encode(), file="docs/campaign.md")
    assert len(loaded.periods) == 2


def test_every_key_stands_in_the_documentation_with_an_example() -> None:
    document = tomllib.loads("\n".join(BLOCKS))
    assert {name.rpartition(".")[2] for name in known_keys()} <= set(_keys(document))


def test_the_defaults_in_the_documentation_are_those_of_the_code() -> None:
    least = Campaign.parse(b'name = "x"\n[[periods]]\nfirst=2025-01-01\nlast=2025-01-01', file="c")
    for table in ("evidence", "quality", "documents", "treatment"):
        block = next(block for block in BLOCKS if f"[{table}]" in block)
        assert tomllib.loads(block)[table] == dict(getattr(least, table)), table
        assert all("default" in said for said in block.splitlines() if " = " in said)


def _keys(table: object) -> Iterator[str]:
    if isinstance(table, list):
        for item in table:
            yield from _keys(item)
    if isinstance(table, dict):
        for key, value in table.items():
            yield key
            yield from _keys(value)
