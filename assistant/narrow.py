"""Filters typed inside a question: "…, только Killer", "only medium", "по теме бандиты", "in topic drift".

By rule, and shy: a level counts only where it stands apart from the question (behind a comma, at its end, at its
beginning before a question word), a topic only when its name fits exactly one. Whatever is not understood stays in
the question. What was understood is shown, and can be taken off.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant import text
from assistant.types import EVERYTHING, Filters, Level, Span

_NAMES: tuple[tuple[str, Level], ...] = (
    ("basic", "Basic"),
    ("medium", "Medium"),
    ("killer", "Killer"),
    ("базов", "Basic"),
    ("средн", "Medium"),
    ("килл", "Killer"),
)
# A single level's Russian name in the singular may be any adjective ("порог только средний"); in the plural it means
# questions.
_LEVEL = r"(?P<level>basic|medium|killer|киллер(?:ы|ов|а)?|базовые|базовых|средние|средних)"
_ONE = r"(?P<level>basic|medium|killer|киллер|базов(?:ый|ого)|средн(?:ий|его))"
_KIND = r"(?:вопрос(?:ы|ов|ам|ах)?|заметк(?:и|ам|ах)|заметок|questions?|notes|ones)"
_RANK = r"(?:уров(?:ень|ня|не)|level)"
_PHRASES = tuple(
    re.compile(phrase, re.IGNORECASE)
    for phrase in (
        rf"\b(?:только|лишь|исключительно|only|just)\s+(?:{_KIND}\s+)?{_LEVEL}\b(?:[\s-]+{_KIND}\b)?",
        rf"\b(?:только|лишь|only|just|на|at|of)?\s*\b{_RANK}\s*[:=]?\s*{_ONE}\b",
        rf"\b(?:только|лишь|only|just|at)\s+{_ONE}\s+{_RANK}\b",
        rf"\b{_LEVEL}(?:\s+{_KIND})?\s+(?:only|только)\b",
    )
)
# What may follow a level at the beginning of a question, and what may not stand before one at its end: there the
# words belong to the sentence ("is it only basic?").
_OPENERS = frozenset(
    """что чего чем чему как какой какая какие каких когда кто где куда откуда почему зачем сколько ли про о об по в из
    на объясни расскажи покажи дай перечисли назови
    what which who when where why how is are does do can about on in from within explain tell show list give""".split()
)
_BELONGS = frozenset(
    """не ни ли это эта этот эти он она оно они есть был была было были будет быть бывает нужен нужна нужно нужны
    хватит хватает достаточно почему зачем что чем как или и от для с со значит означает называется считать считается
    not is are was were be been being has have had use uses used need needs require requires mean means with of for
    the a an it this that they or and than as vs why what how which get gets give gives serve serves""".split()
)
# Left over from "а только Killer?", which asks the last question again.
_NOTHING = frozenset("а и но ну теперь тогда пожалуйста and but now so then ok please".split())

_POLITE = re.compile(r"\b(?:please|пожалуйста)\b", re.IGNORECASE)
_TOPIC = re.compile(
    r"""\b(?:только\s+)?(?:(?:по|в|из|про|на)\s+тем(?:е|у|ы)|тема\s*[:=])\s+(?=\S)
    |\b(?:only\s+)?(?:(?:in|on|from|within|under)\s+(?:the\s+)?topic(?:\s+of)?|topic\s*[:=])\s*(?=\S)""",
    re.IGNORECASE | re.VERBOSE,
)
_APART = ",;:.!?()—–\n"
_LONGEST_NAME = 6
_FITS = 4
_TRANSLIT = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфхыэ", "abvgdezijklmnoprstufhye", strict=True))
    | {"ж": "zh", "ц": "c", "ч": "ch", "ш": "sh", "щ": "sch", "ю": "yu", "я": "ya", "ь": "", "ъ": ""}
)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A question without the filters typed in it (empty when there is nothing else), and these filters."""

    question: str
    filters: Filters


def narrow(typed: str, topics: Iterable[str]) -> Narrowed:
    """Take the filters out of a question. `topics` are the names that there are."""
    ranked = _level(typed)
    question = asked = _without(typed, ranked[0]) if ranked else typed
    found = _topic(question, sorted(set(topics)))
    if found:
        question = _without(question, found[0])
        if ranked is None and (ranked := _level(question)):
            question = _without(question, ranked[0])
    if not ranked and not found:
        return Narrowed(typed, EVERYTHING)
    filters = Filters(topic=found[1] if found else None, level=ranked[1] if ranked else None)
    if all(text.fold(word.text) in _NOTHING for word in text.words(question)):
        return Narrowed("", filters)
    # "Что есть по теме бандиты?" asks nothing without the topic's name.
    return Narrowed(question if text.terms(question) else asked, filters)


def _level(question: str) -> tuple[Span, Level] | None:
    for phrase in _PHRASES:
        for match in phrase.finditer(question):
            if _stands_apart(question, *match.span()):
                return Span(*match.span()), _named(match["level"])
    return None


def _named(word: str) -> Level:
    folded = text.fold(word)
    return next(level for start, level in _NAMES if folded.startswith(start))


def _stands_apart(question: str, start: int, end: int) -> bool:
    """Whether a phrase is a remark beside the question and no part of its sentence."""
    before, after = question[:start].rstrip(" \t"), question[end:].lstrip(" \t")
    opens = not before or before[-1] in _APART
    closes = not _POLITE.sub("", after).strip(" \t\n?!.…)")
    if opens and (closes or after[0] in _APART):
        return True
    words = text.words(before)
    if closes and not opens:
        return before[-1].isalnum() and text.fold(words[-1].text) not in _BELONGS
    following = text.words(after)
    return not before and after[0].isalnum() and bool(following) and text.fold(following[0].text) in _OPENERS


def _topic(question: str, topics: Sequence[str]) -> tuple[Span, str] | None:
    """The phrase that names a topic, with as many of the words after it as fit one topic's name."""
    for match in _TOPIC.finditer(question):
        rest = question[match.end() :]
        quoted = re.match(r"[«“\"']([^»”\"']+)[»”\"']", rest)
        clause = quoted[1] if quoted else re.split(r"[,;:?!()—–\n]|\.\s|\.$", rest, maxsplit=1)[0]
        spans = [found.span() for found in re.finditer(r"\S+", clause)][:_LONGEST_NAME]
        for count in range(len(spans), 0, -1):
            name = clause[: spans[count - 1][1]]
            # "RAG how" would fit as well as "RAG": words that carry no topic end no name.
            ended = bool(_bare(clause[slice(*spans[count - 1])]))
            if ended and (topic := _fitting(name, topics)):
                return Span(match.start(), match.end() + (quoted.end() if quoted else len(name))), topic
            if quoted:
                break
    return None


def _fitting(name: str, topics: Sequence[str]) -> str | None:
    """The one topic whose name has every word of `name`; a name in full goes before a part of others."""
    wanted = _bare(name)
    fits = {topic: _bare(topic) for topic in topics if wanted and _has(_bare(topic), wanted)}
    whole = [topic for topic, words in fits.items() if len(words) == len(wanted) or wanted == [_initials(words)]]
    alone = whole if len(whole) == 1 else list(fits)
    return alone[0] if len(alone) == 1 else None


def _has(topic: Sequence[str], wanted: Sequence[str]) -> bool:
    return list(wanted) == [_initials(topic)] or all(any(_same(one, word) for word in topic) for one in wanted)


def _bare(name: str) -> list[str]:
    return [word for word in re.findall(r"[^\W_]+", text.fold(name)) if word not in text.STOPWORDS]


def _initials(words: Sequence[str]) -> str:
    """RAG for Retrieval-Augmented Generation; of a single word, nothing."""
    return "".join(word[0] for word in words) if len(words) > 1 else ""


def _same(wanted: str, named: str) -> bool:
    """Two forms of a Russian word, an English one with or without its plural's s, or a Russian spelling of it."""
    if wanted.isascii():
        # No stems in English: "in topic modeling" is about no model.
        return wanted.removesuffix("s") == named.removesuffix("s")
    if not named.isascii():
        return text.stem(wanted) == text.stem(named)
    one, other = _sound(text.stem(wanted).translate(_TRANSLIT)), _sound(named)
    shared = next((n for n, pair in enumerate(zip(one, other, strict=False)) if len(set(pair)) > 1), None)
    alike = min(len(one), len(other)) if shared is None else shared
    return alike >= _FITS and alike * 3 >= 2 * min(len(one), len(other)) and (shared is None or alike > _FITS)


def _sound(word: str) -> str:
    """As it is heard: kalibr for calibr, rekomend for recommend."""
    heard = word.replace("c", "k").replace("w", "v").replace("y", "i")
    return re.sub(r"(.)\1", r"\1", heard)


def _without(question: str, span: Span) -> str:
    """The question with a remark and the punctuation that held it apart taken out."""
    before, after = question[: span.start].rstrip(" \t,;:–—-("), question[span.end :].lstrip(" \t)")
    if not before:
        return after.lstrip(" \t,;:.–—-")
    if before[-1] in "?!." and not after.strip("?!.… \t\n"):
        return before
    return before + after if not after or after[0] in _APART else f"{before} {after}"
