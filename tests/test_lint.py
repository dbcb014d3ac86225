"""The linter's rules: for each a text that breaks it, with the line, and one that looks alike and is fine."""

import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from conftest import PROJECT

from config.settings import IngestSettings
from ingest.check import check
from ingest.lint import LONGEST_ANSWER, LONGEST_POINT, MOST_FINDINGS
from ingest.parse import parse_file
from ingest.report import IngestReport, Step

HEAD = "# T\n\n## Basic\n\n### Why so?\n\n"  # six lines
Q, LONG = "Q: a?\nA: b", "слово " * (LONGEST_ANSWER // 6 + 1)


def linted(folder: Path, *texts: str, name: str = "{}.md") -> IngestReport:
    """The report on one file a text: 1.md, 2.md…"""
    for number, text in enumerate(texts, 1):
        (folder / name.format(number)).write_text(text, "utf-8")
    steps: list[Step] = []
    return check([folder], folder / "home", IngestSettings(), steps.append)


def lines(report: IngestReport, words: str) -> list[int | None]:
    """Where a warning with these words stands; no other warning may be there."""
    assert all(words in warned.reason for warned in report.warnings), report.text()
    return [warned.line for warned in report.warnings]


def points(number: int) -> str:
    return "Key points:\n" + "".join(f"- (1) idea {place}\n" for place in range(number))


NOTES: Sequence[tuple[str, str, list[int], str]] = [
    ("has no level", f"# T\n\n### Early?\n\nx\n\n## Basic\n\n{Q}\n", [3], f"# T\n\n### Early?\n\nx\n\n{Q}\n"),
    ("is no level", f"{HEAD}x\n\n## Meduim\n\n### How?\n\ny\n", [9], f"{HEAD}x\n\n## Medium\n\n### How?\n\ny\n"),
    ("is no level", f"# T\n## Kiler\n{Q}\n## Basik\nQ: c?\nA: d\n", [2, 5],
     f"# T\n## Basics\n{Q}\n## Tools\nQ: c?\nA: d\n"),
    ("is no level", f"Basic\n{Q}\nСрудний\nQ: c?\nA: d\n", [4], f"Basic\n{Q}\nСредний\nQ: c?\nA: d\n"),
    ("is no level", f"{HEAD}x\n\n## Кiller\n\nQ: c?\nA: d\n", [9], f"{HEAD}x\n\n### Basics?\n\ny\n"),
    ("has no key points", f"{Q}\n\nQ: c?\nA: d\n\n{points(3)}", [1], f"{Q}\n\nQ: c?\nA: d\n"),
    ("2 key points: write 3 to 8", f"{Q}\n\n{points(2)}", [5], f"{Q}\n\n{points(3)}"),
    ("9 key points: write 3 to 8", f"{Q}\n\n{points(9)}", [5], f"{Q}\n\n{points(8)}"),
    ("(4) is no weight", f"{Q}\n\n{points(3)}- (4) more\n", [8], f"{Q}\n\n{points(3)}- (3) more\n"),
    ("stands at line 5", f"{Q}\n\n{points(3)}- (3) **Idea** 0.\n", [8], f"{Q}\n\n{points(3)}- (3) idea 0 of two\n"),
    ("an empty key point", f"{Q}\n\n{points(3)}- (2)\n", [8], f"{Q}\n\n{points(3)}- (2) .\n"),
    ("too long for one idea", f"{Q}\n\n{points(3)}- {'x' * (LONGEST_POINT + 1)}\n", [8],
     f"{Q}\n\n{points(3)}- (1) {'x' * LONGEST_POINT}\n"),
    ("key points end the answer", f"{Q}\n\n{points(3)}\nMore.\n", [4], f"{Q}\nMore.\n\n{points(3)}"),
    ("no list below this label", f"{Q}\n\n**Key points**\n\nOne.\n", [4], f"{Q}\n\n**Key point**\n\nOne.\n"),
    ("its key points stand in", f"{HEAD}{points(3)}", [5], f"{HEAD}x\n\n{points(3)}"),
    ("is read as a question", f"{HEAD}x\n\n### Key points\n\ny\n", [9],
     f"{HEAD}x\n\n#### Key points\n\n- a\n- b\n- c\n"),
    ("is asked in", f"{Q}\n\nQ: **A**\nA: c\n", [4], f"{Q}\n\nQ: a+?\nA: c\n"),
    ("is too long", f"{HEAD}{LONG}\n", [5], f"# T\n\n## Prose\n\n{LONG}\n"),
    ("never closed", f"{Q}\n```python\nx = 1\n", [3], f"{Q}\n```python\nx = 1\n```\n"),
    ("opened inside another", f"{Q}\n```\nx\n```python\ny\n```\n", [5], f"{Q}\n````\nx\n```python\ny\n```\n````\n"),
    ("a question in the code", f"{Q}\n```\nx\n\n## Why?\n\ny\n```\n", [6], f"{Q}\n```markdown\n## Why?\n```\n"),
    ("a question in the code", f"{Q}\n```\n### Basic\n```\n", [4], f"{Q}\n```python\n# why?\n## two steps\n```\n"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "wrong", "where", "fine"), NOTES)
def test_notes(tmp_path: Path, words: str, wrong: str, where: list[int], fine: str) -> None:
    report = linted(tmp_path, wrong)
    assert [warned.path for warned in report.warnings] == [str(tmp_path / "1.md")] * len(where)
    assert lines(report, words) == where
    assert linted(tmp_path, fine).warnings == ()


BROKEN = [
    ("opens a formula that nothing", "a $x + y is small"),
    ("opens a formula that nothing", "a $5^2 is small"),
    ("opens a formula that nothing", "a $x$5"),
    ("opens a formula that nothing", "a $x\n\ny$ b".partition("\n")[0]),
    ("closes a formula that nothing", "a x_i + y$ is small"),
    ("`$$` opens", "$$\nx = 1"),
    ("`$$` opens", "$$x = 1$ and more"),
    (r"`\[` opens", r"\[ x_1 = \frac{1}{2}"),
    (r"`\(` opens", r"so \(x_1 is small"),
    ("two prices make a formula", "стоит $5, а не 7$."),
    ("`{` is not closed", r"$\frac{1}{2$ b"),
    ("`}` closes nothing", "$x_1} + y$"),
    ("`}` closes nothing", r"$\{x}$"),
    (r"`\left` is not closed", r"$\left( x$"),
    (r"`\left` is not closed", r"$\frac{\left( x}{2} \right)$"),
    (r"`\right` closes nothing", r"$x \right)$"),
    (r"`\begin{cases}` is not closed", "$$\n\\begin{cases} x\n$$"),
    (r"`\begin{cases}` is not closed", r"$$\begin{cases} x \end{aligned}$$"),
    (r"`\end{cases}` closes nothing", r"$$x \end{cases}$$"),
    (r"`\begin` stands outside", r"\begin{align} x \end{align}"),
    ("`%` begins a comment", "$p = 5 %$"),
]
FINE = [
    "costs $5, $10 or $1,000.50; 5$, 5 $/час, US$ 5, $/1M, «$», ($) and $5-$7",
    "от $5 до $10, потом 100 $ и 200 $",
    "`$x` and `` a ` $y `` and \\$z and `\\begin{x}`",
    "```\n$x {\n```",
    "~~~python\nx = '$' + r'\\left('\n~~~",
    "text:\n\n    echo $HOME {\n    \\begin{x}",
    r"$x$, $y$: $\{a\}$ and $p = 5\,\%$ and $|a|$; $x$$y$; $.5$",
    r"\[note\] and \[see] and \(as said",
    "$$\n- a\n+ b_{1}\n| c\n$$",
    "- $$\n  a = b\n  $$\n- two",
    "> $$\n> a = b\n> $$",
    r"$\left( x \right]$ and $\leftarrow y \rightarrow$ and $\left\{ x \middle| y \right\}$",
    "$$\n\\begin{cases} a & \\text{if } x \\\\[2pt] b \\end{cases}\n$$",
    "$a +\nb$",
    "| a | b |\n|---|---|\n| $P(X \\mid Y)$ | $5 |\n| `a $x` | \\| |",
    "list:\n\n- a\n\n    $x$ continues",
    "a $$$ restaurant",
]


@pytest.mark.parametrize(("words", "text"), BROKEN)
def test_broken_tex(tmp_path: Path, words: str, text: str) -> None:
    assert lines(linted(tmp_path, f"{HEAD}one $x$\n\n{text}\n\nlast $y$\n"), words) in ([9], [10])


@pytest.mark.parametrize("text", FINE)
def test_tex_that_is_fine(tmp_path: Path, text: str) -> None:
    assert linted(tmp_path, f"{HEAD}one $x$\n\n{text}\n\nlast $y$\n").warnings == ()


def test_every_line_is_the_files_own(tmp_path: Path) -> None:
    text = "---\ntitle: $x\n---\n\nT\n===\n\nQ: a?\r\nA: b\r\n\r\n$$\r\nx\r\n+ \\frac{1}{2\r\n$$\r\n\n| $a | b$ |\n"
    report = linted(tmp_path, text)
    assert [(warned.line, "in a table" in warned.reason) for warned in report.warnings] == [
        (13, False),
        (16, True),
        (16, True),
    ]


def test_a_duplicate_in_another_file_names_the_first(tmp_path: Path) -> None:
    report = linted(
        tmp_path, "# T\n\n## Что такое PSI?\n\nx\n", "# U\n\nQ: 1. что такое  *PSI*\nA: y\n\nQ: PSI?\nA: z\n"
    )
    (warned,) = report.warnings
    assert (warned.path, warned.line) == (str(tmp_path / "2.md"), 3)
    assert f"is asked in {tmp_path / '1.md'}:3 already" in warned.reason


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "1.md"
    path.write_text(f"{Q}\n")
    report = check([path, tmp_path, path], tmp_path / "home", IngestSettings(), lambda step: None)
    assert (report.files, report.notes, report.warnings) == (1, 1, ())


def test_a_converted_file_has_no_lines(tmp_path: Path) -> None:
    html = f"<h1>T</h1><p>Q: a?</p><p>A: {'word ' * LONGEST_ANSWER}</p><p>Q: a?</p><p>A: $x</p>"
    report = linted(tmp_path, html, name="{}.html")
    assert [(warned.line, warned.reason[:10]) for warned in report.warnings] == [
        (None, "the answer"),
        (None, "“a?” is as"),
    ]


HOSTILE = [
    "$" * 300_000, "`" * 300_000, "".join("`" * n + " " for n in range(700)), "\\(" * 150_000, "\\[ x_1 " * 50_000,
    "{" * 300_000, "$" + "{" * 300_000 + "$", "$5 " * 100_000, "a$ " * 100_000, "$\\left" * 50_000, "\\" * 300_001,
    "$" + "\\begin{" * 40_000 + "$", "\\begin" * 50_000, "| $ " * 80_000, "> " * 150_000, "\n- $x\n" * 40_000,
    "## Basik\n" * 30_000, "```\n```x\n" * 30_000, "- (1) x\n" * 30_000, "**key points**\n" * 15_000,
    "Q: a?\nA: b\n" * 15_000, "    $x\n\n" * 40_000, "$$\n" + "x\n" * 100_000, "( " * 150_000,
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_text_costs_seconds_at_most(tmp_path: Path, number: int) -> None:
    begun = time.process_time()
    report = linted(tmp_path, f"{HEAD}Q: x?\nA: y\n\nKey points:\n{HOSTILE[number]}\n")
    assert time.process_time() - begun < 10
    assert len(report.text()) < 40_000_000


def test_the_pack_in_the_format_guide_is_clean(tmp_path: Path) -> None:
    guide = (PROJECT / "docs" / "notes-format.md").read_text("utf-8")
    pack = guide.split("````markdown\n")[1].split("````")[0]
    assert linted(tmp_path, pack).warnings == ()
    parsed = parse_file(pack.encode(), "1.md", IngestSettings())
    assert [(note.topic, note.level, len(note.points)) for note in parsed.notes] == [
        ("Caching", None, 0),
        ("Caching", "Basic", 3),
        ("Caching", "Medium", 3),
    ]


def test_what_is_no_notes_at_all_is_not_reported_line_by_line(tmp_path: Path) -> None:
    report = linted(tmp_path, f"{Q}\n\n" + "\n\n".join(["a $x_{1} b"] * 500))
    assert len(report.warnings) == MOST_FINDINGS + 1
    assert report.warnings[-1].reason == "400 more: mend these first"
