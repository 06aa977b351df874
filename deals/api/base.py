"""What every address of a deal does first: find the deal as this person may see it. The same doors as the pages'."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.http import Http404
from django.utils import timezone
from rest_framework.response import Response

from crm.lib.api.etags import Shown
from crm.lib.api.views import ApiView
from crm.lib.errors import NotAllowed
from crm.queries import playbook as playbooks
from crm.rules import access
from deals.models import Deal
from deals.queries.detail import Sight, see
from deals.queries.rows import detailed_ids
from deals.serializers.deals import AMOUNTS, NAMES, DealAnswer

PATH = {"deal_id": "The deal's id."}
PARTS = ("outcome_reasons", "lines__product")
"""What a deal's answer prefetches; `RELATED` it joins."""
RELATED = ("account", "owner", "score", "outcome_competitor")
READ_ONLY = "You can see this deal but not change it. Ask its owner or their manager."


class DealApi(ApiView):
    """Not seen, or seen by name only where details are asked for: 404. Seen but not to be changed: 403."""

    def detailed(self, deal_id: int, *parts: str) -> Sight:
        sight = see(self.person, deal_id, *parts)
        if not sight.detailed:
            raise Http404
        return sight

    def editable(self, sight: Sight) -> Sight:
        if not sight.editable:
            raise NotAllowed(READ_ONLY)
        return sight

    def deal(self, deal_id: int) -> Shown:
        """The deal as this person is shown it."""
        sight = see(self.person, deal_id, *PARTS)
        return Shown(self.show([sight.deal], detailed={deal_id} if sight.detailed else set())[0], sight.deal.version)

    def show(self, deals: Sequence[Deal], *, detailed: Iterable[int] | None = None) -> list[Any]:
        """Deals fetched with PARTS and RELATED, each with the columns this person sees of it."""
        full = detailed_ids(self.person, [deal.pk for deal in deals]) if detailed is None else set(detailed)
        names = NAMES | AMOUNTS if access.sees_every_amount(self.person.roles) else NAMES
        _, playbook = playbooks.current()
        labels = {stage.key: stage.label for stage in playbook.stages}
        for deal in deals:
            deal.stage_label = labels.get(deal.stage, deal.stage)  # type: ignore[attr-defined] # shown beside the row
            deal.reason_keys = [row.reason for row in deal.outcome_reasons.all()]  # type: ignore[attr-defined]
        context = {"request": self.request, "columns": lambda deal: None if deal.pk in full else names}
        return list(DealAnswer(deals, many=True, context=context).data)

    def move(self, deal_id: int, write: Callable[[int], Any]) -> Response:
        """Runs a write to the deal itself and answers with the deal."""
        self.editable(see(self.person, deal_id))
        self.replace(lambda: self.deal(deal_id), write)
        return self.answer(self.deal(deal_id))

    @property
    def today(self) -> dt.date:
        return timezone.now().date()
