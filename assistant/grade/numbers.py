"""Numbers with their units, so that "5 %" is 0.05, "9990" may be told as "10 тысяч", and milliseconds are no seconds.

A number agrees with another when it is the other rounded as far as it shows; two of one kind that do not agree are a
contradiction. Decimal comma and point, spaces and TeX between digits (`50\\,600`, `0{,}05`) are all read.
"""

import re
from dataclasses import dataclass

from assistant.types import Span

_NUMBER = re.compile(
    r"(?<![\w.,^])(?P<sign>[-−](?=\d))?(?P<digits>[1-9]\d{0,2}(?:(?:[ \u00a0\u202f]|\\,|,(?=\d{3}\b))\d{3})+(?!\d)|\d+)"
    r"(?P<part>(?:[.,]|\{,\})\d+)?(?P<unit>[ \u00a0\u202f]*(?:\\?%|[a-zA-Zа-яёА-ЯЁ]+/?[a-zA-Zа-яё]*))?"
)
_ITEM = re.compile(r"(?:(?<=\n)|^)\d{1,2}[.)]\s")
_TIMES = {
    "тыс": 1e3, "тысяч": 1e3, "тысячи": 1e3, "тысяча": 1e3, "k": 1e3, "к": 1e3, "thousand": 1e3,
    "млн": 1e6, "миллион": 1e6, "миллиона": 1e6, "миллионов": 1e6, "million": 1e6, "m": 1e6,
    "млрд": 1e9, "billion": 1e9, "миллиард": 1e9,
}  # fmt: skip
_UNITS: dict[str, tuple[str, float]] = {
    **dict.fromkeys(("%", "\\%", "процент", "процента", "процентов", "percent"), ("", 0.01)),
    **dict.fromkeys(("мкс", "us", "µs"), ("s", 1e-6)),
    **dict.fromkeys(("мс", "ms", "миллисекунд", "миллисекунды", "milliseconds"), ("s", 1e-3)),
    **dict.fromkeys(("с", "сек", "s", "sec", "секунд", "секунды", "секунда", "seconds", "second"), ("s", 1.0)),
    **dict.fromkeys(("мин", "минут", "минуты", "минута", "min", "minutes", "minute"), ("s", 60.0)),
    **dict.fromkeys(("ч", "час", "часа", "часов", "h", "hours", "hour"), ("s", 3600.0)),
    **dict.fromkeys(("день", "дня", "дней", "сутки", "суток", "days", "day"), ("s", 86400.0)),
    **dict.fromkeys(("кб", "kb"), ("B", 1e3)),
    **dict.fromkeys(("мб", "mb"), ("B", 1e6)),
    **dict.fromkeys(("гб", "gb", "gib", "гиб"), ("B", 1e9)),
    **dict.fromkeys(("тб", "tb"), ("B", 1e12)),
}


_WORDS: dict[str, float] = {
    **dict(zip("два две двух три трёх трех четыре пять шесть семь восемь девять десять".split(),
               (2, 2, 2, 3, 3, 3, 4, 5, 6, 7, 8, 9, 10), strict=True)),
    **dict(zip("двадцать тридцать сорок пятьдесят сто тысяча полчаса".split(),
               (20, 30, 40, 50, 100, 1000, 1800), strict=True)),
    **dict(zip("половина половину половины половине треть трети четверть четверти".split(),
               (0.5, 0.5, 0.5, 0.5, 1 / 3, 1 / 3, 0.25, 0.25), strict=True)),
    **dict(zip("вдвое втрое вчетверо впятеро вдесятеро".split(), (2, 3, 4, 5, 10), strict=True)),
    **dict(zip("two three four five six seven eight nine ten twenty thirty forty fifty hundred".split(),
               (2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 30, 40, 50, 100), strict=True)),
    **dict(zip("half third quarter twice thrice".split(), (0.5, 1 / 3, 0.25, 2, 3), strict=True)),
}  # fmt: skip
# "двадцать процентов", and also "процентов двадцать".
_AFTER = r"(?:[ \u00a0](?P<after>[а-яёa-z%]+))?"
_SPOKEN = re.compile(rf"(?:\b(?P<before>[а-яёa-z]+)[ \u00a0])?\b(?P<word>{'|'.join(_WORDS)})\b{_AFTER}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Number:
    """A value in its base unit (seconds, bytes, or none), how finely it was told, and where."""

    value: float
    unit: str
    step: float
    span: Span


def numbers(written: str) -> list[Number]:
    """Every number of a text, in figures or words; the numbers of a list's items are none."""
    figures = [_read(match) for match in _NUMBER.finditer(written) if not _ITEM.match(written, match.start())]
    return [*figures, *(_spoken(match) for match in _SPOKEN.finditer(written))]


def agree(one: Number, other: Number) -> bool:
    """Whether both tell the same value, the coarser one as the rounding of the finer."""
    return one.unit == other.unit and abs(one.value - other.value) <= max(one.step, other.step) * 0.5000001


def _read(match: re.Match[str]) -> Number:
    whole = re.sub(r"\D", "", match["digits"])
    part = re.sub(r"\D", "", match["part"] or "")
    value = float(f"{whole}.{part or 0}") * (-1 if match["sign"] else 1)
    step = _step(whole, part)
    word = (match["unit"] or "").strip(" \u00a0\u202f")
    lowered = word.lower()
    if lowered in _TIMES and not (lowered == "m" and word == "m"):
        times, unit, scale = _TIMES[lowered], "", 1.0
    else:
        times = 1.0
        unit, scale = _UNITS.get(lowered, ("", 1.0))
    return Number(value * times * scale, unit, step * times * scale, Span(*match.span()))


def _spoken(match: re.Match[str]) -> Number:
    """A number in words, with a unit on either side of it."""
    value = _WORDS[match["word"].lower()]
    if match["word"].lower() == "полчаса":
        return Number(value, "s", 60.0, Span(*match.span("word")))
    for beside in (match["after"], match["before"]):
        lowered = (beside or "").lower()
        if lowered in _TIMES:
            return Number(value * _TIMES[lowered], "", _TIMES[lowered], Span(*match.span("word")))
        if lowered in _UNITS and len(lowered) > 1:
            unit, scale = _UNITS[lowered]
            return Number(value * scale, unit, scale, Span(*match.span("word")))
    return Number(value, "", 0.1 if value < 1 else 1.0, Span(*match.span("word")))


def _step(whole: str, part: str) -> float:
    """The place value that a number is told to: 0.05 to the hundredth, 4500 to the hundred, 1000 too."""
    if part:
        return float(10 ** -len(part))
    bare = whole.rstrip("0")
    zeros = len(whole) - len(bare)
    return float(10 ** max(0, zeros - (len(bare) < 2)))
