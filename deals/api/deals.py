"""Deals: the list, one, and moving it along."""

from __future__ import annotations

from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from crm.lib.api.schema import listing, operation
from crm.queries import playbook as playbooks
from crm.rules import access
from deals.api.base import PATH, DealApi
from deals.api.lists import FILTERS, wanted
from deals.models import Deal
from deals.queries.detail import see
from deals.queries.lists import SORTS, allowed_sorts, legs
from deals.queries.records import records
from deals.serializers.deals import CloseBody, DealAnswer, DealBody, HeadBody, ReopenBody, StageBody
from deals.services.deals import create_deal, update_deal
from deals.services.deletion import delete_deal
from deals.services.stages import change_stage, close_deal, reopen_deal


class DealList(DealApi):
    filters = FILTERS
    sorts = SORTS

    @listing(id="deals_list", tag="deals", says="Deals", rows=DealAnswer, filters=FILTERS, sorts=SORTS)
    def get(self, request: Request) -> Response:
        _, playbook = playbooks.current()
        asked = wanted(self.person, request.query_params, playbook)
        default = "close" if asked.state == "open" else "-close"
        return self.listed(
            legs(self.person, asked, request.query_params.get("sort", "")),
            lambda found: self.show_records(found, playbook),
            default=default,
            sorts=allowed_sorts(self.person),
            read=records,
        )

    @operation(id="deals_create", tag="deals", says="Open a deal", takes=DealBody, answers=DealAnswer, status=201)
    def post(self, request: Request) -> Response:
        self.require(access.may_create_deals, "Your role reads deals; it does not open them. Ask a rep or a manager.")
        deal = create_deal(act=self.act(), values=self.body(DealBody))
        return self.answer(self.deal(deal.pk), status=201, location=reverse("api:deal", args=[deal.pk]))


class DealDetail(DealApi):
    @operation(id="deals_read", tag="deals", says="One deal", path=PATH, answers=DealAnswer)
    def get(self, request: Request, deal_id: int) -> Response:
        return self.answer(self.deal(deal_id))

    @operation(
        id="deals_update",
        tag="deals",
        says="Change the head of a deal",
        path=PATH,
        takes=HeadBody,
        answers=DealAnswer,
        guarded=True,
    )
    def patch(self, request: Request, deal_id: int) -> Response:
        def write(version: int) -> Deal:
            values = self.body(HeadBody, partial=True)
            return update_deal(act=self.act(), deal_id=deal_id, values=values, expected_version=version)

        return self.move(deal_id, write)

    @operation(
        id="deals_delete",
        tag="deals",
        says="Put a deal into the bin",
        path=PATH,
        answers=None,
        status=204,
        guarded=True,
    )
    def delete(self, request: Request, deal_id: int) -> Response:
        self.editable(see(self.person, deal_id))
        self.replace(
            lambda: self.deal(deal_id),
            lambda version: delete_deal(act=self.act(), deal_id=deal_id, expected_version=version),
        )
        return Response(status=204)


class DealStage(DealApi):
    @operation(
        id="deals_stage",
        tag="deals",
        says="Move an open deal to another open stage",
        path=PATH,
        takes=StageBody,
        answers=DealAnswer,
        guarded=True,
    )
    def post(self, request: Request, deal_id: int) -> Response:
        return self.move(
            deal_id,
            lambda version: change_stage(
                act=self.act(), deal_id=deal_id, expected_version=version, **self.body(StageBody)
            ),
        )


class DealClose(DealApi):
    @operation(
        id="deals_close",
        tag="deals",
        says="Close a deal as won or lost",
        path=PATH,
        takes=CloseBody,
        answers=DealAnswer,
        guarded=True,
    )
    def post(self, request: Request, deal_id: int) -> Response:
        def write(version: int) -> Deal:
            values = self.body(CloseBody)
            values["competitor_key"] = values.pop("competitor", None) or None
            return close_deal(act=self.act(), deal_id=deal_id, expected_version=version, **values)

        return self.move(deal_id, write)


class DealReopen(DealApi):
    @operation(
        id="deals_reopen",
        tag="deals",
        says="Open a closed deal again",
        path=PATH,
        takes=ReopenBody,
        answers=DealAnswer,
        guarded=True,
    )
    def post(self, request: Request, deal_id: int) -> Response:
        return self.move(
            deal_id,
            lambda version: reopen_deal(
                act=self.act(), deal_id=deal_id, expected_version=version, **self.body(ReopenBody)
            ),
        )
