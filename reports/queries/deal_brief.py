"""A deal on one page, for the executive who takes a call in ten minutes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from activities.models import Activity
from battlecards.queries.on_deal import OnDeal, on_deal
from crm.models import Company
from crm.queries import company as companies
from crm.rules import formatting
from crm.rules.fact_words import show_date
from deals.models import BuyingRole, Deal, DealCompetitor, RaisedObjection, Sentiment
from deals.queries.detail import Sight
from deals.queries.meddpicc import ShownMeddpicc, meddpicc_of
from quotes.models import Quote
from reports.rules.briefs import Few, cut, few

PEOPLE, RISKS, CLAIMS, OBJECTIONS, STEPS, ASKS = 5, 3, 3, 3, 3, 3
"""The most a page has room for; what is left out is counted."""


@dataclass(frozen=True, slots=True)
class Line:
    """`strong` begins it, `text` goes on; "" for nothing."""

    strong: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Rival:
    name: str
    standing: str
    claims: Few[Line]


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything the page says, already as long as it may be."""

    name: str
    ours: str
    """The company as the playbook names it."""
    facts: tuple[tuple[str, str], ...]
    lights: tuple[tuple[str, str, str, str], ...]
    """Letter, element, strength in words, and its line."""
    people: Few[Line]
    rivals: Few[Rival]
    objections: Few[Line]
    steps: Few[Line]
    quotes: Few[Line]
    risks: Few[Line]
    asks: Few[Line]


def deal_brief(sight: Sight, company: Company, now: dt.datetime) -> Brief:
    """Of a deal seen in full, fetched with `deals.queries.meddpicc.WITH` and its risks. Days are those of the company. A fixed
    number of statements."""
    deal, today = sight.deal, companies.day_of(company, now)
    known = meddpicc_of(deal, today)
    playbook = known.playbook
    cards = on_deal(deal, today)
    risks = {risk.key: risk for risk in playbook.risks}
    found = [(risks[row.risk], row) for row in deal.risks.all() if row.risk in risks]
    found.sort(key=lambda pair: (pair[0].tone != "bad", pair[0].label))
    return Brief(
        name=cut(deal.name, 90),
        ours=playbook.identity.company,
        facts=_facts(deal, known, company, today),
        lights=tuple(
            (one.light.letter, one.spec.label, str(one.light.strength), cut(one.summary, 110)) for one in known.elements
        ),
        people=_people(deal),
        rivals=_rivals(cards),
        objections=_objections(cards),
        steps=_steps(deal, company),
        quotes=_quotes(deal),
        risks=few((Line(risk.label, cut("; ".join(row.because), 120)) for risk, row in found), RISKS),
        asks=_asks(known, [risk.advice for risk, _ in found]),
    )


def _facts(deal: Deal, known: ShownMeddpicc, company: Company, today: dt.date) -> tuple[tuple[str, str], ...]:
    days = (today - companies.day_of(company, deal.stage_entered_at)).days
    score = getattr(deal, "score", None)
    letter = (score.lead_class or "/".join(score.possible_classes)) if score else ""
    total = formatting.score_range(score.low, score.high) if score else ""
    closes = show_date(deal.close_date.isoformat()) if deal.close_date else "not set"
    return (
        ("Account", cut(str(deal.account), 60)),
        ("ARR", formatting.money(deal.amount, deal.currency) if deal.amount is not None else "not known"),
        ("Stage", f"{known.playbook.stage(deal.stage).label}, {days} {'day' if days == 1 else 'days'}"),
        ("Closes", closes if deal.is_open else f"{deal.get_outcome_display()}, {closes}"),
        ("Class", f"{letter or 'undecided'} ({total})" if total else "not scored"),
        ("MEDDPICC", f"{known.confirmed} confirmed, {known.claimed} claimed, {known.unknown} unknown"),
        ("Owner", str(deal.owner)),
    )


def _people(deal: Deal) -> Few[Line]:
    """Those who decide first."""
    order = [role.value for role in BuyingRole]
    lines = []
    for row in sorted(deal.committee.all(), key=lambda row: (order.index(row.role), row.pk)):
        feels = "" if row.sentiment == Sentiment.UNKNOWN else f", {row.get_sentiment_display().lower()}"
        title = f"{row.contact.title}, " if row.contact.title else ""
        lines.append(Line(cut(str(row.contact), 40), cut(f"{title}{row.get_role_display().lower()}{feels}", 80)))
    return few(lines, PEOPLE)


def _rivals(cards: OnDeal) -> Few[Rival]:
    found = []
    for facing in cards.facing:
        if facing.row.position == "out":
            continue
        first = facing.opened.first if facing.opened else ()
        claims = few((Line(_ended(cut(line.heading, 60)), cut(line.gist, 120)) for line in first), CLAIMS)
        found.append(
            Rival(cut(str(facing.row.competitor), 40), DealCompetitor.get_position_display(facing.row), claims)
        )
    return few(found, 2)


def _ended(text: str) -> str:
    """With a full stop, unless it ends by itself."""
    return text if text.rstrip('”"').endswith((".", "…", "?", "!")) else f"{text}."


def _objections(cards: OnDeal) -> Few[Line]:
    raised = [one.row for one in cards.raised if one.row.state == RaisedObjection.State.OPEN]
    return few((Line(cut(row.text, 110)) for row in raised), OBJECTIONS)


def _steps(deal: Deal, company: Company) -> Few[Line]:
    """The next one, then what happened last."""
    lines = []
    if deal.next_step:
        due = show_date(deal.next_step_date.isoformat()) if deal.next_step_date else "no date"
        lines.append(Line("Next", cut(f"{deal.next_step}, {due}", 120)))
    for one in Activity.objects.filter(deal=deal).order_by("-at", "-pk")[: STEPS - len(lines)]:
        day = show_date(companies.day_of(company, one.at).isoformat())
        lines.append(Line(day, cut(str(one), 110)))
    return few(lines, STEPS)


def _quotes(deal: Deal) -> Few[Line]:
    rows = Quote.objects.filter(deal=deal).order_by("-updated_at", "-pk")
    return few(
        (
            Line(
                f"{quote.reference} {cut(quote.title, 50)}",
                f"{quote.get_state_display().lower()}, {formatting.money(quote.total, quote.currency)}",
            )
            for quote in rows
        ),
        2,
    )


def _asks(known: ShownMeddpicc, advice: Sequence[str]) -> Few[Line]:
    """What the call should bring: what the risks advise, then the weakest elements."""
    missing = (f"Find out: {one.spec.label.lower()}" for one in known.elements if one.light.strength == "unknown")
    return few((Line(cut(text, 110)) for text in _once([*(text for text in advice if text), *missing])), ASKS)


def _once(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))
