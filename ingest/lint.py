"""Rules for notes: what a person who writes a pack wants to know before others learn from it.

Nothing here keeps a file from being read. What the parser itself stumbles over is reported by the parser.
"""

from collections.abc import Iterator, Sequence

from ingest import parse_marks as marks
from ingest.identity import normalised
from ingest.lint_markdown import MarkdownLines, Misspelt
from ingest.parsed import Finding, ParsedFile, ParsedNote

FEWEST_POINTS, MOST_POINTS = 3, 8
# Over this a point is two ideas, of which a learner may know one.
LONGEST_POINT = 200
# About eight minutes read aloud: more than anybody answers to one question, or reads on the back of a card.
LONGEST_ANSWER = 8_000
# A file that is no notes at all would otherwise be reported line by line.
MOST_FINDINGS = 100
_SHOWN = 80  # characters of a question in a message
_EMPHASIS = str.maketrans("", "", "*_`")


def lint(parsed: ParsedFile) -> list[Finding]:
    """What is wrong with one file's notes and lines, in their order."""
    found = list(_findings(parsed))
    found.sort(key=lambda finding: finding.line or 0)
    if len(found) > MOST_FINDINGS:
        found[MOST_FINDINGS:] = [Finding(None, f"{len(found) - MOST_FINDINGS} more: mend these first")]
    return found


class Duplicates:
    """Questions seen so far, in whichever file."""

    def __init__(self) -> None:
        self._first: dict[str, str] = {}

    def add(self, path: str, notes: Sequence[ParsedNote], *, has_lines: bool) -> Iterator[Finding]:
        """Take a file's questions; those that stood before are reported with the first one's place."""
        for note in notes:
            wording = _wording(note.title)
            if note.asked and wording in self._first:
                what = f"{_title(note)} is asked in {self._first[wording]} already: keep one, or word them apart"
                yield Finding(note.line if has_lines else None, what)
            elif note.asked:
                self._first[wording] = f"{path}:{note.line}" if has_lines else path


def _findings(parsed: ParsedFile) -> Iterator[Finding]:
    asked = [note for note in parsed.notes if note.asked]
    misspelt: list[Misspelt] = []
    if parsed.markdown:
        source = MarkdownLines(parsed.markdown)
        misspelt = source.misspelt_levels()
        yield from source.questions_in_code()
        yield from source.broken_tex()
    for heading in misspelt:
        yield Finding(heading.line, f"“{heading.text}” is no level: write {heading.level}, if that is meant")
    if any(note.level for note in asked):
        yield from _without_level(asked, {heading.text for heading in misspelt})
    if any(note.points for note in asked):
        yield from (Finding(note.line, f"{_title(note)} has no key points") for note in asked if not note.points)
    for note in asked:
        yield from _answer(note)
        yield from _points(note)


def _without_level(asked: Sequence[ParsedNote], misspelt: set[str]) -> Iterator[Finding]:
    for note in asked:
        # Below a misspelt level that heading alone is to blame.
        if note.level is None and not misspelt.intersection(note.path):
            what = f"{_title(note)} has no level, other questions here have: put it below Basic, Medium or Killer"
            yield Finding(note.line, what)


def _answer(note: ParsedNote) -> Iterator[Finding]:
    if len(note.text) > LONGEST_ANSWER:
        length = f"{len(note.text):,} characters, more than {LONGEST_ANSWER:,}"
        yield Finding(note.line, f"the answer to {_title(note)} is too long ({length}): make several questions of it")
    if marks.key_points(note.title):
        yield Finding(note.line, "this heading is read as a question: give it one more #, or bold instead")


def _points(note: ParsedNote) -> Iterator[Finding]:
    points = note.points
    if points and not FEWEST_POINTS <= len(points) <= MOST_POINTS:
        count = f"{_title(note)} has {len(points)} key point{'s' * (len(points) > 1)}"
        yield Finding(points[0].line, f"{count}: write {FEWEST_POINTS} to {MOST_POINTS}")
    first: dict[str, int] = {}
    for found in points:
        line = first.setdefault(_wording(found.point.text), found.line)
        if line != found.line:
            yield Finding(found.line, f"the same key point stands at line {line}: delete one")
        if len(found.point.text) > LONGEST_POINT:
            length = f"{len(found.point.text)} characters, more than {LONGEST_POINT}"
            yield Finding(found.line, f"the key point is too long for one idea ({length}): shorten it or make it two")


def _wording(text: str) -> str:
    """What two wordings have in common that ask, or say, the same."""
    return normalised(marks.unnumbered(text).translate(_EMPHASIS)).strip(" .?!:;…\"'«»“”")


def _title(note: ParsedNote) -> str:
    short = note.title if len(note.title) <= _SHOWN else f"{note.title[:_SHOWN].rstrip()}…"
    return f"“{short}”"
