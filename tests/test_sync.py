"""Sync: what catalogue and index hold after notes were added, edited, broken or removed, or a run failed."""

import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fakes_ingest import DRIFT, SERVING, Bench, changes

from assistant.errors import StoreBusyError, StoreError
from config.settings import IngestSettings
from ingest.check import check
from ingest.lock import exclusive
from ingest.report import Step


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    made.write("notes/drift.md", DRIFT)
    made.write("notes/more/serving.md", SERVING)
    yield made
    made.catalog.close()


def test_first_run_adds_and_second_changes_nothing(bench: Bench) -> None:
    report = bench.sync(bench.notes)
    assert (report.files, report.notes, report.chunks) == (2, 4, 4)
    assert changes(report) == (4, 0, 0, 0)
    assert bench.sources() == {"notes/drift.md", "notes/more/serving.md"}
    written = bench.store.upserted, bench.encoder.encoded
    assert changes(bench.sync(bench.notes)) == (0, 0, 0, 4)
    assert (bench.store.upserted, bench.encoder.encoded) == written


def test_an_edited_note_updates_only_itself_and_keeps_its_id(bench: Bench) -> None:
    bench.sync(bench.notes)
    before = bench.ids()
    bench.write("notes/drift.md", DRIFT.replace("Which PSI is significant?", "Which PSI is significant, and why?"))
    assert changes(bench.sync(bench.notes)) == (0, 1, 0, 3)
    assert bench.store.upserted == 5
    after = bench.ids()
    assert after.pop("Which PSI is significant, and why?") == before.pop("Which PSI is significant?")
    assert after == before


def test_removed_notes_files_and_folders_leave(bench: Bench) -> None:
    bench.sync(bench.notes)
    bench.write("notes/drift.md", DRIFT[: DRIFT.index("## Killer")])
    assert changes(bench.sync(bench.notes)) == (0, 0, 1, 3)
    (bench.notes / "more" / "serving.md").unlink()
    (bench.notes / "more").rmdir()
    report = bench.sync(bench.notes)
    assert changes(report) == (0, 0, 1, 2)
    assert (report.files, report.notes) == (1, 2)


def test_a_file_that_became_unreadable_keeps_its_notes_and_is_reported(bench: Bench) -> None:
    bench.sync(bench.notes)
    (bench.notes / "drift.md").write_bytes(b"\x00\x01\x02 not text" * 100)
    bench.write("notes/empty.md", "")
    report = bench.sync(bench.notes)
    assert changes(report) == (0, 0, 0, 4)
    assert (report.files, report.notes) == (2, 4)
    assert [(Path(r.path).name, r.reason) for r in report.rejected] == [
        ("drift.md", "binary data, not text"),
        ("empty.md", "empty file"),
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything; run the tests as another user")
def test_a_folder_that_cannot_be_listed_keeps_its_notes(bench: Bench) -> None:
    bench.sync(bench.notes)
    (bench.notes / "more").chmod(0)
    try:
        report = bench.sync(bench.notes)
    finally:
        (bench.notes / "more").chmod(0o755)
    assert changes(report) == (0, 0, 0, 4)
    assert "cannot be read" in report.rejected[0].reason


def test_warnings_are_told_again_for_unchanged_files(bench: Bench) -> None:
    bench.write("notes/drift.md", DRIFT + "\nQ: What was lost?\n")
    first, second = bench.sync(bench.notes), bench.sync(bench.notes)
    assert first.warnings == second.warnings
    assert [warned.line for warned in first.warnings] == [16]


def test_an_index_that_lost_or_gained_points_is_made_good(bench: Bench) -> None:
    bench.sync(bench.notes)
    lost, stale, *_ = bench.store.points
    del bench.store.points[lost]
    bench.store.points[stale] = replace(bench.store.points[stale], fingerprint="old")
    bench.store.points["foreign"] = replace(bench.store.points[stale], chunk_id="foreign")
    assert changes(bench.sync(bench.notes)) == (0, 0, 0, 4)
    assert bench.store.upserted == 4 + 2
    assert bench.store.fingerprints().keys() == bench.catalog.fingerprints().keys()


def test_another_encoder_embeds_everything_again_without_reading_files_again(bench: Bench) -> None:
    bench.sync(bench.notes)
    bench.encoder.name = "another"
    assert changes(bench.sync(bench.notes)) == (0, 0, 0, 4)
    assert bench.encoder.encoded == 8


def test_another_chunk_limit_splits_again_and_changes_no_note(bench: Bench) -> None:
    bench.write("notes/long.md", "# Long\n\nQ: Tell me all.\nA: " + "A sentence of some length stands here. " * 30)
    bench.sync(bench.notes)
    bench.settings = IngestSettings(chunk_characters=400)
    report = bench.sync(bench.notes)
    assert changes(report) == (0, 0, 0, 5)
    assert (report.notes, report.chunks) == (5, 4 + 3)


def test_a_failing_index_leaves_a_state_the_next_run_completes(bench: Bench) -> None:
    bench.settings = IngestSettings(batch_notes=1)
    bench.store.fail_after = 2
    with pytest.raises(StoreError, match="full"):
        bench.sync(bench.notes)
    assert (len(bench.store.points), len(bench.catalog.fingerprints())) == (2, 4)
    bench.store.fail_after = None
    assert changes(bench.sync(bench.notes)) == (0, 0, 0, 4)
    assert bench.store.upserted == 4


def test_progress_reaches_its_totals(bench: Bench) -> None:
    bench.sync(bench.notes)
    assert bench.steps[-1] == Step("indexing", 4, 4)
    assert [step.done for step in bench.steps if step.phase == "reading"] == [0, 1, 2]


def test_one_ingest_at_a_time(bench: Bench) -> None:
    folder = bench.folder / "home"
    said: list[str] = []
    with exclusive(folder, said.append):
        with pytest.raises(StoreBusyError, match=f"process {os.getpid()}"), exclusive(folder, said.append, 0.1):
            raise AssertionError("two held the lock")
        waiting = threading.Thread(target=bench.sync, args=[bench.notes])
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive() and not bench.store.points
    waiting.join(30)
    assert len(bench.store.points) == 4
    assert said == bench.said == [f"Waiting for another ingest of this home folder (process {os.getpid()})."]


def test_check_reports_and_writes_nothing(bench: Bench) -> None:
    bench.write("notes/empty.md", "")
    bench.write("notes/drift.md", DRIFT + "\nQ: What was lost?\n")
    report = check([bench.notes], bench.folder / "home", IngestSettings(), bench.steps.append)
    assert (report.files, report.notes, report.chunks) == (2, 5, 5)
    assert (len(report.warnings), len(report.rejected)) == (1, 1)
    assert bench.catalog.counts().files == 0
