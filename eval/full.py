"""The full suite: answers with the language model, judged; grades with it; and the judge itself measured first.

Cases are worked on side by side, because the engine batches them, and each is kept as soon as it is done: an
interrupted run goes on where it was.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, TypeVar

from assistant.answer import ENGINE_LOST
from eval import rows
from eval.asked import ask_one
from eval.cases import Answerable, Cases, Graded
from eval.engaged import Engaged
from eval.judge import worth
from eval.judge.pairs import Labelled, Pair
from eval.judge.verdicts import OneToken
from eval.judging import judged
from eval.marked import grade_one
from eval.partial import Partial
from eval.rows import Json, Row
from eval.subject import Subject
from eval.subset import Case

if TYPE_CHECKING:
    from eval.ragas_metrics import RagasJudge

Step = Callable[[str], None]

T = TypeVar("T")
U = TypeVar("U")

# Pairs asked in one go: an interruption costs at most these.
_TOGETHER = 8


@dataclass(frozen=True, slots=True)
class Full:
    """Everything that a full run works with."""

    subject: Subject
    models: Engaged
    labelled: Labelled
    partial: Partial
    step: Step
    at_once: int

    def run(self, cases: Cases) -> tuple[list[Row], Json]:
        """A row for each case in their order, and what the one-token judge is worth."""
        measured = self._measured()
        judge = OneToken(self.models.judge, measured.scale)

        def one(case: Case) -> Row:
            key = f"case {case.id}"
            if key not in self.partial.done:
                self.partial.add(key, rows.to_dict(self._row(case, judge)))
                self.step(case.id)
            return rows.from_dict(self.partial.done[key])

        everything: tuple[Case, ...] = (*cases.answerable, *cases.unanswerable, *cases.graded)
        found = self._side_by_side(one, everything)
        told = {**measured.to_json(), "model": judge.chat.name, "judges_itself": self.models.judges_itself}
        return found, told

    def with_ragas(self, found: Sequence[Row], judge: "RagasJudge", most: int) -> tuple[list[Row], Json]:
        """Ragas' own metrics on at most so many answered cases, the same ones every time, and what its judge is worth.

        Raises:
            EngineError: the engine went away for good.
        """
        answered = [row for row in found if row.kind == "answerable" and "response" in row.output]
        drawn = {row.case for row in sorted(answered, key=lambda row: _draw(row.case))[:most]}

        def one(row: Row) -> Row:
            if row.case not in drawn:
                return row
            return replace(row, scores={**row.scores, **self._ragas(row, judge)})

        scored = self._side_by_side(one, found)
        sample = sample_pairs(self.labelled.pairs, ragas_pairs(most))
        said = self._side_by_side(lambda pair: self._ragas_verdict(pair, judge), sample)
        told = worth.measure(f"{judge.identity} on {self.labelled.digest}", sample, said).to_json()
        return scored, {**told, "model": self.models.judge.name, "judges_itself": self.models.judges_itself}

    def _side_by_side(self, work: Callable[[T], U], pieces: Sequence[T]) -> list[U]:
        """Results in order. What has not begun when an error or an interruption comes is left for the next run."""
        with ThreadPoolExecutor(self.at_once, "eval") as pool:
            try:
                return list(pool.map(work, pieces))
            finally:
                pool.shutdown(cancel_futures=True)

    def _row(self, case: Case, judge: OneToken) -> Row:
        if isinstance(case, Graded):
            return grade_one(case, self.subject)
        row, answer = ask_one(case, self.subject)
        if answer is not None and answer.notice == ENGINE_LOST:
            self.models.wait()
            row, answer = ask_one(case, self.subject)
        return judged(row, case, answer, judge) if isinstance(case, Answerable) else row

    def _measured(self) -> worth.Worth:
        """The judge measured on all pairs, on the raw probabilities."""
        judge = OneToken(self.models.judge)
        pairs = self.labelled.pairs
        for start in range(0, len(pairs), _TOGETHER):
            part = [pair for pair in pairs[start : start + _TOGETHER] if f"pair {pair.id}" not in self.partial.done]
            if part:
                said = judge.supported([(pair.source, pair.statement) for pair in part])
                for pair, chance in zip(part, said, strict=True):
                    self.partial.add(f"pair {pair.id}", chance)
                    self.step(pair.id)
        identity = f"{judge.identity} on {self.labelled.digest}"
        return worth.measure(identity, pairs, [self.partial.done[f"pair {pair.id}"] for pair in pairs])

    def _ragas(self, row: Row, judge: "RagasJudge") -> dict[str, rows.Score]:
        from eval.ragas_metrics import Sample

        key = f"ragas {row.case}"
        if key not in self.partial.done:
            given = (row.output["standalone_question"], row.output["response"], tuple(row.output["contexts"]))
            self.models.wait()
            scores = judge.score(Sample(*given, row.input["reference"]))
            self.partial.add(key, rows.to_dict(replace(row, input={}, output={}, scores=scores)))
            self.step(row.case)
        return dict(rows.from_dict(self.partial.done[key]).scores)

    def _ragas_verdict(self, pair: Pair, judge: "RagasJudge") -> float | None:
        key = f"ragas {pair.id}"
        if key not in self.partial.done:
            self.models.wait()
            self.partial.add(key, judge.supported(pair.source, pair.statement))
            self.step(pair.id)
        said: float | None = self.partial.done[key]
        return said


def ragas_pairs(cases: int) -> int:
    """On how many pairs Ragas' own judge is measured beside so many cases: its verdicts cost seconds each."""
    return max(40, 2 * cases)


def sample_pairs(pairs: Sequence[Pair], most: int) -> list[Pair]:
    """So many pairs, equally of each label, the same ones every time."""
    drawn = sorted(pairs, key=lambda pair: _draw(pair.id))
    by_label: dict[str, list[Pair]] = {}
    for pair in drawn:
        by_label.setdefault(pair.label, []).append(pair)
    turns = [pair for turn in zip(*by_label.values(), strict=False) for pair in turn]
    return turns[:most]


def _draw(identity: str) -> bytes:
    return blake2b(identity.encode(), digest_size=8).digest()
