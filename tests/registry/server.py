"""A PostgreSQL server for tests, started from Debian's package in a folder of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

SETTINGS = "-c listen_addresses='' -c fsync=off -c shared_buffers=16MB -c max_connections=30"


@contextmanager
def running_server() -> Iterator[str]:
    """The URL of a server that lasts as long as the context; skips where it can't be started."""
    pytest.importorskip("psycopg", reason="psycopg isn't installed")
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs:
        pytest.skip("PostgreSQL isn't installed: apt-get install postgresql")
    # A short path: the name of a Unix socket has at most 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    control = [str(programs[-1] / "pg_ctl"), "-D", str(folder / "data"), "-w", "-s"]
    options = f"{SETTINGS} -c unix_socket_directories={folder}"
    log = ["-l", str(folder / "log"), "-o", options]
    try:
        _run(folder, str(programs[-1] / "initdb"), *_initdb(folder))
        _run(folder, *control, *log, "start")
        yield f"postgresql://postgres@/postgres?host={quote(str(folder))}"
    finally:
        _run(folder, *control, "-m", "immediate", "stop", check=False)
        shutil.rmtree(folder)


def _initdb(folder: Path) -> list[str]:
    data = str(folder / "data")
    return ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]


def _run(folder: Path, *command: str, check: bool = True) -> None:
    # The server refuses to run as root, as which CI runs.
    as_user: tuple[str, ...] = ()
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
        as_user = ("runuser", "-u", "postgres", "--")
    subprocess.run(
        [*as_user, *command],
        check=check,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@contextmanager
def own_schema(server: str, name: str) -> Iterator[str]:
    """The URL of an empty corner of the server, for one test."""
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE SCHEMA "{name}"'.encode())
        yield f"{server}&options={quote(f'-csearch_path={name}')}"
        connection.execute(f'DROP SCHEMA "{name}" CASCADE'.encode())
