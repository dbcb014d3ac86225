"""A follow-up made standalone, when it needs it: "а для холодного старта?" is nothing without what came before.

Deterministic on purpose: a rewriting model costs a call and drifts. The question it hangs on is put in front; the
retriever's encoder reads both. What was searched for is shown to the learner.
"""

from collections.abc import Sequence

from assistant import text
from assistant.types import Turn

_OPENERS = frozenset("а и но ну или and but or so then also".split())
# Words that point outside the question wherever they stand, and those that may point at a noun before them in it.
_DEICTIC = frozenset("это этого этому этом этим эти этих этот эта this these those former latter".split())
_POINTERS = _DEICTIC | frozenset(
    """он она оно они его ее их ему ей им нем ней них там тогда первый второй первая вторая
    it its that they them their one ones there""".split()
)
_MORE = frozenset(
    text.stem(word)
    for word in """подробнее пример примеры почему зачем поясни объясни проще короче ещё еще дальше приведи дай покажи
    give show why more example examples elaborate explain shorter simpler further""".split()
)
# "What is X …?" names its own subject, whatever pronoun follows.
_DEFINING = frozenset({("что", "такое"), ("what", "is"), ("what", "are")})
# An opening "and …?" with more topic words than this stands on its own; so does one that names two things in Latin
# letters amid Russian ("а чем precision отличается от recall?").
_FEW_TERMS = 3


def needs_context(question: str) -> bool:
    """Whether the question points at something said before.

    It does when it says "this", when a pronoun comes before any topic word or beside at most one, when it opens with
    "and" or "а" and brings few topic words, or when it only asks for more.
    """
    folded = [(text.fold(word.text), word.stem) for word in text.words(question)]
    if not folded:
        return False
    if tuple(word for word, _ in folded[:2]) in _DEFINING and folded[2:3] and folded[2][0] not in _POINTERS:
        return False
    topical = [stem for word, stem in folded if word not in text.STOPWORDS and word not in _POINTERS]
    if all(stem in _MORE for stem in topical) and len(folded) <= 6:
        return True
    for word, stem in folded:
        if word in _POINTERS:
            return True
        if word not in text.STOPWORDS and stem not in _MORE:
            break
    pointing = {word for word, _ in folded} & _POINTERS
    if pointing & _DEICTIC or (pointing and len(topical) <= 1):
        return True
    named = [stem for stem in topical if stem.isascii()] if text.question_language(question) == "ru" else []
    return folded[0][0] in _OPENERS and len(topical) <= _FEW_TERMS and len(named) < 2


def standalone(question: str, history: Sequence[Turn]) -> str:
    """The question itself, or the last self-contained question of the learner followed by it."""
    if not needs_context(question):
        return question
    for turn in reversed(history):
        if turn.role == "user" and turn.content.strip() and not needs_context(turn.content):
            return f"{turn.content.strip()} {question}"
    return question
