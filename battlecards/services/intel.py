"""News of competitors: logged with its source, mended, withdrawn; and what of our cards it puts in doubt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.urls import reverse

from battlecards.models import Card, Claim, IntelEvent, IntelMark
from battlecards.queries.intel import doubted, editors
from battlecards.services.publishing import card_rules
from crm.lib.errors import Clash, EditConflict, Invalid, NotAllowed
from crm.models import Competitor, NotificationKind
from crm.queries.company import company, day_of
from crm.rules import access
from crm.services.audit import Act, apply_changes, record
from crm.services.notifications import notify

LONGEST = {"title": 200, "text": 10_000, "source": 200, "url": 500}
FIELDS = ("kind", "title", "text", "source", "url", "happened_on")


@transaction.atomic
def create_event(
    *, act: Act, competitor_key: str, values: Mapping[str, Any], claim_ids: Collection[int] | None = None
) -> IntelEvent:
    """Logs what happened. `claim_ids` are the claims on the competitor's card to look at again; None takes those the kind of news
    suggests. The card is due for review at once. Editors are told.

    Raises NotAllowed for somebody without a role; Invalid by field (competitor, kind, title, source, text, url, happened_on, claims).
    """
    if act.by is not None and not access.reads_cards(act.by.roles):
        raise NotAllowed("Your role does not include this. Operations can change roles.")
    competitor = Competitor.objects.filter(key=competitor_key).first()
    given = {"text": "", "url": ""} | dict(values)
    errors = _faults(act, given, FIELDS)
    if competitor is None:
        errors["competitor"] = "Choose one of the known competitors."
        raise Invalid(errors)
    if errors:
        raise Invalid(errors)
    event = IntelEvent.objects.create(
        competitor=competitor, created_by=act.by, created_at=act.now, **{name: given[name] for name in FIELDS}
    )
    wanted = set(doubted(event)) if claim_ids is None else set(claim_ids)
    _mark(act, event, wanted)
    changes = {"name": (None, event.title), "kind": (None, event.get_kind_display()), "source": (None, event.source)}
    record(act=act, kind="intel", record_id=event.pk, verb="added", changes=changes)
    notify(
        act=act,
        to=editors(),
        kind=NotificationKind.INTEL,
        text=f"{event.get_kind_display()} at {competitor}: {event.title}",
        url=reverse("battlecards:intel-detail", args=[event.pk]),
        key=f"intel:{event.pk}",
    )
    return event


@transaction.atomic
def update_event(
    *,
    act: Act,
    event_id: int,
    values: Mapping[str, Any],
    claim_ids: Collection[int] | None = None,
    expected_version: int | None = None,
) -> IntelEvent:
    """Mends what was logged, and which claims it puts in doubt (None: as they are). The competitor stays.

    Raises IntelEvent.DoesNotExist; NotAllowed for others than its author and editors; Clash for one that was withdrawn; EditConflict;
    Invalid by field.
    """
    event = locked_event(act, event_id)
    if expected_version is not None and event.version != expected_version:
        raise EditConflict(event)
    errors = _faults(act, values, values)
    if errors:
        raise Invalid(errors)
    changes = apply_changes(event, dict(values), FIELDS)
    marked = claim_ids is not None and _mark(act, event, set(claim_ids))
    if changes or marked:
        event.version += 1
        event.save()
        if "title" in changes or "kind" in changes:
            _reword(event)
        told = {"name": (event.title, event.title), **changes}
        record(act=act, kind="intel", record_id=event.pk, verb="changed", changes=told)
    return event


@transaction.atomic
def withdraw_event(*, act: Act, event_id: int, expected_version: int | None = None) -> IntelEvent:
    """It was not so: what it alone put in doubt is out of doubt again. A response under way goes on until somebody stops it.

    Raises as `update_event`.
    """
    event = locked_event(act, event_id)
    if expected_version is not None and event.version != expected_version:
        raise EditConflict(event)
    event.withdrawn_at = act.now
    event.version += 1
    event.save(update_fields=["withdrawn_at", "version"])
    claims = list(event.marks.filter(settled_at__isnull=True).values_list("claim", flat=True))
    IntelMark.objects.filter(event=event, settled_at__isnull=True).delete()
    _retell(claims)
    _release_card(event)
    record(act=act, kind="intel", record_id=event.pk, verb="withdrawn", changes={"name": (event.title, None)})
    return event


def locked_event(act: Act, event_id: int) -> IntelEvent:
    rows = IntelEvent.objects.select_for_update(of=("self",)).select_related("competitor")
    event = rows.get(pk=event_id)
    if act.by is not None:
        if not access.reads_cards(act.by.roles):
            raise IntelEvent.DoesNotExist
        if not may_edit(event, act.by.pk, act.by.roles):
            raise NotAllowed("Only whoever logged this, enablement and operations change it.")
    if event.withdrawn_at is not None:
        raise Clash("This was withdrawn. Log what is true now.")
    return event


def may_edit(event: IntelEvent, person_id: int, roles: Collection[str]) -> bool:
    return event.created_by_id == person_id or access.may_edit_cards(roles)


def because(event: IntelEvent) -> str:
    return f"{event.get_kind_display()}: {event.title}"[:300]


def _mark(act: Act, event: IntelEvent, wanted: set[int]) -> bool:
    """These claims of the competitor's card and no others; what was settled stays settled. Whether anything changed."""
    card = Card.objects.select_for_update().filter(competitor=event.competitor_id).first()
    known = set(Claim.objects.filter(card=card, pk__in=wanted).values_list("pk", flat=True)) if card else set()
    if wanted - known:
        raise Invalid({"claims": "Choose claims of the competitor's card."})
    there = set(event.marks.values_list("claim", flat=True))
    dropped = list(
        event.marks.filter(settled_at__isnull=True).exclude(claim__in=wanted).values_list("claim", flat=True)
    )
    IntelMark.objects.filter(event=event, claim__in=dropped, settled_at__isnull=True).delete()
    _retell(dropped)
    fresh = wanted - there
    IntelMark.objects.bulk_create([IntelMark(event=event, claim_id=pk) for pk in sorted(fresh)])
    Claim.objects.filter(pk__in=fresh).update(review_because=because(event), review_since_at=act.now)
    if card is not None and not there:
        card.review_because, card.review_date = because(event), day_of(company(), act.now)
        card.save(update_fields=["review_because", "review_date"])
    return bool(fresh or dropped)


def _reword(event: IntelEvent) -> None:
    """The claims it marked say it as it is called now."""
    claims = list(event.marks.filter(settled_at__isnull=True).values_list("claim", flat=True))
    _retell(claims)


def _retell(claim_ids: list[int]) -> None:
    """Each claim says the newest news that still asks for a look; none, and nobody has to look."""
    marks = IntelMark.objects.filter(claim__in=claim_ids, settled_at__isnull=True).select_related("event")
    newest = {mark.claim_id: mark.event for mark in marks.order_by("pk")}
    for claim_id in claim_ids:
        event = newest.get(claim_id)
        since = event.created_at if event else None
        Claim.objects.filter(pk=claim_id).update(review_because=because(event) if event else "", review_since_at=since)


def _release_card(event: IntelEvent) -> None:
    card = Card.objects.select_for_update().filter(competitor=event.competitor_id).first()
    if card is None or card.review_because != because(event):
        return
    since = card.reviewed_at or card.created_at
    left = IntelEvent.objects.filter(competitor=event.competitor_id, withdrawn_at__isnull=True, created_at__gt=since)
    other = left.order_by("-created_at", "-pk").first()
    card.review_because = because(other) if other else ""
    if other is None:
        card.review_date = since.date() + dt.timedelta(days=card_rules().review_every_days)
    card.save(update_fields=["review_because", "review_date"])


def _faults(act: Act, values: Mapping[str, Any], names: Collection[str]) -> dict[str, str]:
    errors: dict[str, str] = {}
    for name, most in LONGEST.items():
        text = values.get(name, "")
        if name in names and len(text) > most:
            errors[name] = f"Keep it to {most:,} characters; this has {len(text):,}."
    if "kind" in names and values.get("kind") not in IntelEvent.Kind.values:
        errors["kind"] = f"Choose one of: {', '.join(IntelEvent.Kind.values)}."
    if "title" in names and not str(values.get("title", "")).strip():
        errors["title"] = "Say what happened."
    if "source" in names and not str(values.get("source", "")).strip():
        errors["source"] = "Say where this is known from."
    if "url" in names and values.get("url") and urlsplit(values["url"]).scheme not in {"http", "https"}:
        errors["url"] = "Give a whole address, such as https://example.com/news."
    if "happened_on" in names:
        day = values.get("happened_on")
        if day is None:
            errors["happened_on"] = "Say when it happened."
        elif day > day_of(company(), act.now) + dt.timedelta(days=1):
            errors["happened_on"] = "It has not happened yet. Log it when it has."
    return errors
