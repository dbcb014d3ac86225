"""Whether citations hold, on answers with one thing wrong each."""

from dataclasses import replace

from fakes_eval import FakeSubject, note

from assistant.answer import Ask
from assistant.types import Support
from eval.cited import contains, markers_hold, spans_exact, verbatim

NOTES = {f"n{number}": note(number) for number in range(3)}
RIGHT = FakeSubject(3).answer(Ask("порог 1?"))
CITED = RIGHT.citations[0]


def test_a_right_answer_holds() -> None:
    assert markers_hold(RIGHT)
    assert spans_exact(RIGHT, NOTES)
    assert verbatim(RIGHT, NOTES)


def test_markers() -> None:
    assert not markers_hold(replace(RIGHT, citations=()))
    assert not markers_hold(replace(RIGHT, citations=(CITED, CITED)))
    assert not markers_hold(replace(RIGHT, answer=RIGHT.answer.replace("[1]", "")))
    assert not markers_hold(replace(RIGHT, lead="Порог 1,25 [2]."))
    assert not markers_hold(replace(RIGHT, support=(Support("Порог.", 0.9, (3,)),)))
    assert not markers_hold(replace(RIGHT, mode="generated", answer="Порог 1,25 [1]. Бины [4]."))
    assert markers_hold(replace(RIGHT, answer="вектор x[7]\n[1]")), "a quoted note has brackets of its own"


def test_spans() -> None:
    for start, end in ((1, len(CITED.quote) + 1), (0, len(CITED.quote) - 1)):
        assert not spans_exact(replace(RIGHT, citations=(replace(CITED, start=start, end=end),)), NOTES)
    assert not spans_exact(replace(RIGHT, citations=(replace(CITED, note_id="gone"),)), NOTES)
    assert not spans_exact(replace(RIGHT, citations=(replace(CITED, quote="", start=3, end=3),)), NOTES)
    assert not spans_exact(replace(RIGHT, citations=()), NOTES)


def test_verbatim() -> None:
    assert not verbatim(replace(RIGHT, answer=RIGHT.answer.replace("бинам", "корзинам")), NOTES)
    assert not verbatim(replace(RIGHT, answer="[1]"), NOTES)
    lead = "The threshold is 1.25 [1]."
    led = replace(RIGHT, lead=lead, answer=f"{lead}\n\n{RIGHT.answer}")
    assert verbatim(led, NOTES)
    assert not verbatim(replace(led, lead="Another lead [1]."), NOTES)
    bracketed = replace(note(1), text="Массив x[1] и x[2].")
    shown = replace(RIGHT, answer="Массив x[1] и x[2].\n[1]")
    assert verbatim(shown, {"n1": bracketed}), "brackets of the note's own are no markers"


def test_what_must_be_said() -> None:
    groups = (("0,25", "0.25"), ("бин", "bin"))
    assert contains("Порог 0.25 по БИНАМ", groups) == 1
    assert contains("Порог 0,25", groups) == 0.5
    assert contains("нет", groups) == 0
