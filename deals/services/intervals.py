"""The past of a deal as intervals: closing one value and opening the next is one act."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crm.services.audit import Act
from deals.models import Deal, DealInterval, TrackedField
from deals.services import spans

TRACKED = tuple(TrackedField)


def value_of(deal: Deal, field: str) -> str:
    """A tracked field as an interval writes it; "" is not known."""
    match field:
        case TrackedField.AMOUNT:
            return "" if deal.amount is None else f"{deal.amount:.2f} {deal.currency}"
        case TrackedField.CLOSE_DATE:
            return deal.close_date.isoformat() if deal.close_date else ""
        case TrackedField.OWNER:
            return str(deal.owner_id)
        case _:
            return str(getattr(deal, field))


def opened(
    deal_id: int, field: str, value: str, act: Act, at: dt.datetime, unmet: Sequence[dict[str, Any]] = ()
) -> DealInterval:
    """An unsaved interval that goes on until further notice."""
    return DealInterval(
        deal_id=deal_id,
        field=field,
        value=value,
        from_at=at,
        changed_by=act.by,
        why=act.why,
        route=act.route,
        unmet=list(unmet),
    )


def first_intervals(deal: Deal, act: Act, *, at: dt.datetime | None = None) -> list[DealInterval]:
    """Unsaved opening intervals of a new deal, for every tracked field."""
    return [opened(deal.pk, field, value_of(deal, field), act, at or act.now) for field in TRACKED]


def move(deal: Deal, fields: Iterable[str], act: Act, *, unmet: Sequence[dict[str, Any]] = ()) -> None:
    """Ends the open interval of each tracked field that changed and opens one with today's value; the deal is saved before.

    Of two people who write at once the later may have asked first, and clocks differ: no interval ends before it began.
    """
    changed = [field for field in TRACKED if field in set(fields)]
    if not changed:
        return
    open_ones = DealInterval.objects.filter(deal=deal, field__in=changed, to_at__isnull=True)
    now = max([act.now, *open_ones.filter(from_at__gt=act.now).values_list("from_at", flat=True)])
    open_ones.update(to_at=now)
    DealInterval.objects.bulk_create(
        opened(deal.pk, field, value_of(deal, field), act, now, unmet if field == TrackedField.STAGE else ())
        for field in changed
    )
    spans.follow([deal.pk], now)


def move_many(deals: Sequence[Deal], field: str, act: Act, *, unmet: Mapping[int, list[dict[str, Any]]]) -> None:
    """`move` for one field of many locked deals, in three statements and three for their spans."""
    ids = [deal.pk for deal in deals]
    open_ones = DealInterval.objects.filter(deal__in=ids, field=field, to_at__isnull=True)
    now = max([act.now, *open_ones.filter(from_at__gt=act.now).values_list("from_at", flat=True)])
    open_ones.update(to_at=now)
    DealInterval.objects.bulk_create(
        opened(deal.pk, field, value_of(deal, field), act, now, unmet.get(deal.pk, ())) for deal in deals
    )
    spans.follow(ids, now)
