"""What a Qwen2 GGUF file says besides its numbers: tensor names, configuration, tokenizer, chat template."""

import json
import re
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers

from assistant.weights.gguf_file import GgufFile

_PARTS = {
    "attn_norm": "input_layernorm",
    "ffn_norm": "post_attention_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
_WHOLE = {
    "token_embd.weight": "model.embed_tokens.weight",
    "output_norm.weight": "model.norm.weight",
    "output.weight": "lm_head.weight",
}
_BLOCK = re.compile(r"blk\.(\d+)\.(\w+)\.(weight|bias)")
# How Qwen2 splits text before byte-pair encoding (the `qwen2` pre-tokenizer of llama.cpp).
_SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_CONTROL, _USER_DEFINED = 3, 4
_LONGEST = 32_768


def tensor_names(file: GgufFile) -> dict[str, str]:
    """Name in the GGUF file -> name in the Hugging Face checkpoint, in the file's order.

    Raises:
        ValueError: another architecture, or a tensor that Qwen2 does not have.
    """
    if file.metadata.get("general.architecture") != "qwen2":
        raise ValueError(f"its architecture is {file.metadata.get('general.architecture')!r}, not qwen2")
    return {name: _name(name) for name in file.tensors}


def _name(name: str) -> str:
    if name in _WHOLE:
        return _WHOLE[name]
    match = _BLOCK.fullmatch(name)
    if match is None or match[2] not in _PARTS:
        raise ValueError(f"it has a tensor {name!r} that Qwen2 does not")
    return f"model.layers.{match[1]}.{_PARTS[match[2]]}.{match[3]}"


def write_configs(file: GgufFile, quantisation: dict[str, object], target: Path) -> None:
    """Everything but the weights, into `target`."""
    ends = _token_ids(file)
    config = _config(file) | ends | {"quantization_config": quantisation}
    tokens = file.strings("tokenizer.ggml.tokens")
    settings: dict[str, object] = {
        "tokenizer_class": "Qwen2Tokenizer",
        "model_max_length": _LONGEST,
        "add_bos_token": False,
        **{key.removesuffix("_id"): tokens[value] for key, value in ends.items()},
    }
    for name, content in (
        ("config.json", config),
        ("generation_config.json", ends),
        ("tokenizer_config.json", settings),
    ):
        (target / name).write_text(json.dumps(content, indent=1), "utf-8")
    (target / "chat_template.jinja").write_text(str(file.metadata["tokenizer.chat_template"]), "utf-8")
    _tokenizer(file, tokens).save(str(target / "tokenizer.json"))


def _token_ids(file: GgufFile) -> dict[str, int]:
    known = (("bos", "bos"), ("eos", "eos"), ("pad", "padding"))
    return {f"{short}_token_id": file.whole(f"tokenizer.ggml.{long}_token_id") for short, long in known}


def _config(file: GgufFile) -> dict[str, object]:
    whole = {key: file.whole(f"qwen2.{name}") for key, name in _SIZES.items()}
    return {
        "model_type": "qwen2",
        "architectures": ["Qwen2ForCausalLM"],
        "dtype": "bfloat16",
        # The version whose key names these are; without it the loader suspects an old Mistral and says so.
        "transformers_version": "5.19.0",
        "hidden_act": "silu",
        **whole,
        "rms_norm_eps": file.number("qwen2.attention.layer_norm_rms_epsilon"),
        "rope_parameters": {"rope_type": "default", "rope_theta": file.number("qwen2.rope.freq_base")},
        "tie_word_embeddings": "output.weight" not in file.tensors,
        "use_sliding_window": False,
        "vocab_size": file.tensors["token_embd.weight"].shape[0],
    }


_SIZES = {
    "hidden_size": "embedding_length",
    "intermediate_size": "feed_forward_length",
    "max_position_embeddings": "context_length",
    "num_attention_heads": "attention.head_count",
    "num_hidden_layers": "block_count",
    "num_key_value_heads": "attention.head_count_kv",
}


def _tokenizer(file: GgufFile, tokens: list[str]) -> Tokenizer:
    merges = [(left, right) for left, _, right in (m.partition(" ") for m in file.strings("tokenizer.ggml.merges"))]
    kinds = file.metadata["tokenizer.ggml.token_type"]
    if not isinstance(kinds, list) or file.metadata.get("tokenizer.ggml.pre") != "qwen2":
        raise ValueError("its tokenizer is not Qwen2's")
    tokenizer = Tokenizer(models.BPE({token: place for place, token in enumerate(tokens)}, merges))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_SPLIT), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    added = [
        AddedToken(token, special=kind == _CONTROL, normalized=False)
        for token, kind in zip(tokens, kinds, strict=True)
        if kind in (_CONTROL, _USER_DEFINED)
    ]
    tokenizer.add_tokens(added)
    return tokenizer
