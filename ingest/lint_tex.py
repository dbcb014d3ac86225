"""Broken TeX in a paragraph of Markdown: formulas that do not close, and what does not close inside them.

What counts as a formula is what the page shows as one; what stands in a code span is none. Time is linear in the
text, because it may be anybody's.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

_SIGN = re.compile(r"`+|\${3,}|\$\$?|\\begin\s*\{|\\.", re.DOTALL)
_BODY = re.compile(r"((?:[^\\$]+|\\.)*+)\$", re.DOTALL)
_INNER = re.compile(
    r"\\(?P<side>left|right)(?![A-Za-z])|\\(?P<edge>begin|end)\s*\{(?P<name>[^{}]*)\}|\\.|[{}%]", re.DOTALL
)
_CLOSES = {"$$": "$$", "\\[": "\\]", "\\(": "\\)"}
# `\[` alone may be Markdown's way to write a bracket.
_TEX = re.compile(r"\\[A-Za-z]|[_^{]")
_CANNOT_OPEN = frozenset(")]»”\"',.;:!?…/")
# Dollars as money: `$5` (but not `$5^2`), `$5, а не 7$`, `5 $`, `US$`.
_AMOUNT = re.compile(r"\$\d[\d.,]*+(?![\\^_{=<])")
_TWO_PRICES = re.compile(r"\$\d[\d.,]*[;:)]?\s+(?:[А-Яа-яЁё]|[^\W\d_]{2})")
_AFTER_NUMBER = re.compile(r"\d\s?\Z")
_MONEY = re.compile(r"(?:[\s\d(«“\"/]|\b(?:US|AU?|CA?|NZ|HK|SG?|R))\Z")
_BEFORE = 3  # characters that say what a dollar sign follows


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and where in the paragraph."""

    place: int
    reason: str


def faults(text: str) -> Iterator[Fault]:
    """What is wrong with a paragraph's TeX. Behind a formula that does not close all is guesswork: there it ends."""
    code = _CodeSpans(text)
    literal: set[str] = set()  # signs that open nothing from here on
    place = 0
    while sign := _SIGN.search(text, place):
        mark, place = sign.group(), sign.end()
        if mark[0] == "`":
            place = code.after(sign.start(), place)
        elif mark.startswith("\\begin"):
            yield Fault(sign.start(), "`\\begin` stands outside a formula: write `$$` before it and after its `\\end`")
            return
        elif mark == "$" or (mark in _CLOSES and mark not in literal):
            end = _after_dollar(text, sign.start()) if mark == "$" else _after_mark(text, mark, place)
            if isinstance(end, str):
                yield Fault(sign.start(), end)
                return
            if end is None:
                literal.add(mark)
                continue
            yield from _inside(text, place, end)
            place = max(place, end)


class _CodeSpans:
    """Where code spans end: a run of backticks is closed by the next run of the same length."""

    def __init__(self, text: str) -> None:
        self._runs: defaultdict[int, list[int]] = defaultdict(list)
        for run in re.finditer(r"`+", text):
            self._runs[len(run.group())].append(run.start())

    def after(self, start: int, end: int) -> int:
        """The place behind the code span that opens at `start`, or `end` where none does."""
        runs = self._runs[end - start]
        following = bisect_right(runs, start)
        return runs[following] + end - start if following < len(runs) else end


def _after_mark(text: str, mark: str, place: int) -> int | str | None:
    """The end of a formula that `$$`, `\\[` or `\\(` opens, what is wrong with it, or None: it opens nothing."""
    closing = _CLOSES[mark]
    # A display formula in dollars holds no dollar.
    end = text.find(closing[0] if mark == "$$" else closing, place)
    if end >= 0 and text.startswith(closing, end):
        return end + len(closing)
    if mark != "$$" and not _TEX.search(text, place):
        return None
    return f"`{mark}` opens a formula that nothing in its paragraph closes: add `{closing}`"


def _after_dollar(text: str, start: int) -> int | str:
    """The end of a formula that `$` opens (that of the sign itself where it is money), or what is wrong with it."""
    after, before = text[start + 1 : start + 2], text[max(0, start - _BEFORE) : start]
    closed = None if not after or after.isspace() else _BODY.match(text, start + 1)
    if closed and not text[closed.end() - 2].isspace() and not text[closed.end() : closed.end() + 1].isdigit():
        if _TWO_PRICES.match(text, start) and "\\" not in closed[1]:
            return "two prices make a formula of what stands between them: write `\\$` for each dollar"
        return closed.end()
    if not after or after.isspace() or after in _CANNOT_OPEN:
        wrong = "`$` closes a formula that nothing opens: add `$` before it, or write `\\$` for a dollar"
        return start + 1 if not before or _MONEY.search(before) else wrong
    if _AMOUNT.match(text, start) or _AFTER_NUMBER.search(before):
        return start + 1
    return "`$` opens a formula that nothing in its paragraph closes: add `$`, or write `\\$` for a dollar"


def _inside(text: str, start: int, end: int) -> Iterator[Fault]:
    """The first thing wrong inside a formula: braces, `\\left` and `\\right`, `\\begin` and `\\end`, a bare `%`."""
    opened: list[tuple[str, str, int]] = []  # sign, what closes it, place
    for found in _INNER.finditer(text, start, end):
        sign, place = found.group(), found.start()
        closing = _closing(found)
        if sign == "%":
            yield Fault(place, "`%` begins a comment in a formula and hides what follows: write `\\%`")
            return
        if closing:
            opened.append((sign, closing, place))
        elif sign == "}" or found["side"] or found["edge"]:
            if opened and opened[-1][1] == sign:
                opened.pop()
                continue
            if opened:
                break
            yield Fault(place, f"`{sign}` closes nothing in this formula: delete it, or open it before")
            return
    if opened:
        sign, closing, place = opened[-1]
        yield Fault(place, f"`{sign}` is not closed where its formula needs it: add `{closing}`")


def _closing(found: re.Match[str]) -> str:
    """What closes a sign; empty for one that opens nothing."""
    if found.group() == "{":
        return "}"
    if found["side"] == "left":
        return "\\right"
    return f"\\end{{{found['name']}}}" if found["edge"] == "begin" else ""
