"""Conditions on how deals were decided: when, against whom, why, and with which card."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db.models import Exists, OuterRef, Q

from battlecards.models import Card, Use
from crm.models import Competitor
from crm.rules.fact_words import show_date
from deals.models import DealCompetitor, Outcome, OutcomeReason
from reports.queries.asked import Asked

NOTHING = Q(pk__in=[])
LABELS = {"closed": "Closed", "competitor": "Competitor", "reason": "Reason", "card": "Battle card used"}


def closed(_: Asked, value: str) -> Q:
    """Decided on one of the days "2026-01-01..2026-03-31"."""
    days = _days(value)
    return ~Q(outcome=Outcome.OPEN) & Q(close_date__range=days) if days else NOTHING


def _days(value: str) -> tuple[dt.date, dt.date] | None:
    since, _, until = value.partition("..")
    try:
        return dt.date.fromisoformat(since), dt.date.fromisoformat(until)
    except ValueError:
        return None


def against(_: Asked, key: str) -> Q:
    """Deals a competitor stands on, or that name it in their outcome; "" are those without any."""
    on_it = DealCompetitor.objects.filter(deal=OuterRef("deal_id"))
    if not key:
        return ~Q(Exists(on_it)) & Q(deal__outcome_competitor__isnull=True)
    return Q(Exists(on_it.filter(competitor__key=key))) | Q(deal__outcome_competitor__key=key)


def because(_: Asked, key: str) -> Q:
    given = OutcomeReason.objects.filter(deal=OuterRef("deal_id"))
    return Q(Exists(given.filter(reason=key))) if key else ~Q(Exists(given))


def with_card(asked: Asked, slug: str) -> Q:
    """Deals on which somebody used the card before they closed; "" are those without any."""
    uses = Use.objects.filter(deal=OuterRef("deal_id"), at__lt=OuterRef("deal__closed_at"), at__lte=asked.moment)
    return Q(Exists(uses.filter(card__slug=slug))) if slug else ~Q(Exists(uses))


CONDITIONS: dict[str, Callable[[Asked, str], Q]] = {
    "closed": closed,
    "competitor": against,
    "reason": because,
    "card": with_card,
}


def words(asked: Asked, key: str, value: str) -> str:
    """A value as people read it."""
    if key == "closed":
        days = _days(value)
        return f"{show_date(days[0])} to {show_date(days[1])}" if days else value
    if not value:
        return "None"
    if key == "competitor":
        return str(Competitor.objects.filter(key=value).first() or value)
    if key == "card":
        return str(Card.objects.visible_to(asked.user).filter(slug=value).first() or value)
    return next((one.label for one in asked.playbook.outcome_reasons if one.key == value), value)
