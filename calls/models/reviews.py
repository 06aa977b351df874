"""What notes propose for the deal, and what was made of it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from calls.models.calls import Call
from calls.models.entries import Entry
from calls.models.querysets import OfCalls
from calls.rules.states import VERDICT_LABELS, Verdict

VERDICTS = [(one.value, VERDICT_LABELS[one]) for one in Verdict]


class Target(models.TextChoices):
    """Where a proposal writes."""

    FACT = "fact", "BANT+ fact"
    FIELD = "field", "MEDDPICC field"
    LINE = "line", "Line of a MEDDPICC text"
    ROW = "row", "Row of a MEDDPICC table"
    STRENGTH = "strength", "MEDDPICC strength"
    CONTACT = "contact", "Contact"
    COMPETITOR = "competitor", "Competitor"
    TASK = "task", "Action item"
    NEXT_STEP = "next_step", "Next step"
    CLOSE_DATE = "close_date", "Close date"
    ANSWER = "answer", "Answer to a question"
    OBJECTION = "objection", "Objection"
    RED_FLAG = "red_flag", "Red flag"


class Review(models.Model):
    """Proposals taken over in one act. `changes` keep what each write found and left, so that undoing puts back what still is as
    it was left: [{"proposal", "target", "key", "before", "after"}]. `kept` says what was not put back when it was undone."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="reviews")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    changes = models.JSONField(default=list, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    kept = models.JSONField(default=list, blank=True)

    objects: ClassVar[Any] = OfCalls.as_manager()

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"Review of {self.call}"


class Proposal(models.Model):
    """What a note proposes. `rule` made it, for the reason `because`; `target` and `key` say where it goes ("fact",
    "budget_amount"). `before` is what stood there when it was made, `after` what is proposed, `taken` what somebody made of it.
    `identity` tells it from the note's others: made anew from the same note it is the same proposal, whatever was decided on it."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="proposals")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="proposals")
    identity = models.CharField(max_length=64)
    rule = models.CharField(max_length=60)
    target = models.CharField(max_length=12, choices=Target)
    key = models.CharField(max_length=120, blank=True)
    label = models.CharField(max_length=200)
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)
    taken = models.JSONField(null=True, blank=True)
    because = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=VERDICTS, default=Verdict.OPEN)
    position = models.PositiveIntegerField(default=0)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    review = models.ForeignKey(Review, on_delete=models.SET_NULL, null=True, blank=True, related_name="proposals")
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = OfCalls.as_manager()

    class Meta:
        ordering: ClassVar = ["call_id", "position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "identity"], name="proposal_once"),
            models.CheckConstraint(condition=Q(state__in=[one.value for one in Verdict]), name="proposal_state_known"),
            models.CheckConstraint(condition=Q(target__in=Target.values), name="proposal_target_known"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "stale"]) | Q(decided_at__isnull=False), name="proposal_decided_when"
            ),
        ]

    def __str__(self) -> str:
        return self.label


class DocumentKind(models.TextChoices):
    SUMMARY = "summary", "Internal summary"
    RECAP = "recap", "Customer recap"


class Document(models.Model):
    """What is written of a call, one version after another. `blocks` is its content: [{"key", "label", "text"}], the texts in
    Markdown-light. A version is edited until it is sent, and stays from then on; what is written later is the next one.

    `sequence` is the notebook's number whose notes it was made of. `version` counts its changes, `made_at` is the last one.
    `sent_to` are addresses; `sent_by_hand`: somebody's own mail program took it there. `sources` are the customer's notes a recap was
    made of, as they were: [{"entry", "text"}], with "kept" where somebody decided that it stays whatever became of its note.
    """

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=10, choices=DocumentKind)
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=200, blank=True)
    blocks = models.JSONField(default=list, blank=True)
    sources = models.JSONField(default=list, blank=True)
    sequence = models.PositiveBigIntegerField(default=0)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    sent_to = models.JSONField(default=list, blank=True)
    sent_by_hand = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = OfCalls.as_manager()

    class Meta:
        ordering: ClassVar = ["call_id", "kind", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["call", "kind", "number"], name="call_document_numbered"),
            models.UniqueConstraint(
                fields=["call", "kind"], condition=Q(sent_at__isnull=True), name="call_document_one_draft"
            ),
            models.CheckConstraint(condition=Q(kind__in=DocumentKind.values), name="call_document_kind_known"),
            models.CheckConstraint(condition=Q(number__gte=1), name="call_document_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number} of {self.call}"

    @property
    def is_sent(self) -> bool:
        return self.sent_at is not None
