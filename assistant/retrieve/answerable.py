"""P(answerable): how likely it is that the retrieved passages hold the answer.

Provisional: a logistic curve over two signals, fitted once on 90 answerable and 60 unanswerable development questions
about the bundled notes (AUC .92 there), so `FITTED` is false; a fit that is stored with the hash of its data, and a
calibration report, replace it.
"""

import math
from collections.abc import Sequence
from statistics import median

FITTED = False
_BIAS, _BEST, _GAP = -53.75, 64.23, 46.66


def probability(scores: Sequence[float]) -> float:
    """A number in 0..1 from the candidates' mean MaxSim: how good the best is, and how far above the usual.

    Nothing retrieved is 0.
    """
    if not scores:
        return 0.0
    best = max(scores)
    return 1.0 / (1.0 + math.exp(-(_BIAS + _BEST * best + _GAP * (best - median(scores)))))
