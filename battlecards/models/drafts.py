"""What editors are working on: one open draft a card, which several may write at once."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from battlecards.models.cards import KINDS, Card, CardVersion, Wording
from battlecards.rules.states import LABELS, OPEN, TONES, State

STATES = [(state.value, LABELS[state]) for state in State]


class Draft(models.Model):
    """A draft of a card, begun from `base` (None: a new card). Each of its claims is saved by itself against its own `revision`, so
    that two editors on different claims never meet and two on the same one are shown both. `version` counts every change, those of
    its claims too.

    `submitted_by` handed it in; `decided_by` sent it back with `answer`, or published it. `publish_at` is when a beat publishes it.
    """

    card = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="drafts")
    base = models.ForeignKey(CardVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=STATES, default=State.WRITING)
    title = models.CharField(max_length=120)
    note = models.TextField(blank=True, max_length=2_000)
    document_tally = models.JSONField(null=True, blank=True)
    restored_from = models.ForeignKey(CardVersion, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True, max_length=2_000)
    publish_at = models.DateTimeField(null=True, blank=True)
    published = models.OneToOneField(
        CardVersion, on_delete=models.SET_NULL, null=True, blank=True, related_name="draft"
    )
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        ordering: ClassVar = ["-updated_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["publish_at"], condition=Q(state="scheduled"), name="card_draft_scheduled"),
            models.Index(fields=["state", "-updated_at", "-id"], name="card_draft_state"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["card"], condition=Q(state__in=[one.value for one in OPEN]), name="card_draft_one_open"
            ),
            models.CheckConstraint(condition=Q(state__in=[one.value for one in State]), name="card_draft_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["in_review", "scheduled"])
                | Q(submitted_by__isnull=False, submitted_at__isnull=False),
                name="card_draft_submitted_by",
            ),
            models.CheckConstraint(
                condition=Q(state="scheduled", publish_at__isnull=False) | ~Q(state="scheduled"),
                name="card_draft_scheduled_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(decided_at__isnull=False), name="card_draft_published_when"
            ),
        ]

    def __str__(self) -> str:
        return f"Draft of {self.title}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def tone(self) -> str:
        return TONES[State(self.state)]


class DraftClaim(models.Model):
    """A claim in a draft. `content` is what was typed, whether it is whole or not; `faults` why it can't be published yet, as
    [{"field", "text"}]. `base` is the published wording it began from (None: new). A `removed` one leaves with publishing.

    `place` orders claims of one kind; two never share one for long: moving writes the places of the whole section.

    `clash` is what another side made of it meanwhile, a version published or a file imported, as {"from", "kind", "content"}, content None
    where it was removed there; None: nothing to settle. Until somebody chooses, the draft can't be submitted."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="claims")
    key = models.CharField(max_length=60)
    kind = models.CharField(max_length=16, choices=KINDS)
    content = models.JSONField()
    faults = models.JSONField(default=list, blank=True)
    clash = models.JSONField(null=True, blank=True)
    base = models.ForeignKey(Wording, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    place = models.PositiveIntegerField()
    removed = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["draft_id", "place", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["draft", "key"], name="card_draft_claim_once")]

    def __str__(self) -> str:
        return self.key
