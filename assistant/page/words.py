"""Every word of the page, in Russian and English. `{}` is filled in; a number of things is a `Plural`."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING

from assistant.page.plural import NBSP, Plural
from assistant.page.words_chats import CHATS, ChatWords
from assistant.page.words_errors import ERRORS
from assistant.page.words_notes import NOTES, NotesWords
from assistant.page.words_settings import SETTINGS, SettingsWords
from assistant.types import Language

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


@dataclass(frozen=True, slots=True)
class Words:
    """The page in one language. Field names say where the words stand."""

    language: Language
    title: str
    tab_ask: str
    switch_language: str
    new_chat: str
    where: str
    topic: str
    level: str
    any_topic: str
    any_level: str
    ask: str
    stop: str
    ask_placeholder: str
    ask_label: str
    chat_label: str
    greeting: str
    greeting_empty: str
    examples: str
    understood_as: str
    searching: str
    lead_coming: str
    lead_none: str
    stopped: str
    quoted: str
    supported_all: str
    supported_some: str
    unsupported: str
    engine_lost: str
    nearest: str
    more: str
    search_anyway: str
    found_anyway: str
    about_topic: str
    open_note: str
    close_note: str
    note_changed: str
    note_gone: str
    no_topic: str
    upload: str
    upload_label: str
    upload_reading: str
    upload_rejected: str
    upload_nothing_new: str
    upload_line: str
    upload_undo: str
    upload_undone: str
    engine_off: str
    engine_preparing: str
    engine_starting: str
    engine_ready: str
    engine_restarting: str
    engine_failed: str
    error: str
    error_kept: str
    seconds: str
    decimal: str
    sentences: Plural
    notes: Plural
    topics: Plural
    chats: ChatWords
    notes_tab: NotesWords
    settings_tab: SettingsWords
    errors: Mapping[str, str]

    def table(self) -> dict[str, str]:
        """Every plain word by its name; those of a group as `group_name`. For the browser."""
        return _table(self, "")


WORDS: dict[Language, Words] = {
    "ru": Words(
        language="ru",
        title="Ваши заметки",
        tab_ask="Вопрос",
        switch_language="English",
        new_chat="Новый разговор",
        where="Где искать",
        topic="Тема",
        level="Уровень",
        any_topic="все темы",
        any_level="все уровни",
        ask="Спросить",
        stop="Остановить",
        ask_placeholder="Спросите свои заметки…",
        ask_label="Вопрос",
        chat_label="Разговор",
        greeting="Спросите — ответ придёт словами ваших заметок. В них {notes}, {topics}.",
        greeting_empty="Заметок пока нет. Добавьте файл, и его можно будет сразу спрашивать.",
        examples="Например",
        understood_as="Понято как: «{}»",
        searching="Ищу в заметках…",
        lead_coming="Пишу короткий ответ…",
        lead_none="Короткий ответ не подтвердился заметкой, поэтому здесь она сама.",
        stopped="Остановлено.",
        quoted="Дословно из ваших заметок",
        supported_all="{}, все подтверждены",
        supported_some="{}, не подтверждено: {}",
        unsupported="В заметках нет места, которое это подтверждает",
        engine_lost="Модель остановилась; вот сама заметка.",
        nearest="Ближайшие темы",
        more="Ещё в ваших заметках",
        search_anyway="Всё равно поискать",
        found_anyway="Ответа может здесь не быть: показана самая близкая заметка.",
        about_topic="Что в моих заметках о теме «{}»?",
        open_note="Открыть заметку",
        close_note="Закрыть",
        note_changed="Заметка с тех пор изменилась, показана новая.",
        note_gone="Этой заметки больше нет: её файл удалён или изменён.",
        no_topic="без темы",
        upload="Добавить заметки",
        upload_label="Перетащите файлы сюда: Markdown, текст, HTML, PDF, DOCX",
        upload_reading="читаю…",
        upload_rejected="не принят: {}",
        upload_nothing_new="всё это уже есть",
        upload_line="строка {}",
        upload_undo="Отменить",
        upload_undone="Отменено: файлы убраны.",
        engine_off="отвечаю цитатами из заметок",
        engine_preparing="отвечаю цитатами, пока готовится модель",
        engine_starting="отвечаю цитатами, пока загружается модель (около минуты)",
        engine_ready="модель готова",
        engine_restarting="модель перезапускается; пока отвечаю цитатами",
        engine_failed="модель не запустилась; отвечаю цитатами",
        error="Не получилось.",
        error_kept="Разговор сохранён, можно спросить ещё раз.",
        seconds="{}" + NBSP + "с",
        decimal=",",
        sentences=Plural("предложение", "предложения", "предложений"),
        notes=Plural("заметка", "заметки", "заметок"),
        topics=Plural("тема", "темы", "тем"),
        chats=CHATS["ru"],
        notes_tab=NOTES["ru"],
        settings_tab=SETTINGS["ru"],
        errors=ERRORS["ru"],
    ),
    "en": Words(
        language="en",
        title="Your notes",
        tab_ask="Ask",
        switch_language="Русский",
        new_chat="New chat",
        where="Where to search",
        topic="Topic",
        level="Level",
        any_topic="all topics",
        any_level="all levels",
        ask="Ask",
        stop="Stop",
        ask_placeholder="Ask your notes…",
        ask_label="Question",
        chat_label="Conversation",
        greeting="Ask, and your notes answer in their own words. There are {notes} on {topics}.",
        greeting_empty="There are no notes yet. Add a file and you can ask it at once.",
        examples="For example",
        understood_as="Understood as: “{}”",
        searching="Searching your notes…",
        lead_coming="Writing a short answer…",
        lead_none="The note did not bear out a short answer, so here is the note itself.",
        stopped="Stopped.",
        quoted="Word for word from your notes",
        supported_all="{}, all supported",
        supported_some="{}, {} not supported",
        unsupported="No passage of your notes supports this",
        engine_lost="The model stopped; here is the note itself.",
        nearest="Nearest topics",
        more="Also in your notes",
        search_anyway="Search anyway",
        found_anyway="The answer may not be here: this is the closest note.",
        about_topic="What do my notes say about “{}”?",
        open_note="Open the note",
        close_note="Close",
        note_changed="The note has changed since; this is the new one.",
        note_gone="This note is no longer there: its file was removed or changed.",
        no_topic="no topic",
        upload="Add notes",
        upload_label="Drop files here: Markdown, text, HTML, PDF, DOCX",
        upload_reading="reading…",
        upload_rejected="not taken: {}",
        upload_nothing_new="all of it is here already",
        upload_line="line {}",
        upload_undo="Undo",
        upload_undone="Undone: the files are gone again.",
        engine_off="quoting your notes",
        engine_preparing="quoting your notes while the model is prepared",
        engine_starting="quoting your notes while the model loads (about a minute)",
        engine_ready="model ready",
        engine_restarting="the model is restarting; quoting your notes meanwhile",
        engine_failed="the model did not start; quoting your notes",
        error="That did not work.",
        error_kept="The chat is kept; you can ask again.",
        seconds="{}" + NBSP + "s",
        decimal=".",
        sentences=Plural("sentence", "sentences", "sentences"),
        notes=Plural("note", "notes", "notes"),
        topics=Plural("topic", "topics", "topics"),
        chats=CHATS["en"],
        notes_tab=NOTES["en"],
        settings_tab=SETTINGS["en"],
        errors=ERRORS["en"],
    ),
}


def _table(words: "DataclassInstance", prefix: str) -> dict[str, str]:
    table: dict[str, str] = {}
    for name in (field.name for field in fields(words)):
        said = getattr(words, name)
        if isinstance(said, str):
            table[prefix + name] = said
        elif is_dataclass(said) and not isinstance(said, type):
            table |= _table(said, f"{prefix}{name}_")
    return table


def language(accepted: str | None, chosen: str | None = None) -> Language:
    """The language a person reads: the one chosen on the page, else the browser's (its Accept-Language), else English.

    Languages that share readers with Russian get Russian.
    """
    if chosen in ("ru", "en"):
        return "ru" if chosen == "ru" else "en"
    first = (accepted or "").split(",")[0].strip().lower().split("-")[0]
    return "ru" if first in ("ru", "be", "kk", "ky", "uk") else "en"


def seconds(words: Words, milliseconds: int) -> str:
    """A duration with one decimal: `2,1 с`, `2.1 s`."""
    return words.seconds.format(f"{milliseconds / 1000:.1f}".replace(".", words.decimal))
