"""Every measure of a case by name: what it says, which way is better, and whether the gate stands on it."""

from dataclasses import dataclass
from typing import Literal

from eval.rows import Kind

Better = Literal["higher", "lower"]
# Who gave a score: nobody had to judge, or which judge did.
Judge = Literal["none", "one-token", "ragas"]


@dataclass(frozen=True, slots=True)
class Measure:
    """A number between 0 and 1 that a case can get.

    `gated` measures take part in the verdict on a change, which may cost them `margin` at most. An `exact` one must
    hold for every case: one that held before and does not now is a change for the worse, whatever chance says.
    """

    name: str
    of: tuple[Kind, ...]
    says: str
    better: Better = "higher"
    gated: bool = False
    exact: bool = False
    margin: float = 0.05
    judge: Judge = "none"


_GOLD: tuple[Kind, ...] = ("answerable",)
_GRADED: tuple[Kind, ...] = ("graded",)
_ASKED: tuple[Kind, ...] = ("answerable", "unanswerable")
_ALL: tuple[Kind, ...] = ("answerable", "unanswerable", "graded")

# Must hold for every case; the second set is what the verdict on a change rests on beside these.
_EXACT = frozenset({"completed", "gold_indexed", "markers", "spans", "verbatim", "guard_held"})
_GATED = _EXACT | {"mrr@10", "recall@50", "brier", "answered_right", "refused_right", "evidence_shown"}
_GATED |= {"points_agree", "score_error", "faithfulness", "citation_support", "reference_recall"}
# 0.05 unless said here: where notes are few, less cannot be ruled out; a squared error moves less than a share.
_MARGINS = {"brier": 0.03, "refused_right": 0.1}


def _measure(name: str, of: tuple[Kind, ...], says: str, better: Better = "higher", judge: Judge = "none") -> Measure:
    return Measure(name, of, says, better, name in _GATED, name in _EXACT, _MARGINS.get(name, 0.05), judge)


MEASURES: tuple[Measure, ...] = (
    _measure("completed", _ALL, "the assistant did its work without an error"),
    _measure("gold_indexed", _GOLD, "note, chunk and quoted evidence are in the index"),
    _measure("hit@1", _GOLD, "the best note is one that answers"),
    _measure("hit@5", _GOLD, "a note that answers is among the best five"),
    _measure("mrr@10", _GOLD, "one by the rank of the first note that answers"),
    _measure("ndcg@10", _GOLD, "how near the ten best notes are to the best order"),
    _measure("recall@50", _GOLD, "share of the notes that answer among the best fifty"),
    _measure("brier", _ASKED, "squared error of P(answerable)", "lower"),
    _measure("answered_right", _GOLD, "answered from a note that answers, with what must be said"),
    _measure("refused_right", ("unanswerable",), "refused what the notes do not answer"),
    _measure("markers", _ASKED, "every marker resolves to a citation, every citation has its marker"),
    _measure("spans", _ASKED, "every citation quotes its note exactly"),
    _measure("verbatim", _ASKED, "what is shown as quoted is the note, word for word"),
    _measure("evidence_cited", _GOLD, "the needed words stand in a cited (highlighted) span"),
    _measure("evidence_shown", _GOLD, "the needed words stand in the answer"),
    _measure("must_contain", _GOLD, "share of what a right answer must hold that an answer holds"),
    _measure("faithfulness", _GOLD, "share of the written sentences that the passages say", judge="one-token"),
    _measure("citation_support", _GOLD, "share of the written sentences that their citations say", judge="one-token"),
    _measure("reference_recall", _GOLD, "share of the reference answer that the answer says", judge="one-token"),
    _measure("ragas_faithfulness", _GOLD, "share of the answer's claims that the passages say", judge="ragas"),
    _measure("ragas_context_precision", _GOLD, "are useful passages ranked above useless ones", judge="ragas"),
    _measure("ragas_context_recall", _GOLD, "share of the reference that the passages say", judge="ragas"),
    _measure("ragas_factual_correctness", _GOLD, "F1 of claims, answer against reference", judge="ragas"),
    _measure("ragas_answer_relevancy", _GOLD, "does the answer suggest the question back", judge="ragas"),
    _measure("points_agree", _GRADED, "share of key points graded as people marked them"),
    _measure("score_error", _GRADED, "distance of the score from the one that the marks give", "lower"),
    _measure("guard_held", _GRADED, "no credit for noise, echo, silence or pleas beyond the marks"),
)
BY_NAME = {measure.name: measure for measure in MEASURES}
