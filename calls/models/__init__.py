"""Calls, who is on them, what is written in them, and what follows from it."""

from calls.models.calls import LONGEST, SHORTEST, Attendee, Call, CallQuestion, Part, Side
from calls.models.entries import LONGEST_TEXT, Entry, Notebook
from calls.models.plans import DealPlan, PlanItem
from calls.models.reviews import Document, DocumentKind, Proposal, Review, Target

__all__ = [
    "LONGEST",
    "LONGEST_TEXT",
    "SHORTEST",
    "Attendee",
    "Call",
    "CallQuestion",
    "DealPlan",
    "Document",
    "DocumentKind",
    "Entry",
    "Notebook",
    "Part",
    "PlanItem",
    "Proposal",
    "Review",
    "Side",
    "Target",
]
