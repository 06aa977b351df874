"""The intervals of imported deals: what was known from when on, as far as the file dates it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from crm.services.audit import Act
from deals.importing.past import Past
from deals.models import Deal, DealInterval, TrackedField
from deals.services.intervals import TRACKED, value_of


def first(deal: Deal, past: Past, act: Act) -> list[DealInterval]:
    """Unsaved intervals of a new deal. Amount and close date of a closed deal were settled on the day it closed, and are
    written as not known before: the file has the outcome, not what was hoped for."""
    made = []
    stages = list(past.stages)
    if stages[0][1] > past.opened_at:
        stages.insert(0, ("", past.opened_at))  # open already, in a stage the file doesn't name
    for (stage, at), upto in zip(stages, [*(at for _, at in stages[1:]), None], strict=True):
        made.append(_interval(deal, TrackedField.STAGE, stage, at, upto, act))
    for field in TRACKED:
        if field == TrackedField.STAGE:
            continue
        value = value_of(deal, field)
        settled = past.closed_at if field in (TrackedField.AMOUNT, TrackedField.CLOSE_DATE) else None
        if settled is not None and settled > past.opened_at and value:
            made.append(_interval(deal, field, "", past.opened_at, settled, act))
            made.append(_interval(deal, field, value, settled, None, act))
        else:
            made.append(_interval(deal, field, value, past.opened_at, None, act))
    return made


def _interval(
    deal: Deal, field: str, value: str, since: dt.datetime, upto: dt.datetime | None, act: Act
) -> DealInterval:
    return DealInterval(
        deal=deal, field=field, value=value, from_at=since, to_at=upto, changed_by=act.by, why=act.why, route=act.route
    )


def move(deal: Deal, fields: Iterable[str], act: Act) -> dict[str, list[int]]:
    """Ends and opens intervals as `deals.services.intervals.move` does, never before the open one began, and says which."""
    names = {"owner" if name == "owner_id" else "amount" if name == "currency" else name for name in fields}
    changed = [field for field in TRACKED if field in names]
    ended = list(DealInterval.objects.filter(deal=deal, field__in=changed, to_at__isnull=True))
    since = {interval.field: max(act.now, interval.from_at) for interval in ended}
    for interval in ended:
        interval.to_at = since[interval.field]
    DealInterval.objects.bulk_update(ended, ["to_at"])
    made = DealInterval.objects.bulk_create(
        [_interval(deal, field, value_of(deal, field), since.get(field, act.now), None, act) for field in changed]
    )
    return {"made": [interval.pk for interval in made], "ended": [interval.pk for interval in ended]}


def take_back(deal: Deal, moved: Mapping[str, list[int]]) -> None:
    """Undoes `move`."""
    DealInterval.objects.filter(deal=deal, pk__in=moved["made"]).delete()
    DealInterval.objects.filter(deal=deal, pk__in=moved["ended"]).update(to_at=None)


def read(name: str, value: Any) -> Any:
    """A value out of the ledger, as the model has it."""
    return Decimal(value) if name == "amount" and value is not None else value
