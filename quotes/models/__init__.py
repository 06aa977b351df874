"""Quotes, their revisions and their approvals."""

from quotes.models.approvals import Approval, ApprovalComment, ApprovalState, Decision, Delegation, Step
from quotes.models.quotes import Concession, Quote, Revision

__all__ = [
    "Approval",
    "ApprovalComment",
    "ApprovalState",
    "Concession",
    "Decision",
    "Delegation",
    "Quote",
    "Revision",
    "Step",
]
