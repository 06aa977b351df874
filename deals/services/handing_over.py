"""Deals that get another owner: one with what hangs on it, or all that somebody holds when they leave."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from functools import partial

from django.db import transaction
from django.db.models import F, QuerySet

from crm.lib.errors import Invalid, NotAllowed
from crm.models import AuditEntry, Person
from crm.registry import Handover, goes_along, handovers
from crm.rules import access
from crm.rules.access import Reach, Role
from crm.services.audit import Act, entry
from deals.models import Deal, DealInterval, TrackedField
from deals.services import spans
from deals.services.base import locked_deal
from deals.services.deals import update_deal
from deals.services.intervals import opened
from deals.services.scores import hold_for_giving
from deals.services.sharing import drop_owners_shares, write_share
from deals.services.telling import tell_of_many_deals

SELLS = (Role.REP, Role.MANAGER, Role.OPS)


@transaction.atomic
def hand_over_deal(
    *,
    act: Act,
    deal_id: int,
    to: Person,
    along: Sequence[str] = (),
    keep_reader: bool = False,
    reader_until: dt.date | None = None,
    why: str = "",
    expected_version: int | None = None,
) -> Deal:
    """Gives a deal to another owner, with what goes `along` (keys of `goes_along`); the owner before may go on reading it.

    Raises as `update_deal`; NotAllowed for a rep: only a manager within the team, or operations, hands a deal over. Invalid
    too for the owner it has, for something that can't go along, and for a reader's day that is over.
    """
    if act.by is not None and access.edit_reach(act.by.roles) is Reach.OWN:
        raise NotAllowed("Only a manager or operations may hand a deal to somebody else.")
    errors = {}
    if reader_until is not None and reader_until < act.now.date():
        errors["reader_until"] = "Choose today or a later day: it is the last day they can read it."
    strange = [key for key in along if key not in goes_along]
    if strange:
        errors["along"] = f"There is nothing called {', '.join(strange)} here. There is: {_known()}."
    if errors:
        raise Invalid(errors)
    act = dataclasses.replace(act, why=why.strip())
    before = locked_deal(act, deal_id, expected_version=expected_version).owner
    if before == to:
        raise Invalid({"owner": f"{to} owns this deal already. Choose somebody else."})
    deal = update_deal(act=act, deal_id=deal_id, values={"owner": to})
    for key in along:
        goes_along.get(key).move(act, deal.pk, before.pk, to.pk)
    drop_owners_shares(act, [deal.pk], to)
    if keep_reader:
        write_share(act=act, deal=deal, whom=before, can_write=False, until_date=reader_until)
    return deal


def _known() -> str:
    return ", ".join(goes_along.keys()) or "nothing"


@transaction.atomic
def give_deals(act: Act, from_id: int, to_id: int, most: int, *, is_open: bool) -> int:
    """Up to `most` of somebody's deals to another owner, as arrays: the same rows as one by one. Returns how many went."""
    hold_for_giving()
    mine = _held(from_id, is_open=is_open)
    ids = list(mine.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True)[:most])
    if not ids:
        return 0
    old, new = Person.objects.get(pk=from_id), Person.objects.get(pk=to_id)
    Deal.everything.filter(pk__in=ids).update(owner=new, version=F("version") + 1, updated_at=act.now)
    past = DealInterval.objects.filter(deal__in=ids, field=TrackedField.OWNER, to_at__isnull=True)
    now = max([act.now, *past.filter(from_at__gt=act.now).values_list("from_at", flat=True)])  # clocks differ
    past.update(to_at=now)
    DealInterval.objects.bulk_create(opened(pk, TrackedField.OWNER, str(new.pk), act, now) for pk in ids)
    spans.follow(ids, now)
    AuditEntry.objects.bulk_create(
        entry(act=act, kind="deal", record_id=pk, deal_id=pk, verb="changed", changes={"owner": (old, new)})
        for pk in ids
    )
    drop_owners_shares(act, ids, new)
    tell_of_many_deals(act, old, new)
    return len(ids)


def _takes(leaving_id: int, taking_id: int) -> str:
    taking = Person.objects.get(pk=taking_id)
    return "" if taking.has_role(*SELLS) else f"{taking} does not sell. Choose a rep or a manager."


def register() -> None:
    """Deals among the things people hand over when they leave."""
    for key, one, is_open in (("open_deals", "open deal", True), ("closed_deals", "closed deal", False)):
        handovers.add(
            Handover(
                key=key,
                one=one,
                label=f"{one}s",
                held=partial(_number_held, is_open=is_open),
                move=partial(give_deals, is_open=is_open),
                refuses=_takes,
            )
        )


def _held(person_id: int, *, is_open: bool) -> QuerySet[Deal]:
    """Somebody's deals, those in the bin too: they may come back."""
    mine = Deal.everything.filter(owner_id=person_id)
    return mine.open() if is_open else mine.closed()


def _number_held(person_id: int, *, is_open: bool) -> int:
    return _held(person_id, is_open=is_open).count()
