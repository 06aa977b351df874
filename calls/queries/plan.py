"""What a call's plan shows: its agenda with what each part is for, its questions, and who may be on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from calls.models import Attendee, Call, CallQuestion, Part, Side
from crm.models import Contact, Person
from crm.queries import playbook as playbooks
from crm.registry.finding import record_doors
from deals.models import Deal, DealContact
from deals.queries.committee import people_named
from playbook.schema import Playbook
from playbook.schema.calls import Agenda, AgendaPart

MOST_CONTACTS = 60
MOST_COLLEAGUES = 200


@dataclass(frozen=True, slots=True)
class PartShown:
    """A part of a call's agenda; `told` is what the playbook says of it, where it does. `begins` and `ends` in minutes from the
    call's beginning, as planned."""

    part: Part
    told: AgendaPart | None
    begins: int

    @property
    def ends(self) -> int:
        return self.begins + self.part.minutes


@dataclass(frozen=True, slots=True)
class Guest:
    attendee: Attendee
    persona: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A call with all that was planned for it, and the playbook it was planned by."""

    call: Call
    playbook: Playbook
    parts: tuple[PartShown, ...]
    questions: tuple[CallQuestion, ...]
    dropped: tuple[CallQuestion, ...]
    ours: tuple[Guest, ...]
    theirs: tuple[Guest, ...]

    @property
    def agenda(self) -> Agenda | None:
        return self.playbook.agenda


def plan_of(call: Call) -> Plan:
    """Four queries at most: parts, questions, people, and the playbook where it is not remembered."""
    playbook = playbooks.by_number(call.playbook.number)
    told = {part.key: part for part in playbook.agenda.parts} if playbook.agenda else {}
    shown, minute = [], 0
    for part in call.parts.all():
        shown.append(PartShown(part, told.get(part.key), minute))
        minute += part.minutes
    questions = list(call.questions.select_related("part", "asked_by"))
    names = {persona.key: persona.label for persona in playbook.personas}
    people = [
        Guest(one, names.get(one.persona, one.persona)) for one in call.attendees.select_related("person", "contact")
    ]
    return Plan(
        call=call,
        playbook=playbook,
        parts=tuple(shown),
        questions=tuple(one for one in questions if not one.dropped),
        dropped=tuple(one for one in questions if one.dropped),
        ours=tuple(one for one in people if one.attendee.side == Side.OURS),
        theirs=tuple(one for one in people if one.attendee.side == Side.THEIRS),
    )


def contacts_for(deal: Deal, call: Call | None = None) -> list[Contact]:
    """Whom of theirs a call may have: those on the deal first, then the account's others; whoever is on the call always."""
    on_deal = set(DealContact.objects.filter(deal=deal).values_list("contact_id", flat=True))
    found = sorted(people_named(deal)[:500], key=lambda one: one.pk not in on_deal)[:MOST_CONTACTS]
    if call is not None:
        there = {one.pk for one in found}
        rows = call.attendees.filter(contact__isnull=False).exclude(contact__in=there).select_related("contact")
        found += [row.contact for row in rows]
    return found


def colleagues_for(deal: Deal, stay: Sequence[int] = ()) -> list[Person]:
    """Whom of ours: everybody who works here and sees the deal in full, and who is on the call already."""
    people = list(Person.objects.select_related("team").filter(is_active=True)[:MOST_COLLEAGUES])
    seen = record_doors.get("deal").seen_by(people, deal.pk) | set(stay)
    missing = set(stay) - {one.pk for one in people}
    return [one for one in people if one.pk in seen] + list(Person.objects.filter(pk__in=missing) if missing else ())


def bank(plan: Plan) -> list[tuple[str, list[tuple[str, str]]]]:
    """The playbook's questions that are not on the call, by group: what may be added."""
    there = {one.key for one in plan.questions}
    groups: dict[str, list[tuple[str, str]]] = {}
    for question in plan.playbook.questions:
        if question.key not in there:
            groups.setdefault(question.group, []).append((question.key, question.text))
    return list(groups.items())
