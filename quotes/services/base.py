"""What every write to a quote does first and last."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import F

from crm.lib.errors import EditConflict, NotAllowed
from crm.services.audit import Act, record
from quotes.models import Quote, Revision


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
