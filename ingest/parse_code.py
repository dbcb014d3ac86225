"""Which lines of a text are certainly code, where neither fences nor indentation tell.

Careful on purpose: code taken for prose only looks plain, prose taken for code is swallowed. A run counts when
it has two lines or more, one of them a statement, and no line reads like a sentence.
"""

import re
from collections.abc import Sequence

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
_LONGEST = 300  # characters; a line of code is shorter, a page's flattened listing is longer


def code_runs(lines: Sequence[str]) -> list[tuple[int, int]]:
    """Half-open ranges of lines that are code."""
    runs: list[tuple[int, int]] = []
    place = 0
    while place < len(lines):
        end, statements = _run(lines, place)
        if end - place > 1 and statements:
            runs.append((place, end))
        place = max(end, place + 1)
    return runs


def _run(lines: Sequence[str], start: int) -> tuple[int, int]:
    """Where the run that begins at `start` ends, and how many statements it has."""
    place, statements, depth = start, 0, 0
    complete = start, 0  # the run up to the last line at which all brackets were closed
    while place < len(lines):
        line = lines[place]
        bare = _bare(line)
        if _reads_like_prose(line, bare):
            break
        statement = bool(_STATEMENT.fullmatch(bare) or _SQL.match(bare))
        if not (statement or not bare or depth > 0 or _CLOSING.fullmatch(bare)):
            break
        statements += statement
        depth = max(depth + sum(map(bare.count, "([{")) - sum(map(bare.count, ")]}")), 0)
        place += 1
        if depth == 0:
            complete = place, statements
    return complete


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
