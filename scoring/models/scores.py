"""The history of a deal's lead score."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Window
from django.db.models.functions import Lead

from crm.lib.fields import MinorUnitsField


class LeadScoreQuerySet(models.QuerySet["LeadScore"]):
    def with_derivation(self) -> Self:
        """Reads what a score was computed from, and what it is made of, in the same statement."""
        return self.select_related("scored_inputs", "result")

    def with_intervals(self) -> Self:
        """Adds `to_at`: a score holds from `computed_at` until the next one of the same deal."""
        return self.annotate(
            to_at=Window(
                Lead("computed_at"), partition_by=[F("deal_id")], order_by=[F("computed_at").asc(), F("id").asc()]
            )
        )


class ScoredInputs(models.Model):
    """What was known of a deal when it was scored: facts (account's and deal's merged), the rep's own scores, segment.

    Scores share the row until any of it changes, so that a new playbook copies nothing. Never altered.
    """

    deal = models.ForeignKey("deals.Deal", on_delete=models.CASCADE, related_name="+")
    facts = models.JSONField(default=dict)
    overrides = models.JSONField(default=dict)
    segment = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return f"Inputs of {self.deal_id}"


class ScoreResult(models.Model):
    """One of the few different outcomes under a playbook: a score for each criterion, and what each adds.

    `scores`: the criteria's scores in the playbook's order, "-" for not scored; `contributions`: [[criterion, score or
    null, weight, product or null], ...] with exact strings. A million deals share some thousand of these.
    """

    playbook_version = models.ForeignKey(
        "crm.PlaybookVersion", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    scores = models.CharField(max_length=200)
    contributions = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["playbook_version", "scores"], name="score_result_once"),
        ]

    def __str__(self) -> str:
        return self.scores


class LeadScore(models.Model):
    """A score as it was computed: everything needed to compute it again, and why it differs from the one before.

    `causes`: {"facts" | "dates" | "playbook" | "override": [change of low, change of high]} summing exactly
    to the move.
    Rows are added only when something changed and never altered; the interval's end is the next row's `computed_at`.
    """

    # None of these is deleted while a score names it, nobody asks by them alone, and a score is only written beside its
    # deal's locked row. An index for each and the database's own look at each would be paid for a million times when a
    # playbook is published: a third of the whole. The deal's index is lead_score_history.
    deal = models.ForeignKey(
        "deals.Deal", on_delete=models.CASCADE, related_name="lead_scores", db_index=False, db_constraint=False
    )
    playbook_version = models.ForeignKey(
        "crm.PlaybookVersion", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    rule_version = models.PositiveSmallIntegerField(default=1)
    scored_inputs = models.ForeignKey(
        ScoredInputs, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    result = models.ForeignKey(
        ScoreResult, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    as_of = models.DateField()
    low = MinorUnitsField(places=4)
    high = MinorUnitsField(places=4)
    total = MinorUnitsField(places=4, null=True, blank=True)
    lead_class = models.CharField(max_length=1, blank=True)
    possible_classes = models.CharField(max_length=8, blank=True)
    # How many criteria disqualified on that day; empty in scores of before this was kept.
    disqualified = models.PositiveSmallIntegerField(null=True, blank=True)
    previous_low = MinorUnitsField(places=4, null=True, blank=True)
    previous_high = MinorUnitsField(places=4, null=True, blank=True)
    previous_total = MinorUnitsField(places=4, null=True, blank=True)
    # "" was undecided; null in first scores, and in those of before this was kept.
    previous_class = models.CharField(max_length=1, null=True, blank=True)
    causes = models.JSONField(default=dict, blank=True)
    cause = models.CharField(max_length=20, blank=True)
    caused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    computed_at = models.DateTimeField()

    objects = LeadScoreQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-computed_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["deal", "-computed_at", "-id"], name="lead_score_history")]

    def __str__(self) -> str:
        return f"{self.deal_id}: {self.low}–{self.high}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("A computed score never changes; a new one is added.")
        super().save(*args, **kwargs)

    @property
    def inputs(self) -> dict[str, Any]:
        """{"facts", "overrides", "segment", "as_of"}, as `ScoreInputs.from_json` reads them. Read with
        `with_derivation`."""
        given = self.scored_inputs
        return {
            "facts": given.facts,
            "overrides": given.overrides,
            "segment": given.segment,
            "as_of": self.as_of.isoformat(),
        }

    @property
    def contributions(self) -> list[list[Any]]:
        """As `ScoreResult` keeps them."""
        parts: list[list[Any]] = self.result.contributions
        return parts
