"""Cards and their versions, drafts, use and feedback, intel."""

from battlecards.models.cards import Card, CardVersion, Claim, Passage, Placed, Sort, Wording
from battlecards.models.drafts import Draft, DraftClaim
from battlecards.models.intel import IntelEvent, IntelMark, Response, ResponseEntry, ResponseStep, Watch, WatchRun
from battlecards.models.review import Confirmation, GapSeen
from battlecards.models.use import Feedback, Suggestion, Use

__all__ = [
    "Card",
    "CardVersion",
    "Claim",
    "Confirmation",
    "Draft",
    "DraftClaim",
    "Feedback",
    "GapSeen",
    "IntelEvent",
    "IntelMark",
    "Passage",
    "Placed",
    "Response",
    "ResponseEntry",
    "ResponseStep",
    "Sort",
    "Suggestion",
    "Use",
    "Watch",
    "WatchRun",
    "Wording",
]
