"""Measures against arithmetic done by hand or by another library."""

import math

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss, cohen_kappa_score, f1_score, ndcg_score, roc_auc_score

from eval import agreement, probability, ranking
from eval.stats import resampled

DRAWS = np.random.default_rng(3)


def test_ranking_by_hand() -> None:
    ranked, wanted = ["a", "b", "c", "d"], {"c", "x"}
    assert ranking.hit(ranked, wanted, 2) == 0
    assert ranking.hit(ranked, wanted, 3) == 1
    assert ranking.reciprocal_rank(ranked, wanted, 10) == 1 / 3
    assert ranking.reciprocal_rank(ranked, wanted, 2) == 0
    assert ranking.recall(ranked, wanted, 50) == 0.5
    assert ranking.ndcg(ranked, wanted, 10) == pytest.approx((1 / math.log2(4)) / (1 + 1 / math.log2(3)))


def test_ndcg_is_scikit_learns() -> None:
    for _ in range(20):
        gold = DRAWS.integers(0, 2, 10)
        if not gold.any():
            continue
        scores = DRAWS.permutation(10).astype(float)
        ranked = [str(place) for place in np.argsort(-scores)]
        wanted = [str(place) for place in np.flatnonzero(gold)]
        assert ranking.ndcg(ranked, wanted, 10) == pytest.approx(ndcg_score([gold], [scores], k=10))


def test_probabilities_are_scikit_learns() -> None:
    truths = DRAWS.integers(0, 2, 200).astype(bool).tolist()
    chances = np.round(DRAWS.uniform(size=200), 1).tolist()  # with ties
    assert probability.auc(truths, chances) == pytest.approx(roc_auc_score(truths, chances))
    assert probability.brier(truths, chances) == pytest.approx(brier_score_loss(truths, chances))
    assert math.isnan(probability.auc([True, True], [0.1, 0.2]))
    assert math.isnan(probability.brier([], []))


def test_calibration_error_by_hand() -> None:
    chances = [0.1] * 10 + [0.9] * 10
    truths = [False] * 8 + [True] * 2 + [True] * 9 + [False]
    assert probability.calibration_error(truths, chances, 2) == pytest.approx(0.05)
    assert [one.n for one in probability.bins(truths, chances, 3)] == [7, 7, 6]
    assert probability.bins([True], [0.4]) == [probability.Bin(1, 0.4, 1.0)]


def test_risk_falls_where_coverage_does() -> None:
    points = probability.risk_coverage([True, True, False, False], [0.9, 0.8, 0.8, 0.1])
    assert [(point.coverage, point.risk) for point in points] == [(0.25, 0), (0.75, 1 / 3), (1, 0.5)]


def test_agreement_is_scikit_learns() -> None:
    labels = ["covered", "partly", "missing"]
    one, other = DRAWS.choice(labels, 100).tolist(), DRAWS.choice(labels, 100).tolist()
    assert agreement.kappa(one, other) == pytest.approx(cohen_kappa_score(one, other))
    assert agreement.macro_f1(one, other) == pytest.approx(f1_score(one, other, average="macro"))
    a, b = DRAWS.integers(0, 11, 100), DRAWS.integers(0, 11, 100)
    ours = agreement.weighted_kappa((a / 10).tolist(), (b / 10).tolist())
    assert ours == pytest.approx(cohen_kappa_score(a, b, weights="quadratic"))
    assert math.isnan(agreement.kappa(["a"], ["a"]))
    assert math.isnan(agreement.accuracy([], []))


def test_a_resampled_mean_has_the_interval_of_a_mean() -> None:
    values = DRAWS.normal(0.5, 0.1, 100)
    interval = resampled(lambda places: float(values[list(places)].mean()), [str(place) for place in range(100)])
    assert interval.mean == pytest.approx(values.mean())
    assert interval.high - interval.low == pytest.approx(2 * 1.96 * 0.1 / 10, rel=0.25)
    assert math.isnan(resampled(lambda places: 1.0, []).mean)
