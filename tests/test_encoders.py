"""The encoder: shapes, prefixes, batches; plain torch against sentence-transformers; the real model's judgement."""

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from fakes_weights import FakeHub, FakeIndex, registry_of, tiny_e5, wheels_of

from assistant.errors import WeightsError
from assistant.weights import Network, resolve
from config.registry import Registry
from config.settings import EncoderSettings

if TYPE_CHECKING:
    from assistant.encoders import SentenceEncoder

DATA = tiny_e5()
SETTINGS = EncoderSettings(model="tiny", batch_size=2, threads=2)


@pytest.fixture(scope="module")
def registry() -> Registry:
    return registry_of(DATA)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, registry: Registry) -> Path:
    network = Network(FakeHub(), FakeIndex(wheels_of(DATA)))
    return resolve("tiny", registry, tmp_path_factory.mktemp("weights"), network=network)


@pytest.fixture(scope="module")
def tiny(folder: Path, registry: Registry) -> "SentenceEncoder":
    from assistant.encoders import SentenceEncoder  # late: torch takes seconds to import

    return SentenceEncoder.load(folder, SETTINGS, registry)


def test_vectors_have_unit_length_and_their_shapes(tiny: "SentenceEncoder") -> None:
    found = tiny.query("abc")
    assert found.dense.shape == (tiny.dimension,) and found.dense.dtype == np.float32
    assert found.tokens.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(np.vstack([found.dense, found.tokens]), axis=1), 1, rtol=1e-5)


def test_tokens_leave_out_prefix_and_specials(tiny: "SentenceEncoder") -> None:
    # "a", "b", "c": neither <s>, "▁query", ":", the space after it nor </s>.
    assert len(tiny.query("abc").tokens) == 3
    assert len(tiny.passages(["abc"])[0].tokens) == 3


def test_the_prefix_is_seen_by_the_model(tiny: "SentenceEncoder") -> None:
    assert not np.allclose(tiny.query("abc").dense, tiny.passages(["abc"])[0].dense, atol=1e-3)


def test_order_and_batches_do_not_change_vectors(tiny: "SentenceEncoder") -> None:
    texts = ["abcdef " * 9, "a", "bc d", "", "где жабба"]
    together = tiny.passages(texts)
    for text, found in zip(texts, together, strict=True):
        alone = tiny.passages([text])[0]
        assert found.tokens.shape == alone.tokens.shape
        assert float(found.dense @ alone.dense) > 0.999
    assert tiny.passages([]) == []


@pytest.mark.parametrize("text", ["", " \n\t ", "\ud800", "\x01\x02", "日本語", "</s>", "a" * 2_000_000, "\u200b"])
def test_any_text_gets_at_least_one_token_and_at_most_512(tiny: "SentenceEncoder", text: str) -> None:
    for found in (tiny.query(text), tiny.passages([text])[0]):
        assert 1 <= len(found.tokens) <= 512
        assert np.isfinite(found.tokens).all()


def test_the_name_changes_with_the_weights(tiny: "SentenceEncoder", folder: Path, tmp_path: Path) -> None:
    from assistant.encoders import SentenceEncoder

    assert tiny.name.startswith("tiny@")
    own = tmp_path / "own"
    shutil.copytree(folder, own, ignore=shutil.ignore_patterns("complete.json"))
    settings = SETTINGS.model_copy(update={"model": str(own)})
    assert SentenceEncoder.load(own, settings, Registry(models=())).name not in ("", tiny.name)


def test_a_local_folder_brings_its_own_prefixes(tiny: "SentenceEncoder", folder: Path, tmp_path: Path) -> None:
    from assistant.encoders import SentenceEncoder

    own = tmp_path / "own"
    shutil.copytree(folder, own)
    prompts = {"prompts": {"query": "query: ", "document": "passage: "}}
    (own / "config_sentence_transformers.json").write_text(json.dumps(prompts))
    found = SentenceEncoder.load(own, SETTINGS.model_copy(update={"model": str(own)}), Registry(models=()))
    np.testing.assert_allclose(found.query("abc").dense, tiny.query("abc").dense, atol=1e-6)


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "config.json"])
@pytest.mark.parametrize("keep", [None, 100])
def test_missing_or_truncated_weights_say_what_to_do(
    folder: Path, registry: Registry, tmp_path: Path, name: str, keep: int | None
) -> None:
    from assistant.encoders import SentenceEncoder

    broken = tmp_path / "broken"
    shutil.copytree(folder, broken)
    content = (broken / name).read_bytes()
    (broken / name).unlink() if keep is None else (broken / name).write_bytes(content[:keep])
    with pytest.raises(WeightsError, match=r"Delete that folder and run `python -m assistant.weights tiny`"):
        SentenceEncoder.load(broken, SETTINGS, registry)


@pytest.mark.integration
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_plain_torch_agrees_with_sentence_transformers(encoder: "SentenceEncoder", weights_dir: Path) -> None:
    from sentence_transformers import SentenceTransformer

    library = SentenceTransformer(str(weights_dir / "multilingual-e5-small"), device="cpu", local_files_only=True)
    texts = ["Что такое latency P99?", "Precision and recall trade off.", "x" * 3000]
    theirs = library.encode(["passage: " + text for text in texts], normalize_embeddings=True)
    ours = np.stack([found.dense for found in encoder.passages(texts)])
    assert float((ours * theirs).sum(1).min()) > 0.9999


@pytest.mark.integration
def test_meaning_crosses_languages(encoder: "SentenceEncoder") -> None:
    russian, english, other = (
        found.dense
        for found in encoder.passages(
            ["Как обнаружить дрейф данных?", "How to detect data drift?", "Рецепт борща со свёклой"]
        )
    )
    assert russian @ english > russian @ other + 0.05


@pytest.mark.integration
def test_late_interaction_finds_the_answer(encoder: "SentenceEncoder") -> None:
    query = encoder.query("What is the PSI threshold?").tokens
    right, wrong = encoder.passages(["PSI above 0.2 means significant drift.", "Canary releases send 5% of traffic."])
    assert (query @ right.tokens.T).max(1).mean() > (query @ wrong.tokens.T).max(1).mean()
