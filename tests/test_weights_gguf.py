"""GGUF to W8A8: what is written loads, is within half a step of the original, and says what vLLM must know."""

import json
from pathlib import Path

import numpy as np
import pytest
from gguf import GGMLQuantizationType, GGUFWriter
from gguf.quants import dequantize, quantize
from numpy.typing import NDArray
from safetensors.torch import load_file
from tokenizers import Tokenizer

from assistant.errors import WeightsError
from assistant.weights.convert import convert
from assistant.weights.safetensors import Tensor, Writer, bfloat16
from assistant.weights.w8a8 import quantise

# The converted folder, and the numbers that the file it was made from stands for.
Converted = tuple[Path, dict[str, NDArray[np.float32]]]
HIDDEN, INNER, LAYERS = 64, 96, 2
TOKENS = [*"abcdefghij", "Ġ", "ab", "Ġab", "<|endoftext|>", "<|im_start|>", "<|im_end|>"]
SHAPES = {
    "attn_q.weight": (HIDDEN, HIDDEN),
    "attn_q.bias": (HIDDEN,),
    "attn_output.weight": (HIDDEN, HIDDEN),
    "ffn_down.weight": (HIDDEN, INNER),
    "ffn_up.weight": (INNER, HIDDEN),
    "attn_norm.weight": (HIDDEN,),
}


def write_gguf(path: Path, architecture: str = "qwen2") -> dict[str, NDArray[np.float32]]:
    """A small Qwen2 file; returns the numbers its matrices stand for."""
    random = np.random.default_rng(7)
    values: dict[str, NDArray[np.float32]] = {}
    writer = GGUFWriter(path, architecture)
    writer.add_context_length(32768)
    writer.add_embedding_length(HIDDEN)
    writer.add_feed_forward_length(INNER)
    writer.add_block_count(LAYERS)
    writer.add_head_count(4)
    writer.add_head_count_kv(2)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(1_000_000.0)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(TOKENS)
    writer.add_token_types([3 if token.startswith("<|") else 1 for token in TOKENS])
    writer.add_token_merges(["a b", "Ġ ab"])
    writer.add_bos_token_id(13)
    writer.add_eos_token_id(15)
    writer.add_pad_token_id(13)
    writer.add_chat_template("{{ messages[0].content }}")
    names: dict[str, tuple[int, ...]] = {"token_embd.weight": (len(TOKENS), HIDDEN), "output_norm.weight": (HIDDEN,)}
    names |= {f"blk.{layer}.{name}": shape for layer in range(LAYERS) for name, shape in SHAPES.items()}
    for name, shape in names.items():
        number = random.normal(0, 0.05, shape).astype(np.float32)
        if len(shape) == 1:
            writer.add_tensor(name, number)
        else:
            packed = quantize(number, GGMLQuantizationType.Q8_0)
            writer.add_tensor(name, packed, raw_dtype=GGMLQuantizationType.Q8_0)
            number = dequantize(packed, GGMLQuantizationType.Q8_0)
        values[name] = number
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return values


@pytest.fixture
def converted(tmp_path: Path) -> Converted:
    values = write_gguf(tmp_path / "tiny.gguf")
    target = tmp_path / "out"
    target.mkdir()
    ticks: list[tuple[int, int]] = []
    convert("w8a8", tmp_path / "tiny.gguf", target, lambda done, total: ticks.append((done, total)))
    assert ticks == sorted(ticks) and 0 < ticks[-1][0] <= ticks[-1][1]
    return target, values


def test_every_weight_is_within_half_a_step_of_its_row(converted: Converted) -> None:
    tensors = load_file(converted[0] / "model.safetensors")
    original = converted[1]["blk.1.ffn_down.weight"]
    scale = tensors["model.layers.1.mlp.down_proj.weight_scale"].numpy()
    restored = tensors["model.layers.1.mlp.down_proj.weight"].numpy().astype(np.float32) * scale
    assert scale.shape == (HIDDEN, 1)
    assert np.all(np.abs(restored - original) <= scale * 0.5001)
    np.testing.assert_allclose(scale[:, 0], np.abs(original).max(1) / 127, rtol=1e-6)


def test_names_and_configuration_are_those_of_qwen2(converted: Converted) -> None:
    config = json.loads((converted[0] / "config.json").read_text())
    assert (config["hidden_size"], config["num_hidden_layers"]) == (HIDDEN, LAYERS)
    assert config["tie_word_embeddings"] is True and config["vocab_size"] == len(TOKENS)
    assert config["rms_norm_eps"] == 1e-6 and config["eos_token_id"] == 15
    group = config["quantization_config"]["config_groups"]["group_0"]
    assert (group["weights"]["strategy"], group["input_activations"]["dynamic"]) == ("channel", True)
    names = set(load_file(converted[0] / "model.safetensors"))
    assert {"model.embed_tokens.weight", "model.norm.weight", "model.layers.0.self_attn.q_proj.bias"} <= names


def test_the_tokenizer_merges_and_keeps_control_tokens_whole(converted: Converted) -> None:
    tokenizer = Tokenizer.from_file(str(converted[0] / "tokenizer.json"))
    assert tokenizer.encode("<|im_start|>ab ab").tokens == ["<|im_start|>", "ab", "Ġab"]
    assert tokenizer.decode(tokenizer.encode("ab ab").ids) == "ab ab"


@pytest.mark.parametrize("content", [b"", b"GGUF", b"not a model at all", b"GGUF\x03\0\0\0" + b"\xff" * 64])
def test_what_is_no_gguf_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad").write_bytes(content)
    with pytest.raises(WeightsError, match="cannot read bad"):
        convert("w8a8", tmp_path / "bad", tmp_path, lambda done, total: None)


def test_another_architecture_is_told(tmp_path: Path) -> None:
    write_gguf(tmp_path / "llama.gguf", "llama")
    with pytest.raises(WeightsError, match="'llama', not qwen2"):
        convert("w8a8", tmp_path / "llama.gguf", tmp_path, lambda done, total: None)


def test_rounding_is_symmetric_and_a_row_of_zeros_stays_zero() -> None:
    piece = quantise(np.array([[127.0, -63.5, 0.4, -127.0], [0, 0, 0, 0]], np.float32))
    assert piece.data.tolist() == [[127, -64, 0, -127], [0, 0, 0, 0]]
    assert piece.scales is not None and piece.scales[0, 0] == 1.0


def test_bfloat16_rounds_to_nearest_ties_to_even() -> None:
    values = np.array([1.0, 1.00390625, 1.01171875, -3.14159], np.float32)  # 1 + 2^-8 and 1 + 3*2^-8 are ties
    assert [hex(bits) for bits in bfloat16(values)] == ["0x3f80", "0x3f80", "0x3f82", "0xc049"]


def test_a_safetensors_file_that_ends_short_is_an_error(tmp_path: Path) -> None:
    with (
        pytest.raises(ValueError, match="4 bytes were written where 8"),
        Writer(tmp_path / "f", [Tensor("a", "F32", (2,))]) as writer,
    ):
        writer.write(np.zeros(1, np.float32))
