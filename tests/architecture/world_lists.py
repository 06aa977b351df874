"""What somebody of the world leaves behind who lives in lists: a view, a bulk change, an export."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crm.models import BulkChange, Job, JobState, SavedView
from crm.services import exports
from crm.services.audit import Act
from crm.services.bulk import ask, draw_up, perform
from crm.services.saved_views import create_view
from deals.models import Deal


@dataclass(frozen=True, slots=True)
class Lists:
    """All Rae's: a view shared with everybody, a change drawn up, one done, an export done."""

    view: SavedView
    picked: BulkChange
    bulk: BulkChange
    export: BulkChange

    @property
    def kwargs(self) -> dict[str, Any]:
        return {"list_kind": "deals", "field": "next_step", "view_id": self.view.pk, "bulk_id": self.bulk.pk}


def live_in_lists(deal: Deal, act: Act) -> Lists:
    """What somebody leaves behind who lives in lists."""
    view = create_view(act=act, kind="deals", values={"name": "Mine", "shared": "everybody"})
    picked = draw_up(act=act, kind="deals", action="close_date", ids=[deal.pk])
    done = draw_up(act=act, kind="deals", action="close_date", ids=[deal.pk])
    ask(act=act, bulk_id=done.pk, value="2026-12-30")
    export = draw_up(act=act, kind="deals", action="export", ids=[deal.pk])
    ask(act=act, bulk_id=export.pk)
    perform(done.pk, Job.objects.get(key=f"bulk:{done.pk}"))
    exports.perform(export.pk, Job.objects.get(key=f"bulk:{export.pk}"))
    Job.objects.filter(state=JobState.QUEUED).delete()
    for row in (done, export):
        row.refresh_from_db()
    deal.refresh_from_db()
    return Lists(view, picked, done, export)
