"""What one line of notes says by itself: a level, a question, an answer, a heading's words. No context here.

Every pattern is anchored or scans a line once, so that a line of any length costs linear time.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.types import Level

MAX_TITLE = 600  # characters; what is longer is a paragraph, whatever stands before it

LEVEL_NAMES: dict[str, Level] = {
    **dict.fromkeys(("basic", "базовый", "базовые"), "Basic"),
    **dict.fromkeys(("medium", "средний", "средние"), "Medium"),
    **dict.fromkeys(("killer", "сложный", "сложные"), "Killer"),
}
_LEVEL = re.compile(
    rf"(?:(?:level|уровень)[:\s]\s*)?({'|'.join(LEVEL_NAMES)})(?:\s+(?:level|questions|уровень|вопросы))?(?:\s*\([^()]*\))?:?",
    re.IGNORECASE,
)
_BULLET = r"(?:(?:[-*+•]|\d{1,4}[.)])\s+)?"
_QUESTION = re.compile(
    _BULLET + r"(?P<bold>\*\*|__)?(?:Q|Question|QUESTION|Вопрос|ВОПРОС)"
    r"(?:\s*№?\s*\d{1,4}(?P<shut1>\*\*|__)?[:.)]|(?P<shut2>\*\*|__)?\s?:)(?P<shut3>\*\*|__)?(?=\s|$)\s*(?P<rest>.*)",
    re.DOTALL,
)
_ANSWER = re.compile(
    r"(?P<bold>\*\*|__)?(?:A|А|Answer|ANSWER|Ответ|ОТВЕТ)"  # the second A is Cyrillic: both are typed
    r"(?:\s?\d{1,4})?(?P<shut1>\*\*|__)?\s?:(?P<shut2>\*\*|__)?(?=\s|$)\s*(?P<rest>.*)",
    re.DOTALL,
)
_ANSWER_INSIDE = re.compile(r"(?<=[?.!])\s+(?:\*\*)?(?:A|А|Answer|Ответ):(?:\*\*)?\s")
_LIST_INSIDE = re.compile(r":\s+(?=1[.)]\s)")
_BOLD_QUESTION = re.compile(_BULLET + r"(?:\*\*|__)(?P<title>[^*_].*\?)(?:\*\*|__)")
_MISCONCEPTION = re.compile(r"(?:\*\*|__)?(?:Заблуждение|Миф|Misconception|Myth)\s?:(?:\*\*|__)?\s*\S")
_QUOTED = re.compile(r"(?:[-*+>❌✅✗✓•]\s*){0,4}[\"«“„]")
_LABEL = re.compile(_BULLET + r"(?:\*\*)?[B-PR-Z](?:\*\*)?\s?:")
_KEY_POINTS = re.compile(r"(\*\*|__)?\s*(?:ключевые\s+пункты|key\s+points)\s*:?\s*(?(1)\1)\s*:?", re.IGNORECASE)
_NUMBER = re.compile(r"(?:\d+(?:\.\d+)*[.)]|\d+(?:\.\d+)+|[IVX]+\.)\s+(?=\S)")
_ATTRIBUTES = re.compile(r"\s*\{[#:.][^{}]*\}$")
_ANCHOR = re.compile(r"\[¶\]\([^()]*\)")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Question:
    """A question's words, and the answer where it stands on the same line (else empty)."""

    title: str
    answer: str = ""


def level(text: str) -> Level | None:
    """The level a line names when it says nothing else: `Basic¶`, `**Средний уровень**`, `Killer (Senior+):`."""
    bare = text.strip().rstrip("¶").strip(" \t*_") if len(text) < 80 else ""
    found = _LEVEL.fullmatch(bare)
    return LEVEL_NAMES[found[1].lower()] if found else None


def question(text: str) -> Question | None:
    """`Q: …`, `**Q: …**`, `**Q:** …`, `Вопрос 3. …`, also as a list item."""
    found = _QUESTION.match(text.strip())
    if not found:
        return None
    rest, answer = found["rest"], ""
    if found["bold"] and not (found["shut1"] or found["shut2"] or found["shut3"]):
        rest, _, answer = rest.partition(found["bold"])
        marked = _ANSWER.match(answer.strip())
        answer = marked["rest"] if marked else answer
    inside = None if answer.strip() else _ANSWER_INSIDE.search(rest)
    if inside:
        rest, answer = rest[: inside.start()], rest[inside.end() :]
    return Question(rest.strip(), answer.strip())


def answer(text: str) -> str | None:
    """What follows `A:`, `Ответ:`, `**A:**` on the line; None when the line is not marked so."""
    found = _ANSWER.match(text.strip())
    if not found:
        return None
    open_bold = found["bold"] and not (found["shut1"] or found["shut2"])
    return (found["bold"] if open_bold else "") + found["rest"]


def split_inside(title: str) -> Question:
    """Part a question from an answer on its own line: before a list that starts with 1, else after the first `?`."""
    listed = _LIST_INSIDE.search(title)
    if listed and re.search(r"\s2[.)]\s", title[listed.end() :]):
        return Question(title[: listed.start()].rstrip(), title[listed.end() :].strip())
    head, mark, tail = title.partition("? ")
    if mark and tail.strip() and not tail.rstrip().endswith("?"):
        return Question(head + "?", tail.strip())
    return Question(title)


def unmarked_question(text: str, following: str) -> str | None:
    """A question known by its form: a misconception, a line in bold, a line above answers in quotation marks."""
    line = text.strip()
    if len(line) > MAX_TITLE:
        return None
    if _MISCONCEPTION.match(line):
        return line.replace("**", "").replace("__", "")
    bold = _BOLD_QUESTION.fullmatch(line)
    if bold:
        return bold["title"]
    rated = line.endswith("?") and _QUOTED.match(following.strip()) and not _QUOTED.match(line)
    return line if rated else None


def key_points(text: str) -> bool:
    """Whether a line is the label of key points and nothing else: `**Ключевые пункты**`, `#### Key points:`."""
    bare = text.strip() if len(text) < 80 else ""
    return bool(_KEY_POINTS.fullmatch(bare.strip("#").strip() if bare.startswith("#") else bare))


def is_label(text: str) -> bool:
    """`K: …` and the like, as in a list of query, key and value: then a `Q:` above it asks nothing."""
    return bool(_LABEL.match(text.strip()))


def heading(text: str) -> str:
    """A heading's words as written, without ¶, anchors, attributes, link targets and the emphasis around it."""
    text = _LINK.sub(r"\1", _ANCHOR.sub("", text)).strip().rstrip("¶").rstrip()
    text = " ".join(_ATTRIBUTES.sub("", text).split()) if len(text) <= 2 * MAX_TITLE else text
    for mark in ("**", "__", "*", "_"):
        if len(text) > 2 * len(mark) and text.startswith(mark) and text.endswith(mark):
            inner = text[len(mark) : -len(mark)]
            text = text if mark in inner else inner
    return text.strip()


def unnumbered(text: str) -> str:
    """A heading without its number: `3. Drift` and `2.1 Drift` are `Drift`; `15 сценариев` stays."""
    return _NUMBER.sub("", text, count=1) if _NUMBER.match(text) else text


def next_filled(lines: Sequence[str]) -> list[str]:
    """For each line the next one that is not blank; the empty string at the end."""
    after, following = "", [""] * len(lines)
    for place in range(len(lines) - 1, -1, -1):
        following[place] = after
        after = lines[place] if lines[place].strip() else after
    return following
