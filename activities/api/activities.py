"""Logged calls, meetings and e-mails."""

from __future__ import annotations

from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from activities.api.base import FILTERS, SORTS, EntryApi
from activities.models import Activity, ActivityKind
from activities.serializers.about import about
from activities.serializers.entries import ActivityAnswer, ActivityChange, ActivityNew
from activities.services.activities import delete_activity, log_activity, update_activity
from crm.lib.api.filters import one_of
from crm.lib.api.schema import listing, operation

PATH = {"activity_id": "The activity's id."}


class ActivityApi(EntryApi):
    model = Activity
    answer_shape = ActivityAnswer
    many = ("participants",)


class ActivityList(ActivityApi):
    filters = (*FILTERS, one_of("kind", "What it was.", ActivityKind.values))
    sorts = SORTS

    @listing(
        id="activities_list",
        tag="activities",
        says="Calls, meetings and e-mails, newest first",
        rows=ActivityAnswer,
        filters=filters,
        sorts=SORTS,
    )
    def get(self, request: Request) -> Response:
        return self.listed(self.rows().filter(**self.wanted()), self.show, default="-at")

    @operation(
        id="activities_create",
        tag="activities",
        says="Log a call, a meeting or an e-mail",
        takes=ActivityNew,
        answers=ActivityAnswer,
        status=201,
    )
    def post(self, request: Request) -> Response:
        self.adds()
        values = self.body(ActivityNew)
        row = log_activity(act=self.act(), about=about(values), values=values)
        return self.answer(self.shown(row.pk), status=201, location=reverse("api:activity", args=[row.pk]))


class ActivityDetail(ActivityApi):
    @operation(id="activities_read", tag="activities", says="One activity", path=PATH, answers=ActivityAnswer)
    def get(self, request: Request, activity_id: int) -> Response:
        return self.answer(self.shown(activity_id))

    @operation(
        id="activities_update",
        tag="activities",
        says="Change a logged activity",
        path=PATH,
        takes=ActivityChange,
        answers=ActivityAnswer,
        guarded=True,
    )
    def patch(self, request: Request, activity_id: int) -> Response:
        self.change(
            activity_id,
            lambda version: update_activity(
                act=self.act(),
                activity_id=activity_id,
                values=self.body(ActivityChange, partial=True),
                expected_version=version,
            ),
        )
        return self.answer(self.shown(activity_id))

    @operation(
        id="activities_delete",
        tag="activities",
        says="Delete a logged activity",
        path=PATH,
        answers=None,
        status=204,
        guarded=True,
    )
    def delete(self, request: Request, activity_id: int) -> Response:
        self.change(
            activity_id,
            lambda version: delete_activity(act=self.act(), activity_id=activity_id, expected_version=version),
        )
        return Response(status=204)
