"""What every write to a quote does first and last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db.models import F

from crm.lib.errors import EditConflict, NotAllowed
from crm.services.audit import Act, record
from quotes.models import Approval, ApprovalState, Quote, Revision
from quotes.rules.states import LABELS, State
from quotes.services import telling

WITH = ("revision__playbook", "revision__drafted_by", "requested_by")
LONGEST_WHY = 300


def locked_quote(act: Act, quote_id: int, *, expected_version: int | None = None) -> Quote:
    """The quote, locked for this transaction, for somebody who may change its deal. `act.by` None is the system itself.

    Raises Quote.DoesNotExist where the person may not see it, NotAllowed where they see it but may not change it, EditConflict
    where it was saved since `expected_version`.
    """
    rows = Quote.objects.all() if act.by is None else Quote.objects.visible_to(act.by)
    quote: Quote = rows.select_for_update(of=("self",), no_key=True).get(pk=quote_id)
    if act.by is not None and not Quote.objects.editable_by(act.by).filter(pk=quote_id).exists():
        raise NotAllowed("You can see this quote but not change it. Ask the owner of its deal.")
    if expected_version is not None and quote.version != expected_version:
        raise EditConflict(quote)
    return quote


def touch(
    quote: Quote,
    *,
    act: Act,
    verb: str,
    changes: Mapping[str, tuple[Any, Any]],
    latest: Revision | None = None,
) -> None:
    """Raises the quote's version, takes over what lists show of its newest revision, and writes the audit row."""
    values: dict[str, Any] = {"version": F("version") + 1, "updated_at": act.now}
    if latest is not None:
        quote.latest = latest
        for name in ("state", "total", "yearly", "discount_percent"):
            setattr(quote, name, getattr(latest, name))
            values[name] = getattr(latest, name)
        values["latest"] = latest
    values["title"] = quote.title
    Quote.objects.filter(pk=quote.pk).update(**values)
    quote.version += 1
    quote.updated_at = act.now
    record(act=act, kind="quote", record_id=quote.pk, deal_id=quote.deal_id, verb=verb, changes=changes)


def locked_approval(act: Act, approval_id: int) -> Approval:
    """The approval and its quote, locked for this transaction, the quote first like everybody else does. For whoever sees it;
    what they may do with it is asked for by the caller.

    Raises Approval.DoesNotExist where the person may not see it.
    """
    rows = Approval.objects.all() if act.by is None else Approval.objects.visible_to(act.by)
    quote_id = rows.values_list("revision__quote", flat=True).get(pk=approval_id)
    quotes = Quote.objects.select_for_update(of=("self",), no_key=True).select_related("deal__account", "deal__owner")
    quote = quotes.get(pk=quote_id)
    whole = Approval.objects.select_for_update(of=("self",), no_key=True).select_related(*WITH)
    approval: Approval = whole.defer("revision__playbook__data").get(pk=approval_id)
    approval.revision.quote = quote
    return approval


def settle(
    approval: Approval,
    state: ApprovalState,
    *,
    act: Act,
    verb: str,
    changes: Mapping[str, tuple[Any, Any]] | None = None,
) -> None:
    """Ends an approval, its revision with it, for services that hold the lock; other fields they set on it are saved too."""
    revision, quote = approval.revision, approval.revision.quote
    before = LABELS[State(revision.state)]
    approval.state = state
    approval.decided_at = act.now
    approval.save(update_fields=["state", "decided_at", "cleared_by", "why_void"])
    revision.state = State(state)
    revision.save(update_fields=["state"])
    told = {"revision": (None, revision.number), "state": (before, LABELS[State(state)]), **(changes or {})}
    touch(quote, act=act, verb=verb, changes=told, latest=revision if quote.latest_id == revision.pk else None)


def void(act: Act, approval: Approval, why: str) -> None:
    """Marks what does not stand, with why; for services that hold the lock."""
    approval.why_void = why if len(why) <= LONGEST_WHY else f"{why[: LONGEST_WHY - 1]}…"
    settle(approval, ApprovalState.VOID, act=replace(act, why=approval.why_void), verb="void")
    telling.tell_of_void(act, approval)
