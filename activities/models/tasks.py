"""What somebody has to do."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from activities.models.base import Entry
from activities.rules.words import repeats_in_words

NO_DATE = dt.date(9999, 12, 31)
"""Sorts tasks without a date last; keyset paging needs a value in every row."""


class Repeat(models.TextChoices):
    NEVER = "", "Does not repeat"
    DAILY = "daily", "Every day"
    WEEKLY = "weekly", "Every week"
    WEEKS = "weeks", "Every so many weeks"
    MONTHLY = "monthly", "Every month"


class Task(Entry):
    """`due_time` is on the owner's clock. `at` is when it was done, or made while it is open.

    `notify_at` is when its owner is told: at `remind_at`, else when it is due; `notified_at` says that it happened.
    `follows` is the task of the same series whose completion made this one: once, whatever happens.
    """

    title = models.CharField(max_length=200)
    body = models.TextField(blank=True, max_length=20_000)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_date = models.DateField(null=True, blank=True)
    due_time = models.TimeField(null=True, blank=True)
    remind_at = models.DateTimeField(null=True, blank=True)
    repeats = models.CharField(max_length=10, choices=Repeat, default=Repeat.NEVER, blank=True)
    every_weeks = models.PositiveSmallIntegerField(null=True, blank=True)
    month_day = models.PositiveSmallIntegerField(default=0, editable=False)
    follows = models.OneToOneField(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="followed_by", editable=False
    )
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    notify_at = models.DateTimeField(null=True, blank=True, editable=False)
    notified_at = models.DateTimeField(null=True, blank=True, editable=False)

    due_sort = models.GeneratedField(
        expression=Coalesce(F("due_date"), Value(NO_DATE)), output_field=models.DateField(), db_persist=True
    )

    class Meta(Entry.Meta):
        indexes: ClassVar = [
            *Entry.Meta.indexes,
            models.Index(fields=["owner", "due_sort", "id"], condition=Q(done_at__isnull=True), name="task_open"),
            models.Index(fields=["owner", "-done_at", "-id"], condition=Q(done_at__isnull=False), name="task_done"),
            models.Index(
                fields=["notify_at"],
                condition=Q(done_at__isnull=True, notified_at__isnull=True, notify_at__isnull=False),
                name="task_to_tell",
            ),
        ]
        constraints: ClassVar = [
            *Entry.Meta.constraints,
            models.CheckConstraint(condition=~Q(title=""), name="task_has_title"),
            models.CheckConstraint(condition=Q(repeats="") | Q(due_date__isnull=False), name="task_series_has_a_day"),
            models.CheckConstraint(
                condition=~Q(repeats="weeks") | Q(every_weeks__gte=1, every_weeks__lte=52), name="task_weeks_given"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_done(self) -> bool:
        return self.done_at is not None

    @property
    def repeats_words(self) -> str:
        return repeats_in_words(self.repeats, self.every_weeks)
