"""Roots: which root a path belongs to, what a source is called, and what is refused."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes_ingest import DRIFT, SERVING, Bench, changes

from assistant.errors import NotFoundError, UsageError
from ingest.report import printable
from ingest.roots import UPLOADS, source_of
from ingest.sources import walk


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    made.write("notes/drift.md", DRIFT)
    made.write("notes/more/serving.md", SERVING)
    yield made
    made.catalog.close()


def test_other_roots_are_untouched_and_remove_takes_name_or_path(bench: Bench) -> None:
    other = bench.write("other/a.md", SERVING).parent
    bench.sync(bench.notes, other)
    (other / "a.md").unlink()
    bench.sync(bench.notes)
    assert "other/a.md" in bench.sources()
    assert changes(bench.sync(remove=("other",))) == (0, 0, 1, 0)
    assert changes(bench.sync(remove=(str(bench.notes),))) == (0, 0, 4, 0)
    assert not bench.store.points
    with pytest.raises(NotFoundError, match="Registered: none yet"):
        bench.sync(remove=("notes",))


def test_a_file_or_folder_below_a_root_updates_that_root_only_there(bench: Bench) -> None:
    bench.sync(bench.notes)
    (bench.notes / "drift.md").write_text(SERVING, "utf-8")
    (bench.notes / "more" / "serving.md").unlink()
    assert changes(bench.sync(bench.notes / "more")) == (0, 0, 1, 0)
    report = bench.sync(bench.notes / "drift.md")
    assert changes(report) == (1, 0, 3, 0)
    assert (report.files, report.notes) == (1, 1)
    assert list(bench.catalog.roots()) == ["notes"]


def test_a_single_file_is_a_root_of_its_own_and_stays_one_inside_a_folder(bench: Bench) -> None:
    bench.sync(bench.notes / "drift.md")
    assert bench.sources() == {"drift.md"}
    assert changes(bench.sync(bench.notes)) == (1, 0, 0, 3)
    assert bench.sources() == {"drift.md", "notes/more/serving.md"}
    (bench.notes / "drift.md").unlink()
    assert changes(bench.sync(bench.notes)) == (0, 0, 3, 1)
    assert list(bench.catalog.roots()) == ["notes"]


def test_paths_given_twice_or_inside_each_other_count_once(bench: Bench) -> None:
    report = bench.sync(bench.notes / "more", bench.notes, bench.notes / "drift.md")
    assert (report.files, changes(report)) == (2, (4, 0, 0, 0))
    assert list(bench.catalog.roots()) == ["notes"]


def test_two_folders_of_one_name_are_refused_until_the_first_is_gone(bench: Bench) -> None:
    bench.sync(bench.notes)
    ids = bench.ids()
    other = bench.write("elsewhere/notes/drift.md", DRIFT).parent
    with pytest.raises(UsageError, match=r"already filed under 'notes'.*--remove notes"):
        bench.sync(other)
    bench.notes.rename(bench.folder / "gone")
    assert changes(bench.sync(other)) == (0, 0, 1, 3)
    assert bench.ids().items() <= ids.items()
    assert bench.catalog.roots() == {"notes": other}


def test_names_that_cannot_be_roots(bench: Bench) -> None:
    for path, reason in ((Path("/"), "no name"), (bench.write("upload/a.md", SERVING).parent, "uploaded")):
        with pytest.raises(UsageError, match=reason):
            bench.sync(path)
    with pytest.raises(UsageError, match="There is no file"):
        bench.sync(bench.notes, bench.folder / "absent")
    assert not bench.catalog.roots()


def test_uploads_are_a_root_of_their_own_name_and_undone_by_deleting_the_file(bench: Bench) -> None:
    uploaded = bench.write("home/uploads/mine.md", SERVING)
    bench.catalog.set_root(UPLOADS, uploaded.parent)
    assert changes(bench.sync(uploaded)) == (1, 0, 0, 0)
    assert bench.sources() == {"upload/mine.md"}
    uploaded.unlink()
    assert changes(bench.sync(uploaded.parent)) == (0, 0, 1, 0)


def test_odd_names_become_printable_sources_like_the_walker_writes_them(bench: Bench) -> None:
    names = [b"two\nlines.md", b"\xff\xfe.md", "ёж — \u202e.md".encode()]
    for name in names:
        (bench.notes / os.fsdecode(name)).write_text(SERVING, "utf-8")
    report = bench.sync(bench.notes)
    assert report.files == 5 and not report.rejected
    assert bench.sources() == {file.source for file in walk(bench.notes)}
    assert all(printable(source) == source for source in bench.sources())
    assert source_of("notes", bench.notes, bench.notes / "a\tb.md") == "notes/a\\tb.md"


def test_two_names_that_print_alike_do_not_overwrite_each_other(bench: Bench) -> None:
    bench.write("notes/a\tb.md", SERVING)
    bench.write("notes/a\\tb.md", SERVING)
    report = bench.sync(bench.notes)
    assert report.files == 3
    assert "same name" in report.rejected[0].reason
