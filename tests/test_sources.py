"""Which files a root holds, and which of them are refused unread."""

import os
from pathlib import Path

import pytest

from assistant.errors import RejectedFileError, UsageError
from config.settings import IngestSettings
from ingest.sources import SourceFile, read, walk

LIMITS = IngestSettings()


def grow(top: Path, *names: str) -> Path:
    for name in names:
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text(f"text of {name}", "utf-8")
    return top


def names(root: Path, home: Path | None = None) -> list[str]:
    return [file.source for file in walk(root, home)]


def test_sources_are_named_from_the_root_and_come_in_order(tmp_path: Path) -> None:
    root = grow(tmp_path / "notes", "b.md", "a.md", "deep/er/c.txt", "strange.xyz")
    assert names(root) == ["notes/a.md", "notes/b.md", "notes/deep/er/c.txt", "notes/strange.xyz"]
    assert names(root / "a.md") == ["a.md"]


def test_hidden_junk_and_our_own_files_are_skipped(tmp_path: Path) -> None:
    root = grow(tmp_path / "notes", "a.md", ".git/b.md", ".c.md", "Thumbs.db", "~$a.docx", "a.md~", "data/index.md")
    assert names(root, home=root / "data") == ["notes/a.md"]


def test_links_are_followed_only_within_the_root(tmp_path: Path) -> None:
    grow(tmp_path, "secret/s.md")
    root = grow(tmp_path / "notes", "a.md", "sub/b.md")
    (root / "out.md").symlink_to(tmp_path / "secret" / "s.md")
    (root / "outside").symlink_to(tmp_path / "secret")
    (root / "loop").symlink_to(root)
    (root / "dangling.md").symlink_to(root / "gone.md")
    (root / "self.md").symlink_to(root / "self.md")
    (root / "inside.md").symlink_to(root / "a.md")
    assert names(root) == ["notes/a.md", "notes/inside.md", "notes/sub/b.md"]


def test_a_missing_root_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="give a file or a folder"):
        names(tmp_path / "nothing")


def test_odd_names_are_written_as_escapes(tmp_path: Path) -> None:
    root = tmp_path / "notes"
    root.mkdir()
    with open(os.path.join(os.fsencode(root), b"line\nbreak\xff.md"), "w") as file:
        file.write("text")
    (found,) = walk(root)
    assert found.source == r"notes/line\nbreak\udcff.md"
    assert read(found, LIMITS) == b"text"


def test_a_very_deep_folder_is_walked(tmp_path: Path) -> None:
    root = grow(tmp_path / "n", "/".join(["d"] * 200) + "/a.md")
    assert len(names(root)) == 1


@pytest.mark.parametrize(
    ("name", "size", "expected"),
    [("a.xyz", 1, "not a supported format: use .md"), ("a.md", 0, "empty"), ("a.md", 2**21, "over the limit")],
)
def test_name_and_size_are_checked_before_reading(tmp_path: Path, name: str, size: int, expected: str) -> None:
    with open(tmp_path / name, "wb") as file:
        file.truncate(size)
    with pytest.raises(RejectedFileError, match=expected):
        read(SourceFile(name, tmp_path / name), IngestSettings(max_file_mb=1.0))


def test_what_is_no_file_or_gone_is_rejected(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    for file in walk(tmp_path):
        with pytest.raises(RejectedFileError):
            read(file, LIMITS)
    with pytest.raises(RejectedFileError, match="cannot be read"):
        read(SourceFile("gone.md", tmp_path / "gone.md"), LIMITS)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything: run the tests as another user")
def test_an_unreadable_folder_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    root = grow(tmp_path / "notes", "a.md", "locked/b.md")
    (root / "locked").chmod(0)
    try:
        found = list(walk(root))
        assert [file.source for file in found] == ["notes/a.md", "notes/locked"]
        with pytest.raises(RejectedFileError, match="cannot be read"):
            read(found[1], LIMITS)
    finally:
        (root / "locked").chmod(0o700)
