"""Which questions lean on what came before, and what they become."""

import pytest

from assistant.standalone import needs_context, standalone
from assistant.types import Turn

HISTORY = (Turn("user", "Чем UCB отличается от Thompson sampling?"), Turn("assistant", "…"))


@pytest.mark.parametrize(
    "question",
    [
        "а для холодного старта?",
        "And how does that change for new items?",
        "Почему?",
        "подробнее",
        "приведи пример",
        "как он работает при 1000 рук?",
        "Which one is cheaper?",
        "what is it good for?",
        "а когда лучше обычный эксперимент?",
        "сколько места это займёт на один фрагмент?",
        "And how does the compressed one lose accuracy?",
    ],
)
def test_a_follow_up_leans_on_the_last_self_contained_question(question: str) -> None:
    assert standalone(question, HISTORY) == f"{HISTORY[0].content} {question}"


@pytest.mark.parametrize(
    "question",
    [
        "Что такое drift и как его детектировать?",
        "А чем отличается precision от recall?",
        "What is the circuit breaker pattern?",
        "Что такое PSI?",
        "Что такое calibration и зачем она нужна?",
        "What is a circuit breaker and when does it open?",
        "PSI",
        "почему ZeRO-3 экономит память?",
    ],
)
def test_a_question_that_stands_alone_stays_as_it_is(question: str) -> None:
    assert standalone(question, HISTORY) == question


def test_a_chain_of_follow_ups_hangs_on_its_first_question() -> None:
    history = (*HISTORY, Turn("user", "а почему?"), Turn("assistant", "…"))
    assert standalone("приведи пример", history) == f"{HISTORY[0].content} приведи пример"


def test_without_history_nothing_is_added() -> None:
    assert needs_context("а почему?")
    assert standalone("а почему?", ()) == "а почему?"
