"""reStructuredText, by docutils: what its markup means, as Markdown.

Sphinx's directives and roles are unknown to docutils; here every unknown directive shows its content, and every
unknown role its text. Nothing is included from other files.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ragvsft.data.reading.decoding import decoded
from ragvsft.data.reading.formulas import lowered, raised
from ragvsft.data.reading.grid import grid_text
from ragvsft.data.reading.result import Dropped, Reading
from ragvsft.errors import CorpusError

if TYPE_CHECKING:
    from docutils.nodes import Element as Node
    from docutils.parsers.rst import Directive

_SETTINGS = {
    "report_level": 5,
    "halt_level": 5,
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "syntax_highlight": "none",
    "doctitle_xform": False,
    "docinfo_xform": False,
    "_disable_config": True,
    "line_length_limit": 1_000_000,  # of 10,000 by default: a longer line empties the document
}
# Directives whose content is not for readers: links to other files, settings of the builder
_SILENT = {"toctree", "index", "contents", "sectnum", "highlight", "currentmodule", "module", "meta", "tabularcolumns"}
_CODE = {"code-block", "sourcecode", "prompt", "doctest", "testcode", "testoutput", "literalinclude", "parsed-literal"}
_CONDITIONS = {"only", "ifconfig", "container", "rst-class", "cssclass"}  # whose argument is for the builder
_OPTION = re.compile(r"\s*:[\w-]+:(?:\s|$)")
_CHANGES = {"versionadded": "New in", "versionchanged": "Changed in", "deprecated": "Deprecated since"}


def read(path: Path, data: bytes) -> Reading:
    """Return the document as Markdown. Raises CorpusError if it is nested too deep."""
    from docutils.core import publish_doctree

    source = decoded(path, data)
    try:
        with _sphinx_as_text():
            tree = publish_doctree(source, settings_overrides=_SETTINGS)
        writer = _Writer()
        text = "\n\n".join(writer.blocks(tree, 0))
    except RecursionError as error:
        raise CorpusError(f"{path} is nested too deeply to be read; split it or remove it") from error
    dropped = tuple(
        Dropped(what, count, writer.characters[what]) for what, count in sorted(writer.counts.items()) if count
    )
    return Reading(re.sub(r"\n{3,}", "\n\n", text), dropped=dropped)


@contextmanager
def _sphinx_as_text() -> Iterator[None]:
    """Let docutils find something for every name of a directive or role, for as long as the block runs."""
    from docutils.parsers.rst import directives, roles

    known_directive, known_role = directives.directive, roles.role

    def directive(name: str, language: Any, document: Any) -> Any:
        bare = name.rpartition(":")[2]  # "py:function"
        if bare in _SILENT or bare in _CODE or bare in _CHANGES:
            return _directive_class(bare), []
        found, messages = known_directive(name, language, document)
        return (found, messages) if found else (_directive_class(bare), [])

    def role(name: str, language: Any, lineno: int, reporter: Any) -> Any:
        found, messages = known_role(name, language, lineno, reporter)
        return (found, messages) if found else (_role, [])

    directives.directive, roles.role = directive, role
    try:
        yield
    finally:
        directives.directive, roles.role = known_directive, known_role


def _role(name: str, raw: str, text: str, lineno: int, inliner: Any, options: Any = None, content: Any = None) -> Any:
    """Return what a reader sees of `:ref:`the title <target>``, `:class:`~package.Name`` and their like."""
    from docutils import nodes

    titled = re.fullmatch(r"(.+?)\s*<[^<>]+>", text, re.DOTALL)
    shown = titled.group(1) if titled else text.rpartition(".")[2] if text.startswith("~") else text.lstrip("!")
    return [nodes.inline(raw, shown)], []


def _directive_class(name: str) -> type:
    """Return docutils' directive of a name that it does not know; made by `type`, since docutils has no types."""
    from docutils.parsers.rst import Directive

    settings = {"has_content": True, "optional_arguments": 1, "final_argument_whitespace": True}
    return type("Shown", (Directive,), {**settings, "run": lambda directive: _shown(name, directive)})


def _shown(name: str, directive: Directive) -> list[Node]:
    """Return the nodes of a directive: its code, or what it is titled and what it contains."""
    from docutils import nodes

    if name in _SILENT:
        return []
    argument = [] if name in _CONDITIONS else _argument(directive)
    body = _without_options(list(directive.content))
    if name in _CODE:
        code = "\n".join(body)
        return [nodes.literal_block(code, code, language=" ".join(argument))] if code.strip() else []
    if name in _CHANGES and argument:
        argument = [f"{_CHANGES[name]} {argument[0]}", *argument[1:]]
    head = "\n".join(argument)
    box = nodes.container()
    box += [nodes.paragraph(head, head)] if head.strip() else []
    start = directive.content_offset + len(directive.content) - len(body)
    directive.state.nested_parse(type(directive.content)(body, source="rst"), start, box, match_titles=True)
    return [box]


def _argument(directive: Directive) -> list[str]:
    """Return the lines of the argument; without an option_spec docutils takes the option lines for a part of it."""
    return [line for line in "\n".join(directive.arguments).splitlines() if not _OPTION.match(line)]


def _without_options(lines: list[str]) -> list[str]:
    """Return a directive's content without the ":option: value" lines that it begins with."""
    place = next((n for n, line in enumerate(lines) if not _OPTION.match(line)), len(lines))
    return lines[place:]


class _Writer:
    """Writes a doctree as Markdown, and counts what it leaves out."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.characters: Counter[str] = Counter()

    def blocks(self, node: Node, depth: int) -> list[str]:
        """Return the blocks below a node; `depth` is how many sections it lies in."""
        return [block for child in node.children for block in self._block(child, depth) if block.strip()]

    def _block(self, node: Node, depth: int) -> list[str]:
        name = type(node).__name__
        writer = getattr(self, f"_{name}", None)
        if writer is not None:
            made: list[str] = writer(node, depth)
            return made
        if name in _ADMONITIONS:
            return [
                f"{name.capitalize()}: {text}" if n == 0 else text for n, text in enumerate(self.blocks(node, depth))
            ]
        if name in _LEFT_OUT:
            self._count(_LEFT_OUT[name], node)
            return []
        if any(type(child).__name__ in _INLINE for child in node.children):
            return [self._inline(node)]
        return self.blocks(node, depth)

    def _section(self, node: Node, depth: int) -> list[str]:
        return self.blocks(node, depth + 1)

    def _title(self, node: Node, depth: int) -> list[str]:
        text = self._inline(node)
        return [f"{'#' * min(depth, 6)} {text}" if depth else text]

    def _rubric(self, node: Node, depth: int) -> list[str]:
        return [f"{'#' * min(depth + 1, 6)} {self._inline(node)}"]

    def _literal_block(self, node: Node, depth: int) -> list[str]:
        language = node.get("language") or next((name for name in node.get("classes", ()) if name != "code"), "")
        return [f"```{language}\n{node.astext()}\n```"]

    _doctest_block = _literal_block

    def _bullet_list(self, node: Node, depth: int) -> list[str]:
        return ["\n".join(self._item(item, "- ", depth) for item in node.children)]

    def _enumerated_list(self, node: Node, depth: int) -> list[str]:
        start = int(node.get("start", 1))
        return ["\n".join(self._item(item, f"{n}. ", depth) for n, item in enumerate(node.children, start=start))]

    def _item(self, node: Node, mark: str, depth: int) -> str:
        text = "\n\n".join(self.blocks(node, depth))
        return mark + text.replace("\n", "\n" + " " * len(mark)).replace("\n" + " " * len(mark) + "\n", "\n\n")

    def _definition_list_item(self, node: Node, depth: int) -> list[str]:
        terms = [self._inline(child) for child in node.children if type(child).__name__ in ("term", "classifier")]
        meaning = [block for child in node.children[1:] for block in self.blocks(child, depth)]
        return [f"{': '.join(terms)}:\n{(chr(10) * 2).join(meaning)}"]

    def _field(self, node: Node, depth: int) -> list[str]:
        return [f"{self._inline(node.children[0])}: {' '.join(self.blocks(node.children[1], depth))}".strip()]

    def _option_list_item(self, node: Node, depth: int) -> list[str]:
        return [f"{node.children[0].astext()}: {' '.join(self.blocks(node.children[1], depth))}"]

    def _line_block(self, node: Node, depth: int) -> list[str]:
        return ["\n".join(block for child in node.children for block in self._block(child, depth))]

    def _line(self, node: Node, depth: int) -> list[str]:
        return [self._inline(node)]

    def _block_quote(self, node: Node, depth: int) -> list[str]:
        return self.blocks(node, depth)

    def _table(self, node: Node, depth: int) -> list[str]:
        titles = [self._inline(child) for child in node.children if type(child).__name__ == "title"]
        return [*titles, grid_text(self._rows(node, depth))]

    def _rows(self, table: Any, depth: int) -> list[list[str]]:
        """Return the cells; one that spans several shows its text in each."""
        from docutils import nodes

        taken: dict[tuple[int, int], str] = {}
        rows = list(table.findall(nodes.row))
        for number, row in enumerate(rows):
            column = 0
            for entry in row.children:
                while (number, column) in taken:
                    column += 1
                text = " ".join(self.blocks(entry, depth))
                for down in range(entry.get("morerows", 0) + 1):
                    for across in range(entry.get("morecols", 0) + 1):
                        taken[number + down, column + across] = text
        width = max((column + 1 for _, column in taken), default=0)
        return [[taken.get((number, column), "") for column in range(width)] for number in range(len(rows))]

    def _footnote(self, node: Node, depth: int) -> list[str]:
        label = node.children[0].astext()
        return [f"[{label}] {' '.join(block for child in node.children[1:] for block in self._block(child, depth))}"]

    _citation = _footnote

    def _image(self, node: Node, depth: int) -> list[str]:
        self._count("pictures", node)
        return [node.get("alt", "")]

    def _inline(self, node: Node) -> str:
        """Return the text of a paragraph, its lines as they were wrapped."""
        parts = []
        for child in node.children:
            match type(child).__name__:
                case "literal":
                    parts.append(f"`{child.astext()}`")
                case "image":
                    parts += self._image(child, 0)
                case "superscript":
                    parts.append(raised(child.astext()))
                case "subscript":
                    parts.append(lowered(child.astext(), "".join(parts)))
                case "footnote_reference" | "citation_reference":
                    parts.append(f"[{child.astext()}]")
                case "problematic" | "target" | "Text":
                    parts.append(child.astext())
                case _:
                    parts.append(self._inline(child) if child.children else child.astext())
        return "".join(parts)

    def _count(self, what: str, node: Node) -> None:
        if what:
            self.counts[what] += 1
            self.characters[what] += len(node.astext())


_ADMONITIONS = {"attention", "caution", "danger", "error", "hint", "important", "note", "tip", "warning"}
_LEFT_OUT = {
    "comment": "comments",
    "raw": "raw markup",
    "pending": "",
    "system_message": "",
    "target": "",
    "substitution_definition": "",
    "transition": "",
    "meta": "",
    "label": "",
}
_INLINE = {"Text", "emphasis", "strong", "literal", "reference", "inline", "title_reference", "footnote_reference"}
