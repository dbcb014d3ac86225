"""Converting in a child process: hostile and damaged files cost that file a reason, and nothing else."""

import io
import zipfile
from pathlib import Path

import pytest

from assistant.errors import RejectedFileError
from ingest.convert import to_text
from ingest.parse_plain import without_page_numbers

DOCUMENTS = Path(__file__).parent / "documents"


def archive(name: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, content)
    return packed.getvalue()


def entity_bomb() -> bytes:
    """`questions.docx` with entities nested so that a word would unfold to a billion."""
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    packed = io.BytesIO()
    with zipfile.ZipFile(DOCUMENTS / "questions.docx") as source, zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "word/document.xml":
                doctype = f'?><!DOCTYPE x [<!ENTITY a0 "lol">{entities}]>'.encode()
                content = content.replace(b"?>", doctype, 1).replace(b"LRU", b"&a9;")
            target.writestr(name, content)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("data", "suffix", "expected"),
    [
        (archive("word/document.xml", b"\0" * (201 * 2**20)), ".docx", "unpacks to"),
        (archive("other.xml", b"<a/>"), ".docx", "not a DOCX"),
        ((DOCUMENTS / "questions.docx").read_bytes()[:20_000], ".docx", "damaged"),
        ((DOCUMENTS / "questions.pdf").read_bytes()[:9_000], ".pdf", "damaged|no text"),
        (entity_bomb(), ".docx", "damaged"),
        (b"<html><script>only()</script></html>", ".html", "no text"),
    ],
    ids=["bomb", "other-zip", "half-docx", "half-pdf", "entities", "no-text"],
)
def test_hostile_and_damaged_files_get_a_reason(data: bytes, suffix: str, expected: str) -> None:
    with pytest.raises(RejectedFileError, match=expected):
        to_text(data, suffix)


def test_a_file_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(RejectedFileError, match="took more than 3 s"):
        to_text(b"<div>" * 200_000 + b"text", ".html", computing_s=3)


def test_html_is_read_in_the_encoding_it_declares() -> None:
    page = '<html><head><meta charset="iso-8859-1"></head><body><p>déjà vu</p></body></html>'
    assert to_text(page.encode("latin-1"), ".html").strip() == "déjà vu"


def test_what_is_not_text_is_left_out_and_words_are_not_escaped() -> None:
    page = (
        b"<body><nav>menu</nav><main><h2>A<a class='headerlink' href='#a'>&para;</a></h2><p>tx_count_5m * 2</p></main>"
    )
    assert to_text(page + b"<footer>foot</footer></body>", ".html").strip() == "## A\n\ntx_count_5m * 2"


def test_page_numbers_go_and_other_numbers_stay() -> None:
    assert without_page_numbers("one\n\n12\n\ftwo\n42 things\n\f") == "one\n\n\ntwo\n42 things\n\n"
