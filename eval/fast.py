"""The fast suite: retrieval, refusals, citations and grades of every case, without a language model."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from eval.asked import ask_one
from eval.cases import Cases, Graded
from eval.marked import grade_one
from eval.rows import Row
from eval.subject import Subject
from eval.subset import Case

# Two processors are what a learner's machine has at least; times are those of so many at once.
AT_ONCE = min(2, os.cpu_count() or 1)


def run(cases: Cases, subject: Subject, step: Callable[[str], None], at_once: int = AT_ONCE) -> list[Row]:
    """A row for each case, in their order; `step` is told the id of each as it is done."""

    def one(case: Case) -> Row:
        row = grade_one(case, subject) if isinstance(case, Graded) else ask_one(case, subject)[0]
        step(case.id)
        return row

    everything: tuple[Case, ...] = (*cases.answerable, *cases.unanswerable, *cases.graded)
    with ThreadPoolExecutor(at_once, "case") as pool:
        return list(pool.map(one, everything))
