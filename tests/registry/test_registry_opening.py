"""Opening a registry: what is made, what is kept, what is refused and in which words."""

from __future__ import annotations

import datetime as dt
import logging
import multiprocessing
import os
import sqlite3
import stat
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from receipt_screen.errors import RegistryError, SetupError
from receipt_screen.records import Relation
from receipt_screen.registry import RegistrySettings, migrate, open_registry
from receipt_screen.registry.database import Database
from receipt_screen.registry.secret import FILE_VARIABLE, VARIABLE, read_secret
from tests.registry.makers import (
    CAMPAIGN,
    SAYS_MUCH,
    approval,
    card,
    looks,
    minute,
    prints,
    screening,
    text,
    values,
)

SECRET = "a secret of the tests, long enough"
NOBODY = 65534
NEWEST = max(migrate.load_steps("sqlite"))


@pytest.fixture(autouse=True)
def _no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.delenv(FILE_VARIABLE, raising=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "seen.db"


def refusal(url: str, settings: RegistrySettings | None = None) -> RegistryError:
    with pytest.raises(RegistryError) as caught:
        open_registry(url, settings)
    assert caught.value.exit_code == 6
    assert caught.value.text("ko")
    return caught.value


def remembered(url: str) -> None:
    with open_registry(url) as registry:
        registry.remember(screening(prints("a", approval("1")), "A"))


# ── addresses ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("url", ["mysql://user:hunter2@host/db", "sqlite:/x", "seen.db", ""])
def test_an_unknown_kind_of_address_is_refused_with_those_that_work(url: str) -> None:
    error = refusal(url)

    assert error.key == "registry.unknown_scheme"
    assert "sqlite:///file.db" in str(error)
    assert "postgresql://" in str(error)
    assert "hunter2" not in str(error)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://user:hunter2@localhost:1/db",
        "postgresql://user@localhost:1/db?password=hunter2",
        "postgres://user:hunter2@localhost:port/db",
    ],
)
def test_no_error_shows_a_password(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("psycopg", reason="psycopg isn't installed")
    monkeypatch.setenv(VARIABLE, SECRET)
    error: BaseException | None = refusal(url)

    while error is not None:
        assert "hunter2" not in f"{error} {error!r}"
        error = error.__cause__


def test_a_server_that_does_not_answer_is_named() -> None:
    pytest.importorskip("psycopg", reason="psycopg isn't installed")
    error = refusal("postgresql://user:hunter2@localhost:1/db")

    assert error.key == "registry.unreachable"
    assert "postgresql://user@localhost:1/db" in str(error)


def test_without_psycopg_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(SetupError, match=r"receipt-screen\[postgresql\]"):
        open_registry("postgresql://localhost/db")


@pytest.mark.parametrize("name", ["한글 폴더.db", "a?b#c%20.db"])
def test_a_path_is_taken_as_it_is(tmp_path: Path, name: str) -> None:
    remembered(f"sqlite:///{tmp_path / name}")

    assert (tmp_path / name).is_file()


# ── files ────────────────────────────────────────────────────────────────────────────────────


def test_what_was_remembered_is_there_after_opening_again(file: Path) -> None:
    remembered(f"sqlite:///{file}")

    with open_registry(f"sqlite:///{file}") as registry:
        [match] = registry.find(prints("a"), campaign=CAMPAIGN, submission="B")
    assert match.relation is Relation.SAME_FILE


def test_others_can_look_while_somebody_writes_but_not_write(file: Path) -> None:
    url = f"sqlite:///{file}"
    remembered(url)
    with (
        open_registry(url, RegistrySettings(patience=0.05)) as registry,
        closing(sqlite3.connect(file, isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")

        assert registry.find(prints("a"), campaign=CAMPAIGN, submission="B")
        with pytest.raises(RegistryError, match="another process") as caught:
            registry.remember(screening(prints("a"), "B"))
        assert caught.value.key == "registry.busy"


def test_a_closed_registry_can_be_closed_again(file: Path) -> None:
    registry = open_registry(f"sqlite:///{file}")
    registry.close()
    registry.close()


@pytest.mark.parametrize(
    "content", [b"this is a text", b"SQLite format 3\0" + b"\xff" * 5000, b"\0" * 100]
)
def test_a_file_that_is_no_database_is_reported_and_left_as_it_is(
    file: Path, content: bytes
) -> None:
    file.write_bytes(content)

    assert refusal(f"sqlite:///{file}").key == "registry.corrupt"
    assert file.read_bytes() == content


def test_a_database_damaged_inside_is_reported(file: Path) -> None:
    url = f"sqlite:///{file}"
    with open_registry(url) as registry:
        for number in range(100):
            registry.remember(screening(prints(f"{number}"), f"S{number}"))
    content = file.read_bytes()
    # The first pages hold the schema; all others become rubbish.
    file.write_bytes(content[: 4096 * 8] + b"\xa5" * (len(content) - 4096 * 8))

    with pytest.raises(RegistryError) as caught, open_registry(url) as registry:
        registry.find(prints("b", look=looks(0)), campaign=CAMPAIGN, submission="B")
    assert caught.value.key == "registry.corrupt"


def test_another_programs_database_is_refused_and_left_as_it_is(file: Path) -> None:
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE precious (x)")
    content = file.read_bytes()

    assert refusal(f"sqlite:///{file}").key == "registry.foreign"
    assert file.read_bytes() == content


def test_an_empty_file_becomes_a_registry(file: Path) -> None:
    file.touch()

    remembered(f"sqlite:///{file}")

    assert file.stat().st_size > 0


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    error = refusal(f"sqlite:///{tmp_path}")

    assert error.key == "registry.not_a_file"
    assert "file name" in str(error)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    error = refusal(f"sqlite:///{tmp_path / 'none' / 'seen.db'}")

    assert error.key == "registry.no_folder"
    assert str(tmp_path / "none") in str(error)
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("closed", ["file", "folder"])
def test_what_may_not_be_written_is_reported(file: Path, closed: str) -> None:
    remembered(f"sqlite:///{file}")
    file.chmod(0o444)
    file.parent.chmod(0o555 if closed == "folder" else 0o777)

    assert _as_nobody(_key_of_refusal, f"sqlite:///{file}") == "registry.read_only"


def _as_nobody(ask: Callable[[str], str], url: str) -> str:
    """The answer of a process without root's right to write everywhere."""
    if os.geteuid() != 0:
        return ask(url)
    for folder in Path(url.removeprefix("sqlite:///")).parents:
        folder.chmod(folder.stat().st_mode | stat.S_IXOTH | stat.S_IROTH)
    with multiprocessing.get_context("fork").Pool(1, _become_nobody) as pool:
        return pool.apply(ask, (url,))


def _become_nobody() -> None:
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


def _key_of_refusal(url: str) -> str:
    try:
        open_registry(url).close()
    except RegistryError as error:
        return error.key
    return "opened"


# ── schema ───────────────────────────────────────────────────────────────────────────────────


def newer_steps(database: Database) -> migrate.Steps:
    """The steps of a release to come."""
    steps = migrate.load_steps(database.engine.dialect.name)
    more = "ALTER TABLE receipt_screen_photos ADD COLUMN note TEXT;\nCREATE TABLE later (x TEXT);"
    return {**steps, len(steps) + 1: more}


def test_an_old_schema_is_brought_up_to_date_and_keeps_what_it_knows(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{file}"
    remembered(url)
    monkeypatch.setattr(Database, "steps", property(newer_steps))

    with open_registry(url) as registry:
        assert registry.info().schema_version == NEWEST + 1
        assert registry.find(prints("a"), campaign=CAMPAIGN, submission="B")
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("SELECT note FROM receipt_screen_photos").fetchall() == [(None,)]


def test_a_file_of_the_first_release_is_found_in_and_told_more(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was made by the first step and has rows of that time."""
    url = f"sqlite:///{file}"
    _make_first_release(file, monkeypatch)

    with open_registry(url) as registry:
        assert registry.info().schema_version == NEWEST
        assert registry.info().photos == 1
        # What it knew is found; what it didn't know is added when the photo comes again.
        of = prints("a", approval("1"), text=SAYS_MUCH)
        [match] = registry.find(of, campaign=CAMPAIGN, submission="B")
        assert match.agrees == ("file", "pixels", "approval")
        registry.remember(screening(of, "A"))
        again = prints("b", text=of.text)
        [match] = registry.find(again, campaign=CAMPAIGN, submission="B")
        assert match.agrees == ("text",)


def _make_first_release(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as then:
        first = {1: migrate.load_steps("sqlite")[1]}
        then.setattr(Database, "steps", first)
        with open_registry(f"sqlite:///{file}"):
            pass
    secret = read_secret(file.with_name(f"{file.name}.secret"))
    traits = secret.keying(CAMPAIGN).traits(prints("a", approval("1")))
    row = (1, CAMPAIGN, "A", "2025-01-21", "2025-01-21", 1, traits.file, traits.pixels, None, None)
    [key] = traits.keys
    with closing(sqlite3.connect(file)) as database, database:
        database.execute(
            "INSERT INTO receipt_screen_photos VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row
        )
        database.execute(
            "INSERT INTO receipt_screen_keys VALUES (1, 'approval', ?, 0.9)", (key.value,)
        )


def test_a_step_that_fails_leaves_the_old_schema(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{file}"
    remembered(url)
    with monkeypatch.context() as later:
        half = "CREATE TABLE half (x TEXT);\nCREATE TABLE half (x TEXT);"
        steps = {**dict.fromkeys(range(1, NEWEST + 1), ""), NEWEST + 1: half}
        later.setattr(Database, "steps", steps)
        assert refusal(url).key == "registry.failed"

    with closing(sqlite3.connect(file)) as database:
        assert database.execute("SELECT name FROM sqlite_master WHERE name='half'").fetchall() == []
    remembered(url)


def test_a_newer_schema_is_refused_with_both_versions(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{file}"
    with monkeypatch.context() as later:
        later.setattr(Database, "steps", property(newer_steps))
        remembered(url)

    error = refusal(url)

    assert error.key == "registry.newer"
    assert error.values == {"place": str(file), "found": NEWEST + 1, "known": NEWEST}


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_the_steps_of_each_kind_of_database_have_numbers_without_gaps(dialect: str) -> None:
    steps = migrate.load_steps(dialect)

    assert list(steps) == list(range(1, len(steps) + 1))
    assert list(steps) == list(migrate.load_steps("sqlite"))


@pytest.mark.slow
def test_processes_that_open_a_new_file_at_once_agree_on_one_secret(file: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        opened = pool.map(_key_of_refusal, [f"sqlite:///{file}"] * 8, chunksize=1)

    assert opened == ["opened"] * 8
    assert sorted(path.name for path in file.parent.iterdir()) == ["seen.db", "seen.db.secret"]


# ── the secret, and what lies in the file ────────────────────────────────────────────────────


def test_a_secret_is_made_on_first_use_for_its_owner_alone_and_said_so(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    beside = file.with_name("seen.db.secret")

    with open_registry(f"sqlite:///{file}") as registry:
        assert registry.new_secret == beside
    with open_registry(f"sqlite:///{file}") as registry:
        assert registry.new_secret is None

    assert stat.S_IMODE(beside.stat().st_mode) == 0o600
    assert str(beside) in caplog.text
    assert beside.read_text().strip() not in caplog.text


def test_a_secret_of_the_environment_makes_no_file(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, SECRET)

    with open_registry(f"sqlite:///{file}") as registry:
        assert registry.new_secret is None
    assert not file.with_name("seen.db.secret").exists()


def test_a_secret_file_may_be_named_by_setting_or_environment(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = tmp_path / "elsewhere"
    named.write_text(f"{SECRET}\n")
    named.chmod(0o600)
    url = f"sqlite:///{file}"
    open_registry(url, RegistrySettings(secret_file=named)).close()

    monkeypatch.setenv(FILE_VARIABLE, str(named))
    open_registry(url).close()
    monkeypatch.setenv(VARIABLE, SECRET)
    open_registry(url).close()


def test_another_secret_than_the_first_is_refused(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With another secret nothing earlier would be found, and everything paid twice."""
    remembered(f"sqlite:///{file}")
    monkeypatch.setenv(VARIABLE, SECRET)

    assert refusal(f"sqlite:///{file}").key == "registry.secret_other"


def test_a_lost_secret_is_not_replaced_by_a_new_one(file: Path) -> None:
    remembered(f"sqlite:///{file}")
    beside = file.with_name("seen.db.secret")
    beside.unlink()

    assert refusal(f"sqlite:///{file}").key == "registry.secret_missing"
    assert not beside.exists()


def test_a_short_secret_is_refused_without_being_shown(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "hunter2")

    error = refusal(f"sqlite:///{file}")

    assert error.key == "registry.secret_short"
    assert "hunter2" not in str(error)


def test_a_named_secret_file_that_is_missing_is_reported(file: Path, tmp_path: Path) -> None:
    error = refusal(f"sqlite:///{file}", RegistrySettings(secret_file=tmp_path / "none"))

    assert error.key == "registry.secret_not_there"


def test_nobody_is_told_to_write_over_a_secret_that_cannot_be_read(
    file: Path, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"\xff" * 40)

    error = refusal(f"sqlite:///{file}", RegistrySettings(secret_file=secret))

    assert error.key == "registry.secret_unreadable"
    assert ">" not in error.text("en") + error.text("ko")


def test_a_secret_that_others_can_read_is_warned_of(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    remembered(f"sqlite:///{file}")
    file.with_name("seen.db.secret").chmod(0o644)

    remembered(f"sqlite:///{file}")

    assert "chmod 600" in caplog.text


def test_neither_file_nor_logs_nor_errors_hold_what_was_read(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    clear = ["5058124020|00652378|2025-01-20", "5058124020|2025-01-20|10:12|100000", "1234|100000"]
    said = text("771234", serials=("004471",))
    read = values(amount="771177", merchant="한들콩나물국밥")
    of = prints("a", approval(clear[0]), minute(clear[1]), card(clear[2]), text=said, fields=read)
    with open_registry(f"sqlite:///{file}") as registry:
        registry.remember(screening(of, "A"))
        matches = registry.find(of, campaign=CAMPAIGN, submission="B")
        told = f"{registry!r} {registry.info()!r} {matches!r}"

    stored = b"".join(path.read_bytes() for path in file.parent.iterdir())
    words = ["5058124020", "00652378", "771234", "004471", "771177", "한들콩나물국밥"]
    for secret in [*clear, *words, of.file, of.pixels]:
        assert secret.encode() not in stored
        assert bytes.fromhex(of.file) not in stored
        assert secret not in caplog.text
        assert secret not in told


def test_what_was_purged_lies_nowhere_in_the_files(file: Path) -> None:
    with open_registry(f"sqlite:///{file}") as registry:
        registry.remember(screening(prints("a", approval("1"), look=looks(0)), "A"))
        kept = next(iter(registry.export()))
        assert bytes.fromhex(looks(0)) in _all_bytes(file)
        registry.purge(dt.datetime.now(dt.UTC), today=dt.date(2025, 1, 21))

        assert bytes.fromhex(looks(0)) not in _all_bytes(file)
        assert bytes.fromhex(kept.file) in _all_bytes(file)
        registry.forget("A", campaign=CAMPAIGN)
        assert bytes.fromhex(kept.file) not in _all_bytes(file)


def _all_bytes(file: Path) -> bytes:
    return b"".join(path.read_bytes() for path in file.parent.iterdir())


def test_a_file_that_must_exist_is_not_made(file: Path) -> None:
    error = refusal(f"sqlite:///{file}", RegistrySettings(must_exist=True))

    assert error.key == "registry.not_there"
    assert list(file.parent.iterdir()) == []


def test_the_same_key_is_stored_differently_in_two_campaigns(file: Path) -> None:
    with open_registry(f"sqlite:///{file}") as registry:
        for campaign in ("one", "another"):
            registry.remember(screening(prints("a", approval("1")), "A", campaign))

    with closing(sqlite3.connect(file)) as database:
        for column, table in (("digest", "keys"), ("file", "photos"), ("pixels", "photos")):
            query = f"SELECT COUNT(DISTINCT {column}) FROM receipt_screen_{table}"
            assert database.execute(query).fetchone() == (2,)
