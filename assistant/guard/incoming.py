"""A question as it may enter: visible characters only, not empty, not endless."""

import re
import unicodedata

from assistant.errors import UsageError

# Bidirectional controls, zero-width characters, tags and variation selectors hide instructions from the reader.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]"
)


def visible(char: str) -> str:
    """One character as it may enter: a hidden one as nothing, a control character as a space."""
    if _INVISIBLE.match(char):
        return ""
    return char if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs") else " "


def clean(question: str, limit: int) -> str:
    """The question without control and invisible characters, outer space trimmed.

    Raises:
        UsageError: nothing readable is left, or it is longer than `limit` characters.
    """
    kept = "".join(map(visible, question)).strip()
    if not any(c.isalnum() for c in kept):
        raise UsageError("The question is empty. Type what you want to find in your notes.", code="empty_question")
    if len(kept) > limit:
        message = f"The question has {len(kept)} characters; at most {limit} can be asked. Shorten it."
        raise UsageError(message, code="long_question", has=len(kept), limit=limit)
    return kept
