"""What every write to a deal does first and last: find it, lock it, ask whether it may be; and tell the scorer
afterwards."""

from __future__ import annotations

from typing import Any

from django.db.models import F

from crm.lib.errors import Clash, EditConflict, NotAllowed
from crm.services import jobs
from crm.services.audit import Act, record
from deals.models import Deal

SCORE_TASK = "scoring.tasks.score_deal"
SCORE_MANY_TASK = "scoring.tasks.score_deals"


def locked_deal(act: Act, deal_id: int, *, expected_version: int | None = None, must_be_open: bool = False) -> Deal:
    """The deal, locked for this transaction. `act.by` None is the system itself (worker, command) and may do
    everything.

    Raises Deal.DoesNotExist where the person may not see the deal, NotAllowed where they see it but may not change it,
    EditConflict where it was saved since `expected_version`, Clash where it is closed and must not be.
    """
    rows = Deal.objects.all() if act.by is None else Deal.objects.visible_to(act.by)
    deal: Deal = rows.select_for_update(of=("self",), no_key=True).get(pk=deal_id)
    if act.by is not None and not Deal.objects.editable_by(act.by).filter(pk=deal_id).exists():
        raise NotAllowed("You can see this deal but not change it. Ask its owner or their manager.")
    if expected_version is not None and deal.version != expected_version:
        raise EditConflict(deal)
    if must_be_open and not deal.is_open:
        raise Clash(f"This deal is {deal.get_outcome_display().lower()}. Reopen it first.")
    return deal


def touch(
    deal: Deal,
    *,
    act: Act,
    verb: str,
    changes: dict[str, tuple[Any, Any]],
    kind: str = "deal",
    record_id: int | None = None,
) -> None:
    """Raises the deal's version and writes the audit row: whatever hangs on a deal changes the deal for those who
    look at it."""
    Deal.objects.filter(pk=deal.pk).update(version=F("version") + 1, updated_at=act.now)
    deal.version += 1
    record(act=act, kind=kind, record_id=record_id or deal.pk, deal_id=deal.pk, verb=verb, changes=changes)


def ask_for_score(deal_id: int, act: Act, *, is_new: bool = False) -> None:
    """Has a worker compute the lead score again. A burst of changes becomes one computation."""
    jobs.enqueue(
        SCORE_TASK,
        key=f"score:{deal_id}",
        args={"deal_id": deal_id, "by": act.by.pk if act.by else None},
        by=act.by,
        label="Lead score",
        is_first=is_new,
    )
