"""What reports show of a run: tables as rows of text, and the cases that went worst."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.types import LEVELS
from eval import summary
from eval.gate import Comparison
from eval.measures import BY_NAME
from eval.report import judges
from eval.report.text import columns
from eval.rows import Row
from eval.run_file import Run
from eval.stats import Interval

HEAD = ("measure", "mean", "95 % interval", "scored", "unscored", "failed", "what it says")
COMPARED = ("measure", "before", "after", "change", "95 % interval", "p (Holm)", "detectable", "verdict")
_WHOLE = {
    "answerable_auc": "how often an answerable question is given more than an unanswerable one",
    "answerable_ece": "how far P(answerable) is from what it says (lower is better)",
    "share_answered_right": "of all questions: answered, and right",
    "share_answered_wrong": "of all questions: answered, and wrong or not answerable",
    "share_refused_right": "of all questions: refused, and not answerable",
    "share_refused_wrong": "of all questions: refused, though answerable",
    "points_kappa": "agreement with people on key points, beyond chance",
    "points_macro_f1": "the same by verdict, each verdict counting alike",
    "score_qwk": "agreement with people on the score, beyond chance",
}
# Which slices are pictured, by which measure.
PICTURED = (("answered_right", "answered right"), ("mrr@10", "MRR@10"), ("points_agree", "key points as marked"))
_WORST = 12


@dataclass(frozen=True, slots=True)
class Bad:
    """A case that went wrong: what it should have been beside what it was."""

    case: str
    what: str
    question: str
    wanted: str
    got: str
    beside: str


def metric_rows(run: Run) -> list[tuple[str, ...]]:
    """A row a measure; one that an uncalibrated judge gave says so."""
    found: list[tuple[str, ...]] = []
    for name, number in run.metrics.items():
        says = BY_NAME[name].says if name in BY_NAME else _WHOLE.get(name, "")
        if name in BY_NAME and number.better == "lower":
            says += " (lower is better)"
        if number.judge != "none":
            says += f" [judge: {number.judge}{'' if judges.calibrated(run, number.judge) else ', uncalibrated'}]"
        found.append((name, *columns(number), says))
    return found


def compared_rows(found: Comparison) -> list[tuple[str, ...]]:
    """A row a measure compared."""
    return [
        (
            one.measure,
            f"{one.before.mean:.3f}",
            f"{one.after.mean:.3f}",
            f"{one.difference.mean:+.3f}",
            f"{one.difference.low:+.3f} to {one.difference.high:+.3f}",
            "exact" if one.test == "exact" else f"{one.p:.3f}",
            f"{one.detectable:.3f}",
            one.verdict.replace("_", " ") + ("" if one.gated else " (not gated)"),
        )
        for one in found.findings
    ]


def answering(run: Run) -> tuple[list[bool], list[float]]:
    """Of every question, wherever the line stands: would the best note have answered it, and P(answerable)."""
    asked = [row for row in run.rows if "answerable" in row.output]
    there = [row for row in asked if row.kind == "unanswerable" or row.scores["hit@1"].status == "scored"]
    right = [row.kind == "answerable" and row.scores["hit@1"].value == 1 for row in there]
    return right, [float(row.output["answerable"]) for row in there]


def slice_rows(run: Run, measure: str) -> list[tuple[str, Interval]]:
    """The values of slice, language and level, each with its interval."""
    sliced = summary.by_slice(run.rows)
    found = []
    for dimension in ("slice", "language", "level"):
        for value, numbers in sorted(sliced.get(dimension, {}).items(), key=lambda item: _place(item[0])):
            if measure in numbers and numbers[measure].interval.n:
                found.append((value, numbers[measure].interval))
    return found


def worst(run: Run) -> list[Bad]:
    """The surest mistakes first. None of the test half: who reads them there tunes on it."""
    if run.split == "test":
        return []
    asked = [row for row in run.rows if row.output.get("outcome", "").endswith("_wrong")]
    sure = sorted(asked, key=lambda row: (-abs(row.output["answerable"] - (row.kind == "answerable")), row.case))
    graded = [row for row in run.rows if row.kind == "graded" and row.scores["score_error"].value]
    off = sorted(graded, key=lambda row: (-(row.scores["score_error"].value or 0), row.case))
    return [*map(_asked, sure[:_WORST]), *map(_graded, off[: _WORST // 2])]


def _place(value: str) -> tuple[int, str]:
    """Levels in their own order, all else by name."""
    return (LEVELS.index(value), "") if value in LEVELS else (len(LEVELS), value)


def _asked(row: Row) -> Bad:
    evidence = "\n\n".join(f"«{one['quote']}»" for one in row.input.get("evidence", ()))
    wanted = f"{row.input['reference']}\n\n{evidence}" if row.kind == "answerable" else f"refusal: {row.input['why']}"
    refused = row.output["mode"] == "refused"
    got = f"refused; the best passage was:\n\n{row.output['best_passage']}" if refused else row.output["answer"]
    hits = "; ".join(hit["title"] for hit in row.output["hits"][:3])
    what = f"{row.output['outcome'].replace('_', ' ')}, P(answerable) {row.output['answerable']:.2f}"
    return Bad(row.case, what, row.input["question"], wanted, got, f"found: {hits}")


def _graded(row: Row) -> Bad:
    marks = "\n".join(f"{mark['verdict']}: {mark['point']}" for mark in row.input["marks"])
    points = "\n".join(f"{point['verdict']}: {point['point']}" for point in row.output["points"])
    what = f"score {row.output['score']:.2f}, by the marks {row.output['marked']:.2f}"
    return Bad(row.case, what, row.output["title"], marks, points, f"the answer: {row.input['answer']}")


def timings(rows: Sequence[Row]) -> dict[str, list[float]]:
    """Milliseconds by kind of work."""
    taken: dict[str, list[float]] = {}
    for row in rows:
        for name, value in row.timings_ms.items():
            taken.setdefault(name, []).append(value)
    return taken
