"""One analyser for BM25, the grader and the support check: words, stems by script, sentences, language.

Russian words are stemmed by Snowball's Russian stemmer, Latin ones by its English stemmer; ё is folded to
е first, because the stemmer does not know it. Positions count Unicode code points of the text as given.
"""

import re
import unicodedata
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache

import razdel
import snowballstemmer

from assistant.types import Language, Span

# A word keeps inner joiners that carry meaning: p99.9, k-means, 0.25, c++, recall@k.
_WORD = re.compile(r"[^\W_]+(?:[.@'’+\-][^\W_]+)*\+{0,2}", re.UNICODE)
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_LATIN = re.compile(r"[a-z]", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.])[-−]?\d+(?:[.,]\d+)*(?:\s?%)?")
_FENCE = re.compile(r"^\s*(```|~~~)")
_RU = snowballstemmer.stemmer("russian")
_EN = snowballstemmer.stemmer("english")

# Words that carry no topic in a question. Short on purpose: IDF does the rest.
STOPWORDS = frozenset(
    """а без бы был была были было быть в вам вас во вот вы где да для до его ее если есть же за и из или им их к как
    какая какие какой каким какого когда ко кто ли либо мне мы на над надо не него нее нет ни них но ну о об он она они
    оно от по под при про с со так такое такой там то тоже только тут ты у уж чего чем что чтобы эта эти это этот я
    зачем почему нужен нужна нужно бывают работает
    a an and are as at be been by can did do does for from had has have how i if in into is it its me my of on or our
    so that the their them then there these they this those to was we were what when where which who why will with
    would you your""".split()
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text with its place and its stem."""

    text: str
    stem: str
    span: Span


def fold(text: str) -> str:
    """Lower case, ё as е, compatibility forms unified; the length may change, so never for offsets."""
    return unicodedata.normalize("NFKC", text).lower().replace("ё", "е")


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The stem of one word, chosen by its script; anything mixed or numeric stays as it is."""
    folded = fold(word)
    if _CYRILLIC.search(folded):
        return folded if _LATIN.search(folded) else str(_RU.stemWord(folded))
    return str(_EN.stemWord(folded)) if folded.isascii() and folded.isalpha() else folded


def words(text: str) -> list[Word]:
    """Every word of a text. A joined word (`two-tower`) is followed by its parts, so that both spellings match."""
    found: list[Word] = []
    for match in _WORD.finditer(text):
        whole = match.group()
        found.append(Word(whole, stem(whole), Span(*match.span())))
        parts = re.split(r"[-'’@+]", whole)
        if len(parts) > 1:
            place = match.start()
            for part in parts:
                if part:
                    begin = text.index(part, place)
                    found.append(Word(part, stem(part), Span(begin, begin + len(part))))
                    place = begin + len(part)
    return found


def terms(text: str) -> list[str]:
    """The stems that carry meaning, in order, repeats kept: what BM25 counts."""
    return [word.stem for word in words(text) if fold(word.text) not in STOPWORDS]


def numbers(text: str) -> list[str]:
    """Numbers as written, normalised: minus sign, decimal point, no space before %."""
    return [
        match.group().replace("−", "-").replace(",", ".").replace(" ", "").replace("\u00a0", "")
        for match in _NUMBER.finditer(text)
    ]


def language(text: str) -> Language:
    """Russian when a fifth of the letters are Cyrillic: Russian notes here are full of English terms."""
    cyrillic = len(_CYRILLIC.findall(text))
    return "ru" if cyrillic * 4 >= len(_LATIN.findall(text)) and cyrillic else "en"


def question_language(question: str) -> Language:
    """Russian as soon as there is a Russian letter: Russian questions here are full of English terms."""
    return "ru" if _CYRILLIC.search(question) else "en"


def _blocks(text: str) -> Iterator[tuple[Span, bool]]:
    """Lines as spans, a fenced code block as one span; the flag says whether it is prose."""
    place, fence_start = 0, -1
    for line in text.splitlines(keepends=True):
        if _FENCE.match(line):
            if fence_start < 0:
                fence_start = place
            else:
                yield Span(fence_start, place + len(line)), False
                fence_start = -1
        elif fence_start < 0 and line.strip():
            yield Span(place, place + len(line)), not line.lstrip().startswith("|")
        place += len(line)
    if fence_start >= 0:
        yield Span(fence_start, place), False


def sentences(text: str) -> list[Span]:
    """Sentences of Markdown text, without surrounding space: a list item, table row or code block is its own."""
    spans: list[Span] = []
    for block, prose in _blocks(text):
        piece = text[block.start : block.end]
        parts = [(s.start, s.stop) for s in razdel.sentenize(piece)] if prose else [(0, len(piece))]
        for start, end in parts:
            inner = piece[start:end]
            left = block.start + start + len(inner) - len(inner.lstrip())
            right = block.start + end - (len(inner) - len(inner.rstrip()))
            if right > left:
                spans.append(Span(left, right))
    return spans


def complete_sentences(pieces: Generator[str, None, None]) -> Generator[tuple[str, str], None, None]:
    """Sentences of a stream, each as soon as the next one has begun, with the space before it (a list stays a list).

    Closing this closes the stream.
    """
    written, place = "", 0
    with closing(pieces):
        for piece in pieces:
            written += piece
            spans = sentences(written[place:])
            # The last one may still grow.
            start = place
            for span in spans[:-1]:
                yield written[place : start + span.start], written[start + span.start : start + span.end]
                place = start + span.end
    start = place
    for span in sentences(written[start:]):
        yield written[place : start + span.start], written[start + span.start : start + span.end]
        place = start + span.end
