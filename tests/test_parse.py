"""A file to notes, whatever its format: the same questions from every one, and a plain reason for what is refused."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.errors import RejectedFileError
from config.settings import IngestSettings
from ingest.parse import MAX_LINES, parse_file
from ingest.parsed import ParsedFile

DOCUMENTS = Path(__file__).parent / "documents"
LIMITS = IngestSettings()


def read(name: str) -> ParsedFile:
    return parse_file((DOCUMENTS / name).read_bytes(), f"documents/{name}", LIMITS)


def reason(data: bytes, name: str = "a.md", limits: IngestSettings = LIMITS) -> str:
    with pytest.raises(RejectedFileError) as caught:
        parse_file(data, name, limits)
    return str(caught.value)


def test_our_own_format_is_read_as_documented() -> None:
    parsed = read("pack.md")
    assert [(note.topic, note.level, note.title) for note in parsed.notes] == [
        ("TCP & UDP", None, "Overview"),
        ("TCP & UDP", "Basic", "Чем TCP отличается от UDP?"),
        ("TCP & UDP", "Basic", "Зачем нужен порт?"),
        ("TCP & UDP", "Killer", "Спроектируйте протокол передачи файлов по UDP."),
        ("TCP & UDP", "Killer", "Что покажет захват пакетов?"),
        ("DNS", "Basic", "Что хранит запись MX?"),
        ("DNS", "Medium", "Зачем нужен TTL?"),
        ("DNS", "Medium", "Что такое glue-запись?"),
    ]
    answer = parsed.notes[1].text
    assert answer.startswith("TCP даёт **надёжный**") and "```bash\n# это не заголовок\n" in answer
    assert answer.endswith("#### Когда что\n\n- видеозвонок: UDP\n- страница: TCP")
    assert parsed.notes[0].path == ("TCP & UDP", "Overview") and parsed.notes[1].path == ("TCP & UDP",)
    assert [(found.line, found.reason.split(":")[0]) for found in parsed.warnings] == [
        (37, "no answer to “Что покажет захват пакетов?”")
    ]


@pytest.mark.parametrize("name", ["questions.html", "questions.pdf"])
def test_a_page_of_a_site_and_its_print_give_the_same_questions(name: str) -> None:
    notes = read(name).notes
    assert [(note.topic, note.level, note.title) for note in notes] == [
        ("Очереди сообщений", None, "Очереди сообщений"),
        ("Гарантии доставки", "Basic", "Что значит at-least-once?"),
        ("Гарантии доставки", "Medium", "Как сделать обработчик идемпотентным?"),
        ("Порядок", "Killer", "Как сохранить порядок при нескольких потребителях?"),
    ]
    assert notes[1].path == ("Очереди сообщений", "1. Гарантии доставки")
    assert "seen_ids" in notes[2].text and "# not a heading" in notes[2].text
    everything = "\n".join(note.text for note in notes)
    assert not any(word in everything for word in ("Меню", "Подвал", "script text", "nobody's", "¶"))


def test_html_keeps_code_and_tables_as_markdown() -> None:
    notes = read("questions.html").notes
    assert "```\n# not a heading\nif message_id in seen_ids:\n    return\n```" in notes[2].text
    assert "| один раздел | нет масштаба |" in notes[3].text


def test_docx_headings_come_from_their_styles() -> None:
    notes = read("questions.docx").notes
    assert [(note.topic, note.level, note.title) for note in notes] == [
        ("Кэширование", None, "Кэширование"),
        ("Вытеснение", "Basic", "Что такое LRU?"),
        ("Вытеснение", "Killer", "Спроектируйте кэш на 1 TB."),
        ("Инвалидация", "Medium", "Чем плох большой TTL?"),
    ]
    assert "консистентное хеширование" in notes[2].text and "| write_through | медленная запись |" in notes[2].text


def test_other_encodings_are_read_where_they_are_certain() -> None:
    russian = read("cp1251.txt")
    assert russian.notes[0].text.startswith("Лекция о графах.") and "CP1251" in russian.warnings[0].reason
    assert read("utf16.txt").notes[0].title == "Что такое дерево?"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("locked.pdf", "password"), ("locked.docx", "password"), ("scan.pdf", "a scan?")],
)
def test_what_holds_no_readable_text_is_refused(name: str, expected: str) -> None:
    assert expected in reason((DOCUMENTS / name).read_bytes(), name)


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (b"", "a.md", "empty"),
        (b" \n\t\n", "a.md", "empty"),
        ("\ufeff".encode(), "a.md", "empty"),
        (b"PK\x03\x04\0\0\0\0", "a.txt", "binary"),
        (bytes(range(256)) * 9, "a.txt", "binary"),
        ("naïve café, déjà vu".encode("latin-1"), "a.txt", "not UTF-8"),
        ("Граф состоит из вершин и рёбер, путь".encode("koi8-r"), "a.txt", "not UTF-8"),
        (b"\xff\xfea", "a.txt", "UTF-16"),
        (b"hello", "a.docx", "not a DOCX"),
        (b"hello", "a.pdf", "not a PDF"),
        (b"%PDF-1.7\nhalf of one", "a.pdf", ""),
        (b"x", "a.odt", ".docx"),
        (b"x", "Makefile", ".md"),
        (b"# Only\n## headings\n", "a.md", "no notes"),
        (b"a\n" * (MAX_LINES + 1), "a.md", "lines"),
    ],
)
def test_bad_files_get_a_plain_reason(data: bytes, name: str, expected: str) -> None:
    assert expected in reason(data, name)


def test_a_file_over_the_limit_is_refused_with_both_sizes() -> None:
    assert reason(b"x" * 2**21, limits=IngestSettings(max_file_mb=1.0)).startswith("2.0 MB is over the limit of 1 MB")


PIECES = st.sampled_from(
    """# |## Basic|### |Basic¶|1. Тема¶|Q:|Q: Что?|A:|**Q:** a|Ответ: б|```|~~~|---|===|- x|\t|Миф: x|что?|"да"|\\[|$$
    |x = f(|)|import os|\r|\f""".split("|")
)
TABLE = st.just("|a|---|")
LINES = st.lists(st.one_of(PIECES, TABLE, st.text(max_size=30)), max_size=30).map("\n".join)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(LINES.map(str.encode).map(bytes), st.binary(max_size=300)), st.sampled_from(["md", "txt"]))
def test_nothing_but_a_rejection_ever_comes_of_a_file(data: bytes, ending: str) -> None:
    try:
        parsed = parse_file(data, f"a.{ending}", LIMITS)
    except RejectedFileError as refused:
        assert str(refused)
        return
    for note in parsed.notes:
        assert note.topic and note.title and note.text == note.text.strip("\n")
        assert 1 <= note.line <= data.count(b"\n") + data.count(b"\r") + data.count(b"\0") + 1


HOSTILE = {
    "one-word": b"a" * 2**22,
    "one-question": b"Q: what? " * 2**18,
    "half-links": b"[a](" * 2**19,
    "stars": b"**" * 2**20,
    "bullets": b"- " * 2**20,
    "open-fences": b"```x\n" * 2**15,
    "headings": b"# a\n" * 2**15,
    "open-brackets": "а¶\n".encode() * 2 + b"f(\n" * 2**15,
    "questions": b"Q: a?\nA: b\n" * 2**13,
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.timeout(120)
def test_hostile_text_costs_linear_time(data: bytes) -> None:
    try:
        parse_file(data, "a.md", LIMITS)
    except RejectedFileError as refused:
        assert str(refused)
