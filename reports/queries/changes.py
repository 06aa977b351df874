"""What changed the open pipeline between two days: a waterfall that sums exactly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models.functions import Greatest

from crm.rules.currencies import EXACT, to_cents
from crm.rules.fact_words import show_date
from crm.rules.formatting import NBSP, count, listing, money_short
from deals.models import Deal
from reports.queries import sums
from reports.queries import waterfall as spans
from reports.queries.asked import Asked, Purse
from reports.queries.changed import changed_table, in_order
from reports.queries.cuts import filters, opens, sees_all
from reports.queries.history import whole_day
from reports.queries.waterfall import Found, Span
from reports.rules.cents import cents_that_sum
from reports.rules.report import Chart, Column, Report, Row, Table, Tone
from reports.rules.waterfall import MEANS, STEPS, Step, steps_of

SHOWN = 50
ZERO = Decimal(0)
STEP_COLUMNS = (
    Column("step", "Step"),
    Column("deals", "Deals", "count"),
    Column(
        "amount", "ARR", "money", "Both ends by the rates of the report's day, so that no step is a change of rates."
    ),
    Column("means", "What it is"),
)
CURRENCY_COLUMNS = (
    Column("step", "Step"),
    Column("currency", "Currency"),
    Column("deals", "Deals", "count"),
    Column("amount", "ARR in it", "number"),
)
TONES: dict[Step, Tone] = {"won": "good", "lost": "bad"}


@dataclass(frozen=True, slots=True)
class Overview:
    """The waterfall without its deals. `took` counts steps; `later` deals that close later than they were to."""

    report: Report
    span: Span
    purse: Purse
    found: Found
    took: int
    later: int


def overview(asked: Asked) -> Overview:
    """What a day begins with: steps, chart and sentences."""
    span = spans.span_of(asked)
    found = spans.found(asked, span)
    purse = sums.purse_for(asked)
    steps = _steps(asked, span, found, purse)
    later = spans.in_step(asked, span, spans.LATER).count()
    whole_from, said = whole_day(asked, span.scope_after)
    since = f"the beginning of {show_date(span.since.isoformat())}"
    narrowed = [("Changes since", since), *filters(asked)]
    stated = asked.stated(filters=narrowed, whole_from=whole_from, purse=purse, notes=said)
    chart = Chart("steps", "What changed?", "bars", "steps", "step", ("deals",))
    if asked.sees_money and _has_amounts(steps):
        chart = replace(chart, kind="steps", series=("amount",))
    says = _says(asked, span, found, steps, later)
    report = Report("changes", "What changed", stated, says, (steps, *_by_currency(asked, found)), (chart,))
    return Overview(report, span, purse, found, sum(found.took.values()), later)


def in_a_sentence(asked: Asked, purse: Purse, end: Mapping[str, tuple[int, Decimal]]) -> str:
    """What changed since last Monday, for the head of another report that has added up what is open: `end` by currency."""
    span = spans.span_of(asked)
    found = spans.found(asked, span, end)
    steps = _steps(asked, span, found, purse)
    return " ".join(_says(asked, span, found, steps, 0)[:2])


def changes(asked: Asked) -> Report:
    made = overview(asked)
    deals = _deals(asked, made.span, made.purse, made.found)
    return replace(made.report, tables=(*made.report.tables, *deals))


def _shown(asked: Asked, found: Found) -> list[Step]:
    """The steps somebody took. Those that tell of amounts alone are for who sees amounts."""
    return [step for step in found.took if asked.sees_money or step not in ("up", "down")]


def _exact(found: Found, purse: Purse, step: Step | None) -> Decimal:
    total = ZERO
    for currency, of in found.steps.items():
        amount = of.start if step is None else of.sums.get(step, ZERO)
        total = EXACT.add(total, purse.exact(amount, currency))
    return total


def _steps(asked: Asked, span: Span, found: Found, purse: Purse) -> Table:
    shown = _shown(asked, found)
    amounts = cents_that_sum([_exact(found, purse, None), *(_exact(found, purse, step) for step in shown)])
    ends = (amounts[0], sum(amounts, ZERO)) if asked.sees_money else (None, None)
    before = {"as_of": span.since - dt.timedelta(days=1), "since": None}
    start = opens(asked, ("outcome", "open"), **before)
    end = opens(asked, ("outcome", "open"))
    rows = [Row(("Start", found.counts[0], ends[0], f"Open as {show_date(span.since.isoformat())} began."),
                opens={"": start, "deals": start})]  # fmt: skip
    for step, amount in zip(shown, amounts[1:], strict=True):
        link = opens(asked, ("step", step))
        values = (STEPS[step], found.took[step], amount if asked.sees_money else None, MEANS[step])
        rows.append(Row(values, tone=TONES.get(step, ""), opens={"": link, "deals": link}))
    rows.append(Row(("End", found.counts[1], ends[1], f"Open {_until(asked)}."), opens={"": end, "deals": end}))
    note = (
        "A deal that took two steps, worth more and then won, is counted in both. Start and steps are exactly the end."
    )
    return Table("steps", "What changed?", STEP_COLUMNS, tuple(rows), note)


def _has_amounts(steps: Table) -> bool:
    """Whether anything open has an amount at either end. Some companies write one only when a deal is won, and then every step but
    that is nought, or only tells that."""
    return any(steps.rows[end].values[2] for end in (0, -1))


def _until(asked: Asked) -> str:
    return "now" if asked.as_of >= asked.today else f"at the end of {show_date(asked.as_of.isoformat())}"


def _by_currency(asked: Asked, found: Found) -> tuple[Table, ...]:
    """As the deals are written, where that is more than one currency."""
    if not asked.sees_money or len([code for code in found.steps if code]) < 2:
        return ()
    rows = []
    for currency, of in found.steps.items():
        if not currency:
            continue
        rows.append(Row(("Start", currency, None, to_cents(of.start))))
        rows += [
            Row((STEPS[step], currency, of.deals[step], to_cents(of.sums[step])), level=1)
            for step in STEPS
            if step in of.sums
        ]
        rows.append(Row(("End", currency, None, to_cents(of.end))))
    return (Table("currencies", "And by currency?", CURRENCY_COLUMNS, tuple(rows)),)


def _deals(asked: Asked, span: Span, purse: Purse, found: Found) -> tuple[Table, ...]:
    """The largest of those whoever asks may see; all of them are a step's rows."""
    shown = _shown(asked, found)
    groups = [one for one in found.groups if any(added.step in shown for added in steps_of(one[0]))]
    took = spans.in_step(asked, span, "", groups)
    if not sees_all(asked):
        took = took.filter(pk__in=Deal.objects.visible_to(asked.user))
    order = (Greatest("before_amount", "after_amount").desc(), "pk") if asked.sees_money else ("name_key", "pk")
    ids = list(took.order_by(*order).values_list("pk", flat=True)[:SHOWN])
    table = changed_table(asked, span, spans.paired(asked, span).filter(pk__in=ids), purse)
    return (in_order(table, ids),)


def _says(asked: Asked, span: Span, found: Found, steps: Table, later: int) -> tuple[str, ...]:
    since = show_date(span.since.isoformat())
    if not _shown(asked, found):
        return (f"Nothing changed the open pipeline since {since}.",)
    start, end = steps.rows[0].values[2], steps.rows[-1].values[2]
    verb = "closes" if later == 1 else "close"
    slipped = (f"{count(later, 'open deal')} {verb} later than on {since}.",) if later else ()
    counts = f"from {count(found.counts[0], 'deal')} to {found.counts[1]:,}"
    parts = [f"{STEPS[step].lower()} {found.took[step]:,}" for step in _shown(asked, found)]
    if not isinstance(start, Decimal) or not isinstance(end, Decimal):
        return (f"Since {since} the open pipeline went {counts}.", f"{listing(parts).capitalize()}.", *slipped)
    code = asked.company.reporting_currency
    if not _has_amounts(steps) and found.counts != (0, 0):
        without = "none of them with an amount"
        return (f"Since {since} the open pipeline went {counts}, {without}.", f"{_counted(steps)}.", *slipped)
    way = "grew by" if end > start else "shrank by" if end < start else "stayed"
    by = f" {money_short(abs(end - start))} to" if end != start else " at"
    parts = [f"{row.values[0]} {_signed(row.values[2])} ({row.values[1]})" for row in steps.rows[1:-1]]
    if found.counts[0] == found.counts[1]:
        counts = f"with {count(found.counts[1], 'deal')} as before"
    return (
        f"Since {since} the open pipeline {way}{by} {money_short(end, code)}, {counts}.",
        f"{listing(parts)}.",
        *slipped,
    )


def _counted(steps: Table) -> str:
    """Steps in deals, with what was won; that an amount became known is none."""
    kept = [row.values for row in steps.rows[1:-1] if row.values[0] not in (STEPS["up"], STEPS["down"])]
    said = listing([f"{str(label).lower()} {number:,}" for label, number, *_ in kept]).capitalize()
    won = next((amount for label, _, amount, _ in kept if label == STEPS["won"]), None)
    return f"{said}; won for {money_short(abs(won))}" if isinstance(won, Decimal) and won else said


def _signed(amount: object) -> str:
    assert isinstance(amount, Decimal)
    return f"{'+' if amount > 0 else ''}{money_short(amount)}".replace("-", f"−{NBSP}")
