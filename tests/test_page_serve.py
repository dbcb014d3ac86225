"""The page opens to this machine only, unless there is a login."""

import socket

import pytest
from pydantic import SecretStr

from assistant.errors import UsageError
from assistant.page.door import is_loopback
from assistant.page.serve import check_access, choose_port
from config.settings import PageSettings


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost", "LocalHost"])
def test_loopback_needs_no_login(host: str) -> None:
    assert is_loopback(host)
    check_access(PageSettings(host=host))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org", "10.0.0.1", "localhost.example.org"])
def test_any_other_address_is_refused_without_a_login(host: str) -> None:
    with pytest.raises(UsageError, match="ASSISTANT_PAGE__PASSWORD"):
        check_access(PageSettings(host=host))
    check_access(PageSettings(host=host, user="anna", password=SecretStr("длинный пароль")))


@pytest.mark.parametrize(("user", "password"), [("anna", None), (None, SecretStr("x")), ("anna", SecretStr(""))])
def test_half_a_login_is_refused_even_here(user: str | None, password: SecretStr | None) -> None:
    with pytest.raises(UsageError, match="both"):
        check_access(PageSettings(user=user, password=password))


def test_the_next_free_port_is_taken_for_the_default_only() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = int(taken.getsockname()[1])
        with pytest.raises(UsageError, match=str(port)):
            choose_port(PageSettings(port=port))
    assert choose_port(PageSettings(port=port)) == port
    assert choose_port(PageSettings()) >= PageSettings().port
    assert choose_port(PageSettings(port=0)) > 0
