"""What is to be run, and the run that comes of it: prepare the notes, choose the cases, run a suite, sum up."""

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from assistant.build import Announce
from config.settings import Settings
from eval import fast, full, past, summary
from eval.cases import FOLDER, Cases, Split, load
from eval.engaged import Engaged, engage
from eval.ground import Ground, prepare
from eval.judge import pairs
from eval.judge.pairs import Labelled
from eval.partial import Partial
from eval.progress import Progress
from eval.provenance import code_digest, files_digest, provenance, settings_json
from eval.rows import Json, Row, digest, plain
from eval.run_file import Run
from eval.stats import SEED
from eval.subject import open_subject
from eval.subset import NoteOf, Subset, choose


@dataclass(frozen=True, slots=True)
class Order:
    """A suite over the cases of a half. `changes` are settings other than as shipped, section.key: value.

    `ragas` is on how many answered cases Ragas' own metrics are computed, in the full suite.
    """

    suite: str
    split: Split
    notes: Path
    subset: Subset = field(default_factory=Subset)
    cases: Path = FOLDER
    changes: Mapping[str, str] = field(default_factory=dict)
    ragas: int = 0


@dataclass(frozen=True, slots=True)
class Task:
    """An order with its ground prepared and its cases read. `own` are the user's own settings."""

    order: Order
    own: Settings
    ground: Ground
    cases: Cases
    announce: Announce

    def chosen(self, note_of: NoteOf) -> Cases:
        """The cases to run."""
        return choose(self.cases, self.order.subset, note_of)


@dataclass(frozen=True, slots=True)
class Result:
    """What a suite gives back: its rows, the model that took part, what the judge is worth."""

    rows: list[Row]
    engine: str | None = None
    judge: Json | None = None


Suite = Callable[[Task], Result]


def run_fast(task: Task) -> Result:
    """The suite without a language model."""
    with open_subject(task.ground.settings, None, task.announce) as subject:
        cases = task.chosen(subject.note)
        progress = Progress(sys.stderr, len(cases.answerable) + len(cases.unanswerable) + len(cases.graded))
        return Result(fast.run(cases, subject, progress.step))


def run_full(task: Task) -> Result:
    """The suite with the language model; what an earlier, interrupted one has done is not done again."""
    labelled, settings = pairs.load(), task.ground.settings
    with engage(task.own, task.announce) as models, open_subject(settings, models.chat, task.announce) as subject:
        cases = task.chosen(subject.note)
        partial = Partial(past.folder(task.own) / "unfinished" / f"{_key(task, models, labelled)}.jsonl")
        total = len(cases.answerable) + len(cases.unanswerable) + len(cases.graded) + len(labelled.pairs)
        if task.order.ragas:
            total += task.order.ragas + min(len(labelled.pairs), full.ragas_pairs(task.order.ragas))
        progress = Progress(sys.stderr, total, len(partial.done))
        work = full.Full(subject, models, labelled, partial, progress.step, task.own.eval.at_once)
        rows, worth = work.run(cases)
        judges = {"one-token": worth}
        if task.order.ragas:
            rows, judges["ragas"] = _ragas(work, rows, task, subject.embed)
        partial.forget()
    return Result(rows, task.own.engine.model, judges)


def _ragas(
    work: full.Full, rows: list[Row], task: Task, embed: Callable[[str], Sequence[float]]
) -> tuple[list[Row], Json]:
    # Seconds to import, and only wanted here.
    from eval.ragas_metrics import RagasJudge

    with closing(RagasJudge(work.models.judge_address, embed, task.own.eval.judge_timeout_s)) as judge:
        return work.with_ragas(rows, judge, task.order.ragas)


def _key(task: Task, models: Engaged, labelled: Labelled) -> str:
    """The same for a run that would do the same work."""
    order = asdict(task.order) | {"notes": task.ground.notes, "cases": _cases_digest(task.order)}
    return digest([plain(order), code_digest(), labelled.digest, models.chat.name, models.judge.name])


SUITES: dict[str, Suite] = {"fast": run_fast, "full": run_full}


def perform(order: Order, own: Settings, announce: Announce) -> Run:
    """Run it.

    Raises:
        UsageError: notes or cases cannot be read, or no case is left.
        AssistantError: the work could not be done.
    """
    began, clock = datetime.now(UTC), time.monotonic()
    cases = load(order.split, order.cases)
    ground = prepare(order.notes, own, order.changes, announce)
    result = SUITES[order.suite](Task(order, own, ground, cases, announce))
    return Run(
        began=began,
        seconds=time.monotonic() - clock,
        suite=order.suite,
        split=order.split,
        subset={key: value for key, value in asdict(order.subset).items() if value},
        settings=settings_json(ground.settings),
        provenance=provenance(ground.settings, result.engine),
        data={
            "notes": ground.notes,
            "cases": _cases_digest(order),
            "ingested": ground.ingested,
            "threshold": ground.settings.retrieve.threshold,
        },
        metrics=summary.numbers(result.rows),
        rows=tuple(result.rows),
        seed=SEED,
        judge=result.judge,
        ended=summary.outcomes(result.rows),
    )


def _cases_digest(order: Order) -> str:
    return files_digest(sorted((order.cases / order.split).glob("*.jsonl")))
