"""A number of things, with its noun in the right form."""

from dataclasses import dataclass

NBSP = "\u00a0"


@dataclass(frozen=True, slots=True)
class Plural:
    """One noun for one, for a few (Russian 2 to 4), and for many things."""

    one: str
    few: str
    many: str

    def of(self, count: int) -> str:
        """`count` with the right form, by the Russian rule; English gives `few` and `many` alike."""
        tens, units = count % 100, count % 10
        if units == 1 and tens != 11 and (count == 1 or self.few != self.many):
            form = self.one
        else:
            form = self.few if units in (2, 3, 4) and tens not in (12, 13, 14) else self.many
        return f"{count}{NBSP}{form}"
