"""An answer judged: is what was written borne out by its passages and its citations, and does it say what it should."""

from dataclasses import asdict, replace

from assistant.errors import EngineError
from assistant.types import Answer
from eval.asked import REFUSED
from eval.cases import Answerable
from eval.judge.statements import Judged, cited, contexts, response, shown, statements, written
from eval.judge.verdicts import OneToken
from eval.rows import Json, Row, Score, plain, scored, unscored

NAMES = ("faithfulness", "citation_support", "reference_recall")
CONTEXTS = 3
_QUOTED = "nothing was written: it is the note, word for word"


def judged(row: Row, case: Answerable, answer: Answer | None, judge: OneToken) -> Row:
    """The row with the one-token scores, and with what a judge of another kind needs."""
    if answer is None:
        reason = row.scores["answered_right"].reason
        return replace(row, scores={**row.scores, **dict.fromkeys(NAMES, Score("failed", None, reason))})
    if answer.mode == "refused":
        return replace(row, scores={**row.scores, **dict.fromkeys(NAMES, unscored(REFUSED))})
    passages = contexts(answer, CONTEXTS)
    asked = {
        "faithfulness": _against("\n".join(passages), written(answer)),
        "citation_support": cited(answer),
        "reference_recall": _against(shown(answer), case.reference),
    }
    found: dict[str, Json] = {}
    scores = {name: _share(pairs, judge, found, name) for name, pairs in asked.items()}
    output = {**row.output, "response": response(answer), "contexts": passages, "judged": found}
    return replace(row, scores={**row.scores, **scores}, output=output)


def _against(source: str, words: str) -> list[tuple[str, str]]:
    return [(source, statement) for statement in statements(words)]


def _share(pairs: list[tuple[str, str]], judge: OneToken, found: dict[str, Json], name: str) -> Score:
    if not pairs:
        return unscored(_QUOTED)
    try:
        chances = judge.supported(pairs)
    except EngineError as error:
        return unscored(f"the judge failed: {error}")
    verdicts = Judged(tuple(statement for _, statement in pairs), tuple(chances))
    found[name] = plain(asdict(verdicts))
    return scored(verdicts.share)
