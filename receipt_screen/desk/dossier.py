"""Everything a reviewer needs of one submission, as one record."""

from __future__ import annotations

import datetime as dt
import zlib

from pydantic import Field

from receipt_screen.compare import Comparison
from receipt_screen.geometry import Transform
from receipt_screen.records import Findings, Record, Screening, Verdict


class Picture(Record):
    """A page as reviewers are shown it: upright, cut to the paper, nothing private left."""

    file: str
    """In the folder of pictures."""
    width: int
    height: int
    to_picture: Transform
    """From the full-size upright photo, in whose pixels findings have their quads."""
    veiled: bool = False
    """Made illegible as a whole, because nobody knows where its secrets are."""
    strips: dict[str, str] = Field(default_factory=dict)
    """By field, the file with the piece of paper on which its value stands."""


class Dossier(Record):
    """One submission: what the machine made of it, and its pictures."""

    submission: str
    submitter: str | None = None
    received: dt.datetime
    file: str
    """Below the folder of uploads."""
    sha256: str | None
    verdict: Verdict
    why: str | None = None
    """Why the upload could not be opened; it has no screening then."""
    screening: Screening | None = None
    others: tuple[Findings, ...] = ()
    """The upload's other pages."""
    pictures: tuple[Picture, ...] = ()
    """The judged page first."""
    compared: dict[str, Comparison] = Field(default_factory=dict)
    """By reference, the earlier submissions whose picture was laid on this one's."""

    @classmethod
    def of(
        cls,
        screening: Screening,
        *,
        others: tuple[Findings, ...] = (),
        pictures: tuple[Picture, ...] = (),
        compared: dict[str, Comparison] | None = None,
    ) -> Dossier:
        """The dossier of a screened submission."""
        photo = screening.findings.photo
        return cls(
            submission=screening.submission,
            submitter=screening.submitter,
            received=screening.received,
            file=photo.file,
            sha256=photo.sha256,
            verdict=screening.verdict,
            screening=screening,
            others=others,
            pictures=pictures,
            compared=compared or {},
        )

    def judged_anew(self, screening: Screening) -> Dossier:
        """The same submission after a reviewer has changed what its rules are applied to."""
        return self.model_copy(update={"screening": screening, "verdict": screening.verdict})

    def packed(self) -> bytes:
        """As it is stored: JSON, compressed."""
        return zlib.compress(self.model_dump_json().encode(), level=6)

    @classmethod
    def unpacked(cls, data: bytes) -> Dossier:
        """What `packed` made."""
        return cls.model_validate_json(zlib.decompress(data))
