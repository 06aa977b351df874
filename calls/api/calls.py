"""Calls: planned, held, cancelled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from calls.models import Call
from calls.queries.clock import clock
from calls.rules.states import State
from calls.serializers import CallAnswer, CallBody, CallRow, NewCallBody, PartBody, WhyBody
from calls.services.base import READ_ONLY
from calls.services.holding import begin_call, end_call, go_on, switch_part
from calls.services.plans import cancel_call, change_plan, plan_call
from crm.lib import keyset
from crm.lib.api.etags import Shown
from crm.lib.api.filters import identity, one_of
from crm.lib.api.schema import listing, operation
from crm.lib.api.views import ApiView
from crm.lib.errors import Invalid, NotAllowed
from crm.lib.keyset import Sort
from crm.rules import access
from deals.models import Deal

PATH = {"call_id": "The call's id."}
BESIDE = ("deal", "owner", "playbook")


class CallApi(ApiView):
    """Not seen: 404. Seen but not to be changed: 403."""

    def rows(self) -> QuerySet[Call]:
        found: QuerySet[Call] = Call.objects.visible_to(self.person).select_related(*BESIDE).defer("playbook__data")
        return found

    def one(self, call_id: int) -> Call:
        found = self.rows().filter(pk=call_id).first()
        if found is None:
            raise Http404
        return found

    def call(self, call_id: int) -> Shown:
        row: Any = self.one(call_id)
        row.clock = clock(row, timezone.now())
        return Shown(CallAnswer(row).data, row.version)

    def editable(self, call_id: int) -> None:
        self.one(call_id)
        if not Call.objects.editable_by(self.person).filter(pk=call_id).exists():
            raise NotAllowed(READ_ONLY)

    def change(self, call_id: int, write: Callable[[int], Any]) -> Response:
        self.editable(call_id)
        self.replace(lambda: self.call(call_id), write)
        return self.answer(self.call(call_id))


class CallList(CallApi):
    filters = (
        identity("deal", "Of one deal."),
        identity("owner", "Led by one person."),
        one_of("state", "In this state.", [one.value for one in State]),
    )
    sorts = keyset.both_ways(Sort("starts", "When", ("starts_at",)))

    @listing(id="calls_list", tag="calls", says="Discovery calls", rows=CallRow, filters=filters, sorts=sorts)
    def get(self, request: Request) -> Response:
        self.require(access.sees_contacts)
        return self.listed(self.rows().filter(**self.wanted()), CallRow, default="-starts")

    @operation(
        id="calls_create",
        tag="calls",
        says="Plan a call on an open deal; its agenda and questions follow from the playbook",
        takes=NewCallBody,
        answers=CallAnswer,
        status=201,
        clashes=True,
    )
    def post(self, request: Request) -> Response:
        self.require(access.may_create_deals, "Your role reads calls; it does not plan them.")
        values = self.body(NewCallBody)
        try:
            made = plan_call(act=self.act(), deal_id=values.pop("deal"), **values)
        except Deal.DoesNotExist as error:
            raise Invalid({"deal": "There is no such deal."}) from error
        return self.answer(self.call(made.pk), status=201, location=reverse("api:call", args=[made.pk]))


class CallDetail(CallApi):
    @operation(id="calls_read", tag="calls", says="One call", path=PATH, answers=CallAnswer)
    def get(self, request: Request, call_id: int) -> Response:
        return self.answer(self.call(call_id))

    @operation(
        id="calls_update",
        tag="calls",
        says="Change what is planned",
        path=PATH,
        takes=CallBody,
        answers=CallAnswer,
        guarded=True,
    )
    def patch(self, request: Request, call_id: int) -> Response:
        def write(version: int) -> Call:
            values = self.body(CallBody, partial=True)
            return change_plan(act=self.act(), call_id=call_id, expected_version=version, **values)

        return self.change(call_id, write)


class CallBegin(CallApi):
    @operation(id="calls_begin", tag="calls", says="Begin a call", path=PATH, answers=CallAnswer, guarded=True)
    def post(self, request: Request, call_id: int) -> Response:
        return self.change(
            call_id, lambda version: begin_call(act=self.act(), call_id=call_id, expected_version=version)
        )


class CallEnd(CallApi):
    @operation(
        id="calls_end", tag="calls", says="End a call; its notes propose", path=PATH, answers=CallAnswer, guarded=True
    )
    def post(self, request: Request, call_id: int) -> Response:
        return self.change(call_id, lambda version: end_call(act=self.act(), call_id=call_id, expected_version=version))


class CallGoOn(CallApi):
    @operation(
        id="calls_go_on",
        tag="calls",
        says="Go on with a call that ended too early",
        path=PATH,
        answers=CallAnswer,
        guarded=True,
    )
    def post(self, request: Request, call_id: int) -> Response:
        return self.change(call_id, lambda version: go_on(act=self.act(), call_id=call_id, expected_version=version))


class CallCancel(CallApi):
    @operation(
        id="calls_cancel",
        tag="calls",
        says="Cancel a call that did not begin",
        path=PATH,
        takes=WhyBody,
        answers=CallAnswer,
        guarded=True,
    )
    def post(self, request: Request, call_id: int) -> Response:
        def write(version: int) -> Call:
            why = self.body(WhyBody).get("why", "")
            return cancel_call(act=self.act(), call_id=call_id, expected_version=version, why=why)

        return self.change(call_id, write)


class CallPart(CallApi):
    @operation(
        id="calls_part",
        tag="calls",
        says="Run the clock on another part of the agenda",
        path=PATH,
        takes=PartBody,
        answers=CallAnswer,
        clashes=True,
    )
    def post(self, request: Request, call_id: int) -> Response:
        self.one(call_id)
        switch_part(act=self.act(), call_id=call_id, part=self.body(PartBody)["part"])
        return self.answer(self.call(call_id))
