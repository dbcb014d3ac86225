"""Sync: what catalogue and index hold after notes were added, edited, broken or removed, or a run failed."""

import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from fakes_ingest import DRIFT, SERVING, Home, changes

from assistant.errors import StoreBusyError, StoreError
from config.settings import IngestSettings
from ingest.check import check
from ingest.lock import exclusive
from ingest.report import Step


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path)
    made.write("notes/drift.md", DRIFT)
    made.write("notes/more/serving.md", SERVING)
    return made


def test_first_run_adds_and_second_changes_nothing(home: Home) -> None:
    report = home.sync(home.notes)
    assert (report.files, report.notes, report.chunks) == (2, 4, 4)
    assert changes(report) == (4, 0, 0, 0)
    assert home.sources() == {"notes/drift.md", "notes/more/serving.md"}
    written = home.store.upserted, home.encoder.encoded
    assert changes(home.sync(home.notes)) == (0, 0, 0, 4)
    assert (home.store.upserted, home.encoder.encoded) == written


def test_an_edited_note_updates_only_itself_and_keeps_its_id(home: Home) -> None:
    home.sync(home.notes)
    before = home.ids()
    home.write("notes/drift.md", DRIFT.replace("Which PSI is significant?", "Which PSI is significant, and why?"))
    assert changes(home.sync(home.notes)) == (0, 1, 0, 3)
    assert home.store.upserted == 5
    after = home.ids()
    assert after.pop("Which PSI is significant, and why?") == before.pop("Which PSI is significant?")
    assert after == before


def test_removed_notes_files_and_folders_leave(home: Home) -> None:
    home.sync(home.notes)
    home.write("notes/drift.md", DRIFT[: DRIFT.index("## Killer")])
    assert changes(home.sync(home.notes)) == (0, 0, 1, 3)
    (home.notes / "more" / "serving.md").unlink()
    (home.notes / "more").rmdir()
    report = home.sync(home.notes)
    assert changes(report) == (0, 0, 1, 2)
    assert (report.files, report.notes) == (1, 2)


def test_a_file_that_became_unreadable_keeps_its_notes_and_is_reported(home: Home) -> None:
    home.sync(home.notes)
    (home.notes / "drift.md").write_bytes(b"\x00\x01\x02 not text" * 100)
    home.write("notes/empty.md", "")
    report = home.sync(home.notes)
    assert changes(report) == (0, 0, 0, 4)
    assert (report.files, report.notes) == (2, 4)
    assert [(Path(r.path).name, r.reason) for r in report.rejected] == [
        ("drift.md", "binary data, not text"),
        ("empty.md", "empty file"),
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything; run the tests as another user")
def test_a_folder_that_cannot_be_listed_keeps_its_notes(home: Home) -> None:
    home.sync(home.notes)
    (home.notes / "more").chmod(0)
    try:
        report = home.sync(home.notes)
    finally:
        (home.notes / "more").chmod(0o755)
    assert changes(report) == (0, 0, 0, 4)
    assert "cannot be read" in report.rejected[0].reason


def test_warnings_are_told_again_for_unchanged_files(home: Home) -> None:
    home.write("notes/drift.md", DRIFT + "\nQ: What was lost?\n")
    first, second = home.sync(home.notes), home.sync(home.notes)
    assert first.warnings == second.warnings
    assert [warned.line for warned in first.warnings] == [16]


def test_an_index_that_lost_or_gained_points_is_made_good(home: Home) -> None:
    home.sync(home.notes)
    lost, stale, *_ = home.store.points
    del home.store.points[lost]
    home.store.points[stale] = replace(home.store.points[stale], fingerprint="old")
    home.store.points["foreign"] = replace(home.store.points[stale], chunk_id="foreign")
    assert changes(home.sync(home.notes)) == (0, 0, 0, 4)
    assert home.store.upserted == 4 + 2
    assert home.store.fingerprints().keys() == home.catalog.fingerprints().keys()


def test_another_encoder_embeds_everything_again_without_reading_files_again(home: Home) -> None:
    home.sync(home.notes)
    home.encoder.name = "another"
    assert changes(home.sync(home.notes)) == (0, 0, 0, 4)
    assert home.encoder.encoded == 8


def test_another_chunk_limit_splits_again_and_changes_no_note(home: Home) -> None:
    home.write("notes/long.md", "# Long\n\nQ: Tell me all.\nA: " + "A sentence of some length stands here. " * 30)
    home.sync(home.notes)
    home.settings = IngestSettings(chunk_characters=400)
    report = home.sync(home.notes)
    assert changes(report) == (0, 0, 0, 5)
    assert (report.notes, report.chunks) == (5, 4 + 3)


def test_a_failing_index_leaves_a_state_the_next_run_completes(home: Home) -> None:
    home.settings = IngestSettings(batch_notes=1)
    home.store.fail_after = 2
    with pytest.raises(StoreError, match="full"):
        home.sync(home.notes)
    assert (len(home.store.points), len(home.catalog.fingerprints())) == (2, 4)
    home.store.fail_after = None
    assert changes(home.sync(home.notes)) == (0, 0, 0, 4)
    assert home.store.upserted == 4


def test_progress_reaches_its_totals(home: Home) -> None:
    home.sync(home.notes)
    assert home.steps[-1] == Step("indexing", 4, 4)
    assert [step.done for step in home.steps if step.phase == "reading"] == [0, 1, 2]


def test_one_ingest_at_a_time(home: Home) -> None:
    folder = home.folder / "home"
    said: list[str] = []
    with exclusive(folder, said.append):
        with pytest.raises(StoreBusyError, match=f"process {os.getpid()}"), exclusive(folder, said.append, 0.1):
            raise AssertionError("two held the lock")
        waiting = threading.Thread(target=home.sync, args=[home.notes])
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive() and not home.store.points
    waiting.join(30)
    assert len(home.store.points) == 4
    assert said == home.said == [f"Waiting for another ingest of this home folder (process {os.getpid()})."]


def test_check_reports_and_writes_nothing(home: Home) -> None:
    home.write("notes/empty.md", "")
    home.write("notes/drift.md", DRIFT + "\nQ: What was lost?\n")
    report = check([home.notes], home.folder / "home", IngestSettings(), home.steps.append)
    assert (report.files, report.notes, report.chunks) == (2, 5, 5)
    assert (len(report.warnings), len(report.rejected)) == (1, 1)
    assert home.catalog.counts().files == 0
