"""Cards, the claims they are made of, and every version of them that was published."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from battlecards.models.querysets import CardQuerySet
from crm.lib.errors import Clash
from playbook.schema.cards import Tally

KINDS = [
    ("overview", "Overview"),
    ("row", "Head to head"),
    ("talking_point", "Talking point"),
    ("objection", "Objection"),
    ("position", "Position"),
    ("strategy", "Strategy"),
    ("step", "Step"),
    ("message", "Message"),
]


class Sort(models.TextChoices):
    COMPETITOR = "competitor", "Competitor"
    OBJECTIONS = "objections", "Objection library"
    MESSAGING = "messaging", "Messaging"


class Card(models.Model):
    """What we have to say against one competitor, or the library of objections, or the messaging: `playbook.schema.cards` says what
    is on which. `current` is the published version the field reads. `document_tally` is what the document the card was made from
    prints. `review_because` is "" for the ordinary review, else what asked for it at once."""

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=120)
    sort = models.CharField(max_length=12, choices=Sort, default=Sort.COMPETITOR)
    competitor = models.OneToOneField(
        "crm.Competitor", on_delete=models.PROTECT, null=True, blank=True, related_name="card"
    )
    current = models.OneToOneField(
        "battlecards.CardVersion", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    document_tally = models.JSONField(null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    review_date = models.DateField(null=True, blank=True)
    review_because = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = CardQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["sort", "title", "id"]
        indexes: ClassVar = [models.Index(fields=["review_date", "id"], name="card_to_review")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(title=""), name="card_has_title"),
            models.CheckConstraint(
                condition=Q(sort="competitor", competitor__isnull=False)
                | Q(sort__in=["objections", "messaging"], competitor__isnull=True),
                name="card_against_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Claim(models.Model):
    """One thing a card says, through all its wordings. `review_because` says why somebody has to look at it, "" for nobody."""

    card = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="claims")
    key = models.CharField(max_length=60)
    review_because = models.CharField(max_length=300, blank=True)
    review_since_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["card_id", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["card", "key"], name="claim_key_once")]
        indexes: ClassVar = [
            models.Index(fields=["card"], condition=Q(review_since_at__isnull=False), name="claim_to_review")
        ]

    def __str__(self) -> str:
        return self.key


class Wording(models.Model):
    """A claim as it was published at least once; never changed again. `content` is the claim of `playbook.schema.cards` as JSON, its
    key included; the columns beside it are read from it, for questions over many. Versions that say the same share a wording."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="wordings")
    kind = models.CharField(max_length=16, choices=KINDS)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    winner = models.CharField(max_length=4, blank=True)
    customer = models.BooleanField(default=False)
    retired = models.BooleanField(default=False)
    verified_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    sourced = models.BooleanField(default=False)
    # Says a figure nobody could look up.
    unproven = models.BooleanField(default=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    written_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["claim_id", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["claim", "digest"], name="wording_once")]
        indexes: ClassVar = [
            models.Index(fields=["expires_on"], condition=Q(expires_on__isnull=False), name="wording_expires")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.digest[:8]}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Clash("A wording that was published does not change. Publish another one.")
        super().save(*args, **kwargs)


class CardVersion(models.Model):
    """A card as it was published: numbered, whole, kept. Nothing of it changes. `submitted_by` wrote it, `published_by` agreed; for what
    was seeded or imported by operations both may be the same or None. `restored_from` is the version whose content it has again.

    `claims` and the rows won, lost and tied are counted when it is published, of what is not retired (`rules.tallies`): for lists."""

    card = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    document_tally = models.JSONField(null=True, blank=True)
    claims = models.PositiveIntegerField(default=0)
    us = models.PositiveIntegerField(default=0)
    them = models.PositiveIntegerField(default=0)
    tie = models.PositiveIntegerField(default=0)
    # What was changed, in the words of whoever submitted it.
    note = models.TextField(blank=True, max_length=2_000)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField()
    restored_from = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    wordings = models.ManyToManyField(Wording, through="battlecards.Placed", related_name="versions")

    class Meta:
        ordering: ClassVar = ["card_id", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["card", "number"], name="card_version_numbered"),
            models.CheckConstraint(condition=Q(number__gte=1), name="card_version_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Clash("A published version of a card does not change. Publish the next one.")
        super().save(*args, **kwargs)

    @property
    def tally(self) -> Tally:
        return Tally(us=self.us, them=self.them, tie=self.tie)


class Placed(models.Model):
    """A wording at its place in a version. Places count from 0 through the whole card, section after section."""

    version = models.ForeignKey(CardVersion, on_delete=models.CASCADE, related_name="placed")
    wording = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["version_id", "place"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "place"], name="placed_once"),
            models.UniqueConstraint(fields=["version", "wording"], name="wording_placed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.place} of {self.version_id}"


class Passage(models.Model):
    """What a published claim says, as search reads it: one row a claim of each card's current version, written when a version is
    published. `folded` is title and body without case and accents, as `crm` folds what people search."""

    card = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="passages")
    claim = models.OneToOneField(Claim, on_delete=models.CASCADE, related_name="passage")
    wording = models.ForeignKey(Wording, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16, choices=KINDS)
    title = models.CharField(max_length=500)
    body = models.TextField(blank=True)
    folded = models.TextField()
    category = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering: ClassVar = ["card_id", "id"]
        indexes: ClassVar = [models.Index(fields=["kind", "id"], name="passage_kind")]

    def __str__(self) -> str:
        return self.title
