"""Spans are exact, numbers are literal, verdicts decide the rest."""

from fakes_ingest import FakeEncoder

from assistant import text
from assistant.attribute import attribute, cite, gather, literal, relevant
from assistant.types import Chunk, Note, Passage, Span

LONG = (
    "Дрейф данных меняет вход модели. Его ловят на окнах сравнения.\n\n"
    "Порог PSI выше 0.25 считают значимым. От 0.1 до 0.25 смотрят внимательнее.\n\n"
    "- Тест Колмогорова — Смирнова годится для непрерывных признаков.\n"
    "- Расстояние Вассерштейна учитывает форму распределения и устойчиво к выбросам в хвостах.\n\n"
    "Алерт поднимают после нескольких окон подряд, а не после одного: так меньше ложных тревог ночью."
)


def passage(body: str, start: int = 0, end: int | None = None, title: str = "Что такое PSI?") -> Passage:
    note = Note("n", "notes/drift.md", "Drift", "Basic", title, body, ("Drift",), "ru")
    return Passage(1, 0.9, Chunk("c", "n", 0, start, len(body) if end is None else end, "Drift"), note)


def question(words: str, body: str) -> tuple[Passage, Span]:
    encoder = FakeEncoder()
    found = passage(body)
    return found, relevant(encoder.query(words), frozenset(text.terms(words)), gather([found], encoder), 0)


def test_the_relevant_span_is_a_run_of_whole_sentences() -> None:
    found, span = question("порог PSI выше 0.25", LONG)
    quote = found.note.text[span.start : span.end]
    assert "Порог PSI выше 0.25 считают значимым." in quote
    assert "Вассерштейна" not in quote


def test_a_short_passage_is_taken_whole_without_outer_space() -> None:
    found, span = question("порог", "\n Порог 0.25. Ещё предложение. \n")
    assert found.note.text[span.start : span.end] == "Порог 0.25. Ещё предложение."


def test_offsets_of_a_part_are_those_of_the_whole_note() -> None:
    start = LONG.index("Порог")
    encoder = FakeEncoder()
    found = attribute("Порог PSI выше 0.25.", gather([passage(LONG, start)], encoder), encoder, None)
    assert found is not None
    citation = cite(1, passage(LONG, start), found.span)
    assert citation.quote == LONG[citation.start : citation.end]
    assert citation.quote.startswith("Порог PSI")


def test_a_number_that_the_note_does_not_hold_is_never_supported() -> None:
    encoder = FakeEncoder()
    evidence = gather([passage(LONG)], encoder)
    swapped = attribute("Порог PSI выше 0.52 считают значимым.", evidence, encoder, lambda *_: 1.0)
    kept = attribute("Порог PSI выше 0.25 считают значимым.", evidence, encoder, lambda *_: 0.7)
    assert swapped is not None and swapped.supported == 0.0
    assert kept is not None and kept.supported == 0.7


def test_without_an_engine_support_is_the_share_of_terms_held() -> None:
    encoder = FakeEncoder()
    evidence = gather([passage(LONG)], encoder)
    whole = attribute("Порог PSI выше 0.25 считают значимым", evidence, encoder, None)
    none = attribute("Котики любят молоко", evidence, encoder, None)
    assert whole is not None and whole.supported == 1.0
    assert none is not None and none.supported == 0.0


def test_nothing_to_cite_is_said_by_none() -> None:
    assert attribute("Что угодно.", gather([], FakeEncoder()), FakeEncoder(), None) is None


def test_formulas_must_stand_in_the_source() -> None:
    source = "Считают $PSI = \\sum (a - e) \\ln(a / e)$, порог 5 %."
    assert literal("Формула: $PSI=\\sum (a-e) \\ln(a/e)$.", source)
    assert not literal("Формула: $PSI=\\sum (e-a) \\ln(a/e)$.", source)
    assert literal("Порог 5%.", source) and literal("Порог 5.", source)
    assert not literal("Порог 50%.", source)
