"""The page speaks Russian and English, completely."""

import re
from dataclasses import asdict, fields

import pytest

from assistant.page.plural import NBSP, Plural
from assistant.page.words import WORDS, Words, language, seconds

RU, EN = WORDS["ru"], WORDS["en"]


@pytest.mark.parametrize("field", [field.name for field in fields(Words)])
def test_every_word_is_there_in_both_languages(field: str) -> None:
    russian, english = asdict(RU)[field], asdict(EN)[field]
    if isinstance(russian, dict):
        assert all(russian.values()) and all(english.values())
        return
    assert russian and english
    assert re.findall(r"\{\w*\}", russian) == re.findall(r"\{\w*\}", english), "the same things are filled in"
    if field not in ("language", "seconds", "decimal", "switch_language"):
        assert re.search("[а-яё]", russian, re.IGNORECASE)
        assert not re.search("[а-яё]", english, re.IGNORECASE)


def test_russian_uses_its_own_quotes_and_yo() -> None:
    text = " ".join(value for value in asdict(RU).values() if isinstance(value, str))
    assert not re.search(r"[\"“”]", text)
    assert not re.search(r"\b(еще|ее|все равно|пришел|придет)\b", text, re.IGNORECASE)


@pytest.mark.parametrize(
    ("count", "russian", "english"),
    [
        (1, "предложение", "sentence"),
        (2, "предложения", "sentences"),
        (5, "предложений", "sentences"),
        (11, "предложений", "sentences"),
        (21, "предложение", "sentences"),
        (112, "предложений", "sentences"),
        (0, "предложений", "sentences"),
    ],
)
def test_counts_agree_with_their_nouns(count: int, russian: str, english: str) -> None:
    assert RU.sentences.of(count) == f"{count}{NBSP}{russian}"
    assert EN.sentences.of(count) == f"{count}{NBSP}{english}"


def test_a_plural_without_forms_of_its_own_stays_the_same() -> None:
    assert Plural("PSI", "PSI", "PSI").of(3) == f"3{NBSP}PSI"


def test_durations_have_the_languages_decimal_sign() -> None:
    assert seconds(RU, 2130) == f"2,1{NBSP}с"
    assert seconds(EN, 2130) == f"2.1{NBSP}s"


@pytest.mark.parametrize(
    ("accepted", "chosen", "wanted"),
    [
        ("ru-RU,ru;q=0.9,en;q=0.8", None, "ru"),
        ("en-US,en;q=0.9,ru;q=0.8", None, "en"),
        ("de-DE", None, "en"),
        (None, None, "en"),
        ("", None, "en"),
        ("en-US", "ru", "ru"),
        ("ru", "en", "en"),
        ("ru", "<script>", "ru"),
    ],
)
def test_the_browsers_language_is_followed_unless_one_was_chosen(
    accepted: str | None, chosen: str | None, wanted: str
) -> None:
    assert language(accepted, chosen) == wanted
