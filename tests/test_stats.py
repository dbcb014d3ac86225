"""Statistics against cases worked out by hand or by another library."""

import math

import numpy as np
import pytest
from scipy.stats import false_discovery_control, ttest_rel

from eval.stats import detectable, holm, mcnemar, mean_interval, paired, rate_interval

DRAWS = np.random.default_rng(7)


def test_the_interval_holds_the_true_mean_as_often_as_it_says() -> None:
    held = 0
    for seed in range(200):
        values = np.random.default_rng(seed).binomial(1, 0.7, 80).astype(float).tolist()
        interval = mean_interval(values, [str(place) for place in range(80)], seed)
        held += interval.low <= 0.7 <= interval.high
    assert 0.90 <= held / 200 <= 0.99


def test_cases_of_one_note_count_as_one() -> None:
    values = [1.0] * 40 + [0.0] * 40
    apart = mean_interval(values, [str(place) for place in range(80)])
    together = mean_interval(values, [str(place // 20) for place in range(80)])
    assert together.high - together.low > 2 * (apart.high - apart.low)


def test_paired_agrees_with_a_t_test_where_that_holds() -> None:
    before = DRAWS.normal(0, 1, 60)
    after = before + DRAWS.normal(0.3, 0.8, 60)
    ours = paired(before.tolist(), after.tolist(), [str(place) for place in range(60)])
    assert ours.p == pytest.approx(ttest_rel(after, before).pvalue, abs=0.02)
    assert ours.difference.low < 0.3 < ours.difference.high


def test_no_change_is_seldom_called_one() -> None:
    called = 0
    for seed in range(200):
        draws = np.random.default_rng(seed)
        before, after = draws.binomial(1, 0.6, (2, 60)).astype(float)
        called += paired(before.tolist(), after.tolist(), [str(p // 2) for p in range(60)], seed).p < 0.05
    assert called / 200 <= 0.09


def test_mcnemar_is_the_binomial_test_of_the_changed() -> None:
    before = [True] * 10 + [False] * 10
    after = [False] * 8 + [True] * 2 + [False] * 10
    assert mcnemar(before, after) == pytest.approx(2 * 0.5**8)
    assert mcnemar(before, before) == 1.0


def test_holm_by_hand_and_never_below_the_milder_correction() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    p_values = DRAWS.uniform(size=9)
    assert (np.array(holm(p_values.tolist())) >= false_discovery_control(p_values) - 1e-12).all()


def test_an_effect_of_the_detectable_size_is_found_four_times_in_five() -> None:
    names = [str(place) for place in range(60)]
    size = detectable(np.random.default_rng(1).normal(0, 1, 60).tolist(), names)
    found = 0
    for seed in range(200):
        change = np.random.default_rng(seed).normal(size, 1, 60)
        found += paired([0.0] * 60, change.tolist(), names, seed).p < 0.05
    assert 0.65 <= found / 200 <= 0.95
    assert math.isnan(detectable([1.0], ["a"]))


def test_nothing_seen_still_has_an_upper_bound() -> None:
    interval = rate_interval(0, 100)
    assert interval.low == 0
    assert interval.high == pytest.approx(1 - 0.025 ** (1 / 100), abs=1e-9)


def test_without_values_there_is_no_number() -> None:
    assert math.isnan(mean_interval([], []).mean)
    assert paired([], [], []).p == 1.0
    with pytest.raises(ValueError, match="2 values, 1 clusters"):
        mean_interval([1.0, 2.0], ["a"])
