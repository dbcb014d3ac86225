"""A written answer for a strong model: each sentence attributed, verified and shown as soon as it is complete."""

from collections.abc import Iterator
from dataclasses import replace

from assistant import prompts, text
from assistant.attribute import attribute, cite, gather
from assistant.context import block, supported
from assistant.guard import outgoing
from assistant.llm import ChatModel
from assistant.retrieve.retriever import Retriever
from assistant.types import LANGUAGE_NAMES, Answer, Citation, Support

from config.settings import AnswerSettings


def complete_sentences(pieces: Iterator[str]) -> Iterator[tuple[str, str]]:
    """Sentences of a stream, each as soon as the next one has begun, with the space before it (a list stays a list)."""
    written, place = "", 0
    for piece in pieces:
        written += piece
        spans = text.sentences(written[place:])
        # The last one may still grow.
        start = place
        for span in spans[:-1]:
            yield written[place : start + span.start], written[start + span.start : start + span.end]
            place = start + span.end
    start = place
    for span in text.sentences(written[start:]):
        yield written[place : start + span.start], written[start + span.start : start + span.end]
        place = start + span.end


def write(base: Answer, chat: ChatModel, settings: AnswerSettings, retriever: Retriever) -> Iterator[Answer]:
    """Snapshots of a growing answer. Nothing is yielded when no sentence is supported: then the note is quoted.

    An unsupported sentence is kept with its low support (the page marks it), or dropped when `strict`.

    Raises:
        EngineError: the engine failed or was lost; earlier snapshots stand.
    """
    evidence = gather(base.passages[: settings.written_passages], retriever.encoder)
    spoken = text.question_language(base.question)
    user = prompts.render(
        "write", notes=block(evidence.passages), question=base.standalone_question, language=LANGUAGE_NAMES[spoken]
    )
    citations: list[Citation] = []
    support: list[Support] = []
    shown: list[str] = []
    waiting: list[str] = []
    borne_out = False
    for gap, sentence in complete_sentences(chat.stream(prompts.render("system"), user, settings.written_tokens)):
        plain = outgoing.plain(sentence)
        if not plain:
            continue
        found = attribute(
            plain, evidence, retriever.encoder, lambda _, statement: supported(chat, evidence.passages, statement)
        )
        if found is None or found.supported < settings.support_threshold:
            if settings.strict:
                continue
            support.append(Support(plain, round(found.supported, 4) if found else 0.0, ()))
            (shown if borne_out else waiting).append(gap + plain)
        else:
            marker = _marker(citations, cite(len(citations) + 1, evidence.passages[found.passage], found.span))
            support.append(Support(plain, round(found.supported, 4), (marker,)))
            shown += [*waiting, f"{gap}{plain} [{marker}]"]
            waiting, borne_out = [], True
        if borne_out:
            yield replace(
                base,
                answer="".join(shown).strip(),
                mode="generated",
                citations=tuple(citations),
                support=tuple(support),
                engine=chat.name,
            )


def _marker(citations: list[Citation], new: Citation) -> int:
    """The number of an equal citation given before, else of the new one, which is added."""
    for old in citations:
        if (old.note_id, old.start, old.end) == (new.note_id, new.start, new.end):
            return old.marker
    citations.append(new)
    return new.marker
