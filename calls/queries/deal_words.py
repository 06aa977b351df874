"""What is known of a call's deal by now, in words, for the internal summary."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from calls.models import Call
from calls.queries.noted import unasked
from calls.rules.summary import Known, Said
from crm.rules.fact_words import show_date
from crm.rules.formatting import money, percent
from deals.models import Deal, DealRisk
from deals.queries.bant import ShownFact, bant
from deals.queries.detail import HEAD
from deals.queries.meddpicc import WITH, ShownMeddpicc, meddpicc_of
from playbook.schema import Playbook

PAIN = "need"
"""The criterion whose facts say what hurts and what it costs."""


def known(call: Call, today: dt.date) -> Known:
    """A dozen queries, however much is known."""
    deal: Deal = Deal.objects.select_related(*HEAD).prefetch_related(*WITH).get(pk=call.deal_id)
    facts, elements = bant(deal, today), meddpicc_of(deal, today)
    playbook = elements.playbook
    need = next((one for one in facts.criteria if one.spec.key == PAIN), None)
    pain = {shown.fact.key for shown in need.facts} if need else set()
    return Known(
        company=tuple(_company(deal, playbook)),
        infrastructure=tuple(_said(fact) for fact in facts.facts if fact.text and fact.fact.scope == "account"),
        pain=tuple(
            _said(fact) for fact in facts.facts if fact.text and fact.fact.key in pain and fact.fact.scope == "deal"
        ),
        elements=tuple(_element(shown.spec.label, shown.light.strength, shown.summary) for shown in elements.elements),
        forecast=tuple(_forecast(deal, playbook)),
        competitors=tuple(
            Said(row.competitor.name, row.get_position_display(), row.win_strategy) for row in deal.competitors.all()
        ),
        risks=tuple(_risks(deal, playbook)),
        flags=tuple(_flags(elements)),
        unasked=tuple(unasked(call)),
    )


def _said(shown: ShownFact) -> Said:
    return Said(shown.fact.label, shown.text)


def _element(label: str, state: str, summary: str) -> Said:
    return Said(label, summary or "nothing noted", state)


def _company(deal: Deal, playbook: Playbook) -> Iterable[Said]:
    account = deal.account
    named = {vertical.key: vertical.label for vertical in playbook.verticals}
    segments = {segment.key: segment.label for segment in playbook.segments}
    industry = ", ".join(filter(None, (named.get(account.vertical, ""), segments.get(account.segment, ""))))
    size = []
    if account.employees:
        size.append(f"{account.employees:,} employees")
    if account.annual_revenue:
        size.append(f"{money(account.annual_revenue, playbook.identity.currency)} revenue a year")
    yield Said("Industry", industry or "not known")
    yield Said("Size", ", ".join(size) or "not known")


def _forecast(deal: Deal, playbook: Playbook) -> Iterable[Said]:
    stage = playbook.stage(deal.stage)
    yield Said("Expected close", show_date(deal.close_date) if deal.close_date else "not set")
    amount = f"{money(deal.amount, deal.currency)} a year" if deal.amount is not None else "not said yet"
    yield Said("Deal size", amount)
    category = deal.get_forecast_category_display().lower()
    yield Said("Probability", percent(stage.probability_percent), f"{stage.label}, {category}")
    score = getattr(deal, "score", None)
    if score is not None and (score.lead_class or score.possible_classes):
        yield Said("Lead class", score.lead_class or " or ".join(score.possible_classes))
    if deal.next_step:
        yield Said("Next step", deal.next_step, show_date(deal.next_step_date) if deal.next_step_date else "")


def _risks(deal: Deal, playbook: Playbook) -> Iterable[str]:
    """As a worker last judged them, with what decided."""
    labels = {risk.key: risk.label for risk in playbook.risks}
    for row in DealRisk.objects.filter(deal=deal).order_by("since_at", "pk"):
        because = " ".join(row.because)
        yield f"{labels.get(row.risk, row.risk)}: {because}" if because else labels.get(row.risk, row.risk)


def _flags(elements: ShownMeddpicc) -> Iterable[str]:
    raised = [flag for shown in elements.elements for flag in shown.flags]
    return (flag.text for flag in (*raised, *elements.other_flags))
