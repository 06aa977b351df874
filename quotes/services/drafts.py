"""Quotes in the making: typed, priced as far as they can be, and never lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import transaction

from crm.lib.errors import Clash, Invalid
from crm.lib.texts import storable
from crm.rules.currencies import to_cents
from crm.services.audit import Act
from deals.services.base import locked_deal
from quotes.models import Quote, Revision
from quotes.queries import prices
from quotes.rules.pricing import Priced, price
from quotes.rules.reading import read
from quotes.rules.refusals import Refusal, Refused
from quotes.rules.states import State
from quotes.rules.stored import ask_json, priced_json
from quotes.services.base import locked_quote, touch

MOST_INPUT = 64_000
"""Characters of JSON that a draft may hold; forty long lines are a third of it."""
FIELDS = ("title", "note", "valid_until")


@transaction.atomic
def create_quote(*, act: Act, deal_id: int, title: str, inputs: Mapping[str, Any], **values: Any) -> Quote:
    """A quote with its first draft on an open deal. `inputs` are as `quotes.rules.reading.read` takes them and may be unfinished.

    Raises Deal.DoesNotExist, NotAllowed, Clash (closed deal), NoPrices, Invalid for the title.
    """
    deal = locked_deal(act, deal_id, must_be_open=True)
    number, rules = prices.current()
    assert act.by is not None
    quote = Quote.objects.create(
        deal=deal,
        title=_title(title),
        currency=rules.currency,
        created_by=act.by,
        created_at=act.now,
        updated_at=act.now,
        version=0,
    )
    draft = Revision(quote=quote, number=1, **_values(values))
    _write(draft, inputs, number, act)
    touch(quote, act=act, verb="created", changes={"title": ("", quote.title), **_figures(None, draft)}, latest=draft)
    return quote


@transaction.atomic
def save_draft(
    *,
    act: Act,
    quote_id: int,
    inputs: Mapping[str, Any],
    expected_version: int | None = None,
    **values: Any,
) -> Quote:
    """Keeps what was typed, finished or not. Where the newest revision was submitted, the next one begins with it.

    `values`: title, note, valid_until. Raises as `locked_quote`, Clash where the quote was accepted, NoPrices, Invalid.
    """
    quote = locked_quote(act, quote_id, expected_version=expected_version)
    draft, before = _open_draft(quote, act)
    changes: dict[str, tuple[Any, Any]] = {}
    for name, value in _values(values).items():
        if getattr(draft, name) != value:
            changes[name] = (getattr(draft, name), value)
            setattr(draft, name, value)
    if "title" in values and (title := _title(values["title"])) != quote.title:
        changes["title"], quote.title = (quote.title, title), title
    _write(draft, inputs, prices.current()[0], act, begun=before)
    touch(quote, act=act, verb="changed", changes={**changes, **_figures(before, draft)}, latest=draft)
    return quote


@transaction.atomic
def revise(*, act: Act, quote_id: int, expected_version: int | None = None) -> Quote:
    """Begins the next revision with what the newest one asked; a draft that is there already is left as it is."""
    quote = locked_quote(act, quote_id, expected_version=expected_version)
    draft, before = _open_draft(quote, act)
    if draft.pk is None:
        _write(draft, before.inputs if before else {}, prices.current()[0], act, begun=before)
        touch(quote, act=act, verb="revised", changes={"revision": (draft.number - 1, draft.number)}, latest=draft)
    return quote


@transaction.atomic
def duplicate(*, act: Act, quote_id: int, deal_id: int | None = None) -> Quote:
    """A new quote with the same inputs, on the same deal or another. It carries no approval and no decision.

    Raises Quote.DoesNotExist where the original is not seen, and as `create_quote`.
    """
    rows = Quote.objects.all() if act.by is None else Quote.objects.visible_to(act.by)
    original = rows.select_related("latest").get(pk=quote_id)
    latest = original.latest
    title = f"Copy of {original.title}"[:200]
    values = {"note": latest.note} if latest else {}
    made = create_quote(
        act=act, deal_id=deal_id or original.deal_id, title=title, inputs=latest.inputs if latest else {}, **values
    )
    Quote.objects.filter(pk=made.pk).update(copied_from=original)
    made.copied_from = original
    return made


@transaction.atomic
def discard_draft(*, act: Act, quote_id: int, expected_version: int | None = None) -> Quote | None:
    """Drops the draft. The revision before it is the newest again; a quote that was nothing but a draft goes (None)."""
    quote = locked_quote(act, quote_id, expected_version=expected_version)
    draft = quote.revisions.filter(state=State.DRAFT).first()
    if draft is None:
        raise Clash("This quote has no draft to drop.")
    before = quote.revisions.exclude(pk=draft.pk).order_by("-number").first()
    touch(quote, act=act, verb="discarded", changes={"revision": (draft.number, None)}, latest=before)
    if before is None:
        quote.delete()
        return None
    draft.delete()
    return quote


def _open_draft(quote: Quote, act: Act) -> tuple[Revision, Revision | None]:
    """The draft to write on, and the revision it differs from: itself as it was, or the one before it."""
    newest = quote.revisions.order_by("-number").first()
    if newest is None:
        return Revision(quote=quote, number=1), None
    if quote.revisions.filter(state=State.ACCEPTED).exists():
        raise Clash("The customer accepted this quote. Duplicate it for another offer.")
    if newest.is_draft:
        return newest, Revision(total=newest.total, discount_percent=newest.discount_percent)
    if newest.state == State.SUBMITTED:
        raise Clash("This quote waits for approval. Withdraw it first, then change it.")
    return Revision(quote=quote, number=newest.number + 1, note=newest.note), newest


def _write(draft: Revision, inputs: Mapping[str, Any], number: int, act: Act, *, begun: Revision | None = None) -> None:
    """`begun`: the revision a new draft began with. Who saves what somebody else drafted, as it is, has not drafted it: that
    person still may not decide on it."""
    source = draft if draft.pk else begun
    drafter = source.drafted_by if source is not None and source.inputs == dict(inputs) else act.by
    draft.inputs, draft.playbook_id = dict(inputs), prices.version_id(number)
    if len(str(draft.inputs)) > MOST_INPUT:
        raise Invalid({"": "This is more than a quote can hold. Take some lines out."})
    if unfit := next(_unstorable(draft.inputs), None):
        raise Invalid({unfit: "The text holds a character that can't be stored."})
    priced, refusals = tried(inputs, number)
    draft.refusals = [{"field": one.field, "rule": one.rule, "text": one.text} for one in refusals]
    take_price(draft, priced)
    assert drafter is not None
    draft.drafted_by, draft.drafted_at = drafter, act.now
    draft.save()


def _unstorable(value: Any, at: str = "") -> Iterator[str]:
    """Where a text stands that no database keeps, by the paths of `quotes.rules.reading`; a name like that is told of its parent."""
    if isinstance(value, str):
        if not storable(value):
            yield at
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _unstorable(str(name), at)
            yield from _unstorable(inner, f"{at}.{name}" if at else str(name))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _unstorable(inner, f"{at}.{place}" if at == "lines" else at)


def tried(inputs: Mapping[str, Any], number: int) -> tuple[Priced | None, tuple[Refusal, ...]]:
    """The price of what was typed under a playbook version, or why it has none."""
    rules = prices.rules_of(number)
    try:
        return price(read(inputs, rules), rules), ()
    except Refused as error:
        return None, error.refusals


def take_price(revision: Revision, priced: Priced | None) -> None:
    """The result beside what it was made from, and what lists sort by."""
    revision.ask = ask_json(priced.ask) if priced else None
    revision.priced = priced_json(priced) if priced else None
    revision.total = priced.total if priced else None
    revision.arr = priced.arr if priced else None
    revision.yearly = to_cents(priced.yearly) if priced else None
    revision.discount_percent = priced.discount_percent if priced else None


def _values(values: Mapping[str, Any]) -> dict[str, Any]:
    for name in values:
        if name not in FIELDS:
            raise KeyError(name)
    until = values.get("valid_until")
    if until is not None and not isinstance(until, dt.date):
        raise Invalid({"valid_until": "Give a day."})
    return {name: values[name] for name in ("note", "valid_until") if name in values}


def _title(given: str) -> str:
    title = given.strip()
    if not title:
        raise Invalid({"title": "Give the quote a name."})
    if len(title) > 200:
        raise Invalid({"title": f"At most 200 characters; this has {len(title)}."})
    return title


def _figures(before: Revision | None, after: Revision) -> dict[str, tuple[Any, Any]]:
    pairs = {
        name: (getattr(before, name) if before else None, getattr(after, name))
        for name in ("total", "discount_percent")
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
