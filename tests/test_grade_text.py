"""Terms and numbers mean the same in both languages, and a denied or exchanged one does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.grade import numbers, terms


def met(wanted: str, said: str) -> int:
    """The sign with which the first term of one text is met in another, 0 where it is not."""
    one = terms.terms(wanted)[0]
    found = terms.match(one, terms.terms(said))
    return 0 if found is None else found.sign * one.sign


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("усреднять", "take the mean"),
        ("пауза", "exponential backoff"),
        ("джиттер", "jitter"),
        ("батчи", "batches"),
        ("идемпотентность", "idempotent request"),
        ("half-open", "полуоткрытое состояние"),
        ("калибровка", "калибрвка"),
        ("меньше", "не больше"),
        ("нельзя", "cannot"),
        ("theta", "θ"),
    ],
)
def test_a_term_is_met_in_another_form_language_or_script(wanted: str, said: str) -> None:
    assert met(wanted, said) == 1


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("растёт", "падает"),
        ("online store", "offline store"),
        ("нельзя", "можно"),
        ("индекс", "индекс по полю не нужен"),
        ("усреднять", "среднее не считают"),
        ("порядок", "порядок неважно"),
    ],
)
def test_an_opposite_or_denied_term_has_the_other_sign(wanted: str, said: str) -> None:
    assert met(wanted, said) == -1


@pytest.mark.parametrize(("wanted", "said"), [("регрессия", "агрессия"), ("кот", "cat"), ("метрика", "матрица")])
def test_words_that_only_look_alike_are_not_met(wanted: str, said: str) -> None:
    assert met(wanted, said) == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5 %", "0.05"),
        ("0{,}05", "0,05"),
        ("50\\,600", "50 600"),
        ("9990", "10 тысяч"),
        ("8,7 %", "9%"),
        ("30 с", "30000 ms"),
        ("14 ГБ", "14 GB"),
        ("1,5 млн", "1 500 000"),
        ("4500", "4,500"),
    ],
)
def test_numbers_agree_across_forms_and_roundings(one: str, other: str) -> None:
    [a], [b] = numbers.numbers(one), numbers.numbers(other)
    assert numbers.agree(a, b)


@pytest.mark.parametrize(
    ("one", "other"), [("5 %", "20 %"), ("0,75", "7,5"), ("0,9998", "0,97"), ("50 мс", "50 с"), ("1000", "950 ГБ")]
)
def test_numbers_that_differ_do_not_agree(one: str, other: str) -> None:
    [a], [b] = numbers.numbers(one), numbers.numbers(other)
    assert not numbers.agree(a, b)


def test_a_number_in_place_of_another_is_wrong_and_a_silent_one_absent() -> None:
    wanted = numbers.numbers("порог 0,001 и 5 ГБ")
    assert numbers.compare(wanted, numbers.numbers("порог 0,001, места 5 ГБ")) == (2, 0, 0)
    assert numbers.compare(wanted, numbers.numbers("порог 0,05")) == (0, 1, 1)
    assert numbers.compare(wanted, []) == (0, 0, 2)


def test_list_numbers_and_names_are_no_numbers() -> None:
    assert [n.value for n in numbers.numbers("1. первое\n2) второе\nk1 и BM25, но 3 раза")] == [3.0]


@given(st.text(max_size=300))
def test_any_text_can_be_read(written: str) -> None:
    for term in terms.terms(written):
        assert written[term.span.start : term.span.end].strip()
    for number in numbers.numbers(written):
        assert number.step > 0
