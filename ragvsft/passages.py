"""Documents to passages: stretches that fit in a prompt and in the encoder."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from ragvsft.config import PassagesConfig
from ragvsft.records import Document, Passage

if TYPE_CHECKING:
    from llama_index.core.node_parser import SentenceSplitter

SPLITTING = 2  # raise it where split() makes other passages: cached indexes are addressed by it
_FEWEST_TOKENS = 16  # of a passage, whatever its heading takes
_HEAD = 1000  # characters that a Markdown heading may be away from the start; further down, "#" may be a comment
_LONGEST_HEADING = 100  # characters
_SHORT_LINE = 60  # characters; a longer one may be prose that goes on in the next line
_TABLE_RULE = re.compile(r"\|[\s:|-]*-[\s:|-]*\|")  # between the names of the columns and the rows
_STANDS_ALONE = re.compile(r"\s*([|#*+-]|\d+[.)] )")  # a row, heading or item of Markdown


def split(documents: Sequence[Document], config: PassagesConfig, count_tokens: Callable[[str], int]) -> list[Passage]:
    """Return the passages of all documents, in order, each of at most `config.tokens` tokens.

    Each begins with its document's heading, and one that begins within a table with that table's head: a rule torn from
    its title, or a figure from the name of its column, answers nothing.
    """
    splitter = _Splitter(config, count_tokens)
    return [
        Passage(f"{document.doc_id}#{number}", document.doc_id, text)
        for document in documents
        for number, text in enumerate(splitter.texts(document))
    ]


class _Splitter:
    def __init__(self, config: PassagesConfig, count_tokens: Callable[[str], int]) -> None:
        self._config = config
        self._count_tokens = cache(count_tokens)
        self._sized = cache(self._sentence_splitter)

    def texts(self, document: Document) -> list[str]:
        text = _tidy(document.text)
        heading = _heading(text)
        left = max(self._config.tokens - self._count_tokens(heading), _FEWEST_TOKENS)
        bodies = self._sized(left).split_text(text)
        heads = _table_heads(text)
        if any(_first_line(body) in heads for body in bodies):
            room = left - max(map(self._count_tokens, set(heads.values())))
            if room >= _FEWEST_TOKENS:
                bodies = [self._headed(body, heads) for body in self._sized(room).split_text(text)]
        return [body if heading in body else f"{heading}\n{body}" for body in bodies]

    @staticmethod
    def _headed(body: str, heads: Mapping[str, str]) -> str:
        first = _first_line(body)
        return f"{heads[first]}\n{body}" if first in heads else body

    def _sentence_splitter(self, tokens: int) -> SentenceSplitter:
        from llama_index.core.node_parser import SentenceSplitter

        return SentenceSplitter(
            chunk_size=tokens,
            chunk_overlap=min(self._config.overlap, tokens - 1),
            tokenizer=lambda text: range(self._count_tokens(text)),  # only its length is asked for
            paragraph_separator="\n\n",
            chunking_tokenizer_fn=_units,
            secondary_chunking_regex=None,  # llama-index's own loses repeated punctuation
        )


def _units(text: str) -> list[str]:
    """Return the rows, list items and headings of a text, and the sentences of its prose. Joined they are the text."""
    lines = text.splitlines(keepends=True)
    if len(lines) == 1:
        return _sentences(text)
    runs = groupby(lines, key=lambda line: _STANDS_ALONE.match(line) is not None)
    return [unit for alone, run in runs for unit in (run if alone else _sentences("".join(run)))]


def _sentences(text: str) -> list[str]:
    from llama_index.core.node_parser.text.utils import split_by_sentence_tokenizer

    sentences = split_by_sentence_tokenizer()(text)
    lead = len(text) - len(text.lstrip())  # llama-index starts at the first sentence and drops the blanks before it
    return [text[:lead] + sentences[0], *sentences[1:]] if sentences else [text]


def _tidy(text: str) -> str:
    """Shorten what costs tokens and says nothing: runs of blanks, padded tables, blank lines."""
    text = re.sub(r"[^\S\n]+", " ", text)
    text = re.sub(r"-{4,}", "---", text)
    text = re.sub(r" ?\n ?", "\n", text)
    text = re.sub(r"^(#{1,6} .*)\n+", r"\1\n", text, flags=re.MULTILINE)  # a heading stays with what it heads
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _heading(text: str) -> str:
    """Return a document's first Markdown heading or, without one, a short first line; else ""."""
    marked = re.search(r"^#{1,6} +(.+)$", text[:_HEAD], flags=re.MULTILINE)
    if marked:
        return marked[1].strip(" #")[:_LONGEST_HEADING]
    first, _, rest = text.partition("\n")
    longest = _LONGEST_HEADING if rest.startswith("\n") else _SHORT_LINE
    goes_on = not rest or rest[0].islower() or first[-1] in ".!?:;,"
    return "" if goes_on or len(first) > longest or _STANDS_ALONE.match(first) else first


def _table_heads(text: str) -> dict[str, str]:
    """Return, for each row of a Markdown table below its first, the lines that say what its columns are."""
    heads: dict[str, str] = {}
    head = ""
    for above, line in pairwise(["", *text.splitlines()]):
        if _TABLE_RULE.fullmatch(line) and above.startswith("|"):
            heads[line], head = above, f"{above}\n{line}"
        elif not line.startswith("|"):
            head = ""
        elif head:
            heads[line] = head
    return heads


def _first_line(text: str) -> str:
    return text.partition("\n")[0]
