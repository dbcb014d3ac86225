"""Run files: read back as written, whole or not at all, and told apart from anything else."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes_eval import FakeSubject, cases

from assistant.errors import UsageError
from config.settings import load
from eval import fast, run_file, summary
from eval.provenance import provenance, settings_json
from eval.run_file import Run


def made() -> Run:
    rows = tuple(fast.run(cases(3), FakeSubject(3), lambda case: None))
    settings = load("cpu", {"ASSISTANT_ENGINE__API_KEY": "secret", "ASSISTANT_PAGE__PASSWORD": "secret"})
    return Run(
        began=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        seconds=1.5,
        suite="fast",
        split="dev",
        subset={"limit": 3},
        settings=settings_json(settings),
        provenance=provenance(settings),
        data={"notes": "x"},
        metrics=summary.numbers(rows),
        rows=rows,
        seed=1,
        ended=summary.outcomes(rows),
    )


def test_a_run_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    run = made()
    run_file.write(run, tmp_path / "deep" / "run.json")
    back = run_file.read(tmp_path / "deep" / "run.json")
    assert back.rows == run.rows
    assert back.settings == run.settings
    assert back.name == "20260102T030405Z-fast-dev"
    assert {name: number.scored for name, number in back.metrics.items()} == {
        name: number.scored for name, number in run.metrics.items()
    }
    assert [file.name for file in (tmp_path / "deep").iterdir()] == ["run.json"]


def test_it_says_what_it_was_made_with_and_keeps_no_secret(tmp_path: Path) -> None:
    run = made()
    run_file.write(run, tmp_path / "run.json")
    stored = (tmp_path / "run.json").read_text("utf-8")
    assert "secret" not in stored
    assert str(tmp_path) not in stored
    assert run.provenance["models"]["encoder"]["sha256"]
    assert run.provenance["prompts"] and run.provenance["code"] and run.provenance["versions"]["numpy"]


def test_a_baseline_holds_no_contents(tmp_path: Path) -> None:
    run_file.write(run_file.without_contents(made()), tmp_path / "run.json")
    assert "чужое" not in (tmp_path / "run.json").read_text("utf-8")
    assert run_file.read(tmp_path / "run.json").rows[0].scores["mrr@10"].value == 1


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": 9}', '{"format": 1, "rows": 3}', "\x00"])
def test_what_is_no_run_is_said_to_be_none(content: str, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(content, "utf-8")
    with pytest.raises(UsageError, match=r"run\.json is no run"):
        run_file.read(tmp_path / "run.json")


def test_what_is_not_there_or_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        run_file.read(tmp_path / "none.json")
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be written"):
        run_file.write(replace(made(), rows=()), tmp_path / "file" / "run.json")
