"""A page saved as text: told by its form, and read with everything that saving did to it."""

from pathlib import Path

from config.settings import IngestSettings
from ingest import saved_page
from ingest.parse import parse_file
from ingest.parsed import ParsedFile, ParsedNote

PAGE = Path(__file__).parent / "documents" / "saved-page.txt"
TITLE = "Базы данных: вопросы к собеседованию"


def page(name: str = "page.txt") -> ParsedFile:
    return parse_file(PAGE.read_bytes(), name, IngestSettings())


def note(title: str, place: int = 0) -> ParsedNote:
    return [found for found in page().notes if found.title == title][place]


def test_the_form_decides_not_the_name() -> None:
    assert page("notes.md") == page("anything.txt")
    assert not saved_page.looks_like(["# Notes", "", "The mark ends a paragraph: ¶", "", "## More"])
    assert not saved_page.looks_like(["# Notes ¶", "text", "## More ¶"])


def test_every_question_has_its_topic_level_and_path() -> None:
    assert [(found.topic, found.level) for found in page().notes if found.level] == [
        *[("Транзакции & Изоляция", "Basic")] * 2,
        *[("Транзакции & Изоляция", "Medium")] * 3,
        ("Транзакции & Изоляция", "Killer"),
        *[("Индексы", "Basic")] * 2,
        *[("Индексы", "Medium")] * 2,
        *[("Индексы", "Killer")] * 2,
        ("Репликация", "Basic"),
        ("Репликация", "Medium"),
        ("Индексы", "Basic"),
        ("Индексы", "Killer"),
    ]
    assert note("Что такое транзакция?").path == (TITLE, "1. Транзакции & Изоляция")
    assert note("Что такое транзакция?").line == 6


def test_one_question_under_two_sections_of_one_name_is_two_notes() -> None:
    first, second = note("Зачем нужен индекс?"), note("Зачем нужен индекс?", 1)
    assert (first.topic, first.level) == (second.topic, second.level)
    assert (first.path[-1], second.path[-1]) == ("2. Индексы", "3. Индексы") and first.text != second.text


def test_answers_stand_beside_their_mark_or_below_it() -> None:
    assert note("Что такое транзакция?").text.startswith("Группа операций")
    assert note("Что означает буква D в ACID?").text == (
        "Durability: подтверждённая запись переживает отказ питания.\n\n"
        "Обычно это журнал упреждающей записи (WAL) на диске."
    )


def test_an_answer_inside_the_question_is_parted_from_it() -> None:
    inside = note("4 сценария — выбери уровень изоляции")
    assert inside.text.startswith("1. Отчёт за месяц") and inside.text.endswith("4. Бронь места: блокировка строки")


def test_lost_and_cut_answers_are_kept_and_reported() -> None:
    assert note("Индекс не используется. Почему?").text == ""
    lines = {found.line: found.reason for found in page().warnings}
    assert "no answer" in lines[54] and "cut off" in lines[56]
    assert "Источник: заметки" in lines[36]


def test_tables_keep_rows_and_get_back_those_put_on_one_line() -> None:
    assert note("Уровни изоляции — чем отличаются?").text.split("\n")[1] == "|---|---|---|"
    assert note("Аномалии чтения коротко?").text.split("\n")[2:] == [
        "| Dirty read | чужая незавершённая запись |",
        "| Phantom | новые строки |",
    ]
    assert note("B-tree или hash?").text == "Тип Поиск по диапазону Память B-tree да больше Hash нет меньше"


def test_code_is_fenced_with_its_comments_and_prose_stays_outside() -> None:
    before, code, after = note("Как повторить транзакцию после конфликта?").text.split("```")
    assert code.startswith("\n# Without a limit: ENDLESS LOOP!\nfor attempt") and code.endswith("# back off\n")
    assert before.startswith("Поймать") and after.strip() == "Пауза нужна, чтобы соперники разошлись."
    assert note("Покрывающий индекс — что это?").text.startswith("```\n-- все столбцы")


def test_prose_is_never_taken_for_code() -> None:
    lines = [
        "MLflow = open source, self hosted.",
        "Total: 5 GB",
        "if in doubt, ask your team:",
        "for example (as above):",
    ]
    lines += [
        "Эффективный batch = a * b",
        "Use it when (and only when",
        "the data is small",
        "P(Y|X) changes over time",
    ]
    assert "```" not in saved_page.layout(lines)


def test_formulas_are_left_alone() -> None:
    first, second = note("Какова высота B-tree?").text.split("\n\n")
    assert first == r"Для $n$ ключей и степени $t$: $\(h \le \log_t \frac{n+1}{2}\)$"
    assert second == r"\[h = O(\log n)\]Отсюда мало чтений с диска."


def test_list_items_stay_together_and_other_lines_part() -> None:
    text = note("Спроектируйте поиск по 1B строк с P99 < 20ms.").text
    assert "- Шарды:\n- По хешу ключа\n\nРеплики на каждый шард\n\nКэш:\n\n- Горячие ключи" in text


def test_preamble_misconceptions_rated_answers_and_links_are_notes() -> None:
    others = [(found.topic, found.title) for found in page().notes if not found.level]
    assert others == [
        (TITLE, TITLE),
        ("Частые заблуждения", "Заблуждение: индексов не бывает слишком много"),
        ("Частые заблуждения", "Заблуждение: репликация заменяет резервную копию"),
        ("Вопросы с оценкой ответов", "База отвечает медленно. С чего начнёте?"),
        ("Вопросы с оценкой ответов", "Нужен ли шардинг при 50 GB данных?"),
        ("See Also", "See Also"),
    ]
    rated = note("Нужен ли шардинг при 50 GB данных?").text
    assert rated.startswith('"Да,') and '"Нет:' in rated
