"""Who was asked, who decided, and who stands in for whom."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from quotes.models.querysets import ApprovalQuerySet
from quotes.models.quotes import Revision
from quotes.rules.states import VERDICT_LABELS, Verdict

VERDICTS = [(one.value, VERDICT_LABELS[one]) for one in Verdict]


class ApprovalState(models.TextChoices):
    COMPUTING = "computing", "Working out who has to agree"
    OPEN = "open", "Waiting"
    APPROVED = "approved", "Approved"
    REJECTED = "rejected", "Rejected"
    SENT_BACK = "sent_back", "Sent back"
    WITHDRAWN = "withdrawn", "Withdrawn"
    VOID = "void", "Void"


class Approval(models.Model):
    """What a submitted revision asks for, once. It holds for exactly one `fingerprint`; a worker writes its steps.

    `cleared_by`: for one that nobody had to agree to, the rules that let it pass, as [{"rule", "text"}]. `why_void` says what
    changed.
    """

    revision = models.OneToOneField(Revision, on_delete=models.CASCADE, related_name="approval")
    state = models.CharField(max_length=10, choices=ApprovalState, default=ApprovalState.COMPUTING)
    fingerprint = models.CharField(max_length=64)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    cleared_by = models.JSONField(default=list, blank=True)
    why_void = models.CharField(max_length=300, blank=True)

    objects: ClassVar[Any] = ApprovalQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["requested_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["state", "requested_at", "id"], name="approval_state"),
            models.Index(fields=["decided_at", "id"], condition=Q(decided_at__isnull=False), name="approval_decided"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=ApprovalState.values), name="approval_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=["computing", "open"], decided_at__isnull=True)
                | (~Q(state__in=["computing", "open"]) & Q(decided_at__isnull=False)),
                name="approval_decided_when",
            ),
        ]

    def __str__(self) -> str:
        return f"Approval of {self.revision}"

    @property
    def is_waiting(self) -> bool:
        return self.state in (ApprovalState.COMPUTING, ApprovalState.OPEN)


class Step(models.Model):
    """One level's turn. `asked_at` is set when its turn comes; `level` is who was meant, `asked_level` who is asked now that
    nobody answered in time."""

    approval = models.ForeignKey(Approval, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    level = models.CharField(max_length=60)
    asked_level = models.CharField(max_length=60)
    because = models.JSONField(default=list)
    asked_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["approval_id", "position"]
        indexes: ClassVar = [
            models.Index(fields=["asked_at"], condition=Q(asked_at__isnull=False), name="step_asked"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["approval", "position"], name="step_in_order"),
            models.UniqueConstraint(fields=["approval", "level"], name="step_level_once"),
        ]

    def __str__(self) -> str:
        return f"{self.level} of {self.approval}"


class Decision(models.Model):
    """What somebody said to a step. There is one for each, whoever else tried at the same moment."""

    step = models.OneToOneField(Step, on_delete=models.CASCADE, related_name="decision")
    verdict = models.CharField(max_length=10, choices=VERDICTS)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # Who was away, where a stand-in decided.
    stood_in_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    as_level = models.CharField(max_length=60)
    comment = models.TextField(blank=True, max_length=4_000)
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["made_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(verdict__in=[one.value for one in Verdict]), name="decision_verdict_known"
            ),
            # A refusal that says nothing helps nobody to make the next revision.
            models.CheckConstraint(condition=Q(verdict="approve") | ~Q(comment=""), name="decision_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} by {self.made_by}"


class ApprovalComment(models.Model):
    approval = models.ForeignKey(Approval, on_delete=models.CASCADE, related_name="comments")
    text = models.TextField(max_length=4_000)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["made_at", "id"]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(text=""), name="approval_comment_says_something")]

    def __str__(self) -> str:
        return self.text[:60]


class Delegation(models.Model):
    """`stand_in` decides in place of `approver` from one day to another, both included, on the company's calendar."""

    approver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="delegations")
    stand_in = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="stands_in")
    from_date = models.DateField()
    to_date = models.DateField()
    reason = models.CharField(max_length=200, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["from_date", "id"]
        indexes: ClassVar = [models.Index(fields=["stand_in", "to_date"], name="delegation_stand_in")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(to_date__gte=F("from_date")), name="delegation_days_in_order"),
            models.CheckConstraint(condition=~Q(approver=F("stand_in")), name="delegation_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.stand_in} for {self.approver}"
