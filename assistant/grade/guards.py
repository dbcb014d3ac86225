"""What of an answer is evidence: no refusals to answer, no echo of the question, no pleas, no noise.

Cheap and by rule, before anything reads for meaning. What is dropped is dropped clause by clause, so that a plea costs
an honest answer nothing and earns a dishonest one nothing.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant import text
from assistant.grade import terms
from assistant.guard import incoming
from assistant.types import Span

Dropped = Literal["empty", "dont_know", "gibberish", "pasted_question", "plea"]

_DONT_KNOW = re.compile(
    r"не\s+(?:знаю|помню|в\s+курсе|уверена?|могу\s+(?:сказать|ответить|вспомнить))|понятия\s+не\s+имею|без\s+понятия"
    r"|затрудняюсь|сдаюсь|забыла?\b|ничего\s+не\s+(?:знаю|помню)|\bхз\b|\bпас\b|давайте\s+дальше|следующий\s+вопрос"
    r"|(?:do\s*n[o']?t|dont|did\s*n[o']?t)\s+(?:know|remember|recall)|no\s+(?:idea|clue)|not\s+sure|can\s*(?:no|')?t\s+"
    r"(?:say|recall|remember)|\bidk\b|\bdunno\b|i\s+forgot|\bpass\b|next\s+question|i\s+give\s+up",
    re.IGNORECASE,
)
_PLEAS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:постав(?:ь|ьте|ить|ите)|засчита(?:й|йте|ть)|зачти(?:те)?|дай(?:те)?|выстави(?:те)?|оцени(?:те)?|прошу|"
        r"начисли(?:те)?|присвой(?:те)?)\b[^.!?\n]{0,60}(?:балл|оценк|зач[её]т|пункт|максим|отлично|пят[её]рк|\b100|\b5\b|верн)",
        r"(?:макс\w*|высш\w*|полн\w*)\s+(?:балл|оценк|сч[её]т)",
        r"\b(?:считай(?:те)?|отметь(?:те)?|пометь(?:те)?)\b[^.!?\n]{0,40}(?:пункт|вс[её]|верн|раскрыт|назван|covered)",
        r"вс[её]\s+(?:\w+\s+){0,2}пункт\w*[^.!?\n]{0,40}(?:раскрыт|назван|покрыт|упомян|выполн|есть)",
        r"(?:мой|этот|данный)\s+ответ\s+(?:\w+\s+){0,2}(?:верн|правильн|полон|полный|идеальн|отличн)",
        r"(?:игнорир|забуд|не\s+обращай)\w*[^.!?\n]{0,40}(?:инструкц|правил|указан|предыдущ|критери)",
        r"(?:ответь|отвечай|скажи|напиши)\w*\s+(?:только\s+)?[«\"']?(?:да|yes)\b",
        r"(?:full|maximum|max|top|perfect|highest|all)\s+(?:marks?|points?|scores?|credits?|grades?)\b",
        r"\b(?:give\s+(?:me|this|it)|award|mark\s+(?:every|all|this|it|each|me)|(?:grade|rate|score|count)\s+"
        r"(?:this|it|me|my|every|all))\b[^.!?\n]{0,50}(?:\d|full|every|all\b|maximum|covered|correct|points?\b|marks?\b)",
        r"(?:ignore|disregard|forget|override)\b[^.!?\n]{0,40}(?:instruction|rule|prompt|rubric|criteria|previous|above)",
        r"(?:answer|say|reply|respond|output)\s+(?:only\s+|with\s+)*[\"'«]?(?:yes|да)\b",
        r"(?:this|my)\s+answer\s+(?:is|covers|states|contains)[^.!?\n]{0,40}(?:correct|complete|perfect|every|all)\b",
        r"(?:every|all)\s+(?:the\s+)?(?:key\s+)?points?\s+(?:is|are|was|were|has|have)\b",
        r"(?:you\s+are|act\s+as|ты|вы)\s+[^.!?\n]{0,20}(?:grader|examiner|teacher|проверяющ|экзаменатор|оценщик)",
        r"<\|?/?(?:im_start|im_end|system|assistant|user|answer|note|point)\b[^>\n]{0,20}>?",
        r"^\s*(?:system|assistant|user|система)\s*:",
    )
)
_QUOTED = re.compile(r"«[^»]*»|\"[^\"\n]*\"|“[^”]*”|`[^`\n]*`")
# An echo repeats at least this share of its own terms from the question, in the question's order.
_ECHO = 0.8
_SAYS_SOMETHING = 1.5
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю")
_VOWELS = re.compile(r"[aeiouyаеёиоуыэюя]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """An answer without hidden and control characters; `place[i]` is where its character i stood."""

    text: str
    place: tuple[int, ...]

    def original(self, span: Span) -> Span:
        """The same stretch in the answer as it was given."""
        return Span(self.place[span.start], self.place[span.end - 1] + 1)


@dataclass(frozen=True, slots=True)
class Screened:
    """What is evidence in an answer: its kept stretches, or why nothing was kept."""

    kept: tuple[Span, ...]
    dropped: Dropped | None


def clean(answer: str) -> Cleaned:
    """Hidden characters dropped, control characters as spaces."""
    kept = [(place, shown) for place, char in enumerate(answer) if (shown := incoming.visible(char))]
    return Cleaned("".join(char for _, char in kept), tuple(place for place, _ in kept))


def screen(answer: str, question: str, note: str) -> Screened:
    """The stretches of a cleaned answer that may be evidence for what `note` says on `question`."""
    if not any(map(str.isalnum, answer)):
        return Screened((), "empty")
    kept: list[Span] = []
    reasons: Counter[Dropped] = Counter()
    vocabulary = {term.key for term in terms.terms(f"{question}\n{note}") if term.weight >= 1}
    for sentence in text.sentences(answer):
        words = answer[sentence.start : sentence.end]
        reason = _reason(words, question, vocabulary)
        if reason is not None:
            reasons[reason] += 1
            continue
        pleas = _pleas(words, f"{question}\n{note}")
        reasons["plea"] += len(pleas)
        kept.extend(_without(sentence, words, pleas))
    if kept:
        return Screened(tuple(kept), None)
    return Screened((), reasons.most_common(1)[0][0] if reasons else "empty")


def _reason(words: str, question: str, vocabulary: set[str]) -> Dropped | None:
    if _is_refusal(words):
        return "dont_know"
    if _is_echo(words, question):
        return "pasted_question"
    return "gibberish" if _is_noise(words, vocabulary) else None


def _is_refusal(words: str) -> bool:
    """It says so and hardly says anything else."""
    if not _DONT_KNOW.search(words):
        return False
    return sum(term.weight for term in terms.terms(_DONT_KNOW.sub(" ", words))) <= 3


def _is_echo(words: str, question: str) -> bool:
    said = [word.stem for word in text.words(words) if text.fold(word.text) not in text.STOPWORDS]
    asked = [word.stem for word in text.words(question) if text.fold(word.text) not in text.STOPWORDS]
    if not said or not asked:
        return False
    needed = _ECHO if len(said) >= 4 else 1.0
    return _common(said, asked) >= needed * len(said)


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """The length of the longest common subsequence."""
    row = [0] * (len(other) + 1)
    for item in one[:200]:
        before = 0
        for place, against in enumerate(other, 1):
            before, row[place] = row[place], before + 1 if item == against else max(row[place], row[place - 1])
    return row[-1]


def _is_noise(words: str, vocabulary: set[str]) -> bool:
    """Nothing the note or the field knows, and words that are none, or one word over and over."""
    tokens = [text.fold(word.text) for word in text.words(words)]
    if not tokens:
        # Dots and dashes: no evidence, and no formula either.
        return not re.search(r"[\w=<>∑√π]", words)
    if any(term.key in vocabulary or term.key.startswith("#") for term in terms.terms(words)):
        return False
    repeated = len(tokens) >= 4 and len(set(tokens)) <= len(tokens) / 3
    return repeated or sum(map(_is_mash, tokens)) >= len(tokens) / 2


def _is_mash(word: str) -> bool:
    """A run along the keyboard, a letter repeated, or a long word without vowels."""
    if not word.isalpha() or len(word) < 3:
        return False
    pairs = [word[place : place + 2] for place in range(len(word) - 1)]
    along = sum(any(pair in row or pair[::-1] in row for row in _ROWS) for pair in pairs)
    return (
        along >= 0.7 * len(pairs)
        or len(set(word)) == 1
        or (len(word) >= 4 and not _VOWELS.search(word) and not word.isascii())
        or (len(word) >= 5 and not _VOWELS.search(word))
    )


def _pleas(words: str, note: str) -> list[Span]:
    """Where a sentence pleads with the grader. What stands in quotation marks, or in the note, is subject matter."""
    quoted = [Span(*match.span()) for match in _QUOTED.finditer(words)]
    found = []
    for pattern in _PLEAS:
        if pattern.search(note):
            continue
        for match in pattern.finditer(words):
            if not any(q.start <= match.start() and match.end() <= q.end for q in quoted):
                found.append(Span(*match.span()))
    return found


def _without(sentence: Span, words: str, pleas: Sequence[Span]) -> list[Span]:
    """The sentence without the clauses that plead."""
    if not pleas:
        return [sentence]
    clear = [c for c in terms.clauses(words) if not any(p.start < c.end and c.start < p.end for p in pleas)]
    # "Please," is no evidence either.
    kept = [c for c in clear if sum(term.weight for term in terms.terms(words[c.start : c.end])) >= _SAYS_SOMETHING]
    return [Span(sentence.start + clause.start, sentence.start + clause.end) for clause in kept]
