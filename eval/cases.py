"""Golden cases: questions the notes answer, questions they don't, and learners' answers marked point by point.

JSON Lines in `eval/cases/dev` and `eval/cases/test`. `dev` is there to tune on. `test` is only ever run: nobody looks
at its failures while changing what it measures. A case belongs to the half of its notes (`split_of`), so what was
tuned on one half never saw a note of the other; a question that no note answers is halved within its kind.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked

from assistant.errors import UsageError
from assistant.types import Language, Turn

Split = Literal["dev", "test"]
Slice = Literal["russian", "cross", "translated", "typo", "short", "scenario", "follow_up", "comparison"]
Unknown = Literal["near_miss", "other_field", "small_talk", "hostile"]
Verdict = Literal["covered", "partly", "missing", "contradicted"]
Manner = Literal[
    "terse",
    "verbose",
    "paraphrased",
    "half_right",
    "swapped_terms",
    "negated",
    "wrong_numbers",
    "english",
    "gibberish",
    "dont_know",
    "pasted_question",
    "plea",
]

FOLDER = Path(__file__).with_name("cases")
SPLITS: tuple[Split, ...] = get_args(Split)
_STRICT = ConfigDict(extra="forbid")


@checked(frozen=True, slots=True, config=_STRICT)
class Evidence:
    """Where the answer stands: `quote` is in the text of the note; the chunk is the one it starts in."""

    note_id: str
    chunk_id: str
    quote: str


@checked(frozen=True, slots=True, config=_STRICT)
class Answerable:
    """A question that the notes answer.

    `must_contain`: a right answer holds one string of each group ("0,25" or "0.25"), compared without regard to case.
    """

    id: str
    slice: Slice
    language: Language
    question: str
    history: tuple[Turn, ...]
    evidence: tuple[Evidence, ...]
    reference: str
    must_contain: tuple[tuple[str, ...], ...]


@checked(frozen=True, slots=True, config=_STRICT)
class Unanswerable:
    """A question that the notes do not answer, and why it is here."""

    id: str
    kind: Unknown
    language: Language
    question: str
    why: str


@checked(frozen=True, slots=True, config=_STRICT)
class Mark:
    """A key point's settled verdict, and the two independent readings it was settled from."""

    point: str
    verdict: Verdict
    readings: tuple[Verdict, Verdict]


@checked(frozen=True, slots=True, config=_STRICT)
class Graded:
    """A learner's answer to a note's question, marked: one mark for each key point of the note, in its order."""

    id: str
    kind: Manner
    language: Language
    note_id: str
    answer: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Cases:
    """Everything of one half."""

    answerable: tuple[Answerable, ...]
    unanswerable: tuple[Unanswerable, ...]
    graded: tuple[Graded, ...]


def split_of(identity: str) -> Split:
    """The half an id belongs to, for good: by its hash, so that new notes and cases move no old ones."""
    return SPLITS[blake2b(identity.encode(), digest_size=1).digest()[0] % 2]


def load(split: Split, folder: Path = FOLDER) -> Cases:
    """The cases of one half.

    Raises:
        UsageError: a file is missing or malformed, or an id stands twice; the message names file and line.
    """
    cases = Cases(
        tuple(_read(folder / split / "answerable.jsonl", TypeAdapter(Answerable))),
        tuple(_read(folder / split / "unanswerable.jsonl", TypeAdapter(Unanswerable))),
        tuple(_read(folder / split / "graded.jsonl", TypeAdapter(Graded))),
    )
    ids = [case.id for kind in (cases.answerable, cases.unanswerable, cases.graded) for case in kind]
    twice = sorted({identity for identity in ids if ids.count(identity) > 1})
    if twice:
        raise UsageError(f"{folder / split}: these ids stand twice: {', '.join(twice)}")
    return cases


def _read(file: Path, kind: TypeAdapter[Any]) -> Iterator[Any]:
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} cannot be read: {error}") from error
    for number, line in enumerate(lines, 1):
        try:
            yield kind.validate_python(json.loads(line))
        except (json.JSONDecodeError, ValidationError) as error:
            raise UsageError(f"{file}:{number} is no case: {error}") from error
