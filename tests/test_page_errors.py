"""Errors and ingest's reasons are told in the learner's language, every one of them."""

import ast
import re
from collections.abc import Iterator

import pytest
from conftest import PROJECT

from assistant import errors
from assistant.errors import AssistantError, UsageError
from assistant.page.problems import show_error, told
from assistant.page.words import WORDS
from assistant.page.words_errors import ERRORS
from assistant.page.words_ingest import RUSSIAN, reason

RU = WORDS["ru"]
# What an uploaded file can meet; the linter's findings are shown in the terminal only.
READERS = ("convert", "decode", "sources", "sync", "parse", "parse_markdown", "parse_notes", "parse_points")


def literals(node: ast.expr) -> Iterator[str]:
    """The texts an expression may give; `{}` for what is filled in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    elif isinstance(node, ast.IfExp):
        yield from (*literals(node.body), *literals(node.orelse))


def called(file: str, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse((PROJECT / file).read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield node


REASONS = sorted(
    {
        text
        for reader in READERS
        for call in called(f"ingest/{reader}.py", "RejectedFileError", "Finding")
        for text in literals(call.args[-1])
    }
)


@pytest.mark.parametrize("english", REASONS)
def test_every_reason_of_ingest_has_its_russian(english: str) -> None:
    filled = re.sub(r"\{\}", lambda _: "7,5", english)
    russian = reason(filled, "ru")
    assert russian != filled and re.search("[а-яё]", russian)
    assert russian.count("7,5") == filled.count("7,5")
    assert reason(filled, "en") == filled


def test_there_are_reasons_to_look_at_and_fillings_agree() -> None:
    assert len(REASONS) > 25
    assert all(english.count("{}") == russian.count("{}") for english, russian in RUSSIAN.items())


def test_what_is_filled_in_may_be_anything() -> None:
    told_ = reason("no answer to “{x} {} : is this (a) question?\n”: kept without one", "ru")
    assert told_ == "нет ответа на «{x} {} : is this (a) question?\n»: вопрос сохранён без него"
    assert reason("something new", "ru") == "something new"


def kinds() -> Iterator[str]:
    for value in vars(errors).values():
        if isinstance(value, type) and issubclass(value, AssistantError):
            yield value.kind


def codes() -> Iterator[str]:
    """Codes that single places give their errors."""
    for file in sorted((PROJECT / "assistant").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                yield from (
                    text
                    for word in node.keywords
                    if word.arg == "code"
                    for text in literals(word.value)
                    if "{" not in text
                )


@pytest.mark.parametrize("code", sorted({*kinds(), *codes()}))
def test_every_code_has_words_in_both_languages(code: str) -> None:
    russian, english = ERRORS["ru"][code], ERRORS["en"][code]
    assert re.findall(r"\{\w*\}", russian) == re.findall(r"\{\w*\}", english)
    assert re.search("[а-яё]", russian) and not re.search("[а-яё]", english, re.IGNORECASE)


def test_an_error_says_what_fills_its_words_and_never_breaks() -> None:
    error = UsageError("too long", code="long_question", has=5000, limit=4000)
    assert told(error, RU) == "В вопросе 5000 знаков, а можно не больше 4000. Сократите его."
    assert "…" in told(UsageError("x", code="long_question"), RU)
    assert told(UsageError("x", code="unheard of"), RU) == RU.errors["failed"]
    assert "<b>" not in show_error(UsageError("x", code="no_topic", wanted="<b>"), RU)
