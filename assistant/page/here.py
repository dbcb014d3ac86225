"""What one tab of a browser knows by itself, sent along with everything it asks for."""

from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from assistant.types import LEVELS, Filters

_LONGEST = 100_000


@dataclass(frozen=True, slots=True)
class Here:
    """The conversation open in a tab and the one that was left, how much of it is shown, the filters chosen, the words
    looked for in chats, the answer whose question is being edited, and the tab's clock in minutes ahead of UTC.

    It lives in the browser, so that it outlasts the server, and is trusted with nothing.
    """

    chat: str = ""
    left: str = ""
    shown: int = 30
    topic: str = ""
    level: str = ""
    find: str = ""
    edited: str = ""
    minutes: int = 0

    @classmethod
    def read(cls, sent: object) -> "Here":
        """From what the browser sent, whatever that is."""
        given = sent if isinstance(sent, dict) else {}
        known = {field.name: given.get(field.name) for field in fields(cls)}
        right: dict[str, Any] = {
            name: value for name, value in known.items() if type(value) is type(getattr(cls(), name))
        }
        here = replace(cls(), **right)
        return here if 0 < here.shown < _LONGEST else replace(here, shown=cls().shown)

    def json(self) -> dict[str, object]:
        """For the browser."""
        return asdict(self)

    @property
    def filters(self) -> Filters:
        """The filters chosen."""
        return Filters(topic=self.topic or None, level=next((level for level in LEVELS if level == self.level), None))
