"""The customer's people on a deal, and the competitors.

These rows have no version of their own: their ETag is what they say, compared again once the deal is locked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from crm.lib import keyset
from crm.lib.api.etags import Shown
from crm.lib.api.schema import listing, operation
from crm.lib.errors import Clash
from crm.lib.keyset import Sort
from deals.api.base import PATH, DealApi
from deals.models import DealCompetitor, DealContact
from deals.serializers.committee import MemberAnswer, MemberBody, PartBody, RivalAnswer, RivalBody, StandingBody
from deals.services.base import locked_deal
from deals.services.committee import remove_competitor, remove_contact, set_competitor, set_contact

MEMBER_PATH = {**PATH, "contact_id": "The contact's id."}
RIVAL_PATH = {**PATH, "competitor": "The competitor's key."}


class RowApi(DealApi):
    def change(self, deal_id: int, current: Callable[[], Shown], do: Callable[[], Any]) -> None:
        """Runs a write to a row of the deal: 404 where it is not on it, then rights, then If-Match under the deal's
        lock."""
        sight = self.detailed(deal_id)
        current()
        self.editable(sight)
        with transaction.atomic():
            locked_deal(self.act(), deal_id)
            self.replace(current, lambda _: do())

    def add(self, deal_id: int, there: Callable[[], bool], do: Callable[[], Any]) -> None:
        """Puts something on the deal that must not be there yet."""
        self.editable(self.detailed(deal_id))
        with transaction.atomic():
            locked_deal(self.act(), deal_id)
            if there():
                raise Clash("This is on the deal already. Change it at its own address.")
            do()


class MemberApi(RowApi):
    def shown(self, deal_id: int, contact_id: int) -> Shown:
        rows = DealContact.objects.select_related("contact")
        return Shown(MemberAnswer(rows.get(deal_id=deal_id, contact_id=contact_id)).data)


class DealContacts(MemberApi):
    sorts = keyset.both_ways(Sort("added", "Added", ("id",)))

    @listing(
        id="deal_contacts_list",
        tag="committee",
        says="The customer's people on a deal",
        rows=MemberAnswer,
        filters=(),
        sorts=sorts,
        path=PATH,
    )
    def get(self, request: Request, deal_id: int) -> Response:
        self.detailed(deal_id)
        rows = DealContact.objects.filter(deal_id=deal_id).select_related("contact")
        return self.listed(rows, MemberAnswer, default="added")

    @operation(
        id="deal_contacts_add",
        tag="committee",
        says="Put somebody on a deal",
        path=PATH,
        takes=MemberBody,
        answers=MemberAnswer,
        status=201,
        clashes=True,
    )
    def post(self, request: Request, deal_id: int) -> Response:
        self.editable(self.detailed(deal_id))
        values = self.body(MemberBody)
        contact_id = values.pop("contact").pk
        self.add(
            deal_id,
            lambda: DealContact.objects.filter(deal_id=deal_id, contact_id=contact_id).exists(),
            lambda: set_contact(act=self.act(), deal_id=deal_id, contact_id=contact_id, **values),
        )
        address = reverse("api:deal-contact", args=[deal_id, contact_id])
        return self.answer(self.shown(deal_id, contact_id), status=201, location=address)


class DealContactDetail(MemberApi):
    @operation(
        id="deal_contacts_read", tag="committee", says="Somebody on a deal", path=MEMBER_PATH, answers=MemberAnswer
    )
    def get(self, request: Request, deal_id: int, contact_id: int) -> Response:
        self.detailed(deal_id)
        return self.answer(self.shown(deal_id, contact_id))

    @operation(
        id="deal_contacts_update",
        tag="committee",
        says="Change somebody's role or sentiment on a deal",
        path=MEMBER_PATH,
        takes=PartBody,
        answers=MemberAnswer,
        guarded=True,
    )
    def patch(self, request: Request, deal_id: int, contact_id: int) -> Response:
        self.change(
            deal_id,
            lambda: self.shown(deal_id, contact_id),
            lambda: set_contact(act=self.act(), deal_id=deal_id, contact_id=contact_id, **self.body(PartBody)),
        )
        return self.answer(self.shown(deal_id, contact_id))

    @operation(
        id="deal_contacts_remove",
        tag="committee",
        says="Take somebody off a deal",
        path=MEMBER_PATH,
        answers=None,
        status=204,
        guarded=True,
    )
    def delete(self, request: Request, deal_id: int, contact_id: int) -> Response:
        self.change(
            deal_id,
            lambda: self.shown(deal_id, contact_id),
            lambda: remove_contact(act=self.act(), deal_id=deal_id, contact_id=contact_id),
        )
        return Response(status=204)


class RivalApi(RowApi):
    def shown(self, deal_id: int, competitor: str) -> Shown:
        rows = DealCompetitor.objects.select_related("competitor")
        return Shown(RivalAnswer(rows.get(deal_id=deal_id, competitor__key=competitor)).data)


class DealCompetitors(RivalApi):
    sorts = keyset.both_ways(Sort("added", "Added", ("id",)))

    @listing(
        id="deal_competitors_list",
        tag="committee",
        says="The competitors on a deal",
        rows=RivalAnswer,
        filters=(),
        sorts=sorts,
        path=PATH,
    )
    def get(self, request: Request, deal_id: int) -> Response:
        self.detailed(deal_id)
        rows = DealCompetitor.objects.filter(deal_id=deal_id).select_related("competitor")
        return self.listed(rows, RivalAnswer, default="added")

    @operation(
        id="deal_competitors_add",
        tag="committee",
        says="Put a competitor on a deal",
        path=PATH,
        takes=RivalBody,
        answers=RivalAnswer,
        status=201,
        clashes=True,
    )
    def post(self, request: Request, deal_id: int) -> Response:
        self.editable(self.detailed(deal_id))
        values = self.body(RivalBody)
        key = values.pop("competitor")
        self.add(
            deal_id,
            lambda: DealCompetitor.objects.filter(deal_id=deal_id, competitor__key=key).exists(),
            lambda: set_competitor(act=self.act(), deal_id=deal_id, competitor_key=key, **values),
        )
        address = reverse("api:deal-competitor", args=[deal_id, key])
        return self.answer(self.shown(deal_id, key), status=201, location=address)


class DealCompetitorDetail(RivalApi):
    @operation(
        id="deal_competitors_read",
        tag="committee",
        says="A competitor on a deal",
        path=RIVAL_PATH,
        answers=RivalAnswer,
    )
    def get(self, request: Request, deal_id: int, competitor: str) -> Response:
        self.detailed(deal_id)
        return self.answer(self.shown(deal_id, competitor))

    @operation(
        id="deal_competitors_update",
        tag="committee",
        says="Change where a competitor stands and how we mean to win",
        path=RIVAL_PATH,
        takes=StandingBody,
        answers=RivalAnswer,
        guarded=True,
    )
    def patch(self, request: Request, deal_id: int, competitor: str) -> Response:
        self.change(
            deal_id,
            lambda: self.shown(deal_id, competitor),
            lambda: set_competitor(
                act=self.act(), deal_id=deal_id, competitor_key=competitor, **self.body(StandingBody)
            ),
        )
        return self.answer(self.shown(deal_id, competitor))

    @operation(
        id="deal_competitors_remove",
        tag="committee",
        says="Take a competitor off a deal",
        path=RIVAL_PATH,
        answers=None,
        status=204,
        guarded=True,
    )
    def delete(self, request: Request, deal_id: int, competitor: str) -> Response:
        self.change(
            deal_id,
            lambda: self.shown(deal_id, competitor),
            lambda: remove_competitor(act=self.act(), deal_id=deal_id, competitor_key=competitor),
        )
        return Response(status=204)
