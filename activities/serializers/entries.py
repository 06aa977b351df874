"""Notes, tasks, logged activities and files."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from activities.models import ActivityKind, Direction, Repeat
from activities.serializers.about import About, EntryAnswer
from crm.lib.api.fields import Day, Id, Moment, Name, Ref, Text, Whole, YesNo
from crm.lib.api.serializers import Body
from crm.models import Person

MARKDOWN = "Markdown-light: paragraphs, bold, italic, lists, links, code and quotes."


class Clock(serializers.TimeField):
    """A time of day, HH:MM."""

    default_error_messages = {"invalid": "Write a time, such as 14:30."}  # noqa: RUF012 - REST framework's way

    def to_internal_value(self, data: Any) -> Any:
        return super().to_internal_value(data) if isinstance(data, str) else self.fail("invalid")


class NoteBody(Body):
    body = Text(max_length=20_000, allow_blank=False, help_text=f"{MARKDOWN} @ and a user name mentions a colleague.")


class NoteNew(About, NoteBody):
    pass


class NoteAnswer(EntryAnswer):
    body = serializers.CharField()
    mentions = serializers.SerializerMethodField(help_text="Who was told: those mentioned who see the record.")

    def get_mentions(self, row: Any) -> list[str]:
        return [one.username for one in row.mentions.all()]


class TaskBody(Body):
    title = Text(max_length=200, allow_blank=False)
    body = Text(required=False, max_length=20_000, help_text=MARKDOWN)
    owner = Ref(rows=lambda _: Person.objects.filter(is_active=True), what="active person", required=False)
    due_date = Day(required=False, allow_null=True)
    due_time = Clock(required=False, allow_null=True, help_text="On the owner's clock.")
    remind_at = Moment(required=False, allow_null=True, help_text="Without one the owner hears of it when it is due.")
    repeats = serializers.ChoiceField(required=False, choices=Repeat.choices)
    every_weeks = Whole(required=False, allow_null=True, min_value=1, max_value=52)


class TaskNew(About, TaskBody):
    pass


class TaskChange(TaskBody):
    done = YesNo(required=False, help_text="Doing a task that repeats makes the next one, once.")


class TaskAnswer(EntryAnswer):
    title = serializers.CharField()
    body = serializers.CharField()
    owner = serializers.IntegerField(source="owner_id")
    owner_name = Name(source="owner")
    due_date = serializers.DateField(allow_null=True)
    due_time = serializers.TimeField(allow_null=True)
    remind_at = Moment(allow_null=True)
    repeats = serializers.CharField()
    every_weeks = serializers.IntegerField(allow_null=True)
    done = serializers.BooleanField(source="is_done")
    done_at = Moment(allow_null=True)
    done_by = serializers.IntegerField(allow_null=True, source="done_by_id")
    follows = serializers.IntegerField(
        allow_null=True, source="follows_id", help_text="The task whose completion made this one."
    )


class ActivityChange(Body):
    direction = serializers.ChoiceField(required=False, choices=Direction.choices, allow_blank=True)
    subject = Text(max_length=250, allow_blank=False)
    at = Moment(help_text="When it took place.")
    minutes = Whole(required=False, allow_null=True, min_value=1, max_value=1440)
    participants = serializers.ListField(
        child=Id(),
        required=False,
        max_length=100,
        help_text="Ids of contacts of the record's account.",
    )
    sender = Text(required=False, max_length=320, help_text="Of an e-mail.")
    recipients = Text(required=False, max_length=4_000, help_text="Of an e-mail.")
    body = Text(required=False, max_length=100_000, help_text=f"{MARKDOWN} Of an e-mail: its plain text.")


class ActivityNew(About, ActivityChange):
    kind = serializers.ChoiceField(choices=ActivityKind.choices)


class ActivityAnswer(EntryAnswer):
    kind = serializers.ChoiceField(choices=ActivityKind.choices)
    direction = serializers.CharField()
    subject = serializers.CharField()
    at = Moment()
    minutes = serializers.IntegerField(allow_null=True)
    participants = serializers.SerializerMethodField()
    sender = serializers.CharField()
    recipients = serializers.CharField()
    body = serializers.CharField()

    def get_participants(self, row: Any) -> list[int]:
        return [one.pk for one in row.participants.all()]


class AttachmentNew(About):
    file = serializers.FileField(allow_empty_file=True, help_text="One file; its kind and size are limited.")


class AttachmentAnswer(EntryAnswer):
    name = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")
    content_type = serializers.CharField()
    sha256 = serializers.CharField()
    content = serializers.SerializerMethodField(help_text="Where the file itself is.")

    def get_content(self, row: Any) -> str:
        return reverse("api:attachment-content", args=[row.pk])
