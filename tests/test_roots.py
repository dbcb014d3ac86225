"""Roots: which root a path belongs to, what a source is called, and what is refused."""

import os
from pathlib import Path

import pytest
from fakes_ingest import DRIFT, SERVING, Home, changes

from assistant.errors import NotFoundError, UsageError
from ingest.report import printable
from ingest.roots import UPLOADS, source_of
from ingest.sources import walk


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path)
    made.write("notes/drift.md", DRIFT)
    made.write("notes/more/serving.md", SERVING)
    return made


def test_other_roots_are_untouched_and_remove_takes_name_or_path(home: Home) -> None:
    other = home.write("other/a.md", SERVING).parent
    home.sync(home.notes, other)
    (other / "a.md").unlink()
    home.sync(home.notes)
    assert "other/a.md" in home.sources()
    assert changes(home.sync(remove=("other",))) == (0, 0, 1, 0)
    assert changes(home.sync(remove=(str(home.notes),))) == (0, 0, 4, 0)
    assert not home.store.points
    with pytest.raises(NotFoundError, match="Registered: none yet"):
        home.sync(remove=("notes",))


def test_a_file_or_folder_below_a_root_updates_that_root_only_there(home: Home) -> None:
    home.sync(home.notes)
    (home.notes / "drift.md").write_text(SERVING, "utf-8")
    (home.notes / "more" / "serving.md").unlink()
    assert changes(home.sync(home.notes / "more")) == (0, 0, 1, 0)
    report = home.sync(home.notes / "drift.md")
    assert changes(report) == (1, 0, 3, 0)
    assert (report.files, report.notes) == (1, 1)
    assert list(home.catalog.roots()) == ["notes"]


def test_a_single_file_is_a_root_of_its_own_and_stays_one_inside_a_folder(home: Home) -> None:
    home.sync(home.notes / "drift.md")
    assert home.sources() == {"drift.md"}
    assert changes(home.sync(home.notes)) == (1, 0, 0, 3)
    assert home.sources() == {"drift.md", "notes/more/serving.md"}
    (home.notes / "drift.md").unlink()
    assert changes(home.sync(home.notes)) == (0, 0, 3, 1)
    assert list(home.catalog.roots()) == ["notes"]


def test_paths_given_twice_or_inside_each_other_count_once(home: Home) -> None:
    report = home.sync(home.notes / "more", home.notes, home.notes / "drift.md")
    assert (report.files, changes(report)) == (2, (4, 0, 0, 0))
    assert list(home.catalog.roots()) == ["notes"]


def test_two_folders_of_one_name_are_refused_until_the_first_is_gone(home: Home) -> None:
    home.sync(home.notes)
    ids = home.ids()
    other = home.write("elsewhere/notes/drift.md", DRIFT).parent
    with pytest.raises(UsageError, match=r"already filed under 'notes'.*--remove notes"):
        home.sync(other)
    home.notes.rename(home.folder / "gone")
    assert changes(home.sync(other)) == (0, 0, 1, 3)
    assert home.ids().items() <= ids.items()
    assert home.catalog.roots() == {"notes": other}


def test_names_that_cannot_be_roots(home: Home) -> None:
    for path, reason in ((Path("/"), "no name"), (home.write("upload/a.md", SERVING).parent, "uploaded")):
        with pytest.raises(UsageError, match=reason):
            home.sync(path)
    with pytest.raises(UsageError, match="There is no file"):
        home.sync(home.notes, home.folder / "absent")
    assert not home.catalog.roots()


def test_uploads_are_a_root_of_their_own_name_and_undone_by_deleting_the_file(home: Home) -> None:
    uploaded = home.write("home/uploads/mine.md", SERVING)
    home.catalog.set_root(UPLOADS, uploaded.parent)
    assert changes(home.sync(uploaded)) == (1, 0, 0, 0)
    assert home.sources() == {"upload/mine.md"}
    uploaded.unlink()
    assert changes(home.sync(uploaded.parent)) == (0, 0, 1, 0)


def test_odd_names_become_printable_sources_like_the_walker_writes_them(home: Home) -> None:
    names = [b"two\nlines.md", b"\xff\xfe.md", "ёж — \u202e.md".encode()]
    for name in names:
        (home.notes / os.fsdecode(name)).write_text(SERVING, "utf-8")
    report = home.sync(home.notes)
    assert report.files == 5 and not report.rejected
    assert home.sources() == {file.source for file in walk(home.notes)}
    assert all(printable(source) == source for source in home.sources())
    assert source_of("notes", home.notes, home.notes / "a\tb.md") == "notes/a\\tb.md"


def test_two_names_that_print_alike_do_not_overwrite_each_other(home: Home) -> None:
    home.write("notes/a\tb.md", SERVING)
    home.write("notes/a\\tb.md", SERVING)
    report = home.sync(home.notes)
    assert report.files == 3
    assert "same name" in report.rejected[0].reason
