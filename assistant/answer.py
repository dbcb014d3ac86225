"""A question to an answer: retrieve, then refuse, quote, or write, by the policy of the settings.

`Answerer.stream` yields complete snapshots of one answer, each better than the one before and the last one final: the
page shows each as it comes, the command line takes the last. What is on screen is never taken back by an engine that
is slow, down or killed.
"""

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace

from assistant import text
from assistant.attribute import Evidence, cite, gather, relevant
from assistant.errors import EngineError
from assistant.guard import incoming
from assistant.lead import Verified, verified_lead
from assistant.llm import ChatModel
from assistant.retrieve.retriever import Retriever
from assistant.standalone import standalone
from assistant.types import (
    EVERYTHING,
    Answer,
    Citation,
    Filters,
    Language,
    Passage,
    Retrieved,
    Span,
    Support,
    Timings,
    Turn,
)
from assistant.write import write
from config.settings import AnswerSettings

REFUSAL: dict[Language, str] = {"ru": "В ваших заметках этого нет.", "en": "Your notes don't cover this."}
ENGINE_LOST = "engine_lost"
SUGGESTIONS = 3
# A second note is quoted too when it scored this close to the first: on such margins the order is chance.
_NEAR_TIE = 0.006
_SHORT_QUOTE = 160


@dataclass(frozen=True, slots=True)
class Ask:
    """One question with what came before it. `anyway` shows the best passages even when they hardly answer."""

    question: str
    history: tuple[Turn, ...] = ()
    filters: Filters = EVERYTHING
    anyway: bool = False


@dataclass(frozen=True, slots=True)
class Answerer:
    """Answers from one home's notes. `chat` gives the language model when it is ready, else None."""

    retriever: Retriever
    chat: Callable[[], ChatModel | None]
    settings: AnswerSettings
    threshold: float
    question_characters: int
    clock: Callable[[], float] = time.perf_counter

    def stream(self, ask: Ask) -> Generator[Answer, None, None]:
        """Snapshots of the answer; there is at least one.

        Raises:
            UsageError: the question is empty or too long.
            StoreError: the index failed.
        """
        began = self.clock()
        question = incoming.clean(ask.question, self.question_characters)
        asked = standalone(question, ask.history)
        found = self.retriever.search(asked, ask.filters)
        # A note whose answer is missing can be found, but there is nothing in it to show.
        speaking = tuple(passage for passage in found.passages if passage.text.strip())
        retrieved = self._since(began)
        base = Answer(
            question=question,
            standalone_question=asked,
            answer="",
            mode="quoted",
            lead=None,
            citations=(),
            support=(),
            suggestions=_topics(found),
            engine=None,
            timings_ms=Timings(retrieved, retrieved, retrieved),
            passages=speaking,
        )
        if not speaking or (found.answerable < self.threshold and not ask.anyway):
            yield replace(base, answer=REFUSAL[self._spoken(question)], mode="refused")
            return
        chat = self.chat()
        if chat is not None and self.settings.policy == "write":
            yield from self._written(base, chat, began)
        else:
            yield from self._quoted(base, chat, began)

    def answer(self, ask: Ask) -> Answer:
        """The final snapshot."""
        *_, last = self.stream(ask)
        return last

    def _quoted(self, base: Answer, chat: ChatModel | None, began: float) -> Generator[Answer, None, None]:
        """The note word for word at once; above it, when an engine is ready, a verified lead."""
        chosen = _to_quote(base.passages)
        evidence = gather(chosen, self.retriever.encoder)
        query = self.retriever.encoder.query(base.standalone_question)
        stems = frozenset(text.terms(base.standalone_question))
        spans = [relevant(query, stems, evidence, index) for index in range(len(chosen))]
        quoted = quote(base, chosen, spans)
        first = self._since(began)
        quoted = replace(quoted, timings_ms=replace(base.timings_ms, first=first, total=first))
        if chat is None or not _needs_lead(chosen[0], self._spoken(base.question)):
            yield quoted
            return
        yield replace(quoted, pending=True)
        shown, lead = quoted, tuple[Verified, ...]()
        try:
            for sentence in verified_lead(chat, base, evidence, self.settings, self.retriever.encoder):
                lead = (*lead, sentence)
                shown = _with_lead(quoted, lead, evidence)
                timings = replace(quoted.timings_ms, total=self._since(began))
                yield replace(shown, engine=chat.name, timings_ms=timings, pending=True)
        except EngineError:
            # What is on screen stays; only say that the model is gone.
            shown = replace(shown, notice=ENGINE_LOST)
        yield replace(shown, engine=chat.name, timings_ms=replace(quoted.timings_ms, total=self._since(began)))

    def _written(self, base: Answer, chat: ChatModel, began: float) -> Generator[Answer, None, None]:
        """Sentence by sentence as each is verified; too little left, or no engine any more, means the quote."""
        first: int | None = None
        latest: Answer | None = None
        try:
            for snapshot in write(base, chat, self.settings, self.retriever.encoder):
                elapsed = self._since(began)
                first = elapsed if first is None else first
                latest = replace(snapshot, timings_ms=Timings(base.timings_ms.retrieve, first, elapsed))
                yield latest
        except EngineError:
            lost = replace(base, notice=ENGINE_LOST)
            if latest is None:
                yield from self._quoted(lost, None, began)
            else:
                timings = replace(latest.timings_ms, total=self._since(began))
                yield replace(latest, notice=ENGINE_LOST, timings_ms=timings)
            return
        if latest is None:
            yield from self._quoted(base, None, began)

    def _spoken(self, question: str) -> Language:
        return self.settings.spoken(text.question_language(question))

    def _since(self, began: float) -> int:
        return round((self.clock() - began) * 1000)


def quote(base: Answer, passages: tuple[Passage, ...], spans: list[Span]) -> Answer:
    """The passages word for word, each under its marker, cited at the span that matters."""
    citations = tuple(cite(n, passage, span) for n, (passage, span) in enumerate(zip(passages, spans, strict=True), 1))
    body = "\n\n".join(f"{passage.text.strip()}\n[{n}]" for n, passage in enumerate(passages, 1))
    return replace(base, answer=body, mode="quoted", citations=citations)


def _with_lead(quoted: Answer, lead: tuple[Verified, ...], evidence: Evidence) -> Answer:
    citations: list[Citation] = list(quoted.citations)
    support: list[Support] = []
    written: list[str] = []
    for sentence in lead:
        citation = cite(len(citations) + 1, evidence.passages[sentence.passage], sentence.span)
        same = next((c for c in citations if (c.note_id, c.start, c.end) == _place(citation)), None)
        if same is None:
            citations.append(citation)
        marker = (same or citation).marker
        support.append(Support(sentence.text, round(sentence.supported, 4), (marker,)))
        written.append(f"{sentence.text} [{marker}]")
    joined = " ".join(written)
    return replace(
        quoted,
        answer=f"{joined}\n\n{quoted.answer}",
        lead=joined,
        citations=tuple(citations),
        support=tuple(support),
    )


def _place(citation: Citation) -> tuple[str, int, int]:
    return citation.note_id, citation.start, citation.end


def _to_quote(passages: tuple[Passage, ...]) -> tuple[Passage, ...]:
    second = passages[1:2]
    return passages[:1] + tuple(p for p in second if passages[0].score - p.score < _NEAR_TIE)


def _needs_lead(passage: Passage, spoken: Language) -> bool:
    """A short note in the answer's own language says it better than any lead."""
    return len(passage.text) > _SHORT_QUOTE or passage.note.language != spoken


def _topics(found: Retrieved) -> tuple[str, ...]:
    topics = dict.fromkeys(passage.note.topic for passage in found.passages)
    return tuple(topics)[:SUGGESTIONS]
