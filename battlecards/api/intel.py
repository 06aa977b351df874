"""News of competitors, and the responses to it."""

from __future__ import annotations

from django.http import Http404
from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from battlecards.models import IntelEvent
from battlecards.models import Response as Protocol
from battlecards.queries import intel
from battlecards.serializers import (
    IntelAnswer,
    IntelBody,
    NewIntelBody,
    ResponseAnswer,
    ResponseRow,
    StepDoneBody,
)
from battlecards.services.intel import create_event, update_event, withdraw_event
from battlecards.services.responses import step_done
from crm.lib import keyset
from crm.lib.api.etags import Shown
from crm.lib.api.filters import one_of, text
from crm.lib.api.schema import listing, operation
from crm.lib.api.views import ApiView
from crm.lib.keyset import Sort
from crm.rules import access

EVENT = {"event_id": "The news' id."}
RESPONSE = {"response_id": "The response's id."}
STEP = {**RESPONSE, "step_id": "The step's id."}


class IntelApi(ApiView):
    def event(self, event_id: int) -> Shown:
        rows = intel.events(self.person, withdrawn=True).prefetch_related("marks")
        row = rows.filter(pk=event_id).first()
        if row is None:
            raise Http404
        return Shown(IntelAnswer(row).data, row.version)


class IntelList(IntelApi):
    filters = (
        text("competitor", "Of the competitor of this key."),
        one_of("kind", "Of this kind.", IntelEvent.Kind.values),
    )
    sorts = intel.SORTS

    @listing(id="intel_list", tag="news", says="News of competitors", rows=IntelAnswer, filters=filters, sorts=sorts)
    def get(self, request: Request) -> Response:
        wanted = self.wanted()
        rows = intel.events(self.person, competitor=wanted.get("competitor", ""), kind=wanted.get("kind", ""))
        return self.listed(rows.prefetch_related("marks"), IntelAnswer, default="-happened")

    @operation(
        id="intel_create",
        tag="news",
        says="Log news of a competitor",
        takes=NewIntelBody,
        answers=IntelAnswer,
        status=201,
    )
    def post(self, request: Request) -> Response:
        self.require(access.reads_cards)
        values = self.body(NewIntelBody)
        made = create_event(
            act=self.act(),
            competitor_key=values.pop("competitor"),
            claim_ids=values.pop("claims", None),
            values=values,
        )
        return self.answer(self.event(made.pk), status=201, location=reverse("api:intel-event", args=[made.pk]))


class IntelDetail(IntelApi):
    @operation(id="intel_read", tag="news", says="One piece of news", path=EVENT, answers=IntelAnswer)
    def get(self, request: Request, event_id: int) -> Response:
        return self.answer(self.event(event_id))

    @operation(
        id="intel_update",
        tag="news",
        says="Mend what was logged; its author and editors",
        path=EVENT,
        takes=IntelBody,
        answers=IntelAnswer,
        guarded=True,
    )
    def patch(self, request: Request, event_id: int) -> Response:
        def write(version: int) -> IntelEvent:
            values = self.body(IntelBody, partial=True)
            ticked = values.pop("claims", None)
            return update_event(
                act=self.act(), event_id=event_id, values=values, claim_ids=ticked, expected_version=version
            )

        self.event(event_id)
        self.replace(lambda: self.event(event_id), write)
        return self.answer(self.event(event_id))

    @operation(
        id="intel_withdraw",
        tag="news",
        says="Withdraw what was not so; it stays readable by its id",
        path=EVENT,
        answers=None,
        status=204,
        guarded=True,
    )
    def delete(self, request: Request, event_id: int) -> Response:
        self.event(event_id)
        self.replace(
            lambda: self.event(event_id),
            lambda version: withdraw_event(act=self.act(), event_id=event_id, expected_version=version),
        )
        return Response(status=204)


class ResponseApi(ApiView):
    def response_of(self, response_id: int) -> Shown:
        try:
            row = intel.find_response(self.person, response_id)
        except Protocol.DoesNotExist:
            raise Http404 from None
        return Shown(ResponseAnswer(row).data, row.version)


class ResponseList(ResponseApi):
    filters = (one_of("state", "In this state.", Protocol.State.values),)
    sorts = keyset.both_ways(Sort("started", "Started", ("started_at",)))

    @listing(id="responses_list", tag="news", says="Responses to news", rows=ResponseRow, filters=filters, sorts=sorts)
    def get(self, request: Request) -> Response:
        return self.listed(intel.responses(self.person).filter(**self.wanted()), ResponseRow, default="-started")


class ResponseDetail(ResponseApi):
    @operation(id="responses_read", tag="news", says="One response", path=RESPONSE, answers=ResponseAnswer)
    def get(self, request: Request, response_id: int) -> Response:
        return self.answer(self.response_of(response_id))


class StepDone(ResponseApi):
    @operation(
        id="responses_step_done",
        tag="news",
        says="Tick a step off; its owner, the response's and editors",
        path=STEP,
        takes=StepDoneBody,
        answers=ResponseAnswer,
        clashes=True,
        tagged=False,
    )
    def post(self, request: Request, response_id: int, step_id: int) -> Response:
        self.response_of(response_id)
        note = self.body(StepDoneBody).get("note", "")
        step_done(act=self.act(), response_id=response_id, step_id=step_id, note=note)
        return Response(self.response_of(response_id).data)
