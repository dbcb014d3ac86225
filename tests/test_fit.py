"""What retrieval was fitted to: it belongs to the encoder and the data it says, and it does what it is there for."""

from dataclasses import astuple, replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from fakes_ingest import FakeEncoder

from assistant.encoders import SentenceEncoder
from assistant.retrieve.answerable import probability
from assistant.retrieve.fit import Centred, Curve, load_fit, save_fit
from assistant.types import Signals
from eval.fit import data_digest

NEAR = Signals(best=0.6, lead=0.1, unknown=0.0)


def test_the_fit_that_ships_was_made_from_the_notes_and_cases_that_ship() -> None:
    assert load_fit().data == data_digest(), "stale: run `python -m eval.fit` and commit what it writes"


def test_a_fit_is_written_as_it_was(tmp_path: Path) -> None:
    save_fit(load_fit(), tmp_path / "fit.json")
    assert load_fit(tmp_path / "fit.json") == load_fit()


@pytest.mark.integration
def test_the_fit_belongs_to_the_encoder_that_ships_and_spreads_its_tokens(encoder: SentenceEncoder) -> None:
    centred = Centred(encoder, load_fit())
    assert centred.name.startswith(load_fit().encoder) and centred.name != encoder.name
    texts = ["Дрейф данных ловят по PSI.", "A bandit explores.", "Кэш токенов занимает память.", "Uplift of a coupon."]

    def mean_cosine(which: SentenceEncoder | Centred) -> float:
        found = [embedding.tokens for embedding in which.passages(texts)]
        return float(np.mean([(one @ other.T).mean() for one, other in combinations(found, 2)]))

    assert mean_cosine(encoder) > 0.6
    assert mean_cosine(centred) < mean_cosine(encoder) / 2
    lengths = np.linalg.norm(centred.query("что такое PSI?").tokens, axis=1)
    assert lengths == pytest.approx(np.ones(len(lengths)), abs=1e-4)


def test_another_encoder_is_left_as_it_is() -> None:
    plain = FakeEncoder()
    centred = Centred(plain, load_fit())
    assert centred.name == plain.name
    assert (centred.query("one two").tokens == plain.query("one two").tokens).all()


def test_another_fit_gives_another_name() -> None:
    plain, fit = FakeEncoder(), load_fit()
    zeros = tuple([0.0] * plain.dimension)
    fits = replace(fit, encoder="fake", question=zeros, passage=zeros)
    moved = replace(fits, passage=tuple([0.5] * plain.dimension))
    assert len({Centred(plain, one).name for one in (fit, fits, moved)}) == 3


def test_the_curve_is_a_probability_and_follows_its_signals() -> None:
    curve = Curve(-1.0, (2.0, 4.0, -3.0))
    assert probability(None, curve) == 0.0
    assert probability(NEAR, curve) == pytest.approx(1 / (1 + np.exp(-(-1.0 + 1.2 + 0.4))))
    assert probability(replace(NEAR, unknown=1.0), curve) < probability(NEAR, curve)
    assert 0 <= probability(replace(NEAR, best=-1e9), curve) <= probability(replace(NEAR, best=1e9), curve) <= 1


def test_what_ships_trusts_a_clear_find_and_doubts_an_unknown_name() -> None:
    curve = load_fit().curve
    assert len(curve.weights) == len(astuple(NEAR))
    assert probability(replace(NEAR, lead=0.15), curve) > 0.8
    assert probability(replace(NEAR, unknown=1.0), curve) < probability(NEAR, curve)
    assert probability(replace(NEAR, lead=0.0), curve) < probability(NEAR, curve)
