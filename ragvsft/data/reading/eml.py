"""Mail as .eml, by the standard library: who wrote what to whom, and the body as the reader sees it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage, MIMEPart
from email.policy import default
from pathlib import Path

from ragvsft.data.reading.decoding import without_surrogates
from ragvsft.data.reading.result import Dropped, Reading
from ragvsft.errors import CorpusError

_HEADERS = ("From", "To", "Cc", "Date")
_DEEPEST = 4  # mails within mails


def read(path: Path, data: bytes) -> Reading:
    """Return subject, headers, body and attached mails; other attachments are named only. Raises CorpusError."""
    mail = message_from_bytes(data, policy=default)
    if not any(_header(mail, name) for name in ("Subject", *_HEADERS)):
        raise CorpusError(f"{path} is a broken EML (no Subject, From, To or Date); save it again or remove it")
    dropped: Counter[str] = Counter()
    characters: Counter[str] = Counter()
    text = "\n\n".join(_parts(mail, path, dropped, characters, depth=0))
    kinds = tuple(Dropped(what, count, characters[what]) for what, count in sorted(dropped.items()))
    return Reading(text, dropped=kinds)


def _parts(
    mail: EmailMessage, path: Path, dropped: Counter[str], characters: Counter[str], *, depth: int
) -> Iterator[str]:
    subject = _header(mail, "Subject")
    if subject:
        yield f"{'#' * (depth + 1)} {subject}"
    yield "\n".join(f"{name}: {value}" for name in _HEADERS if (value := _header(mail, name)))
    body = mail.get_body(preferencelist=("html", "plain"))
    plain = mail.get_body(preferencelist=("plain",))
    if body is not None and plain is not None and body is not plain:
        shown = _body(body, path).text
        body = body if 2 * len(shown.split()) >= len(_content(plain).split()) else plain
    if body is not None:
        yield from _read(body, path, dropped, characters)
    for part in mail.iter_attachments():
        if part.get_content_type() == "message/rfc822" and depth < _DEEPEST:
            yield from _parts(part.get_content(), path, dropped, characters, depth=depth + 1)
        elif part.get_content_maintype() == "text" and not part.is_attachment() and not part.get_filename():
            yield from _read(part, path, dropped, characters)  # goes on behind a picture within the mail
        else:
            yield f"Attachment, not read: {part.get_filename() or part.get_content_type()}"
            dropped["attachments"] += 1
            characters["attachments"] += len(part.get_payload() or "")


def _read(part: MIMEPart, path: Path, dropped: Counter[str], characters: Counter[str]) -> Iterator[str]:
    """Yield the text of a part."""
    reading = _body(part, path)
    for one in reading.dropped:
        dropped[one.what] += one.count
        characters[one.what] += one.characters
    yield reading.text.strip()


def _header(mail: EmailMessage, name: str) -> str:
    """Return a header on one line; "" where there is none, its raw text where it is malformed."""
    try:
        return " ".join(str(mail[name] or "").split())
    except Exception:  # noqa: BLE001  (the parser of malformed addresses and dates raises what it likes)
        raw = dict(mail.raw_items())
        return " ".join(str(raw.get(name, "")).split())


def _body(part: MIMEPart, path: Path) -> Reading:
    from ragvsft.data.reading import html

    text = without_surrogates(_content(part))
    return html.read(path, text.encode("utf-8-sig")) if part.get_content_subtype() == "html" else Reading(text)


def _content(part: MIMEPart) -> str:
    """Return a text part, in Latin-1 where it names an encoding that nobody knows."""
    try:
        content = part.get_content()
    except (LookupError, ValueError):
        content = part.get_payload(decode=True)
    return content.decode("latin-1") if isinstance(content, bytes) else str(content).replace("\r\n", "\n")
