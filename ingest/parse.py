"""One file to notes: which reader its name and form call for, and what is wrong with it."""

from pathlib import PurePosixPath

from assistant.errors import RejectedFileError
from config.settings import IngestSettings
from ingest import convert, parse_markdown, parse_plain, saved_page, sources
from ingest.decode import clean, decode
from ingest.parse_notes import build, plain_layout
from ingest.parsed import Finding, ParsedFile

CONVERTED = (".html", ".htm", ".pdf", ".docx")
MAX_LINES = 200_000


def parse_file(data: bytes, name: str, limits: IngestSettings) -> ParsedFile:
    """Notes of one file, and what in it deserves a look.

    Args:
        data: the file's bytes.
        name: its source (`notes/bandits.md`); the ending says the format, the stem stands in for a missing topic.
        limits: how big a file may be.

    Raises:
        RejectedFileError: it cannot be read as notes; the message is the reason.
    """
    sources.check(name, len(data), limits)
    path = PurePosixPath(name)
    suffix = path.suffix.lower()
    findings: list[Finding] = []
    if suffix in CONVERTED:
        text = clean(convert.to_text(data, suffix))
    else:
        text, encoding = decode(data)
        if encoding == "cp1251":
            findings.append(Finding(None, "not UTF-8: read as Russian CP1251; saving it as UTF-8 is safer"))
    lines = text.split("\n")
    if not text.strip():
        raise RejectedFileError("empty file: nothing but white space")
    if len(lines) > MAX_LINES:
        raise RejectedFileError(f"{len(lines):,} lines are over the limit of {MAX_LINES:,}: split it")
    parsed = _parse(lines, suffix, fallback=" ".join(path.stem.replace("_", " ").split()) or "notes")
    if not parsed.notes:
        raise RejectedFileError("no notes in it: headings without text below them")
    found = (*findings, *parsed.warnings)
    if suffix in CONVERTED:
        return ParsedFile(parsed.notes, tuple(Finding(None, finding.reason) for finding in found))
    return ParsedFile(parsed.notes, tuple(sorted(found, key=lambda finding: finding.line or 0)), parsed.markdown)


def _parse(lines: list[str], suffix: str, fallback: str) -> ParsedFile:
    """By form where the form is plain to see, else by the name's ending."""
    if saved_page.looks_like(lines):
        # A PDF breaks lines where the paper ends, a page saved as text where the page does.
        return build(saved_page.read(lines), fallback, plain_layout if suffix == ".pdf" else saved_page.layout)
    if suffix == ".pdf" or (suffix == ".txt" and not parse_markdown.looks_like(lines)):
        return build(parse_plain.read(lines), fallback)
    document = parse_markdown.read(lines)
    parsed = build(document.elements, document.name or fallback)
    return ParsedFile(parsed.notes, (*document.findings, *parsed.warnings), lines)
