"""The catalogue: round trips, whole files or nothing, several users at once, and damage said plainly."""

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.errors import StoreBusyError, StoreError
from assistant.store.catalog import Catalog, Counts, FileRecord, StoredChunk, StoredNote, TopicCount, Warned
from assistant.types import Chunk, Filters, Note

RECORD = FileRecord("notes/a.md", "notes", "0" * 64, "1/1400", (Warned(3, "ответ потерян"), Warned(None, "odd")))


def stored(identity: str, source: str = "notes/a.md", topic: str = "Drift") -> StoredNote:
    note = Note(identity, source, topic, "Basic", "Что такое PSI?", "Индекс.\x00 😀", ("2. Drift", "Ещё"), "ru")
    chunk = Chunk(identity, identity, 0, 0, 7, "Drift. Что такое PSI?")
    return StoredNote(note, "что такое psi?", (StoredChunk(chunk, f"digest of {identity}"),))


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    opened = Catalog(tmp_path / "notes.sqlite3")
    opened.set_root("notes", Path("/somewhere/notes"))
    yield opened
    opened.close()


def test_round_trip(catalog: Catalog) -> None:
    kept = stored("1")
    catalog.replace_file(RECORD, [kept])
    assert catalog.note("1") == kept.note
    assert catalog.note("absent") is None
    assert catalog.chunks_with_notes(["1", "absent"]) == {"1": (kept.chunks[0].chunk, kept.note)}
    assert catalog.chunks_of("1") == [kept.chunks[0].chunk]
    assert catalog.files("notes") == {"notes/a.md": RECORD}
    assert catalog.stored_notes("notes/a.md") == [replace(kept, chunks=())]
    assert catalog.fingerprints() == {"1": "digest of 1"}
    assert catalog.counts() == catalog.counts(["notes/a.md"]) == Counts(1, 1, 1)
    assert catalog.counts([]) == Counts(0, 0, 0)


def test_replacing_and_removing_a_file_takes_its_notes_and_chunks_along(catalog: Catalog) -> None:
    catalog.replace_file(RECORD, [stored("1"), stored("2")])
    catalog.replace_file(RECORD, [stored("2"), stored("3")])
    assert set(catalog.fingerprints()) == {"2", "3"}
    catalog.remove_file("notes/a.md")
    assert catalog.counts() == Counts(0, 0, 0)


def test_removing_a_root_leaves_the_others(catalog: Catalog) -> None:
    catalog.set_root("more", Path("/somewhere/more"))
    catalog.replace_file(RECORD, [stored("1")])
    catalog.replace_file(FileRecord("more/b.md", "more", "1" * 64, "1/1400"), [stored("2", "more/b.md")])
    catalog.remove_root("notes")
    assert catalog.roots() == {"more": Path("/somewhere/more")}
    assert list(catalog.notes(["1", "2"])) == ["2"]


def test_topics_and_browsing(catalog: Catalog) -> None:
    catalog.replace_file(RECORD, [stored("2"), stored("1"), stored("3", topic="Serving")])
    assert catalog.topics() == [
        TopicCount("Drift", "Basic", "notes/a.md", 2),
        TopicCount("Serving", "Basic", "notes/a.md", 1),
    ]
    assert [note.note_id for note in catalog.browse(Filters())] == ["2", "1", "3"]
    assert [note.note_id for note in catalog.browse(Filters(topic="Drift", level="Basic", language="ru"))] == ["2", "1"]
    assert catalog.browse(Filters(source="notes/other.md")) == []


def test_a_failing_replacement_changes_nothing(catalog: Catalog) -> None:
    catalog.replace_file(RECORD, [stored("1")])
    with pytest.raises(StoreError):
        catalog.replace_file(RECORD, [stored("2"), stored("2")])
    assert list(catalog.fingerprints()) == ["1"]


def test_more_ids_than_sql_has_parameters(catalog: Catalog) -> None:
    catalog.replace_file(RECORD, [stored("1")])
    assert list(catalog.notes(str(number) for number in range(100_000))) == ["1"]


@pytest.mark.parametrize("damage", [b"not a database, though long enough to be looked at" * 100, None])
def test_a_damaged_file_is_reported_and_left_alone(tmp_path: Path, damage: bytes | None) -> None:
    path = tmp_path / "notes.sqlite3"
    with Catalog(path) as catalog:
        catalog.set_root("notes", tmp_path)
        for number in range(50):
            record = replace(RECORD, source=f"notes/{number}.md")
            catalog.replace_file(record, [stored(str(number), record.source)])
    whole = path.read_bytes()
    path.write_bytes(damage or whole[:4096] + os.urandom(len(whole) - 4096))
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"is damaged .*backup"), Catalog(path) as catalog:
        catalog.browse(Filters())
    assert path.read_bytes() == before


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreError, match="newer version"):
        Catalog(path)


def test_a_full_disk_keeps_what_was_there(tmp_path: Path) -> None:
    with Catalog(tmp_path / "notes.sqlite3") as catalog:
        catalog.set_root("notes", tmp_path)
        catalog.replace_file(RECORD, [stored("1")])
        pages = catalog._db.read("PRAGMA page_count")[0][0]
        catalog._db.read(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StoreError, match="full"):
            catalog.replace_file(RECORD, [stored(str(number)) for number in range(1000)])
        assert list(catalog.fingerprints()) == ["1"]


def test_a_home_that_cannot_be_made_is_reported(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    with pytest.raises(StoreError, match="cannot be used"):
        Catalog(tmp_path / "home" / "notes.sqlite3")


def test_a_writer_elsewhere_does_not_stop_readers_and_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite3"
    with Catalog(path, busy_seconds=0.2) as catalog, Catalog(path) as other:
        catalog.set_root("notes", tmp_path)
        with other._db.transaction():
            assert list(catalog.roots()) == ["notes"]
            with pytest.raises(StoreBusyError):
                catalog.remove_root("notes")


def test_processes_and_threads_open_and_write_at_once(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite3"
    code = (
        "import sys, pathlib; from assistant.store.catalog import Catalog\n"
        "c = Catalog(pathlib.Path(sys.argv[1]))\n"
        "[c.set_root(f'{sys.argv[2]}-{n}', pathlib.Path('/x')) for n in range(20)]"
    )
    children = [subprocess.Popen([sys.executable, "-c", code, str(path), str(n)]) for n in range(4)]
    with Catalog(path) as catalog:

        def write(thread: int) -> None:
            for number in range(20):
                catalog.set_root(f"thread {thread}, {number}", tmp_path)

        threads = [threading.Thread(target=write, args=[number]) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [child.wait() for child in children] == [0, 0, 0, 0]
        assert len(catalog.roots()) == 160
        assert catalog.check() is None
