"""P(answerable): how likely it is that the retrieved passages hold the answer.

Provisional: a logistic curve over two cheap signals whose coefficients were fitted once on development questions
about the bundled notes, so `FITTED` is false; fitting with a stored data hash and a calibration report replaces it.
"""

import math
from collections.abc import Sequence

from assistant import text
from assistant.types import Passage

FITTED = False
# On development questions: bias, mean MaxSim of the best passage, share of the question's terms found on top.
_BIAS, _MAXSIM, _TERMS = -40.0, 46.0, 2.0
_TOP = 3


def probability(question: str, passages: Sequence[Passage]) -> float:
    """A number in 0..1; nothing retrieved is 0."""
    if not passages:
        return 0.0
    asked = set(text.terms(question))
    held = {stem for passage in passages[:_TOP] for stem in text.terms(f"{passage.chunk.heading}\n{passage.text}")}
    share = len(asked & held) / len(asked) if asked else 0.0
    best = max(passage.score for passage in passages)
    return 1.0 / (1.0 + math.exp(-(_BIAS + _MAXSIM * best + _TERMS * share)))
