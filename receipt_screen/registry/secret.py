"""The secret under which everything recognisable is stored, and the keys made with it.

A business number has ten digits with a check digit, an approval number eight: a plain hash of
either is undone by trying them all. An HMAC under a secret isn't, as long as the secret lies
apart from a copy of the database.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from receipt_screen.errors import RegistryError
from receipt_screen.messages import sentence
from receipt_screen.records import FieldPrint, Fingerprints, Party, Screening, TransactionKey
from receipt_screen.relation.traits import KeyTrait, Trait, Traits, bits

VARIABLE = "RECEIPT_SCREEN_SECRET"
"""The environment variable that may hold the secret itself."""
FILE_VARIABLE = "RECEIPT_SCREEN_SECRET_FILE"
"""The environment variable that may hold the path of the secret's file."""
LEAST_LENGTH = 16
"""Characters; a generated secret has 64 (256 bits in hexadecimal)."""
FIELD_BYTES = 8
"""Kept of a single value's HMAC: enough that two values of a campaign never share it."""
TOKEN_BYTES = 4
"""Kept of a number's or word's HMAC: it is only counted how many two receipts share."""
PRINTED = {Party.CARD: "card", Party.SHOP: "business_number"}
"""The printed values that parties are known by."""
SURE = 0.5
"""Least confidence with which such a value was read."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Secret:
    """The secret of a registry; it never shows itself."""

    value: bytes = field(repr=False)
    made: Path | None = None
    """The file, if it was made just now."""

    @classmethod
    def random(cls) -> Secret:
        """A secret that lasts as long as this object."""
        return cls(secrets.token_bytes(32))

    def fingerprint(self) -> str:
        """What a database stores to notice another secret; tells nothing of this one."""
        return _hmac(self.value, b"receipt-screen secret").hex()

    def record_key(self) -> bytes:
        """What the entries of a desk's record are sealed with."""
        return _hmac(self.value, b"record")

    def keying(self, campaign: str) -> Keying:
        """The keying of one campaign, so that two campaigns' databases can't be joined."""
        return Keying(_hmac(self.value, b"campaign\0" + campaign.encode()))


@dataclass(frozen=True)
class Keying:
    """Turns fingerprints into what may be stored."""

    key: bytes = field(repr=False)

    def traits(self, prints: Fingerprints) -> Traits:
        """The prints with everything that could be guessed as HMACs.

        The perceptual hashes stay as they are, for their distances are needed; they come from
        64 × 64 grey levels and hold nothing readable.
        """
        text = prints.text
        return Traits(
            version=prints.version,
            file=self._digest("file", prints.file),
            pixels=self._digest("pixels", prints.pixels),
            look=bits(prints.look),
            paper=bits(prints.paper),
            turned=tuple(bytes.fromhex(look) for look in prints.turned),
            flat=prints.flat,
            keys=tuple(self._transaction(key) for key in prints.keys),
            fields={each.name: self._field(each) for each in prints.fields},
            text_version=text.version,
            numbers=self._tokens("number", text.numbers),
            serials=self._tokens("number", text.serials),
            words=self._tokens("word", text.words),
        )

    def parties(self, screening: Screening) -> dict[Party, bytes]:
        """Who or what takes part in a submission, as far as that is known and surely read."""
        read = {each.name: each for each in screening.findings.prints.fields}
        known = {
            party: read[name].value
            for party, name in PRINTED.items()
            if name in read and read[name].confidence >= SURE
        }
        if screening.submitter:
            known[Party.SUBMITTER] = screening.submitter
        return {party: self._short(f"party {party}", value) for party, value in known.items()}

    def _transaction(self, key: TransactionKey) -> KeyTrait:
        return KeyTrait(self._digest(key.kind, key.value), key.confidence, key.kind)

    def _field(self, each: FieldPrint) -> Trait:
        return Trait(self._short(each.name, each.value), each.confidence)

    def _tokens(self, kind: str, words: Iterable[str]) -> frozenset[int]:
        digests = (self._digest(kind, word) for word in words)
        return frozenset(int.from_bytes(digest[:TOKEN_BYTES]) for digest in digests)

    def _short(self, kind: str, value: str) -> bytes:
        return self._digest(kind, value)[:FIELD_BYTES]

    def _digest(self, kind: str, value: str) -> bytes:
        return _hmac(self.key, f"{kind}\0{value}".encode())


def _hmac(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, hashlib.sha256)


# ── where it comes from ──────────────────────────────────────────────────────────────────────


def given_secret(file: Path | None) -> Secret | None:
    """The secret that the caller or the environment names; None where neither does."""
    if file is None and (text := os.environ.get(VARIABLE)):
        return _checked(text, VARIABLE)
    file = file or _environment_file()
    return None if file is None else read_secret(file)


def _environment_file() -> Path | None:
    path = os.environ.get(FILE_VARIABLE)
    return Path(path) if path else None


def read_secret(file: Path) -> Secret:
    """The secret in a file; white space around it doesn't count."""
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError as exc:
        raise RegistryError("registry.secret_not_there", {"file": str(file)}) from exc
    except (OSError, UnicodeDecodeError) as exc:
        reason = getattr(exc, "strerror", None) or type(exc).__name__
        values = {"file": str(file), "reason": reason}
        raise RegistryError("registry.secret_unreadable", values) from exc
    _warn_if_open(file)
    return _checked(text, str(file))


def _checked(text: str, place: str) -> Secret:
    if len(text.strip()) < LEAST_LENGTH:
        values: dict[str, str | int | float] = {"place": place, "least": LEAST_LENGTH}
        raise RegistryError("registry.secret_short", values)
    return Secret(text.strip().encode())


def _warn_if_open(file: Path) -> None:
    if os.name == "posix" and file.stat().st_mode & 0o077:
        logger.warning("%s", sentence("registry.secret_open", {"file": str(file)}, "en"))


def make_secret(file: Path) -> Secret:
    """Writes a new secret to a file that only its owner can read."""
    text = secrets.token_hex(32)
    try:
        _write_whole(file, text + "\n")
    except OSError as exc:
        raise RegistryError("registry.secret_unwritable", {"file": str(file)}) from exc
    logger.info("%s", sentence("registry.secret_made", {"file": str(file)}, "en"))
    return Secret(text.encode(), made=file)


def _write_whole(file: Path, text: str) -> None:
    """The file appears with all of its text or not at all, whatever happens meanwhile."""
    partial = file.with_name(f"{file.name}.{os.getpid()}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(file)
