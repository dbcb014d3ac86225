"""Formulas in Markdown, for markdown-it: `$…$`, `$$…$$`, `\\(…\\)` and `\\[…\\]`, over several lines too.

A formula leaves as its TeX between two private characters, which are the only delimiters that the browser's KaTeX
is told of: so a price in dollars stays a price, and nothing outside a formula is ever read as TeX.
"""

import re
from collections.abc import Sequence
from html import escape

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

INLINE = ("\ue000", "\ue001")
DISPLAY = ("\ue002", "\ue003")

# A closing dollar before a digit is a price (Pandoc's rule); digits may come inked, see `ink`.
_DIGIT = "0-9\U000f0030-\U000f0039\U00100030-\U00100039"
# Words, with single spaces between them.
_LETTER = "А-яЁё\U000f0401\U000f0410-\U000f0451\U00100401\U00100410-\U00100451"
_RUSSIAN = re.compile(f"[{_LETTER}]+(?: [{_LETTER}]+)*")
_LONGEST = 4000
_FORMULA = re.compile(
    rf"\$\$(?P<dollars>[^$]{{1,{_LONGEST}}})\$\$"
    rf"|\\\[(?P<bracket>.{{1,{_LONGEST}}}?)\\\]"
    rf"|\\\((?P<parenthesis>.{{1,{_LONGEST}}}?)\\\)"
    rf"|\$(?![\s$])(?P<dollar>(?:\\.|[^\\$]){{1,{_LONGEST}}}?)(?<!\s)\$(?![{_DIGIT}])",
    re.DOTALL,
)
_FENCES = (("$$", "$$"), ("\\[", "\\]"))
_MOST_LINES = 60


def use_tex(markdown: MarkdownIt) -> None:
    """Teach a parser the formulas and how they leave it."""
    markdown.inline.ruler.before("escape", "formula", _inline)
    options: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    markdown.block.ruler.before("fence", "formula_block", _block, options)
    markdown.add_render_rule("formula", _render)
    markdown.add_render_rule("formula_block", _render)


def _inline(state: StateInline, silent: bool) -> bool:
    found = _FORMULA.match(state.src, state.pos, state.posMax)
    kind = found.lastgroup if found else None
    if not found or not kind or not found[kind].strip():
        return False
    if not silent:
        token = state.push("formula", "", 0)
        token.content = found[kind]
        token.meta = {"display": kind in ("dollars", "bracket")}
    state.pos = found.end()
    return True


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A formula on lines of its own: inside it nothing is a list, a heading or a quotation."""
    fence = next((pair for pair in _FENCES if _line(state, start).startswith(pair[0])), None)
    if fence is None or state.is_code_block(start):
        return False
    lines = [_line(state, start)[len(fence[0]) :]]
    last = start
    while fence[1] not in lines[-1]:
        last += 1
        if last >= end or state.isEmpty(last) or len(lines) > _MOST_LINES:
            return False
        lines.append(_line(state, last))
    lines[-1], _, rest = lines[-1].partition(fence[1])
    body = "\n".join(lines)
    if rest.strip() or not body.strip():
        return False
    if not silent:
        state.line = last + 1
        token = state.push("formula_block", "", 0)
        token.content, token.map, token.meta = body, [start, state.line], {"display": True}
    return True


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _worded(tex: str) -> str:
    """Russian words in a formula as the text they are: as letters of mathematics KaTeX sets them apart, and warns."""
    return _RUSSIAN.sub(lambda found: f"\\text{{{found.group()}}}", tex)


def _render(_: RendererHTML, tokens: Sequence[Token], index: int, __: OptionsDict, ___: EnvType) -> str:
    token = tokens[index]
    left, right = DISPLAY if token.meta["display"] else INLINE
    tex = f"{left}{escape(_worded(token.content.strip()), quote=False)}{right}"
    return f'<div class="formula">{tex}</div>\n' if token.type == "formula_block" else tex
