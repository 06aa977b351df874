"""Showing a deal to people who would not see it otherwise, for reading or for work, for good or until a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import transaction

from crm.lib.errors import Invalid
from crm.models import AuditEntry, Person, Team
from crm.rules.fact_words import show_date
from crm.services.audit import Act, apply_changes, entry, plain
from deals.models import Deal, DealShare
from deals.queries.visibility import gains_by_share, share_limit, share_rows
from deals.services.base import locked_deal, touch
from deals.services.telling import tell_of_share

KEPT = ("person_id", "can_write", "until_date", "shared_by_id", "shared_at")
"""All there is to know of a share with a person."""


@transaction.atomic
def share_deal(
    *, act: Act, deal_id: int, whom: Person | Team, can_write: bool = False, until_date: dt.date | None = None
) -> DealShare:
    """Shares a deal, or changes the share there is. A share with a team is for the teams beneath it too.

    Raises as `locked_deal`; Invalid under "whom" for the owner, somebody who left, or somebody whose role a share shows
    nothing more; under "until_date" for a day that is over, or later than the share the act itself rests on.
    """
    deal = locked_deal(act, deal_id)
    errors = {"whom": _refused(deal, whom), "until_date": _until_refused(act, deal, until_date)}
    if any(errors.values()):
        raise Invalid({field: said for field, said in errors.items() if said})
    return write_share(act=act, deal=deal, whom=whom, can_write=can_write, until_date=until_date)


def write_share(*, act: Act, deal: Deal, whom: Person | Team, can_write: bool, until_date: dt.date | None) -> DealShare:
    """The row and its audit, for services that hold the deal's lock and have asked whether it may be."""
    target = {"person": whom} if isinstance(whom, Person) else {"team": whom}
    row = DealShare.objects.filter(deal=deal, **target).first() or DealShare(deal=deal, **target)
    added = row._state.adding
    values = {"can_write": can_write, "until_date": until_date}
    before = {name: getattr(row, name) for name in values}
    changes = apply_changes(row, values, values)
    if not added and not changes:
        return row
    row.shared_by, row.shared_at = act.by, act.now
    row.save()
    told = {name: (None if added else before[name], values[name]) for name in values if added or name in changes}
    touch(
        deal,
        act=act,
        kind="share",
        record_id=row.pk,
        verb="shared" if added else "changed",
        changes={"name": (None if added else str(row), str(row)), **told},
    )
    if added:
        tell_of_share(act, deal, row)
    return row


@transaction.atomic
def end_share(*, act: Act, deal_id: int, share_id: int) -> None:
    """Takes a share away at once; one that is gone already changes nothing. Raises as `locked_deal`."""
    deal = locked_deal(act, deal_id)
    row = DealShare.objects.filter(deal=deal, pk=share_id).select_related("person", "team").first()
    if row is not None:
        drop_share(act=act, deal=deal, row=row)


def drop_share(*, act: Act, deal: Deal, row: DealShare) -> None:
    removed_id, changes = row.pk, _told(row, ended=True)
    row.delete()
    touch(deal, act=act, kind="share", record_id=removed_id, verb="unshared", changes=changes)


def drop_owners_shares(act: Act, deal_ids: Collection[int], owner: Person) -> dict[int, dict[str, Any]]:
    """Takes away the shares of deals with the one who owns them now, who needs none; for services that hold the deals' locks
    and raise their versions. Gives each share taken as JSON, by deal, for `put_back_shares`."""
    rows = list(DealShare.objects.filter(deal__in=deal_ids, person=owner).select_related("person", "team"))
    if rows:
        _record_many(act, rows, "unshared")
        DealShare.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return {row.deal_id: {name: plain(getattr(row, name)) for name in KEPT} for row in rows}


def put_back_shares(act: Act, taken: Mapping[int, Mapping[str, Any]]) -> None:
    """Makes the shares again that `drop_owners_shares` took, as they were, under the same conditions."""
    if taken:
        made = DealShare.objects.bulk_create(DealShare(deal_id=deal_id, **was) for deal_id, was in taken.items())
        rows = DealShare.objects.filter(pk__in=[row.pk for row in made])
        _record_many(act, rows.select_related("person", "team"), "shared")


def _told(row: DealShare, *, ended: bool) -> dict[str, tuple[Any, Any]]:
    says = {"name": str(row), "can_write": row.can_write, "until_date": plain(row.until_date)}
    return {name: (value, None) if ended else (None, value) for name, value in says.items()}


def _record_many(act: Act, rows: Iterable[DealShare], verb: str) -> None:
    AuditEntry.objects.bulk_create(
        entry(
            act=act,
            kind="share",
            record_id=row.pk,
            deal_id=row.deal_id,
            verb=verb,
            changes=_told(row, ended=verb == "unshared"),
        )
        for row in rows
    )


def _refused(deal: Deal, whom: Person | Team) -> str:
    if isinstance(whom, Team):
        return ""
    if whom.pk == deal.owner_id:
        return f"{whom} owns this deal."
    if not whom.is_active:
        return f"{whom} no longer works here. Choose somebody else."
    if not gains_by_share(whom):
        return (
            f"A share would show {whom} nothing more: what they see follows from their role. Choose a rep or a manager."
        )
    return ""


def _until_refused(act: Act, deal: Deal, until_date: dt.date | None) -> str:
    today = act.now.date()
    if until_date is not None and until_date < today:
        return "Choose today or a later day: it is the last day the share holds."
    limit = None if act.by is None else share_limit(act.by, deal, share_rows(deal), today)
    if limit is not None and (until_date is None or until_date > limit):
        return f"This deal is shared with you until {show_date(limit)}. Choose a day up to then."
    return ""
