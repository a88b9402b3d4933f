"""A database, opened: transactions that wait for each other, and errors that say what to do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from receipt_screen.errors import RegistryError
from receipt_screen.registry.migrate import Steps, load_steps
from receipt_screen.registry.secret import Secret


class Database(ABC):
    """What SQLite and PostgreSQL have in common."""

    def __init__(self, engine: Engine, place: str) -> None:
        self.engine = engine
        self.place = place
        """The file or the server, as people are told; without a password."""

    @property
    def steps(self) -> Steps:
        """The migrations of this kind of database."""
        return load_steps(self.engine.dialect.name)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only looks."""
        with self._explained(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self, topic: str) -> Iterator[Connection]:
        """A transaction that waits until no other process is writing on its topic.

        What other writers on the topic have committed is seen; nobody sees what this one does
        before it is over.
        """
        writer = self.engine.execution_options(receipt_screen_writes=True)
        with self._explained(), writer.begin() as connection:
            self.lock(connection, topic)
            yield connection

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as exc:
            raise self.explain(exc.orig) from exc

    def close(self) -> None:
        """Closes all connections."""
        self.engine.dispose()

    @abstractmethod
    def lock(self, connection: Connection, topic: str) -> None:
        """Waits until this transaction is the only one that writes on a topic."""

    @abstractmethod
    def explain(self, error: BaseException | None) -> RegistryError:
        """What a driver's error means, and what to do."""

    @abstractmethod
    def missing_secret(self, *, is_used: bool) -> Secret:
        """The secret where nobody named one; RegistryError where one has to be named.

        `is_used`: something is already stored under a secret.
        """

    @abstractmethod
    def refuse_foreign(self, connection: Connection) -> None:
        """Raises RegistryError where the database belongs to another program."""

    @abstractmethod
    def sweep(self) -> None:
        """Lets nothing lie about of what was deleted."""

    @abstractmethod
    def settle(self) -> None:
        """Whatever is to be done once the schema is right."""
