"""BM25 as two sparse vectors: term saturation on the passage side, term counts on the query side.

score(q, d) = Σ_t idf(t) · count(t, q) · tf·(k1+1) / (tf + k1·(1 − b + b·|d|/avg)), Robertson & Zaragoza 2009,
"The Probabilistic Relevance Framework: BM25 and Beyond", eq. 3.15. The index multiplies the IDF.
"""

from collections import Counter
from collections.abc import Iterable
from zlib import crc32

from assistant.text import terms
from assistant.types import SparseVector

K1 = 1.2
B = 0.75

# Terms of an average chunk. A constant, not a running mean: a weight then depends on its own passage alone, so
# adding a note changes no other note's vector. It only shifts how hard length is punished.
AVERAGE_LENGTH = 60.0

# Part of every point's fingerprint: changing how weights come about makes the index renew itself.
VERSION = f"crc32 k1={K1} b={B} avg={AVERAGE_LENGTH} analyser=1"


def passage_vector(text: str, average_length: float = AVERAGE_LENGTH) -> SparseVector:
    """Saturated term weights of what is to be found: heading and text together."""
    counts = Counter(terms(text))
    penalty = K1 * (1 - B + B * counts.total() / average_length)
    return _vector((term, count * (K1 + 1) / (count + penalty)) for term, count in counts.items())


def query_vector(text: str) -> SparseVector:
    """Term counts of a question."""
    return _vector((term, float(count)) for term, count in Counter(terms(text)).items())


def term_id(term: str) -> int:
    """Stable across processes and versions. Two of n different terms share an id with p ≈ n²/2³³: 1 % at 9,000."""
    return crc32(term.encode("utf-8", "surrogatepass"))


def _vector(weights: Iterable[tuple[str, float]]) -> SparseVector:
    """Terms that share an id share its weight, ids ascending."""
    by_id: dict[int, float] = {}
    for term, weight in weights:
        identity = term_id(term)
        by_id[identity] = by_id.get(identity, 0.0) + weight
    ordered = sorted(by_id.items())
    return SparseVector(tuple(i for i, _ in ordered), tuple(w for _, w in ordered))
