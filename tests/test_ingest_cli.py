"""`python -m ingest`: usage, exit codes, what goes to which stream, and the report's form."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.errors import StoreError
from ingest import __main__ as command
from ingest.progress import to_stream
from ingest.report import FileWarning, IngestReport, Rejection, Step
from ingest.sync import Request

KEYS = ["files", "notes", "chunks", "added", "updated", "removed", "unchanged", "warnings", "rejected"]
NOTES = "# Drift\n\nQ: Что такое PSI?\nA: Индекс стабильности.\n\nQ: What was lost?\n"


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "drift.md").write_text(NOTES, "utf-8")
    (folder / "empty.md").touch()
    return folder


def test_check_prints_one_json_object_and_touches_nothing(notes: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert command.main([str(notes), "--check", "--json"]) == 0
    out, err = capfd.readouterr()
    report = json.loads(out)
    assert list(report) == KEYS
    assert (report["files"], report["notes"], report["chunks"]) == (1, 2, 2)
    assert [(warned["line"], list(warned)) for warned in report["warnings"]] == [(6, ["path", "line", "reason"])]
    assert report["rejected"] == [{"path": str(notes / "empty.md"), "reason": "empty file"}]
    assert "reading files 2/2" in err
    assert not (notes.parent / "home").exists()


def test_text_names_every_warning_and_rejection(notes: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert command.main([str(notes), "--check"]) == 0
    out = capfd.readouterr().out.splitlines()
    assert out[0] == "1 file, 2 notes, 2 chunks"
    assert out[1].startswith(f"warning: {notes / 'drift.md'}:6: ")
    assert out[2] == f"rejected: {notes / 'empty.md'}: empty file"


@pytest.mark.parametrize("arguments", [[], ["--check"], ["--check", "--remove", "notes"], ["--nonsense"]])
def test_bad_usage_is_2(arguments: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        command.main(arguments)
    assert stopped.value.code == 2
    assert "usage: python -m ingest" in capfd.readouterr().err


@pytest.mark.parametrize("extra", [[], ["--check"], ["--json"]])
def test_a_path_that_is_not_there_is_2_before_anything_is_loaded(
    notes: Path, extra: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    assert command.main([str(notes), str(notes / "absent.md"), *extra]) == 2
    out, err = capfd.readouterr()
    assert (out, err.count("absent.md")) == ("", 1)


@pytest.mark.parametrize(("failure", "code"), [(StoreError("The disk is full."), 1), (KeyboardInterrupt(), 130)])
def test_failure_is_1_and_interruption_130(
    notes: Path, monkeypatch: pytest.MonkeyPatch, failure: BaseException, code: int
) -> None:
    def fail(request: Request, settings: object) -> IngestReport:
        raise failure

    monkeypatch.setattr(command, "_run", fail)
    assert command.main([str(notes)]) == code


def test_help_has_an_example_and_loads_nothing_heavy() -> None:
    code = (
        "import sys; from ingest.__main__ import main\n"
        "try: main(['--help'])\n"
        "finally: print(sorted({'torch', 'qdrant_client', 'markitdown', 'gradio'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "example:\n  python -m ingest notes" in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_hostile_file_name_cannot_speak_to_the_terminal() -> None:
    odd = FileWarning("notes/\x1b]0;gone\x07\n.md", 3, "odd")
    text = IngestReport(1, 1, 1, 0, 0, 0, 1, (odd,), (Rejection("\u202egpj.md", "binary"),)).text()
    assert text.splitlines()[1:] == [
        "warning: notes/\\x1b]0;gone\\x07\\n.md:3: odd",
        "rejected: \\u202egpj.md: binary",
    ]


def test_progress_on_a_terminal_is_one_line_that_is_cleared() -> None:
    main, terminal = pty.openpty()
    with os.fdopen(terminal, "w") as stream:
        progress = to_stream(stream)
        for done in range(4):
            progress(Step("indexing", done, 3, "notes/drift.md"))
        print("end", end="", file=stream, flush=True)
        shown = ""
        while not shown.endswith("end"):
            shown += os.read(main, 10_000).decode()
    os.close(main)
    assert "\n" not in shown
    assert "indexing [########................] 1/3 notes/drift.md" in shown
    assert shown.endswith("\r\x1b[Kend")
