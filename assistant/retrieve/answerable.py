"""P(answerable): how likely it is that the retrieved passages hold the answer, from signals that cost nothing more.

A logistic curve (Platt 1999) over the signals of one search, fitted by `python -m eval.fit`.
"""

import math
from dataclasses import astuple

from assistant.retrieve.fit import Curve
from assistant.types import Signals


def probability(signals: Signals | None, curve: Curve) -> float:
    """A number in 0..1. Nothing retrieved is 0."""
    if signals is None:
        return 0.0
    score = curve.bias + math.fsum(w * s for w, s in zip(curve.weights, astuple(signals), strict=True))
    return 1.0 / (1.0 + math.exp(-min(max(score, -40.0), 40.0)))
