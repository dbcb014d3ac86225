"""What a run leaves of each case: what went in, what came out, and a score for each measure that applies.

A measure on a case ends in one of three ways, and none is ever left out: scored (a number), unscored (there is no
number to give, and why: no gold, a refusal, a judge that made no sense) or failed (the assistant broke).
"""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from typing import Any, Literal

from assistant.errors import AssistantError

Json = dict[str, Any]
# A case on which one of these comes up has failed; the run goes on.
BROKEN = (AssistantError, ArithmeticError, AttributeError, LookupError, OSError, RuntimeError, TypeError, ValueError)
Status = Literal["scored", "unscored", "failed"]
Kind = Literal["answerable", "unanswerable", "graded", "pair"]


@dataclass(frozen=True, slots=True)
class Score:
    """One measure on one case. `raw` is what a judge replied when that was no score."""

    status: Status
    value: float | None = None
    reason: str = ""
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One case of a run. `cluster` is its note: cases of one note stand or fall together.

    `digest` changes with the case's content: runs are compared on cases that are the same in both.
    """

    case: str
    kind: Kind
    cluster: str
    digest: str
    tags: Mapping[str, str]
    input: Json
    output: Json = field(default_factory=dict)
    scores: Mapping[str, Score] = field(default_factory=dict)
    timings_ms: Mapping[str, float] = field(default_factory=dict)


def scored(value: float) -> Score:
    """A number."""
    return Score("scored", float(value))


def unscored(reason: str, raw: str = "") -> Score:
    """No number, and why."""
    return Score("unscored", None, reason, raw)


def failed(reason: str) -> Score:
    """No number because something broke."""
    return Score("failed", None, reason)


def plain(value: Any) -> Any:
    """A value as JSON gives it back: lists for tuples, null for what is no number."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def digest(value: object) -> str:
    """A short hash of something JSON can hold."""
    stored = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return blake2b(stored.encode("utf-8", "replace"), digest_size=8).hexdigest()


def to_dict(row: Row) -> Json:
    """The stored form: a score is its bare number, anything else an object that says why there is none."""
    return {**asdict(row), "scores": {name: _score_to(score) for name, score in row.scores.items()}}


def from_dict(stored: Mapping[str, Any]) -> Row:
    """What `to_dict` stored; raises KeyError, TypeError or ValueError for anything else."""
    return Row(**{**stored, "scores": {name: _score_from(score) for name, score in stored["scores"].items()}})


def _score_to(score: Score) -> object:
    if score.status == "scored":
        return score.value
    return {key: value for key, value in asdict(score).items() if value not in ("", None)}


def _score_from(stored: Any) -> Score:
    return Score(**stored) if isinstance(stored, dict) else scored(stored)
