"""What is in a page but not its text: scripts, hidden elements, navigation. Told by name, role and links."""

from __future__ import annotations

import re
from collections.abc import Set

from ragvsft.data.reading.tree import Element

HIDDEN, SCRIPTS, PLAYERS, NAVIGATION = (
    "hidden elements",
    "scripts and styles",
    "players and frames",
    "navigation and controls",
)

_SCRIPTS = {"script", "style", "template", "noscript"}
_PLAYERS = {
    "iframe",
    "canvas",
    "object",
    "embed",
    "video",
    "audio",
    "applet",
    "map",
    "datalist",
    "noframes",
    "frameset",
}
_CONTROLS = {"button", "textarea"}
_OPENS = ("aria-controls", "aria-expanded", "data-target", "data-bs-target")
_ROLES = {"navigation", "banner", "contentinfo", "search", "dialog", "alertdialog", "menu", "menubar", "toolbar"}
_UNDISPLAYED = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))", re.IGNORECASE)
_SAID_ALOUD = {"sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "screen-reader-only"}
# What a click or a tap opens, in a class or an id as a word of its own: hidden at first, and there to be read
_OPENED = re.compile(
    r"(?:^|[\s_-])(accordions?|answers?|collaps(?:e|ed|ible)|details|drawer-content|expand(?:ed|er|able)?|faqs?|"
    r"hide-?show|more|panels?|panes?|reveal|show-?hide|spoilers?|tabs?|toggle(?:d|able)?)(?=$|[\s_-])",
    re.IGNORECASE,
)
_OPENER = re.compile(
    r"(?:^|[\s_-])(accordion|collaps(?:e|ed|er|ible)|expand(?:er)?|question|toggler?|trigger)(?=$|[\s_-])",
    re.IGNORECASE,
)
_EDIT = re.compile(r"(?:^|\s)(?:mw-editsection|mw-cite-backlink|footnote-backref|reversefootnote)(?=$|\s)")
_NUMBERS = re.compile(r"(?:^|[\s_-])(?:linenos?|line-?numbers?|gutter)(?=$|[\s_-])", re.IGNORECASE)
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")  # sideNavBox
_TO_CONTENT = re.compile(r"(?:skip|jump) to (?:the )?(?:main )?(?:content|navigation|search)", re.IGNORECASE)
# in a class or an id, as a word of its own
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(breadcrumbs?|cookies?|skip-?(?:links?|nav|to|main)|gdpr|consent|modal|popup)(?=$|[\s_-])",
    re.IGNORECASE,
)
_SKIPS = re.compile(r"(?:^|[\s_-])(breadcrumbs?|skip-?(?:links?|nav|to|main))(?=$|[\s_-])", re.IGNORECASE)
_FRAME = re.compile(
    r"(?:^|[\s_-])(navs?|navbar|navigation|menu-?bar|side-?bar|side-?nav|toc|header|footer|top-?bar|bottom-?bar|masthead)"
    r"(?=$|[\s_-])",
    re.IGNORECASE,
)
_MAYBE = re.compile(
    r"(?:^|[\s_-])(menu|related|pagination|pager|prev|next|share|sharing|social|feedback|helpful|newsletter|subscribe|links|"
    r"contents|edit)(?=$|[\s_-])",
    re.IGNORECASE,
)
_WRAPS = re.compile(r"(?:^|\s)(?:has|with|no|is|js)[_-]\S*", re.IGNORECASE)  # "has-sidebar": the page, not the sidebar
_CORE = {"article", "main"}
_WORDS = {"a", "p", "h1", "h2", "h3", "h4", "h5", "h6", "span", "b", "em", "strong", "code"}  # too small to be named so
_SECTIONS = {"article", "main", "section", "blockquote", "figure", "td", "li"}
_LONGEST_CONTROL = 300  # characters: the question of an accordion, not all that is above something hidden
_MOSTLY = 0.6  # of the letters are in links


class Furniture:
    """What to leave out of one page."""

    def __init__(self, page: Element, *, is_plain: bool = False) -> None:
        """Take the root element; a plain page's navigation is text like any other."""
        self._is_plain = is_plain
        self._revealed = _revealed(page)
        self._has_main = next((part for part in page.iter("main", "article")), None) is not None
        titles = list(page.iter("h1"))
        self._is_titled = any(_is_within(title, _CORE) for title in titles)
        self._header_may_go = self._is_titled or any(not _is_within(title, {"header"}) for title in titles)

    def kind_of(self, element: Element) -> str | None:
        """Return why an element is left out with all it holds, None where it is text."""
        tag = element.tag
        if tag in _SCRIPTS:
            return SCRIPTS
        if tag in _PLAYERS:
            return PLAYERS
        if self._is_hidden(element) and not self._is_revealed(element):
            return HIDDEN
        return NAVIGATION if not self._is_plain and self._is_navigation(element) else None

    @staticmethod
    def _is_hidden(element: Element) -> bool:
        get = element.get
        return (
            get("hidden", "until-found").lower() != "until-found"
            or get("aria-hidden") == "true"
            or _UNDISPLAYED.search(get("style", "")) is not None
            or not _SAID_ALOUD.isdisjoint(get("class", "").lower().split())
            or (element.tag == "input" and get("type", "").lower() == "hidden")
            or (element.tag == "dialog" and get("open") is None)
        )

    def _is_revealed(self, element: Element) -> bool:
        """Return whether a click shows what is hidden: a tab's panel, an answer, what a control precedes."""
        if element.tag in ("input", "dialog") or not _SAID_ALOUD.isdisjoint(element.get("class", "").lower().split()):
            return False
        if element.get("id") in self._revealed or element.get("role") == "tabpanel":
            return True
        return _OPENED.search(_names(element)) is not None or _is_control(element.getprevious())

    def _is_navigation(self, element: Element) -> bool:
        tag, role = element.tag, element.get("role", "")
        if _is_line_numbers(element) or (tag == "input" and element.get("id", "").startswith("__")):
            return True  # MkDocs names so what opens its drawer and its tabs
        if tag in ("body", "html", "main", "article") or role == "main":
            return False
        if tag == "nav" or role in _ROLES - {"banner"} or _is_permalink(element):
            return True
        if tag in _CONTROLS:
            return not _is_heading_control(element)
        if tag == "header" or role == "banner":
            return not _is_within(element, _SECTIONS) and (
                self._header_may_go or next(element.iter("h1"), None) is None
            )
        if tag == "footer":
            return not _is_within(element, _SECTIONS)
        return self._is_named_so(element)

    def _is_named_so(self, element: Element) -> bool:
        """Return whether a name says so, and nothing else speaks against it: outside of the main part, or all links."""
        names = _names(element)
        is_certain = _FURNITURE.search(names) is not None and not self._is_about_it(element)
        if element.tag in _WORDS:
            return _EDIT.search(names) is not None or (
                element.tag == "a" and (is_certain or _TO_CONTENT.fullmatch(_letters(element)) is not None)
            )
        is_outside = self._has_main and not _is_within(element, _CORE)
        if _FRAME.search(names) and is_outside and not self._holds_the_text(element, is_outside=True):
            return True
        is_aside = element.tag == "aside" and not _is_within(element, _SECTIONS)
        may_be = is_certain or is_aside or _FRAME.search(names) or _MAYBE.search(names)
        if not may_be or self._holds_the_text(element, is_outside=False):
            return False
        return is_certain or _links_share(element) >= _MOSTLY

    @staticmethod
    def _is_about_it(element: Element) -> bool:
        """Return whether an element has the name of a banner because it is text about one: a privacy policy's parts."""
        if _SKIPS.search(_names(element)):
            return False
        if _is_within(element, _CORE) or any(above.get("role") == "main" for above in element.iterancestors()):
            return True
        titles = next(element.iter("h1", "h2", "h3", "h4", "h5", "h6", "table"), None)
        return titles is not None and next(element.iter("button", "input", "form"), None) is None

    def _holds_the_text(self, element: Element, *, is_outside: bool) -> bool:
        """Return whether an element holds the page's main part or its title; another title may be outside of it."""
        if next(element.iter("main", "article"), None) is not None:
            return True
        return next(element.iter("h1"), None) is not None and not (is_outside and self._is_titled)


def _revealed(page: Element) -> Set[str]:
    """Return the ids of what a button, a tab or a link of an accordion shows."""
    ids: set[str] = set()
    for element in page.iter("button", "a", "div", "li", "span", "summary", "h2", "h3", "h4", "label", "input"):
        for name in ("aria-controls", "data-target", "data-bs-target"):
            ids.update(value.lstrip("#") for value in element.get(name, "").split())
        if element.get("role") == "tab":
            ids.add(element.get("href", "").lstrip("#"))
    return ids - {""}


def _is_line_numbers(element: Element) -> bool:
    """Return whether a cell or block holds nothing but the numbers of the lines of code beside it."""
    is_named = element.tag in ("td", "div", "pre") and _NUMBERS.search(element.get("class", "")) is not None
    return is_named and not re.search(r"[^\d\s]", "".join(element.itertext()))


def _names(element: Element) -> str:
    """Return an element's class and id, and its own name if it is a custom one, as words."""
    own = element.tag if "-" in element.tag else ""
    return _HUMP.sub("-", _WRAPS.sub(" ", f"{own} {element.get('class', '')} {element.get('id', '')}"))


def _is_control(element: Element | None) -> bool:
    """Return whether an element is, or is all made of, something that opens what follows it."""
    if element is None or not isinstance(element.tag, str) or len(_letters(element)) > _LONGEST_CONTROL:
        return False
    return any(
        part.get("aria-expanded") is not None or _OPENER.search(_names(part)) is not None
        for part in (element, *element.iterdescendants("button", "a", "span", "div"))
    )


def _letters(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _is_within(element: Element, tags: Set[str]) -> bool:
    return any(above.tag in tags for above in element.iterancestors())


def _is_heading_control(element: Element) -> bool:
    """Return whether a button is what a person reads: the question of an accordion, the name of a tab."""
    return element.tag == "button" and (
        _opens(element)
        or any(above.tag in ("h1", "h2", "h3", "h4", "h5", "h6", "dt", "summary") for above in element.iterancestors())
    )


def _opens(control: Element) -> bool:
    """Return whether a link or button says that it opens something on its page."""
    return control.get("role") == "tab" or any(control.get(name) is not None for name in _OPENS)


def _is_permalink(element: Element) -> bool:
    """Return whether this is the "¶" behind a heading."""
    return (
        element.tag == "a"
        and element.get("href", "").startswith("#")
        and "".join(element.itertext()).strip() in ("¶", "#", "ragvsft", "🔗", "⚓", "link", "Permalink")
    )


def _links_share(element: Element) -> float:
    total = len("".join("".join(element.itertext()).split()))
    links = (link for link in element.iter("a", "button") if not _opens(link))
    linked = sum(len("".join("".join(link.itertext()).split())) for link in links)
    return linked / total if total else 1.0
