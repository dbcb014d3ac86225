"""HTML, PDF and DOCX to Markdown or text, in a process of its own that is stopped when it takes too long.

Run as `python -m ingest.convert .html 60` it converts standard input to standard output. Converters (markitdown and
the libraries under it) read hostile files: in a child, a loop or a memory bomb costs one file, not the page.
They get bytes only, never a path or an address.
"""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

from assistant.errors import RejectedFileError
from ingest.decode import decode
from ingest.parse_plain import without_page_numbers

# Processor time is what a bomb costs and what a busy machine does not change; the clock is for a child that hangs.
COMPUTING_S = 60
TIMEOUT_S = 600
_MEMORY = 4 * 2**30
_UNPACKED = 200 * 2**20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROJECT = Path(__file__).resolve().parent.parent
_OUT_OF_TIME = (9, 24)  # SIGKILL, SIGXCPU: what a limit on processor time ends a process with
_REFUSED = 3  # the child's exit code for a reason given on its standard error
# What is on a page but is not its text. `headerlink` is the ¶ beside a heading.
_FURNITURE = "nav, footer, script, style, template, noscript, iframe, object, form, button, a.headerlink, [hidden]"

# markdownify's escapes protect a round trip to HTML; here they would stand in the text that is quoted.
_AS_WRITTEN = {"escape_asterisks": False, "escape_underscores": False}
_TITLE_STYLE = "p[style-name='Title'] => h1:fresh"  # mammoth maps headings by itself, but not the title


def to_text(data: bytes, suffix: str, computing_s: int = COMPUTING_S) -> str:
    """Markdown of an HTML or DOCX file, text lines of a PDF.

    Args:
        suffix: `.html`, `.htm`, `.pdf` or `.docx`.
        computing_s: seconds of processor time it may take (kept on Linux; elsewhere only time by the clock counts).

    Raises:
        RejectedFileError: it is damaged, protected by a password, holds no text, or takes too long.
    """
    _check_container(data, suffix)
    if suffix in (".html", ".htm"):
        data = _decoded_html(data).encode("utf-8")
    command = [sys.executable, "-m", "ingest.convert", suffix, str(computing_s)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, cwd=_PROJECT, timeout=TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired as error:
        raise RejectedFileError(f"reading it took more than {TIMEOUT_S} s: damaged or far too complex") from error
    if -done.returncode in _OUT_OF_TIME:
        raise RejectedFileError(f"reading it took more than {computing_s} s: damaged or far too complex")
    if done.returncode == _REFUSED:
        raise RejectedFileError(done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2])
    if done.returncode != 0:
        raise RejectedFileError(f"reading it failed (converter ended with {done.returncode}): damaged or too complex")
    text = done.stdout.decode("utf-8", "replace")
    if not text.strip():
        raise RejectedFileError("no text: a scan?" if suffix == ".pdf" else "no text in it")
    return text


def _check_container(data: bytes, suffix: str) -> None:
    """What can be told from the bytes without a converter."""
    if suffix == ".pdf" and b"%PDF-" not in data[:1024]:
        raise RejectedFileError("not a PDF file, whatever its name says")
    if suffix != ".docx":
        return
    if data.startswith(_OLE):
        raise RejectedFileError("protected by a password, or an old .doc: save it as .docx without a password")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, EOFError, OSError) as error:
        raise RejectedFileError(f"not a DOCX file, or a damaged one ({error})") from error
    if unpacked > _UNPACKED:
        raise RejectedFileError(f"unpacks to {unpacked / 2**20:.0f} MB, over the limit of {_UNPACKED >> 20} MB")
    if "word/document.xml" not in names:
        raise RejectedFileError("a ZIP archive, but not a DOCX file")


def _decoded_html(data: bytes) -> str:
    """Text of an HTML file: as other text, or in the encoding it declares of itself."""
    # Here and below: these take a second to load, and most runs read Markdown only.
    from bs4.dammit import EncodingDetector

    try:
        return decode(data)[0]
    except RejectedFileError:
        declared = EncodingDetector.find_declared_encoding(data, is_html=True)
        if not declared or b"\0" in data:
            raise
    try:
        return data.decode(declared)
    except (LookupError, UnicodeDecodeError) as error:
        raise RejectedFileError(f"not in the encoding it declares ({declared})") from error


def _html(data: bytes) -> str:
    from bs4 import BeautifulSoup
    from markitdown import StreamInfo
    from markitdown.converters import HtmlConverter

    soup = BeautifulSoup(data, "html.parser", from_encoding="utf-8")
    for furniture in soup.select(_FURNITURE):
        furniture.extract()
    article = soup.find("article") or soup.find("main") or soup.find("body") or soup
    converted = HtmlConverter().convert(
        io.BytesIO(str(article).encode("utf-8")), StreamInfo(extension=".html", charset="utf-8"), **_AS_WRITTEN
    )
    return converted.markdown


def _docx(data: bytes) -> str:
    from markitdown import DocumentConverter, StreamInfo
    from markitdown.converters import DocxConverter

    converter: DocumentConverter = DocxConverter()  # type: ignore[no-untyped-call]
    options = {**_AS_WRITTEN, "style_map": _TITLE_STYLE}
    return converter.convert(io.BytesIO(data), StreamInfo(extension=".docx"), **options).markdown


def _pdf(data: bytes) -> str:
    from markitdown import StreamInfo
    from markitdown.converters import PdfConverter
    from pdfminer.pdfdocument import PDFPasswordIncorrect

    try:
        converted = PdfConverter().convert(io.BytesIO(data), StreamInfo(extension=".pdf"))
    except PDFPasswordIncorrect as error:
        raise RejectedFileError("protected by a password: save a copy without one") from error
    return without_page_numbers(converted.markdown)


def main(suffix: str, computing_s: int) -> int:
    """Convert standard input to UTF-8 on standard output; the exit code says whether a reason was written instead."""
    if sys.platform == "linux":  # elsewhere there is no such module, or it does not hold
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (computing_s, computing_s + 1))
    convert = {".pdf": _pdf, ".docx": _docx}.get(suffix, _html)
    try:
        text = convert(sys.stdin.buffer.read())
    except RejectedFileError as error:
        sys.stderr.write(f"{error}\n")
        return _REFUSED
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1], int(sys.argv[2])))
