"""The words of kept conversations and of what can be done with an answer, in Russian and English."""

from dataclasses import dataclass

from assistant.types import Language


@dataclass(frozen=True, slots=True)
class ChatWords:
    """The list of conversations, the buttons below an answer, the reasons for a thumb down."""

    chats: str
    search: str
    search_placeholder: str
    nothing_found: str
    none_yet: str
    today: str
    yesterday: str
    week: str
    earlier: str
    more: str
    rename: str
    rename_label: str
    download: str
    delete: str
    deleted: str
    undo: str
    not_kept: str
    not_kept_here: str
    older: str
    drawer: str
    only: str
    topic: str
    without: str
    good: str
    bad: str
    copy: str
    copied: str
    retry: str
    edit: str
    editing: str
    editing_cancel: str
    why: str
    why_note: str
    why_question: str
    why_incomplete: str
    why_lead: str
    why_wrong: str
    why_comment: str
    send: str
    close: str
    thanks: str
    trace: str
    details: str
    answering: str
    source: str
    sources: str
    open_in_notes: str


CHATS: dict[Language, ChatWords] = {
    "ru": ChatWords(
        chats="Разговоры",
        search="Поиск в разговорах",
        search_placeholder="Найти в разговорах",
        nothing_found="Ни в одном разговоре этого нет.",
        none_yet="Здесь появятся ваши разговоры.",
        today="Сегодня",
        yesterday="Вчера",
        week="На этой неделе",
        earlier="Раньше",
        more="Что сделать с разговором «{}»",
        rename="Переименовать",
        rename_label="Новое название",
        download="Скачать",
        delete="Удалить",
        deleted="Разговор «{}» удалён.",
        undo="Вернуть",
        not_kept="Этот ответ не сохранён: {}",
        not_kept_here="Разговоры сейчас не сохраняются: {}",
        older="Показать раньше",
        drawer="Разговоры, темы, новые заметки",
        only="Только",
        topic="тема",
        without="Спросить без этого условия: {}",
        good="Полезно",
        bad="Не помогло",
        copy="Скопировать",
        copied="Скопировано",
        retry="Ещё раз",
        edit="Изменить вопрос",
        editing="Вы меняете последний вопрос.",
        editing_cancel="Не менять",
        why="Что не так?",
        why_note="Не та заметка",
        why_question="Вопрос понят неверно",
        why_incomplete="Ответ неполный",
        why_lead="Короткий ответ искажает заметку",
        why_wrong="Ошибка в самой заметке",
        why_comment="Своими словами, если хотите",
        send="Отправить",
        close="Закрыть",
        thanks="Спасибо, отзыв сохранён у вас.",
        trace="номер ответа",
        details="Подробности",
        answering="Ответ ещё готовится…",
        source="Источник {}",
        sources="Источники ответа",
        open_in_notes="Открыть в заметках",
    ),
    "en": ChatWords(
        chats="Chats",
        search="Search your chats",
        search_placeholder="Search chats",
        nothing_found="None of your chats has this.",
        none_yet="Your chats will be listed here.",
        today="Today",
        yesterday="Yesterday",
        week="This week",
        earlier="Earlier",
        more="What to do with the chat “{}”",
        rename="Rename",
        rename_label="New name",
        download="Download",
        delete="Delete",
        deleted="The chat “{}” is deleted.",
        undo="Undo",
        not_kept="This answer was not kept: {}",
        not_kept_here="Chats are not being kept: {}",
        older="Show earlier",
        drawer="Chats, topics, new notes",
        only="Only",
        topic="topic",
        without="Ask without this condition: {}",
        good="Helpful",
        bad="Not helpful",
        copy="Copy",
        copied="Copied",
        retry="Try again",
        edit="Edit the question",
        editing="You are editing the last question.",
        editing_cancel="Leave it",
        why="What is wrong?",
        why_note="Wrong note",
        why_question="Misread my question",
        why_incomplete="Incomplete",
        why_lead="The short answer distorts the note",
        why_wrong="The note itself is wrong",
        why_comment="In your own words, if you like",
        send="Send",
        close="Close",
        thanks="Thank you. It is kept on your computer.",
        trace="answer number",
        details="Details",
        answering="The answer is still on its way…",
        source="Source {}",
        sources="Sources of the answer",
        open_in_notes="Open in notes",
    ),
}
