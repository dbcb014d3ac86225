"""A written answer for a strong model: each sentence attributed, verified and shown as soon as it is complete."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from assistant import prompts, text
from assistant.attribute import attribute, cite, gather
from assistant.context import block, supported
from assistant.guard import outgoing
from assistant.llm import ChatModel
from assistant.types import LANGUAGE_NAMES, Answer, Citation, Encoder, Support
from config.settings import AnswerSettings


@dataclass(slots=True)
class _Written:
    """What of an answer is shown so far. Unsupported sentences wait until a supported one has come."""

    shown: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    support: list[Support] = field(default_factory=list)

    def unsupported(self, gap: str, sentence: str, supported_by: float) -> None:
        self.support.append(Support(sentence, round(supported_by, 4), ()))
        (self.shown if self.shown else self.waiting).append(gap + sentence)

    def supported(self, gap: str, sentence: str, supported_by: float, citation: Citation) -> None:
        marker = next((old.marker for old in self.citations if _same_place(old, citation)), None)
        if marker is None:
            self.citations.append(citation)
            marker = citation.marker
        self.support.append(Support(sentence, round(supported_by, 4), (marker,)))
        self.shown += [*self.waiting, f"{gap}{sentence} [{marker}]"]
        self.waiting = []


def write(base: Answer, chat: ChatModel, settings: AnswerSettings, encoder: Encoder) -> Iterator[Answer]:
    """Snapshots of a growing answer. Nothing is yielded when no sentence is supported: then the note is quoted.

    An unsupported sentence is kept with its low support (the page marks it), or dropped when `strict`.

    Raises:
        EngineError: the engine failed or was lost; earlier snapshots stand.
    """
    evidence = gather(base.passages[: settings.written_passages], encoder)
    language = LANGUAGE_NAMES[settings.spoken(text.question_language(base.question))]
    user = prompts.render("write", notes=block(evidence.passages), question=base.standalone_question, language=language)
    written = _Written()
    for gap, sentence in text.complete_sentences(chat.stream(prompts.render("system"), user, settings.written_tokens)):
        plain = outgoing.plain(sentence)
        if not plain:
            continue
        found = attribute(plain, evidence, encoder, lambda _, statement: supported(chat, evidence.passages, statement))
        if found is not None and found.supported >= settings.support_threshold:
            citation = cite(len(written.citations) + 1, evidence.passages[found.passage], found.span)
            written.supported(gap, plain, found.supported, citation)
        elif not settings.strict:
            written.unsupported(gap, plain, found.supported if found else 0.0)
        if written.shown:
            yield _snapshot(base, written, chat.name)


def _snapshot(base: Answer, written: _Written, engine: str) -> Answer:
    return replace(
        base,
        answer="".join(written.shown).strip(),
        mode="generated",
        citations=tuple(written.citations),
        support=tuple(written.support),
        engine=engine,
    )


def _same_place(one: Citation, other: Citation) -> bool:
    return (one.note_id, one.start, one.end) == (other.note_id, other.start, other.end)
