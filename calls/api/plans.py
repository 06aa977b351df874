"""Demos and proofs of concept on a deal: read, and ticked off line by line."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from calls.models import DealPlan, PlanItem
from calls.rules.plans import JUDGED, Kind
from calls.serializers_plans import PlanAnswer, PlanRow, TickBody
from calls.services.plans_on import set_item
from crm.lib import keyset
from crm.lib.api.etags import Shown
from crm.lib.api.filters import identity, one_of
from crm.lib.api.schema import listing, operation
from crm.lib.api.views import ApiView
from crm.lib.errors import Invalid
from crm.lib.keyset import Sort
from crm.rules import access

PATH = {"plan_id": "The plan's id."}
ITEM = {**PATH, "item_id": "The line's id."}


class PlanApi(ApiView):
    """Not seen: 404. Seen but not to be changed: 403."""

    def rows(self) -> QuerySet[DealPlan]:
        found: QuerySet[DealPlan] = DealPlan.objects.visible_to(self.person).select_related("deal", "owner")
        return found

    def plan(self, plan_id: int) -> Shown:
        row = self.rows().filter(pk=plan_id).prefetch_related("items").first()
        if row is None:
            raise Http404
        return Shown(PlanAnswer(row).data, row.version)


class PlanList(PlanApi):
    filters = (
        identity("deal", "Of one deal."),
        identity("owner", "Led by one person."),
        one_of("kind", "Demos, or proofs of concept.", [one.value for one in Kind]),
        one_of("open", "Whether it still runs.", ("yes", "no")),
    )
    sorts = keyset.both_ways(Sort("starts", "Begins", ("starts_date",)))

    @listing(
        id="plans_list",
        tag="calls",
        says="Demos and proofs of concept begun on deals",
        rows=PlanRow,
        filters=filters,
        sorts=sorts,
    )
    def get(self, request: Request) -> Response:
        self.require(access.sees_contacts)
        wanted = self.wanted()
        if "open" in wanted:
            wanted["ended_at__isnull"] = wanted.pop("open") == "yes"
        return self.listed(self.rows().filter(**wanted), PlanRow, default="-starts")


class PlanDetail(PlanApi):
    @operation(id="plans_read", tag="calls", says="One with its lines", path=PATH, answers=PlanAnswer)
    def get(self, request: Request, plan_id: int) -> Response:
        return self.answer(self.plan(plan_id))


class PlanItemDetail(PlanApi):
    @operation(
        id="plans_tick",
        tag="calls",
        says="Tick a line off, or say whether a criterion is met or a red flag is there",
        path=ITEM,
        takes=TickBody,
        answers=PlanAnswer,
        tagged=False,
        clashes=True,
    )
    def post(self, request: Request, plan_id: int, item_id: int) -> Response:
        """No If-Match: a tick says what is so now, whatever was ticked before."""
        self.plan(plan_id)
        item = PlanItem.objects.filter(plan=plan_id, pk=item_id).first()
        if item is None:
            raise Http404
        said = self.body(TickBody)
        needed = "met" if item.section in JUDGED else "done"
        if [*said] != [needed]:
            raise Invalid({needed: f"This line is answered by “{needed}” alone."})
        set_item(act=self.act(), plan_id=plan_id, item_id=item_id, **said)
        return Response(self.plan(plan_id).data)
