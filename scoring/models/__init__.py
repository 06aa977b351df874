"""Lead scores and their history."""

from scoring.models.scores import LeadScore

__all__ = ["LeadScore"]
