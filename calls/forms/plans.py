"""Planning a call, as people fill it in: when, how long, what for, and who is on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from activities.forms.fields import MomentField, text_area
from calls.models import LONGEST, SHORTEST, Attendee, Call, Side
from crm.models import Contact, Person
from playbook.schema import Playbook

OTHER = "other"
BLANK_GUESTS = 2
"""Lines for people who are not among the contacts."""


@dataclass(frozen=True, slots=True)
class ContactLine:
    contact: Contact
    on: BoundField
    persona: BoundField


@dataclass(frozen=True, slots=True)
class GuestLine:
    name: BoundField
    title: BoundField
    persona: BoundField


class PlanForm(forms.Form):
    """Offers the contacts and colleagues it is given; `guests` are people of theirs by name alone."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(
        label="Title", max_length=200, required=False, help_text="Left empty, it is named after the customer."
    )
    starts_at = MomentField(label="Begins", error_messages={"required": "Say when it begins."})
    length = forms.ChoiceField(label="Length", widget=forms.RadioSelect)
    minutes = forms.IntegerField(
        label="Minutes, of another length", required=False, min_value=SHORTEST, max_value=LONGEST
    )
    goal = forms.CharField(
        label="Goal",
        max_length=2_000,
        required=False,
        widget=text_area(2),
        help_text="What you want to know, or have agreed, by the end of it.",
    )
    owner = forms.TypedChoiceField(label="Who leads it", coerce=int)
    ours = forms.TypedMultipleChoiceField(label="Ours", coerce=int, required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(
        self,
        *args: Any,
        contacts: Sequence[Contact],
        colleagues: Sequence[Person],
        playbook: Playbook,
        lengths: Sequence[int],
        guests: Sequence[Attendee] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        people = [(one.pk, str(one)) for one in colleagues]
        self._offer("owner", people)
        self._offer("ours", people)
        self._offer("length", [*((str(one), f"{one} minutes") for one in lengths), (OTHER, "Another length")])
        personas = [("", "No persona"), *((one.key, one.label) for one in playbook.personas)]
        self.contacts = list(contacts)
        for contact in contacts:
            self.fields[f"contact-{contact.pk}"] = forms.BooleanField(label=str(contact), required=False)
            self.fields[f"persona-{contact.pk}"] = forms.ChoiceField(
                label=f"Persona of {contact}", choices=personas, required=False, initial=contact.persona
            )
        self.guest_lines = len(guests) + BLANK_GUESTS
        for place in range(self.guest_lines):
            kept = guests[place] if place < len(guests) else None
            self.fields[f"guest-{place}-name"] = forms.CharField(
                label=f"Name of guest {place + 1}", max_length=200, required=False, initial=kept.name if kept else ""
            )
            self.fields[f"guest-{place}-title"] = forms.CharField(
                label=f"Title of guest {place + 1}", max_length=200, required=False, initial=kept.title if kept else ""
            )
            self.fields[f"guest-{place}-persona"] = forms.ChoiceField(
                label=f"Persona of guest {place + 1}",
                choices=personas,
                required=False,
                initial=kept.persona if kept else "",
            )

    def _offer(self, name: str, choices: Sequence[tuple[Any, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def theirs(self) -> list[ContactLine]:
        return [ContactLine(one, self[f"contact-{one.pk}"], self[f"persona-{one.pk}"]) for one in self.contacts]

    @property
    def guests(self) -> list[GuestLine]:
        return [
            GuestLine(*(self[f"guest-{place}-{part}"] for part in ("name", "title", "persona")))
            for place in range(self.guest_lines)
        ]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("length") == OTHER and not found.get("minutes") and "minutes" not in self.errors:
            self.add_error("minutes", f"Say how many minutes, from {SHORTEST} to {LONGEST}.")
        for place in range(self.guest_lines):
            title = found.get(f"guest-{place}-title") or found.get(f"guest-{place}-persona")
            if title and not found.get(f"guest-{place}-name"):
                self.add_error(f"guest-{place}-name", "Give the guest a name.")
        return found

    @property
    def values(self) -> dict[str, Any]:
        """For the services, without the people."""
        found = self.cleaned_data
        minutes = found["minutes"] if found["length"] == OTHER else int(found["length"])
        return {"starts_at": found["starts_at"], "minutes": minutes, "title": found["title"], "goal": found["goal"]}

    @property
    def people(self) -> list[dict[str, Any]]:
        found = self.cleaned_data
        ours: list[dict[str, Any]] = [{"person": pk} for pk in found["ours"]]
        theirs = [
            {"contact": one.pk, "persona": found[f"persona-{one.pk}"]}
            for one in self.contacts
            if found[f"contact-{one.pk}"]
        ]
        guests = [
            {part: found[f"guest-{place}-{part}"] for part in ("name", "title", "persona")}
            for place in range(self.guest_lines)
            if found[f"guest-{place}-name"]
        ]
        return [*ours, *theirs, *guests]


def starting(call: Call, lengths: Sequence[int], seats: Sequence[Attendee]) -> Mapping[str, Any]:
    """What the form of a planned call begins with."""
    usual = call.minutes in lengths
    values: dict[str, Any] = {
        "version": call.version,
        "title": call.title,
        "goal": call.goal,
        "starts_at": call.starts_at,
        "length": str(call.minutes) if usual else OTHER,
        "minutes": None if usual else call.minutes,
        "owner": call.owner_id,
        "ours": [one.person_id for one in seats if one.person_id],
    }
    for one in seats:
        if one.contact_id:
            values[f"contact-{one.contact_id}"] = True
            values[f"persona-{one.contact_id}"] = one.persona
    return values


def guests_of(seats: Sequence[Attendee]) -> list[Attendee]:
    return [one for one in seats if one.side == Side.THEIRS and not one.contact_id]
