"""A follow-up made standalone, when it needs it: "а для холодного старта?" is nothing without what came before.

Deterministic on purpose: a rewriting model costs a call and drifts. The question it hangs on is put in front; the
retriever's encoder reads both. What was searched for is shown to the learner.
"""

from collections.abc import Sequence

from assistant import text
from assistant.types import Turn

_OPENERS = frozenset("а и но ну или and but or so then also".split())
_POINTERS = frozenset(
    """это этого этому этом этим эти этих этот эта он она оно они его ее их ему ей им нем ней них там
    тогда первый второй первая вторая it its that this they them their those these one ones there former latter""".split()
)
_MORE = frozenset(
    text.stem(word)
    for word in """подробнее пример примеры почему зачем поясни объясни проще короче ещё еще дальше приведи дай покажи
    give show why more example examples elaborate explain shorter simpler further""".split()
)
# An opening "and …?" with more topic words than this stands on its own.
_FEW_TERMS = 2


def needs_context(question: str) -> bool:
    """Whether the question points at something said before.

    It does when a pronoun comes before any topic word or beside at most one, when it opens with "and" or "а" and brings
    at most two topic words, or when it only asks for more.
    """
    folded = [(text.fold(word.text), word.stem) for word in text.words(question)]
    if not folded:
        return False
    topical = [stem for word, stem in folded if word not in text.STOPWORDS and word not in _POINTERS]
    if all(stem in _MORE for stem in topical) and len(folded) <= 6:
        return True
    for word, stem in folded:
        if word in _POINTERS:
            return True
        if word not in text.STOPWORDS and stem not in _MORE:
            break
    if len(topical) <= 1 and any(word in _POINTERS for word, _ in folded):
        return True
    return folded[0][0] in _OPENERS and len(topical) <= _FEW_TERMS


def standalone(question: str, history: Sequence[Turn]) -> str:
    """The question itself, or the last self-contained question of the learner followed by it."""
    if not needs_context(question):
        return question
    for turn in reversed(history):
        if turn.role == "user" and turn.content.strip() and not needs_context(turn.content):
            return f"{turn.content.strip()} {question}"
    return question
