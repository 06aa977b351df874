"""Keeps the wide form of deals' past (`DealSpan`) up with their intervals.

Whoever writes intervals calls `follow`, or `rebuild` where the past itself changes, in the same transaction and after the
deals are written. Their rows are locked then, by the write if not before, so spans need no lock of their own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from operator import itemgetter

from django.db import connection, transaction
from django.db.models import BooleanField, Case, DateTimeField, Exists, F, OuterRef, QuerySet, Subquery, Value, When

from crm.models import Person, Route
from deals.models import Deal, DealInterval, DealSpan, TrackedField
from deals.queries.spans import kinds_ever
from deals.rules import spans as rules
from deals.rules.spans import FAR, Piece

CHUNK = 2_000
"""Deals rebuilt at a time: some ten thousand intervals in memory, and rows locked for about a second."""
MENDED = 500
COLUMNS = ("deal_id", *rules.Span.__slots__)
Deals = Sequence[int] | QuerySet[Deal]


def follow(deals: Deals, at: dt.datetime, *, are_new: bool = False) -> None:
    """The deals, ids or a set of rows, are since `at` as they are written now: ends the span that went on, begins one.

    Three statements for any number of deals (one for new ones). A second change at the same moment replaces what the first
    began. A deal that has changes of a later moment already (clocks differ) is rebuilt.
    """
    wanted = deals if isinstance(deals, QuerySet) else Deal.everything.filter(pk__in=deals)
    if not are_new:
        going_on = DealSpan.objects.filter(deal__in=deals, to_at=FAR)
        going_on.filter(from_at=at).delete()
        going_on.filter(from_at__lt=at).update(to_at=at)
    begun = _begin(wanted, at)
    if begun < (wanted.count() if isinstance(deals, QuerySet) else len(set(deals))):
        later = DealSpan.objects.filter(deal__in=deals, to_at=FAR, from_at__gt=at)
        rebuild(list(later.order_by("deal_id").values_list("deal_id", flat=True)))


def _begin(deals: QuerySet[Deal], at: dt.datetime) -> int:
    """INSERT … SELECT: a span from `at` on for each deal of which none goes on. Returns how many."""
    moment = DateTimeField()
    entered = DealInterval.objects.filter(deal=OuterRef("pk"), field=TrackedField.STAGE, to_at__isnull=True)
    columns = {
        "deal_id": F("pk"),
        "from_at": Value(at, moment),
        "to_at": Value(FAR, moment),
        "stage": F("stage"),
        "stage_from_at": Subquery(entered.values("from_at")[:1]),
        "outcome": F("outcome"),
        "amount": F("amount"),
        "currency": Case(When(amount__isnull=True, then=Value("")), default=F("currency")),
        "close_date": F("close_date"),
        "owner_id": F("owner_id"),
        "forecast_category": F("forecast_category"),
        "is_whole": Value(True, BooleanField()),
    }
    missing = deals.filter(~Exists(DealSpan.objects.filter(deal=OuterRef("pk"), to_at=FAR)))
    picked = missing.order_by().annotate(**{f"as_{name}": value for name, value in columns.items()})
    select, params = picked.values_list(*(f"as_{name}" for name in columns)).query.sql_with_params()
    # Only names of our own columns are in the text; every value is a parameter.
    statement = f"INSERT INTO deals_dealspan ({', '.join(columns)}) {select}"  # nosec B608
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return int(cursor.rowcount)


def rebuild(deal_ids: Iterable[int]) -> None:
    """Makes the spans of these deals anew out of their intervals, a chunk at a time."""
    rest = iter(deal_ids)
    while ids := list(islice(rest, CHUNK)):
        made = list(built(ids))
        DealSpan.objects.filter(deal__in=ids).delete()
        DealSpan.objects.bulk_create(made, batch_size=CHUNK)


def built(deal_ids: Sequence[int]) -> Iterator[DealSpan]:
    """Unsaved spans as the intervals give them, by deal and time."""
    rows = DealInterval.objects.filter(deal__in=deal_ids).order_by("deal_id", "pk")
    found = list(rows.values_list("deal_id", "field", "value", "from_at", "to_at", "route"))
    owners = {int(value) for _, field, value, *_ in found if field == TrackedField.OWNER and value}
    here = set(Person.objects.filter(pk__in=owners).values_list("pk", flat=True))
    kinds = kinds_ever()
    for deal_id, of_deal in groupby(found, key=itemgetter(0)):
        pieces = [
            Piece(field, value, from_at, to_at, is_imported=route == Route.IMPORT)
            for _, field, value, from_at, to_at, route in of_deal
        ]
        for span in rules.spans(pieces, kinds):
            values = {name: getattr(span, name) for name in rules.Span.__slots__}
            if span.owner_id not in here:
                values |= {"owner_id": None, "is_whole": False}
            yield DealSpan(deal_id=deal_id, **values)


def rebuild_all(chunk: int = CHUNK) -> Iterator[int]:
    """Rebuilds everything, a transaction for each chunk of deals, which it locks first as every writer does. Yields how many
    deals are done; stopped halfway, what is done stays."""
    last, done = 0, 0
    while True:
        with transaction.atomic():
            rows = Deal.everything.filter(pk__gt=last).order_by("pk").select_for_update(no_key=True)
            ids = list(rows.values_list("pk", flat=True)[:chunk])
            rebuild(ids)
        if not ids:
            return
        last, done = ids[-1], done + len(ids)
        yield done


def mend(deal_ids: Iterable[int]) -> list[int]:
    """Rebuilds those of these deals whose spans are not what their intervals give, and returns which: none, unless something wrote past
    the services. A transaction for each few hundred, with their rows locked."""
    rest, wrong = iter(deal_ids), []
    while ids := list(islice(rest, MENDED)):
        with transaction.atomic():
            held = Deal.everything.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True)
            here = list(held.values_list("pk", flat=True))
            stored: dict[int, list[tuple[object, ...]]] = {}
            right: dict[int, list[tuple[object, ...]]] = {}
            for row in DealSpan.objects.filter(deal__in=here).order_by("from_at").values_list(*COLUMNS):
                stored.setdefault(row[0], []).append(row)
            for span in built(here):
                right.setdefault(span.deal_id, []).append(tuple(getattr(span, name) for name in COLUMNS))
            found = [deal for deal in here if stored.get(deal) != right.get(deal)]
            rebuild(found)
        wrong += found
    return wrong
