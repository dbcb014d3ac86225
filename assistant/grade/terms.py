"""What a text says, term by term: its words as concepts of both languages, whether each is affirmed or denied.

Words meet by stem, by the groups of `synonyms.txt`, and across scripts by sound ("джиттер" and "jitter"). A denied word
and the opposite of a word carry the other sign, so "not larger" meets "smaller" and contradicts "larger".
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path

from assistant import text
from assistant.types import Span

_FILE = Path(__file__).with_name("synonyms.txt")
_LONGEST_PHRASE = 4
# A negation reaches this many words that carry meaning; light words in between let it through.
_SCOPE = 2
_RUSSIAN = re.compile(r"[а-яё]", re.IGNORECASE)
_ENDING, _ENDINGS, _SHORT = "аеёиоуыэюяьй", ("", "а", "у", "ом", "е", "ы", "и", "ам", "ами", "ах", "ов"), 3
# Shorter words are too often one letter from another word.
_CAN_SLIP = 6

_NEGATORS = frozenset(
    "не ни без нет никогда нигде not no never without neither nor cannot n't don doesn isn aren".split()
)
# Words that deny everything else in their clause; so do negations with nothing but light words after them
# ("an index is not needed").
_DENIERS = frozenset(
    text.stem(word)
    for word in """бессмысленный бессмысленно бессмыслица зря неважно необязательно незачем
    meaningless useless pointless needless""".split()
)
_CLAUSE_END = re.compile(r"[;:.!?()\n→]|=>|,|\s[—–-]\s|\s(?:а|но|but|whereas|while|зато)\s")
_TEX = frozenset(
    """top frac sqrt cdot mathbb mathrm text sum left right bar hat quad qquad bigl bigr big approx sim le ge leq geq
    times prod int infty ldots dots mid operatorname max min lvert rvert cases begin end tfrac dfrac""".split()
)
_GREEK = {
    name: letter
    for name, letter in zip(
        "alpha beta gamma delta epsilon varepsilon theta lambda mu pi sigma tau phi chi omega альфа бета гамма".split(),
        "αβγδεεθλμπστφχωαβγ",
        strict=True,
    )
}
# Words that say little by themselves: they count for a third.
_LIGHT = frozenset(
    text.stem(word)
    for word in """быть иметь мочь нужно надо должен делать сделать давать брать взять ставить получать использовать
    просто вообще обычно поэтому потому очень самый каждый весь всё все один два три другой свой себя
    ещё уже даже лишь только почти около примерно например скажем тогда сейчас когда если через между
    больший такой который где есть важный важно нужный влиять означать требоваться становиться снова
    несколько пара плюс ок над сразу прямо честно хорошо смотреть смотрим история считать значит
    находиться идти про сам любой некоторый при дать стать over need needed matter matters required use
    used make take give get need must should may might usually typically very every each other one two
    three own just only even also about almost for example where if when between become consider than
    any some all it""".split()
)


@dataclass(frozen=True, slots=True)
class Term:
    """A meaningful word or phrase: what it stands for, affirmed (1) or denied (-1), where, and how much it says.

    A `name` is a word that stands for one thing and no other: an abbreviation, a symbol, a Latin word amid Russian.
    """

    key: str
    sign: int
    span: Span
    weight: float
    name: bool = False

    @property
    def polar(self) -> bool:
        """Whether it has an opposite."""
        return self.key in _polar()


def terms(written: str, *, russian: bool | None = None) -> list[Term]:
    """The terms of a text in order. Numbers are not among them, see `numbers`. `russian` tells what it is a part of."""
    amid = bool(_RUSSIAN.search(written)) if russian is None else russian
    found: list[Term] = []
    for clause in clauses(written):
        for term in _of_clause(written, clause):
            named = _is_name(written[term.span.start : term.span.end], amid_russian=amid)
            found.append(replace(term, name=named) if named else term)
    return found


def clauses(written: str) -> list[Span]:
    """The text cut where one statement may end and the next begin."""
    spans: list[Span] = []
    start = 0
    for match in _CLAUSE_END.finditer(written):
        # A decimal comma or point is no end.
        if match.group() in ",." and written[match.end() : match.end() + 1].isdigit():
            continue
        spans.append(Span(start, match.end()))
        start = match.end()
    spans.append(Span(start, len(written)))
    return [span for span in spans if any(map(str.isalnum, written[span.start : span.end]))]


def match(wanted: Term, said: Sequence[Term]) -> Term | None:
    """The term among `said` that means the wanted one, one of the same sign if there is any."""
    alike = [term for term in said if same(wanted.key, term.key)]
    return next((term for term in alike if term.sign == wanted.sign), alike[0] if alike else None)


def other_names(written: str) -> list[str]:
    """What else the words of a text are called, in either language."""
    keys = {term.key for term in terms(written) if term.key.startswith("#")}
    return [phrase for key in sorted(keys) for phrase in _groups()[key]]


def _of_clause(written: str, clause: Span) -> list[Term]:
    tokens = [token for token in text.words(written[clause.start : clause.end]) if not _joined(token.text)]
    stems = [token.stem for token in tokens]
    found: list[Term] = []
    reach = place = 0
    denied_all = any(stem in _DENIERS for stem in stems)
    while place < len(tokens):
        folded = text.fold(tokens[place].text)
        size, key, sign = _lookup(stems, place)
        if not size and folded in _NEGATORS:
            reach, place = _SCOPE, place + 1
            continue
        weight = _weight(folded, tokens[place].stem, known=bool(size))
        if weight:
            last = tokens[place + max(1, size) - 1]
            span = Span(clause.start + tokens[place].span.start, clause.start + last.span.end)
            found.append(Term(key or _own_key(folded, stems[place]), -sign if reach else sign, span, weight))
            if weight >= 1:
                reach = max(0, reach - 1)
        place += max(1, size)
    if denied_all != (reach == _SCOPE):
        found = [replace(term, sign=-term.sign) for term in found]
    return found


def _is_name(word: str, *, amid_russian: bool) -> bool:
    if word in _GREEK.values() or word.lower().lstrip("\\") in _GREEK:
        return True
    latin = re.search(r"[A-Za-z]", word) is not None
    telling = amid_russian or sum(map(str.isupper, word)) >= 2 or any(map(str.isdigit, word))
    return latin and telling and word.lower() not in _TEX


def _joined(word: str) -> bool:
    """A joined word's parts follow it and are read instead."""
    return len([part for part in re.split(r"[-'’@+]", word) if part]) > 1


def _weight(folded: str, stem: str, *, known: bool) -> float:
    if known:
        return 1.0
    if folded in text.STOPWORDS or folded in _TEX or folded.replace(".", "").isdigit():
        return 0.0
    if len(folded) == 1 and folded not in _GREEK.values():
        return 0.15
    return 0.33 if stem in _LIGHT else 1.0


def _own_key(folded: str, stem: str) -> str:
    return _GREEK.get(folded, stem)


def _lookup(stems: Sequence[str], place: int) -> tuple[int, str, int]:
    """How many words of a known phrase begin here, its group and its side of it; nothing known is size 0."""
    phrases = _phrases()
    for size in range(min(_LONGEST_PHRASE, len(stems) - place), 0, -1):
        found = phrases.get(tuple(stems[place : place + size]))
        if found:
            return size, *found
    return (1, *near) if (near := _mistyped(stems[place])) else (0, "", 1)


@lru_cache(maxsize=65_536)
def _mistyped(stem: str) -> tuple[str, int] | None:
    """The group of a known word that is one typing slip away."""
    if len(stem) < _CAN_SLIP:
        return None
    alike = (known for (known, *more) in _phrases() if not more and known[:2] == stem[:2] and len(known) >= _CAN_SLIP)
    found = next((known for known in alike if _one_slip(stem, known)), None)
    return _phrases()[(found,)] if found else None


@cache
def _phrases() -> dict[tuple[str, ...], tuple[str, int]]:
    """Every phrase of the synonyms by its stems, with its group and side."""
    found: dict[tuple[str, ...], tuple[str, int]] = {}
    for key, side, phrase in _entries():
        *front, last = [word for word in text.words(phrase) if not _joined(word.text)]
        for stem in _stems(last.text):
            found.setdefault((*(word.stem for word in front), stem), (key, side))
    return found


def _stems(word: str) -> list[str]:
    """The stems of a word's forms: Snowball cuts "бандит" to "банд" and "бандитам" to "бандит"."""
    bare = word.rstrip(_ENDING) if _RUSSIAN.search(word) and len(word) > _SHORT else ""
    forms = [bare + ending for ending in _ENDINGS] if len(bare) > _SHORT else []
    return list(dict.fromkeys(text.stem(form) for form in (word, *forms)))


@cache
def _groups() -> dict[str, list[str]]:
    """The phrases of every group's first side."""
    found: dict[str, list[str]] = {}
    for key, side, phrase in _entries():
        found.setdefault(key, []).extend([phrase] if side > 0 else [])
    return found


@cache
def _polar() -> frozenset[str]:
    """The groups that have two sides."""
    return frozenset(key for key, side, _ in _entries() if side < 0)


def _entries() -> Iterator[tuple[str, int, str]]:
    """Group, side and words of each phrase in the file of synonyms."""
    for number, line in enumerate(_FILE.read_text("utf-8").splitlines()):
        if line.strip() and not line.startswith("#"):
            for side, part in zip((1, -1), line.split("<>"), strict=False):
                yield from ((f"#{number}", side, phrase.strip()) for phrase in part.split(","))


@lru_cache(maxsize=65_536)
def same(one: str, other: str) -> bool:
    """Whether two keys stand for the same: equal, alike in sound across scripts, or one typing slip apart."""
    if one == other:
        return True
    if one.startswith("#") or other.startswith("#"):
        return False
    if one.isascii() != other.isascii():
        sound = _sound(one)
        return len(sound) >= 3 and sound == _sound(other)
    if not one.isascii() and (one.startswith(other) or other.startswith(one)):
        return min(len(one), len(other)) > _SHORT and abs(len(one) - len(other)) <= 2
    return min(len(one), len(other)) >= 5 and _one_slip(one, other)


def _one_slip(one: str, other: str) -> bool:
    """Whether one typing slip (a letter wrong, missing, extra, or two exchanged) leads from one word to the other."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:] and len(a) > 1)


_SOUNDS = (
    *(("дж", "j"), ("кс", "ks"), ("тч", "4"), ("ч", "4"), ("ш", "5"), ("щ", "5"), ("ж", "j"), ("ц", "ts"), ("х", "h")),
    *(("sch", "5"), ("tch", "4"), ("ch", "4"), ("sh", "5"), ("ph", "f"), ("th", "t"), ("ck", "k"), ("x", "ks")),
    *(("qu", "kv"), ("q", "k"), ("c", "k"), ("w", "v"), ("z", "s")),
)
_LETTERS = str.maketrans("бвгдзйклмнпрстф", "bvgds klmnprstf".replace(" ", "i"))


@lru_cache(maxsize=65_536)
def _sound(word: str) -> str:
    """The consonants of a word as they sound, in either script."""
    for letters, sound in _SOUNDS:
        word = word.replace(letters, sound)
    word = word.translate(_LETTERS)
    bare = re.sub(r"[^bdfghjklmnprstv45]", "", word)
    return re.sub(r"(.)\1+", r"\1", bare)
