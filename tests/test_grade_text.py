"""Terms and numbers mean the same in both languages, and a denied or exchanged one does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.grade import numbers, terms
from assistant.grade.conflict import Conflict, conflict, other_number
from assistant.grade.reading import read


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


def test_a_number_in_place_of_another_is_told_from_a_silent_one() -> None:
    wanted = numbers.numbers("порог 0,001 и 5 ГБ")
    note = numbers.numbers("порог 0,001, места 5 ГБ, корзин 10")
    assert other_number(wanted, numbers.numbers("порог 0,001, места 5 ГБ"), note) == (0.0, 0.0)
    assert other_number(wanted, numbers.numbers("порог 0,05"), note) == (1.0, 1.0)
    assert other_number(wanted, numbers.numbers("корзин 10"), note) == (0.0, 0.0)
    assert other_number(wanted, [], note) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("point", "answer", "signal"),
    [
        ("ADWIN держит окно переменной длины", "DDM держит окно переменной длины. ADWIN копит ошибки.", "exchanged"),
        ("Чем больше бюджет, тем лучше скорость", "Чем больше бюджет, тем хуже скорость", "turned"),
        ("Маленькая модель предлагает токены", "Большая модель предлагает токены", "clause"),
    ],
)
def test_what_goes_against_a_point_is_seen(point: str, answer: str, signal: str) -> None:
    names = frozenset(t.key for t in terms.terms("чем ADWIN отличается от DDM") if t.name)
    assert getattr(conflict(read(point), read(answer), names), signal) > 0
    assert conflict(read(point), read(point), names) == Conflict(0.0, 0.0, 0.0, 0.0)


def test_list_numbers_and_names_are_no_numbers() -> None:
    assert [n.value for n in numbers.numbers("1. первое\n2) второе\nk1 и BM25, но 3 раза")] == [3.0]


@given(st.text(max_size=300))
def test_any_text_can_be_read(written: str) -> None:
    for term in terms.terms(written):
        assert written[term.span.start : term.span.end].strip()
    for number in numbers.numbers(written):
        assert number.step > 0
