"""Uploaded files are kept whole or not at all, under harmless names, and can be taken back."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from fakes_page import FakeAssistant

from assistant.chats.chats import Chats
from assistant.errors import StoreError
from assistant.page.parts import PageParts
from assistant.page.upload import Kept, Row, safe_name, show_rows, take_in, undo
from assistant.page.words import WORDS
from config.settings import load
from ingest.report import FileWarning, IngestReport, Rejection


@dataclass
class FakeIngest:
    """Takes Markdown, rejects the rest; remembers what it was given."""

    seen: list[Path] = field(default_factory=list)
    fails: bool = False

    def __call__(self, path: Path) -> IngestReport:
        self.seen.append(path)
        if self.fails:
            raise StoreError("The index is not there.")
        if path.suffix == ".md" or path.is_dir():
            return IngestReport(1, 2, 2, 2, 0, 0, 0, (FileWarning(str(path), 14, "no answer"),))
        return IngestReport(0, 0, 0, 0, 0, 0, 0, (), (Rejection(str(path), "not a supported format"),))


def parts(home: Path, ingest: FakeIngest) -> PageParts:
    settings = load(environment={"ASSISTANT_HOME": str(home)})
    return PageParts(settings, FakeAssistant(), ingest, lambda: None, Chats(Path(":memory:")))


def written(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    return folder / name


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("заметки.md", "заметки.md"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        (".bashrc", "bashrc"),
        ("a\x00b\n.md", "ab.md"),
        ('a:b*?"<>|.md', "a_b______.md"),
        ("...", "notes"),
        ("", "notes"),
        ("и" * 300 + ".md", "и" * 58 + ".md"),
        ("\u202egnp.md", "gnp.md"),
    ],
)
def test_a_file_name_is_made_harmless(given: str, kept: str) -> None:
    assert safe_name(given) == kept


def test_good_files_stay_and_rejected_ones_leave_nothing(home: Path, tmp_path: Path) -> None:
    page = parts(home, FakeIngest())
    files = [written(tmp_path / "in", "good.md", "# A"), written(tmp_path / "in", "bad.bin", "\x00")]
    *_, (rows, kept) = take_in(page, files)
    assert [(row.name, row.refused) for row in rows] == [("good.md", ()), ("bad.bin", ("not a supported format",))]
    assert [one.path.name for one in kept] == ["good.md"]
    assert [path.name for path in page.uploads.iterdir()] == ["good.md"]


def test_undo_takes_back_what_came_and_brings_back_what_was_replaced(home: Path, tmp_path: Path) -> None:
    ingest = FakeIngest()
    page = parts(home, ingest)
    list(take_in(page, [written(tmp_path / "in", "a.md", "old")]))
    *_, (_, kept) = take_in(page, [written(tmp_path / "in", "a.md", "new"), written(tmp_path / "in", "b.md", "b")])
    undo(page, kept)
    assert {path.name: path.read_text() for path in page.uploads.iterdir()} == {"a.md": "old"}
    assert ingest.seen[-1] == page.uploads


def test_the_same_name_twice_in_one_upload_goes_back_to_the_start(home: Path, tmp_path: Path) -> None:
    page = parts(home, FakeIngest())
    files = [written(tmp_path / "one", "a.md", "1"), written(tmp_path / "two", "a.md", "2")]
    *_, (_, kept) = take_in(page, files)
    assert (page.uploads / "a.md").read_text() == "2"
    undo(page, kept)
    assert list(page.uploads.iterdir()) == []


def test_a_failing_index_keeps_nothing_half_done(home: Path, tmp_path: Path) -> None:
    page = parts(home, FakeIngest(fails=True))
    *_, (rows, kept) = take_in(page, [written(tmp_path / "in", "a.md", "x")])
    assert str(rows[0].failed) == "The index is not there."
    assert kept == ()
    assert list(page.uploads.iterdir()) == []


def test_a_file_that_cannot_be_kept_is_told_and_the_next_is_taken(home: Path, tmp_path: Path) -> None:
    page = parts(home, FakeIngest())
    *_, (rows, kept) = take_in(page, [tmp_path / "gone.md", written(tmp_path / "in", "b.md", "b")])
    assert rows[0].failed
    assert [one.path.name for one in kept] == ["b.md"]


def test_rows_name_lines_and_reasons() -> None:
    report = IngestReport(1, 2, 2, 2, 0, 0, 0, (FileWarning("a.md", 14, "no answer"),))
    html = show_rows([Row("a.md", report), Row("b.bin", refused=("empty file",)), Row("c.md")], WORDS["ru"])
    assert "2\u00a0заметки" in html
    assert "строка 14: no answer" in html
    assert "не принят: пустой файл" in html
    assert "читаю…" in html


def test_kept_files_are_values() -> None:
    assert Kept(Path("a")) == Kept(Path("a"))
