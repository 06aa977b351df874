"""Groups that are made, not kept: bands of age and size, what stands in its stage for too long, the class of a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise

from django.db.models import Case, CharField, ExpressionWrapper, F, FloatField, OuterRef, Q, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from crm.queries import company as companies
from crm.rules import formatting
from reports.queries.asked import Asked
from scoring.models import LeadScore

AGES = ((30, "Under 30 days"), (90, "30 to 89 days"), (180, "90 to 179 days"), (365, "180 to 364 days"))
OLDEST = ("365", "A year and more")


def named(known: dict[str, str], keys: Iterable[str]) -> dict[str, str]:
    """Names the playbook has, then words of their own: what was imported may be in an industry the playbook does not know."""
    others = sorted({key for key in keys if key} - set(known))
    return known | {key: f"{key[:1].upper()}{key[1:]}".replace("_", " ") for key in others}


def ages() -> dict[str, str]:
    """By the days they begin with."""
    begins = [0, *(days for days, _ in AGES)]
    labels = [label for _, label in AGES]
    return {str(begin): label for begin, label in zip(begins, [*labels, OLDEST[1]], strict=True)}


def age(asked: Asked) -> Combinable:
    """How long there has been a deal, in days where the company is."""
    begins = [0, *(days for days, _ in AGES)]
    return Case(
        *(
            When(
                deal__created_at__gte=asked.start_of(asked.as_of - dt.timedelta(days=under - 1)), then=Value(str(begin))
            )
            for begin, (under, _) in zip(begins, AGES, strict=False)
        ),
        default=Value(OLDEST[0]),
        output_field=CharField(),
    )


def size(asked: Asked) -> Combinable:
    """The playbook's class of the account's size; "" where nobody has said how many work there."""
    return Case(
        *(
            When(
                Q(deal__account__employees__gte=one.employees_at_least)
                & (Q() if one.employees_under is None else Q(deal__account__employees__lt=one.employees_under)),
                then=Value(one.key),
            )
            for one in asked.playbook.size_classes
        ),
        default=Value(""),
        output_field=CharField(),
    )


def lead_class(asked: Asked) -> Combinable:
    """The deal's class as it was scored last by that day; today's is kept by itself. "" is undecided."""
    if asked.as_of >= asked.today:
        return Coalesce(F("deal__score__lead_class"), Value(""))
    scores = LeadScore.objects.filter(deal=OuterRef("deal_id"), computed_at__lte=asked.moment)
    newest = scores.order_by("-computed_at", "-id").values("lead_class")[:1]
    return Coalesce(Subquery(newest), Value(""), output_field=CharField())


def late(asked: Asked) -> Q:
    """Those that stood in their stage for more days than the playbook expects."""
    found = Q(pk__in=[])
    for stage in asked.playbook.stages:
        if stage.kind == "open" and stage.expected_days is not None:
            entered_before = asked.start_of(asked.as_of - dt.timedelta(days=stage.expected_days))
            found |= Q(stage=stage.key, stage_from_at__lt=entered_before)
    return found


WORTHS = (Decimal(50_000), Decimal(250_000), Decimal(1_000_000))
"""Where bands of ARR end, in the company's currency: the segments' usual deals lie between them."""
NO_RATE = "unknown"


def worths(currency: str) -> dict[str, str]:
    """Bands of ARR, by the amount they begin with."""
    ends = [formatting.money_short(end) for end in WORTHS]
    labels = [f"Under {ends[0]} {currency}"]
    labels += [f"{low} to under {high} {currency}" for low, high in pairwise(ends)]
    labels += [f"{ends[-1]} {currency} and more"]
    begins = ["0", *(str(end) for end in WORTHS)]
    return dict(zip(begins, labels, strict=True)) | {NO_RATE: "No rate for its currency"}


def worth_band(asked: Asked) -> Combinable:
    """The band a deal's ARR lies in, by the rates of the day: each end is converted, exactly, instead of each deal."""
    own, codes = asked.company.reporting_currency, companies.currencies_with_rates()
    known = companies.rates_on(asked.as_of, own, codes)
    found = {code: known.on(code, asked.as_of) for code in codes if code != own}
    rates = {own: Decimal(1)} | {code: one.rate for code, one in found.items() if one is not None}
    whens = [
        When(currency=code, amount__lt=_up_to_cents(end / rate), then=Value(begin))
        for code, rate in rates.items()
        for begin, end in zip(["0", *(str(end) for end in WORTHS)], WORTHS, strict=False)
    ]
    return Case(
        When(amount__isnull=True, then=Value("")),
        *whens,
        When(currency__in=list(rates), then=Value(str(WORTHS[-1]))),
        default=Value(NO_RATE),
        output_field=CharField(),
    )


def _up_to_cents(amount: Decimal) -> Decimal:
    """What is under an end is under its next cent, too: amounts have cents only."""
    return amount.quantize(Decimal("0.01"), rounding=ROUND_CEILING)


def worth(rates: dict[str, Decimal]) -> Combinable:
    """An amount in one currency, near enough to sort by; what has no amount, or no rate, sorts last."""
    near = FloatField()
    whens = [
        When(currency=code, then=ExpressionWrapper(F("amount") * Value(float(rate)), output_field=near))
        for code, rate in sorted(rates.items())
    ]
    return Case(*whens, default=Value(-1.0), output_field=near)
