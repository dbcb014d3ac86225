"""Which lines of a text are certainly code, where neither fences nor indentation tell.

Careful on purpose: code taken for prose only looks plain, prose taken for code is swallowed. A run counts when
it has two lines or more, one of them a statement, and no line reads like a sentence.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_STRING = re.compile(r"\"[^\"]*\"|'[^']*'")
_COMMENT = re.compile(r"(?:^|\s)(?:#|//|--)\s.*", re.DOTALL)
_CYRILLIC = re.compile(r"[А-Яа-яЁё]")
_KEYWORDS = frozenset(
    ("and", "as", "await", "else", "for", "from", "if", "import", "in", "is", "lambda", "not", "or", "return", "with")
)
_NAME = r"[A-Za-z_][\w.]*(?:\[[^\[\]]*\])?"
_STATEMENT = re.compile(
    r"import [\w., ]+|from [\w.]+ import .+|@\w[\w.]*(?:\(.*)?"
    r"|(?:async )?def \w+\s*\(.*|class \w+.*:"
    r"|(?:if|elif|for|while|with|except|async)\b.*:|(?:else|try|finally|except):|break|continue|pass"
    r"|(?:return|raise|yield|await|assert)\b.*"
    rf"|{_NAME}(?:\s*,\s*{_NAME})*\s*(?:[-+*/|&]|//|\*\*)?=(?!=)\s*\S.*"
    r"|[A-Za-z_][\w.]*\((?:.*[,)(\]:;])?|(?:const|let|var|fn|func|public|private)\s.*[;{(]",
    re.DOTALL,
)
_SQL = re.compile(
    r"(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|FROM|(?:LEFT |RIGHT |INNER |CROSS )?JOIN|WHERE|GROUP BY|ORDER BY|HAVING"
    r"|UNION|LIMIT|CREATE TABLE|ON|AND|OR)\s[\w(\"'*.]"
)
_CLOSING = re.compile(r"[\])}]+[,;:]?(?:\.\w+\(.*)?")
_WORDS = re.compile(r"[A-Za-z]{2,}")
_LONGEST_STATEMENT = 40  # lines; brackets open for longer are no code, and looking further would cost
_LONGEST = 300  # characters; a line of code is shorter, a page's flattened listing is longer


@dataclass(frozen=True, slots=True)
class _Line:
    """`complete`: a statement, a comment or closing brackets. `opens`: brackets opened less brackets closed."""

    statement: bool
    complete: bool
    opens: int


def code_runs(lines: Sequence[str]) -> list[tuple[int, int]]:
    """Half-open ranges of lines that are code."""
    read = [_read(line) for line in lines]
    runs: list[tuple[int, int]] = []
    place = 0
    while place < len(lines):
        end, statements = _run(read, place)
        if end - place > 1 and statements:
            runs.append((place, end))
        place = max(end, place + 1)
    return runs


def _run(lines: Sequence[_Line | None], start: int) -> tuple[int, int]:
    """Where the run that begins at `start` ends, and how many statements it has."""
    place, statements, depth = start, 0, 0
    complete = start, 0  # the run up to the last line at which all brackets were closed
    while place < len(lines) and place - complete[0] < _LONGEST_STATEMENT:
        line = lines[place]
        if line is None or not (line.complete or depth > 0):
            break
        statements += line.statement
        depth = max(depth + line.opens, 0)
        place += 1
        if depth == 0:
            complete = place, statements
    return complete


def _read(line: str) -> _Line | None:
    """What a line is as code; None when it reads like prose."""
    bare = _bare(line)
    if _reads_like_prose(line, bare):
        return None
    statement = bool(_STATEMENT.fullmatch(bare) or _SQL.match(bare))
    opens = sum(map(bare.count, "([{")) - sum(map(bare.count, ")]}"))
    return _Line(statement, statement or not bare or bool(_CLOSING.fullmatch(bare)), opens)


def _bare(line: str) -> str:
    """The line without what strings and comments say; empty when it is all comment."""
    if len(line) > _LONGEST:
        return line
    return _COMMENT.sub("", _STRING.sub('""', line)).strip()


def _reads_like_prose(line: str, bare: str) -> bool:
    if len(line) > _LONGEST or not line.strip() or _CYRILLIC.search(bare):
        return True
    if bare.endswith((".", "…", "?", "!")):
        return True
    return not _SQL.match(bare) and any(_sentence(piece) for piece in re.split(r"[^A-Za-z ]+", bare))


def _sentence(piece: str) -> bool:
    """Three words in a row, none of them a keyword."""
    words = _WORDS.findall(piece)
    return any(not any(word in _KEYWORDS for word in words[place : place + 3]) for place in range(len(words) - 2))
