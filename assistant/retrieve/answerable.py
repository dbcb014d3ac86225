"""P(answerable): how likely it is that the retrieved passages hold the answer.

Provisional: a logistic curve over one signal, fitted once on 90 answerable and 60 unanswerable development questions
about the bundled notes (AUC .91 there), so `FITTED` is false; a fit that is stored with the hash of its data, and a
calibration report, replace it.
"""

import math
from collections.abc import Sequence

from assistant.types import Passage

FITTED = False
_BIAS, _MAXSIM = -65.4, 81.6


def probability(passages: Sequence[Passage]) -> float:
    """A number in 0..1 from the best passage's mean MaxSim; nothing retrieved is 0."""
    if not passages:
        return 0.0
    best = max(passage.score for passage in passages)
    return 1.0 / (1.0 + math.exp(-(_BIAS + _MAXSIM * best)))
