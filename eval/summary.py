"""Rows to numbers: each with its interval and with how many cases were scored, unscored and failed."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from eval import agreement, probability
from eval.measures import MEASURES, Better, Judge
from eval.rows import Json, Row
from eval.stats import Interval, mean_interval, resampled

T = TypeVar("T")

OUTCOMES = ("answered_right", "answered_wrong", "refused_right", "refused_wrong")
DIMENSIONS = ("slice", "language", "topic", "level", "mode")


@dataclass(frozen=True, slots=True)
class Number:
    """A measure over cases: its mean with an interval, and what became of each case."""

    interval: Interval
    scored: int
    unscored: int
    failed: int
    better: Better | None = None
    judge: Judge = "none"


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds of one kind of work."""

    n: int
    p50: float
    p95: float


def numbers(rows: Sequence[Row]) -> dict[str, Number]:
    """Every measure that applies to these rows, then what no mean over cases gives."""
    return dict(_means(rows)) | {name: number for name, number in _wholes(rows) if number.scored}


def by_slice(rows: Sequence[Row]) -> dict[str, dict[str, dict[str, Number]]]:
    """The means of each value of each dimension: slice, language, topic, level, mode."""
    found: dict[str, dict[str, dict[str, Number]]] = {}
    for dimension in DIMENSIONS:
        values = sorted({row.tags[dimension] for row in rows if dimension in row.tags})
        for value in values:
            own = [row for row in rows if row.tags.get(dimension) == value]
            found.setdefault(dimension, {})[value] = dict(_means(own))
    return found


def outcomes(rows: Iterable[Row]) -> dict[str, int]:
    """The four refusal numbers as counts."""
    counted = Counter(row.output["outcome"] for row in rows if "outcome" in row.output)
    return {name: counted[name] for name in OUTCOMES}


def latencies(rows: Iterable[Row]) -> dict[str, Latency]:
    """Each kind of work that was timed."""
    taken: dict[str, list[float]] = {}
    for row in rows:
        for name, value in row.timings_ms.items():
            taken.setdefault(name, []).append(value)
    return {
        name: Latency(len(values), float(np.quantile(values, 0.5)), float(np.quantile(values, 0.95)))
        for name, values in taken.items()
    }


def chances(rows: Iterable[Row]) -> tuple[list[bool], list[float], list[str]]:
    """Of every question asked: is it answerable, P(answerable) as given, its cluster."""
    asked = [row for row in rows if "answerable" in row.output]
    truths = [row.kind == "answerable" for row in asked]
    return truths, [float(row.output["answerable"]) for row in asked], [row.cluster for row in asked]


def point_pairs(rows: Iterable[Row]) -> tuple[list[str], list[str], list[str]]:
    """Of every key point graded: its mark, its verdict, its cluster."""
    compared = [row for row in rows if "points_agree" in row.scores and row.scores["points_agree"].status == "scored"]
    marks = [mark["verdict"] for row in compared for mark in row.input["marks"]]
    given = [point["verdict"] for row in compared for point in row.output["points"]]
    return marks, given, [row.cluster for row in compared for _ in row.input["marks"]]


def to_json(number: Number) -> Json:
    """The stored form; what is no number is null."""
    interval = number.interval
    bounds = {"mean": interval.mean, "low": interval.low, "high": interval.high}
    counts = {"scored": number.scored, "unscored": number.unscored, "failed": number.failed}
    how = {"better": number.better, "judge": number.judge}
    return {**{key: None if math.isnan(v) else round(v, 6) for key, v in bounds.items()}, **counts, **how}


def from_json(stored: Mapping[str, object]) -> Number:
    """What `to_json` stored."""
    values = {key: math.nan if stored[key] is None else float(str(stored[key])) for key in ("mean", "low", "high")}
    counts = {key: int(str(stored[key])) for key in ("scored", "unscored", "failed")}
    better, judge = stored["better"], stored["judge"]
    interval = Interval(values["mean"], values["low"], values["high"], counts["scored"])
    return Number(interval, counts["scored"], counts["unscored"], counts["failed"], better, judge)  # type: ignore[arg-type]


def _means(rows: Sequence[Row]) -> Iterable[tuple[str, Number]]:
    for measure in MEASURES:
        own = [row for row in rows if measure.name in row.scores]
        if not own:
            continue
        status = Counter(row.scores[measure.name].status for row in own)
        there = [(value, row.cluster) for row in own if (value := row.scores[measure.name].value) is not None]
        interval = mean_interval([value for value, _ in there], [cluster for _, cluster in there])
        counts = status["scored"], status["unscored"], status["failed"]
        yield measure.name, Number(interval, *counts, measure.better, measure.judge)


def _wholes(rows: Sequence[Row]) -> Iterable[tuple[str, Number]]:
    truths, said, clusters = chances(rows)
    yield "answerable_auc", _whole(lambda p: probability.auc(_at(truths, p), _at(said, p)), clusters, "higher")
    yield (
        "answerable_ece",
        _whole(lambda p: probability.calibration_error(_at(truths, p), _at(said, p)), clusters, "lower"),
    )
    asked = [row for row in rows if "outcome" in row.output]
    names = [row.cluster for row in asked]
    for name in OUTCOMES:
        yield f"share_{name}", _share([row.output["outcome"] == name for row in asked], names)
    marks, given, notes = point_pairs(rows)
    yield "points_kappa", _whole(lambda p: agreement.kappa(_at(marks, p), _at(given, p)), notes, "higher")
    yield "points_macro_f1", _whole(lambda p: agreement.macro_f1(_at(marks, p), _at(given, p)), notes, "higher")
    graded = [row for row in rows if "score_error" in row.scores and row.scores["score_error"].status == "scored"]
    people, ours = [row.output["marked"] for row in graded], [row.output["score"] for row in graded]
    own = [row.cluster for row in graded]
    yield "score_qwk", _whole(lambda p: agreement.weighted_kappa(_at(people, p), _at(ours, p)), own, "higher")


def _at(values: Sequence[T], places: Sequence[int]) -> list[T]:
    return [values[place] for place in places]


def _whole(measure: Callable[[Sequence[int]], float], clusters: Sequence[str], better: Better) -> Number:
    return Number(resampled(measure, clusters), len(clusters), 0, 0, better)


def _share(values: Sequence[bool], clusters: Sequence[str]) -> Number:
    return Number(mean_interval([float(value) for value in values], clusters), len(values), 0, 0)
