"""The words of the Notes tab, in Russian and English."""

from dataclasses import dataclass

from assistant.types import Language


@dataclass(frozen=True, slots=True)
class NotesWords:
    """Browsing, reading and searching notes."""

    tab: str
    search: str
    search_placeholder: str
    topics: str
    levels: str
    all_topics: str
    all_levels: str
    no_level: str
    found: str
    nothing: str
    nothing_hint: str
    holding: str
    near: str
    no_such_words: str
    more: str
    choose: str
    list: str
    reader: str
    back: str
    key_points: str
    weight: str
    ask_about: str
    previous: str
    next: str
    file: str
    empty: str
    empty_hint: str
    empty_command: str
    take_pack: str
    taking_pack: str


NOTES: dict[Language, NotesWords] = {
    "ru": NotesWords(
        tab="Заметки",
        search="Поиск по заметкам",
        search_placeholder="Слово или вопрос…",
        topics="Темы",
        levels="Уровни",
        all_topics="Все темы",
        all_levels="Все",
        no_level="Без уровня",
        found="Найдено по запросу «{}»",
        nothing="Ничего не нашлось.",
        nothing_hint="Снимите фильтр или спросите иначе.",
        holding="С этими словами",
        near="Близкие по смыслу",
        no_such_words="Таких слов в заметках нет.",
        more="Показать ещё",
        choose="Выберите вопрос слева, и заметка откроется здесь.",
        list="Вопросы",
        reader="Заметка",
        back="К списку",
        key_points="Что должно быть в ответе",
        weight="вес {} из 3",
        ask_about="Спросить об этом",
        previous="Предыдущая",
        next="Следующая",
        file="Файл",
        empty="Заметок пока нет",
        empty_hint="Перетащите файлы во вкладку «Вопрос» или добавьте папку командой:",
        empty_command="python -m ingest ~/мои-заметки",
        take_pack="Взять учебный набор",
        taking_pack="Читаю учебный набор…",
    ),
    "en": NotesWords(
        tab="Notes",
        search="Search your notes",
        search_placeholder="Word or question…",
        topics="Topics",
        levels="Levels",
        all_topics="All topics",
        all_levels="All",
        no_level="No level",
        found="Found for “{}”",
        nothing="Nothing was found.",
        nothing_hint="Lift a filter, or put it another way.",
        holding="With these words",
        near="Near in meaning",
        no_such_words="No note has these words.",
        more="Show more",
        choose="Choose a question on the left, and its note opens here.",
        list="Questions",
        reader="Note",
        back="Back to the list",
        key_points="What an answer should hold",
        weight="weight {} of 3",
        ask_about="Ask about this",
        previous="Previous",
        next="Next",
        file="File",
        empty="There are no notes yet",
        empty_hint="Drop files into the Ask tab, or add a folder with a command:",
        empty_command="python -m ingest ~/my-notes",
        take_pack="Take the study pack",
        taking_pack="Reading the study pack…",
    ),
}
