"""A short lead above a quoted note: drafted by the engine, shown only as far as it is verified."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice

from assistant import prompts, text
from assistant.attribute import Evidence, attribute
from assistant.context import block, supported
from assistant.guard import outgoing
from assistant.llm import ChatModel
from assistant.types import LANGUAGE_NAMES, Answer, Encoder, Span
from config.settings import AnswerSettings

_SENTENCES = 2


@dataclass(frozen=True, slots=True)
class Verified:
    """A sentence that a passage bears out, with the place."""

    text: str
    passage: int
    span: Span
    supported: float


def verified_lead(
    chat: ChatModel, base: Answer, evidence: Evidence, settings: AnswerSettings, encoder: Encoder
) -> Iterator[Verified]:
    """At most two sentences in the learner's language, each as soon as the quoted passage bears it out; often none.

    Raises:
        EngineError: the engine failed or was lost; what was given before stands.
    """
    spoken = settings.spoken(text.question_language(base.question))
    quoted = evidence.passages[:1]
    user = prompts.render(
        "lead", notes=block(quoted), question=base.standalone_question, language=LANGUAGE_NAMES[spoken]
    )
    pieces = chat.stream(prompts.render("system"), user, settings.lead_tokens)
    # Leaving the block cancels the request, so that nothing is written which would not be shown.
    with closing(text.complete_sentences(pieces)) as drafted:
        for _, draft in islice(drafted, _SENTENCES):
            sentence = outgoing.plain(draft)
            if not _finished(sentence) or text.language(sentence) != spoken:
                continue
            found = attribute(sentence, evidence, encoder, lambda _, statement: supported(chat, quoted, statement))
            if found is not None and found.supported >= settings.support_threshold:
                yield Verified(sentence, found.passage, found.span, found.supported)


def _finished(sentence: str) -> bool:
    """A sentence cut off by the token limit is not shown."""
    return sentence.endswith((".", "!", "?", "…", ".»", '."', ")"))
