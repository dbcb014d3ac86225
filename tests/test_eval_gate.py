"""The gate: what is planted is found, what is harmless is not, and too little says so."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from fakes_eval import FakeSubject, cases

from eval import fast
from eval.gate import Comparison, compare, overall
from eval.rows import Row, scored, unscored
from eval.run_file import Run

NAMES = ("mrr@10", "recall@50", "brier", "answered_right", "evidence_shown", "points_agree", "score_error")


def run_of(rows: list[Row]) -> Run:
    return Run(datetime(2026, 1, 1, tzinfo=UTC), 1, "fast", "test", {}, {}, {}, {}, {}, tuple(rows), 1)


def simulated(seed: int, count: int = 150, worse: float = 0.0) -> Run:
    """Cases on half as many notes, right by chance: each note has a difficulty of its own, each run its own luck."""
    hard = np.random.default_rng(0).beta(4, 2, count // 2)
    luck = np.random.default_rng(seed)
    rows = []
    for place in range(count):
        chance = max(0.0, hard[place // 2] - worse)
        values = {name: scored(float(luck.uniform() < chance)) for name in NAMES}
        rows.append(Row(f"c{place}", "answerable", f"n{place // 2}", "d", {}, {}, {}, values))
    return run_of(rows)


def measured(subject: FakeSubject, count: int = 70) -> Run:
    return run_of(fast.run(cases(count), subject, lambda case: None))


def verdicts(found: Comparison) -> dict[str, str]:
    return {finding.measure: finding.verdict for finding in found.findings}


@pytest.fixture(scope="module")
def good() -> Run:
    return measured(FakeSubject(70))


def test_nothing_changed(good: Run) -> None:
    found = compare(good, good)
    assert found.verdict == "no_worse"
    assert (found.paired, found.only_before, found.only_after) == (210, 0, 0)


@pytest.mark.parametrize(
    ("worsened", "caught"),
    [
        (FakeSubject(70, shift=1), {"spans"}),
        (FakeSubject(70, obliging=True), {"refused_right"}),
        (FakeSubject(70, cut=20), {"answered_right", "evidence_shown", "markers"}),
        (FakeSubject(70, lost=frozenset({"n1"})), {"gold_indexed"}),
        (FakeSubject(70, broken=frozenset({"порог 1?"})), {"completed"}),
    ],
    ids=["citations shifted by one", "refusals off", "answers truncated", "a note lost", "a crash"],
)
def test_a_planted_regression_is_caught(good: Run, worsened: FakeSubject, caught: set[str]) -> None:
    found = compare(good, measured(worsened))
    assert found.verdict == "worse"
    assert caught <= {name for name, verdict in verdicts(found).items() if verdict == "worse"}


def test_its_removal_is_an_improvement(good: Run) -> None:
    found = compare(measured(FakeSubject(70, obliging=True)), good)
    assert found.verdict == "improved"


def test_a_harmless_change_is_seldom_flagged() -> None:
    flagged = sum(compare(simulated(2 * seed), simulated(2 * seed + 1)).verdict == "worse" for seed in range(1, 201))
    # Holm holds the chance of any false alarm to 5 %, on both sides together.
    assert flagged / 200 <= 0.05


def test_a_loss_of_the_detectable_size_is_found_most_of_the_time() -> None:
    sizes = [f.detectable for f in compare(simulated(1), simulated(2)).findings]
    found = [compare(simulated(2 * seed), simulated(2 * seed + 1, worse=0.2)).verdict for seed in range(1, 41)]
    assert max(sizes) < 0.2
    assert found.count("worse") / 40 >= 0.8


def test_too_few_cases_are_inconclusive(good: Run) -> None:
    few = run_of([row for row in good.rows if row.cluster in {f"n{n}" for n in range(8)}])
    assert compare(few, few).verdict == "inconclusive"
    assert compare(good, run_of([])).verdict == "inconclusive"


def test_noise_is_inconclusive_and_never_no_worse() -> None:
    assert compare(simulated(1, 60), simulated(2, 60)).verdict == "inconclusive"


def test_a_wider_margin_is_easier_to_keep() -> None:
    before, after = simulated(1), simulated(2)
    assert compare(before, after, margin=0.3).verdict == "no_worse"


def test_only_equal_cases_are_paired(good: Run) -> None:
    edited = run_of([replace(row, digest="new") if row.case == "a1" else row for row in good.rows if row.case != "a2"])
    found = compare(good, edited)
    assert (found.paired, found.only_before, found.only_after) == (208, 2, 1)


def test_what_one_run_could_not_score_is_not_compared(good: Run) -> None:
    def without(row: Row) -> Row:
        return replace(row, scores={**row.scores, "mrr@10": unscored("no gold")}) if row.kind == "answerable" else row

    found = compare(good, run_of([without(row) for row in good.rows]))
    assert "mrr@10" not in verdicts(found)


def judged(calibrated: bool, identity: str) -> Callable[[Run], Run]:
    return lambda run: replace(run, judge={"one-token": {"calibrated": calibrated, "identity": identity}})


def test_the_worst_verdict_counts() -> None:
    assert overall(["improved", "worse", "inconclusive"]) == "worse"
    assert overall(["improved", "inconclusive"]) == "inconclusive"
    assert overall(["improved", "no_worse"]) == "improved"
    assert overall(["no_worse"]) == "no_worse"
    assert overall([]) == "inconclusive"
