"""The frame of a model: how its prompts begin and end, and where its answers stop.

All of it is found by rendering the chat template around words of our own and looking at what is beside them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Literal

from ragvsft.errors import ModelError
from ragvsft.models.thinking import THINKING, opened_by, shows_thinking, without_thinking
from ragvsft.models.tokenising import LINE_END, appended, continued, ids_of, marks_of, repeats, target_ids, without

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

Kind = Literal["causal", "seq2seq"]

BLANK_LINE = "\n\n"  # between the parts of a prompt
ANSWER_CUE = f"{BLANK_LINE}Answer:"  # ends the prompt of a causal model that has no chat template
ASKED, TOLD, NEXT = "Qzasked", "Qztold", "Qznext"  # for a question, its answer and the question after it
SWITCHES = {"enable_thinking": False, "thinking": False}  # thinking would use up the answer's tokens


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat template and the form that it wants messages in."""

    tokenizer: PreTrainedTokenizerBase
    template: str
    system_first: bool = False  # it refuses a conversation without a system message; it gets an empty one
    in_parts: bool = False  # a message's content is a list of typed parts, as models that see images have it
    cut: bool = False  # it knows no generation prompt: an answer is rendered too, and cut off again

    def prompt(self, question: str, **switches: bool) -> str:
        """Return the rendered prompt that opens the answer to a question."""
        if not self.cut:
            return self.render([question], opens=True, **switches)
        return self.render([question, TOLD], **switches).rpartition(TOLD)[0].rstrip(" ")

    def render(self, turns: Sequence[str], *, opens: bool = False, **switches: bool) -> str:
        """Return a conversation as text, the user's turn first; `opens`: with the beginning of an answer."""
        roles = ("user", "assistant")
        messages = [{"role": roles[place % 2], "content": self._content(turn)} for place, turn in enumerate(turns)]
        if self.system_first:
            messages.insert(0, {"role": "system", "content": self._content("")})
        settings = {**SWITCHES, **switches, "tokenize": False, "add_generation_prompt": opens}
        return str(self.tokenizer.apply_chat_template(messages, chat_template=self.template, **settings))

    def _content(self, text: str) -> str | list[dict[str, str]]:
        return [{"type": "text", "text": text}] if self.in_parts else text


@dataclass(frozen=True, slots=True)
class End:
    """What ends an answer: one token, or plain text."""

    token: int | None = None
    text: str | None = None
    is_written: bool = False  # by the template after each answer; else only what comes next tells that it ended


@dataclass(frozen=True, slots=True)
class Frame:
    """How the prompts and answers of one model are written."""

    kind: Kind
    tokenizer: PreTrainedTokenizerBase
    chat: Chat | None  # None: the tokenizer has no chat template
    end: End
    lead: str = ""  # what an answer to learn begins with
    opened: str | None = None  # the thinking mark that the prompt leaves open
    switches: tuple[str, ...] = ()  # of the template, by which thinking is turned off
    is_raw: bool = False  # thinking is marked by special tokens, so they have to be decoded as well
    appended: tuple[int, ...] = ()  # what the tokenizer puts after a text that it writes special tokens into
    always_appended: tuple[int, ...] = ()  # and after one that it should write none into
    doubled: tuple[int, int] = (0, 0)  # marks before and after a prompt that template and tokenizer both write
    marks: frozenset[int] = frozenset()  # special tokens
    is_plain: bool = True  # no template writes any

    def text(self, prompt: str) -> str:
        """Return the prompt as the text that is tokenised."""
        if self.chat is not None:
            return self.chat.prompt(prompt)
        return prompt + ANSWER_CUE if self.kind == "causal" else prompt

    def prompt_ids(self, prompts: Sequence[str]) -> list[list[int]]:
        """Return each prompt as the token ids that the model reads, never truncated.

        A causal model never reads an end mark that its tokenizer appends; an encoder wants it. A mark that the prompt
        itself spells out, such as </s> in a passage about HTML, is text.
        """
        made = ids_of(
            self.tokenizer,
            [self.text(prompt) for prompt in prompts],
            special=self.chat is None or self.kind == "seq2seq",  # a causal model's template writes its own marks
            literal=self.is_plain,
        )
        if self.chat is not None and self.kind == "causal":
            before, _, after = self.chat.prompt(ASKED).partition(ASKED)
            made = self._spelt(made, before, prompts, after)
        if self.kind == "causal":
            made = without(made, self.always_appended if self.chat else self.appended)
        first, last = self.doubled
        return [ids[first : len(ids) - last] for ids in made] if first or last else made

    def answer_ids(self, answers: Sequence[str], end_id: int | None) -> list[list[int]]:
        """Return each answer as the token ids that the model should write, its end included.

        `end_id` ends an answer where the template says nothing. A mark that the answer itself spells out is text.
        """
        written = self.end.text if self.end.is_written and self.end.text else ""
        texts = [f"{self.lead}{answer}{written}" for answer in answers]
        if self.kind == "seq2seq":
            made = target_ids(self.tokenizer, texts, literal=self.is_plain)
            if self.chat is None:
                return [ids if end_id is None or end_id in ids else [*ids, end_id] for ids in made]
            made = without(made, self.appended)
        else:
            asked = self.text(ASKED)
            before, ending = asked[asked.rfind(ASKED) :], self.always_appended
            made = continued(self.tokenizer, before, texts, ending, literal=self.is_plain)
            made = made if self.is_plain else self._spelt(made, self.lead, answers, written)
        return made if written or end_id is None else [[*ids, end_id] for ids in made]

    def up_to_end_text(self, written: str) -> str | None:
        """Return what a model wrote before the text that ends an answer; None where it has not written that.

        Blank lines before an answer, or within its thinking, end nothing.
        """
        end = self.end.text
        if end and end.isspace():
            written = without_thinking(written, opened=self.opened, is_cut_off=True).lstrip()
        return written.partition(end)[0] if end and end in written else None

    def _spelt(self, made: Sequence[list[int]], before: str, texts: Sequence[str], after: str) -> list[list[int]]:
        """Return the rows; one with more marks than its frame has is made again, with those in its text as letters."""
        [begin, end] = ids_of(self.tokenizer, [before, after], special=False)
        usual = self._marks(begin) + self._marks(end) + len(self.always_appended)
        return [
            ids
            if self._marks(ids) <= usual
            else [*begin, *ids_of(self.tokenizer, [text], special=False, literal=True)[0], *end]
            for ids, text in zip(made, texts, strict=True)
        ]

    def _marks(self, ids: Sequence[int]) -> int:
        return sum(token in self.marks for token in ids)


def frame_of(tokenizer: PreTrainedTokenizerBase, kind: Kind, *, name: str) -> Frame:
    """Return the frame of a model; raises ModelError where its chat template takes no question in any form."""
    template = _template(tokenizer, name)
    bare = Frame(
        kind,
        tokenizer,
        chat=None,
        end=End(),
        is_raw=shows_thinking(tokenizer),
        appended=appended(tokenizer, special=True),
        always_appended=appended(tokenizer, special=False),
        marks=marks_of(tokenizer),
    )
    if template is None:  # a causal model has learned to go on: after the answer it would invent the next question
        return bare if kind == "seq2seq" else replace(bare, end=End(text=BLANK_LINE), lead=" ")
    chat = _chat(tokenizer, template, name)
    asked = chat.prompt(ASKED)
    before, after = _around_answer(chat)
    return replace(
        bare,
        chat=chat,
        end=_end(chat, after),
        lead=_lead(asked, before),
        opened=opened_by(asked),
        switches=_working_switches(chat),
        doubled=_doubled(ids_of(tokenizer, [asked], special=kind == "seq2seq")[0], tokenizer, kind),
        is_plain=_is_plain(tokenizer, f"{asked}{before}{after}"),
    )


def _lead(asked: str, before: str) -> str:
    """Return what the template writes between a prompt and its answer."""
    opened = opened_by(asked)
    if opened is not None:  # an answer to learn does without thinking, so it closes the block at once
        return f"{'' if asked.endswith(LINE_END) else LINE_END}{dict(THINKING)[opened]}{BLANK_LINE}"
    return before[len(asked) :] if before.startswith(asked) else ""


def _is_plain(tokenizer: PreTrainedTokenizerBase, rendered: str) -> bool:
    """Return whether there are no special tokens in what a template renders."""
    return ids_of(tokenizer, [rendered], special=False) == ids_of(tokenizer, [rendered], special=False, literal=True)


def _doubled(ids: Sequence[int], tokenizer: PreTrainedTokenizerBase, kind: Kind) -> tuple[int, int]:
    """Return how often the marks before and after a prompt are repeated; an appended one is gone elsewhere."""
    begins, ends = (tokenizer.bos_token_id, tokenizer.cls_token_id), (tokenizer.eos_token_id, tokenizer.sep_token_id)
    return repeats(ids, begins), repeats(ids[::-1], ends) if kind == "seq2seq" else 0


def _template(tokenizer: PreTrainedTokenizerBase, name: str) -> str | None:
    """Return the tokenizer's chat template; of several the one that is called default."""
    template = tokenizer.chat_template
    if not isinstance(template, Mapping):
        return template or None
    if "default" in template or len(template) == 1:
        return str(template.get("default") or next(iter(template.values())))
    known = ", ".join(sorted(template))
    raise ModelError(f"model {name}: its tokenizer has the chat templates {known}; name the one to use default")


def _chat(tokenizer: PreTrainedTokenizerBase, template: str, name: str) -> Chat:
    """Return the template with the form of messages that it takes a question in."""
    why = "the text that it renders lacks the question"
    for in_parts in (False, True):
        for system_first in (False, True):
            chat = Chat(tokenizer, template, system_first=system_first, in_parts=in_parts)
            text, problem = _tried(partial(chat.prompt, ASKED))
            if text is not None and ASKED in text:
                return _opening(chat)
            why = problem or why
    raise ModelError(
        f"model {name}: its chat template refuses a user's message ({why}); "
        "fix it, or remove it from the tokenizer's files to ask the model without one"
    )


def _opening(chat: Chat) -> Chat:
    """Return the chat, with answers opened by cutting one off where the template itself never opens one."""
    opened, closed = chat.render([ASKED], opens=True), _tried(partial(chat.render, [ASKED]))[0]
    told = _tried(partial(chat.render, [ASKED, TOLD]))[0] or ""
    if opened != closed or TOLD not in told or told.rpartition(TOLD)[0].rstrip() == opened.rstrip():
        return chat
    return replace(chat, cut=True)


def _around_answer(chat: Chat) -> tuple[str, str]:
    """Return the text before an answer, from the beginning, and after it; empty where the template refuses both."""
    for turns in ([ASKED, TOLD], [ASKED, TOLD, NEXT]):
        told, _ = _tried(partial(chat.render, turns))
        if told is not None and TOLD in told:
            before, _, after = told.rpartition(TOLD)
            return before, after.partition(NEXT)[0]
    return "", ""


def _end(chat: Chat, after: str) -> End:
    """Return what ends an answer: what the template writes after one, else what begins the next turn."""
    if after.strip():
        end = _first_mark(chat, after.lstrip())
        return End(end.token, end.text.strip() if end.text else None, is_written=True)
    told, _ = _tried(partial(chat.render, [ASKED, TOLD, NEXT]))
    between = (told or "").rpartition(TOLD)[2].partition(NEXT)[0]
    return _first_mark(chat, between) if between.strip() else End()


def _first_mark(chat: Chat, text: str) -> End:
    """Return the added token that a text begins with, else its first line up to such a token."""
    added = {str(token): number for number, token in chat.tokenizer.added_tokens_decoder.items()}
    for content in sorted(added, key=len, reverse=True):
        if text.lstrip().startswith(content):
            return End(token=added[content])
    blank = text[: len(text) - len(text.lstrip())]
    line = text.lstrip().splitlines()[0]
    marked = re.match(r"<[^<>\s]+>|\[[^\[\]\s]+\]", line)
    cuts = [line.find(content) for content in added if content in line]
    shown = marked[0] if marked else line[: min(cuts, default=len(line))]
    return End(text=blank + shown.rstrip())


def _working_switches(chat: Chat) -> tuple[str, ...]:
    """Return the switches that change what the template renders."""
    off = chat.prompt(ASKED)
    return tuple(name for name in SWITCHES if _tried(partial(chat.prompt, ASKED, **{name: True}))[0] not in (off, None))


def _tried(render: Callable[[], str]) -> tuple[str | None, str | None]:
    """Return what a template renders, or why it renders nothing."""
    from jinja2 import TemplateError

    try:
        return render(), None
    except (TemplateError, TypeError, ValueError, LookupError, AttributeError) as error:  # whatever its code may raise
        return None, " ".join(str(error).split()) or type(error).__name__
