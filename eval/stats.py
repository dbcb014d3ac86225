"""How sure a number is: intervals, paired tests, corrections. Cases about one note stand or fall together, so
whatever is resampled here is the note (the cluster), never the single case.

Everything that draws takes a seed; the same seed gives the same numbers.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest, norm

Floats = NDArray[np.float64]

REPEATS = 2_000
SEED = 20_261_122
# Fewer where a draw costs more than a sum.
_COSTLY_REPEATS = 500


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over n values with a 95 % percentile interval. Without values everything is nan."""

    mean: float
    low: float
    high: float
    n: int


NOTHING = Interval(float("nan"), float("nan"), float("nan"), 0)


@dataclass(frozen=True, slots=True)
class Paired:
    """The mean of after − before over the cases that both have, with its interval and the p-value of "no change"."""

    difference: Interval
    p: float


def mean_interval(values: Sequence[float], clusters: Sequence[str], seed: int = SEED) -> Interval:
    """Mean with the percentile interval of a cluster bootstrap (Cameron, Gelbach, Miller 2008, "Bootstrap-Based
    Improvements for Inference with Clustered Errors"): whole clusters are drawn with replacement."""
    if not values:
        return NOTHING
    sums, counts = _per_cluster(values, clusters)
    drawn = np.random.default_rng(seed).integers(len(sums), size=(REPEATS, len(sums)))
    means = sums[drawn].sum(1) / counts[drawn].sum(1)
    low, high = np.quantile(means, (0.025, 0.975))
    return Interval(float(np.mean(values)), float(low), float(high), len(values))


def resampled(measure: Callable[[Sequence[int]], float], clusters: Sequence[str], seed: int = SEED) -> Interval:
    """What no mean over cases is (an area, a kappa), with its 95 % percentile interval: `measure` gets the places of
    the cases to use. Draws without a value (nan) are left out."""
    if not clusters:
        return NOTHING
    names = list(dict.fromkeys(clusters))
    members = {name: [place for place, own in enumerate(clusters) if own == name] for name in names}
    generator = np.random.default_rng(seed)
    values = []
    for _ in range(_COSTLY_REPEATS):
        drawn = generator.integers(len(names), size=len(names))
        values.append(measure([place for number in drawn for place in members[names[number]]]))
    there = [value for value in values if value == value]
    low, high = np.quantile(there, (0.025, 0.975)) if there else (float("nan"), float("nan"))
    return Interval(measure(range(len(clusters))), float(low), float(high), len(clusters))


def paired(before: Sequence[float], after: Sequence[float], clusters: Sequence[str], seed: int = SEED) -> Paired:
    """Case by case difference. p: two-sided sign-flip permutation test on clusters (Fisher 1935; Good 2005, ch. 3):
    under "no change" each cluster's summed difference is as likely with either sign. Never 0: (1 + hits) / (1 + draws).
    """
    differences = np.asarray(after, float) - np.asarray(before, float)
    if not len(differences):
        return Paired(NOTHING, 1.0)
    sums, _ = _per_cluster(differences.tolist(), clusters)
    signs = np.random.default_rng(seed).choice((-1.0, 1.0), size=(REPEATS, len(sums)))
    extreme = np.abs(signs @ sums) >= abs(sums.sum()) - 1e-12
    p = (1 + int(extreme.sum())) / (1 + REPEATS)
    return Paired(mean_interval(differences.tolist(), clusters, seed), p)


def mcnemar(before: Sequence[bool], after: Sequence[bool]) -> float:
    """Exact two-sided McNemar test (1947): of the cases that changed, as many up as down?"""
    up = sum(b < a for b, a in zip(before, after, strict=True))
    down = sum(b > a for b, a in zip(before, after, strict=True))
    return float(binomtest(up, up + down).pvalue) if up + down else 1.0


def holm(p_values: Sequence[float]) -> list[float]:
    """p-values corrected for how many there are (Holm 1979), in the order given."""
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    corrected = [1.0] * len(p_values)
    largest = 0.0
    for rank, place in enumerate(order):
        largest = max(largest, min(1.0, (len(p_values) - rank) * p_values[place]))
        corrected[place] = largest
    return corrected


def detectable(values: Sequence[float], clusters: Sequence[str], power: float = 0.8) -> float:
    """The smallest mean difference that a two-sided test at 5 % would find with this power, from differences seen
    (Bloom 1995, "Minimum Detectable Effects"): (z₀.₉₇₅ + z_power) · standard error, clusters as units. nan below two.
    """
    sums, counts = _per_cluster(values, clusters)
    if len(sums) < 2:
        return float("nan")
    residuals = sums - counts * (sums.sum() / counts.sum())
    error = np.sqrt(len(sums) / (len(sums) - 1) * np.sum(residuals**2)) / counts.sum()
    return float((norm.ppf(0.975) + norm.ppf(power)) * error)


def rate_interval(hits: int, n: int) -> Interval:
    """A share with its exact interval (Clopper, Pearson 1934): 0 of n still has an upper bound."""
    if not n:
        return NOTHING
    bounds = binomtest(hits, n).proportion_ci(0.95, "exact")
    return Interval(hits / n, float(bounds.low), float(bounds.high), n)


def _per_cluster(values: Sequence[float], clusters: Sequence[str]) -> tuple[Floats, Floats]:
    """Sum and number of the values of each cluster, clusters in order of appearance."""
    places = {name: place for place, name in enumerate(dict.fromkeys(clusters))}
    index = np.array([places[name] for name in clusters], int)
    if len(index) != len(values):
        raise ValueError(f"{len(values)} values, {len(index)} clusters")
    sums, counts = np.zeros(len(places)), np.zeros(len(places))
    np.add.at(sums, index, np.asarray(values, float))
    np.add.at(counts, index, 1.0)
    return sums, counts
