"""Brings a database to the newest schema, one numbered step after the other.

A step is a file `migrations/NUMBER_name.DIALECT.sql`; once released it never changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable

from sqlalchemy import Column, Connection, MetaData, Table, Text, insert, inspect, select, update

from receipt_screen.errors import RegistryError

Steps = Mapping[int, str]
"""The SQL of each step by its number, from 1 without gaps."""

META = Table(
    "receipt_screen_meta",
    MetaData(),
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
"""What the database says of itself: `schema`, its version, and `secret`, its fingerprint."""


def load_steps(dialect: str, folder: Traversable | None = None) -> Steps:
    """The steps for `sqlite` or `postgresql`, in their order."""
    folder = folder or files("receipt_screen.registry") / "migrations"
    scripts = [script for script in folder.iterdir() if script.name.endswith(f".{dialect}.sql")]
    steps = {int(script.name[:4]): script.read_text(encoding="utf-8") for script in scripts}
    return dict(sorted(steps.items()))


def migrate(connection: Connection, place: str, steps: Steps) -> int:
    """Takes the steps that a database lacks, inside the caller's transaction.

    Returns its version. Raises RegistryError for a database of a newer version than the steps.
    """
    found, newest = schema_version(connection), max(steps)
    if found > newest:
        raise RegistryError("registry.newer", {"place": place, "found": found, "known": newest})
    for number in range(found + 1, newest + 1):
        _take(connection, steps[number])
    if found < newest:
        write_meta(connection, "schema", str(newest))
    return newest


def _take(connection: Connection, script: str) -> None:
    # One statement at a time: sqlite3's executescript would commit the transaction.
    for statement in filter(str.strip, script.split(";\n")):
        connection.exec_driver_sql(statement)


def schema_version(connection: Connection) -> int:
    """The version of a database's schema; 0 where nothing of ours is in it."""
    if not inspect(connection).has_table(META.name):
        return 0
    return int(read_meta(connection, "schema") or 0)


def read_meta(connection: Connection, name: str) -> str | None:
    """What the database says of itself under a name."""
    found: str | None = connection.scalar(select(META.c.value).where(META.c.name == name))
    return found


def write_meta(connection: Connection, name: str, value: str) -> None:
    """Lets the database say something of itself."""
    changed = connection.execute(update(META).where(META.c.name == name).values(value=value))
    if changed.rowcount == 0:
        connection.execute(insert(META).values(name=name, value=value))
