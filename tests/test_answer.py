"""Answers by policy: quoted at once, led when verified, written when strong, refused, never lost with the engine."""

from pathlib import Path

import pytest
from fakes import FakeChatModel
from fakes_ingest import Bench

from assistant.answer import ENGINE_LOST, REFUSAL, Answerer, Ask
from assistant.errors import UsageError
from assistant.retrieve.fit import load_fit
from assistant.retrieve.retriever import Retriever
from assistant.types import Answer, Turn
from config.settings import AnswerSettings, RetrieveSettings

QUESTION = "Which PSI is significant?"
NOTES = f"""# Drift

## Basic

Q: {QUESTION}
A: Above 0.25 the shift is significant, between 0.1 and 0.25 it is moderate. {"Look at the bins before the alarm. " * 8}

Q: What does the page say when the answer was lost?
A:

# Serving

Q: Why batch requests?
A: One pass of the accelerator serves several requests at nearly the price of one.
"""


def answerer(folder: Path, chat: FakeChatModel | None, threshold: float = 0.0, **settings: object) -> Answerer:
    bench = Bench(folder)
    bench.write("notes/notes.md", NOTES)
    bench.sync(bench.notes)
    retriever = Retriever(bench.encoder, bench.store, bench.catalog, RetrieveSettings(), load_fit())
    return Answerer(retriever, lambda: chat, AnswerSettings.model_validate(settings), threshold, 200)


def check_spans(answer: Answer) -> None:
    notes = {passage.note.note_id: passage.note.text for passage in answer.passages}
    for citation in answer.citations:
        assert notes[citation.note_id][citation.start : citation.end] == citation.quote != ""


def test_without_an_engine_the_note_is_quoted_word_for_word(tmp_path: Path) -> None:
    [answer] = answerer(tmp_path, None).stream(Ask(QUESTION))
    assert (answer.mode, answer.lead, answer.engine) == ("quoted", None, None)
    assert answer.passages[0].text.strip() in answer.answer
    assert answer.citations[0].title == QUESTION
    assert answer.citations[0].quote.startswith("Above 0.25 the shift is significant")
    check_spans(answer)


def test_the_quote_comes_first_and_the_lead_only_as_far_as_it_is_verified(tmp_path: Path) -> None:
    chat = FakeChatModel(
        reply=["PSI above 0.25 ", "is significant [3]. ", "PSI above 0.95 is fine."], verdict_of={"PSI above": 0.9}
    )
    first, *_, last = answerer(tmp_path, chat).stream(Ask(QUESTION))
    assert first.lead is None and first.mode == "quoted"
    # The model's own marker is gone, ours is there; a number that the note does not hold is not shown.
    assert last.lead is not None and last.lead.startswith("PSI above 0.25 is significant. [")
    assert "0.95" not in last.answer and last.answer.endswith(first.answer)
    assert last.support[0].supported == 0.9 and last.engine == "fake"
    check_spans(last)


@pytest.mark.parametrize(
    "reply",
    [
        ["Порог PSI равен 0.25."],  # not the question's language
        ["PSI above 0.25 is significant"],  # cut off by the limit
        ["PSI is not useful at all."],  # the verdict says no
        [""],
    ],
)
def test_a_lead_that_fails_a_check_is_not_shown(tmp_path: Path, reply: list[str]) -> None:
    *_, last = answerer(tmp_path, FakeChatModel(reply=reply, otherwise=0.1)).stream(Ask(QUESTION))
    assert last.lead is None and last.mode == "quoted"


def test_a_short_note_in_the_question_s_language_needs_no_lead(tmp_path: Path) -> None:
    chat = FakeChatModel(reply=["Batching is cheap."], otherwise=1.0)
    [answer] = answerer(tmp_path, chat).stream(Ask("Why batch requests?"))
    assert answer.mode == "quoted" and chat.asked == []


def test_an_engine_that_is_lost_takes_nothing_from_the_screen(tmp_path: Path) -> None:
    first, last = answerer(tmp_path, FakeChatModel(fails=True)).stream(Ask(QUESTION))
    assert last.answer == first.answer and last.notice == ENGINE_LOST


def test_below_the_line_there_is_one_sentence_and_the_nearest_topics(tmp_path: Path) -> None:
    asked = answerer(tmp_path, FakeChatModel(reply=["Paris."]), threshold=1.0)
    refused = asked.answer(Ask("Which city is the capital of France?"))
    assert (refused.mode, refused.answer, refused.citations) == ("refused", REFUSAL["en"], ())
    assert set(refused.suggestions) == {"Drift", "Serving"}
    assert asked.answer(Ask("Столица Франции?")).answer == REFUSAL["ru"]
    assert asked.answer(Ask("Which city is the capital of France?", anyway=True)).mode == "quoted"


def test_a_note_whose_answer_was_lost_is_never_quoted(tmp_path: Path) -> None:
    answer = answerer(tmp_path, None).answer(Ask("What does the page say when the answer was lost?"))
    assert all(citation.quote for citation in answer.citations)


def test_a_follow_up_is_searched_with_what_it_hangs_on(tmp_path: Path) -> None:
    asked = answerer(tmp_path, None)
    answer = asked.answer(Ask("why?", history=(Turn("user", QUESTION), Turn("assistant", "…"))))
    assert answer.standalone_question == f"{QUESTION} why?"
    assert answer.citations[0].title == QUESTION


@pytest.mark.parametrize("question", ["", "?", "x" * 201])
def test_a_question_that_cannot_be_asked_is_an_error_in_words(tmp_path: Path, question: str) -> None:
    with pytest.raises(UsageError):
        answerer(tmp_path, None).answer(Ask(question))


WRITTEN = ["Above 0.25 the shift ", "is significant. ", "It was first used by bankers. ", "0.77 is moderate."]
VERDICTS = {"Statement: Above": 0.9, "Statement: It was": 0.2, "Statement: 0.77": 1.0}


def test_a_written_answer_grows_by_verified_sentences_and_marks_the_others(tmp_path: Path) -> None:
    chat = FakeChatModel(reply=WRITTEN, verdict_of=VERDICTS)
    snapshots = list(answerer(tmp_path, chat, policy="write").stream(Ask(QUESTION)))
    assert [s.mode for s in snapshots] == ["generated"] * 3
    assert snapshots[0].answer == "Above 0.25 the shift is significant. [1]"
    last = snapshots[-1]
    assert last.answer.endswith("It was first used by bankers. 0.77 is moderate.")
    assert [(s.supported, s.markers) for s in last.support] == [(0.9, (1,)), (0.2, ()), (0.0, ())]
    check_spans(last)


def test_strict_drops_what_nothing_supports(tmp_path: Path) -> None:
    asked = answerer(tmp_path, FakeChatModel(reply=WRITTEN, verdict_of=VERDICTS), policy="write", strict=True)
    assert asked.answer(Ask(QUESTION)).answer == "Above 0.25 the shift is significant. [1]"


def test_nothing_supported_means_the_quote(tmp_path: Path) -> None:
    asked = answerer(tmp_path, FakeChatModel(reply=["I made this up."]), policy="write")
    answer = asked.answer(Ask(QUESTION))
    assert answer.mode == "quoted" and "made this up" not in answer.answer


def test_an_engine_lost_in_mid_answer_keeps_what_came(tmp_path: Path) -> None:
    chat = FakeChatModel(reply=WRITTEN, verdict_of=VERDICTS, breaks_after=3)
    *_, last = answerer(tmp_path, chat, policy="write").stream(Ask(QUESTION))
    assert last.answer.startswith("Above 0.25 the shift is significant. [1]") and last.notice == ENGINE_LOST


def test_an_engine_lost_before_anything_came_means_the_quote(tmp_path: Path) -> None:
    *_, last = answerer(tmp_path, FakeChatModel(fails=True), policy="write").stream(Ask(QUESTION))
    assert last.mode == "quoted" and last.notice == ENGINE_LOST and last.citations


def test_stopping_in_mid_answer_closes_the_request(tmp_path: Path) -> None:
    chat = FakeChatModel(reply=WRITTEN, verdict_of=VERDICTS)
    stream = answerer(tmp_path, chat, policy="write").stream(Ask(QUESTION))
    next(stream)
    stream.close()
    assert chat.closed == 1


def test_a_note_cannot_close_its_own_marks(tmp_path: Path) -> None:
    chat = FakeChatModel(reply=["PSI above 0.25 is significant."], otherwise=0.9)
    asked = answerer(tmp_path, chat)
    asked.answer(Ask(QUESTION))
    assert all(user.count("</note 1>") == 1 for _, user in chat.asked)
