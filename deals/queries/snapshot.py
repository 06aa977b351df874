"""A deal as the rules see it, in a fixed number of queries."""

from __future__ import annotations

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from deals.models import Deal, DealInterval, TrackedField
from deals.models.querysets import DealQuerySet
from deals.rules.snapshot import CompetitorSnapshot, ContactSnapshot, DealSnapshot, ElementSnapshot, ScoreSnapshot

PARTS = ("committee__contact", "competitors__competitor", "meddpicc", "answers")


def whole(deals: DealQuerySet) -> DealQuerySet:
    """Deals with everything the rules read: five queries, however many they are and however much hangs on them."""
    dates = DealInterval.objects.filter(deal=OuterRef("pk"), field=TrackedField.CLOSE_DATE).exclude(value="")
    # From no date to the first one is no move.
    moves = dates.order_by().values("deal").annotate(moves=Count("pk") - 1).values("moves")
    read = deals.select_related("account", "bant", "score").prefetch_related(*PARTS)
    return read.annotate(close_date_moves=Coalesce(Subquery(moves), 0))


def load(deal_id: int) -> DealSnapshot:
    """The deal with everything the rules read. Raises Deal.DoesNotExist."""
    return snapshot(whole(Deal.objects.all()).get(pk=deal_id))


def snapshot(deal: Deal) -> DealSnapshot:
    """From a deal of `whole`; queries for what was not fetched."""
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
        close_date_moves=getattr(deal, "close_date_moves", None),
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
