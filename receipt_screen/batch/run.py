"""The batch: children examine photos, this process judges, remembers and writes, one by one."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from receipt_screen.batch.examiner import Pages, PagesJson, open_examiner, pages_from_json
from receipt_screen.batch.folder import (
    Identity,
    OutFolder,
    make_folder,
    open_out_folder,
    write_whole,
    writing_into,
)
from receipt_screen.batch.journal import Journal, read_journal
from receipt_screen.batch.settle import Arrival, settle
from receipt_screen.batch.summary import Run, Summary, summarise, summary_text
from receipt_screen.batch.table import write_table
from receipt_screen.batch.uploads import Inbox, InboxSettings, Upload, find_uploads
from receipt_screen.batch.witness import Witness
from receipt_screen.campaign import Campaign
from receipt_screen.compare import Comparison
from receipt_screen.contract_json import failed_json, failed_screening_json, screening_json
from receipt_screen.desk.dossier import Dossier
from receipt_screen.desk.store import Desk, DeskFacts
from receipt_screen.errors import PhotoError, ReceiptScreenError, RegistryError, UsageError
from receipt_screen.messages import Language
from receipt_screen.reading import Reader, open_reader
from receipt_screen.records import Findings, Screening, Verdict
from receipt_screen.registry import Registry
from receipt_screen.report.page import write_report
from receipt_screen.screener import Screener, main_page
from receipt_screen.workers import Answer, Done, Loss, Lost, PoolSettings, Refused, WorkerPool

Json = dict[str, Any]


@dataclass(frozen=True)
class BatchSettings:
    """What to screen, where to write, and how much of the machine to take."""

    folder: Path
    out: Path
    submissions: Path | None = None
    """CSV with the columns file, submission, submitter, received."""
    engine: str = "lines"
    language: Language = "ko"
    workers: int | None = None
    """Processes; None: one for each core."""
    timeout: float = 120.0
    """Seconds for one photo, after which its process is replaced."""
    audit: float = 0.05
    """The share of likely passes that reviewers see as well, without being told."""
    reader: Callable[[str], Reader] = open_reader
    """Opens the engine in a child; a function at the top of a module."""


@dataclass(frozen=True)
class Step:
    """One photo is done."""

    record: Json
    """Its line in `results.jsonl`."""
    done: int
    """Photos of this batch that are done, those of earlier runs among them."""
    total: int


Watch = Callable[[Step], None]


def run_batch(
    settings: BatchSettings,
    campaign: Campaign,
    registry: Registry,
    watch: Watch | None = None,
) -> Summary:
    """Screens and remembers every photo of a folder; a batch that was stopped goes on.

    Photos are judged in order of arrival, so that of two photos of one receipt the earlier is
    the first. `watch` is called after each photo. A photo that can't be used, or whose process
    dies or hangs twice, gets a line that says so. Raises UsageError for a folder, a list or an
    out folder that can't be used, SetupError when the engine can't be opened, RegistryError;
    what was done until then stays, as it does after Ctrl-C.
    """
    _refuse_what_is_no_batch(settings, campaign)
    with open_out_folder(settings.out) as out:
        identity = Identity.of(out, _asked(settings, campaign))
        inbox = find_uploads(_inbox_settings(settings, campaign, identity.started))
        with Desk(out.path) as desk:
            source = campaign.source.decode()
            facts = desk.prepare(source, settings.folder, settings.language, settings.audit)
            batch = _Batch(settings, campaign, registry, out, identity, inbox, desk, facts)
            return batch.run(watch or _unwatched)


def registry_of(settings: BatchSettings, campaign: Campaign, url: str | None) -> str:
    """The URL of a batch's registry: the one given, else of one in the out folder, which it makes.

    Raises UsageError as `run_batch` does, before anything is made.
    """
    _refuse_what_is_no_batch(settings, campaign)
    if url:
        return url
    make_folder(settings.out)
    return f"sqlite:///{settings.out / 'registry.db'}"


def _refuse_what_is_no_batch(settings: BatchSettings, campaign: Campaign) -> None:
    if campaign.round_by == "upload" and settings.submissions is None:
        raise UsageError("batch.no_received")
    # The next run would take its own registry and pictures for uploads.
    if settings.out.resolve() == settings.folder.resolve():
        raise UsageError("batch.out_is_folder", {"folder": str(settings.out)})
    if not find_uploads(_inbox_settings(settings, campaign, dt.datetime.now(dt.UTC))).uploads:
        raise UsageError("batch.empty_folder", {"folder": str(settings.folder)})


def _unwatched(_: Step) -> None: ...


def _asked(settings: BatchSettings, campaign: Campaign) -> dict[str, str]:
    return {
        "folder": str(settings.folder.resolve()),
        "campaign": campaign.facts.sha256,
        "engine": settings.engine,
        "language": settings.language,
    }


def _inbox_settings(
    settings: BatchSettings, campaign: Campaign, started: dt.datetime
) -> InboxSettings:
    return InboxSettings(
        folder=settings.folder,
        submissions=settings.submissions,
        out=settings.out,
        received=started.astimezone(campaign.zone),
        zone=campaign.zone,
    )


@dataclass(frozen=True)
class _Batch:
    """One run over one folder."""

    settings: BatchSettings
    campaign: Campaign
    registry: Registry
    out: OutFolder
    identity: Identity
    inbox: Inbox
    desk: Desk
    facts: DeskFacts

    def run(self, watch: Watch) -> Summary:
        begun = time.monotonic()
        with Journal(self.out.results) as journal:
            left = [upload for upload in self.inbox.uploads if not _is_done(upload, journal)]
            before = len(self.inbox.uploads) - len(left)
            done = before
            try:
                for record in self._records(left):
                    journal.append(record)
                    done += 1
                    watch(Step(record, done, len(self.inbox.uploads)))
            finally:
                summary = self._summarise(done - before, time.monotonic() - begun)
        if done > before or not self.out.report.exists():
            write_report(self.desk, self.settings.language)
        return summary

    def _records(self, uploads: list[Upload]) -> Iterator[Json]:
        if not uploads:
            return
        screener = Screener(self.campaign, registry=self.registry, language=self.settings.language)
        reader, pictures = self.settings.reader, self.desk.pictures
        opener = partial(open_examiner, reader, self.settings.engine, pictures)
        witness = Witness(self.desk, self.settings.folder)
        with WorkerPool(opener, self._pool_settings(len(uploads))) as pool:
            for upload, answer in pool.run(uploads):
                self.identity.keep(self.out)  # not before: a call that failed owns no folder
                yield self._record(screener, witness, upload, answer)

    def _pool_settings(self, photos: int) -> PoolSettings:
        workers = self.settings.workers or cores()
        return PoolSettings(workers=min(workers, photos), timeout=self.settings.timeout)

    def _record(
        self, screener: Screener, witness: Witness, upload: Upload, answer: Answer[PagesJson]
    ) -> Json:
        if isinstance(answer, Done):
            arrival = Arrival(upload.submission, upload.received, upload.submitter)
            pages = pages_from_json(answer.value)
            findings = [page.findings for page in pages]
            testimony = witness.testify(main_page(findings)[0], upload.submission)
            screening = settle(screener, self.registry, findings, arrival, testimony)
            compared = testimony.compared(screening.matches)
            self._put_on_desk(_dossier(screening, pages, compared))
            witness.add(upload.submission, screening.findings)
            return screening_json(screening)
        why = _reason(answer, upload.file).text(self.settings.language)
        sha256 = file_sha256(upload.path)
        self._put_on_desk(_unopened(upload, sha256, why))
        return failed_screening_json(
            failed_json(upload.file, why, sha256=sha256),
            self.campaign.facts,
            submission=upload.submission,
            received=upload.received,
            submitter=upload.submitter,
        )

    def _put_on_desk(self, dossier: Dossier) -> None:
        self.desk.add(dossier, self.campaign, self.facts)

    def _summarise(self, screened: int, seconds: float) -> Summary:
        run = Run(
            campaign=self.campaign.facts,
            engine=self.settings.engine,
            total=len(self.inbox.uploads),
            skipped=self.inbox.skipped,
            seconds=seconds,
            screened=screened,
            groups=self._groups(),
        )
        summary = summarise(read_journal(self.out.results), run)
        with writing_into(self.out.path):
            write_table(read_journal(self.out.results), self.out.table)
        text = json.dumps(summary.json_object(), ensure_ascii=False, indent=1)
        write_whole(self.out.summary, text + "\n")
        words = summary_text(summary, self.settings.language)
        write_whole(self.out.summary.with_suffix(".txt"), words)
        return summary

    def _groups(self) -> tuple[tuple[str, ...], ...]:
        # A registry that is gone ends the batch by itself; what is done is summarised all the same.
        with suppress(RegistryError):
            found = self.registry.groups(self.campaign.facts.name)
            return tuple(group.submissions for group in found)
        return ()


def _dossier(screening: Screening, pages: Pages, compared: dict[str, Comparison]) -> Dossier:
    judged = _place(screening.findings)
    first, *others = sorted(pages, key=lambda page: _place(page.findings) != judged)
    return Dossier.of(
        screening,
        others=tuple(page.findings for page in others),
        pictures=tuple(page.picture for page in (first, *others)),
        compared=compared,
    )


def _place(findings: Findings) -> tuple[int, int]:
    """Which receipt of an upload these findings are of."""
    return findings.photo.page, findings.receipt


def _unopened(upload: Upload, sha256: str | None, why: str) -> Dossier:
    return Dossier(
        submission=upload.submission,
        submitter=upload.submitter,
        received=upload.received,
        file=upload.file,
        sha256=sha256,
        verdict=Verdict.UNREADABLE,
        why=why,
    )


def _is_done(upload: Upload, journal: Journal) -> bool:
    # The bytes count, not the name: a photo that was replaced in the meantime is a new one.
    return upload.file in journal.done and journal.done[upload.file] == file_sha256(upload.path)


def _reason(answer: Refused | Lost, file: str) -> ReceiptScreenError:
    if isinstance(answer, Refused):
        if not isinstance(answer.error, PhotoError):
            raise answer.error  # a full disk or a missing engine is no fault of this photo's
        return answer.error
    values: dict[str, str | int | float] = {"file": file, "detail": answer.detail}
    if answer.how is Loss.HUNG:
        return PhotoError("batch.hung", values)
    if answer.how is Loss.KILLED:
        return PhotoError("batch.killed", values)
    return PhotoError("batch.crashed", values)


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def file_sha256(path: Path) -> str | None:
    """Of a file's bytes; None where they can't be read."""
    try:
        if not path.is_file():  # a pipe would wait for ever
            return None
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
