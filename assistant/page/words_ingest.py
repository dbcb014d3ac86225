"""Why a file was not taken, and what is odd in one, in Russian: by the English words of ingest, which are kept with
the notes. `{}` stands for whatever is filled in. Reasons that have no Russian here stay as they are.
"""

import re
from functools import cache

from assistant.types import Language

RUSSIAN = {
    "empty file": "пустой файл",
    "empty file: nothing but white space": "пустой файл: в нём одни пробелы",
    "not a supported format: use {}": "такой формат не читается; подойдут {}",
    "{} MB is over the limit of {}: split it, or raise max_file_mb": (
        "{}\u00a0МБ, а можно не больше {}: разделите файл или увеличьте max_file_mb"
    ),
    "{} lines are over the limit of {}: split it": "строк {}, а можно не больше {}: разделите файл",
    "no notes in it: headings without text below them": "заметок нет: под заголовками нет текста",
    "binary data, not text": "это не текст",
    "damaged {}: save it as UTF-8 ({})": "повреждён ({}): сохраните как UTF-8 ({})",
    "not UTF-8 (byte {}) and not plainly Russian CP1251: save it as UTF-8": (
        "не UTF-8 (байт {}) и не похоже на CP1251: сохраните как UTF-8"
    ),
    "not UTF-8: read as Russian CP1251; saving it as UTF-8 is safer": (
        "не UTF-8, прочитан как CP1251; надёжнее сохранить как UTF-8"
    ),
    "not in the encoding it declares ({})": "кодировка не та, что указана в файле ({})",
    "cannot be read: {}": "не читается: {}",
    "it changes while it is read: run this again when it is at rest": (
        "меняется, пока его читают: попробуйте, когда он будет сохранён"
    ),
    "neither a file nor a folder": "это не файл и не папка",
    "this folder could not be listed": "папка не открывается",
    "reading it took more than {} s: damaged or far too complex": (
        "не прочитан за {}\u00a0с: повреждён или слишком сложен"
    ),
    "reading it failed (converter ended with {}): damaged or too complex": (
        "не прочитан (код {}): повреждён или слишком сложен"
    ),
    "no text: a scan?": "текста нет: наверное, это скан",
    "no text in it": "текста нет",
    "not a PDF file, whatever its name says": "это не PDF, что бы ни говорило имя",
    "protected by a password, or an old .doc: save it as .docx without a password": (
        "под паролем или старый .doc: сохраните как .docx без пароля"
    ),
    "protected by a password: save a copy without one": "под паролем: сохраните копию без него",
    "not a DOCX file, or a damaged one ({})": "это не DOCX или он повреждён ({})",
    "a ZIP archive, but not a DOCX file": "это ZIP-архив, а не DOCX",
    "unpacks to {} MB, over the limit of {} MB": "распаковывается в {}\u00a0МБ, а можно не больше {}\u00a0МБ",
    "no answer to “{}”: its key points stand in for one": ("нет ответа на «{}»: вместо него показаны ключевые мысли"),
    "no answer to “{}”: kept without one": "нет ответа на «{}»: вопрос сохранён без него",
    "the answer to “{}” looks cut off: it ends in a colon": (
        "ответ на «{}», похоже, обрывается: он кончается двоеточием"
    ),
    "not a note of its own: “{}”, between a heading and a question": (
        "не стало отдельной заметкой: «{}», между заголовком и вопросом"
    ),
    "a code fence is opened here and never closed: read as text": (
        "здесь открыт блок кода, который не закрыт: прочитан как текст"
    ),
    "a code fence is opened inside another: close that one before": (
        "блок кода открыт внутри другого: сначала закройте тот"
    ),
    "({}) is no weight: write ({}), (2) or ({}); read as ({})": (
        "({}) — не вес: пишите ({}), (2) или ({}); прочитан как ({})"
    ),
    "an empty key point: write it, or delete the line": "пустая ключевая мысль: допишите её или удалите строку",
    "key points end the answer: move what follows their list above this line; read as part of the answer": (
        "ключевые мысли стоят в конце ответа: перенесите то, что ниже списка, выше; пока это часть ответа"
    ),
    "no list below this label: write each key point as `- (2) text`; read as part of the answer": (
        "под этой строкой нет списка: пишите каждую мысль как «- (2) текст»; пока это часть ответа"
    ),
}


def reason(told: str, language: Language) -> str:
    """A reason as ingest told it, in a learner's language."""
    if language == "ru":
        for pattern, said in _patterns():
            if found := pattern.fullmatch(told):
                return said.format(*found.groups())
    return told


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The longest first, so that a reason is not taken for a shorter one with more filled in."""
    ordered = sorted(RUSSIAN.items(), key=lambda pair: -len(pair[0]))
    texts = [("(.*?)".join(map(re.escape, english.split("{}"))), said) for english, said in ordered]
    return tuple((re.compile(text, re.DOTALL), said) for text, said in texts)
