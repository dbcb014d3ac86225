"""BERT in plain torch (Devlin et al. 2019): one forward pass, loaded in a fraction of a second.

sentence-transformers runs the same folder to the same numbers, but takes nine seconds of processor time to
import (scikit-learn, scipy and pandas come with it), which every start of the page and every command would pay.
It serves all other models; a test holds the two against each other.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import safe_open
from torch import Tensor
from torch.nn import functional

Linear = Callable[[Tensor], Tensor]
Norm = Callable[[Tensor], Tensor]

_ATTENTION = ("query", "key", "value")


@dataclass(frozen=True, slots=True)
class _Layer:
    attend: Linear
    attended: Linear
    attended_norm: Norm
    widen: Linear
    narrow: Linear
    output_norm: Norm


def is_bert(folder: Path) -> bool:
    """Whether a folder holds what this file computes: BERT with GELU and mean pooling, in safetensors."""
    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
        pooling = json.loads((folder / "1_Pooling" / "config.json").read_text("utf-8"))
    except (OSError, ValueError):
        return False
    mean = pooling.get("pooling_mode_mean_tokens") is True
    other = any(value is True for key, value in pooling.items() if key.startswith("pooling_mode_")) and not mean
    kind = (config.get("model_type"), config.get("hidden_act"), config.get("position_embedding_type", "absolute"))
    return kind == ("bert", "gelu", "absolute") and mean and not other and (folder / "model.safetensors").is_file()


def fast_type() -> torch.dtype:
    """bfloat16 where the processor multiplies it natively: 1.7 times as fast, cosines within 0.0007 of float32."""
    return torch.bfloat16 if torch.cpu._is_avx512_bf16_supported() else torch.float32


class Bert:
    """The encoder of a folder. Word embeddings stay mapped from the file: only rows that occur are ever read.

    Raises:
        OSError, KeyError, ValueError, RuntimeError, SafetensorError: a file is missing or damaged.
    """

    def __init__(self, folder: Path, precision: torch.dtype) -> None:
        config = json.loads((folder / "config.json").read_text("utf-8"))
        with safe_open(folder / "model.safetensors", "pt") as file:
            weights: dict[str, Tensor] = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  no dict
        self.dimension = int(config["hidden_size"])
        self._heads = int(config["num_attention_heads"])
        self._epsilon = float(config["layer_norm_eps"])
        self._words = weights["embeddings.word_embeddings.weight"]
        # Texts are one segment, so the first segment's embedding belongs to every position.
        self._places = (
            weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
        )
        self._embedded = self._norm(weights, "embeddings.LayerNorm")
        layers = range(int(config["num_hidden_layers"]))
        self._layers = [self._layer(weights, f"encoder.layer.{layer}.", precision) for layer in layers]

    def __call__(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Token ids and a boolean mask, both (texts, length), padded on the right -> states (texts, length, d) and
        their means over the mask (texts, d), float32.
        """
        texts, length = ids.shape
        states = self._embedded(self._words[ids] + self._places[:length])
        seen = None if bool(mask.all()) else mask[:, None, None, :]
        for layer in self._layers:
            split = layer.attend(states).view(texts, length, 3, self._heads, -1).permute(2, 0, 3, 1, 4)
            mixed = functional.scaled_dot_product_attention(split[0], split[1], split[2], attn_mask=seen)
            states = layer.attended_norm(states + layer.attended(mixed.transpose(1, 2).flatten(2)))
            states = layer.output_norm(states + layer.narrow(functional.gelu(layer.widen(states))))
        shown = mask[:, :, None]
        return states, (states * shown).sum(1) / shown.sum(1)

    def _layer(self, weights: dict[str, Tensor], at: str, precision: torch.dtype) -> _Layer:
        def linear(*names: str) -> Linear:
            weight = torch.cat([weights[f"{at}{name}.weight"] for name in names]).to(precision)
            bias = torch.cat([weights[f"{at}{name}.bias"] for name in names]).to(precision)
            return lambda states: functional.linear(states.to(precision), weight, bias)

        return _Layer(
            attend=linear(*(f"attention.self.{part}" for part in _ATTENTION)),
            attended=linear("attention.output.dense"),
            attended_norm=self._norm(weights, f"{at}attention.output.LayerNorm"),
            widen=linear("intermediate.dense"),
            narrow=linear("output.dense"),
            output_norm=self._norm(weights, f"{at}output.LayerNorm"),
        )

    def _norm(self, weights: dict[str, Tensor], name: str) -> Norm:
        scale, shift, size = weights[f"{name}.weight"], weights[f"{name}.bias"], (self.dimension,)
        return lambda states: functional.layer_norm(states, size, scale, shift, self._epsilon)
