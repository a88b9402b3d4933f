"""What the text of an option stands for: a registry, a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import receipt_screen
from receipt_screen.cli.options import Language
from receipt_screen.cli.output import complain
from receipt_screen.errors import UsageError
from receipt_screen.messages import sentence

if TYPE_CHECKING:
    from receipt_screen.registry import Registry


@contextmanager
def registry_at(url: str, language: Language, *, must_exist: bool = False) -> Iterator[Registry]:
    """The registry at a URL; says where a secret was made for it."""
    from receipt_screen.registry import RegistrySettings

    settings = RegistrySettings(must_exist=must_exist)
    with receipt_screen.open_registry(url, settings) as registry:
        if registry.new_secret is not None:
            made = {"file": str(registry.new_secret)}
            complain(sentence("registry.secret_made", made, language.value))
        yield registry


def time_in(text: str | None, option: str, example: str) -> dt.datetime | None:
    """An option's text as a time; UsageError, with an example, for anything else."""
    try:
        return dt.datetime.fromisoformat(text) if text is not None else None
    except ValueError as exc:
        values = {"option": option, "text": str(text), "example": example}
        raise UsageError("cli.bad_time", values) from exc
