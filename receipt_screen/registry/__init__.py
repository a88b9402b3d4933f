"""What has been seen: remembers submissions and finds the earlier ones of the same receipt."""

from __future__ import annotations

from receipt_screen.errors import RegistryError
from receipt_screen.registry.base import (
    CampaignCount,
    Registry,
    RegistryInfo,
    RegistrySettings,
)
from receipt_screen.registry.earlier import STRENGTH
from receipt_screen.registry.memory import MemoryRegistry

__all__ = [
    "STRENGTH",
    "CampaignCount",
    "MemoryRegistry",
    "Registry",
    "RegistryInfo",
    "RegistrySettings",
    "open_registry",
]

SQLITE = "sqlite:///"
POSTGRESQL = ("postgresql", "postgres", "postgresql+psycopg")


def open_registry(url: str, settings: RegistrySettings | None = None) -> Registry:
    """The registry at a URL: `sqlite:///file.db`, `sqlite:///:memory:` or `postgresql://…`.

    What comes after `sqlite:///` is a path as it is, relative unless it begins with a slash. A
    database that doesn't exist is made, an old one is brought up to date. Raises RegistryError
    when it can't be used, SetupError when the extra for PostgreSQL is missing.
    """
    settings = settings or RegistrySettings()
    if url.startswith(SQLITE):
        return _open_sqlite(url.removeprefix(SQLITE), settings)
    scheme, separator, _ = url.partition("://")
    if separator and scheme in POSTGRESQL:
        return _open_postgresql(url, settings)
    # Only what can't hold a password is shown.
    shown = scheme if separator else "…"
    raise RegistryError("registry.unknown_scheme", {"scheme": shown})


# SQLAlchemy takes a quarter of a second to import: only who opens a database pays for it.


def _open_sqlite(path: str, settings: RegistrySettings) -> Registry:
    from receipt_screen.registry.sql import SqlRegistry  # noqa: PLC0415 - see above
    from receipt_screen.registry.sqlite import SqliteDatabase  # noqa: PLC0415 - see above

    return SqlRegistry(SqliteDatabase(path, settings), settings)


def _open_postgresql(url: str, settings: RegistrySettings) -> Registry:
    from receipt_screen.registry.postgresql import PostgresqlDatabase  # noqa: PLC0415 - see above
    from receipt_screen.registry.sql import SqlRegistry  # noqa: PLC0415 - see above

    return SqlRegistry(PostgresqlDatabase(url, settings), settings)
