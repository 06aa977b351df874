"""A pasted e-mail, headers and all, as the fields one files it under."""

from __future__ import annotations

import datetime as dt
import re
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_string
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses, parseaddr, parsedate_to_datetime
from html.parser import HTMLParser

LONGEST = 1_000_000
"""Characters of a pasted message, attachments and all."""
KNOWN = ("From", "To", "Date", "Sent", "Subject", "Cc")
BLOCKS = frozenset({"p", "div", "br", "li", "tr", "blockquote", "h1", "h2", "h3", "h4", "table"})
SKIPPED = frozenset({"script", "style", "head", "title"})
SENT_FORMATS = ("%A, %B %d, %Y %I:%M %p", "%A, %d %B %Y %H:%M", "%d %B %Y %H:%M", "%Y-%m-%d %H:%M", "%m/%d/%Y %I:%M %p")
"""How mail programs write "Sent:" when a message is copied out of their window; such times carry no zone."""


@dataclass(frozen=True, slots=True)
class Mail:
    """What was found. `at` is aware where the message says its zone, else naive: the reader's clock. `addresses` are all in
    From, To and Cc, in lower case. Without any header everything is the body."""

    subject: str = ""
    sender: str = ""
    recipients: str = ""
    at: dt.datetime | None = None
    body: str = ""
    addresses: tuple[str, ...] = ()
    has_headers: bool = False

    @property
    def sender_address(self) -> str:
        return parseaddr(self.sender)[1].lower()


def read_mail(raw: str) -> Mail:
    """Reads what somebody pasted; what can't be read stays empty, to be filled in by hand. Never raises."""
    text = _clean(raw)[:LONGEST].replace("\r\n", "\n").lstrip("\ufeff \t\n")
    message = message_from_string(text)
    if not any(message[name] for name in KNOWN):
        return Mail(body=text.strip())
    people = getaddresses([_header(message, name) for name in ("From", "To", "Cc")])
    recipients = ", ".join(part for name in ("To", "Cc") if (part := _header(message, name)))
    return Mail(
        subject=_header(message, "Subject"),
        sender=_header(message, "From"),
        recipients=recipients,
        at=_moment(_header(message, "Date") or _header(message, "Sent")),
        body=_body(message),
        addresses=tuple(dict.fromkeys(address.lower() for _, address in people if "@" in address)),
        has_headers=True,
    )


def _header(message: Message, name: str) -> str:
    """A header in readable words, on one line."""
    value = str(message[name] or "")
    with suppress(LookupError, ValueError, HeaderParseError):  # a character set nobody knows: as it was written
        value = str(make_header(decode_header(value)))
    return " ".join(_clean(value).split())


def _clean(text: str) -> str:
    """Half surrogate pairs, which no database keeps, become question marks."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "")


def _moment(text: str) -> dt.datetime | None:
    if not text:
        return None
    try:
        found = parsedate_to_datetime(text)
        return found.astimezone(dt.UTC) if found.tzinfo else found
    except (ValueError, TypeError, IndexError, OverflowError):
        pass
    for pattern in SENT_FORMATS:
        try:
            return dt.datetime.strptime(text, pattern)  # noqa: DTZ007 - naive on purpose: the reader's clock
        except ValueError:
            continue
    return None


def _body(message: Message) -> str:
    """The plain text part, else the HTML part without its marks."""
    parts = [part for part in message.walk() if not part.is_multipart()]
    for kind in ("text/plain", "text/html"):
        for part in parts:
            if part.get_content_type() == kind and part.get_content_disposition() != "attachment":
                text = _content(part)
                return _clean(strip_html(text) if kind == "text/html" else text).strip()
    return ""


def _content(part: Message) -> str:
    payload = part.get_payload()
    text = payload if isinstance(payload, str) else ""
    if str(part.get("Content-Transfer-Encoding", "")).strip().lower() not in {"base64", "quoted-printable"}:
        return text  # pasted text is text already; its character set was the mail program's affair
    decoded = part.get_payload(decode=True)
    if not isinstance(decoded, bytes):
        return text
    try:
        return decoded.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return decoded.decode("utf-8", "replace")


def strip_html(text: str) -> str:
    """The words of an HTML text, a line for each block."""
    reader = _Words()
    reader.feed(text)
    reader.close()
    lines = [" ".join(line.split()) for line in "".join(reader.found).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.skipping = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.skipping += tag in SKIPPED
        if tag in BLOCKS:
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in SKIPPED:
            self.skipping = max(0, self.skipping - 1)
        elif tag in BLOCKS and tag != "br":
            self.found.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.skipping:
            self.found.append(data.replace("\n", " "))
