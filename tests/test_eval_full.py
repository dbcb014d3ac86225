"""The full suite on a made-up assistant and judge: resumed after an interruption, honest about what went wrong."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes import FakeChatModel
from fakes_eval import FakeSubject, cases

from assistant.answer import ENGINE_LOST, Ask
from assistant.engine import Address, EngineState
from assistant.errors import EngineError, EngineStartError
from assistant.types import Answer, Support
from eval import full
from eval.engaged import Engaged, Steady
from eval.judge import pairs
from eval.judge.pairs import Labelled
from eval.partial import Partial

LABELLED = pairs.load()
FEW = Labelled(LABELLED.pairs[:40], "few")
HERE = Address("http://127.0.0.1:1/v1", "tiny")


@dataclass
class FakeEngine:
    """Ready, and back again `returns` times after it was lost."""

    returns: int = 9
    waited: int = 0
    address: Address | None = HERE

    @property
    def state(self) -> EngineState:
        return EngineState("ready", "", datetime(2026, 1, 1, tzinfo=UTC), "tiny")

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def wait_ready(self, timeout_s: float) -> Address:
        self.waited += 1
        if self.waited > self.returns:
            raise EngineStartError("The engine did not come back.")
        return HERE


@dataclass
class Writer(FakeSubject):
    """Writes a lead above each quote; loses its engine the first time it is asked one of `losing`."""

    losing: set[str] = field(default_factory=set)

    def answer(self, ask: Ask) -> Answer:
        quoted = super().answer(ask)
        if quoted.mode == "refused":
            return quoted
        if ask.question in self.losing:
            self.losing.remove(ask.question)
            return replace(quoted, notice=ENGINE_LOST)
        support = (Support("The threshold is right.", 0.9, (1,)),)
        lead = "The threshold is right [1]."
        return replace(quoted, lead=lead, answer=f"{lead}\n\n{quoted.answer}", support=support, engine="tiny")


def made(folder: Path, subject: FakeSubject, judge: FakeChatModel, engine: FakeEngine | None = None) -> full.Full:
    engine = engine or FakeEngine()
    models = Engaged(engine, FakeChatModel(), Steady(judge, engine, 1.0), HERE, 1.0)
    return full.Full(subject, models, FEW, Partial(folder / "partial.jsonl"), lambda name: None, 2)


def judge() -> FakeChatModel:
    """Right about the labelled pairs, and sure of every lead."""
    known = {pair.statement: 0.95 if pair.supported else 0.05 for pair in FEW.pairs}
    return FakeChatModel(verdict_of=known, otherwise=0.9)


def test_every_case_is_answered_judged_and_accounted_for(tmp_path: Path) -> None:
    rows, worth = made(tmp_path, Writer(6), judge()).run(cases(6))
    found = {row.case: row for row in rows}
    assert len(found) == 18
    assert found["a1"].scores["faithfulness"].value == 1
    assert found["a1"].scores["citation_support"].value == 1
    assert found["a1"].output["judged"]["faithfulness"]["statements"] == ["The threshold is right."]
    assert "faithfulness" not in found["u1"].scores
    assert worth["auc"]["mean"] == 1
    assert worth["judges_itself"] is True


def test_the_notes_own_words_are_not_judged(tmp_path: Path) -> None:
    rows, _ = made(tmp_path, FakeSubject(3), judge()).run(cases(3))
    assert rows[0].scores["faithfulness"].status == "unscored"
    assert rows[0].scores["reference_recall"].status == "scored"
    assert rows[0].output["response"] == rows[0].output["citations"][0]["quote"]


def test_an_interrupted_run_goes_on_where_it_was(tmp_path: Path) -> None:
    first = made(tmp_path, Writer(6), judge())
    first.run(cases(3))
    with (tmp_path / "partial.jsonl").open("a") as stream:
        stream.write('["case a9", {"half":')
    subject, again = Writer(6), judge()
    rows, _ = made(tmp_path, subject, again).run(cases(6))
    assert len(rows) == 18
    assert "порог 1?" not in subject.asked and "порог 4?" in subject.asked
    assert not any("Statement" in user and FEW.pairs[0].statement in user for _, user in again.asked)


def test_an_engine_that_is_lost_is_waited_for(tmp_path: Path) -> None:
    engine = FakeEngine()
    rows, _ = made(tmp_path, Writer(3, losing={"порог 1?"}), judge(), engine).run(cases(3))
    assert engine.waited == 1
    assert rows[1].output["lead"]


def test_an_engine_that_stays_away_ends_the_run_and_keeps_what_is_done(tmp_path: Path) -> None:
    work = made(tmp_path, Writer(3, losing={"порог 2?"}), judge(), FakeEngine(returns=0))
    with pytest.raises(EngineStartError):
        work.run(cases(3))
    kept = Partial(tmp_path / "partial.jsonl").done
    assert sum(name.startswith("pair") for name in kept) == 40
    assert "case a2" not in kept


@dataclass
class Failing(FakeChatModel):
    """Gives no verdict on what was written."""

    def verdicts(self, prompts: Sequence[tuple[str, str]]) -> list[float]:
        if any("The threshold is right" in user for _, user in prompts):
            raise EngineError("no log-probabilities")
        return super().verdicts(prompts)


def test_a_verdict_that_does_not_come_leaves_the_case_unscored(tmp_path: Path) -> None:
    rows, _ = made(tmp_path, Writer(2), Failing(otherwise=0.5)).run(cases(2))
    assert rows[0].scores["faithfulness"].status == "unscored"
    assert "no log-probabilities" in rows[0].scores["faithfulness"].reason
    assert rows[0].scores["answered_right"].value == 1


def test_a_broken_assistant_has_failed_in_the_judged_measures_too(tmp_path: Path) -> None:
    rows, _ = made(tmp_path, Writer(2, broken=frozenset({"порог 0?"})), judge()).run(cases(2))
    assert rows[0].scores["faithfulness"].status == "failed"
    assert "on fire" in rows[0].scores["faithfulness"].reason


def test_pairs_for_a_dear_judge_are_of_all_labels() -> None:
    some = full.sample_pairs(LABELLED.pairs, 40)
    assert len(some) == 40
    assert {pair.label for pair in some} == set(pairs.LABELS)
    assert some == full.sample_pairs(LABELLED.pairs, 40)
    assert len(full.sample_pairs(LABELLED.pairs, 10_000)) <= len(LABELLED.pairs)
    assert (full.ragas_pairs(12), full.ragas_pairs(100)) == (40, 200)
