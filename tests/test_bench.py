"""`make bench`: what its numbers mean and where they are written. Nothing here is timed."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from config.settings import IngestSettings
from eval.bench.__main__ import PARTS, parser
from eval.bench.machine import here
from eval.bench.measure import Plan, Times, percentile, race, times
from eval.bench.synthetic import BATCH, Corpus, stored_note, vocabulary, write_notes
from eval.bench.table import put, rendered
from ingest.parse import parse_file

WORDS = ("PSI", "дрейф", "порог", "корзина", "0,25", "drift")
CORPUS = Corpus(BATCH + 20, 3, 8, WORDS)
MACHINE = {
    "processor": "A processor",
    "cores": 2,
    "memory_gb": 23.4,
    "system": "Linux",
    "python": "3.11",
    "packages": {"torch": "2.13.0"},
    "commit": "abc1234",
    "date": "2026-01-01",
    "load": 0.1,
}


class Ticking:
    """A clock that each piece of work moves forward."""

    def __init__(self) -> None:
        self.now = 0.0
        self.calls: list[str] = []

    def __call__(self) -> float:
        return self.now

    def work(self, name: str, seconds: float) -> Callable[[int], object]:
        def call(number: int) -> object:
            self.calls.append(f"{name}{number}")
            self.now += seconds
            return None

        return call


@pytest.mark.parametrize("share", [0, 0.05, 0.5, 0.95, 1])
@pytest.mark.parametrize("values", [[3.0], [2.0, 1.0], [5.0, 1.0, 4.0, 2.0], list(map(float, range(101)))])
def test_a_percentile_is_numpys(values: list[float], share: float) -> None:
    assert percentile(values, share) == pytest.approx(float(np.percentile(values, 100 * share)))


def test_no_values_have_no_percentile() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)


def test_times_are_milliseconds_a_call() -> None:
    found = times([0.001, 0.003], cpu=0.01)
    assert (found.count, found.p50, found.p95, found.cpu_ms) == pytest.approx((2, 2.0, 2.9, 5.0))


def test_contenders_take_turns_and_warming_up_neither_counts_nor_spoils_a_question() -> None:
    clock = Ticking()
    plan = Plan(warm=1, rounds=2, calls=2, seconds=100)
    found = race({"a": clock.work("a", 1), "b": clock.work("b", 3)}, plan, clock, clock)
    assert clock.calls == ["a4", "b4", "a0", "a1", "b0", "b1", "a2", "a3", "b2", "b3"]
    assert found == {"a": Times(4, 1000.0, 1000.0, 1000.0), "b": Times(4, 3000.0, 3000.0, 3000.0)}


def test_a_slow_contender_stops_when_its_time_is_up_and_the_others_go_on() -> None:
    clock = Ticking()
    found = race({"slow": clock.work("s", 9), "fast": clock.work("f", 0.1)}, Plan(1, 5, 2, 10), clock, clock)
    assert (found["slow"].count, found["fast"].count) == (2, 10)


def test_synthetic_notes_are_the_same_every_time_and_differ_from_each_other() -> None:
    once, again = CORPUS.points(1), CORPUS.points(1)
    assert [point.sparse for point in once] == [point.sparse for point in again]
    np.testing.assert_array_equal(once[0].embedding.tokens, again[0].embedding.tokens)
    assert len(once) == 20 and len(CORPUS.points(0)) == BATCH
    assert not np.array_equal(once[0].embedding.dense, once[1].embedding.dense)
    assert not np.array_equal(once[0].embedding.dense, CORPUS.points(0)[0].embedding.dense)
    assert len({point.chunk_id for batch in CORPUS.batches() for point in CORPUS.points(batch)}) == CORPUS.size


def test_vectors_have_unit_length_and_do_not_depend_on_how_many_tokens_there_are() -> None:
    point, other = CORPUS.points(1)[3], replace(CORPUS, tokens=1).points(1)[3]
    assert point.embedding.tokens.shape == (3, 8)
    np.testing.assert_allclose(np.linalg.norm(point.embedding.tokens, axis=-1), 1, rtol=1e-5)
    np.testing.assert_array_equal(point.embedding.dense, other.embedding.dense)
    assert point.sparse == other.sparse


def test_questions_are_in_the_notes_words() -> None:
    first, *_ = asked = CORPUS.questions(3)
    assert len({question.text for question in asked}) == 3
    assert set(first.text.split()) <= set(WORDS)
    assert first.dense.shape == (8,) and first.tokens.shape == (16, 8)
    assert CORPUS.questions(3)[2].text == asked[2].text


def test_a_synthetic_note_is_one_chunk() -> None:
    note = CORPUS.notes(1)[0]
    [stored] = stored_note(note).chunks
    assert (stored.chunk.start, stored.chunk.end) == (0, len(note.text))


def test_written_notes_are_read_back_as_as_many(tmp_path: Path) -> None:
    write_notes(tmp_path / "notes", 230, (*WORDS, "#", "---", "```", "$x$", "|", "<b>"))
    files = sorted((tmp_path / "notes").iterdir())
    parsed = [parse_file(file.read_bytes(), f"notes/{file.name}", IngestSettings()) for file in files]
    assert sum(len(one.notes) for one in parsed) == 230
    assert not [warning for one in parsed for warning in one.warnings]


def test_the_vocabulary_keeps_how_often_a_word_occurs(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("PSI и PSI", "utf-8")
    assert vocabulary(tmp_path) == ("PSI", "и", "PSI")


def test_a_table_replaces_the_one_before_and_nothing_else() -> None:
    document = "# Measured\n\nby hand\n"
    once = put(document, "search", "| 1 |")
    assert once.startswith(document) and once.endswith("<!-- bench:search -->\n| 1 |\n<!-- /bench:search -->\n")
    both = put(once, "page", "| p |")
    again = put(both, "search", r"| 2 \1 |")
    assert again == both.replace("| 1 |", r"| 2 \1 |")
    assert put("", "page", "x").startswith("<!-- bench:page -->")


def results(part: str) -> dict[str, Any]:
    """What a part measures, in the form in which it is kept."""
    one = {"count": 100, "p50": 2.0, "p95": 3.456, "cpu_ms": 1.0}
    slow = one | {"p50": 246.0}
    raced = {"ours": one, "ours_late": one, "whole": one, "qdrant_local": slow, "langchain": slow}
    bundled = {
        "notes": "bundled",
        "files": 2,
        "count": 126,
        "chunks": 150,
        "tokens": 47040,
        "seconds": 20,
        "cpu_seconds": 30,
    }
    asked = {"prompt": "cold", "askers": 4, "questions": 8, "leads": 3, "quote": one, "done": slow}
    found: dict[str, dict[str, Any]] = {
        "ingest": {"rows": [bundled]},
        "search": {"rows": [{"notes": 5000, "tokens": 150, "reordered": 100, "times": raced}]},
        "answers": {"rows": [asked], "engine_start_s": 71.2, "engine_mb": 7012, "model": "qwen"},
        "page": {"starts": 3, "answers_s": 6.5, "paint_s": None, "memory_mb": 700},
    }
    return found[part]


@pytest.mark.parametrize(
    ("part", "cells"),
    [
        ("ingest", ["| bundled | 126 | 150 | 314 | 6.3 | 2,352 | 200 |"]),
        (
            "search",
            ["| 5,000 | 2.0 / 3.5 | 246 / 3.5 (× 123) | 246 / 3.5 (× 123) | 2.0 / 3.5, 100 × 150 | 2.0 / 3.5 |"],
        ),
        ("answers", ["| cold | 4 | 8 | 0.00 / 0.00 | 0.25 / 0.00 | 3 |", "7,012 MB", "71.2 s"]),
        ("page", ["| 6.5 |", "| no Chromium here |", "| 700 |"]),
    ],
)
def test_every_part_has_a_table_that_names_its_machine(part: str, cells: list[str]) -> None:
    kept = json.loads(json.dumps({"machine": MACHINE, "results": results(part)}))
    text = rendered(part, kept)
    assert all(cell in text for cell in cells), text
    assert "A processor, 2 cores, 23.4 GB" in text and "abc1234" in text and "2026-01-01" in text


def test_the_machine_is_named() -> None:
    machine = here(datetime(2026, 1, 1, 23, 30, tzinfo=UTC))
    assert machine.date == "2026-01-01" and machine.cores >= 1 and machine.memory_gb > 0
    assert machine.processor and "torch" in machine.packages


def test_parts_and_sizes_can_be_chosen() -> None:
    assert parser().parse_args([]).only == PARTS
    chosen = parser().parse_args(["--only", "search,ingest", "--sizes", "138,5000"])
    assert chosen.only == ("ingest", "search") and chosen.sizes == (138, 5000)


@pytest.mark.parametrize("wrong", [["--only", "all"], ["--only", ""], ["--sizes", "many"], ["--sizes", "0"]])
def test_wrong_choices_are_told(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(wrong)
    assert ended.value.code == 2 and capsys.readouterr().err
