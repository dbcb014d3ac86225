"""An exchange as two messages: the question, and below it the answer with what can be done about it."""

from html import escape
from typing import TypedDict

from assistant.chats.exchange import Exchange
from assistant.page.markdown import one_line
from assistant.page.message import answer_text, show_body
from assistant.page.problems import show_failed, told
from assistant.page.words import Words
from assistant.types import Filters


class Message(TypedDict):
    """A message as Gradio's chatbot takes it."""

    role: str
    content: str


def show(exchange: Exchange, words: Words, *, last: bool) -> list[Message]:
    """Both messages. Only the last question can be asked again or edited."""
    return [
        {"role": "user", "content": show_question(exchange.typed)},
        {"role": "assistant", "content": show_answer(exchange, words, last=last)},
    ]


def show_question(typed: str) -> str:
    """What the learner asked, as they typed it."""
    return one_line(f'<div class="question">{escape(typed)}</div>')


def show_answer(exchange: Exchange, words: Words, *, last: bool) -> str:
    """What came of it so far. The id names it for the page's script."""
    ended = exchange.state != "answering"
    parts = [show_filters(exchange.ask.filters, words) if ended else "", _said(exchange, words)]
    if exchange.state == "stopped":
        parts.append(f'<p class="aside">{words.stopped}</p>')
    elif exchange.state == "failed" and exchange.problem:
        parts.append(show_failed(exchange.problem, exchange.trace, words))
    elif exchange.problem:
        parts.append(f'<p class="aside">{escape(words.chats.not_kept.format(told(exchange.problem, words)))}</p>')
    if ended:
        parts.append(_actions(exchange, words, last=last))
    return one_line(f'<div class="answer" id="a-{escape(exchange.trace)}">{"".join(parts)}</div>')


def show_filters(filters: Filters, words: Words) -> str:
    """What the search was narrowed to; each condition can be taken off, which asks again without it."""
    chips = [("level", filters.level, filters.level), ("topic", filters.topic, f"{words.chats.topic} {filters.topic}")]
    shown = "".join(
        f'<button class="chip" type="button" name="without" value="{kind}" '
        f'title="{escape(words.chats.without.format(said))}">{escape(said or "")} <span class="off">×</span></button>'
        for kind, value, said in chips
        if value
    )
    return f'<p class="chips"><span class="aside">{words.chats.only}</span> {shown}</p>' if shown else ""


def _said(exchange: Exchange, words: Words) -> str:
    growing = exchange.state == "answering"
    if exchange.answer is not None:
        return show_body(exchange.answer, words, asked_anyway=exchange.ask.anyway, growing=growing)
    return f'<p class="aside coming">{words.searching}</p>' if growing else ""


def _actions(exchange: Exchange, words: Words, *, last: bool) -> str:
    said, rated = words.chats, exchange.rating.verdict if exchange.rating else None
    buttons = []
    if exchange.answer is not None:
        buttons += [
            _act("up", exchange.trace, said.good, chosen=rated == "up"),
            _act("down", exchange.trace, said.bad, chosen=rated == "down"),
        ]
        if exchange.answer.mode != "refused":
            buttons.append(_act("copy", answer_text(exchange.answer), said.copy))
    if last:
        buttons += [_act("retry", exchange.trace, said.retry), _act("edit", exchange.typed, said.edit)]
    return f'<p class="acts">{"".join(buttons)}</p>' if buttons else ""


def _act(name: str, value: str, label: str, *, chosen: bool = False) -> str:
    pressed = " chosen" if chosen else ""
    return (
        f'<button class="act {name}{pressed}" type="button" name="{name}" value="{escape(value)}" '
        f'title="{escape(label)}"></button>'
    )


def show_older(first: Message, words: Words) -> Message:
    """The first message that is shown, below the way to those before it."""
    button = f'<button class="choice older" type="button" name="older">{words.chats.older}</button>'
    return {"role": first["role"], "content": f'<p class="choices">{button}</p>{first["content"]}'}
