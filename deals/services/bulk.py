"""Many deals changed at once: the rules of one deal's change, for some hundred in a dozen statements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from crm.lib.errors import Invalid, NotAllowed
from crm.list_kinds import Outcome, Past
from crm.models import Person
from crm.queries import playbook as playbooks
from crm.rules import access
from crm.rules.access import Reach
from crm.services import jobs
from crm.services.audit import Act
from crm.services.bulk_rows import person_of, untouched, write
from crm.services.playbook_lock import hold_for_writing
from deals.models import Deal
from deals.queries.snapshot import PARTS, snapshot
from deals.rules import signals, stages
from deals.services.base import SCORE_MANY_TASK
from deals.services.deals import giver_error, owner_error
from deals.services.intervals import move_many
from deals.services.scores import hold_for_giving
from deals.services.sharing import drop_owners_shares, put_back_shares
from deals.services.stages import as_kept
from deals.services.telling import tell_of_given_deals

READ_ONLY = "You can see this deal but not change it."
SAME = "It has that already."
CLOSED = "A closed deal keeps the day it closed."


def check_owner(act: Act, value: Any) -> None:
    """Raises as handing over one deal does."""
    if act.by is not None and access.edit_reach(act.by.roles) is Reach.OWN:
        raise NotAllowed("Only a manager or operations may hand a deal to somebody else.")
    if said := owner_error(person_of(value), act):
        raise Invalid({"value": said})


def check_stage(act: Act, value: Any) -> None:
    _, playbook = playbooks.current()
    if value not in {stage.key for stage in playbook.open_stages}:
        raise Invalid(
            {"value": "Choose an open stage. Closing a deal asks for its reasons, so that is done one by one."}
        )


def check_day(act: Act, value: Any) -> None:
    try:
        if dt.date.fromisoformat(value).isoformat() != value:
            raise ValueError(value)
    except (TypeError, ValueError):
        raise Invalid({"value": "Write a date, such as 2026-03-31."}) from None


def change_owner(act: Act, ids: Sequence[int], value: int) -> list[Outcome]:
    hold_for_giving()
    rows, found = _locked(act, ids)
    new = Person.objects.get(pk=value)
    said = giver_error(act)
    refused = {deal.pk: SAME if deal.owner_id == new.pk else said(deal.owner_id) for deal in rows}
    going = [deal for deal in rows if not refused[deal.pk]]
    found += [_skipped(deal, refused[deal.pk]) for deal in rows if refused[deal.pk]]
    before = {deal.pk: deal.owner_id for deal in going}
    _set(act, going, "owner", {deal.pk: new for deal in going})
    shares = drop_owners_shares(act, before, new)
    if going:
        tell_of_given_deals(act, going, before, new)
    return found + [_changed(deal, before[deal.pk], new.pk, shares.get(deal.pk)) for deal in going]


def change_stage(act: Act, ids: Sequence[int], value: str) -> list[Outcome]:
    """Open deals to an open stage; where exit criteria are not met the act's own reason is kept with them, and a deal for
    which nobody gave one stays."""
    hold_for_writing()
    check_stage(act, value)  # the stage was there when somebody asked, and a moment ago
    rows, found = _locked(act, ids)
    open_ones = [deal for deal in rows if deal.is_open and deal.stage != value]
    found += [
        _skipped(deal, SAME if deal.is_open else f"It is {deal.get_outcome_display().lower()}. Reopen it first.")
        for deal in rows
        if not deal.is_open or deal.stage == value
    ]
    unmet = _unmet(open_ones, value, act.now.date())
    stay = {deal.pk for deal in open_ones if unmet.get(deal.pk) and not act.why}
    going = [deal for deal in open_ones if deal.pk not in stay]
    found += [
        _skipped(deal, f"Not met: {' · '.join(check.text for check in unmet[deal.pk])}.")
        for deal in open_ones
        if deal.pk in stay
    ]
    before = {deal.pk: deal.stage for deal in going}
    entered = {deal.pk: deal.stage_entered_at.isoformat() for deal in going}
    kept = {pk: as_kept(checks) for pk, checks in unmet.items()}
    _set(act, going, "stage", {deal.pk: value for deal in going}, unmet=kept, verb="stage", stage_entered_at=act.now)
    _score(act, going)
    return found + [_changed(deal, before[deal.pk], value, entered[deal.pk]) for deal in going]


def change_day(act: Act, ids: Sequence[int], value: str) -> list[Outcome]:
    rows, found = _locked(act, ids)
    day = dt.date.fromisoformat(value)
    going = [deal for deal in rows if deal.is_open and deal.close_date != day]
    found += [
        _skipped(deal, SAME if deal.is_open else CLOSED) for deal in rows if not deal.is_open or deal.close_date == day
    ]
    before = {deal.pk: deal.close_date for deal in going}
    _set(act, going, "close_date", {deal.pk: day for deal in going})
    _score(act, going)
    return found + [_changed(deal, _text(before[deal.pk]), value) for deal in going]


def restore_owner(act: Act, past: Sequence[Past]) -> list[Outcome]:
    hold_for_giving()
    mine, found = _as_left(act, past)
    people = Person.objects.in_bulk({one.before for one in past})
    errors = {pk: owner_error(person, act) for pk, person in people.items()}
    was = {one.object_id: one.before for one in past}
    going = [deal for deal in mine if not errors.get(was[deal.pk], "There is no such person any more.")]
    found += [_skipped(deal, errors[was[deal.pk]]) for deal in mine if deal not in going]
    _set(act, going, "owner", {deal.pk: people[was[deal.pk]] for deal in going})
    back = {deal.pk for deal in going}
    put_back_shares(act, {one.object_id: one.along for one in past if one.along and one.object_id in back})
    return found + [Outcome(deal.pk) for deal in going]


def restore_stage(act: Act, past: Sequence[Past]) -> list[Outcome]:
    hold_for_writing()
    mine, found = _as_left(act, past)
    _, playbook = playbooks.current()
    was, known = {one.object_id: one.before for one in past}, {stage.key for stage in playbook.open_stages}
    going = [deal for deal in mine if was[deal.pk] in known and deal.is_open]
    found += [_skipped(deal, "Its stage before is gone from the playbook.") for deal in mine if deal not in going]
    new = {deal.pk: was[deal.pk] for deal in going}
    _set(act, going, "stage", new, verb="stage")
    entered = {one.object_id: one.along for one in past}
    for deal in going:  # as long there as if it had never left
        deal.stage_entered_at = dt.datetime.fromisoformat(entered[deal.pk]) if entered[deal.pk] else act.now
    Deal.objects.bulk_update(going, ["stage_entered_at"], batch_size=200)
    _score(act, going)
    return found + [Outcome(deal.pk) for deal in going]


def restore_day(act: Act, past: Sequence[Past]) -> list[Outcome]:
    mine, found = _as_left(act, past)
    was = {one.object_id: dt.date.fromisoformat(one.before) if one.before else None for one in past}
    _set(act, mine, "close_date", {deal.pk: was[deal.pk] for deal in mine})
    _score(act, mine)
    return found + [Outcome(deal.pk) for deal in mine]


def _locked(act: Act, ids: Sequence[int]) -> tuple[list[Deal], list[Outcome]]:
    """The deals this person may change, locked by ascending id, and what is said of those they only see."""
    assert act.by is not None, "somebody asked for it"
    seen = Deal.objects.visible_to(act.by).filter(pk__in=ids).select_related("owner").order_by("pk")
    rows = list(seen.select_for_update(of=("self",), no_key=True))
    mine = set(Deal.objects.editable_by(act.by).filter(pk__in=ids).values_list("pk", flat=True))
    return [deal for deal in rows if deal.pk in mine], [
        _skipped(deal, READ_ONLY) for deal in rows if deal.pk not in mine
    ]


def _as_left(act: Act, past: Sequence[Past]) -> tuple[list[Deal], list[Outcome]]:
    rows, found = _locked(act, [one.object_id for one in past])
    mine, touched = untouched(rows, past)
    return mine, [*found, *touched]


def _set(
    act: Act,
    deals: Sequence[Deal],
    field: str,
    new: Mapping[int, Any],
    *,
    unmet: Mapping[int, list[dict[str, Any]]] | None = None,
    verb: str = "changed",
    **also: Any,
) -> None:
    if deals:
        write(act, deals, field, new, kind="deal", verb=verb, **also)
        move_many(deals, field, act, unmet=unmet or {})


def _unmet(deals: Sequence[Deal], to: str, today: dt.date) -> dict[int, tuple[stages.CriterionCheck, ...]]:
    """What each move leaves unmet, by deal; nothing is read for those that leave nothing."""
    _, playbook = playbooks.current()
    asked = [
        deal.pk for deal in deals if any(one.exit_criteria for one in stages.stages_left(playbook, deal.stage, to))
    ]
    rows = Deal.objects.filter(pk__in=asked).select_related("account", "bant", "score").prefetch_related(*PARTS)
    found = {}
    for deal in rows if asked else ():
        known = signals.known(playbook, snapshot(deal), today)
        found[deal.pk] = stages.unmet(stages.exit_criteria_for_move(playbook, deal.stage, to, known, today))
    return found


def _score(act: Act, deals: Sequence[Deal]) -> None:
    """One job for all of them."""
    ids = [deal.pk for deal in deals if deal.is_open]
    if ids:
        jobs.enqueue(
            SCORE_MANY_TASK,
            key=f"scores:{ids[0]}:{act.now.timestamp()}",
            args={"deal_ids": ids, "by": act.by.pk if act.by else None},
            queue="bulk",
            label="Lead scores",
            by=act.by,
            total=len(ids),
            is_first=True,
        )


def _skipped(deal: Deal, why: str) -> Outcome:
    return Outcome(deal.pk, deal.name, reason=why)


def _changed(deal: Deal, before: Any, after: Any, along: Any = None) -> Outcome:
    return Outcome(deal.pk, deal.name, before, after, deal.version, along=along)


def _text(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
