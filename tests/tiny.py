"""Tiny models built from config objects: a causal Llama with a chat template, a T5, a BERT encoder-decoder, a BART.

Each function saves one model with its tokenizer as safetensors and returns the folder. The weights are random but
seeded, and large enough for an adapter alone to teach a model a handful of answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ragvsft.models.frames import frame_of
from ragvsft.prompts import ANSWER_INSTRUCTION, JSON_INSTRUCTION

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from transformers import PreTrainedModel, PreTrainedTokenizerFast

    from ragvsft.models.load import Loaded

PAD, BEGIN, END, USER, ASSISTANT = "<pad>", "<s>", "</s>", "<|user|>", "<|assistant|>"
CHAT_TEMPLATE = (
    "<s>{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
POSITIONS = 2048
WIDTH = 64


def tokenizer(
    *,
    chat: bool,
    ends_texts: bool,
    begins_texts: bool = False,
    template: str = CHAT_TEMPLATE,
    marks: Sequence[str] = (),
) -> PreTrainedTokenizerFast:
    """Return a byte-level tokenizer that reads any text; each word of the shared instructions is one token.

    `ends_texts`: every text gets the end mark, as T5 and the bundled model have it; `begins_texts`: and the one that
    begins a text; `marks`: further special tokens, such as a template's.
    """
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    bytes_of_text = pre_tokenizers.ByteLevel(add_prefix_space=False)
    pieces = [PAD, BEGIN, END, USER, ASSISTANT, *sorted(pre_tokenizers.ByteLevel.alphabet())]
    merges: list[tuple[str, str]] = []
    for text in (ANSWER_INSTRUCTION, JSON_INSTRUCTION, "Question: Message: Schema: Passages:"):
        for word, _ in bytes_of_text.pre_tokenize_str(text):
            for end in range(2, len(word) + 1):
                if word[:end] not in pieces:
                    pieces.append(word[:end])
                    merges.append((word[: end - 1], word[end - 1]))
    made = Tokenizer(models.BPE(vocab={piece: number for number, piece in enumerate(pieces)}, merges=merges))
    made.pre_tokenizer = bytes_of_text
    made.decoder = decoders.ByteLevel()
    _mark(made, begins_texts, ends_texts)
    return PreTrainedTokenizerFast(
        tokenizer_object=made,
        bos_token=BEGIN,
        eos_token=END,
        pad_token=PAD,
        additional_special_tokens=[USER, ASSISTANT, *marks],
        clean_up_tokenization_spaces=False,
        chat_template=template if chat else None,
    )


def _mark(made: Tokenizer, begins: bool, ends: bool) -> None:
    """Make a tokenizer put the marks where a text begins and ends."""
    from tokenizers import processors

    if begins or ends:
        made.post_processor = processors.TemplateProcessing(
            single=f"{BEGIN if begins else ''} $A {END if ends else ''}".strip(),
            special_tokens=[(mark, made.token_to_id(mark)) for mark in (BEGIN, END)],
        )


def sentencepiece(
    *, blank: str, template: str | None, marks: Sequence[str] = (), begins_texts: bool = True, ends_texts: bool = False
) -> PreTrainedTokenizerFast:
    """Return a tokenizer as SentencePiece models have it: a word's blank is part of its first piece.

    `blank`, where a text gets one in front: "every" stretch between special tokens (Llama 2), the "first" of a text
    (later Mistrals), or "none" (Gemma).
    """
    import string

    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    letters = sorted(set(string.printable) - set(string.whitespace))
    pieces = [PAD, BEGIN, END, "<unk>", *(f"<0x{byte:02X}>" for byte in range(256)), "▁", "▁▁", *letters]
    merges = [("▁", letter) for letter in ["▁", *letters]]
    pieces += [f"▁{letter}" for letter in letters]
    vocabulary = {piece: number for number, piece in enumerate(pieces)}
    made = Tokenizer(models.BPE(vocab=vocabulary, merges=merges, unk_token="<unk>", byte_fallback=True))
    if blank == "first":
        made.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
    else:
        prepend = [normalizers.Prepend("▁")] if blank == "every" else []
        made.normalizer = normalizers.Sequence([*prepend, normalizers.Replace(" ", "▁")])
    strip = [] if blank == "none" else [decoders.Strip(" ", 1, 0)]
    made.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), *strip])
    _mark(made, begins_texts, ends_texts)
    return PreTrainedTokenizerFast(
        tokenizer_object=made,
        bos_token=BEGIN,
        eos_token=END,
        pad_token=PAD,
        unk_token="<unk>",
        additional_special_tokens=list(marks),
        clean_up_tokenization_spaces=False,
        chat_template=template,
    )


def causal(folder: Path, words: PreTrainedTokenizerFast | None = None) -> Path:
    """Return a folder with a causal Llama of two layers that reads 2048 tokens."""
    from transformers import LlamaConfig, LlamaForCausalLM

    words = words or tokenizer(chat=True, ends_texts=False)
    sizes = {"hidden_size": WIDTH, "intermediate_size": 2 * WIDTH, "num_hidden_layers": 2, "num_attention_heads": 4}
    config = LlamaConfig(max_position_embeddings=POSITIONS, initializer_range=0.25, **sizes, **_marks(words))
    return _saved(LlamaForCausalLM, config, words, folder)


def seq2seq(folder: Path, words: PreTrainedTokenizerFast | None = None) -> Path:
    """Return a folder with a T5 of two layers a side; its positions are relative, so its tokenizer sets the limit."""
    from transformers import T5Config, T5ForConditionalGeneration

    words = words or tokenizer(chat=False, ends_texts=True)
    words.model_max_length = POSITIONS
    sizes = {"d_model": WIDTH, "d_kv": WIDTH // 4, "d_ff": 2 * WIDTH, "num_layers": 2, "num_heads": 4}
    config = T5Config(decoder_start_token_id=words.pad_token_id, dropout_rate=0.0, **sizes, **_marks(words))
    return _saved(T5ForConditionalGeneration, config, words, folder)


def encoder_decoder(folder: Path) -> Path:
    """Return a folder with an EncoderDecoderModel of two BERTs, one layer each."""
    from transformers import BertConfig, EncoderDecoderConfig, EncoderDecoderModel

    words = tokenizer(chat=False, ends_texts=True)
    sizes = {"hidden_size": WIDTH, "intermediate_size": 2 * WIDTH, "num_hidden_layers": 1, "num_attention_heads": 4}
    common = {"max_position_embeddings": POSITIONS, "initializer_range": 0.25, **sizes, **_marks(words)}
    encoder, decoder = BertConfig(**common), BertConfig(**common, is_decoder=True, add_cross_attention=True)
    config = EncoderDecoderConfig.from_encoder_decoder_configs(
        encoder, decoder, decoder_start_token_id=words.bos_token_id, **_marks(words)
    )
    return _saved(EncoderDecoderModel, config, words, folder)


def bart(folder: Path, words: PreTrainedTokenizerFast | None = None) -> Path:
    """Return a folder with a BART of one layer a side: the bundled model's architecture."""
    from transformers import BartConfig, BartForConditionalGeneration

    words = words or tokenizer(chat=False, ends_texts=True)
    sides = {f"{side}_{part}": size for side in ("encoder", "decoder") for part, size in _BART_SIDE.items()}
    start = {"decoder_start_token_id": words.bos_token_id, "forced_eos_token_id": None}
    config = BartConfig(
        d_model=WIDTH, max_position_embeddings=POSITIONS, init_std=0.25, **sides, **start, **_marks(words)
    )
    return _saved(BartForConditionalGeneration, config, words, folder)


def mixtral(folder: Path) -> Path:
    """Return a folder with a Mixtral of four experts a layer: all experts of a layer stand in two tensors."""
    from transformers import MixtralConfig, MixtralForCausalLM

    words = tokenizer(chat=True, ends_texts=False)
    config = MixtralConfig(**_SMALL, num_local_experts=4, **_marks(words))
    return _saved(MixtralForCausalLM, config, words, folder)


def qwen_moe(folder: Path) -> Path:
    """Return a folder with a Qwen2-MoE: experts in two tensors beside a shared one of plain linear layers."""
    from transformers import Qwen2MoeConfig, Qwen2MoeForCausalLM

    words = tokenizer(chat=True, ends_texts=False)
    experts = {"num_experts": 4, "num_experts_per_tok": 2, "moe_intermediate_size": 32}
    config = Qwen2MoeConfig(**_SMALL, **experts, shared_expert_intermediate_size=48, **_marks(words))
    return _saved(Qwen2MoeForCausalLM, config, words, folder)


def gpt_oss(folder: Path) -> Path:
    """Return a folder with a GPT-OSS: its experts' tensors are (experts, in, out) and have biases."""
    from transformers import GptOssConfig, GptOssForCausalLM

    words = tokenizer(chat=True, ends_texts=False)
    config = GptOssConfig(**_SMALL, num_local_experts=4, num_experts_per_tok=2, head_dim=16, **_marks(words))
    return _saved(GptOssForCausalLM, config, words, folder)


def switch(folder: Path) -> Path:
    """Return a folder with a Switch Transformer, encoder and decoder, whose experts are linear layers of their own."""
    from transformers import SwitchTransformersConfig, SwitchTransformersForConditionalGeneration

    words = tokenizer(chat=False, ends_texts=True)
    words.model_max_length = POSITIONS
    sizes = {"d_model": WIDTH, "d_kv": WIDTH // 4, "d_ff": 2 * WIDTH, "num_layers": 2, "num_decoder_layers": 2}
    experts = {"num_experts": 8, "num_sparse_encoder_layers": 1, "num_sparse_decoder_layers": 1, "num_heads": 4}
    config = SwitchTransformersConfig(
        decoder_start_token_id=words.pad_token_id, dropout_rate=0.0, **sizes, **experts, **_marks(words)
    )
    return _saved(SwitchTransformersForConditionalGeneration, config, words, folder)


def gemma3(folder: Path) -> Path:
    """Return a folder with a Gemma 3 that sees: a SigLIP tower, a projector, and a text tower like a Llama's."""
    from transformers import Gemma3Config, Gemma3ForConditionalGeneration

    words = tokenizer(chat=True, ends_texts=False)
    tower = {"hidden_size": WIDTH, "intermediate_size": 2 * WIDTH, "num_hidden_layers": 2, "num_attention_heads": 4}
    config = Gemma3Config(
        text_config={**_SMALL, "num_key_value_heads": 2, "head_dim": 16, **_marks(words)},
        vision_config={**tower, "image_size": 28, "patch_size": 14},
        mm_tokens_per_image=4,
        **{name: mark for name, mark in _marks(words).items() if name != "vocab_size"},
    )
    return _saved(Gemma3ForConditionalGeneration, config, words, folder)


def seeing(folder: Path, model_type: str) -> str:
    """Save the config, a tokenizer and a scrap of weights of a model that sees; return its architecture."""
    import torch
    from safetensors.torch import save_file
    from transformers import AutoConfig, AutoModelForImageTextToText

    words = tokenizer(chat=True, ends_texts=False)
    config = AutoConfig.for_model(model_type)
    built = AutoModelForImageTextToText._model_mapping[type(config)].__name__
    config.architectures = [built]
    config.save_pretrained(folder)
    words.save_pretrained(folder)
    save_file({"scrap": torch.zeros(1)}, folder / "model.safetensors", metadata={"format": "pt"})
    return str(built)


def taught(
    model: Path, pairs: Sequence[tuple[str, str]], folder: Path, *, epochs: int = 40, learning_rate: float = 1e-2
) -> Path:
    """Return a folder with an adapter that was taught these answers; no checkpoint is kept on the way."""
    from ragvsft.config.sections import LoraConfig
    from ragvsft.models.load import find_model, load_model
    from ragvsft.tuning.checkpoints import Checkpoints
    from ragvsft.tuning.train import Training

    class Unkept(Checkpoints):
        def save(self, step: int, checkpoint: object) -> None: ...

    config = LoraConfig(epochs=epochs, learning_rate=learning_rate, dev_share=0.0)
    folder.mkdir()
    training = Training(pairs, load_model(find_model(str(model)), device="cpu"), config=config, seed=0)
    training.run(Unkept(folder, "none"), lambda progress: None)
    training.write_adapter(folder, base="tiny")
    return folder


def adapter(loaded: Loaded, folder: Path, *, seed: int) -> Path:
    """Return a folder with a random adapter of a Llama or BART, made by peft itself; the model is left as it was."""
    import torch
    from peft import LoraConfig, get_peft_model

    with torch.random.fork_rng():
        torch.manual_seed(seed)
        config = LoraConfig(r=4, target_modules=["q_proj", "v_proj"], init_lora_weights=False)
        adapted = get_peft_model(loaded.model, config)
    adapted.save_pretrained(str(folder))
    adapted.unload()
    return folder


def without_template(loaded: Loaded) -> Loaded:
    """Return a loaded model as one whose tokenizer never had a chat template."""
    loaded.tokenizer.chat_template = None
    return replace(loaded, frame=frame_of(loaded.tokenizer, loaded.kind, name="plain"))


_SMALL = {
    "hidden_size": WIDTH,
    "intermediate_size": 2 * WIDTH,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 4,
    "max_position_embeddings": POSITIONS,
    "initializer_range": 0.25,
}
_BART_SIDE = {"layers": 1, "attention_heads": 4, "ffn_dim": 2 * WIDTH}
MIXTURES = {"mixtral": mixtral, "qwen_moe": qwen_moe, "gpt_oss": gpt_oss, "switch": switch}
MODELS = {"llama": causal, "t5": seq2seq, "bert": encoder_decoder, "bart": bart}


def _marks(words: PreTrainedTokenizerFast) -> dict[str, Any]:
    return {
        "vocab_size": len(words),
        "pad_token_id": words.pad_token_id,
        "bos_token_id": words.bos_token_id,
        "eos_token_id": words.eos_token_id,
    }


def _saved(model_class: type[PreTrainedModel], config: Any, words: PreTrainedTokenizerFast, folder: Path) -> Path:
    import torch

    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = model_class(config)
    model.save_pretrained(folder)
    words.save_pretrained(folder)
    return folder
