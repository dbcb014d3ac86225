"""One SQLite file, opened safely: WAL, ordered migrations, short transactions, SQLite's errors in our words.

Several processes and threads may use the file at once: readers never wait, writers wait for each other.
"""

import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assistant.errors import StoreBusyError, StoreError

BUSY_SECONDS = 30.0

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_UNWRITABLE = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}


class Database:
    """A connection that threads may share; rows come as tuples.

    `migrations[n]` is the SQL that leads from schema version n to n + 1; a released one never changes. None takes the
    file as it is, whatever is in it. `remedy` is what to do about a damaged file without a backup.
    """

    def __init__(
        self,
        path: Path,
        migrations: Sequence[str] | None,
        busy_seconds: float = BUSY_SECONDS,
        remedy: str = "move it away and ingest your notes again",
    ) -> None:
        self.path, self._remedy = path, remedy
        self._lock = threading.RLock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # isolation_level None: transactions begin where this file says so, not where the driver guesses.
            self._connection = sqlite3.connect(
                path, timeout=busy_seconds, isolation_level=None, check_same_thread=False
            )
        except OSError as error:
            raise StoreError(f"{path.parent} cannot be used: {error.strerror}. Check its owner and rights.") from error
        except sqlite3.Error as error:
            raise self._translated(error) from error
        try:
            self._prepare(migrations)
        except StoreError:
            self._connection.close()
            raise

    def read(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query.

        Raises:
            StoreError: the file is damaged or cannot be read.
        """
        with self._lock:
            try:
                return self._connection.execute(sql, values).fetchall()
            except sqlite3.Error as error:
                raise self._translated(error) from error

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All that is executed inside happens, or none of it; a kill counts as none.

        Raises:
            StoreBusyError: another process has been writing for longer than the busy timeout.
            StoreError: the file is damaged, or cannot be written.
        """
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    yield self._connection
                    self._connection.execute("COMMIT")
                except BaseException:
                    # A full disk makes SQLite roll back by itself; a second ROLLBACK would hide the cause.
                    if self._connection.in_transaction:
                        self._connection.execute("ROLLBACK")
                    raise
            except sqlite3.Error as error:
                raise self._translated(error) from error

    def clear(self) -> None:
        """Remove every row of every table, and the bytes they left in the file and its log.

        Raises:
            StoreError: the file cannot be written, or another process is writing for longer than the busy timeout.
        """
        # Virtual tables keep their own tables, which are "shadow".
        kinds = "schema = 'main' AND type IN ('table', 'virtual') AND name NOT LIKE 'sqlite_%'"
        tables = [name for (name,) in self.read(f"SELECT name FROM pragma_table_list WHERE {kinds}")]
        with self.transaction() as tx:
            # Rows that others refer to may go first: at the end of the transaction none are left.
            tx.execute("PRAGMA defer_foreign_keys = ON")
            for table in tables:
                tx.execute(f'DELETE FROM "{table}"')
        self.read("VACUUM")
        self.read("PRAGMA wal_checkpoint(TRUNCATE)")

    def check(self) -> str | None:
        """What SQLite's own check finds wrong with the file, or None."""
        found = [str(row[0]) for row in self.read("PRAGMA quick_check(5)")]
        return None if found == ["ok"] else "; ".join(found)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    def _prepare(self, migrations: Sequence[str] | None) -> None:
        if self.read("PRAGMA journal_mode") != [("wal",)]:
            self.read("PRAGMA journal_mode = WAL")
        # NORMAL never loses a transaction to a killed process; after a power cut the last ones may be gone,
        # and the next run makes them good.
        self.read("PRAGMA synchronous = NORMAL")
        self.read("PRAGMA foreign_keys = ON")
        if migrations is None or self._version() == len(migrations):
            return
        with self.transaction() as connection:
            version = self._version()  # again, now that no other process can be migrating
            if version > len(migrations):
                raise StoreError(
                    f"{self.path} was written by a newer version of this program (schema {version}, "
                    f"this one knows {len(migrations)}). Update the program, or use another home folder."
                )
            for script in migrations[version:]:
                for statement in script.split(";"):
                    connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {len(migrations)}")

    def _version(self) -> int:
        return int(self.read("PRAGMA user_version")[0][0])

    def _translated(self, error: sqlite3.Error) -> StoreError:
        """Our error for SQLite's: what happened, and what to do."""
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the primary code
        if code in _BUSY:
            return StoreBusyError(f"{self.path} is being written by another process. Try again in a moment.")
        if code in _DAMAGED:
            return StoreError(
                f"{self.path} is damaged ({error}). It was left as it is. Put a backup in its place, or "
                f"{self._remedy}.",
                code="damaged",
                file=self.path.name,
            )
        if code in _UNWRITABLE:
            message = f"{self.path} cannot be opened for writing ({error}). Check its owner and rights."
            return StoreError(message, code="unwritable", file=self.path.name)
        if code == sqlite3.SQLITE_FULL:
            message = f"The disk that holds {self.path} is full. Free some space and run this again."
            return StoreError(message, code="disk_full")
        return StoreError(f"{self.path}: {error}")
