"""What competitors do, and what we do about it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from battlecards.models.cards import Claim
from crm.lib.errors import Clash


class IntelEvent(models.Model):
    """Something that happened with a competitor, from a person or the API, with where it is known from. It marks claims for review."""

    class Kind(models.TextChoices):
        PRICE_CHANGE = "price_change", "Price change"
        FEATURE = "feature", "Feature"
        ACQUISITION = "acquisition", "Acquisition"
        REVIEW = "review", "Review or article"
        PEOPLE = "people", "People"

    competitor = models.ForeignKey("crm.Competitor", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True, max_length=10_000)
    source = models.CharField(max_length=200)
    url = models.URLField(max_length=500, blank=True)
    happened_on = models.DateField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["-happened_on", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["-happened_on", "-id"], name="intel_newest"),
            models.Index(fields=["competitor", "-happened_on", "-id"], name="intel_of_rival"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(title="") & ~Q(source=""), name="intel_said_and_sourced"),
        ]

    def __str__(self) -> str:
        return self.title


class IntelMark(models.Model):
    """A claim an event asks an editor to look at again; settled when a version is published after it or an editor says it still holds."""

    event = models.ForeignKey(IntelEvent, on_delete=models.CASCADE, related_name="marks")
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="marks")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "claim"], name="intel_mark_once")]
        indexes: ClassVar = [
            models.Index(fields=["claim"], condition=Q(settled_at__isnull=True), name="intel_mark_open")
        ]

    def __str__(self) -> str:
        return f"{self.event_id} on {self.claim_id}"


class Response(models.Model):
    """A response protocol under way: the scenario of the playbook in force when it began, as its steps keep it."""

    class State(models.TextChoices):
        OPEN = "open", "Under way"
        DONE = "done", "Done"
        STOPPED = "stopped", "Stopped"

    event = models.ForeignKey(IntelEvent, on_delete=models.CASCADE, related_name="responses")
    scenario = models.CharField(max_length=60)
    label = models.CharField(max_length=120)
    playbook = models.ForeignKey("crm.PlaybookVersion", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.TextField(blank=True, max_length=2_000)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["-started_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "scenario"], condition=Q(state="open"), name="response_one_open"),
            models.CheckConstraint(
                condition=Q(state="open", ended_at__isnull=True) | Q(ended_at__isnull=False), name="response_ended_when"
            ),
        ]

    def __str__(self) -> str:
        return self.label


class ResponseStep(models.Model):
    """A step of a response. `clock` is how the playbook says it ("Hour 4"), `due_at` what that comes to in working hours; a beat reminds
    its owner when it is due and tells the response's owner's manager when nobody answered."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="steps")
    key = models.CharField(max_length=60)
    place = models.PositiveSmallIntegerField()
    clock = models.CharField(max_length=40)
    label = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    note = models.TextField(blank=True, max_length=4_000)
    reminded_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    # How far up it went: 1 to the response's owner, 2 to whoever leads them.
    escalations = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["response_id", "place"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["response", "key"], name="response_step_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(done_at__isnull=True), name="response_step_due"),
            models.Index(fields=["owner", "due_at"], condition=Q(done_at__isnull=True), name="response_step_own"),
        ]

    def __str__(self) -> str:
        return self.label


class ResponseEntry(models.Model):
    """What was done when, in a response; written, never changed."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="entries")
    step = models.ForeignKey(ResponseStep, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    text = models.TextField(max_length=4_000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["response_id", "at", "id"]

    def __str__(self) -> str:
        return self.text[:80]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Clash("What was written in a log does not change. Write what is to be added.")
        super().save(*args, **kwargs)


class Watch(models.Model):
    """A thing to look at regularly, from the playbook's monitoring cadence: who does it, and when next. Doing it moves `due_on` on."""

    key = models.CharField(max_length=60, unique=True)
    cadence = models.CharField(max_length=10)
    label = models.CharField(max_length=200)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    due_on = models.DateField()
    reminded_on = models.DateField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["due_on", "id"]
        indexes: ClassVar = [
            models.Index(fields=["owner", "due_on"], condition=Q(retired_at__isnull=True), name="watch_own")
        ]

    def __str__(self) -> str:
        return self.label


class WatchRun(models.Model):
    """A watch that was done, for which due day, and what was found."""

    watch = models.ForeignKey(Watch, on_delete=models.CASCADE, related_name="runs")
    due_on = models.DateField()
    done_at = models.DateTimeField()
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    note = models.TextField(blank=True, max_length=4_000)

    class Meta:
        ordering: ClassVar = ["-done_at", "-id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["watch", "due_on"], name="watch_run_once")]

    def __str__(self) -> str:
        return f"{self.watch_id} for {self.due_on}"
