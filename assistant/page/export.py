"""A conversation as Markdown, with the sources of every answer."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime

from assistant.chats.exchange import Exchange
from assistant.page.problems import told
from assistant.page.words import Words
from assistant.types import Citation

_NAME = 60


def as_markdown(title: str, exchanges: Sequence[Exchange], now: datetime, words: Words) -> str:
    """The whole conversation. Times are told in the zone of `now`, the reader's."""
    parts = [f"# {_line(title)}"]
    for exchange in exchanges:
        asked = exchange.asked.astimezone(now.tzinfo)
        parts += [f"## {_line(exchange.typed)}", f"*{asked:%Y-%m-%d %H:%M}*", *_answer(exchange, words)]
    return "\n\n".join(parts) + "\n"


def file_name(title: str) -> str:
    """A name for the file that every system takes."""
    visible = "".join(char if char.isprintable() else " " for char in unicodedata.normalize("NFC", title))
    words = re.sub(r'[<>:"/\\|?*.]', " ", visible).split()
    return (" ".join(words)[:_NAME].strip() or "chat") + ".md"


def _answer(exchange: Exchange, words: Words) -> list[str]:
    parts: list[str] = []
    if answer := exchange.answer:
        parts.append(answer.answer)
        if answer.citations:
            parts.append("\n".join(_source(citation) for citation in answer.citations))
    if exchange.state == "stopped":
        parts.append(f"*{words.stopped}*")
    if exchange.state == "failed" and exchange.problem:
        parts.append(f"*{words.error} {told(exchange.problem, words)}*")
    return parts


def _source(citation: Citation) -> str:
    place = " · ".join(part for part in (citation.topic, citation.level, citation.source) if part)
    return f"- [{citation.marker}] {_line(citation.title)} — {place}"


def _line(text: str) -> str:
    """One line that is no heading of its own."""
    return " ".join(text.split()).lstrip("#").strip()
