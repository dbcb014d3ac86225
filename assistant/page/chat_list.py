"""The list of conversations: by day, or those in which some words were found."""

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from html import escape
from itertools import groupby

from assistant.chats.exchange import Chat
from assistant.page.words import Words


def show_chats(chats: Sequence[Chat], current: str, now: datetime, words: Words, *, searched: bool) -> str:
    """The list as HTML. `now` is in the reader's time zone; `current` is the conversation that is open."""
    said = words.chats
    if not chats:
        return f'<p class="aside">{said.nothing_found if searched else said.none_yet}</p>'
    if searched:
        return f"<ul>{''.join(_row(chat, current, words) for chat in chats)}</ul>"
    groups = groupby(chats, lambda chat: _day(chat.changed, now, words))
    return "".join(
        f"<h2>{day}</h2><ul>{''.join(_row(chat, current, words) for chat in together)}</ul>" for day, together in groups
    )


def show_deleted(chat_id: str, title: str, words: Words) -> str:
    """What was deleted, and the way back."""
    return (
        f'<p class="aside" role="status">{escape(words.chats.deleted.format(title))} '
        f'<button class="text" type="button" name="restore" value="{escape(chat_id)}">{words.chats.undo}</button></p>'
    )


def local(now: datetime, minutes: int) -> datetime:
    """A time in the zone of a browser that is so many minutes ahead of UTC."""
    return now.astimezone(timezone(timedelta(minutes=max(-14 * 60, min(14 * 60, minutes)))))


def _day(changed: datetime, now: datetime, words: Words) -> str:
    said, ago = words.chats, (now.date() - changed.astimezone(now.tzinfo).date()).days
    return said.today if ago <= 0 else said.yesterday if ago == 1 else said.week if ago < 7 else said.earlier


def _row(chat: Chat, current: str, words: Words) -> str:
    said, chat_id, title = words.chats, escape(chat.chat_id), escape(chat.title)
    here = ' aria-current="true"' if chat.chat_id == current else ""
    snippet = f'<span class="snippet">{escape(chat.snippet)}</span>' if chat.snippet else ""
    acts = "".join(
        f'<button class="text" type="button" name="{name}" value="{chat_id}">{label}</button>'
        for name, label in (("rename", said.rename), ("download", said.download), ("delete", said.delete))
    )
    more = escape(said.more.format(chat.title))
    return (
        f'<li><button class="chat" type="button" name="chat" value="{chat_id}" data-trace="{escape(chat.trace)}"{here}>'
        f'<span class="name">{title}</span>{snippet}</button>'
        f'<details><summary title="{more}" aria-label="{more}">⋯</summary><div class="more">{acts}</div></details></li>'
    )
