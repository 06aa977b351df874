"""A deal as the rules see it, in a fixed number of queries."""

from __future__ import annotations

from deals.models import Deal
from deals.rules.snapshot import CompetitorSnapshot, ContactSnapshot, DealSnapshot, ElementSnapshot, ScoreSnapshot

PARTS = ("committee__contact", "competitors__competitor", "meddpicc", "answers")


def load(deal_id: int) -> DealSnapshot:
    """The deal with everything the rules read. Five queries, however much hangs on it. Raises Deal.DoesNotExist."""
    return snapshot(Deal.objects.select_related("account", "bant", "score").prefetch_related(*PARTS).get(pk=deal_id))


def snapshot(deal: Deal) -> DealSnapshot:
    """From a deal fetched with `select_related("account", "bant", "score")` and `prefetch_related(*PARTS)`; queries
    for what
    was not fetched."""
    assessment = getattr(deal, "bant", None)
    score = getattr(deal, "score", None)
    return DealSnapshot(
        id=deal.pk,
        segment=deal.account.segment,
        stage=deal.stage,
        stage_entered_date=deal.stage_entered_at.date(),
        amount=deal.amount,
        currency=deal.currency,
        close_date=deal.close_date,
        next_step=deal.next_step,
        next_step_date=deal.next_step_date,
        deal_type=deal.deal_type,
        forecast_category=deal.forecast_category,
        created_date=deal.created_at.date(),
        contacts=tuple(
            ContactSnapshot(
                id=row.contact_id,
                name=str(row.contact),
                role=row.role,
                persona=row.contact.persona,
                sentiment=row.sentiment,
            )
            for row in deal.committee.all()
            if row.contact.deleted_at is None
        ),
        competitors=tuple(
            CompetitorSnapshot(key=row.competitor.key, name=row.competitor.name, position=row.position)
            for row in deal.competitors.all()
        ),
        facts={**deal.account.facts, **(assessment.facts if assessment else {})},
        overrides=assessment.overrides if assessment else {},
        meddpicc=elements(deal),
        score=ScoreSnapshot(total=score.total, lead_class=score.lead_class) if score else None,
        answered=frozenset(row.question for row in deal.answers.all()),
    )


def elements(deal: Deal) -> dict[str, ElementSnapshot]:
    """The MEDDPICC elements something is recorded of, by key."""
    return {
        row.element: ElementSnapshot(
            strength=row.strength,  # type: ignore[arg-type]  # the database holds it to the three strengths
            fields=row.fields,
            contact_id=row.contact_id,
            confirmed_date=row.confirmed_date,
            has_evidence=bool(row.evidence or row.evidence_contact_id),
        )
        for row in deal.meddpicc.all()
    }
