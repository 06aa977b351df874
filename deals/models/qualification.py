"""What is known of a deal and how sure we are: BANT+ facts and claims, MEDDPICC elements, answered questions, the
score lists sort by."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from crm.lib.fields import MinorUnitsField
from deals.models.deals import Deal


class BantAssessment(models.Model):
    """The facts typed for a deal (canonical JSON form, keys of the playbook) and, per criterion, the score the rep
    set against the suggestion."""

    deal = models.OneToOneField(Deal, on_delete=models.CASCADE, primary_key=True, related_name="bant")
    facts = models.JSONField(default=dict, blank=True)
    # {criterion: score} of the current claims: kept beside the facts so that a whole book is read in one pass.
    overrides = models.JSONField(default=dict, blank=True)
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"BANT+ of {self.deal_id}"


class BantClaim(models.Model):
    """A rep's score for a criterion: who, when, from which facts, with what evidence. `score` None withdraws the one
    before."""

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="claims")
    criterion = models.CharField(max_length=60)
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    suggested = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.TextField(blank=True)
    evidence = models.TextField(blank=True)
    facts = models.JSONField(default=dict, blank=True)
    is_current = models.BooleanField(default=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["deal", "criterion"], condition=Q(is_current=True), name="bant_claim_one_current"
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=1, score__lte=5), name="bant_claim_on_scale"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion} {self.score}"


class Strength(models.TextChoices):
    UNKNOWN = "unknown", "Unknown"
    CLAIMED = "claimed", "Claimed"
    CONFIRMED = "confirmed", "Confirmed"


class EvidenceKind(models.TextChoices):
    CALL = "call", "A call"
    DOCUMENT = "document", "A document"
    NOTE = "note", "A dated note"
    CONTACT = "contact", "A contact"


class MeddpiccElement(models.Model):
    """One of the eight elements on one deal. `fields` follow the playbook's typed fields; `contact` is the buyer or
    champion.

    Confirmed needs evidence; after the playbook's `stale_after_days` from `confirmed_date` it counts as claimed until
    reconfirmed.
    """

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="meddpicc")
    element = models.CharField(max_length=60)
    strength = models.CharField(max_length=10, choices=Strength, default=Strength.UNKNOWN)
    fields = models.JSONField(default=dict, blank=True)
    contact = models.ForeignKey("crm.Contact", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    evidence_kind = models.CharField(max_length=10, choices=EvidenceKind, blank=True)
    evidence = models.TextField(blank=True)
    evidence_contact = models.ForeignKey(
        "crm.Contact", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    confirmed_date = models.DateField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["deal", "element"], name="meddpicc_element_once"),
            models.CheckConstraint(
                condition=~Q(strength="confirmed") | Q(confirmed_date__isnull=False), name="meddpicc_confirmed_is_dated"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.element} {self.strength}"


class QuestionAnswer(models.Model):
    """A question of the bank that was asked on this deal, and what was said."""

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="answers")
    question = models.CharField(max_length=60)
    answer = models.TextField(blank=True)
    contact = models.ForeignKey("crm.Contact", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["deal", "question"], name="question_answer_once")]

    def __str__(self) -> str:
        return f"{self.question}: {self.answer}"


class DealScore(models.Model):
    """What lists show and sort by: narrow, one row a deal, written by the scoring worker through
    `deals.services.scores`.

    `low` and `high` are the lowest and highest total still possible; `total` and `lead_class` are empty while
    undecided.
    `lights` has a letter per MEDDPICC element: u unknown, c claimed, f confirmed.
    """

    deal = models.OneToOneField(Deal, on_delete=models.CASCADE, primary_key=True, related_name="score")
    low = MinorUnitsField(places=4, default=Decimal(1))
    high = MinorUnitsField(places=4, default=Decimal(5))
    total = MinorUnitsField(places=4, null=True, blank=True)
    lead_class = models.CharField(max_length=1, blank=True)
    possible_classes = models.CharField(max_length=8, blank=True)
    disqualified = models.PositiveSmallIntegerField(default=0)
    lights = models.CharField(max_length=12, default="uuuuuuuu")
    health_percent = MinorUnitsField(places=2, default=Decimal(0))
    playbook_number = models.PositiveIntegerField(default=0)
    computed_at = models.DateTimeField(null=True, blank=True)
    # The deal's own, kept here by PostgreSQL itself (migration 0010) for lists that walk the scores; never written by us, and
    # empty on SQLite.
    deal_owner_id = models.BigIntegerField(null=True, editable=False)
    deal_is_open = models.BooleanField(null=True, editable=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["low", "deal"], name="deal_score_low"),
            models.Index(fields=["lead_class", "deal"], name="deal_score_class"),
        ]

    def __str__(self) -> str:
        return f"{self.low} to {self.high}"
