"""Calls: when, with whom, about what, and how far they are."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from calls.models.querysets import CallQuerySet, OfCalls
from calls.rules.states import LABELS, TONES, State
from crm.models import PlaybookVersion

SHORTEST, LONGEST = 15, 240
"""Minutes a call may be planned for."""
STATES = [(state.value, LABELS[state]) for state in State]


class Call(models.Model):
    """A discovery call on a deal. `minutes` is how long it is planned for; `starts_at` to be planned, `started_at` and `ended_at`
    when it was begun and ended. Its agenda and questions are those of `playbook`, the version in force when it was planned.

    `version` counts every change but those of its notes.
    """

    deal = models.ForeignKey("deals.Deal", on_delete=models.CASCADE, related_name="calls")
    title = models.CharField(max_length=200)
    goal = models.TextField(blank=True, max_length=2_000)
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=60)
    state = models.CharField(max_length=10, choices=STATES, default=State.PLANNED)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    playbook = models.ForeignKey(PlaybookVersion, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    why_cancelled = models.CharField(max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = CallQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-starts_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["deal", "-starts_at", "-id"], name="call_of_deal"),
            models.Index(fields=["-starts_at", "-id"], name="call_newest"),
            models.Index(fields=["owner", "starts_at", "id"], name="call_of_owner"),
            models.Index(fields=["state", "starts_at", "id"], name="call_state"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(title=""), name="call_has_title"),
            models.CheckConstraint(condition=Q(state__in=[one.value for one in State]), name="call_state_known"),
            models.CheckConstraint(condition=Q(minutes__gte=SHORTEST, minutes__lte=LONGEST), name="call_length"),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "cancelled"], started_at__isnull=True, ended_at__isnull=True)
                | Q(state="live", started_at__isnull=False, ended_at__isnull=True)
                | Q(state__in=["review", "done"], started_at__isnull=False, ended_at__isnull=False),
                name="call_held_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(reviewed_at__isnull=False), name="call_done_was_reviewed"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=models.F("started_at")), name="call_runs_forward"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_live(self) -> bool:
        return self.state == State.LIVE

    @property
    def tone(self) -> str:
        return TONES[State(self.state)]

    @property
    def planned_end(self) -> dt.datetime:
        return self.starts_at + dt.timedelta(minutes=self.minutes)


class Side(models.TextChoices):
    OURS = "ours", "Ours"
    THEIRS = "theirs", "Theirs"


class Attendee(models.Model):
    """Somebody on a call: one of us, a contact of the account, or of theirs by name alone. `name` stays when the record behind it
    goes; `persona` is a key of the playbook, the contact's own unless another was said."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="attendees")
    side = models.CharField(max_length=6, choices=Side)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    contact = models.ForeignKey("crm.Contact", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=200)
    title = models.CharField(max_length=200, blank=True)
    persona = models.CharField(max_length=60, blank=True)

    objects: ClassVar[Any] = OfCalls.as_manager()

    class Meta:
        ordering: ClassVar = ["call_id", "side", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["call", "person"], name="attendee_person_once"),
            models.UniqueConstraint(fields=["call", "contact"], name="attendee_contact_once"),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="attendee_side_known"),
            models.CheckConstraint(condition=~Q(name=""), name="attendee_has_name"),
            models.CheckConstraint(
                condition=Q(person__isnull=True) | Q(contact__isnull=True, side="ours"), name="attendee_ours_or_theirs"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Part(models.Model):
    """A part of one call's agenda. Time spent on it is `seconds` of the stretches that are over, and since `running_since` while
    it is the one under way."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="parts")
    key = models.CharField(max_length=60)
    label = models.CharField(max_length=200)
    minutes = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()
    seconds = models.PositiveIntegerField(default=0)
    running_since = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = OfCalls.as_manager()

    class Meta:
        ordering: ClassVar = ["call_id", "position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["call", "key"], name="part_once"),
            models.UniqueConstraint(
                fields=["call"], condition=Q(running_since__isnull=False), name="part_one_under_way"
            ),
        ]

    def __str__(self) -> str:
        return self.label


class CallQuestion(models.Model):
    """A question for one call: of the playbook (`key`) or somebody's own. `why` says what speaks for it, `rank` its place by that.
    A dropped one stays, so that it is not proposed again."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="questions")
    part = models.ForeignKey(Part, on_delete=models.SET_NULL, null=True, blank=True, related_name="questions")
    key = models.CharField(max_length=60, blank=True)
    text = models.CharField(max_length=500)
    group = models.CharField(max_length=120, blank=True)
    why = models.JSONField(default=list, blank=True)
    rank = models.PositiveSmallIntegerField(default=0)
    pinned = models.BooleanField(default=False)
    dropped = models.BooleanField(default=False)
    added = models.BooleanField(default=False)
    asked_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = OfCalls.as_manager()

    class Meta:
        ordering: ClassVar = ["call_id", "-pinned", "rank", "id"]
        indexes: ClassVar = [models.Index(fields=["key", "call"], name="call_question_key")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["call", "key"], condition=~Q(key=""), name="call_question_once"),
            models.CheckConstraint(condition=~Q(text=""), name="call_question_says_something"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(asked_at__isnull=False), name="call_question_asked_first"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
