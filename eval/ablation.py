"""`python -m eval.ablation dev|test`: what each part of retrieval brings, on the golden questions, as a Markdown table.

Every variant ranks the same notes from the same vectors, in memory and exactly, so that a difference is the variant's
and not an approximation's. Differences to what ships are paired by case and resampled by note.
"""

import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from assistant import bm25
from assistant.build import load_encoder
from assistant.retrieve.fit import Centred, load_fit
from assistant.retrieve.fuse import fuse
from assistant.retrieve.retriever import order
from assistant.standalone import standalone
from assistant.store.catalog import StoredNote
from assistant.types import Chunk, Embedding, Encoder, Note, Scored
from config.settings import RetrieveSettings, load
from eval.cases import SPLITS, Answerable
from eval.cases import load as load_cases
from eval.fit import bundled
from eval.ranking import hit, ndcg, recall, reciprocal_rank
from eval.stats import mean_interval, paired
from ingest.points import embedding_text

Ranking = Callable[[str], list[str]]
_DEPTH = 50


@dataclass(frozen=True, slots=True)
class Corpus:
    """Chunks with their notes, and what is known of each, in one order."""

    chunks: list[tuple[Chunk, Note]]
    plain: list[Embedding]
    centred: list[Embedding]
    pointed: list[Embedding]
    words: dict[str, dict[int, float]]
    idf: dict[int, float]


def read(encoder: Encoder, centred: Centred, stored: list[StoredNote]) -> Corpus:
    """The bundled notes, encoded both ways; `pointed` has the tokens of the key points beside those of the text."""
    chunks = [(kept.chunk, note.note) for note in stored for kept in note.chunks]
    texts = [embedding_text(chunk, note) for chunk, note in chunks]
    ours = centred.passages(texts)
    claims = {note.note_id: [point.text for point in note.key_points] for _, note in chunks}
    said = {key: centred.passages(points) for key, points in claims.items() if points}
    pointed = [
        Embedding(one.dense, np.concatenate([one.tokens, *(point.tokens for point in said.get(note.note_id, []))]))
        for one, (_, note) in zip(ours, chunks, strict=True)
    ]
    sparse = {
        chunk.chunk_id: bm25.passage_vector("\n".join([text, *claims[note.note_id]]))
        for text, (chunk, note) in zip(texts, chunks, strict=True)
    }
    found: dict[int, int] = defaultdict(int)
    for vector in sparse.values():
        for term in vector.indices:
            found[term] += 1
    idf = {term: float(np.log(1 + (len(sparse) - n + 0.5) / (n + 0.5))) for term, n in found.items()}
    words = {key: dict(zip(vector.indices, vector.values, strict=True)) for key, vector in sparse.items()}
    return Corpus(chunks, encoder.passages(texts), ours, pointed, words, idf)


class Ways:
    """The ways to rank one corpus."""

    def __init__(self, corpus: Corpus, encoder: Encoder, centred: Centred, settings: RetrieveSettings) -> None:
        self._corpus, self._encoder, self._centred, self._settings = corpus, encoder, centred, settings
        self._found = {chunk.chunk_id: (chunk, note) for chunk, note in corpus.chunks}

    def by_name(self) -> dict[str, Ranking]:
        """Each under the name it has in the table; the last is what ships."""
        corpus, plain, centred = self._corpus, self._encoder, self._centred
        ranked: dict[str, Callable[[str], list[Scored]]] = {
            "BM25": self._worded,
            "dense": self._near,
            "RRF, equal weights, k=60": lambda asked: self._fused(asked, 1, 60),
            "RRF, dense 5 : BM25 1, k=10": lambda asked: self._fused(asked, 5, 10),
            "late interaction": lambda asked: _best(self._late(asked, plain, corpus.plain).items()),
            "+ centred token vectors": lambda asked: _best(self._late(asked, centred, corpus.centred).items()),
            "+ key points": lambda asked: _best(self._late(asked, centred, corpus.pointed).items()),
            "+ the question's words (ships)": self._shipped,
        }
        return {name: _noted(ranking, self._found) for name, ranking in ranked.items()}

    def _worded(self, question: str) -> list[Scored]:
        asked = bm25.query_vector(question)
        terms = [(t, n * self._corpus.idf.get(t, 0.0)) for t, n in zip(asked.indices, asked.values, strict=True)]
        held = self._corpus.words.items()
        scores = {key: sum(weights.get(t, 0.0) * weight for t, weight in terms) for key, weights in held}
        return _best((key, score) for key, score in scores.items() if score > 0)

    def _near(self, question: str) -> list[Scored]:
        asked = self._encoder.query(question).dense
        pairs = zip(self._corpus.chunks, self._corpus.plain, strict=True)
        return _best((chunk.chunk_id, float(one.dense @ asked)) for (chunk, _), one in pairs)

    def _fused(self, question: str, dense: float, k: float) -> list[Scored]:
        deep = self._settings.candidates
        return fuse([(dense, self._near(question)[:deep]), (1, self._worded(question)[:deep])], k)

    def _late(self, question: str, by: Encoder, among: list[Embedding]) -> dict[str, float]:
        weight, k = self._settings.dense_weight / self._settings.sparse_weight, self._settings.rrf_k
        kept = {one.chunk_id for one in self._fused(question, weight, k)[: self._settings.rerank]}
        asked = by.query(question).tokens
        return {
            chunk.chunk_id: float((asked @ one.tokens.T).max(1).mean())
            for (chunk, _), one in zip(self._corpus.chunks, among, strict=True)
            if chunk.chunk_id in kept
        }

    def _shipped(self, question: str) -> list[Scored]:
        meaning = self._late(question, self._centred, self._corpus.pointed)
        words = {one.chunk_id: one.score for one in self._worded(question)[: self._settings.candidates]}
        return _best(order(question, meaning, words, {key: self._found[key] for key in meaning}).items())


def _noted(ranking: Callable[[str], list[Scored]], found: dict[str, tuple[Chunk, Note]]) -> Ranking:
    """Note ids instead of chunks, each once."""
    return lambda asked: list(dict.fromkeys(found[one.chunk_id][1].note_id for one in ranking(asked)))


def _best(scores: Iterable[tuple[str, float]]) -> list[Scored]:
    """Best first, equal scores by id."""
    return [Scored(key, score) for key, score in sorted(scores, key=lambda item: (-item[1], item[0]))]


def table(rankings: dict[str, list[list[str]]], cases: tuple[Answerable, ...]) -> list[str]:
    """Markdown: a row a variant; the last two columns are its MRR@10 and nDCG@10 less what ships."""
    wanted = [{evidence.note_id for evidence in case.evidence} for case in cases]
    clusters = [case.evidence[0].note_id for case in cases]

    def values(name: str, measure: Callable[[list[str], set[str], int], float], depth: int) -> list[float]:
        return [measure(ids, gold, depth) for ids, gold in zip(rankings[name], wanted, strict=True)]

    *_, ships = rankings
    rows = ["| | hit@1 | hit@5 | MRR@10 | nDCG@10 | recall@50 | ΔMRR@10 | ΔnDCG@10 |", "|---|" + "---|" * 7]
    for name in rankings:
        kinds = ((hit, 1), (hit, 5), (reciprocal_rank, 10), (ndcg, 10), (recall, _DEPTH))
        cells = [f"{mean_interval(values(name, measure, depth), clusters).mean:.3f}" for measure, depth in kinds]
        for measure in (reciprocal_rank, ndcg):
            change = paired(values(ships, measure, 10), values(name, measure, 10), clusters)
            span = change.difference
            cells.append("" if name == ships else f"{span.mean:+.3f} ({span.low:+.3f}…{span.high:+.3f})")
        rows.append(f"| {name} | " + " | ".join(cells) + " |")
    return rows


def main(arguments: list[str]) -> int:
    """Print the tables of one half: all cases, then each slice's MRR@10."""
    split = next((known for known in SPLITS if arguments == [known]), None)
    if split is None:
        print("Which half: python -m eval.ablation dev, or test.", file=sys.stderr)
        return 2
    settings, cases = load(), load_cases(split).answerable
    encoder = load_encoder(settings, lambda line: print(line, file=sys.stderr))
    centred = Centred(encoder, load_fit())
    corpus = read(encoder, centred, list(bundled(settings.ingest)))
    asked = [standalone(case.question, case.history) for case in cases]
    ways = Ways(corpus, encoder, centred, settings.retrieve).by_name()
    rankings = {name: [ranking(question) for question in asked] for name, ranking in ways.items()}
    print(f"All {len(cases)} questions of `{split}`\n", *table(rankings, cases), sep="\n")
    names = [*sorted({case.slice for case in cases}), "ru", "en"]
    print("\nMRR@10 by slice\n\n| | " + " | ".join(names) + " |\n|---|" + "---|" * len(names))
    for name, lists in rankings.items():
        cells = []
        for wanted in names:
            own = [
                reciprocal_rank(ids, {e.note_id for e in case.evidence}, 10)
                for ids, case in zip(lists, cases, strict=True)
                if wanted in (case.slice, case.language)
            ]
            cells.append(f"{np.mean(own):.3f}")
        print(f"| {name} | " + " | ".join(cells) + " |")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
