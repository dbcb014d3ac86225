"""A conversation as one person has it: what is asked next, and what stands on the screen while it is answered."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace

from assistant.answer import Ask
from assistant.chats.chats import Chats
from assistant.chats.exchange import Exchange
from assistant.errors import NotFoundError, StoreError
from assistant.narrow import narrow
from assistant.page.here import Here
from assistant.page.parts import Asked
from assistant.page.talk import asking, converse, problem
from assistant.page.turn import Message, show, show_older
from assistant.page.words import Words
from assistant.types import EVERYTHING, Citation, Filters

# Exchanges that "show earlier" adds.
STEP = 30


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked next: as typed, as searched, and the exchange that it takes the place of, if any."""

    typed: str
    ask: Ask
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class Screen:
    """What is to be shown: the messages, the tab's own knowledge, and whether the last answer has ended."""

    messages: list[Message]
    here: Here
    ended: bool


@dataclass(frozen=True, slots=True)
class Dialogue:
    """One owner's conversations, in one language."""

    assistant: Asked
    chats: Chats
    owner: str
    words: Words

    def typed(self, typed: str, here: Here) -> Question | None:
        """The question in what was typed. Filters in it go before the chosen ones.

        Filters alone ask the last question again; None when there is none yet.
        """
        narrowed = narrow(typed, {count.topic for count in self.assistant.topics() if count.topic})
        filters = _together(here.filters, narrowed.filters)
        if narrowed.question:
            return Question(typed, Ask(narrowed.question, filters=filters), here.edited)
        last = self.chats.exchanges(self.owner, here.chat, last=1)
        return Question(typed, replace(last[0].ask, filters=filters), here.edited) if last else None

    def again(self, trace: str, here: Here, without: str = "") -> Question | None:
        """The question of an exchange once more, perhaps without one of its filters. Only the last is replaced."""
        try:
            exchange = self.chats.exchange(self.owner, trace)
        except NotFoundError:
            return None
        filters = exchange.ask.filters
        if without == "topic":
            filters = replace(filters, topic=None)
        elif without == "level":
            filters = replace(filters, level=None)
        last = self.chats.exchanges(self.owner, here.chat, last=1)
        replaces = trace if last and last[0].trace == trace else ""
        return Question(exchange.typed, replace(exchange.ask, filters=filters), replaces)

    def anyway(self, trace: str) -> Question | None:
        """A refused question once more: the passages nearest to it are to be shown."""
        asked = self.again(trace, Here())
        return replace(asked, ask=replace(asked.ask, anyway=True), replaces="") if asked else None

    def citations(self, trace: str) -> tuple[Citation, ...]:
        """The sources of an answer; none when there is no such answer."""
        try:
            answer = self.chats.exchange(self.owner, trace).answer
        except (NotFoundError, StoreError):
            return ()
        return answer.citations if answer else ()

    def screen(self, here: Here) -> Screen:
        """The conversation as it was kept; another's is as good as none."""
        kept = self.chats.exchanges(self.owner, here.chat, last=here.shown + 1)
        ended = not kept or kept[-1].state != "answering"
        if not kept:
            here = replace(here, chat="")
        return Screen(self._messages(kept, here), here, ended)

    def stop(self, here: Here) -> Screen:
        """Mark the answer in flight as stopped; what came of it stays."""
        self.chats.stop(self.owner, here.chat)
        return self.screen(here)

    async def run(self, question: Question, here: Here) -> AsyncIterator[Screen]:
        """What is on the screen while a question is answered. Abandoning it stops the answer."""
        if question.replaces:
            self.chats.take_back(self.owner, question.replaces)
        before = self.chats.exchanges(self.owner, here.chat, last=here.shown + 1)
        exchange = asking(self.chats, question.typed, question.ask, before)
        try:
            here = replace(here, chat=self.chats.begin(self.owner, here.chat, exchange))
        except StoreError as error:
            exchange = replace(exchange, problem=problem(error))
        past = self._messages(before, here, last=False)
        yield Screen([*past, *show(exchange, self.words, last=True)], here, ended=False)
        async for grown in converse(self.chats, exchange, self.assistant.stream(exchange.ask)):
            ended = grown.state != "answering"
            yield Screen([*past, *show(grown, self.words, last=True)], here, ended)

    def _messages(self, kept: Sequence[Exchange], here: Here, *, last: bool = True) -> list[Message]:
        """The latest of a conversation; one more than are shown tells that there are earlier ones."""
        more = len(kept) > here.shown
        shown = kept[-here.shown :]
        messages: list[Message] = []
        for number, exchange in enumerate(shown, 1):
            messages += show(exchange, self.words, last=last and number == len(shown))
        if more and messages:
            messages[0] = show_older(messages[0], self.words)
        return messages


def _together(chosen: Filters, typed: Filters) -> Filters:
    if typed == EVERYTHING:
        return chosen
    return replace(chosen, topic=typed.topic or chosen.topic, level=typed.level or chosen.level)
