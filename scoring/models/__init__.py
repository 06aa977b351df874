"""Lead scores and their history."""

from scoring.models.scores import LeadScore, ScoredInputs, ScoreResult

__all__ = ["LeadScore", "ScoreResult", "ScoredInputs"]
