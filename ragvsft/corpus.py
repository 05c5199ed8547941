"""A folder of documents: read to Documents, split to Passages."""

from __future__ import annotations

import hashlib
import importlib.util
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from itertools import groupby, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ragvsft.config import PassagesConfig
from ragvsft.errors import CorpusError, MissingExtra
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


def read_corpus(folder: Path) -> list[Document]:
    """Return the documents below a folder, by doc_id; hidden files and unknown suffixes are left out.

    Raises CorpusError with all problems of all documents, MissingExtra if a format needs the `docs` extra.
    """
    paths, skipped = _list_documents(folder)
    if not paths:
        known = " ".join(FORMATS)
        raise CorpusError(f"{folder} holds no documents: {skipped} files skipped; these suffixes count: {known}")
    _require_readers(paths)
    documents: list[Document] = []
    problems: list[str] = []
    for path in paths:
        try:
            documents.append(_read_document(path, path.relative_to(folder).as_posix()))
        except CorpusError as error:
            problems += error.problems
    if problems:
        raise CorpusError(problems)
    return documents


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


def _list_documents(folder: Path) -> tuple[list[Path], int]:
    """Return the documents' paths by doc_id, and how many other files there are."""
    if not folder.is_dir():
        raise CorpusError(f"{folder} is no folder; name a folder of documents as corpus")
    files = [path for path in folder.rglob("*") if path.is_file()]
    documents = [path for path in files if path.suffix.lower() in FORMATS and not _is_hidden(path, folder)]
    return sorted(documents, key=lambda path: path.relative_to(folder).as_posix()), len(files) - len(documents)


def _is_hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def _require_readers(paths: Sequence[Path]) -> None:
    problems = []
    for path in paths:
        module = FORMATS[path.suffix.lower()].module
        if module and importlib.util.find_spec(module) is None:
            problems.append(f"{path}: reading {path.suffix} needs {module}: pip install 'ragvsft[docs]'")
    if problems:
        raise MissingExtra(problems)


def _read_document(path: Path, doc_id: str) -> Document:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CorpusError(f"{path}: cannot be read ({error.strerror}); change its permissions or remove it") from error
    if not data.strip():
        raise CorpusError(f"{path} is empty ({len(data)} bytes); give it text or remove it")
    text = FORMATS[path.suffix.lower()].read(path, data)
    if not text.strip():
        raise CorpusError(f"{path} holds no text; give it text or remove it")
    return Document(doc_id, text, hashlib.sha256(data).hexdigest())


def _read_text(path: Path, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        byte = data[error.start]
        raise CorpusError(
            f"{path}: byte {error.start} (0x{byte:02x}) is not UTF-8; save the document as UTF-8"
        ) from error


def _read_pdf(path: Path, data: bytes) -> str:
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it logs what we raise
    try:
        pages = [page.extract_text() for page in PdfReader(BytesIO(data)).pages]
    except Exception as error:  # a broken PDF breaks pypdf in any way it likes: KeyError, RecursionError, ...
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise CorpusError(f"{path} is a broken or locked PDF ({reason}); export it again or remove it") from error
    if not any(page.strip() for page in pages):
        raise CorpusError(f"{path}: {len(pages)} pages without text (scanned?); run OCR on it or remove it")
    return "\n\n".join(pages)


def _read_docx(path: Path, data: bytes) -> str:
    import docx

    try:
        blocks = list(docx.Document(BytesIO(data)).iter_inner_content())
    except Exception as error:  # BadZipFile, KeyError, XMLSyntaxError, ...: as with PDF
        raise CorpusError(f"{path} is a broken DOCX ({type(error).__name__}); save it again or remove it") from error
    return "\n\n".join(_docx_block(block) for block in blocks)


def _docx_block(block: Any) -> str:
    from docx.table import Table

    if isinstance(block, Table):
        return _table([[cell.text.strip() for cell in row.cells] for row in block.rows])
    style = block.style.name if block.style is not None else ""
    level = 1 if style == "Title" else int(style[-1]) if re.fullmatch(r"Heading [1-6]", style) else 0
    return f"{'#' * level} {block.text}" if level and block.text.strip() else str(block.text)


def _read_html(path: Path, data: bytes) -> str:
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(data, "html.parser")
    title = soup.title.get_text().strip() if soup.title and not soup.h1 else ""
    for tag in soup(["script", "style", "template", "noscript", "title"]):
        tag.decompose()
    for table in reversed(soup("table")):  # inner tables first
        rows = [[cell.get_text(" ", strip=True) for cell in row(["td", "th"])] for row in table("tr")]
        table.replace_with(f"\n\n{_table(rows)}\n\n")
    return (f"# {title}\n\n" if title else "") + _flow_text(soup)


def _flow_text(soup: Any) -> str:
    """Return the text of HTML with its blocks as paragraphs and its headings as Markdown's."""
    for level in range(1, 7):
        for heading in soup(f"h{level}"):
            heading.insert(0, "#" * level + " ")
    for item in soup("li"):
        item.insert(0, "\n- ")
    for line_break in soup("br"):
        line_break.replace_with("\n")
    for block in soup(["p", "div", "section", "article", "ul", "ol", "pre", "blockquote", "dl", *_HEADINGS]):
        block.insert_before("\n\n")
        block.insert_after("\n\n")
    return str(soup.get_text())


def _table(rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table; the first row is its head."""
    lines = ["| " + " | ".join(" ".join(cell.split()) for cell in row) + " |" for row in rows if row]
    return "\n".join([*lines[:1], "|" + "---|" * len(rows[0]), *lines[1:]]) if lines else ""


_HEADINGS = [f"h{level}" for level in range(1, 7)]


@dataclass(frozen=True, slots=True)
class _Format:
    read: Callable[[Path, bytes], str]
    module: str | None = None  # of the `docs` extra


FORMATS: dict[str, _Format] = {
    ".md": _Format(_read_text),
    ".txt": _Format(_read_text),
    ".pdf": _Format(_read_pdf, "pypdf"),
    ".docx": _Format(_read_docx, "docx"),
    ".html": _Format(_read_html, "bs4"),
    ".htm": _Format(_read_html, "bs4"),
}
