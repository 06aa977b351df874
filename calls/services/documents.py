"""Summaries and recaps: made of the notes, edited until they are sent, kept as they went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from activities.services.activities import log_activity
from calls.models import Call, Document, DocumentKind, Notebook, Side
from calls.queries.deal_words import known
from calls.queries.documents import draft_of, latest_of, may_receive
from calls.queries.for_customer import customer_notes, held, occasion
from calls.queries.letters import letter
from calls.queries.noted import noted
from calls.rules.blocks import LONGEST, Block, kept, stored, without
from calls.rules.known import clipped
from calls.rules.letters import as_text, filled
from calls.rules.recap import recap
from calls.rules.recap import subject as recap_subject
from calls.rules.states import State
from calls.rules.summary import summary
from calls.services.base import locked_call
from crm.lib.errors import Clash, EditConflict, Invalid
from crm.models import Person
from crm.queries.company import company, day_of
from crm.services.audit import Act, record
from crm.services.outbox import write_mail

MOST_ADDRESSES = 30
SENT = "This {kind} is sent already. Write the next version if there is more to say."
HELD = "“{words}” stands in it. {why} Decide on it first, or write the recap anew from the notes."
NOT_HELD = "There is nothing to write of a call that was not held yet."


@transaction.atomic
def make_document(*, act: Act, call_id: int, kind: str) -> Document:
    """The draft of a summary or recap: the one there is, else the first one from the notes, else the next version, which begins
    with what was sent.

    Raises as `locked_call`, and Clash for a call that was not held.
    """
    call = _held(act, call_id)
    draft = draft_of(call, kind)
    if draft is not None:
        return draft
    last = latest_of(call, kind)
    made = Document(call=call, kind=kind, number=last.number + 1 if last else 1, made_by=act.by, made_at=act.now)
    if last is None:
        _write(made, act)
    else:
        made.blocks, made.subject, made.sequence = last.blocks, last.subject, last.sequence
        made.sources = last.sources
    made.save()
    _tell(act, made, "wrote", {"number": (None, made.number)})
    return made


@transaction.atomic
def remake_document(*, act: Act, call_id: int, kind: str, expected_version: int | None = None) -> Document:
    """The draft as the notes and the deal say it now; what was edited in it is gone. Raises as `make_document`, and
    EditConflict."""
    draft = _draft(act, call_id, kind, expected_version)
    _write(draft, act)
    _saved(draft, act)
    _tell(act, draft, "wrote anew", {"number": (draft.number, draft.number)})
    return draft


@transaction.atomic
def save_document(
    *,
    act: Act,
    call_id: int,
    kind: str,
    texts: Mapping[str, str],
    subject: str | None = None,
    expected_version: int | None = None,
) -> Document:
    """Takes over what somebody made of the blocks' texts, by their keys; those not given stay.

    Raises as `make_document`, EditConflict, and Invalid by the block's key and "subject".
    """
    draft = _draft(act, call_id, kind, expected_version)
    before = stored(draft.blocks)
    after = [Block(one.key, one.label, _clean(texts.get(one.key, one.text))) for one in before]
    errors = {one.key: f"A block has {LONGEST:,} characters at most." for one in after if len(one.text) > LONGEST}
    subject = draft.subject if subject is None else " ".join(subject.split())
    if kind == DocumentKind.RECAP and not subject:
        errors["subject"] = "An e-mail needs a subject."
    if len(subject) > 200:
        errors["subject"] = "A subject has 200 characters at most."
    if errors:
        raise Invalid(errors)
    changed = [one.label for one, old in zip(after, before, strict=True) if one.text != old.text]
    if changed or subject != draft.subject:
        draft.blocks, draft.subject = kept(after), subject
        _saved(draft, act)
        _tell(act, draft, "edited", {"blocks": (None, changed)})
    return draft


@transaction.atomic
def settle_held(
    *, act: Act, call_id: int, kind: str, entry: str, keep: bool, expected_version: int | None = None
) -> Document:
    """Decides on what stands in a recap though its note does not say it any more (`calls.queries.for_customer.held`): it is kept
    from now on, or taken out. Nothing where that is settled already.

    Raises as `make_document`, EditConflict, and Clash to keep what its author keeps back.
    """
    draft = _draft(act, call_id, kind, expected_version)
    one = next((one for one in held(draft) if one.entry == entry), None)
    if one is None:
        return draft
    if keep and not one.may_stay:
        raise Clash(f"“{clipped(one.words, 80)}” can't be kept. {one.why}")
    if keep:
        draft.sources = [{**each, "kept": True} if each["entry"] == entry else each for each in draft.sources]
    else:
        blocks = stored(draft.blocks)
        draft.blocks = kept(Block(each.key, each.label, without(each.text, one.words)) for each in blocks)
        draft.sources = [each for each in draft.sources if each["entry"] != entry]
    _saved(draft, act)
    _tell(act, draft, "edited", {"kept" if keep else "taken out": (None, one.words)})
    return draft


@transaction.atomic
def send_document(
    *, act: Act, call_id: int, kind: str, to: Sequence[str], by_hand: bool = False, expected_version: int | None = None
) -> Document:
    """Sends the draft to these addresses, or notes that its author sent it themselves (`by_hand`). A recap stands on the deal as an
    e-mail from then on; a summary goes to colleagues who see the deal in full, and to nobody else.

    Raises as `make_document`, EditConflict, Clash for one that is sent already, and Invalid for "to".
    """
    draft = _draft(act, call_id, kind, expected_version)
    blocks = stored(draft.blocks)
    addresses = _addresses(to)
    if not filled(blocks):
        raise Invalid({"to": "Nothing stands in it yet."})
    if waiting := held(draft):
        raise Invalid({"to": HELD.format(words=clipped(waiting[0].words, 80), why=waiting[0].why)})
    if kind == DocumentKind.SUMMARY and (strange := may_receive(draft.call.deal, addresses)):
        raise Invalid({"to": f"Not a colleague who sees this deal in full: {', '.join(strange)}."})
    assert act.by is not None
    if not by_hand:
        _post(act.by, draft, blocks, addresses, act)
    draft.sent_at, draft.sent_by, draft.sent_to, draft.sent_by_hand = act.now, act.by, addresses, by_hand
    _saved(draft, act, written=False)
    if kind == DocumentKind.RECAP:
        _log(draft, blocks, addresses, act)
    _tell(act, draft, "sent", {"to": (None, addresses), "by_hand": (None, by_hand)})
    return draft


def _held(act: Act, call_id: int) -> Call:
    call = locked_call(act, call_id)
    if call.state not in (State.REVIEW, State.DONE):
        raise Clash(NOT_HELD)
    return call


def _draft(act: Act, call_id: int, kind: str, expected_version: int | None) -> Document:
    call = _held(act, call_id)
    draft = draft_of(call, kind)
    if draft is None:
        label = DocumentKind(kind).label.lower()
        raise Clash(SENT.format(kind=label) if latest_of(call, kind) else f"The {label} is not written yet.")
    draft.call = call
    if expected_version is not None and draft.version != expected_version:
        raise EditConflict(draft)
    return draft


def _write(document: Document, act: Act) -> None:
    """From the notes as they are; a recap from those alone that are for the customer."""
    call = document.call
    document.sequence = Notebook.objects.values_list("sequence", flat=True).get(pk=call.pk)
    if document.kind == DocumentKind.RECAP:
        what = occasion(call)
        notes = customer_notes(call)
        document.blocks = kept(recap(what, notes))
        document.sources = [{"entry": note.entry, "text": note.text} for note in notes]
        document.subject = recap_subject(what)[:200]
        return
    today = day_of(company(), act.now)
    document.blocks = kept(summary(noted(call), known(call, today)))
    document.subject = f"Summary: {call.title}"[:200]


def _saved(document: Document, act: Act, *, written: bool = True) -> None:
    document.version += 1
    if written:
        document.made_by, document.made_at = act.by, act.now
    document.save()


def _clean(text: Any) -> str:
    return str(text).replace("\r\n", "\n").replace("\x00", "").strip()


def _addresses(given: Sequence[str]) -> list[str]:
    """Each once. Raises Invalid."""
    found = list(dict.fromkeys(one.strip() for one in given if one.strip()))
    wrong = []
    for address in found:
        try:
            validate_email(address)
        except ValidationError:
            wrong.append(address[:80])
    if wrong:
        raise Invalid({"to": f"Not an e-mail address: {', '.join(wrong)}."})
    if not found:
        raise Invalid({"to": "Say who gets it."})
    if len(found) > MOST_ADDRESSES:
        raise Invalid({"to": f"{MOST_ADDRESSES} addresses at most."})
    return found


def _post(sender: Person, draft: Document, blocks: Sequence[Block], addresses: Sequence[str], act: Act) -> None:
    """A letter each, so that one mailbox that refuses costs the others nothing; by a key, so that none gets two."""
    if not sender.email:
        raise Invalid({"to": "Answers would go nowhere: you have no e-mail address here. Send it yourself instead."})
    made = letter(draft, blocks, sender)
    for address in addresses:
        write_mail(
            to=address,
            subject=draft.subject,
            text=made.text,
            html=made.html,
            reply_to=sender.email,
            key=f"call:{draft.pk}:{address}"[:120],
            at=act.now,
        )


def _log(draft: Document, blocks: Sequence[Block], addresses: Sequence[str], act: Act) -> None:
    call, wanted = draft.call, {one.lower() for one in addresses}
    there = call.attendees.filter(
        side=Side.THEIRS, contact__deleted_at__isnull=True, contact__account=call.deal.account_id
    )
    values = {
        "kind": "email",
        "direction": "out",
        "subject": draft.subject,
        "at": act.now,
        "sender": act.by.email if act.by else "",
        "recipients": ", ".join(addresses)[:4_000],
        "body": as_text(blocks)[:100_000],
        "participants": [
            one.contact_id for one in there.select_related("contact") if one.contact.email.lower() in wanted
        ],
    }
    log_activity(act=act, about=("deal", call.deal_id), values=values)


def _tell(act: Act, document: Document, verb: str, changes: dict[str, tuple[Any, Any]]) -> None:
    told = {"document": (None, f"{document.get_kind_display()} {document.number}"), **changes}
    call = document.call
    record(act=act, kind="call", record_id=call.pk, deal_id=call.deal_id, verb=verb, changes=told)
