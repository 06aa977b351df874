"""Planning a call: when, with whom, what for; the agenda cut to the time, and the questions worth asking."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from calls.models import LONGEST, SHORTEST, Call, Notebook, Part
from calls.rules import agenda as agendas
from calls.rules.states import OPEN, State
from calls.services import attendees as people
from calls.services.base import become, locked_call, touch
from calls.services.questions import propose
from crm.lib.errors import Clash, Invalid
from crm.lib.texts import storable
from crm.models import Person, PlaybookVersion
from crm.queries import playbook as playbooks
from crm.rules import moments
from crm.services.audit import Act
from deals.models import Deal
from deals.services.base import locked_deal

FIELDS = ("title", "goal", "starts_at", "minutes", "owner")
LIMITS = {"title": 200, "goal": 2_000, "why": 300}
Guests = Sequence[Mapping[str, Any]]
"""[{"person": id} | {"contact": id, "persona": key} | {"name": "...", "title": "...", "persona": key}]"""


@transaction.atomic
def plan_call(
    *,
    act: Act,
    deal_id: int,
    starts_at: dt.datetime,
    minutes: int,
    title: str = "",
    goal: str = "",
    attendees: Guests = (),
    owner: Person | None = None,
) -> Call:
    """A call on an open deal, with the agenda of the playbook in force and the questions worth asking those people. Its owner is
    the deal's unless named, and takes part along with whoever plans it.

    Raises Deal.DoesNotExist, NotAllowed, Clash (closed deal) and Invalid.
    """
    deal = locked_deal(act, deal_id, must_be_open=True)
    number = playbooks.current_number()
    owner = owner or deal.owner
    values = {
        "title": title.strip() or f"Discovery call with {deal.account}"[:200],
        "goal": goal,
        "starts_at": starts_at,
        "minutes": minutes,
        "owner": owner,
    }
    call = Call(
        deal=deal,
        playbook=PlaybookVersion.objects.only("id").get(number=number),
        created_by=act.by,
        created_at=act.now,
        updated_at=act.now,
        version=0,
        **_checked(values, deal),
    )
    call.save(force_insert=True)
    Notebook.objects.create(call=call)
    ours = [one.pk for one in (owner, act.by) if one is not None]
    people.seat(call, [*attendees, *({"person": pk} for pk in dict.fromkeys(ours))], deal)
    cut_agenda(call)
    propose(call, today=act.day_of(act.now))
    told = {"title": ("", call.title), "starts_at": (None, call.starts_at), "minutes": (None, call.minutes)}
    touch(call, act=act, verb="planned", changes=told)
    return call


@transaction.atomic
def change_plan(
    *, act: Act, call_id: int, expected_version: int | None = None, attendees: Guests | None = None, **values: Any
) -> Call:
    """Changes what is given of title, goal, starts_at, minutes, owner and attendees. Another length cuts the agenda anew; other
    people bring other questions, and nothing somebody pinned, dropped, added or asked goes.

    Raises Call.DoesNotExist, NotAllowed, EditConflict, Clash where the call is over, Invalid.
    """
    call = locked_call(act, call_id, expected_version=expected_version)
    if call.state not in OPEN:
        raise Clash("This call is over. What is planned for it does not change any more.")
    deal = call.deal
    clean = _checked({name: value for name, value in values.items() if name in FIELDS}, deal, call)
    if call.is_live and {"starts_at", "minutes"} & clean.keys():
        raise Clash("This call is under way. When it begins and how long it takes were planned before.")
    changes = {name: (getattr(call, name), new) for name, new in clean.items() if getattr(call, name) != new}
    for name, (_, new) in changes.items():
        setattr(call, name, new)
    came = people.reseat(call, attendees, deal) if attendees is not None else {}
    if not changes and not came:
        return call
    if "minutes" in changes:
        cut_agenda(call)
    if came or "minutes" in changes:
        propose(call, today=act.day_of(act.now))
    touch(
        call, act=act, verb="changed", changes={**changes, **came}, **{name: new for name, (_, new) in changes.items()}
    )
    return call


@transaction.atomic
def set_agenda(*, act: Act, call_id: int, minutes: Mapping[str, int], expected_version: int | None = None) -> Call:
    """Other minutes for parts of a planned call, by key; 0 leaves a part out. Raises as `change_plan`, and Invalid where they do not
    sum to the call's length."""
    call = locked_call(act, call_id, expected_version=expected_version)
    if call.state != State.PLANNED:
        raise Clash("The agenda is set before the call begins.")
    parts = list(call.parts.all())
    strange = minutes.keys() - {part.key for part in parts}
    if strange:
        raise Invalid({"minutes": f"This agenda has no part {', '.join(sorted(strange))}."})
    after = {part.key: minutes.get(part.key, part.minutes) for part in parts}
    if any(not 0 <= length <= LONGEST for length in after.values()):
        raise Invalid({"minutes": f"A part takes 0 to {LONGEST} minutes."})
    total = sum(after.values())
    if total != call.minutes:
        said = f"The parts take {total} minutes; the call has {call.minutes}. Give the difference to another part."
        raise Invalid({"minutes": said})
    before = {part.key: part.minutes for part in parts}
    if before != after:
        for part in parts:
            part.minutes = after[part.key]
        Part.objects.bulk_update(parts, ["minutes"])
        touch(call, act=act, verb="changed", changes={"agenda": (before, after)})
    return call


@transaction.atomic
def cancel_call(*, act: Act, call_id: int, why: str = "", expected_version: int | None = None) -> Call:
    """Raises as `locked_call`, and Clash for a call that began."""
    call = locked_call(act, call_id, expected_version=expected_version)
    become(call, State.CANCELLED, of=State.PLANNED, act=act, verb="cancelled", why_cancelled=_text("why", why))
    return call


@transaction.atomic
def reinstate_call(*, act: Act, call_id: int, expected_version: int | None = None) -> Call:
    """Plans a cancelled call anew. Raises as `locked_call`, and Clash for one that is not cancelled or whose deal is closed."""
    call = locked_call(act, call_id, expected_version=expected_version, with_open_deal=True)
    become(call, State.PLANNED, of=State.CANCELLED, act=act, verb="planned again", why_cancelled="")
    return call


def cut_agenda(call: Call) -> None:
    """The parts of the playbook the call is pinned to, with this call's minutes; a part that is there keeps its row."""
    playbook = playbooks.by_number(call.playbook.number)
    there = {part.key: part for part in call.parts.all()}
    for place, slot in enumerate(agendas.cut(playbook.agenda, call.minutes)):
        part = there.get(slot.key) or Part(call=call, key=slot.key)
        part.label, part.minutes, part.position = slot.label, slot.minutes, place
        part.save()


def _text(field: str, value: object) -> str:
    text = str(value or "").replace("\r\n", "\n").strip()
    if len(text) > LIMITS[field]:
        raise Invalid({field: f"This has {LIMITS[field]:,} characters at most."})
    if not storable(text):
        raise Invalid({field: "There are signs in it that can't be kept. Type it anew."})
    return text


def _checked(values: Mapping[str, Any], deal: Deal, call: Call | None = None) -> dict[str, Any]:
    """Raises Invalid."""
    clean = dict(values)
    errors: dict[str, list[str]] = {}
    for field in ("title", "goal"):
        if field in clean:
            try:
                clean[field] = _text(field, clean[field])
            except Invalid as wrong:
                errors |= wrong.errors
    if "title" in clean and not clean["title"]:
        errors["title"] = ["Say in a few words what the call is about."]
    if said := _wrong_moment(clean["starts_at"]) if "starts_at" in clean else "":
        errors["starts_at"] = [said]
    if "minutes" in clean and not (isinstance(clean["minutes"], int) and SHORTEST <= clean["minutes"] <= LONGEST):
        errors["minutes"] = [f"A call takes from {SHORTEST} to {LONGEST} minutes."]
    if "owner" in clean and not _may_own(clean["owner"], deal, call):
        errors["owner"] = ["Choose somebody who sees this deal."]
    if errors:
        raise Invalid(errors)
    return clean


def _wrong_moment(at: Any) -> str:
    if not isinstance(at, dt.datetime):
        return "Say when it begins."
    return "" if moments.in_range(at) else moments.OUT_OF_RANGE


def _may_own(owner: Any, deal: Deal, call: Call | None) -> bool:
    if not isinstance(owner, Person):
        return False
    stays = call is not None and owner.pk == call.owner_id
    return stays or (owner.is_active and Deal.objects.detailed_to(owner).filter(pk=deal.pk).exists())
