"""What the API says of papers and of those that come by mail."""

from __future__ import annotations

from django.urls import reverse
from rest_framework import serializers

from crm.lib.api.fields import Id, Moment, Text, Whole, YesNo
from crm.lib.api.serializers import Answer, Body
from reports.models import PaperSchedule, Rhythm
from reports.services.paper_shelf import Shown

ASKED = "What the report is asked, by the names of its query parameters."


class PaperBody(Body):
    kind = Text(help_text="The report's key.")
    asked = serializers.DictField(child=Text(), required=False, help_text=ASKED)


class PaperRow(Answer):
    id = serializers.IntegerField(source="paper.pk")
    kind = serializers.CharField(source="paper.kind")
    title = serializers.CharField(source="paper.title")
    asked = serializers.DictField(source="paper.asked", child=serializers.CharField())
    state = serializers.CharField(help_text="queued, running, done or failed.")
    said = serializers.CharField(help_text="Why it failed.")
    done = serializers.IntegerField(help_text="Parts that are made, of `total`.")
    total = serializers.IntegerField()
    pages = serializers.IntegerField(source="paper.pages", allow_null=True)
    asked_at = Moment(source="paper.asked_at")
    finished_at = Moment(source="paper.finished_at", allow_null=True)
    kept_until = Moment(source="paper.kept_until", allow_null=True)
    file = serializers.SerializerMethodField(help_text="The PDF's address while it is kept; null else.")

    def get_file(self, one: Shown) -> str | None:
        there = one.is_kept and one.reads
        return reverse("reports:paper-file", args=[one.paper.pk]) if there else None


class ScheduleBody(Body):
    kind = Text(help_text="The report's key; not to be changed.")
    asked = serializers.DictField(child=Text(), required=False, help_text=f"{ASKED} Nothing that is of one day.")
    to_team = Id(required=False, allow_null=True, help_text="A team one leads; null for oneself alone.")
    rhythm = serializers.ChoiceField(choices=Rhythm.choices)
    day = Whole(help_text="Of the week (0 is Monday), of the month, or working days before a quarter's last day.")
    hour = Whole(required=False, help_text="A full hour on one's own clock; 7 where it is left out.")
    active = YesNo(required=False, help_text="False has it rest.")


class ScheduleRow(Answer):
    id = serializers.IntegerField()
    kind = serializers.CharField()
    asked = serializers.DictField(child=serializers.CharField())
    to_team = serializers.IntegerField(source="to_team_id", allow_null=True)
    rhythm = serializers.CharField()
    day = serializers.IntegerField()
    hour = serializers.IntegerField()
    active = serializers.SerializerMethodField()
    next_due_at = Moment(allow_null=True)
    resting_because = serializers.CharField()
    made_at = Moment()

    def get_active(self, schedule: PaperSchedule) -> bool:
        return schedule.next_due_at is not None
