"""The errors that reach a caller, and the exit code each one ends the command with.

ReceiptScreenError
├── UsageError             2   the call itself is wrong
├── PhotoError             3   a photo can't be used; names the file and the reason
├── SetupError             4   an engine, model or extra is missing; says what to install
├── ReadingError           3   an engine ran and failed; `screen` turns it into a FAILED page
│   └── ReadingTimeoutError 3   … because it took too long
├── CampaignError          5   the campaign file; names the key and the line
└── RegistryError          6   the registry can't be opened, read or written

Every error names what it is about and says what to do next, in both languages:
`str(error)` is English, `error.text("ko")` Korean. None carries text from a receipt.
"""

from __future__ import annotations

from typing import ClassVar

from receipt_screen.messages import Language, Values, sentence


class ReceiptScreenError(Exception):
    """The root of all errors that this package raises on purpose."""

    exit_code: ClassVar[int] = 1

    def __init__(self, key: str, values: Values | None = None) -> None:
        self.key = key
        self.values: dict[str, str | int | float] = dict(values or {})
        super().__init__(sentence(key, self.values, "en"))

    def text(self, language: Language) -> str:
        """The sentence of this error in one of the two languages."""
        return sentence(self.key, self.values, language)

    def __reduce__(
        self,
    ) -> tuple[type[ReceiptScreenError], tuple[str, dict[str, str | int | float]]]:
        # Worker processes hand errors back; Exception's own way would pass the sentence as the key.
        return type(self), (self.key, self.values)


class UsageError(ReceiptScreenError):
    """The command or call can't be carried out as it was given."""

    exit_code = 2


class PhotoError(ReceiptScreenError):
    """A photo that can't be used: not an image, cut off, too large, too small."""

    exit_code = 3


class SetupError(ReceiptScreenError):
    """Something that has to be installed isn't, or isn't what it should be."""

    exit_code = 4


class ReadingError(ReceiptScreenError):
    """A reading engine failed on a photo."""

    exit_code = 3


class ReadingTimeoutError(ReadingError):
    """A reading engine took longer than it was allowed to."""


class CampaignError(ReceiptScreenError):
    """A campaign file that can't be used."""

    exit_code = 5


class RegistryError(ReceiptScreenError):
    """A registry that can't be opened, read or written."""

    exit_code = 6
