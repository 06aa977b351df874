"""What changed an open pipeline between two moments: the database pairs each deal's state then with its state now and sums those
alike, the rule says which steps they took."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from crm.lib.fields import MinorUnitsField
from crm.lib.ids import AnyId
from deals.models import Deal, DealSpan, DealSpanQuerySet
from reports.queries.asked import INSTANT, Asked
from reports.queries.cuts import NARROWS, Condition, where
from reports.queries.scope import Scope
from reports.rules.waterfall import STEPS, Change, Outcome, State, Step, Steps, steps_of, waterfall

NOUGHT = Value(Decimal(0), output_field=MinorUnitsField())
COLUMNS = {
    "span": "id",
    "outcome": "outcome",
    "currency": "currency",
    "stage": "stage",
    "said": "amount",
    "close": "close_date",
    "owner": "owner_id",
}
WAY = Case(
    When(Q(before_span__isnull=True), then=Value(0)),
    When(Q(after_amount__gt=F("before_amount")), then=Value(1)),
    When(Q(after_amount__lt=F("before_amount")), then=Value(-1)),
    default=Value(0),
)
"""Up, down or neither: deals may be summed where all of them went the same way."""


@dataclass(frozen=True, slots=True)
class Span:
    """The time a waterfall is about: just before `since` begins, to the report's own moment."""

    since: dt.date
    start: dt.datetime
    end: dt.datetime
    scope_before: Scope
    scope_after: Scope


def last_monday(today: dt.date) -> dt.date:
    """On a Monday that of a week ago, because nothing has changed yet."""
    return today - dt.timedelta(days=today.weekday() or 7)


def span_of(asked: Asked) -> Span:
    """From the beginning of the day asked for, last Monday's where none is; that is the end of the day before."""
    since = min(asked.since or last_monday(asked.as_of), asked.as_of)
    start = asked.start_of(since) - INSTANT
    return Span(since, start, asked.moment, asked.scope(start), asked.scope())


def open_sums(asked: Asked, moment: dt.datetime, scope: Scope) -> dict[str, tuple[int, Decimal]]:
    """(deals, their sum) by currency of what counted at a moment."""
    rows = DealSpan.objects.at(moment).open().filter(scope.owned())
    groups = _narrowed(rows, asked).order_by().values("currency").annotate(deals=Count("deal_id"), total=Sum("amount"))
    return {row["currency"]: (row["deals"], row["total"] or Decimal(0)) for row in groups}


def _narrowed(rows: DealSpanQuerySet, asked: Asked) -> DealSpanQuerySet:
    closing = asked.closing
    if closing is not None:
        rows = rows.filter(close_date__range=(closing.first_date, closing.last_date))
    for key in NARROWS:
        if value := asked.text(key):
            rows = rows.filter(where(asked, Condition(key, value)))
    return rows


def paired(asked: Asked, span: Span) -> QuerySet[Deal]:
    """The deals that may have taken a step, with both their states: `before_span` is null where there was none yet.

    Of something that changed between the ends there is a span that began between them; without one only its owner's place
    can differ.
    """
    deals = Deal.objects.filter(pk__in=_candidates(span))
    for key in NARROWS:  # of accounts and lines, which are as they are today at both ends
        if value := asked.text(key):
            there = DealSpan.objects.filter(deal=OuterRef("pk"), to_at__gt=span.end, from_at__lte=span.end)
            deals = deals.filter(Exists(there.filter(where(asked, Condition(key, value)))))
    ends = {"before": (span.start, span.scope_before), "after": (span.end, span.scope_after)}
    for name, (moment, scope) in ends.items():
        then = Q(spans__from_at__lte=moment, spans__to_at__gt=moment)
        deals = deals.annotate(**{name: FilteredRelation("spans", condition=then)})
        # Told apart by these from here on: a filter that names the relation itself would join it once more.
        columns = {f"{name}_{column}": F(f"{name}__{path}") for column, path in COLUMNS.items()}
        deals = deals.annotate(**columns, **{f"{name}_amount": Coalesce(F(f"{name}__amount"), NOUGHT)})
        deals = deals.annotate(
            **{
                f"{name}_ours": _flag(scope.owned(f"{name}_owner")),
                f"{name}_inside": _flag(_inside(asked, f"{name}_close")),
            }
        )
    return deals.annotate(way=WAY).filter(Q(after_span__isnull=False))


def _candidates(span: Span) -> QuerySet[DealSpan, Any]:
    """Ids of the deals something changed of between the ends, or whose owner is counted at one end alone. Of a few owners' deals
    only those count that are theirs afterwards, or were open and theirs before: two short walks along an index that begins with them."""
    begun = DealSpan.objects.filter(from_at__gt=span.start, from_at__lte=span.end)
    before, after = span.scope_before.owners, span.scope_after.owners
    if before is None or after is None:
        return begun.values("deal_id")
    theirs = begun.filter(AnyId("owner_id", sorted(after)))
    were = DealSpan.objects.open().filter(AnyId("owner_id", sorted(before)), to_at__gt=span.start, to_at__lte=span.end)
    parts = [were.values("deal_id")]
    if moved := _moved(span.scope_before, span.scope_after):
        held = DealSpan.objects.filter(AnyId("owner_id", moved), from_at__lte=span.start, to_at__gt=span.end)
        parts.append(held.values("deal_id"))
    return theirs.values("deal_id").union(*parts)


def _moved(before: Scope, after: Scope) -> list[int]:
    """Owners whose deals are counted at one end alone."""
    if before.owners is None or after.owners is None:
        return []
    return sorted(before.owners ^ after.owners)


def _inside(asked: Asked, column: str) -> Q:
    closing = asked.closing
    return Q(**{f"{column}__range": (closing.first_date, closing.last_date)}) if closing else Q()


def _flag(condition: Q) -> Any:
    if not condition:
        return Value(True, output_field=BooleanField())
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


KEYS = (
    "before_outcome", "before_currency", "before_ours", "before_inside",
    "after_outcome", "after_currency", "after_ours", "after_inside", "way",
)  # fmt: skip


def groups(asked: Asked, span: Span) -> Groups:
    """What changed, deals alike in one; with each the values that cut it out of `paired` again. One query."""
    deals = paired(asked, span).order_by().values(*KEYS)
    rows = deals.annotate(deals=Count("pk"), before_sum=Sum("before_amount"), after_sum=Sum("after_amount"))
    return [(_change(row), {key: row[key] for key in KEYS}) for row in rows]


def _change(row: dict[str, Any]) -> Change:
    before = None if row["before_outcome"] is None else _state(row, "before")
    return Change(before, _state(row, "after"), row["deals"])


def _state(row: dict[str, Any], name: str) -> State:
    outcome = cast(Outcome, row[f"{name}_outcome"])
    amount = row[f"{name}_sum"] or Decimal(0)
    return State(outcome, amount, row[f"{name}_currency"], row[f"{name}_ours"], row[f"{name}_inside"])


Groups = list[tuple[Change, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Found:
    """`counts` are deals open at (start, end); `took` how many took each step, each once."""

    steps: dict[str, Steps]
    counts: tuple[int, int]
    took: dict[Step, int]
    groups: Groups


class Inexact(Exception):
    """The steps do not lead from one end to the other: the past was written anew while it was read."""


def found(asked: Asked, span: Span, end: Mapping[str, tuple[int, Decimal]] | None = None) -> Found:
    """The steps by currency. Three queries, two where `end` is counted already. Read again where an import was taken back, or a
    history rebuilt, between them."""
    for _ in range(3):
        start = open_sums(asked, span.start, span.scope_before)
        end = open_sums(asked, span.end, span.scope_after) if end is None else end
        read = groups(asked, span)
        changes = [change for change, _ in read]
        steps = waterfall(_sums(start), _sums(end), changes)
        if all(one.is_exact for one in steps.values()):
            counts = (sum(count for count, _ in start.values()), sum(count for count, _ in end.values()))
            return Found(steps, counts, _took(changes), read)
        end = None
    raise Inexact(
        "The steps do not sum: the past of some deals does not follow upon itself. Run manage.py rebuild_spans."
    )


def _sums(of: Mapping[str, tuple[int, Decimal]]) -> dict[str, Decimal]:
    return {currency: total for currency, (_, total) in of.items()}


def _took(changes: Iterable[Change]) -> dict[Step, int]:
    taken: dict[Step, int] = {}
    for change in changes:
        for step in {added.step for added in steps_of(change)}:
            taken[step] = taken.get(step, 0) + change.count
    return {step: taken[step] for step in STEPS if step in taken}


LATER = "later"
"""Not a step of the sum, but deals that are looked at as those of a step are."""


def in_step(asked: Asked, span: Span, step: str, known: Groups | None = None) -> QuerySet[Deal]:
    """The deals that took a step, of `paired`; every one that took any for "". For LATER those open at both ends
    that close later than they were to. `known` are the groups where they were read already."""
    if step == LATER:
        both = {"before_outcome": "open", "after_outcome": "open", "before_ours": True, "after_ours": True}
        return paired(asked, span).filter(Q(**both, after_close__gt=F("before_close")))
    chosen = Q(pk__in=[])
    for change, values in groups(asked, span) if known is None else known:
        if any(step in ("", added.step) for added in steps_of(change)):
            chosen |= _same(values)
    return paired(asked, span).filter(chosen)


def _same(values: dict[str, Any]) -> Q:
    found = Q()
    for key, value in values.items():
        found &= Q(**{f"{key}__isnull": True}) if value is None else Q(**{key: value})
    return found
