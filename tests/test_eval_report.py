"""Reports and commands on stored runs: nothing hostile gets through, nothing of a test half is shown."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes_eval import FakeSubject, cases

from eval import __main__ as command
from eval import fast, gate, run_file, summary
from eval.report.html import page
from eval.report.markdown import markdown
from eval.report.text import comparison_text, run_text
from eval.run_file import Run

EVIL = "<script>alert(1)</script> | x"


def made(subject: FakeSubject, split: str = "dev", hour: int = 3) -> Run:
    rows = fast.run(cases(12), subject, lambda case: None)
    evil = [replace(row, input={**row.input, "question": EVIL}) if "question" in row.input else row for row in rows]
    return Run(
        began=datetime(2026, 1, 2, hour, tzinfo=UTC),
        seconds=2,
        suite="fast",
        split=split,
        subset={},
        settings={"retrieve": {"sparse_weight": 1.0}},
        provenance={"commit": "c0ffee", "dirty": True, "code": "1", "models": {"encoder": {"name": "e5"}}},
        data={"notes": "n", "cases": "c", "threshold": 0.35, "ingested": None},
        metrics=summary.numbers(rows),
        rows=tuple(evil),
        seed=1,
        ended=summary.outcomes(rows),
    )


GOOD = made(FakeSubject(12))
BAD = replace(
    made(FakeSubject(12, obliging=True, cut=9), hour=4), settings={"retrieve": {"sparse_weight": 0.0}}, seconds=3
)


def test_a_page_stands_alone_and_holds_no_markup_of_others() -> None:
    made_page = page(BAD, gate.compare(GOOD, BAD))
    assert "<script" not in made_page
    assert "&lt;script&gt;" in made_page
    assert not re.search(r'(src|href)\s*=\s*"(?!#)', made_page)
    assert made_page.count("<svg") == 6
    assert "Worst cases" in made_page and "answered wrong" in made_page


def test_the_test_half_is_not_shown() -> None:
    of_test = page(made(FakeSubject(12, obliging=True), "test"))
    assert "script" not in of_test
    assert "not shown" in of_test


def test_markdown_and_text_say_the_same() -> None:
    found = gate.compare(GOOD, BAD)
    told = markdown(BAD, found)
    assert "## Verdict: worse" in told
    assert "- setting retrieve.sparse_weight: 1.0 → 0.0" in told
    assert "| mrr@10 | 1.000 |" in told
    assert "setting retrieve.sparse_weight: 1.0 → 0.0" in comparison_text(found)
    assert "of 24 questions: answered right 0, answered wrong 24" in run_text(BAD)


def test_an_empty_run_is_told_too() -> None:
    nothing = replace(GOOD, rows=(), metrics={}, ended={})
    assert "0 answerable" in run_text(nothing)
    assert page(nothing) and markdown(nothing)


@pytest.fixture
def runs(home: Path) -> Path:
    folder = home / "eval" / "runs"
    for run in (GOOD, BAD):
        run_file.write(run, folder / f"{run.name}.json")
    return folder


def test_compare_exits_with_1_when_worse(runs: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert command.main(["compare", "030000", "last", "--json"]) == 1
    told = json.loads(capsysbinary.readouterr().out)
    assert told["verdict"] == "worse"
    assert {one["measure"]: one["verdict"] for one in told["findings"]}["refused_right"] == "worse"
    assert command.main(["compare", "last", "030000"]) == 0


def test_show(runs: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert command.main(["show", "last", "--case", "u1"]) == 0
    told = capsysbinary.readouterr().out.decode()
    assert "answered_wrong" in told and "not in the notes" in told
    assert command.main(["show", "last", "--case", "nobody"]) == 2


def test_a_case_of_the_test_half_is_shown_only_to_who_insists(
    home: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    run = made(FakeSubject(12), "test")
    run_file.write(run, home / "eval" / "runs" / f"{run.name}.json")
    assert command.main(["show", "last", "--case", "u1"]) == 2
    assert b"--spoil" in capsysbinary.readouterr().err
    assert command.main(["show", "last", "--case", "u1", "--spoil", "--json"]) == 0
    assert json.loads(capsysbinary.readouterr().out)["case"] == "u1"


def test_history_and_its_picture(runs: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert command.main(["history"]) == 0
    *_, last, picture = capsysbinary.readouterr().out.decode().splitlines()
    assert last.startswith("20260102T040000Z-fast-dev") and "c0ffee+" in last
    assert Path(picture).read_text("utf-8").startswith("<svg")
    assert command.main(["history", "--split", "test", "--json"]) == 0
    assert json.loads(capsysbinary.readouterr().out) == []


def test_report_writes_both(runs: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert command.main(["report", "last", "--baseline", "030000"]) == 0
    files = [Path(line) for line in capsysbinary.readouterr().out.decode().splitlines()]
    assert [file.suffix for file in files] == [".md", ".html"]
    assert "Verdict" in files[1].read_text("utf-8")


@pytest.mark.parametrize(
    "arguments",
    [
        ["compare", "none", "last"],
        ["show", "none", "--case", "x"],
        ["--suite", "none"],
        ["--set", "nonsense"],
        ["--folder", "nowhere"],
        ["--baseline", "nowhere.json"],
    ],
)
def test_bad_usage_is_told_in_one_line(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(arguments) == 2
    assert capsys.readouterr().err.startswith("error: ")
