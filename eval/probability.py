"""How good probabilities are: do they part yes from no, and do they mean what they say. Pure functions.

`truths` are the outcomes, `chances` what was said of each being true.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata


@dataclass(frozen=True, slots=True)
class Bin:
    """Cases of like probability: how many, what was said on average, and how many were true."""

    n: int
    said: float
    true: float


@dataclass(frozen=True, slots=True)
class Point:
    """Answering every case at or above `threshold`: the share answered, and the share of those that was wrong."""

    threshold: float
    coverage: float
    risk: float


def auc(truths: Sequence[bool], chances: Sequence[float]) -> float:
    """The chance that a true case was given more than a false one, ties half (Mann, Whitney 1947); nan with one kind
    alone."""
    true = np.asarray(truths, bool)
    positive, negative = int(true.sum()), int((~true).sum())
    if not positive or not negative:
        return float("nan")
    ranks = rankdata(np.asarray(chances, float))
    return float((ranks[true].sum() - positive * (positive + 1) / 2) / (positive * negative))


def brier(truths: Sequence[bool], chances: Sequence[float]) -> float:
    """Mean squared distance between what was said and what was (Brier 1950); nan without cases."""
    if not len(truths):
        return float("nan")
    return float(np.mean((np.asarray(chances, float) - np.asarray(truths, float)) ** 2))


def bins(truths: Sequence[bool], chances: Sequence[float], count: int = 10) -> list[Bin]:
    """Cases in order of probability, cut into at most `count` bins of equal size."""
    order = np.argsort(np.asarray(chances, float), kind="stable")
    said, true = np.asarray(chances, float)[order], np.asarray(truths, float)[order]
    parts = [part for part in np.array_split(np.arange(len(order)), min(count, max(1, len(order)))) if len(part)]
    return [Bin(len(part), float(said[part].mean()), float(true[part].mean())) for part in parts]


def calibration_error(truths: Sequence[bool], chances: Sequence[float], count: int = 10) -> float:
    """ECE over bins of equal size (Naeini, Cooper, Hauskrecht 2015; Nixon et al. 2019); nan without cases."""
    found = bins(truths, chances, count)
    total = sum(one.n for one in found)
    return sum(one.n * abs(one.said - one.true) for one in found) / total if total else float("nan")


def risk_coverage(right: Sequence[bool], chances: Sequence[float]) -> list[Point]:
    """Risk against coverage (El-Yaniv, Wiener 2010): every line that could be drawn, the strictest first."""
    order = np.argsort(-np.asarray(chances, float), kind="stable")
    wrong = np.cumsum(1.0 - np.asarray(right, float)[order])
    said = np.asarray(chances, float)[order]
    last = [place for place in range(len(said)) if place + 1 == len(said) or said[place + 1] < said[place]]
    return [Point(float(said[p]), (p + 1) / len(said), float(wrong[p] / (p + 1))) for p in last]
