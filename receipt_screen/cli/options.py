"""The arguments and options that several commands take."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Language(StrEnum):
    """The languages of everything people read."""

    KO = "ko"
    EN = "en"


Photos = Annotated[
    list[str], typer.Argument(metavar="PHOTO", help="JPEG, PNG, WebP, TIFF, HEIC or PDF files.")
]
CampaignFile = Annotated[
    Path,
    typer.Option(
        "--campaign",
        metavar="FILE",
        readable=False,  # what can't be read is a fault of the file, not of the call
        help="The campaign's rules, a TOML file.",
    ),
]
Engine = Annotated[
    str, typer.Option("--engine", metavar="lines|tesseract", help="What reads the photos.")
]
RegistryUrl = Annotated[
    str | None,
    typer.Option(
        "--registry",
        metavar="URL",
        help="What was handed in before: sqlite:///file.db or postgresql://…",
    ),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="One JSON object per photo and line, and nothing else.")
]
LanguageOption = Annotated[
    Language, typer.Option("--language", help="The language of messages and reasons.")
]
