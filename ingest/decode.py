"""Bytes to text: UTF-8, UTF-16 with its mark, or CP1251 when the result is plainly Russian; nothing else is guessed."""

import codecs
import re
from collections import Counter

from assistant.errors import RejectedFileError

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Control characters, invisible marks and lone surrogates: none means anything in notes.
_UNPRINTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff\ud800-\udfff]")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MAX_CONTROL = 0.01
_RUSSIAN_WORD = re.compile(r"[А-Яа-яЁё]+")
_MIXED_WORD = re.compile(r"[A-Za-z][А-Яа-яЁё]|[А-Яа-яЁё][A-Za-z]")
# These ten are 67 % of Russian text; of KOI8-R or CP866 read as CP1251 they are under 25 %.
_FREQUENT = "оеаинтсрвл"
_SAMPLE = 200_000


def decode(data: bytes) -> tuple[str, str]:
    """The text, its line ends unified and unprinted characters gone, and the encoding it was in.

    Raises:
        RejectedFileError: it is binary, or text in an encoding that cannot be told.
    """
    text, encoding = _decode(data)
    return clean(text), encoding


def clean(text: str) -> str:
    """Unified line ends, no control characters, no lone surrogates."""
    return _UNPRINTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _decode(data: bytes) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding), encoding
            except UnicodeDecodeError as error:
                raise RejectedFileError(f"damaged {encoding.upper()}: save it as UTF-8 ({error.reason})") from error
    if b"\0" in data or len(_CONTROL.findall(data)) > _MAX_CONTROL * len(data):
        raise RejectedFileError("binary data, not text")
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError as error:
        place = error.start
    try:
        text = data.decode("cp1251")
    except UnicodeDecodeError:
        text = ""
    if not _plausibly_russian(text[:_SAMPLE]):
        raise RejectedFileError(f"not UTF-8 (byte {place}) and not plainly Russian CP1251: save it as UTF-8")
    return text, "cp1251"


def _plausibly_russian(text: str) -> bool:
    """Cyrillic letters in words of their own, mostly small, as frequent as Russian has them."""
    words = _RUSSIAN_WORD.findall(text)
    letters = "".join(words)
    if len(letters) < 10 or len(_MIXED_WORD.findall(text)) > len(words) / 10:
        return False
    others = sum(1 for sign in text if sign > "\x7f") - len(letters)
    counts = Counter(letters.lower())
    frequent = sum(counts[letter] for letter in _FREQUENT)
    capitals = sum(1 for letter in letters if letter.isupper())
    return frequent > 0.45 * len(letters) and capitals < 0.5 * len(letters) and others < 0.3 * len(letters)
