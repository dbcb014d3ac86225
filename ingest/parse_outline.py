"""What the lines of a file are, in context: which headings are sections, which are questions, which are answer.

Readers (`parse_markdown`, `parse_plain`, `saved_page`) turn lines into elements; `settle` decides what a heading
is once it can see what stands around it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assistant.types import Level
from ingest import parse_marks as marks

Kind = Literal["heading", "level", "question", "unmarked", "answer", "points", "text"]
BARE = 7  # the depth of a level that is no heading: below every real one


@dataclass(frozen=True, slots=True)
class Element:
    """One line. `raw` is the line as it stands; `text` its words without markers; `tail` an answer beside a question.

    `unmarked` is a question known only by its form: it counts where no marked question is open. `points` is a
    heading that may be the label of a question's key points.
    """

    kind: Kind
    line: int
    raw: str
    text: str = ""
    tail: str = ""
    depth: int = 0
    level: Level | None = None


def read_line(raw: str, line: int, following: str) -> Element:
    """An element for a line that is no heading, given the next line that is not blank."""
    if not raw.strip():
        return Element("text", line, raw)
    asked = marks.question(raw)
    if asked and (asked.answer or "?" in asked.title or not marks.is_label(following)):
        return Element("question", line, raw, asked.title, asked.answer)
    answered = marks.answer(raw)
    if answered is not None:
        return Element("answer", line, raw, answered)
    named = marks.level(raw)
    if named and (marks.question(following) or marks.unmarked_question(following, "")):
        return Element("level", line, raw, depth=BARE, level=named)
    unmarked = marks.unmarked_question(raw, following)
    return Element("unmarked", line, raw, unmarked) if unmarked else Element("text", line, raw)


def heading(text: str, raw: str, line: int, depth: int) -> Element:
    """An element for a heading: a level, a marked question, a section, or plain text when it says nothing."""
    words = marks.heading(text)
    if not words or len(words) > marks.MAX_TITLE:
        return Element("text", line, raw)
    named = marks.level(words)
    if named:
        return Element("level", line, raw, depth=depth, level=named)
    asked = marks.question(words)
    if asked:
        return Element("question", line, raw, asked.title, asked.answer, depth)
    if marks.key_points(words):
        return Element("points", line, raw, words, depth=depth)
    return Element("heading", line, raw, words, depth=depth)


def settle(elements: Sequence[Element]) -> list[Element]:
    """Turn headings that ask into questions, and headings inside an answer into its text.

    Below a level every heading asks, unless all it holds is further headings; elsewhere one that ends in a
    question mark and holds no headings does.
    """
    settled: list[Element] = []
    level_depth = BARE  # of the level heading in force; BARE where there is none
    answer_depth = BARE  # headings deeper than this belong to the open answer
    above = _Above()
    for element, beneath, next_depth in _with_context(elements):
        if element.kind == "points":
            element = above.label(element)
        if element.kind == "level":
            level_depth, answer_depth = element.depth, BARE
        elif element.depth and element.depth <= level_depth:
            level_depth = BARE
        if element.kind == "question":
            answer_depth = element.depth or level_depth
        elif element.kind == "heading":
            holds_questions = beneath in ("question", "level")
            if element.depth > answer_depth and not holds_questions:
                element = Element("text", element.line, element.raw)
            else:
                asks, deeper = element.text.endswith("?"), next_depth > element.depth
                if element.depth > level_depth:
                    asks = asks or beneath != "heading" or not deeper
                else:
                    asks = asks and not deeper
                answer_depth = BARE
                if asks and not holds_questions:
                    element, answer_depth = (replace(element, kind="question"), element.depth)
        above.take(element)
        settled.append(element)
    return settled


@dataclass(slots=True)
class _Above:
    """What stands above a heading that says "key points": the depth of the section, and of the question if one is open.

    A question that is no heading is as deep as its section.
    """

    section: int = 0
    question: int | None = None

    def take(self, element: Element) -> None:
        """Go on below the next settled element."""
        if element.kind in ("heading", "level"):
            self.section, self.question = (self.section if element.depth == BARE else element.depth), None
        elif element.kind == "question":
            self.question = element.depth or self.section
        elif element.kind == "unmarked" and self.question is None:
            self.question = self.section

    def label(self, element: Element) -> Element:
        """The heading as text of the open question where it is deeper, else as any other heading."""
        if self.question is not None and element.depth > self.question:
            return Element("text", element.line, element.raw)
        return replace(element, kind="heading")


def has_title(settled: Sequence[Element]) -> bool:
    """Whether the first section is the document's title: alone at its depth, with other sections below it.

    It is a topic instead when levels stand right below it, or questions that no other section has.
    """
    sections: list[Element] = []
    parents: list[tuple[Kind, Element | None]] = []  # of levels and questions
    above: list[Element] = []
    for element in settled:
        while 0 < element.depth < BARE and above and above[-1].depth >= element.depth:
            above.pop()
        if element.kind == "heading":
            above.append(element)
            sections.append(element)
        elif element.kind in ("level", "question"):
            parents.append((element.kind, above[-1] if above else None))
    if len(sections) < 2 or sections[0].depth >= min(section.depth for section in sections[1:]):
        return False
    direct = {kind for kind, parent in parents if parent is sections[0]}
    elsewhere = any(parent is not sections[0] for _, parent in parents)
    return "level" not in direct and (elsewhere or not direct)


def _with_context(elements: Sequence[Element]) -> list[tuple[Element, Kind | None, int]]:
    """Each element with the kind of the next that is not blank and the depth of the next heading (0: none)."""
    beneath: Kind | None = None
    next_depth = 0
    context: list[tuple[Element, Kind | None, int]] = []
    for element in reversed(elements):
        context.append((element, beneath, next_depth))
        if element.raw.strip():
            beneath = element.kind
        next_depth = next_depth if element.kind == "points" else element.depth or next_depth
    context.reverse()
    return context
