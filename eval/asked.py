"""Questions put to the assistant, and every score of its answer that needs no judge."""

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace

from assistant.answer import Ask
from assistant.types import Answer, Note, Retrieved
from assistant.wire import citation_json
from eval import cited, ranking
from eval.cases import Answerable, Unanswerable
from eval.measures import MEASURES
from eval.rows import BROKEN, Json, Kind, Row, Score, digest, failed, plain, scored, unscored
from eval.subject import Subject
from eval.subset import note_ids, slice_of

Clock = Callable[[], float]
Question = Answerable | Unanswerable

DEPTH = 50
_LISTED = 10
REFUSED = "it was refused"


def ask_one(case: Question, subject: Subject, clock: Clock = time.perf_counter) -> tuple[Row, Answer | None]:
    """One question's row, and the answer for those who judge it; None when the assistant failed."""
    row = _blank(case, subject)
    try:
        began = clock()
        answer = subject.answer(Ask(case.question, case.history if isinstance(case, Answerable) else ()))
        answered = clock()
        found = subject.search(Ask(answer.standalone_question), DEPTH)
        scores = _scores(case, answer, found, subject)
    except BROKEN as error:
        return replace(row, scores=_all_failed(row, error)), None
    timings = {"answer": 1000 * (answered - began), "search": 1000 * (clock() - answered)}
    output = _output(answer, found) | {"outcome": outcome(row.kind, answer, scores)}
    tags = {**row.tags, "mode": answer.mode + (" with lead" if answer.lead else "")}
    return replace(row, scores=scores, output=output, tags=tags, timings_ms=timings), answer


def outcome(kind: str, answer: Answer, scores: Mapping[str, Score]) -> str:
    """One of the four ways a question can end."""
    if answer.mode == "refused":
        return "refused_right" if kind == "unanswerable" else "refused_wrong"
    right = kind == "answerable" and scores["answered_right"].value == 1
    return "answered_right" if right else "answered_wrong"


def _blank(case: Question, subject: Subject) -> Row:
    ids = note_ids(case)
    note = subject.note(ids[0]) if ids else None
    tags = {"slice": slice_of(case), "language": case.language}
    if note is not None:
        tags |= {"topic": note.topic, "level": note.level or "none"}
    kind: Kind = "answerable" if isinstance(case, Answerable) else "unanswerable"
    given = plain({key: value for key, value in asdict(case).items() if key != "id"})
    return Row(case.id, kind, ids[0] if ids else case.id, digest(given), tags, given)


def _all_failed(row: Row, error: Exception) -> dict[str, Score]:
    reason = f"{type(error).__name__}: {error}"
    return {
        measure.name: scored(0.0) if measure.name == "completed" else failed(reason)
        for measure in MEASURES
        if row.kind in measure.of and measure.judge == "none"
    }


def _scores(case: Question, answer: Answer, found: Retrieved, subject: Subject) -> dict[str, Score]:
    answerable = isinstance(case, Answerable)
    notes = _cited_notes(answer, subject)
    scores = {"completed": scored(1.0), "brier": scored((found.answerable - answerable) ** 2)}
    scores |= _citation_scores(answer, notes)
    if isinstance(case, Answerable):
        missing = missing_gold(case, subject)
        scores["gold_indexed"] = scored(not missing)
        scores |= _ranking_scores(case, found, missing)
        scores |= _content_scores(case, answer, missing)
    else:
        scores["refused_right"] = scored(answer.mode == "refused")
    return scores


def missing_gold(case: Answerable, subject: Subject) -> str:
    """What of the evidence is not in the index (any more), or nothing."""
    for evidence in case.evidence:
        note = subject.note(evidence.note_id)
        if note is None:
            return f"no note {evidence.note_id} is indexed"
        if evidence.quote not in note.text:
            return f"note {evidence.note_id} no longer holds the evidence"
        if all(chunk.chunk_id != evidence.chunk_id for chunk in subject.chunks(evidence.note_id)):
            return f"note {evidence.note_id} is cut into other chunks"
    return ""


def _ranking_scores(case: Answerable, found: Retrieved, missing: str) -> dict[str, Score]:
    ranked = [passage.note.note_id for passage in found.passages]
    wanted = note_ids(case)
    values = {
        "hit@1": ranking.hit(ranked, wanted, 1),
        "hit@5": ranking.hit(ranked, wanted, 5),
        "mrr@10": ranking.reciprocal_rank(ranked, wanted, 10),
        "ndcg@10": ranking.ndcg(ranked, wanted, 10),
        "recall@50": ranking.recall(ranked, wanted, DEPTH),
    }
    return {name: unscored(missing) if missing else scored(value) for name, value in values.items()}


def _citation_scores(answer: Answer, notes: Mapping[str, Note]) -> dict[str, Score]:
    if answer.mode == "refused":
        return dict.fromkeys(("markers", "spans", "verbatim"), unscored(REFUSED))
    quoted = answer.mode == "quoted"
    return {
        "markers": scored(cited.markers_hold(answer)),
        "spans": scored(cited.spans_exact(answer, notes)),
        "verbatim": scored(cited.verbatim(answer, notes)) if quoted else unscored("it was written, not quoted"),
    }


def _content_scores(case: Answerable, answer: Answer, missing: str) -> dict[str, Score]:
    names = ("answered_right", "evidence_cited", "evidence_shown", "must_contain")
    if missing:
        return dict.fromkeys(names, unscored(missing))
    held = cited.contains(answer.answer, case.must_contain)
    gold = {citation.note_id for citation in answer.citations} & set(note_ids(case))
    if answer.mode == "refused":
        return {"answered_right": scored(0.0), **dict.fromkeys(names[1:], unscored(REFUSED))}
    quotes = [evidence.quote for evidence in case.evidence]
    in_span = sum(any(quote in citation.quote for citation in answer.citations) for quote in quotes)
    shown = scored(sum(quote in answer.answer for quote in quotes) / len(quotes))
    return {
        "answered_right": scored(bool(gold) and held == 1),
        "evidence_cited": scored(in_span / len(quotes)),
        "evidence_shown": shown if answer.mode == "quoted" else unscored("it was written, not quoted"),
        "must_contain": scored(held),
    }


def _cited_notes(answer: Answer, subject: Subject) -> dict[str, Note]:
    ids = {citation.note_id for citation in answer.citations}
    return {note_id: note for note_id in ids if (note := subject.note(note_id))}


def _output(answer: Answer, found: Retrieved) -> Json:
    best = found.passages[0] if found.passages else None
    stored: Json = {
        "standalone_question": answer.standalone_question,
        "mode": answer.mode,
        "answer": answer.answer,
        "lead": answer.lead,
        "engine": answer.engine,
        "citations": [citation_json(citation) for citation in answer.citations],
        "support": plain([asdict(support) for support in answer.support]),
        "answerable": found.answerable,
        "answerable_fitted": found.answerable_fitted,
        "hits": [
            {"note_id": passage.note.note_id, "title": passage.note.title, "score": round(passage.score, 6)}
            for passage in found.passages[:_LISTED]
        ],
        "best_passage": best.text if best else "",
    }
    return stored
