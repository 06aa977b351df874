"""Win rates as the documents print them, beside ours."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from crm.rules.rates import rate
from deals.models import DealSpanQuerySet
from playbook.schema.reports import WinRate
from reports.queries import closed
from reports.queries.asked import Asked
from reports.queries.closed import Rivals, Sides
from reports.rules.report import Column, Row, Table
from reports.rules.wins import DIFFERS, MINIMUM, against_document

POC = "poc"
"""The stage of a proof of concept: a deal that once stood in it had one."""
COLUMNS = (
    Column("what", "What"),
    Column("their_won", "Won, they say", "count"),
    Column("their_of", "Decided, they say", "count"),
    Column("their_rate", "Their rate", "percent"),
    Column("won", "Won", "count"),
    Column("decided", "Decided", "count"),
    Column("rate", "Win rate", "percent"),
    Column("low", "From", "percent"),
    Column("high", "To", "percent"),
    Column("said", "Remark"),
)


@dataclass(frozen=True, slots=True)
class Documented:
    tables: tuple[Table, ...] = ()
    says: tuple[str, ...] = ()


def documents_table(asked: Asked, rows: DealSpanQuerySet, rivals: Rivals) -> Documented:
    """Every rate of the playbook that deals decided can be held against: by competitor, of proofs of concept, and what is hoped for
    against all competitors. Hopes about accounts approached are of something else, and left out."""
    known = asked.playbook.win_rates
    if known is None:
        return Documented()
    lines, apart = [], []
    for one in known.rates:
        ours = _ours(asked, rows, one, rivals)
        if ours is None:
            continue
        found = rate(*ours, MINIMUM)
        remark = against_document(found, one.percent)
        lines.append(
            Row((one.label, one.won, one.of, Decimal(one.percent), *ours, found.percent, found.low, found.high, remark))
        )
        if one.kind != "expected" and remark.startswith(DIFFERS):
            apart.append(f"{one.label}: {remark[0].lower()}{remark[1:]}.")
    if not any(line.values[5] for line in lines):
        return Documented()  # nothing of ours to hold against them
    note = (
        "The documents counted beta and pilot customers over two years. Where our interval holds their rate, ours may well be the "
        "same; that it does proves nothing more. Rates that are hoped for have no count."
    )
    return Documented((Table("documents", "As the documents say?", COLUMNS, tuple(lines), note),), tuple(apart))


def _ours(asked: Asked, rows: DealSpanQuerySet, one: WinRate, rivals: Rivals) -> tuple[int, int] | None:
    """(won, decided); None where it is of something the CRM does not count."""
    match one.kind:
        case "competitor":
            found = rivals.by.get(one.competitor or "", Sides())
            return found.won, found.of
        case "poc":
            has_stage = any(stage.key == POC for stage in asked.playbook.stages)
            return closed.with_stage(rows, POC) if has_stage else None
    return (rivals.any.won, rivals.any.of) if one.competitor is None and one.key == "all_competitors" else None
