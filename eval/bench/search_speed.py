"""Search: this project's index raced against two others over the same notes and vectors, in the same run."""

import gc
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.answer import Ask
from config.settings import RetrieveSettings, Settings
from eval.bench import contenders
from eval.bench.measure import Call, Plan, race
from eval.bench.synthetic import Corpus

Say = Callable[[str], None]

SIZES = (138, 5_000, 50_000)
_DIMENSION = 384
_BEST = 10
_PLAN = Plan()
# Token vectors of 50,000 notes at 150 each would be 2.9 GB on disk and four minutes of indexing; late interaction looks
# at equally many notes however many there are, so what is lost is only that these are shorter.
_TOKENS = ((5_000, 150), (50_000, 15))


def measure(sizes: tuple[int, ...], settings: Settings, words: tuple[str, ...], say: Say) -> dict[str, object]:
    """Rows by size, as they go into the results."""
    rows = []
    for size in sizes:
        corpus = Corpus(size, _tokens(size), _DIMENSION, words)
        say(f"search: {size} notes")
        with TemporaryDirectory(prefix="bench-search-") as home:
            at = settings.model_copy(update={"home": Path(home)})
            rows.append({"notes": size, "tokens": corpus.tokens, **_row(corpus, at, say)})
        gc.collect()
    return {"rows": rows}


def _row(corpus: Corpus, settings: Settings, say: Say) -> dict[str, object]:
    questions = corpus.questions(_PLAN.questions)
    began = time.perf_counter()
    with contenders.opened(corpus, settings) as assistant:
        say(f"  ours: filled in {time.perf_counter() - began:.0f} s")
        raced: dict[str, Call] = {
            "ours": contenders.ours(assistant.store, questions, late=False),
            "ours_late": contenders.ours(assistant.store, questions, late=True),
            "whole": lambda number: assistant.search(Ask(questions[number].text), _BEST),
        }
        for name, made in (("qdrant_local", contenders.qdrant_local), ("langchain", contenders.langchain_ensemble)):
            began = time.perf_counter()
            raced[name] = made(corpus, questions)
            say(f"  {name}: filled in {time.perf_counter() - began:.0f} s")
        found = race(raced, _PLAN)
    return {"reordered": RetrieveSettings().rerank, "times": {name: asdict(value) for name, value in found.items()}}


def _tokens(size: int) -> int:
    return next((tokens for most, tokens in _TOKENS if size <= most), _TOKENS[-1][1])
