"""What became of claims in the field: who used them where, and how it went."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from battlecards.models.cards import Card, Claim


class Use(models.Model):
    """Somebody looked at a card, copied a claim of it, or took it along. `day` is UTC's; the same person looking at the same card on
    the same deal on one day is one use."""

    class How(models.TextChoices):
        VIEWED = "viewed", "Viewed"
        COPIED = "copied", "Copied"
        EXPORTED = "exported", "Exported"

    card = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="+")
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    deal = models.ForeignKey("deals.Deal", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=10, choices=How)
    day = models.DateField()
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["card", "-at"], name="use_of_card"),
            models.Index(fields=["claim", "-at"], condition=Q(claim__isnull=False), name="use_of_claim"),
            models.Index(fields=["at", "card"], condition=Q(claim__isnull=True), name="use_views"),
            models.Index(fields=["deal", "card"], condition=Q(deal__isnull=False), name="use_on_deal"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "card", Coalesce("claim", 0), Coalesce("deal", 0), "person", "how", "day", name="use_once_a_day"
            ),
            models.CheckConstraint(condition=~Q(how="copied") | Q(claim__isnull=False), name="use_copied_claim"),
        ]

    def __str__(self) -> str:
        return f"{self.how} {self.card_id}"


class Feedback(models.Model):
    """How a claim did, from somebody who said it or wanted to. One stays open until an editor has looked (`seen_at`)."""

    class Verdict(models.TextChoices):
        USED = "used", "Used"
        LANDED = "landed", "Landed"
        BACKFIRED = "backfired", "Backfired"
        WRONG = "wrong", "Wrong"

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="feedback")
    deal = models.ForeignKey("deals.Deal", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=10, choices=Verdict)
    note = models.TextField(blank=True, max_length=2_000)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["claim", "verdict", "-at"], name="feedback_of_claim"),
            models.Index(fields=["-at", "-id"], condition=Q(seen_at__isnull=True), name="feedback_unseen"),
        ]

    def __str__(self) -> str:
        return f"{self.verdict}: {self.claim_id}"


class Suggestion(models.Model):
    """A change somebody suggests: to a claim, or something a card lacks (`claim` None). `content` is the claim as they would have it, or
    None where they only said so in `text`."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        TAKEN = "taken", "Taken"
        DECLINED = "declined", "Declined"

    card = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="suggestions")
    claim = models.ForeignKey(Claim, on_delete=models.SET_NULL, null=True, blank=True, related_name="suggestions")
    deal = models.ForeignKey("deals.Deal", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    text = models.TextField(max_length=4_000)
    content = models.JSONField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True, max_length=2_000)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["card", "-at", "-id"], condition=Q(state="open"), name="suggestion_open"),
            models.Index(fields=["person", "-at", "-id"], name="suggestion_own"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(text=""), name="suggestion_has_text"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True) | Q(decided_at__isnull=False),
                name="suggestion_decided_when",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]
