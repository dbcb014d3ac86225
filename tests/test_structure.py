"""The project's shape: a true tree, small files, one file a heavy package, settings passed down and never fetched."""

import ast
import re
import statistics
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from conftest import PROJECT

# Every file below these stands in the README's tree; other folders stand there with one line for all they hold.
CODE = ("assistant", "config", "eval", "ingest", "requirements")
PACKAGES = ("app.py", "assistant", "config", "eval", "ingest")

# Each heavy package is imported in one place, so that replacing it is one file's work.
HOMES = {
    "fsrs": ("assistant/schedule.py",),
    "genanki": ("assistant/export/anki.py",),
    "gradio": ("app.py", "assistant/page/"),
    "huggingface_hub": ("assistant/weights/hub.py",),
    # eval/bench races this project against them.
    "langchain_classic": ("eval/bench/contenders.py",),
    "langchain_community": ("eval/bench/contenders.py",),
    "instructor": ("eval/ragas_metrics.py",),
    "langchain_core": ("eval/bench/contenders.py", "assistant/llm.py", "assistant/retrieve/langchain.py"),
    "langchain_openai": ("assistant/llm.py",),
    "markitdown": ("ingest/convert.py",),
    "matplotlib": ("eval/report/pictures.py",),
    "openai": ("assistant/llm.py", "eval/ragas_metrics.py"),
    "playwright": ("eval/bench/page_start.py",),
    "qdrant_client": ("assistant/store/server.py", "eval/bench/contenders.py"),
    "qdrant_edge": ("assistant/store/edge.py",),
    "ragas": ("eval/ragas_metrics.py",),
    "sentence_transformers": ("assistant/encoders.py",),
    "torch": ("assistant/bert.py", "assistant/encoders.py"),
    "transformers": (),
    "vllm": (),
}

# Files outside config/ that may touch the environment, and what for.
ENVIRONMENT = {
    "assistant/engine/launch.py": "the environment of a child process",
    "assistant/weights/wheels.py": "the environment of a child process",
    "assistant/llm.py": "switches a library's telemetry off",
    "eval/ragas_metrics.py": "switches a library's telemetry off",
    "assistant/page/serve.py": "switches a library's telemetry off",
    "eval/bench/page_start.py": "the environment of a child process",
}

TEXTS = (".py", ".md", ".toml", ".in", ".txt", ".lock")

Tree = dict[str, str]


def python_files(*tops: str) -> list[Path]:
    files = [PROJECT / top for top in tops if top.endswith(".py")]
    return files + [file for top in tops for file in sorted((PROJECT / top).rglob("*.py"))]


def relative(file: Path) -> str:
    return file.relative_to(PROJECT).as_posix()


@cache
def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"), relative(file))


def imports(file: Path) -> Iterator[str]:
    """Every module named by an import statement, lazy ones included."""
    for node in ast.walk(parsed(file)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def on_disk() -> Iterator[str]:
    """What the tree must name: everything at the top, folders with a slash at the end, and each file of the code."""
    for path in PROJECT.iterdir():
        if not path.name.startswith((".", "__")) and (path.is_file() or any(path.iterdir())):
            yield path.name + "/" * path.is_dir()
    for top in CODE:
        for path in (PROJECT / top).rglob("*"):
            if path.is_file() and path.name != "__init__.py" and path.suffix != ".pyc":
                yield relative(path)


def readme_tree(text: str) -> Tree:
    """The fenced block below "## The tree": two spaces a level, a name, then what it is for."""
    block = re.search(r"^## The tree\n.*?^```\w*\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    assert block, "README.md has no fenced block below the heading `## The tree`"
    found: Tree = {}
    folders: list[str] = []
    for line in block.group(1).splitlines():
        if not line.strip():
            continue
        depth = (len(line) - len(line.lstrip())) // 2
        name, _, purpose = line.strip().partition(" ")
        path = "".join(folders[:depth]) + name
        if name.endswith("/"):
            folders = [*folders[:depth], name]
        found[path] = purpose.strip()
    return found


def test_the_readme_tree_names_every_file_once_with_its_purpose() -> None:
    tree = readme_tree((PROJECT / "README.md").read_text("utf-8"))
    assert not sorted(set(on_disk()) - tree.keys()), "on the disk, not in the README's tree"
    assert not sorted(path for path in tree if not (PROJECT / path).exists()), "in the README's tree, not on the disk"
    assert not sorted(path for path, purpose in tree.items() if not purpose), "in the README's tree without a purpose"


def test_files_are_short() -> None:
    lines = {
        relative(f): len(f.read_text("utf-8").splitlines()) for f in python_files(*PACKAGES, "requirements", "tests")
    }
    assert not {name: count for name, count in lines.items() if count > 300}
    assert statistics.median(lines.values()) <= 120


def test_functions_are_short_and_take_few_parameters() -> None:
    long, wide = [], []
    for file in python_files(*PACKAGES, "requirements", "tests"):
        for node in ast.walk(parsed(file)):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            where = f"{relative(file)}:{node.lineno} {node.name}"
            names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
            if (node.end_lineno or node.lineno) - node.lineno >= 40:
                long.append(where)
            if len(set(names) - {"self", "cls"}) > 5:
                wide.append(where)
    assert not long, "functions of more than 40 lines"
    assert not wide, "functions of more than five parameters: a dataclass is due"


@pytest.mark.parametrize("package", HOMES)
def test_a_heavy_package_is_imported_in_its_own_place(package: str) -> None:
    elsewhere = [
        relative(file)
        for file in python_files(*PACKAGES)
        if not relative(file).startswith(HOMES[package] or ("nowhere",))
        and any(name.partition(".")[0] == package for name in imports(file))
    ]
    assert not elsewhere


def test_app_only_wires() -> None:
    app = PROJECT / "app.py"
    assert len(app.read_text("utf-8").splitlines()) < 120
    tops = {name.partition(".")[0] for name in imports(app)} - set(sys.stdlib_module_names)
    assert tops <= {"assistant", "config", "gradio", "ingest"}


def test_only_config_reads_the_environment() -> None:
    touching = {
        relative(file)
        for file in python_files(*PACKAGES)
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "environb", "getenv")
    }
    assert {name for name in touching if not name.startswith("config/")} <= ENVIRONMENT.keys()


def test_no_module_keeps_state_for_others() -> None:
    found = [relative(f) for f in python_files(*PACKAGES) for n in ast.walk(parsed(f)) if isinstance(n, ast.Global)]
    assert not found, "`global`: pass the object down instead"


def test_nothing_names_the_machine_it_was_written_on() -> None:
    # Put together here so that this file does not match itself.
    folders = "|".join(("work", "root", "farm", "tmp/w", "home/[a-z]+"))
    hosts = "|".join(("pypi" + r"\.org", "files" + r"\.pythonhosted", "deb" + r"\.debian", "registry" + r"\.npmjs"))
    pattern = re.compile(rf"(?<![\w.$}}~-])/({folders})/|({hosts})")
    texts = [PROJECT / name for name in ("README.md", "Makefile", "pyproject.toml", ".ci/run", "app.py")]
    for top in (*CODE, "docs", "notes", "tests"):
        texts += [file for file in (PROJECT / top).rglob("*") if file.suffix in TEXTS]
    found = [relative(file) for file in texts if pattern.search(file.read_text("utf-8", "replace"))]
    assert not found
