"""The internal summary and the customer's recap of a call on paper.

Both draw the blocks a version keeps, as its author left them. The customer's paper has besides only what both sides know: the
names, and the day.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from calls.models import Call, Document, DocumentKind, Side
from calls.queries.documents import ShownBlock, shown
from calls.queries.for_customer import occasion
from reports.documents import frame

CONFIDENTIAL = "Confidential: for colleagues only"
IN_A_BLOCK = 8
"""Lines that take as long to lay out as rows of a table, about."""


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    title: str


def call_document(document: Document) -> frame.Document:
    """`document` with its call, deal, account, owner and playbook (data left out)."""
    internal = document.kind == DocumentKind.SUMMARY
    call, what = document.call, occasion(document.call)
    blocks = [one for one in shown(document) if one.html or internal]
    title = f"Discovery summary: {what.customer}" if internal else document.subject
    theirs, ours = _people(call, Side.THEIRS), _people(call, Side.OURS)
    if not internal:
        theirs, ours = [Person(one.name, "") for one in theirs], [Person(one.name, "") for one in ours]
    return frame.Document(
        template="calls/print/document.html",
        name=f"{'Summary' if internal else 'Recap'} {what.customer} {document.number}",
        title=title,
        author=what.ours,
        sheet="call.css",
        footer=f"{CONFIDENTIAL} · version {document.number}" if internal else f"{what.ours} · {what.day}",
        made_at=document.made_at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        watermark="" if document.is_sent or internal else "Draft",
        rows=_rows(blocks),
        values={
            "title": title,
            "internal": internal,
            "confidential": CONFIDENTIAL,
            "what": what,
            "theirs": theirs,
            "ours": ours,
            "blocks": blocks,
        },
    )


def _people(call: Call, side: str) -> list[Person]:
    return [Person(one.name, one.title) for one in call.attendees.filter(side=side).order_by("pk")]


def _rows(blocks: list[ShownBlock]) -> int:
    return sum(len(one.html) // 120 + 1 for one in blocks) // IN_A_BLOCK
