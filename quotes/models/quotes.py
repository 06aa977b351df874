"""Quotes, their revisions, and what was given and got."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from crm.lib.errors import Clash
from crm.lib.fields import MinorUnitsField
from crm.models import PlaybookVersion
from quotes.models.querysets import QuoteQuerySet, RevisionQuerySet
from quotes.rules.states import LABELS, TONES, State

AFTERWARDS = frozenset({"state", "accepted_by", "accepted_at"})
"""What of a revision is written after it was submitted."""
STATES = [(state.value, LABELS[state]) for state in State]


class Quote(models.Model):
    """An offer on a deal, through all its revisions. `state`, `total`, `yearly` and `discount_percent` are those of `latest`,
    its newest revision, kept here because lists sort by them. `version` counts every change, of its revisions too."""

    deal = models.ForeignKey("deals.Deal", on_delete=models.CASCADE, related_name="quotes")
    title = models.CharField(max_length=200)
    currency = models.CharField(max_length=3)
    latest = models.OneToOneField("quotes.Revision", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=STATES, default=State.DRAFT)
    total = MinorUnitsField(null=True, blank=True)
    yearly = MinorUnitsField(null=True, blank=True)
    discount_percent = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    # The quote whose inputs this one began with; nothing else came over.
    copied_from = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = QuoteQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-updated_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["deal", "-updated_at", "-id"], name="quote_of_deal"),
            models.Index(fields=["-updated_at", "-id"], name="quote_newest"),
            models.Index(fields=["state", "-updated_at", "-id"], name="quote_state"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(title=""), name="quote_has_title"),
            models.CheckConstraint(condition=Q(state__in=[one.value for one in State]), name="quote_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Raises Clash for a quote of which anything was submitted: it goes with its deal alone."""
        if self.revisions.exclude(state=State.DRAFT).exists():
            raise Clash("Something of this quote was submitted, so it is kept with its deal.")
        return super().delete(*args, **kwargs)

    @property
    def reference(self) -> str:
        """What people call it: Q-00042."""
        return f"Q-{self.pk:05d}"

    @property
    def tone(self) -> str:
        return TONES[State(self.state)]


class Revision(models.Model):
    """One state of a quote. A draft changes as it is typed: `inputs` is what was typed, whether it can be priced or not, and
    `refusals` why not. Once submitted nothing of it changes but its state.

    `ask` is what was asked (`quotes.rules.stored.ask_json`), `priced` what it came to (`priced_json`), both under `playbook`;
    from the first and the last the second can be computed again. `fingerprint` is the hash of all that prices or binds,
    `extra` included: what the paper says besides (customer, currency, validity). `segment` is the customer's on the day it was
    submitted, by which quotes are compared later.
    """

    quote = models.ForeignKey(Quote, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=STATES, default=State.DRAFT)
    playbook = models.ForeignKey(PlaybookVersion, on_delete=models.PROTECT, related_name="+")
    inputs = models.JSONField(default=dict)
    refusals = models.JSONField(default=list, blank=True)
    ask = models.JSONField(null=True, blank=True)
    priced = models.JSONField(null=True, blank=True)
    extra = models.JSONField(default=dict, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    total = MinorUnitsField(null=True, blank=True)
    arr = MinorUnitsField(null=True, blank=True)
    yearly = MinorUnitsField(null=True, blank=True)
    discount_percent = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    segment = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True, max_length=4_000)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = RevisionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["quote_id", "-number"]
        indexes: ClassVar = [
            # What quotes like this one got: read from the index, however many there are.
            models.Index(
                fields=["segment", "yearly", "discount_percent", "quote"],
                condition=Q(state__in=["approved", "accepted"]),
                name="revision_alike",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["quote", "number"], name="revision_numbered"),
            models.UniqueConstraint(fields=["quote"], condition=Q(state="draft"), name="revision_one_draft"),
            models.UniqueConstraint(fields=["quote"], condition=Q(state="accepted"), name="revision_one_accepted"),
            models.CheckConstraint(condition=Q(number__gte=1), name="revision_from_one"),
            models.CheckConstraint(condition=Q(state__in=[one.value for one in State]), name="revision_state_known"),
            models.CheckConstraint(
                condition=Q(state="draft")
                | Q(
                    ask__isnull=False,
                    priced__isnull=False,
                    total__isnull=False,
                    submitted_by__isnull=False,
                    submitted_at__isnull=False,
                )
                & ~Q(fingerprint=""),
                name="revision_submitted_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(accepted_at__isnull=False), name="revision_accepted_when"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quote_id} revision {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises Clash for anything but the state of what was submitted. What is stored decides, not what this object says."""
        fields = kwargs.get("update_fields")
        if fields is None or set(fields) - AFTERWARDS:
            self._refuse_if_submitted()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Raises Clash for what was submitted; it goes with its quote alone."""
        self._refuse_if_submitted()
        return super().delete(*args, **kwargs)

    def _refuse_if_submitted(self) -> None:
        stored = Revision.objects.filter(pk=self.pk).values_list("state", flat=True).first()
        if stored not in (None, State.DRAFT):
            raise Clash("A revision that was submitted does not change. Revise the quote: that makes the next one.")

    @property
    def is_draft(self) -> bool:
        return self.state == State.DRAFT

    @property
    def tone(self) -> str:
        return TONES[State(self.state)]


class Concession(models.Model):
    """What an accepted quote gave and what was got for it; it stays with the deal."""

    deal = models.ForeignKey("deals.Deal", on_delete=models.CASCADE, related_name="concessions")
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="concessions")
    # A kind of discount, or a contract term: "strategic.lighthouse", "payment_terms.net_60".
    given = models.CharField(max_length=120)
    given_text = models.CharField(max_length=300)
    got = models.JSONField(default=list, blank=True)
    note = models.TextField(blank=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["deal_id", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["revision", "given"], name="concession_once"),
        ]

    def __str__(self) -> str:
        return self.given_text
