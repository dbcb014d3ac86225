"""Whether a message asks for a quiz, and for which: "погоняй меня по бандитам, killer, 5 вопросов".

Rules on purpose: an ordinary question must never start a quiz, so only a request at the very beginning counts.
"""

import re
from dataclasses import dataclass
from typing import Literal

from assistant import text
from assistant.types import Language, Level

Mode = Literal["practice", "interview"]

_LONGEST = 200
_LEAD = (
    r"(?:(?:пожалуйста|плиз|давай(?:те)?|ну|а|ок(?:ей)?|эй|привет|хочу|хотел(?:а)?\s+бы|чтобы|ты|мог(?:ла)?\s+бы|можешь"
    r"|сможешь|можно|please|pls|hey|hi|ok(?:ay)?|now|then|could|can|would|will|you|i\s+want(?:\s+you)?(?:\s+to)?"
    r"|i'?d\s+like(?:\s+you)?(?:\s+to)?|let'?s(?:\s+do)?|just)[\s,!.]+)*"
)
_ME = r"(?:меня|мои\s+знания|нас|us|me)"
_TRIGGERS = (
    r"погоня(?:й|йте|ть|л|ла)(?:\s+меня)?",
    rf"(?:по)?спраш?ива(?:й|йте|ть|л)\s+{_ME}|поспраш?ива(?:й|йте|ть)",
    rf"(?:спроси|опроси|проверь|протестируй|потестируй|потренируй|проэкзаменуй|экзаменуй|собеседуй)(?:те)?\s+{_ME}",
    rf"(?:спросить|опросить|проверить|протестировать|потренировать|проэкзаменовать)\s+{_ME}",
    r"зада(?:й|йте|вай|ть)\s+(?:мне\s+)?(?:(?:пару|несколько|ещ[её]|\d+|[а-яё]+)\s+){0,2}вопрос\w*",
    r"(?:устрой|проведи|начни|сделай|начать|устроить|провести)(?:те)?\s+(?:мне\s+|со\s+мной\s+)?(?:мини[- ]?)?"
    r"(?:квиз|викторину|опрос|тест|экзамен|собеседование|интервью|тренировку)",
    r"(?:квиз|викторина|собеседование|интервью)(?=\s*(?:$|[,.!]|по\s|про\s|на\s+тему|о\s|об\s))",
    rf"(?:quiz|test|drill|grill|examine|question|interview)\s+{_ME}",
    rf"ask\s+{_ME}(?=\s+(?:about|on|something|anything|(?:\w+\s+){{0,3}}questions?)\b|\W*$)",
    r"(?:start|run|give\s+me|do|begin)\s+(?:a\s+|an\s+|me\s+a\s+)?(?:mock\s+)?(?:quiz|interview|test|drill|practice)",
    r"(?:mock\s+interview|quiz)(?=\s*(?:$|[,.!:]|on\s|about\s|in\s))",
)
_REQUEST = re.compile(rf"^\W*/?{_LEAD}(?:{'|'.join(f'(?:{one})' for one in _TRIGGERS)})(?!\w)", re.IGNORECASE)
_QUESTION = re.compile(
    r"^\W*(?:как|что|почему|зачем|когда|какой|какая|какие|чем|где|сколько|how|what|why|when|which|where|who|is|are|does"
    r"|do|should)\b",
    re.IGNORECASE,
)
_INTERVIEW = re.compile(r"собес\w*|интервью|interview\w*", re.IGNORECASE)
_WEAK = re.compile(
    r"(?:что[- ]нибудь,?\s+)?(?:в\s+ч[её]м|где|что|чем)?\s*(?:я\s+)?(?:слаб\w*|плаваю|хромаю)(?:\s+мест\w*)?"
    r"|мо(?:и|им|их)\s+слаб\w*\s+мест\w*|(?:что\s+)?(?:я\s+)?хуже\s+всего(?:\s+знаю)?"
    r"|(?:something\s+|what\s+|where\s+)?(?:i'?m|i\s+am)\s+(?:weak|bad|worst)(?:\s+(?:at|in|on))?|my\s+weak\w*(?:\s+\w+)?"
    r"|i\s+struggle(?:\s+with)?|weak\s+(?:spots?|points?|topics?)",
    re.IGNORECASE,
)
_LEVELS: tuple[tuple[Level, re.Pattern[str]], ...] = (
    ("Killer", re.compile(r"\b(?:killer|киллер\w*|сложн\w*|трудн\w*|hard|difficult|advanced)\b", re.IGNORECASE)),
    ("Medium", re.compile(r"\b(?:medium|медиум|средн\w*|intermediate)\b", re.IGNORECASE)),
    ("Basic", re.compile(r"\b(?:basic|базов\w*|прост\w*|л[её]гк\w*|easy|beginner)\b", re.IGNORECASE)),
)
_NUMBERS = {
    **dict(zip("один одного пару пара два три четыре пять десять".split(), (1, 1, 2, 2, 2, 3, 4, 5, 10), strict=True)),
    **dict(zip("one two couple three four five ten".split(), (1, 2, 2, 3, 4, 5, 10), strict=True)),
}
_COUNT = re.compile(
    rf"\b(\d{{1,3}}|{'|'.join(_NUMBERS)})\s+(?:(?:\w+\s+)?(?:вопрос\w*|questions?)|шт\w*)", re.IGNORECASE
)
_FILLERS = re.compile(
    r"\b(?:по|про|на\s+тему|на|теме|темам|тема|об?|из|уровн\w*|уровень|вопрос\w*|что[- ]нибудь|чему[- ]нибудь|всему|всё"
    r"|заметкам|ещ[её]|как|собес\w*|собеседовани\w*|интервью|пожалуйста|плиз|level|on|about|in|the|topics?|of|at|for|from"
    r"|questions?|something|anything|everything|my\s+notes|interview|mock|please|with|a|some|me)\b(?!\s*/)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Request:
    """A quiz as it was asked for; None leaves the choice to us. `topic` is in the learner's own words."""

    mode: Mode = "practice"
    topic: str | None = None
    level: Level | None = None
    count: int | None = None
    weak: bool = False
    language: Language = "ru"


def recognise(message: str) -> Request | None:
    """The quiz a message asks for, or None for anything else."""
    words = " ".join(message.split())
    if len(words) > _LONGEST or _QUESTION.match(words):
        return None
    asked = _REQUEST.match(words)
    if asked is None:
        return None
    return read(words, words[asked.end() :])


def read(words: str, rest: str) -> Request:
    """A request from its words; the topic stands in the `rest` below what was recognised."""
    count = _COUNT.search(words)
    level = next((name for name, pattern in _LEVELS if pattern.search(words)), None)
    weak = bool(_WEAK.search(words))
    for pattern in (_COUNT, _WEAK, *(pattern for _, pattern in _LEVELS)):
        rest = pattern.sub(" ", rest)
    topic = " ".join(_FILLERS.sub(" ", rest).split()).strip(" ,.!?:;-—")
    return Request(
        mode="interview" if _INTERVIEW.search(words) else "practice",
        topic=topic if any(map(str.isalnum, topic)) else None,
        level=level,
        count=None if count is None else _number(count[1]),
        weak=weak,
        language=text.question_language(words),
    )


def _number(said: str) -> int | None:
    found = _NUMBERS.get(said.lower()) or (int(said) if said.isdigit() else 0)
    return found or None
