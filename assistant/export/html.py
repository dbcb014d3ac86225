"""Markdown with formulas as HTML for flashcards: formulas between Anki's own marks, nothing that could run."""

import re
from collections.abc import Callable
from html import escape

from markdown_it import MarkdownIt

_FORMULA = re.compile(
    r"\$\$(?P<display>[^$]+)\$\$|\\\[(?P<bracket>.+?)\\\]|\\\((?P<round>.+?)\\\)"
    r"|\$(?![\s$])(?P<inline>(?:\\.|[^\\$])+?)(?<!\s)\$(?!\d)",
    re.DOTALL,
)
# Code is no place for formulas.
_CODE = re.compile(r"^(?P<fence>```|~~~).*?^(?P=fence)[^\n]*$|`[^`\n]+`", re.DOTALL | re.MULTILINE)
# A private character stands for a formula while Markdown is rendered; Anki separates fields by a control character.
_PLACE = "\ue000"
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ue000-\uf8ff\ud800-\udfff]")


def to_html(text: str) -> str:
    """Markdown as HTML: no raw HTML, images or links; formulas as `\\(…\\)` and `\\[…\\]`."""
    clean = _UNPRINTABLE.sub("", text)
    formulas: list[str] = []

    def put_aside(found: re.Match[str]) -> str:
        tex = found[found.lastgroup or 0]
        left, right = ("\\[", "\\]") if found.lastgroup in ("display", "bracket") else ("\\(", "\\)")
        # Two closing braces would end a cloze in Anki; TeX does not mind a space between them.
        formulas.append(left + escape(re.sub(r"\}(?=\})", "} ", tex), quote=False) + right)
        return _PLACE

    rendered = _markdown().render("".join(_outside_code(clean, put_aside)))
    return re.sub(_PLACE, lambda _: formulas.pop(0), rendered).strip()


def _outside_code(text: str, put_aside: Callable[[re.Match[str]], str]) -> list[str]:
    parts, done = [], 0
    for code in _CODE.finditer(text):
        parts += [_FORMULA.sub(put_aside, text[done : code.start()]), code.group()]
        done = code.end()
    return [*parts, _FORMULA.sub(put_aside, text[done:])]


def _markdown() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False})
    return parser.enable(["table"]).disable(["html_block", "html_inline", "image", "link", "autolink", "reference"])
