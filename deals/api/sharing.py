"""Shares of a deal, why one sees it, and giving it to another owner. A share's ETag is what it says."""

from __future__ import annotations

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
from deals.models import Deal, DealShare
from deals.queries import visibility
from deals.queries.detail import see
from deals.serializers.deals import DealAnswer
from deals.serializers.sharing import OwnerBody, RightBody, ShareAnswer, ShareBody, SightAnswer
from deals.services.base import locked_deal
from deals.services.handing_over import hand_over_deal
from deals.services.sharing import end_share, share_deal

SHARE_PATH = {**PATH, "share_id": "The share's id."}


class ShareApi(DealApi):
    def share(self, deal_id: int, share_id: int) -> DealShare:
        return DealShare.objects.select_related("person", "team").get(deal_id=deal_id, pk=share_id)

    def shown(self, deal_id: int, share_id: int) -> Shown:
        return Shown(ShareAnswer(self.share(deal_id, share_id)).data)


class DealShares(ShareApi):
    sorts = keyset.both_ways(Sort("added", "Added", ("id",)))

    @listing(
        id="deal_shares_list",
        tag="sharing",
        says="Whom a deal is shared with",
        rows=ShareAnswer,
        filters=(),
        sorts=sorts,
        path=PATH,
    )
    def get(self, request: Request, deal_id: int) -> Response:
        self.detailed(deal_id)
        rows = DealShare.objects.filter(deal_id=deal_id).select_related("person", "team")
        return self.listed(rows, ShareAnswer, default="added")

    @operation(
        id="deal_shares_add",
        tag="sharing",
        says="Share a deal with a person or a team",
        path=PATH,
        takes=ShareBody,
        answers=ShareAnswer,
        status=201,
        clashes=True,
    )
    def post(self, request: Request, deal_id: int) -> Response:
        self.editable(self.detailed(deal_id))
        values = self.body(ShareBody)
        with transaction.atomic():
            locked_deal(self.act(), deal_id)
            target = "person" if hasattr(values["whom"], "username") else "team"
            if DealShare.objects.filter(deal_id=deal_id, **{target: values["whom"]}).exists():
                raise Clash("The deal is shared with them already. Change the share at its own address.")
            row = share_deal(act=self.act(), deal_id=deal_id, **values)
        address = reverse("api:deal-share", args=[deal_id, row.pk])
        return self.answer(self.shown(deal_id, row.pk), status=201, location=address)


class DealShareDetail(ShareApi):
    @operation(id="deal_shares_read", tag="sharing", says="One share", path=SHARE_PATH, answers=ShareAnswer)
    def get(self, request: Request, deal_id: int, share_id: int) -> Response:
        self.detailed(deal_id)
        return self.answer(self.shown(deal_id, share_id))

    @operation(
        id="deal_shares_update",
        tag="sharing",
        says="Change what a share is for, or until when",
        path=SHARE_PATH,
        takes=RightBody,
        answers=ShareAnswer,
        guarded=True,
    )
    def patch(self, request: Request, deal_id: int, share_id: int) -> Response:
        self.detailed(deal_id)
        row = self.share(deal_id, share_id)
        self.editable(see(self.person, deal_id))
        with transaction.atomic():
            locked_deal(self.act(), deal_id)
            kept = {"can_write": row.can_write, "until_date": row.until_date}
            self.replace(
                lambda: self.shown(deal_id, share_id),
                lambda _: share_deal(
                    act=self.act(), deal_id=deal_id, whom=row.whom, **{**kept, **self.body(RightBody, partial=True)}
                ),
            )
        return self.answer(self.shown(deal_id, share_id))

    @operation(
        id="deal_shares_end",
        tag="sharing",
        says="End a share",
        path=SHARE_PATH,
        answers=None,
        status=204,
        guarded=True,
    )
    def delete(self, request: Request, deal_id: int, share_id: int) -> Response:
        self.detailed(deal_id)
        self.share(deal_id, share_id)
        self.editable(see(self.person, deal_id))
        with transaction.atomic():
            locked_deal(self.act(), deal_id)
            self.replace(
                lambda: self.shown(deal_id, share_id),
                lambda _: end_share(act=self.act(), deal_id=deal_id, share_id=share_id),
            )
        return Response(status=204)


class DealAccess(DealApi):
    @operation(id="deal_access", tag="sharing", says="Why you see this deal", path=PATH, answers=SightAnswer)
    def get(self, request: Request, deal_id: int) -> Response:
        deal = see(self.person, deal_id).deal
        mine = visibility.why(self.person, deal, visibility.share_rows(deal), self.today)
        said = {"level": mine.level.name.lower(), "reasons": [reason.text for reason in mine.reasons]}
        return self.answer(Shown(SightAnswer(said).data))


class DealOwner(DealApi):
    @operation(
        id="deals_owner",
        tag="deals",
        says="Give a deal to another owner, with what goes along",
        path=PATH,
        takes=OwnerBody,
        answers=DealAnswer,
        guarded=True,
    )
    def post(self, request: Request, deal_id: int) -> Response:
        def write(version: int) -> Deal:
            values = self.body(OwnerBody)
            to = values.pop("owner")
            return hand_over_deal(act=self.act(), deal_id=deal_id, to=to, expected_version=version, **values)

        return self.move(deal_id, write)
