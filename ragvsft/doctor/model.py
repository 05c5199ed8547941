"""What a run would make of a model: how its prompts look, where its answers stop, what an adapter would tune."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ragvsft.building import LOW_REACH
from ragvsft.config.sections import LoraConfig
from ragvsft.models.frames import ASKED, Frame
from ragvsft.models.load import Loaded, find_model, outline_model
from ragvsft.models.thinking import THINKING
from ragvsft.prompts import answer_prompt
from ragvsft.text import whole_share
from ragvsft.tuning.adapting import with_lora
from ragvsft.tuning.targets import is_multimodal, reached_weights, targets_of, untuned_experts, weights_to_reach

MORE_ROOM = "; give it room with engine.max_new_tokens"
QUESTION, ANSWER = "Where is the depot?", "Lund"
ROLE_WORDS = {"user", "system", "assistant", "human", "inst", "sys", "im", "start", "header", "id", "end", "turn"}


@dataclass(frozen=True, slots=True)
class Mark:
    """A token that is not text."""

    id: int
    text: str


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What a run would make of one model."""

    name: str
    kind: str
    sha256: str
    device: str
    dtype: str
    context: int | None  # tokens; None: nothing limits it
    context_from: str | None
    prompt: str  # as the template renders it
    read_as: str  # the same from its tokens: with what the tokenizer adds, without what it leaves out
    prompt_tokens: int
    begins: tuple[Mark, ...]  # special tokens that the prompt begins with
    ends: tuple[Mark, ...]  # and those that it ends with
    answer: str  # as training teaches it
    end_marks: tuple[Mark, ...]  # each ends an answer
    end_text: str | None  # so does this
    thinking: str
    tuned: tuple[tuple[str, int], ...]  # (layers by name, how many of them)
    trainable_parameters: int
    total_parameters: int
    reached_share: float  # of the text tower's weights but embeddings
    notes: tuple[str, ...]


def examine_model(name: str, *, device: str = "auto", dtype: str = "auto") -> ModelFacts:
    """Return what a run would make of a model; reads its config and tokenizer, but not its weights."""
    source = find_model(name)
    loaded = outline_model(source, device=device, dtype=dtype)
    frame = loaded.frame
    [prompt], [answer] = loaded.prompt_ids([answer_prompt(QUESTION)]), loaded.answer_ids([ANSWER])
    limit = min(loaded.limits, key=lambda place: place[1], default=None)
    notes = _frame_notes(frame)
    tuned, trainable, total, share, more = _tuning(loaded)
    return ModelFacts(
        name=source.name,
        kind=source.kind,
        sha256=source.sha256,
        device=loaded.device,
        dtype=loaded.dtype,
        context=limit[1] if limit else None,
        context_from=limit[0] if limit else None,
        prompt=frame.text(answer_prompt(QUESTION)),
        read_as=loaded.tokenizer.decode(prompt, skip_special_tokens=False),
        prompt_tokens=len(prompt),
        begins=_marks(loaded, prompt),
        ends=_marks(loaded, prompt[::-1])[::-1],
        answer=loaded.tokenizer.decode(answer, skip_special_tokens=False),
        end_marks=tuple(_mark(loaded, token) for token in loaded.end_ids),
        end_text=frame.end.text,
        thinking=_thinking(frame),
        tuned=tuned,
        trainable_parameters=trainable,
        total_parameters=total,
        reached_share=share,
        notes=(*notes, *more),
    )


def _mark(loaded: Loaded, token: int) -> Mark:
    return Mark(token, str(loaded.tokenizer.convert_ids_to_tokens(token)))


def _marks(loaded: Loaded, ids: Sequence[int]) -> tuple[Mark, ...]:
    """Return the special tokens that a row begins with."""
    special = {*loaded.tokenizer.all_special_ids, *loaded.tokenizer.added_tokens_decoder}
    length = next((place for place, token in enumerate(ids) if token not in special), len(ids))
    return tuple(_mark(loaded, token) for token in ids[:length])


def _thinking(frame: Frame) -> str:
    if frame.switches:
        return f"turned off by the template's own switch {' and '.join(frame.switches)}"
    if frame.opened:
        closing = dict(THINKING)[frame.opened]
        return (
            f"the prompt opens {frame.opened}; everything up to {closing} is cut from the answer and counted{MORE_ROOM}"
        )
    template = frame.chat.template if frame.chat else ""
    found = next((pair[0] for pair in THINKING if any(mark in template for mark in pair)), None)
    if found:
        return f"the template knows {found} but has no switch: blocks are cut from the answer and counted{MORE_ROOM}"
    return f"none in the template; a block such as {'...'.join(THINKING[0])} would be cut from the answer and counted"


def _frame_notes(frame: Frame) -> tuple[str, ...]:
    chat = frame.chat
    if chat is None:
        return () if frame.kind == "seq2seq" else ("no chat template: prompts end with “Answer:”",)
    before = chat.prompt(ASKED).partition(ASKED)[0]
    said = [word for word in re.findall(r"[^\W\d_]{2,}", before) if word.casefold() not in ROLE_WORDS]
    found = {
        "the template adds a default system message, the same for every variant": len(said) >= 3,
        "the template refuses a conversation without a system message; it gets an empty one": chat.system_first,
        "the template has no generation prompt; the answer is opened the way its own answers begin": chat.cut,
        "the template writes today's date, so prompts change from day to day": "strftime_now" in chat.template,
        "the template does not mark the end of an answer": frame.kind == "causal"
        and frame.end.token is None
        and frame.end.text is None,
    }
    return tuple(note for note, holds in found.items() if holds)


def _tuning(loaded: Loaded) -> tuple[tuple[tuple[str, int], ...], int, int, float, tuple[str, ...]]:
    """Return what lora would tune: layers, trainable and all weights, the share that is reached, notes."""
    model = loaded.model
    targets = targets_of(model, "auto")
    to_reach, missed = weights_to_reach(model), untuned_experts(model, targets)
    total = sum(weight.numel() for weight in model.parameters())
    layers = Counter(re.sub(r"(?<=[._])\d+(?=\.|$)", "*", name) for name in [*targets.modules, *targets.parameters])
    notes: list[str] = []
    if is_multimodal(model):
        notes.append(
            f"a model with several towers: {len(targets.left_out)} layers outside the text tower are not tuned"
        )
    if not targets.takes_dropout:
        notes.append("experts are tuned as parameters, for which peft has no dropout: lora.dropout counts as 0")
    if missed:
        notes.append(f"peft cannot tune {missed} of the experts' weights")
    adapted = with_lora(model, LoraConfig())
    share = reached_weights(adapted) / to_reach
    if share < LOW_REACH:
        notes.append(
            f"an adapter reaches only {whole_share(share)} of the weights: expect less from lora than with other models"
        )
    trainable = sum(weight.numel() for weight in adapted.parameters() if weight.requires_grad)
    return tuple(layers.items()), trainable, total, share, tuple(notes)
