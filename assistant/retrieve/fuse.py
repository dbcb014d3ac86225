"""Weighted reciprocal rank fusion, by the textbook (Cormack, Clarke, Büttcher 2009).

Own code on purpose: Qdrant's weights divide the rank instead of multiplying the share, so with k=60 they do not
mean what they say, and the same arithmetic must hold for the embedded engine and for a server.
"""

from collections import defaultdict
from collections.abc import Sequence

from assistant.types import Scored


def fuse(lists: Sequence[tuple[float, Sequence[Scored]]], k: float) -> list[Scored]:
    """Sum of `weight / (k + rank)` over the lists a chunk stands in, rank counted from 1.

    Best first; equal scores are ordered by id, so the order of the lists decides nothing.
    """
    totals: dict[str, float] = defaultdict(float)
    for weight, hits in lists:
        for rank, hit in enumerate(hits, start=1):
            totals[hit.chunk_id] += weight / (k + rank)
    return [Scored(chunk_id, score) for chunk_id, score in sorted(totals.items(), key=lambda item: (-item[1], item[0]))]
