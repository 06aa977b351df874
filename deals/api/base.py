"""What every address of a deal does first: find the deal as this person may see it. The same doors as the pages'."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django.http import Http404
from django.utils import timezone
from rest_framework.response import Response

from crm.lib.api.etags import Shown
from crm.lib.api.views import ApiView
from crm.lib.errors import NotAllowed
from crm.queries import playbook as playbooks
from crm.rules import access
from deals.queries.detail import Sight, see
from deals.queries.records import complete
from deals.queries.rows import detailed_ids
from deals.serializers.deal_records import answers
from deals.serializers.deals import AMOUNTS, NAMES, DealAnswer
from playbook.schema import Playbook

PATH = {"deal_id": "The deal's id."}
PARTS = ("outcome_reasons", "lines__product")
"""What a deal's answer prefetches."""
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
        deal: Any = sight.deal
        _, playbook = playbooks.current()
        deal.stage_label = _labels(playbook).get(deal.stage, deal.stage)
        deal.reason_keys = [row.reason for row in deal.outcome_reasons.all()]
        columns = None if sight.detailed else self._names
        return Shown(DealAnswer(deal, context={"columns": lambda _: columns}).data, deal.version)

    def show_records(self, found: Sequence[dict[str, Any]], playbook: Playbook) -> list[dict[str, Any]]:
        """A page of `deals.queries.records`, each with the columns this person sees of it."""
        detailed = detailed_ids(self.person, [row["pk"] for row in found])
        complete(found, detailed)
        return answers(found, labels=_labels(playbook), detailed=detailed, names=self._names)

    @property
    def _names(self) -> frozenset[str]:
        """The columns of a deal this person sees by name only."""
        return NAMES | AMOUNTS if access.sees_every_amount(self.person.roles) else NAMES

    def move(self, deal_id: int, write: Callable[[int], Any]) -> Response:
        """Runs a write to the deal itself and answers with the deal."""
        self.editable(see(self.person, deal_id))
        self.replace(lambda: self.deal(deal_id), write)
        return self.answer(self.deal(deal_id))

    @property
    def today(self) -> dt.date:
        return timezone.now().date()


def _labels(playbook: Playbook) -> dict[str, str]:
    return {stage.key: stage.label for stage in playbook.stages}
