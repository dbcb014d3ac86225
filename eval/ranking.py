"""How well a ranked list holds what was wanted: pure functions of ids. Every item counts alike (binary relevance)."""

import math
from collections.abc import Collection, Sequence


def hit(ranked: Sequence[str], wanted: Collection[str], depth: int) -> float:
    """1 if anything wanted stands among the first `depth`."""
    return float(any(item in wanted for item in ranked[:depth]))


def reciprocal_rank(ranked: Sequence[str], wanted: Collection[str], depth: int) -> float:
    """1 / rank of the first wanted item, 0 beyond `depth` (MRR is its mean; Voorhees 1999)."""
    return next((1.0 / rank for rank, item in enumerate(ranked[:depth], 1) if item in wanted), 0.0)


def ndcg(ranked: Sequence[str], wanted: Collection[str], depth: int) -> float:
    """Discounted gain, 1 / log2(rank + 1) each, as a share of the best order's (Järvelin, Kekäläinen 2002)."""
    gain = math.fsum(1.0 / math.log2(rank + 1) for rank, item in enumerate(ranked[:depth], 1) if item in wanted)
    best = math.fsum(1.0 / math.log2(rank + 1) for rank in range(1, min(len(wanted), depth) + 1))
    return gain / best


def recall(ranked: Sequence[str], wanted: Collection[str], depth: int) -> float:
    """The share of what was wanted among the first `depth`."""
    return len(set(ranked[:depth]) & set(wanted)) / len(set(wanted))
