"""Won and lost, as a reader takes them: a rate with what chance leaves of it, and nothing where there are too few."""

from __future__ import annotations

from decimal import Decimal

from crm.rules import formatting
from crm.rules.formatting import EN_DASH
from crm.rules.rates import Rate, rate
from reports.rules.homogeneity import Finding, Group
from reports.rules.report import Value
from reports.rules.shares import percent_of

MINIMUM = 5
"""Deals decided, under which no rate is shown: ours. The least of which a document gives one are five (against Hyper-V)."""


DIFFERS = "Ours is"
"""How a remark begins that says ours is another rate than the document's."""


def figures(won: int, lost: int) -> tuple[Value, ...]:
    """(won, lost, decided, rate, from, to)"""
    found = rate(won, won + lost, MINIMUM)
    return (won, lost, won + lost, found.percent, found.low, found.high)


def value_rate(won: Decimal, lost: Decimal, deals: int, lost_deals: int) -> Decimal | None:
    """Percent; None where too few deals are behind it, and where lost deals are worth nothing: then nobody wrote what was lost."""
    is_told = bool(lost) or not lost_deals
    return percent_of(won, won + lost) if deals >= MINIMUM and is_told else None


def few(of: int) -> str:
    return f"Too few: {of}" if of < MINIMUM else ""


def said(group: Group, rest: Group) -> str:
    """Of a group that stands out."""
    higher = group.won * rest.of > rest.won * group.of
    return f"{'Higher' if higher else 'Lower'} than the others ({percent(rest.won, rest.of)})"


def percent(won: int, of: int) -> str:
    found = percent_of(won, of)
    return "nothing" if found is None else formatting.percent(found)


def between(found: Rate) -> str:
    """ "24 to 58 %" """
    return f"{_whole(found.low)} to {formatting.percent(found.high)}"


def _whole(value: Decimal | None) -> str:
    """A percentage whose sign stands elsewhere."""
    return formatting.percent(value).removesuffix(f"{formatting.NBSP}%")


def told(one: Finding) -> str:
    """A difference that chance would not explain."""
    if not one.groups:
        return f"{one.cut.label}: win rates differ by more than chance would explain, though none stands out alone."
    parts = [
        f"{group.label} {percent(group.won, group.of)} of {group.of:,}, the others {percent(rest.won, rest.of)} of {rest.of:,}"
        for group, rest in one.groups[:4]
    ]
    more = f"; and {len(one.groups) - 4} more" if len(one.groups) > 4 else ""
    return f"{one.cut.label} makes a difference that chance would not explain: {'; '.join(parts)}{more}."


def against_document(ours: Rate, documented: Decimal) -> str:
    """Whether our interval holds what a document says."""
    if ours.hidden:
        return f"Too few of ours to tell: {ours.closed}"
    assert ours.low is not None
    assert ours.high is not None
    spread, theirs = f"{_whole(ours.low)}{EN_DASH}{formatting.percent(ours.high)}", formatting.percent(documented)
    if ours.low <= documented <= ours.high:
        return f"Ours may be the same: {spread} holds {theirs}"
    where = "above" if ours.low > documented else "below"
    return f"{DIFFERS} {where} it: all of {spread} lies {where} {theirs}"
