"""The words of the Settings tab, in Russian and English."""

from dataclasses import dataclass

from assistant.page.plural import NBSP, Plural
from assistant.types import Language


@dataclass(frozen=True, slots=True)
class SettingsWords:
    """What can be chosen, what is in use, what is kept where, and how to delete it."""

    tab: str
    saved: str
    answering: str
    answering_hint: str
    strict: str
    strict_does: str
    balanced: str
    balanced_does: str
    generous: str
    generous_does: str
    measured: str
    measured_hint: str
    languages: str
    page_language: str
    by_browser: str
    russian: str
    english: str
    answer_language: str
    as_asked: str
    answer_language_hint: str
    indexed: str
    indexed_nothing: str
    uploads: str
    folder: str
    files_column: str
    notes_column: str
    warnings: str
    no_warnings: str
    models: str
    writes: str
    searches: str
    runs_here: str
    runs_near: str
    runs_far: str
    runs_not: str
    in_process: str
    data: str
    data_hint: str
    home: str
    weights: str
    index_part: str
    catalog_part: str
    chats_part: str
    uploads_part: str
    logs_part: str
    other_part: str
    free: str
    details: str
    profile: str
    line: str
    erase: str
    erase_goes: str
    erase_index: str
    erase_uploads: str
    erase_chats: str
    erase_logs: str
    erase_stays: str
    erase_type: str
    erase_word: str
    erase_do: str
    erase_wrong: str
    erase_doing: str
    erase_done: str
    erase_again: str
    bytes: str
    kilobytes: str
    megabytes: str
    gigabytes: str
    files: Plural
    remarks: Plural


SETTINGS: dict[Language, SettingsWords] = {
    "ru": SettingsWords(
        tab="Настройки",
        saved="Запомнено. Действует с этой минуты.",
        answering="Когда отвечать",
        answering_hint="Где проходит граница между ответом и «в ваших заметках этого нет».",
        strict="Строго",
        strict_does="Отвечает, когда почти уверен, что заметка о том самом. Отказывает чаще.",
        balanced="Взвешенно",
        balanced_does="Отвечает, когда заметка скорее подходит.",
        generous="Щедро",
        generous_does="Показывает и далёкие заметки. Отказывает редко, мимо попадает чаще.",
        measured="Ответил на {} из {}" + NBSP + "вопросов, которые есть в заметках, и на {} из {}, которых там нет.",
        measured_hint="Так вышло на проверочных вопросах к учебному набору. На ваших заметках числа будут другими.",
        languages="Языки",
        page_language="Страница",
        by_browser="Как в браузере",
        russian="Русский",
        english="English",
        answer_language="Ответы",
        as_asked="На языке вопроса",
        answer_language_hint="Заметки показываются на том языке, на котором они написаны.",
        indexed="Что прочитано",
        indexed_nothing="Пока ничего.",
        uploads="Добавлено на странице",
        folder="Папка",
        files_column="Файлы",
        notes_column="Заметки",
        warnings="На что посмотреть в файлах",
        no_warnings="Замечаний к файлам нет.",
        models="Модели",
        writes="Пишет ответы",
        searches="Ищет в заметках",
        runs_here="Работает здесь, программа запускает её сама.",
        runs_near="По вашему адресу на этом компьютере.",
        runs_far="По вашему адресу в сети: вопросы и отрывки заметок уходят туда.",
        runs_not="Выключена: вы видите заметки дословно.",
        in_process="Работает здесь, в самой программе.",
        data="Ваши данные",
        data_hint="Всё лежит на этом компьютере.",
        home="Заметки, разговоры, журналы",
        weights="Веса моделей",
        index_part="индекс",
        catalog_part="заметки",
        chats_part="разговоры и повторение",
        uploads_part="добавленные файлы",
        logs_part="журналы",
        other_part="прочее",
        free="свободно {}",
        details="Подробности",
        profile="Профиль",
        line="Порог ответа",
        erase="Удалить всё",
        erase_goes="Будет удалено без возможности вернуть:",
        erase_index="индекс и все прочитанные заметки",
        erase_uploads="файлы, добавленные на странице",
        erase_chats="разговоры, оценки и повторение",
        erase_logs="журналы программы",
        erase_stays="Останутся ваши папки с заметками, веса моделей и настройки.",
        erase_type="Чтобы подтвердить, напишите «{}»",
        erase_word="удалить",
        erase_do="Удалить всё",
        erase_wrong="Ничего не удалено: слово написано иначе.",
        erase_doing="Удаляю…",
        erase_done="Всё удалено. Страница пуста и готова к новым заметкам.",
        erase_again="Открыть заново",
        bytes="{}" + NBSP + "Б",
        kilobytes="{}" + NBSP + "КБ",
        megabytes="{}" + NBSP + "МБ",
        gigabytes="{}" + NBSP + "ГБ",
        files=Plural("файл", "файла", "файлов"),
        remarks=Plural("замечание", "замечания", "замечаний"),
    ),
    "en": SettingsWords(
        tab="Settings",
        saved="Remembered, and in force from now on.",
        answering="When to answer",
        answering_hint="Where the line is between an answer and “your notes don't cover this”.",
        strict="Strict",
        strict_does="Answers when it is nearly sure that a note is about just that. Refuses more often.",
        balanced="Balanced",
        balanced_does="Answers when a note probably fits.",
        generous="Generous",
        generous_does="Shows distant notes too. Seldom refuses, misses more often.",
        measured="Answered {} of {}" + NBSP + "questions that the notes cover, and {} of {} that they do not.",
        measured_hint="Counted on test questions about the study pack. On your notes the numbers will differ.",
        languages="Languages",
        page_language="This page",
        by_browser="As in the browser",
        russian="Русский",
        english="English",
        answer_language="Answers",
        as_asked="In the question's language",
        answer_language_hint="Notes are shown in the language they were written in.",
        indexed="What has been read",
        indexed_nothing="Nothing yet.",
        uploads="Added on this page",
        folder="Folder",
        files_column="Files",
        notes_column="Notes",
        warnings="What to look at in the files",
        no_warnings="No remarks on the files.",
        models="Models",
        writes="Writes answers",
        searches="Searches your notes",
        runs_here="Runs here; the program starts it.",
        runs_near="At your address on this computer.",
        runs_far="At your address on the network: questions and passages of notes go there.",
        runs_not="Switched off: you see notes word for word.",
        in_process="Runs here, inside the program.",
        data="Your data",
        data_hint="All of it is on this computer.",
        home="Notes, chats, logs",
        weights="Model weights",
        index_part="index",
        catalog_part="notes",
        chats_part="chats and reviews",
        uploads_part="added files",
        logs_part="logs",
        other_part="other",
        free="{} free",
        details="Details",
        profile="Profile",
        line="Line for an answer",
        erase="Delete everything",
        erase_goes="These go, and cannot be brought back:",
        erase_index="the index and all notes read so far",
        erase_uploads="files added on this page",
        erase_chats="chats, grades and reviews",
        erase_logs="the program's logs",
        erase_stays="Your own note folders, model weights and settings stay.",
        erase_type="To confirm, type “{}”",
        erase_word="delete",
        erase_do="Delete everything",
        erase_wrong="Nothing was deleted: the word differs.",
        erase_doing="Deleting…",
        erase_done="Everything is deleted. The page is empty and ready for new notes.",
        erase_again="Open anew",
        bytes="{}" + NBSP + "B",
        kilobytes="{}" + NBSP + "KB",
        megabytes="{}" + NBSP + "MB",
        gigabytes="{}" + NBSP + "GB",
        files=Plural("file", "files", "files"),
        remarks=Plural("remark", "remarks", "remarks"),
    ),
}
