"""Delete everything: nothing of the notes is left in the home, what is the learner's own stays, and work goes on."""

from pathlib import Path

import pytest
from fakes_ingest import Bench

from assistant.errors import StoreError
from assistant.store.catalog import Counts
from assistant.store.database import Database
from ingest.erase import Clearable, erase
from ingest.roots import UPLOADS
from ingest.sync import Parts

SECRET = "Zwiebelfisch"
NOTE = f"# Fish\n\n## Basic\n\n### What is a {SECRET}?\n\nA {SECRET} is a letter of the wrong type.\n"


class Chats:
    """Something else that is kept in the home."""

    def __init__(self, folder: Path) -> None:
        self.db = Database(folder / "chats.sqlite3", ("CREATE TABLE said (words TEXT)",))

    def say(self, words: str) -> None:
        with self.db.transaction() as tx:
            tx.execute("INSERT INTO said VALUES (?)", [words])

    def said(self) -> list[str]:
        return [str(words) for (words,) in self.db.read("SELECT words FROM said")]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    bench = Bench(tmp_path)
    bench.write("notes/fish.md", NOTE)
    bench.sync(bench.notes)
    return bench


def parts_of(bench: Bench) -> Parts:
    return Parts(bench.folder / "home", bench.catalog, bench.store, bench.encoder, bench.settings)


def remaining(home: Path) -> list[Path]:
    """Files of the home that still hold the notes' rare word, in any of the ways it is stored."""
    return [
        file
        for file in home.rglob("*")
        if file.is_file() and SECRET.lower() in file.read_bytes().decode("latin-1").lower()
    ]


def test_nothing_of_the_notes_is_left_and_their_folder_is_untouched(bench: Bench) -> None:
    home = bench.folder / "home"
    chats = Chats(home)
    chats.say(f"what is a {SECRET}?")
    for name in ("uploads/a.md", "replaced/b.md", "temporary/x/c.md", "logs/engine.log"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(SECRET, "utf-8")
    assert len(remaining(home)) > 4
    erase(parts_of(bench), [], lambda _: None)
    assert remaining(home) == []
    assert chats.said() == []
    chats.say("afterwards")
    assert chats.said() == ["afterwards"]
    assert bench.catalog.counts() == Counts(0, 0, 0)
    assert bench.store.fingerprints() == {}
    assert (bench.notes / "fish.md").read_text("utf-8") == NOTE
    assert (home / "logs" / "engine.log").read_bytes() == b""


def test_the_home_is_usable_afterwards(bench: Bench) -> None:
    erase(parts_of(bench), [], lambda _: None)
    assert bench.catalog.roots() == {UPLOADS: bench.folder / "home" / "uploads"}
    bench.sync(bench.notes)
    assert bench.catalog.counts().notes == 1
    assert len(bench.store.fingerprints()) == 1


def test_a_link_out_of_the_home_is_removed_and_not_followed(bench: Bench, tmp_path: Path) -> None:
    home, own = bench.folder / "home", tmp_path / "own"
    own.mkdir()
    (own / "diary.md").write_text("mine", "utf-8")
    (home / "uploads").mkdir(parents=True, exist_ok=True)
    (home / "uploads" / "link").symlink_to(own)
    (home / "logs").mkdir(exist_ok=True)
    (home / "logs" / "link.log").symlink_to(own / "diary.md")
    erase(parts_of(bench), [], lambda _: None)
    assert (own / "diary.md").read_text("utf-8") == "mine"
    assert not (home / "uploads" / "link").is_symlink()


def test_what_fails_on_the_way_is_said_and_done_at_the_second_try(bench: Bench) -> None:
    damaged = bench.folder / "home" / "odd.sqlite3"
    damaged.write_bytes(b"no database " * 100)
    with pytest.raises(StoreError, match="odd"):
        erase(parts_of(bench), [], lambda _: None)
    damaged.unlink()
    erase(parts_of(bench), [], lambda _: None)
    assert bench.catalog.counts() == Counts(0, 0, 0)


def test_what_is_no_database_is_cleared_as_it_knows_how(bench: Bench) -> None:
    class Learned:
        def __init__(self) -> None:
            self.cleared = 0

        def clear(self) -> None:
            self.cleared += 1

    learned = Learned()
    others: list[Clearable] = [learned]
    erase(parts_of(bench), others, lambda _: None)
    assert learned.cleared == 1
