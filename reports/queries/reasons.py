"""Why deals are won and lost, beside what the documents found."""

from __future__ import annotations

from decimal import Decimal

from crm.rules.rates import rate
from deals.models import DealSpanQuerySet
from reports.queries import closed
from reports.queries.asked import Asked
from reports.queries.closed import Sides
from reports.queries.cuts import opens
from reports.rules.report import Column, Row, Table
from reports.rules.wins import MINIMUM, few

COLUMNS = (
    Column("reason", "Reason"),
    Column("deals", "Deals", "count"),
    Column("of", "Of those with a reason", "count"),
    Column("share", "Share", "percent"),
    Column("low", "From", "percent", "Where the share may lie by chance alone, its lower end (Wilson, 95 %)."),
    Column("high", "To", "percent", "Its upper end."),
    Column("documented", "The document's share", "percent"),
    Column("said", "Remark"),
)
TITLES = {"won": "Why were deals won?", "lost": "Why were deals lost?"}


def reason_tables(
    asked: Asked, rows: DealSpanQuerySet, whole: Sides, closed_between: tuple[str, str]
) -> tuple[Table, ...]:
    """A table for the won and one for the lost. A deal may give several reasons, so shares sum to more than a hundred."""
    counts = closed.by_reason(rows)
    labels: dict[tuple[str, str], str] = {(one.outcome, one.key): one.label for one in asked.playbook.outcome_reasons}
    told = _documented(asked)
    found = []
    for outcome, title in TITLES.items():
        decided = whole.won if outcome == "won" else whole.lost
        of = decided - counts.get((outcome, ""), 0)
        lines = []
        keys = [key for side, key in counts if side == outcome and key]
        for key in sorted(keys, key=lambda one: (-counts[outcome, one], one)):
            share = rate(counts[outcome, key], of, MINIMUM)
            label = labels.get((outcome, key), key.replace("_", " "))
            lines.append(
                Row(
                    (label, share.won, of, share.percent, share.low, share.high, told.get((outcome, key)), few(of)),
                    opens={
                        name: opens(asked, closed_between, ("outcome", outcome), ("reason", key))
                        for name in ("", "deals")
                    },
                )
            )
        if silent := counts.get((outcome, ""), 0):
            link = opens(asked, closed_between, ("outcome", outcome), ("reason", ""))
            none = ("None given", silent, None, None, None, None, None, "")
            lines.append(Row(none, opens={"": link, "deals": link}, tone="quiet"))
        columns = COLUMNS if told else tuple(one for one in COLUMNS if one.key != "documented")
        if not told:
            place = [one.key for one in COLUMNS].index("documented")
            lines = [
                Row((*one.values[:place], *one.values[place + 1 :]), opens=one.opens, tone=one.tone) for one in lines
            ]
        note = "A deal may give several reasons, so the shares may sum to more than 100 %."
        note = note if any(one.tone != "quiet" for one in lines) else ""
        found.append(Table(f"{outcome}_because", title, columns, tuple(lines), note))
    return tuple(found)


def _documented(asked: Asked) -> dict[tuple[str, str], Decimal]:
    """By (outcome, reason), where one competitor is asked for: the share of deals won the document prints, and of those lost what
    follows from its counts. Where it has two for one of our reasons, the larger."""
    known = asked.playbook.win_rates
    one = next(
        (
            rate
            for rate in (known.rates if known else ())
            if rate.kind == "competitor" and rate.competitor == asked.text("competitor")
        ),
        None,
    )
    if one is None or one.of is None or one.won is None:
        return {}
    found: dict[tuple[str, str], Decimal] = {}
    lost = one.of - one.won
    for outcome, reasons in (("won", one.won_because), ("lost", one.lost_because)):
        for given in reasons:
            share = given.percent
            if share is None and given.count is not None and lost:
                share = (Decimal(given.count) * 100 / lost).quantize(Decimal("0.1"))
            if given.reason and share is not None:
                found[outcome, given.reason] = max(share, found.get((outcome, given.reason), Decimal(0)))
    return found
