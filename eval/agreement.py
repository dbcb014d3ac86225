"""How far two readings of the same things agree, beyond chance. Pure functions."""

from collections import Counter
from collections.abc import Sequence

import numpy as np


def accuracy(one: Sequence[str], other: Sequence[str]) -> float:
    """The share on which they agree; nan without any."""
    return float(np.mean([a == b for a, b in zip(one, other, strict=True)])) if one else float("nan")


def kappa(one: Sequence[str], other: Sequence[str]) -> float:
    """Cohen's kappa (1960): agreement above chance as a share of what was possible; nan where both say one thing."""
    if not one:
        return float("nan")
    ones, others = Counter(one), Counter(other)
    chance = sum(ones[label] * others[label] for label in ones) / len(one) ** 2
    return (accuracy(one, other) - chance) / (1 - chance) if chance < 1 else float("nan")


def macro_f1(truth: Sequence[str], said: Sequence[str]) -> float:
    """The mean over the labels that occur of 2TP / (2TP + FP + FN); nan without any."""
    labels = sorted({*truth, *said})
    found = []
    for label in labels:
        both = sum(t == s == label for t, s in zip(truth, said, strict=True))
        found.append(2 * both / (list(truth).count(label) + list(said).count(label)))
    return float(np.mean(found)) if found else float("nan")


def weighted_kappa(one: Sequence[float], other: Sequence[float], steps: int = 10) -> float:
    """Quadratic weighted kappa (Cohen 1968) of two scores in 0..1, rounded to tenths."""
    a, b = np.rint(np.asarray(one) * steps), np.rint(np.asarray(other) * steps)
    if not len(a):
        return float("nan")
    expected = float(np.mean((a[:, None] - b[None, :]) ** 2))
    return 1.0 - float(np.mean((a - b) ** 2)) / expected if expected else float("nan")
