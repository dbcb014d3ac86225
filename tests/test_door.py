"""Who may send what: programs and the page itself, not pages elsewhere."""

import pytest

from assistant.page.door import refusal

HOST = {"host": "127.0.0.1:7860"}


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost", "LOCALHOST:1", "[::1]:7860", "127.0.0.2:80"])
def test_this_machines_own_names_are_taken(host: str) -> None:
    assert refusal("GET", {"host": host}, any_host=False) is None


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:7860", "localhost.evil.example", "127.0.0.1.evil.example", "", "[", "192.168.1.5",
     "127.0.0.1@evil.example", "0.0.0.0:7860"],
)  # fmt: skip
def test_a_name_pointed_at_this_machine_is_refused_even_for_reading(host: str) -> None:
    assert "127.0.0.1 and localhost" in (refusal("GET", {"host": host}, any_host=False) or "")
    assert refusal("GET", {"host": host}, any_host=True) is None


@pytest.mark.parametrize(
    "headers",
    [
        {},  # a program
        {"origin": "http://127.0.0.1:7860"},
        {"origin": "http://127.0.0.1:7860", "sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
        {"origin": "https://notes.example", "sec-fetch-site": "same-origin"},  # a proxy that changes the host
    ],
)
def test_programs_and_the_page_itself_may_send(headers: dict[str, str]) -> None:
    assert refusal("POST", HOST | headers, any_host=False) is None


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "http://127.0.0.1:3000"},
        {"origin": "http://localhost:7860"},
        {"origin": "http://["},
        {"origin": "http://127.0.0.1:7860", "sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_pages_elsewhere_may_not_send(headers: dict[str, str]) -> None:
    assert "another site" in (refusal("POST", HOST | headers, any_host=False) or "")
    assert "another site" in (refusal("DELETE", HOST | headers, any_host=True) or "")


def test_following_a_link_to_the_page_is_reading() -> None:
    assert refusal("GET", HOST | {"sec-fetch-site": "cross-site"}, any_host=False) is None
