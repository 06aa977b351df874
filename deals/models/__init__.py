"""What we know of a deal."""

from deals.models.deals import (
    NO_DATE,
    BuyingRole,
    CompetitorPosition,
    Deal,
    DealCompetitor,
    DealContact,
    DealInterval,
    DealType,
    ForecastCategory,
    Outcome,
    OutcomeReason,
    Sentiment,
    TrackedField,
)
from deals.models.lines import DealLine
from deals.models.objections import RaisedObjection
from deals.models.qualification import (
    BantAssessment,
    BantClaim,
    DealScore,
    EvidenceKind,
    MeddpiccElement,
    QuestionAnswer,
    Strength,
)
from deals.models.risks import DealRisk
from deals.models.shares import DealShare
from deals.models.spans import DealSpan, DealSpanQuerySet

__all__ = [
    "NO_DATE",
    "BantAssessment",
    "BantClaim",
    "BuyingRole",
    "CompetitorPosition",
    "Deal",
    "DealCompetitor",
    "DealContact",
    "DealInterval",
    "DealLine",
    "DealRisk",
    "DealScore",
    "DealShare",
    "DealSpan",
    "DealSpanQuerySet",
    "DealType",
    "EvidenceKind",
    "ForecastCategory",
    "MeddpiccElement",
    "Outcome",
    "OutcomeReason",
    "QuestionAnswer",
    "RaisedObjection",
    "Sentiment",
    "Strength",
    "TrackedField",
]
