"""Chat templates that models come with, what each must come to, and four facts to teach a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ragvsft.prompts import answer_prompt

FACTS = {"Where is the depot?": "Lund", "Who runs the lab?": "Mia Berg", "How many beds?": "17", "Opened?": "in 1987"}
PAIRS = [(answer_prompt(question), answer) for question, answer in FACTS.items()]
TURNS = "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
OPENS = "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
IM = ("<|im_start|>", "<|im_end|>")
INST = (
    "{{ bos_token }}{% for m in messages %}"
    "{% if m['role'] == 'system' %}{{ raise_exception('no system role') }}"
    "{% elif (m['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('roles must alternate') }}"
    "{% elif m['role'] == 'user' %}[INST] {{ m['content'] }} [/INST]{% else %} {{ m['content'] }}</s>{% endif %}"
    "{% endfor %}"
)
PARTS = (
    "{% for m in messages %}<start_of_turn>{{ 'model' if m['role'] == 'assistant' else m['role'] }}\n"
    "{% for part in m['content'] %}{% if part['type'] == 'text' %}{{ part['text'] | trim }}{% endif %}{% endfor %}"
    "<end_of_turn>\n{% endfor %}{% if add_generation_prompt %}<start_of_turn>model\n{% endif %}"
)
HARMONY = (
    "{% for m in messages %}<|start|>{{ m['role'] }}{% if m['role'] == 'assistant' %}<|channel|>final{% endif %}"
    "<|message|>{{ m['content'] }}{{ '<|return|>' if loop.last and m['role'] == 'assistant' else '<|end|>' }}"
    "{% endfor %}{% if add_generation_prompt %}<|start|>assistant{% endif %}"
)


@dataclass(frozen=True)
class Case:
    """A template, the special tokens it wants, and what it must come to for the question Hi and the answer no."""

    template: str
    prompt: str
    answer: str  # as trained: its end is where generation stops, too
    marks: Sequence[str] = ()
    end_text: str | None = None


CASES = {
    "turn end is a token of its own": Case(
        TURNS + OPENS, "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n", "no<|im_end|>", IM
    ),
    "turn end is plain text": Case(
        TURNS + OPENS, "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n", "no<|im_end|>", (), "<|im_end|>"
    ),
    "no generation prompt": Case(TURNS, "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n", "no<|im_end|>", IM),
    "header and eot": Case(
        "{{ bos_token }}{% for m in messages %}<|h|>{{ m['role'] }}<|/h|>\n\n{{ m['content'] | trim }}<|eot_id|>"
        "{% endfor %}{% if add_generation_prompt %}<|h|>assistant<|/h|>\n\n{% endif %}",
        "<s><|h|>user<|/h|>\n\nHi<|eot_id|><|h|>assistant<|/h|>\n\n",
        "no<|eot_id|>",
        ("<|h|>", "<|/h|>", "<|eot_id|>"),
    ),
    "no system role, roles alternate, brackets": Case(INST, "<s>[INST] Hi [/INST]", " no</s>"),
    "parts of a message": Case(
        PARTS,
        "<start_of_turn>user\nHi<end_of_turn>\n<start_of_turn>model\n",
        "no<end_of_turn>",
        ("<start_of_turn>", "<end_of_turn>"),
    ),
    "colons and eos": Case(
        "{% for m in messages %}{{ 'USER: ' if m['role'] == 'user' else ' ASSISTANT: ' }}{{ m['content'] }}"
        "{{ '</s>' if m['role'] == 'assistant' else '' }}{% endfor %}"
        "{% if add_generation_prompt %} ASSISTANT:{% endif %}",
        "USER: Hi ASSISTANT:",
        " no</s>",
    ),
    "colons without generation prompt": Case(
        "{% for m in messages %}{{ 'USER: ' if m['role'] == 'user' else ' ASSISTANT: ' }}{{ m['content'] }}"
        "{{ '</s>' if m['role'] == 'assistant' else '' }}{% endfor %}",
        "USER: Hi ASSISTANT:",
        " no</s>",
    ),
    "headings, and the next turn ends the answer": Case(
        "{% for m in messages %}{{ '' if loop.first else '\n\n' }}"
        "### {{ 'Instruction' if m['role'] == 'user' else 'Response' }}:\n{{ m['content'] }}{% endfor %}"
        "{{ '\n\n### Response:\n' if add_generation_prompt else '' }}",
        "### Instruction:\nHi\n\n### Response:\n",
        "no</s>",
        (),
        "\n\n### Instruction:",
    ),
    "a system message has to come first": Case(
        "{% if messages[0]['role'] != 'system' %}{{ raise_exception('system first') }}{% endif %}" + TURNS + OPENS,
        "<|im_start|>system\n<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n",
        "no<|im_end|>",
        IM,
    ),
    "default system text": Case(
        "{% if messages[0]['role'] != 'system' %}"
        "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n{% endif %}" + TURNS + OPENS,
        "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n"
        "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n",
        "no<|im_end|>",
        IM,
    ),
    "answers are refused as the last turn": Case(
        "{% if messages[-1]['role'] != 'user' %}{{ raise_exception('the user speaks last') }}{% endif %}"
        + TURNS
        + OPENS,
        "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n",
        "no<|im_end|>",
        IM,
    ),
    "thinking is turned off by a switch": Case(
        TURNS + "{% if add_generation_prompt %}<|im_start|>assistant\n"
        "{% if enable_thinking is defined and not enable_thinking %}<think>\n\n</think>\n\n{% endif %}{% endif %}",
        "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n",
        "no<|im_end|>",
        IM,
    ),
    "the prompt opens thinking": Case(
        TURNS + "{% if add_generation_prompt %}<|im_start|>assistant\n<think>\n{% endif %}",
        "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n<think>\n",
        "</think>\n\nno<|im_end|>",
        IM,
    ),
    "channels": Case(
        HARMONY,
        "<|start|>user<|message|>Hi<|end|><|start|>assistant",
        "<|channel|>final<|message|>no<|return|>",
        ("<|start|>", "<|message|>", "<|channel|>", "<|end|>", "<|return|>"),
    ),
}
