"""The summaries and recaps of a call, and who gets them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models.functions import Lower
from django.utils.safestring import SafeString

from activities.rules.markdown import render
from calls.models import Call, Document, DocumentKind, Notebook, Side
from calls.rules.blocks import Block, stored
from crm.models import Person
from crm.registry.finding import record_doors
from deals.models import Deal


def documents_of(call: Call, kind: str) -> list[Document]:
    """Every version, the newest first."""
    return list(Document.objects.filter(call=call, kind=kind).select_related("made_by", "sent_by").order_by("-number"))


def draft_of(call: Call, kind: str) -> Document | None:
    found: Document | None = Document.objects.filter(call=call, kind=kind, sent_at__isnull=True).first()
    return found


def latest_of(call: Call, kind: str) -> Document | None:
    found: Document | None = Document.objects.filter(call=call, kind=kind).order_by("-number").first()
    return found


def blocks_of(document: Document) -> tuple[Block, ...]:
    return stored(document.blocks)


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """A block to read: `html` is what Markdown-light makes of its text, "" where nothing stands in it."""

    key: str
    label: str
    html: str


def shown(document: Document) -> tuple[ShownBlock, ...]:
    return tuple(ShownBlock(one.key, one.label, markdown(one.text)) for one in blocks_of(document))


def markdown(text: str) -> str:
    """What was typed, as HTML; "" where nothing was."""
    return SafeString(render(text)) if text.strip() else ""  # nosec B703 - its own renderer, no HTML let in


def is_behind(document: Document) -> bool:
    """Notes were written since it was made of them."""
    now = Notebook.objects.filter(pk=document.call_id).values_list("sequence", flat=True).first()
    return not document.is_sent and (now or 0) > document.sequence


@dataclass(frozen=True, slots=True)
class Recipient:
    name: str
    email: str
    note: str = ""


def recipients(call: Call, kind: str) -> list[Recipient]:
    """Whom a recap or summary is sent to unless somebody says otherwise: of theirs on the call those whose address is known, of
    ours those who see the deal in full."""
    if kind == DocumentKind.SUMMARY:
        rows = call.attendees.filter(side=Side.OURS, person__is_active=True).exclude(person__email="")
        people = [one.person for one in rows.select_related("person")]
        allowed = _seeing(call.deal, people)
        return [Recipient(str(one), one.email) for one in people if one.pk in allowed]
    rows = call.attendees.filter(side=Side.THEIRS, contact__deleted_at__isnull=True).exclude(contact__email="")
    return [
        Recipient(one.name, one.contact.email, one.title or one.contact.title)
        for one in rows.filter(contact__isnull=False).select_related("contact")
    ]


def without_address(call: Call) -> list[str]:
    """Those of theirs on the call who get no recap, for nobody knows their address."""
    rows = call.attendees.filter(side=Side.THEIRS).select_related("contact")
    return [one.name for one in rows if one.contact is None or not one.contact.email]


def may_receive(deal: Deal, addresses: Iterable[str]) -> list[str]:
    """The addresses among these that belong to nobody who sees the deal in full."""
    wanted = list(addresses)
    folded = [one.lower() for one in wanted]
    people = list(Person.objects.annotate(folded=Lower("email")).filter(folded__in=folded, is_active=True))
    allowed = _seeing(deal, people)
    theirs = {one.email.lower() for one in people if one.pk in allowed}
    return [one for one in wanted if one.lower() not in theirs]


def _seeing(deal: Deal, people: Sequence[Person]) -> set[int]:
    return record_doors.get("deal").seen_by(people, deal.pk) if people else set()
