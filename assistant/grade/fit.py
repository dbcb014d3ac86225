"""Fits the grader's parameters to answers marked by people: ridge logistic curves, then the lines between verdicts."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from assistant.grade.calibration import (
    Bands,
    Chances,
    Curve,
    FittedOn,
    Judged,
    Mix,
    Parameters,
    chances,
    logit,
    verdict,
)
from assistant.grade.evidence import Signals
from assistant.grade.result import CREDIT, Verdict

SPOKEN = (
    *("terms_here", "terms_all", "clauses", "near", "near_both", "back", "apart", "apart_here", "apart_back", "rank"),
    "numbers_said",
)
DENIED = (
    *("denied_here", "denied_clause", "denied_subject", "exchanged", "turned", "numbers_replaced", "numbers_foreign"),
)
# Signals whose weight can only have one sign: noise in a small sample must not teach otherwise.
RISING = frozenset(SPOKEN) | frozenset(DENIED)
_RIDGE = 1.0
_TEXT_ONLY = Mix(0.0, 1.0, 0.0)

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Row:
    """One marked point of one answer."""

    answer: str
    weight: int
    signals: Signals
    marked: Verdict
    judged: Judged | None = None


def fit(rows: Sequence[Row], fitted_on: FittedOn) -> Parameters:
    """Parameters for the rows; those of an engine only where every row has its verdict."""
    spoken = curve([row.signals for row in rows], [row.marked != "missing" for row in rows], SPOKEN)
    met = [row for row in rows if row.marked != "missing"]
    denied = curve([row.signals for row in met], [row.marked == "contradicted" for row in met], DENIED)
    start = Bands(0.5, 0.3, 0.35)
    text = Parameters(spoken, denied, start, _TEXT_ONLY, _TEXT_ONLY, start, fitted_on)
    text = replace(text, bands=lines(rows, [chances(text, row.signals) for row in rows]))
    if not all(row.judged for row in rows):
        # Until an engine's verdicts are there to fit on, both voices count the same.
        return replace(text, covered_mix=Mix(0.0, 0.5, 0.5), denied_mix=Mix(0.0, 0.5, 0.5), engine_bands=start)
    return _with_engine(text, rows)


def curve(signals: Sequence[Signals], truth: Sequence[bool], names: Sequence[str]) -> Curve:
    """A ridge logistic curve over the named signals; one whose weight has the wrong sign is left out."""
    values = np.array([[asdict(one)[name] for name in names] for one in signals], dtype=np.float64)
    kept = list(range(len(names)))
    while True:
        mean, scale = values[:, kept].mean(axis=0), np.maximum(values[:, kept].std(axis=0), 1e-6)
        weights = _logistic_fit((values[:, kept] - mean) / scale, np.array(truth, dtype=np.float64))
        wrong = [k for k, w in zip(kept, weights[1:], strict=True) if names[k] in RISING and w < 0]
        if not wrong:
            shape = {names[k]: _rounded(m, s, w) for k, m, s, w in zip(kept, mean, scale, weights[1:], strict=True)}
            return Curve(round(float(weights[0]), 6), shape)
        kept = [k for k in kept if k not in wrong]


def lines(rows: Sequence[Row], found: Sequence[Chances]) -> Bands:
    """The lines with the smallest squared error of the answers' scores; on near ties the better verdicts."""
    steps = [step / 20 for step in range(3, 18)]
    tried = [Bands(*three) for three in product(steps, steps, steps) if three[1] <= three[0] - 0.1]
    return min(tried, key=lambda bands: _loss(rows, found, bands))


def _loss(rows: Sequence[Row], found: Sequence[Chances], bands: Bands) -> float:
    wrong = 0
    sums: dict[str, list[float]] = {}
    for row, chance in zip(rows, found, strict=True):
        given = verdict(bands, chance)
        wrong += given != row.marked
        into = sums.setdefault(row.answer, [0.0, 0.0])
        into[0] += row.weight * (CREDIT[given] - CREDIT[row.marked])
        into[1] += row.weight
    squared = sum((off / weight) ** 2 for off, weight in sums.values()) / len(sums)
    return squared + 0.1 * wrong / len(rows)


def _with_engine(text: Parameters, rows: Sequence[Row]) -> Parameters:
    plain = [chances(text, row.signals) for row in rows]
    judged = [row.judged for row in rows if row.judged]
    covered = _mix(
        [(logit(p.covered), logit(j.covered)) for p, j in zip(plain, judged, strict=True)],
        [row.marked == "covered" for row in rows],
    )
    asked = [(p, j.contradicted, r) for p, j, r in zip(plain, judged, rows, strict=True) if j.contradicted is not None]
    denied = _mix(
        [(logit(p.contradicted), logit(said)) for p, said, _ in asked],
        [row.marked == "contradicted" for _, _, row in asked],
    )
    mixed = replace(text, covered_mix=covered, denied_mix=denied)
    found = [chances(mixed, row.signals, row.judged) for row in rows]
    return replace(mixed, engine_bands=lines(rows, found))


def _mix(pairs: Sequence[tuple[float, float]], truth: Sequence[bool]) -> Mix:
    weights = _logistic_fit(np.array(pairs, dtype=np.float64), np.array(truth, dtype=np.float64))
    return Mix(*(round(float(w), 6) for w in weights))


def _logistic_fit(values: Array, truth: Array) -> Array:
    """Bias and weights by Newton's method, weights shrunk by ridge."""
    design = np.hstack([np.ones((len(values), 1)), values])
    penalty = np.diag([1e-6, *[_RIDGE] * values.shape[1]])
    weights = np.zeros(design.shape[1])
    for _ in range(100):
        odds = np.clip(design @ weights, -30, 30)
        chance = 1 / (1 + np.exp(-odds))
        slope = design.T @ (chance - truth) + penalty @ weights
        curvature = design.T @ (design * (chance * (1 - chance))[:, None]) + penalty
        step = np.linalg.solve(curvature, slope)
        weights = weights - step
        if float(np.abs(step).max()) < 1e-8:
            break
    return weights


def _rounded(mean: float, scale: float, weight: float) -> tuple[float, float, float]:
    return round(float(mean), 6), round(float(scale), 6), round(float(weight), 6)
