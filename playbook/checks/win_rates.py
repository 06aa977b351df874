"""The documents' win rates: counts that are possible, percentages that follow from them, reasons that exist."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from playbook.checks.context import Context, Item, children, listed


def check_win_rates(context: Context) -> None:
    reasons = {item.part.key: item.part.outcome for item in context.items("outcome_reasons")}
    counted = {item.part.key: item.part for item in context.items("competitors")}
    seen: set[str] = set()
    for item in context.items("win_rates", "rates"):
        rate = item.part
        if rate.competitor is not None:
            context.must_be_in(item, ("competitor",), [rate.competitor], context.keys("competitors"), "competitor")
        _counts(context, item)
        if rate.kind == "competitor" and rate.competitor is not None:
            if rate.competitor in seen:
                context.add(item, "competitor", reason="has a rate already", allowed="one rate by competitor")
            seen.add(rate.competitor)
            _same(context, item, counted.get(rate.competitor))
        for name, outcome in (("won_because", "won"), ("lost_because", "lost")):
            for place in children(item, name):
                _reason(context, item, place, outcome, reasons)


def _counts(context: Context, item: Item) -> None:
    rate = item.part
    if rate.kind == "expected":
        if rate.won is not None or rate.of is not None:
            context.add(item, "kind", reason="what is expected has no counts", allowed="competitor, poc")
        return
    if rate.kind == "competitor" and rate.competitor is None:
        context.add(item, "competitor", reason="is missing", allowed="the key of a competitor")
    if rate.won is None or rate.of is None:
        context.add(item, reason=f"a rate of kind {rate.kind} is counted", allowed="won and of")
    elif rate.won > rate.of:
        context.add(item, "won", reason=f"{rate.won} of {rate.of} is not possible", allowed=f"0 to {rate.of}")
    else:
        share = (Decimal(rate.won * 100) / rate.of).quantize(Decimal(1), ROUND_HALF_UP)
        if rate.percent.quantize(Decimal(1), ROUND_HALF_UP) != share:
            reason = f"{rate.won} of {rate.of} is {share} %, not {rate.percent}"
            context.add(item, "percent", reason=reason, allowed=str(share))


def _same(context: Context, item: Item, competitor: object) -> None:
    """Competitors carried these counts before there was this file; what reads them there reads the same."""
    there = (getattr(competitor, "documented_won", None), getattr(competitor, "documented_of", None))
    here = (item.part.won, item.part.of)
    if competitor is not None and None not in there and there != here:
        reason = f"competitors.yaml says {there[0]} of {there[1]}"
        context.add(item, "won", reason=reason, allowed="the same counts in both")


def _reason(context: Context, item: Item, place: Item, outcome: str, reasons: dict[str, str]) -> None:
    """A reason that is no longer there is passed over: people take reasons away, and a document still says what it said."""
    given = place.part
    if reasons.get(given.reason, outcome) != outcome:
        known = [key for key, ends in reasons.items() if ends == outcome]
        reason = f"{given.reason!r} is no reason why deals are {outcome}"
        context.add(place, "reason", reason=reason, allowed=listed(known))
    if given.count is not None and item.part.of is not None and item.part.won is not None:
        most = item.part.won if outcome == "won" else item.part.of - item.part.won
        if given.count > most:
            context.add(place, "count", reason=f"only {most} deals were {outcome}", allowed=f"0 to {most}")
