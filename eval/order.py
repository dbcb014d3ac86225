"""What is to be run, and the run that comes of it: prepare the notes, choose the cases, run a suite, sum up."""

import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from assistant.build import Announce
from config.settings import Settings
from eval import fast, summary
from eval.cases import FOLDER, Cases, Split, load
from eval.ground import Ground, prepare
from eval.progress import Progress
from eval.provenance import files_digest, provenance, settings_json
from eval.rows import Json, Row
from eval.run_file import Run
from eval.stats import SEED
from eval.subject import open_subject
from eval.subset import NoteOf, Subset, choose


@dataclass(frozen=True, slots=True)
class Order:
    """A suite over the cases of a half. `changes` are settings other than as shipped, section.key: value."""

    suite: str
    split: Split
    notes: Path
    subset: Subset = field(default_factory=Subset)
    cases: Path = FOLDER
    changes: Mapping[str, str] = field(default_factory=dict)


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


SUITES: dict[str, Suite] = {"fast": run_fast}


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
            "cases": files_digest(sorted((order.cases / order.split).glob("*.jsonl"))),
            "ingested": ground.ingested,
            "threshold": ground.settings.retrieve.threshold,
        },
        metrics=summary.numbers(result.rows),
        rows=tuple(result.rows),
        seed=SEED,
        judge=result.judge,
        ended=summary.outcomes(result.rows),
    )
