"""`python -m eval.fit`: fits retrieval to the bundled notes and the golden cases of `dev`, and writes what ships.

First the centres of the encoder's token vectors (passages: the notes; questions: those of `dev`), then, on an index
built with them, the curve of P(answerable). The data's digest goes into the file, so that a stale fit is noticed.
"""

import sys
from collections.abc import Iterator
from dataclasses import astuple, fields, replace
from hashlib import blake2b

import numpy as np
from sklearn.linear_model import LogisticRegression

from assistant.build import load_encoder, open_assistant
from assistant.retrieve.fit import Curve, Fit, load_fit, save_fit
from assistant.standalone import standalone
from assistant.store.catalog import StoredNote
from assistant.types import Encoder, FloatArray, Signals
from config.settings import PROJECT, IngestSettings, Settings, load
from eval.cases import FOLDER, Cases
from eval.cases import load as load_cases
from eval.ground import prepare
from ingest.filing import name_notes, with_chunks
from ingest.parse import parse_file
from ingest.points import embedding_text

NOTES = PROJECT / "notes"
_DIGITS = 5


def data_digest() -> str:
    """Of everything a fit comes from but the encoder: the bundled notes and the questions of `dev`."""
    found = blake2b(digest_size=8)
    for file in sorted([*NOTES.glob("*.md"), *(FOLDER / "dev").glob("*able.jsonl")]):
        found.update(file.name.encode() + b"\0" + file.read_bytes())
    return found.hexdigest()


def main() -> int:
    """Fit and write; says what it found on standard error."""
    settings, cases = load(), load_cases("dev")
    save_fit(_centred(load_encoder(settings, _say), cases, settings.ingest))
    curve = _curve(prepare(NOTES, settings, {}, _say).settings, cases)
    save_fit(replace(load_fit(), curve=curve))
    _say(f"fitted: {curve}")
    return 0


def _centred(encoder: Encoder, cases: Cases, settings: IngestSettings) -> Fit:
    texts = [embedding_text(kept.chunk, stored.note) for stored in bundled(settings) for kept in stored.chunks]
    passages = encoder.passages(texts)
    questions = [encoder.query(standalone(case.question, case.history)) for case in cases.answerable]
    question, passage = (_mean([found.tokens for found in side]) for side in (questions, passages))
    undecided = Curve(0.0, (0.0,) * len(fields(Signals)))
    return Fit(encoder.name, data_digest(), question, passage, undecided)


def bundled(settings: IngestSettings) -> Iterator[StoredNote]:
    """The bundled notes as ingest files them, in the order of their files."""
    for file in sorted(NOTES.glob("*.md")):
        source = f"notes/{file.name}"
        for named in name_notes(source, [], parse_file(file.read_bytes(), source, settings).notes):
            yield with_chunks(named, settings.chunk_characters)


def _mean(tokens: list[FloatArray]) -> tuple[float, ...]:
    return tuple(round(float(value), _DIGITS) for value in np.concatenate(tokens).mean(0))


def _curve(settings: Settings, cases: Cases) -> Curve:
    """Logistic regression on the signals of every question of `dev`, weakly penalised on a common scale."""
    asked = [(standalone(case.question, case.history), True) for case in cases.answerable]
    asked += [(case.question, False) for case in cases.unanswerable]
    with open_assistant(settings, _say) as assistant:
        found = [(assistant.retriever.search(question).signals, held) for question, held in asked]
    rows = np.array([astuple(signals) for signals, _ in found if signals is not None])
    held = np.array([label for signals, label in found if signals is not None])
    middle, spread = rows.mean(0), rows.std(0)
    model = LogisticRegression().fit((rows - middle) / spread, held)
    weights = model.coef_[0] / spread
    bias = float(model.intercept_[0] - weights @ middle)
    names = [field.name for field in fields(Signals)]
    _say(f"{len(rows)} questions, on the common scale: {dict(zip(names, model.coef_[0].round(2), strict=True))}")
    return Curve(round(bias, _DIGITS), tuple(round(float(weight), _DIGITS) for weight in weights))


def _say(line: str) -> None:
    print(line, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
