"""The conversations, HOME/chats.sqlite3: questions, answers and ratings, each written down as it happens.

Everything belongs to an owner, and is seen by no other. A killed process loses at most what came since the last
snapshot of the answer in flight; that answer is marked as stopped. Safe for several threads and processes.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from assistant.chats.exchange import Chat, Exchange, Rating, answer_json, ask_json, exchange, problem_json
from assistant.errors import NotFoundError, StoreError
from assistant.store.database import Database

FILE_NAME = "chats.sqlite3"
# How long a deleted conversation can be brought back; it is gone for good at the next start in any case.
REGRET = timedelta(minutes=10)

MIGRATIONS = (
    """
    CREATE TABLE chats (
        chat_id TEXT PRIMARY KEY,
        owner TEXT NOT NULL,
        title TEXT NOT NULL,
        folded TEXT NOT NULL,
        began TEXT NOT NULL,
        changed TEXT NOT NULL,
        deleted TEXT
    ) WITHOUT ROWID;
    CREATE INDEX chats_owner ON chats (owner, changed);
    CREATE TABLE exchanges (
        trace TEXT PRIMARY KEY,
        chat_id TEXT NOT NULL REFERENCES chats ON DELETE CASCADE,
        position INTEGER NOT NULL,
        typed TEXT NOT NULL,
        ask TEXT NOT NULL,
        state TEXT NOT NULL,
        asked TEXT NOT NULL,
        answer TEXT,
        problem TEXT,
        said TEXT NOT NULL,
        folded TEXT NOT NULL
    );
    CREATE INDEX exchanges_chat ON exchanges (chat_id, position);
    CREATE TABLE ratings (
        trace TEXT PRIMARY KEY,
        chat_id TEXT NOT NULL REFERENCES chats ON DELETE CASCADE,
        verdict TEXT NOT NULL,
        reason TEXT NOT NULL,
        comment TEXT NOT NULL,
        rated TEXT NOT NULL,
        question TEXT NOT NULL,
        answer TEXT
    ) WITHOUT ROWID
    """,
)

_TITLE = 80
_SNIPPET = 60
_WORDS = 12
_COMMENT = 2000
_COLUMNS = "e.trace, e.typed, e.ask, e.state, e.asked, e.answer, e.problem, r.verdict, r.reason, r.comment"
_EXCHANGES = "FROM exchanges e JOIN chats c USING (chat_id) LEFT JOIN ratings r USING (trace)"
_OWNED = "c.owner = ? AND c.deleted IS NULL"


@dataclass
class Chats:
    """All conversations of a home. Every method raises StoreError when the file is damaged or unusable.

    `unkept` says why they are in memory only, see `open_chats`.
    """

    path: Path
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    new_id: Callable[[], str] = lambda: secrets.token_hex(8)
    unkept: StoreError | None = None
    _db: Database = field(init=False)

    def __post_init__(self) -> None:
        self._db = Database(self.path, MIGRATIONS)
        with self._db.transaction() as tx:
            tx.execute("UPDATE exchanges SET state = 'stopped' WHERE state = 'answering'")
            tx.execute("DELETE FROM chats WHERE deleted IS NOT NULL")

    def listed(self, owner: str, containing: str = "") -> list[Chat]:
        """An owner's conversations, the latest first; with words given, those where one message holds them all."""
        wanted = _folded(_line(containing)).split()[:_WORDS]
        if not wanted:
            sql = f"SELECT c.chat_id, c.title, c.changed FROM chats c WHERE {_OWNED} ORDER BY c.changed DESC, c.chat_id"
            return [Chat(chat_id, title, _time(changed)) for chat_id, title, changed in self._db.read(sql, [owner])]
        phrase = " ".join(wanted)
        holds = " AND ".join(f"instr(c.folded || ' ' || e.folded, ?{n}) > 0" for n in range(3, len(wanted) + 3))
        # Of a group, SQLite gives the row that has the maximum: the latest exchange that has the whole phrase, or that
        # has the words.
        sql = f"""SELECT c.chat_id, c.title, c.changed, e.said, e.trace,
                max((instr(e.folded, ?2) > 0) * 1000000000 + e.position)
            FROM exchanges e JOIN chats c USING (chat_id) WHERE c.owner = ?1 AND c.deleted IS NULL AND {holds}
            GROUP BY c.chat_id ORDER BY c.changed DESC, c.chat_id"""
        return [
            Chat(chat_id, title, _time(changed), _snippet(said, [phrase, *wanted]), trace)
            for chat_id, title, changed, said, trace, _ in self._db.read(sql, [owner, phrase, *wanted])
        ]

    def title(self, owner: str, chat_id: str) -> str | None:
        """A conversation's title, None when the owner has no such conversation."""
        rows = self._db.read(f"SELECT c.title FROM chats c WHERE {_OWNED} AND c.chat_id = ?", [owner, chat_id])
        return str(rows[0][0]) if rows else None

    def exchanges(self, owner: str, chat_id: str, last: int | None = None) -> tuple[Exchange, ...]:
        """A conversation's last exchanges, or all, in order; none when the owner has no such conversation."""
        sql = f"SELECT {_COLUMNS} {_EXCHANGES} WHERE {_OWNED} AND c.chat_id = ? ORDER BY e.position DESC LIMIT ?"
        rows = self._db.read(sql, [owner, chat_id, -1 if last is None else last])
        return tuple(exchange(row) for row in reversed(rows))

    def exchange(self, owner: str, trace: str) -> Exchange:
        """One exchange; raises NotFoundError when the owner has none of that id."""
        rows = self._db.read(f"SELECT {_COLUMNS} {_EXCHANGES} WHERE {_OWNED} AND e.trace = ?", [owner, trace])
        if not rows:
            raise NotFoundError(f"There is no answer {trace!r} in your conversations.")
        return exchange(rows[0])

    def begin(self, owner: str, chat_id: str, asked: Exchange) -> str:
        """Write down a question, in a new conversation when the owner has none of this id; the conversation's id."""
        now = self._now()
        with self._db.transaction() as tx:
            found = tx.execute(f"SELECT 1 FROM chats c WHERE {_OWNED} AND c.chat_id = ?", [owner, chat_id]).fetchone()
            if found is None:
                chat_id = self.new_id()
                title = _title(asked.typed)
                values = [chat_id, owner, title, _folded(title), now, now]
                tx.execute("INSERT INTO chats VALUES (?, ?, ?, ?, ?, ?, NULL)", values)
            tx.execute("UPDATE chats SET changed = ? WHERE chat_id = ?", [now, chat_id])
            tx.execute(
                """INSERT INTO exchanges (trace, chat_id, position, typed, ask, state, asked, said, folded)
                VALUES (?1, ?2, 1 + (SELECT coalesce(max(position), 0) FROM exchanges WHERE chat_id = ?2),
                ?3, ?4, ?5, ?6, ?3, ?7)""",
                [
                    asked.trace,
                    chat_id,
                    asked.typed,
                    ask_json(asked.ask),
                    asked.state,
                    asked.asked.isoformat(),
                    _folded(asked.typed),
                ],
            )
        return chat_id

    def record(self, grown: Exchange) -> None:
        """Write down what became of a question so far. One that was stopped meanwhile stays as it was."""
        answer, problem = answer_json(grown.answer), problem_json(grown.problem)
        said = _line(f"{grown.typed} {grown.answer.answer}" if grown.answer else grown.typed)
        with self._db.transaction() as tx:
            tx.execute(
                """UPDATE exchanges SET state = ?, answer = ?, problem = ?, said = ?, folded = ?
                WHERE trace = ? AND state = 'answering'""",
                [grown.state, answer, problem, said, _folded(said), grown.trace],
            )

    def stop(self, owner: str, chat_id: str) -> None:
        """Mark the answer in flight as stopped; what came of it stays."""
        with self._db.transaction() as tx:
            tx.execute(
                f"""UPDATE exchanges SET state = 'stopped' WHERE state = 'answering'
                AND chat_id IN (SELECT c.chat_id FROM chats c WHERE {_OWNED} AND c.chat_id = ?)""",
                [owner, chat_id],
            )

    def take_back(self, owner: str, trace: str) -> None:
        """Forget an exchange that is asked again. Its rating stays: it was meant for that answer."""
        with self._db.transaction() as tx:
            tx.execute(
                f"DELETE FROM exchanges WHERE trace = ? AND chat_id IN (SELECT c.chat_id FROM chats c WHERE {_OWNED})",
                [trace, owner],
            )

    def rename(self, owner: str, chat_id: str, title: str) -> None:
        """Give a conversation a title; an empty one leaves the old."""
        if kept := _title(title):
            with self._db.transaction() as tx:
                sql = f"UPDATE chats AS c SET title = ?, folded = ? WHERE {_OWNED} AND chat_id = ?"
                tx.execute(sql, [kept, _folded(kept), owner, chat_id])

    def delete(self, owner: str, chat_id: str) -> None:
        """Take a conversation out of sight; `restore` brings it back for as long as `REGRET`."""
        now = self.clock()
        with self._db.transaction() as tx:
            tx.execute("DELETE FROM chats WHERE deleted < ?", [(now - REGRET).isoformat()])
            values = [now.isoformat(), owner, chat_id]
            tx.execute("UPDATE chats SET deleted = ? WHERE owner = ? AND chat_id = ? AND deleted IS NULL", values)

    def restore(self, owner: str, chat_id: str) -> None:
        """Bring a deleted conversation back."""
        with self._db.transaction() as tx:
            tx.execute("UPDATE chats SET deleted = NULL WHERE owner = ? AND chat_id = ?", [owner, chat_id])

    def rate(self, owner: str, trace: str, rating: Rating | None) -> None:
        """Keep what the owner thinks of an answer, with question and answer; None takes it back."""
        with self._db.transaction() as tx:
            if rating is None:
                tx.execute(
                    f"DELETE FROM ratings WHERE trace = ? AND chat_id IN (SELECT chat_id FROM chats c WHERE {_OWNED})",
                    [trace, owner],
                )
                return
            values = [rating.verdict, rating.reason, rating.comment[:_COMMENT], self._now()]
            tx.execute(
                f"""INSERT OR REPLACE INTO ratings
                SELECT e.trace, e.chat_id, ?, ?, ?, ?, e.typed, e.answer
                FROM exchanges e JOIN chats c USING (chat_id) WHERE {_OWNED} AND e.trace = ?""",
                [*values, owner, trace],
            )

    def clear(self) -> None:
        """Forget everything, on the disk too."""
        self._db.clear()

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def _now(self) -> str:
        return self.clock().isoformat()


def open_chats(home: Path) -> Chats:
    """A home's conversations; where their file cannot be used, conversations that last as long as the process."""
    try:
        return Chats(home / FILE_NAME)
    except StoreError as error:
        return Chats(Path(":memory:"), unkept=error)


def _line(said: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in said).split())


def _folded(said: str) -> str:
    """As it is searched, a letter for each letter."""
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in said).replace("ё", "е")


def _title(said: str) -> str:
    line = _line(said)
    return line if len(line) <= _TITLE else f"{line[: _TITLE - 1].rstrip()}…"


def _snippet(said: str, wanted: Sequence[str]) -> str:
    """The words around what was found, the whole phrase if it is there; nothing when it was the title that matched."""
    place = next((found for word in wanted if (found := _folded(said).find(word)) >= 0), -1)
    if place < 0:
        return ""
    start = max(place - _SNIPPET // 3, 0)
    if start:
        start = said.find(" ", start, place) + 1 or start
    return f"{'…' if start else ''}{said[start : start + _SNIPPET].rstrip()}{'…' * (start + _SNIPPET < len(said))}"


def _time(stored: str) -> datetime:
    return datetime.fromisoformat(stored)
