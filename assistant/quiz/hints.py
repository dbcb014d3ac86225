"""Hints and probes that say what kind of thing is missing and never what it is.

They come from a fixed list by the form of the point: a figure, a cause, a comparison. Even so each is checked against
the terms of every key point, and one that shares a term with them is replaced.
"""

import re
from collections.abc import Sequence
from typing import Literal

from assistant.grade import numbers, terms
from assistant.types import KeyPoint, Language

Form = Literal["figure", "formula", "danger", "comparison", "cause", "condition", "kinds", "definition", "other"]

_FORMS: tuple[tuple[Form, re.Pattern[str]], ...] = (
    ("danger", re.compile(r"\b(?:нельзя|ошибк|риск|опас|ловушк|неверн|never|must not|risk|fail|wrong|danger)", re.I)),
    ("comparison", re.compile(r"\b(?:а не|в отличие|вместо|чем у|против|unlike|instead|rather|than|versus)\b", re.I)),
    ("cause", re.compile(r"\b(?:потому|поэтому|из-за|чтобы|так как|because|therefore|so that|due to)\b", re.I)),
    ("condition", re.compile(r"\b(?:если|когда|при|пока|if|when|while|under|unless)\b", re.I)),
    ("kinds", re.compile(r"(?:[,;][^,;]+){2,}")),
    ("definition", re.compile(r"\s[—–]\s|\b(?:это|is|are|means)\b", re.I)),
)
HINTS: dict[Language, dict[Form, str]] = {
    "ru": {
        "figure": "Здесь ждут конкретную цифру.",
        "formula": "Здесь пригодится запись через символы.",
        "danger": "Подумайте, что тут может пойти не так.",
        "comparison": "Сопоставьте с тем, как бывает иначе.",
        "cause": "Скажите, из-за чего так происходит.",
        "condition": "Уточните обстоятельства, в которых это верно.",
        "kinds": "Здесь ждут перечисление.",
        "definition": "Скажите, что это такое по сути.",
        "other": "Начните с главного: чем это полезно?",
    },
    "en": {
        "figure": "A concrete figure is expected here.",
        "formula": "It helps to put this in symbols.",
        "danger": "Think of what can go astray here.",
        "comparison": "Set it beside the alternative.",
        "cause": "Say what brings this about.",
        "condition": "Say under which circumstances this holds.",
        "kinds": "An enumeration is expected here.",
        "definition": "Say what it is in essence.",
        "other": "Start with the main thing: what good does this do?",
    },
}
PROBES: dict[Language, dict[Form, str]] = {
    "ru": {
        "figure": "А какая здесь цифра?",
        "formula": "А как это записать через символы?",
        "danger": "А что тут может пойти не так?",
        "comparison": "А если сопоставить с тем, как бывает иначе?",
        "cause": "А из-за чего так происходит?",
        "condition": "А в каких обстоятельствах это верно?",
        "kinds": "А что ещё сюда относится?",
        "definition": "А что это такое по сути?",
        "other": "О чём вы ещё не сказали?",
    },
    "en": {
        "figure": "And which figure belongs here?",
        "formula": "And how would you put this in symbols?",
        "danger": "And what can go astray here?",
        "comparison": "And beside the alternative?",
        "cause": "And what brings this about?",
        "condition": "And under which circumstances does this hold?",
        "kinds": "And what else belongs here?",
        "definition": "And what is it in essence?",
        "other": "What have you not mentioned yet?",
    },
}
_BARE: dict[Language, str] = {"ru": "Что ещё?", "en": "What else?"}


def hint(points: Sequence[KeyPoint], place: int, question: str, language: Language) -> str:
    """A hint at one point."""
    return _safe(HINTS[language], points, place, question, language)


def probe(points: Sequence[KeyPoint], place: int, question: str, language: Language) -> str:
    """A question after the answer, towards one point."""
    return _safe(PROBES[language], points, place, question, language)


def leaks(words: str, points: Sequence[KeyPoint], question: str) -> bool:
    """Whether words name a term or a number of a key point that the question does not name itself."""
    asked = terms.terms(question)
    secret = [
        term
        for point in points
        for term in terms.terms(point.text)
        if term.weight >= 1 and terms.match(term, asked) is None
    ]
    said = [term for term in terms.terms(words) if term.weight >= 1]
    told = numbers.numbers(words)
    return any(terms.match(term, said) for term in secret) or any(
        numbers.agree(number, one) for point in points for number in numbers.numbers(point.text) for one in told
    )


def form(point: str) -> Form:
    """What kind of thing a point is, by how it is written."""
    if "$" in point:
        return "formula"
    if numbers.numbers(point):
        return "figure"
    return next((name for name, pattern in _FORMS if pattern.search(point)), "other")


def _safe(words: dict[Form, str], points: Sequence[KeyPoint], place: int, question: str, language: Language) -> str:
    for candidate in (words[form(points[place].text)], words["other"]):
        if not leaks(candidate, points, question):
            return candidate
    return _BARE[language]
