"""A document as the e-mail it goes as: plain text, HTML, and a draft for somebody's own mail program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import quote

from django.template.loader import render_to_string

from calls.models import Document
from calls.queries.documents import markdown
from calls.rules.blocks import Block
from calls.rules.letters import as_text, filled
from crm.models import Person

LONGEST_LINK = 1_900
"""Characters of a mailto: link that every mail program still takes."""


@dataclass(frozen=True, slots=True)
class Letter:
    text: str
    html: str


def letter(document: Document, blocks: Sequence[Block], sender: Person) -> Letter:
    """Nothing but the blocks and who signs."""
    signed = (str(sender), sender.email)
    shown = [(one, markdown(one.text)) for one in filled(blocks)]
    html = render_to_string("mail/call_document.html", {"subject": document.subject, "blocks": shown, "signed": signed})
    return Letter(as_text(blocks, signed=signed), html)


def draft(document: Document, blocks: Sequence[Block], sender: Person, to: Sequence[str]) -> bytes:
    """A file that mail programs open as a letter not sent yet."""
    made = letter(document, blocks, sender)
    message = EmailMessage()
    message["X-Unsent"] = "1"
    message["To"] = ", ".join(to)
    message["Subject"] = document.subject
    message.set_content(made.text)
    message.add_alternative(made.html, subtype="html")
    return message.as_bytes()


def mail_link(document: Document, blocks: Sequence[Block], sender: Person, to: Sequence[str]) -> str:
    """The letter as a link for the mail program; "" where it is too long for one."""
    body = letter(document, blocks, sender).text.replace("\n", "\r\n")
    link = f"mailto:{','.join(quote(one, safe='@') for one in to)}?subject={quote(document.subject)}&body={quote(body)}"
    return link if len(link) <= LONGEST_LINK else ""
