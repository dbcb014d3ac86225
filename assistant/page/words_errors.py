"""What went wrong and what to do about it, by the code of the error, in Russian and English.

A code without words here is told as its class of errors, then as a failure; the error's own message, which is English
and names files, stands below in the details.
"""

from assistant.page.plural import NBSP
from assistant.types import Language

ERRORS: dict[Language, dict[str, str]] = {
    "ru": {
        "failed": "В программе ошибка, ответ оборвался. Спросите ещё раз; подробности — в терминале.",
        "usage": "Вопрос не разобрать. Напишите его иначе.",
        "empty_question": "Вопрос пустой. Напишите, что найти в заметках.",
        "long_question": "В вопросе {has} знаков, а можно не больше {limit}. Сократите его.",
        "not_found": "Этого больше нет.",
        "no_topic": "Темы «{wanted}» в заметках больше нет. Выберите другую.",
        "no_source": "Файла «{wanted}» в заметках больше нет.",
        "store": "Указатель заметок не отвечает. Попробуйте ещё раз; если не поможет, перезапустите программу.",
        "store_busy": "Заметки сейчас занимает другая программа. Повторите через минуту.",
        "damaged": "Файл {file} повреждён; он оставлен как есть. Положите на его место копию или уберите его.",
        "unwritable": "В файл {file} нельзя писать. Проверьте, чей он и какие у него права.",
        "disk_full": "На диске нет места. Освободите его и повторите.",
        "disk_space": "На диске мало места. Освободите его и повторите.",
        "weights": "Файлов модели нет. Команда «python -m assistant doctor» скажет, чего не хватает.",
        "digest": "Файлы модели не те, что нужны; они не тронуты. Команда «python -m assistant doctor» скажет больше.",
        "engine": "Модель не ответила. Заметки можно спрашивать и без неё.",
        "engine_start": "Модель не запустилась. Заметки можно спрашивать и без неё.",
        "engine_lost": "Модель остановилась посреди ответа.",
        "rejected_file": "Этот файл не прочитать как заметки.",
        "big_file": f"Файл больше {{limit}}{NBSP}МБ. Разделите его.",
        "lost": "Нет связи с программой: она остановлена или перезапускается. Страница вернётся сама.",
        "busy": f"Сейчас слишком много вопросов сразу. Повторите через{NBSP}минуту.",
    },
    "en": {
        "failed": "A mistake in the program broke the answer off. Ask again; the terminal says more.",
        "usage": "The question cannot be read. Put it another way.",
        "empty_question": "The question is empty. Type what you want to find in your notes.",
        "long_question": "The question has {has} characters; at most {limit} can be asked. Shorten it.",
        "not_found": "This is no longer there.",
        "no_topic": "Your notes have no topic “{wanted}” any more. Choose another.",
        "no_source": "Your notes have no file “{wanted}” any more.",
        "store": "The index of your notes does not answer. Try again; if that does not help, restart the program.",
        "store_busy": "Another program is using your notes. Try again in a minute.",
        "damaged": "The file {file} is damaged; it was left as it is. Put a copy in its place, or move it away.",
        "unwritable": "The file {file} cannot be written. Check its owner and rights.",
        "disk_full": "The disk is full. Free some space and try again.",
        "disk_space": "There is not enough room on the disk. Free some and try again.",
        "weights": "The model's files are missing. “python -m assistant doctor” says which.",
        "digest": "The model's files are not the right ones and were not used. “python -m assistant doctor” says more.",
        "engine": "The model did not answer. You can ask your notes without it.",
        "engine_start": "The model did not start. You can ask your notes without it.",
        "engine_lost": "The model stopped in mid-answer.",
        "rejected_file": "This file cannot be read as notes.",
        "big_file": f"The file is over {{limit}}{NBSP}MB. Split it.",
        "lost": "The program does not answer: it was stopped or is restarting. The page will come back by itself.",
        "busy": f"There are too many questions at once. Try again in a{NBSP}minute.",
    },
}
