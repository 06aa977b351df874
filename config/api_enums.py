"""What the API's schema calls the choices that several records share: a model's, by its path, or the values themselves."""

from __future__ import annotations

ENUM_NAMES: dict[str, str | list[str]] = {
    "DealTypeEnum": "deals.models.DealType",
    "ForecastCategoryEnum": "deals.models.ForecastCategory",
    "StrengthEnum": "deals.models.Strength",
    "OutcomeEnum": "deals.models.Outcome",
    "BuyingRoleEnum": "deals.models.BuyingRole",
    "JobStateEnum": "crm.models.JobState",
    "NotificationKindEnum": "crm.models.NotificationKind",
    "ActivityKindEnum": "activities.models.ActivityKind",
    "DraftStateEnum": ["draft", "published", "discarded"],
    "ApprovalStateEnum": "quotes.models.ApprovalState",
    "VerdictEnum": "quotes.models.approvals.VERDICTS",
    "QuoteStateEnum": "quotes.models.quotes.STATES",
    "CardClaimKindEnum": "battlecards.models.cards.KINDS",
    "CardSortEnum": "battlecards.models.cards.Sort",
    "IntelKindEnum": "battlecards.models.intel.IntelEvent.Kind",
    "IntelResponseStateEnum": "battlecards.models.intel.Response.State",
    "FeedbackVerdictEnum": "battlecards.models.use.Feedback.Verdict",
    "SuggestionStateEnum": "battlecards.models.use.Suggestion.State",
    "CallStateEnum": "calls.models.calls.STATES",
    "ProposalStateEnum": "calls.models.reviews.VERDICTS",
    "ProposalTargetEnum": "calls.models.Target",
    "PlanKindEnum": "calls.models.plans.KINDS",
    "NoteReadingKindEnum": ["money", "percent", "count", "date", "quarter"],
    "RehearsalStateEnum": ["working", "done", "stopped"],
}
