"""Who is on a call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from calls.models import Attendee, Call, Side
from crm.lib.errors import Invalid
from crm.lib.texts import storable
from crm.models import Contact, Person
from crm.queries import playbook as playbooks
from deals.models import Deal
from deals.queries.committee import people_named

MOST = 50
Guests = Sequence[Mapping[str, Any]]


def seat(call: Call, guests: Guests, deal: Deal) -> None:
    """Puts them on a new call, each once. Raises Invalid under "attendees"."""
    Attendee.objects.bulk_create(_read(call, guests, deal))


def reseat(call: Call, guests: Guests, deal: Deal) -> dict[str, tuple[list[str], list[str]]]:
    """Makes these and no others the call's; who stays keeps their row. What changed, for the audit."""
    there = {_who(one): one for one in call.attendees.all()}
    wanted = {_who(one): one for one in _read(call, guests, deal)}
    before = [str(one) for one in there.values()]
    gone = [one.pk for who, one in there.items() if who not in wanted]
    call.attendees.filter(pk__in=gone).delete()
    changed = bool(gone)
    for who, one in wanted.items():
        old = there.get(who)
        if old is None:
            one.save()
            changed = True
        elif (old.persona, old.title, old.name) != (one.persona, one.title, one.name):
            old.persona, old.title, old.name = one.persona, one.title, one.name
            old.save()
            changed = True
    return {"attendees": (before, [str(one) for one in wanted.values()])} if changed else {}


def _who(one: Attendee) -> tuple[str, object]:
    if one.person_id:
        return "person", one.person_id
    return ("contact", one.contact_id) if one.contact_id else ("name", (one.side, one.name.casefold()))


def _read(call: Call, guests: Guests, deal: Deal) -> list[Attendee]:
    if len(guests) > MOST:
        raise Invalid({"attendees": f"A call has {MOST} people at most."})
    known = {persona.key for persona in playbooks.by_number(call.playbook.number).personas}
    contacts = _contacts(deal, [one["contact"] for one in guests if one.get("contact")], call)
    persons = Person.objects.in_bulk([one["person"] for one in guests if one.get("person")])
    stay = set(call.attendees.exclude(person=None).values_list("person_id", flat=True))
    found: dict[tuple[str, object], Attendee] = {}
    for one in guests:
        made = _one(call, one, contacts, persons, stay)
        if made.persona and made.persona not in known:
            raise Invalid({"attendees": f"The playbook has no persona {made.persona!r}."})
        found.setdefault(_who(made), made)
    return list(found.values())


def _one(
    call: Call, one: Mapping[str, Any], contacts: Mapping[int, Contact], persons: Mapping[int, Person], stay: set[int]
) -> Attendee:
    if one.get("person"):
        person = persons.get(one["person"])
        if person is None or not (person.is_active or person.pk in stay):
            raise Invalid({"attendees": "Choose among those who work here."})
        return Attendee(call=call, side=Side.OURS, person=person, name=str(person))
    persona = str(one.get("persona") or "")
    if one.get("contact"):
        contact = contacts.get(one["contact"])
        if contact is None:
            raise Invalid({"attendees": f"Choose among the contacts of {call.deal.account}."})
        title = contact.title[:200]
        return Attendee(
            call=call,
            side=Side.THEIRS,
            contact=contact,
            name=str(contact)[:200],
            title=title,
            persona=persona or contact.persona,
        )
    name, title = str(one.get("name") or "").strip(), str(one.get("title") or "").strip()
    if not name or len(name) > 200 or len(title) > 200 or not storable(name + title):
        raise Invalid({"attendees": "Give each a name, of 200 characters at most."})
    return Attendee(call=call, side=Side.THEIRS, name=name, title=title, persona=persona)


def _contacts(deal: Deal, ids: Sequence[int], call: Call) -> dict[int, Contact]:
    """Of the deal's account or committee; who is on the call already stays, though they changed companies since."""
    found = {one.pk: one for one in people_named(deal).filter(pk__in=ids)}
    stayed = call.attendees.filter(contact__in=ids).exclude(contact__in=found).select_related("contact")
    return found | {one.contact_id: one.contact for one in stayed}
