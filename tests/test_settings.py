"""Every shipped profile loads, later sources win, and a wrong key or value is named with its path."""

from pathlib import Path

import pytest
from conftest import PROJECT

from config.registry import load_registry
from config.settings import SECRETS, ConfigError, Section, Settings, load

PROFILES = sorted(file.stem for file in (PROJECT / "config").glob("*.toml") if file.stem != "models")
SECTIONS = sorted(
    name for name, value in Settings(profile="", home=Path(), weights=Path()) if isinstance(value, Section)
)


def environment(home: Path, **variables: str) -> dict[str, str]:
    return {"ASSISTANT_HOME": str(home), "HOME": str(home), **variables}


def write(home: Path, text: str) -> None:
    home.mkdir(parents=True, exist_ok=True)
    (home / "settings.toml").write_text(text, "utf-8")


@pytest.mark.parametrize("profile", PROFILES)
def test_a_shipped_profile_loads_and_its_models_are_known(profile: str, home: Path) -> None:
    settings = load(profile, environment(home))
    assert settings.profile == profile
    for model in (settings.encoder.model, settings.engine.model):
        assert load_registry().find(model), model


@pytest.mark.parametrize("section", SECTIONS)
def test_a_misspelt_key_is_named_wherever_it_stands(section: str, home: Path) -> None:
    with pytest.raises(ConfigError, match=rf"{section}\.colour"):
        load("cpu", environment(home, **{f"ASSISTANT_{section.upper()}__COLOUR": "1"}))
    write(home, f"[{section}]\ncolour = 1\n")
    with pytest.raises(ConfigError, match=rf"{section}\.colour"):
        load("cpu", environment(home))


def test_an_unknown_section_is_named(home: Path) -> None:
    write(home, "[colours]\nink = 1\n")
    with pytest.raises(ConfigError, match="colours"):
        load("cpu", environment(home))


def test_an_unknown_profile_is_answered_with_the_known_ones(home: Path) -> None:
    with pytest.raises(ConfigError, match=r"'quantum'.*cpu"):
        load("quantum", environment(home))


def test_a_value_out_of_bounds_is_named(home: Path) -> None:
    with pytest.raises(ConfigError, match=r"page\.port"):
        load("cpu", environment(home, ASSISTANT_PAGE__PORT="70000"))


def test_what_is_not_toml_is_said_with_its_file(home: Path) -> None:
    write(home, "[page\n")
    with pytest.raises(ConfigError, match=r"settings\.toml"):
        load("cpu", environment(home))


def test_the_environment_wins_over_the_home_and_the_home_over_the_profile(home: Path) -> None:
    write(home, "[page]\nport = 1234\nupload_mb = 3\n")
    page = load("cpu", environment(home, ASSISTANT_PAGE__PORT="4321")).page
    assert (page.port, page.upload_mb) == (4321, 3)


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_comes_from_the_environment_only_and_is_never_shown(secret: str, home: Path) -> None:
    section, key = secret.split(".")
    variable = f"ASSISTANT_{section.upper()}__{key.upper()}"
    settings = load("cpu", environment(home, **{variable: "hunter2"}))
    assert getattr(getattr(settings, section), key).get_secret_value() == "hunter2"
    assert "hunter2" not in repr(settings)
    write(home, f'[{section}]\n{key} = "hunter2"\n')
    with pytest.raises(ConfigError, match=variable) as raised:
        load("cpu", environment(home))
    assert "hunter2" not in str(raised.value)


def test_an_address_replaces_the_bundled_engine(home: Path) -> None:
    engine = load("cpu", environment(home, ASSISTANT_ENGINE__URL="http://127.0.0.1:11434/v1")).engine
    assert engine.kind == "address"
