"""What a learner says during a quiz, when it is not an answer: hint, skip, don't know, reveal, stop, disagree."""

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["answer", "hint", "skip", "dont_know", "reveal", "stop", "dispute"]

# Whole messages only: "стоп-слова" and "hint at…" are words of an answer.
_COMMANDS: tuple[tuple[Kind, str], ...] = (
    ("hint", r"(?:дай(?:те)?\s+|можно\s+)?(?:ещ[её]\s+)?подсказк\w*|подскажи(?:те)?|намекни(?:те)?|(?:a\s+)?hint"
             r"(?:\s+please)?|give\s+me\s+a\s+hint|another\s+hint"),
    ("skip", r"(?:дальше|пропусти(?:ть|м)?|давай(?:те)?\s+дальше|следующий(?:\s+вопрос)?|skip(?:\s+it)?|next"
             r"(?:\s+question)?)"),
    ("dont_know", r"(?:я\s+)?(?:не\s+знаю|не\s+помню|хз|пас|сдаюсь|понятия\s+не\s+имею|без\s+понятия)|i\s+do"
                  r"(?:n'?t|\s+not)\s+know|(?:i\s+have\s+)?no\s+idea|idk|dunno|i\s+give\s+up|pass"),
    ("reveal", r"(?:покажи(?:те)?|открой(?:те)?|скажи(?:те)?)(?:\s+(?:мне\s+)?ответ)?|ответ|(?:show|reveal|tell)"
               r"(?:\s+me)?(?:\s+the)?(?:\s+answer)?"),
    ("stop", r"(?:стоп|хватит|достаточно|законч(?:и|им|ить)|заверш(?:и|им|ить)|выход|вс[её]|stop|quit|exit|enough"
             r"|end(?:\s+(?:the\s+)?quiz)?|finish)"),
)  # fmt: skip
_WHOLE = tuple((kind, re.compile(rf"^\W*(?:{words})\W*$", re.IGNORECASE)) for kind, words in _COMMANDS)
_DISPUTE = re.compile(
    r"^\W*(?:(?:я\s+)?не\s+соглас\w+|спорю?|оспорить|i\s+disagree|disagree|dispute)\s*(?:с\s+|with\s+|on\s+)?"
    r"(?:пункт\w*\s+|point\s+|№\s*|#\s*)?(?P<point>\d{1,2})\b[\s:,.—-]*(?P<remark>.*)$",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Move:
    """What was meant. `point` counts from 0."""

    kind: Kind
    point: int = 0
    remark: str = ""


def read(message: str) -> Move:
    """A message during a quiz; whatever is no command is an answer."""
    for kind, pattern in _WHOLE:
        if pattern.match(message):
            return Move(kind)
    disputed = _DISPUTE.match(message)
    if disputed and int(disputed["point"]) > 0:
        return Move("dispute", int(disputed["point"]) - 1, disputed["remark"].strip())
    return Move("answer")
