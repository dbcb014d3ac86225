"""Key points by rule, for notes whose author wrote none: the sentences that define, count, list or stress something."""

import re
from dataclasses import dataclass

from assistant import text
from assistant.types import KeyPoint, Note

_MOST, _SHORTEST, _LONGEST = 6, 20, 240
_ITEM = re.compile(r"^(?:[-*+]|\d{1,2}[.)])\s+")
_ASIDE = re.compile(
    r"^(?:источник|источники|пример|например|допустим|пусть|source|sources|example|for example|e\.g\.|suppose)\b", re.I
)
_DEFINING = re.compile(r"\s[—–]\s|\b(?:это|называют|означает|is|are|means)\b", re.I)
_STRESS = re.compile(r"\*\*[^*]+\*\*")
_RULE = re.compile(r"^\|[\s:|-]+\|?$")
# A line of so many numbers is a calculation, not an idea.
_SUMS = 4


@dataclass(frozen=True, slots=True)
class _Candidate:
    place: int
    words: str
    value: float


def derive(note: Note) -> tuple[KeyPoint, ...]:
    """At most six points in the note's order; the more of a point's marks, the more weight."""
    lines = [note.text[span.start : span.end] for span in text.sentences(note.text)]
    heads = {place - 1 for place, line in enumerate(lines) if _RULE.match(line)}
    found = [_candidate(note.title, place, line) for place, line in enumerate(lines) if place not in heads]
    candidates = [one for one in found if one is not None]
    best = sorted(candidates, key=lambda one: (-one.value, one.place))[:_MOST]
    return tuple(KeyPoint(one.words, _weight(one.value)) for one in sorted(best, key=lambda one: one.place))


def _candidate(title: str, place: int, line: str) -> _Candidate | None:
    words = _row(line) if line.startswith("|") else _ITEM.sub("", line).strip().rstrip(";,")
    if words.startswith(("```", "~~~", "#", "$$", "!")) or words.endswith((":", "?")) or _ASIDE.match(words):
        return None
    if not _SHORTEST <= len(words) <= _LONGEST or not text.terms(words) or len(text.numbers(words)) >= _SUMS:
        return None
    asked = set(text.terms(title))
    value = 1.0 + (place == 0) + (_ITEM.match(line) is not None) + bool(_STRESS.search(words))
    value += 0.5 * bool(text.numbers(words)) + 0.5 * bool(_DEFINING.search(words))
    value += 0.5 * bool(asked & set(text.terms(words)))
    return _Candidate(place, _STRESS.sub(lambda match: match.group().strip("*"), words), value)


def _row(line: str) -> str:
    """A table's row as a statement; the rule below its head as nothing."""
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    return "" if _RULE.match(line) else f"{cells[0]}: {'; '.join(cells[1:])}"


def _weight(value: float) -> int:
    return 3 if value >= 3 else 2 if value >= 2 else 1
