"""Notes and model output, which nobody vouches for, as HTML that cannot do anything.

No raw HTML, no images, no links that lead anywhere: a link's address is shown as text. The result is one line,
so that the Markdown components of the page, which see it again, leave it alone.
"""

import re
from collections.abc import MutableMapping, Sequence
from functools import lru_cache
from html import escape
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from assistant.page.ink import Stroke, ink, paint, plain, without_private
from assistant.page.tex import use_tex

_TAGS = {"p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code", "em"}
_TAGS |= {"strong", "s", "span", "div", "table", "thead", "tbody", "tr", "th", "td"}
_ATTRIBUTES = {"span": {"class"}, "div": {"class"}, "th": {"style"}, "td": {"style"}, "ol": {"start"}}
# Parsing takes time in proportion to the text, but a browser does not show a book in a panel.
_LONGEST = 200_000


def render(text: str, strokes: Sequence[Stroke] = (), *, keep_lines: bool = False) -> str:
    """Markdown as harmless HTML in one line, with the strokes' spans highlighted.

    Where a highlight cannot be placed in rendered Markdown, and for endless texts, the plain text is shown instead,
    with the exact span highlighted. `keep_lines` keeps single line breaks, for texts that are not Markdown.
    """
    safe = without_private(text)
    painted = None
    if len(text) <= _LONGEST:
        rendered = _parser(keep_lines).render(ink(safe, strokes))
        clean = nh3.clean(
            rendered,
            tags=_TAGS,
            attributes=_ATTRIBUTES,
            filter_style_properties={"text-align"},
            strip_comments=True,
            url_schemes=set(),
        )
        painted = paint(clean, safe, strokes)
    return one_line(painted if painted is not None else _plain(safe, strokes))


def one_line(html: str) -> str:
    """HTML without line breaks; those that matter, in code, are written as entities."""
    return re.sub(r"\r\n|\r|\n", "&#10;", html.strip())


def _plain(text: str, strokes: Sequence[Stroke]) -> str:
    parts, done = [], 0
    for stroke in strokes:
        parts += [escape(text[done : stroke.span.start]), stroke.opening]
        parts += [escape(text[stroke.span.start : stroke.span.end]), stroke.closing]
        done = stroke.span.end
    return f'<div class="plain">{"".join(parts)}{escape(text[done:])}</div>'


@lru_cache(maxsize=2)
def _parser(keep_lines: bool) -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "breaks": keep_lines})
    # A link definition would vanish from the text; as text it stays.
    markdown.enable(["table", "strikethrough"]).disable(["reference", "html_block", "html_inline"])
    # Addresses are only ever shown as text, so any will do, as it was written.
    markdown.normalizeLink = lambda url: url  # type: ignore[method-assign]
    markdown.validateLink = lambda url: True  # type: ignore[method-assign]
    use_tex(markdown)
    markdown.add_render_rule("link_open", _link_open)
    markdown.add_render_rule("link_close", _link_close)
    markdown.add_render_rule("image", _image)
    return markdown


def _link_open(_: RendererHTML, tokens: Sequence[Token], index: int, __: OptionsDict, env: EnvType) -> str:
    inside = tokens[index + 1].content if index + 1 < len(tokens) else ""
    address = str(tokens[index].attrs.get("href", ""))
    _addresses(env).append("" if plain(inside) == plain(address) else address)
    return '<span class="link">'


def _link_close(_: RendererHTML, __: Sequence[Token], ___: int, ____: OptionsDict, env: EnvType) -> str:
    return f"</span>{_address(_addresses(env).pop())}"


def _image(_: RendererHTML, tokens: Sequence[Token], index: int, __: OptionsDict, ___: EnvType) -> str:
    token = tokens[index]
    alternative = escape(token.content, quote=False)
    return f'<span class="image">{alternative}</span>{_address(str(token.attrs.get("src", "")))}'


def _address(address: str) -> str:
    return f' <span class="address">({escape(address, quote=False)})</span>' if address else ""


def _addresses(env: MutableMapping[str, Any]) -> list[str]:
    addresses: list[str] = env.setdefault("addresses", [])
    return addresses
