"""Calls, meetings and e-mails as somebody logs them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone

from activities.forms.fields import MomentField, text_area
from activities.models import Activity, ActivityKind, Direction
from activities.queries.subjects import Subject
from activities.rules.mail import LONGEST, Mail
from crm.lib.rebasing import RebasingForm
from crm.models import Contact

MOST_OFFERED = 60


class _ParticipantsForm(RebasingForm):
    """Offers the contacts of the account; those who took part before stay offered."""

    def __init__(self, *args: Any, subject: Subject, activity: Activity | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = list(Contact.objects.filter(account=subject.account).order_by("name_key", "pk")[:MOST_OFFERED])
        if activity is not None:
            offered += [one for one in activity.participants.all() if one not in offered]
        chosen = self.fields["participants"]
        assert isinstance(chosen, forms.MultipleChoiceField)
        chosen.choices = [(str(one.pk), f"{one}, {one.title}" if one.title else str(one)) for one in offered]
        if not offered:
            del self.fields["participants"]

    @property
    def people(self) -> dict[str, Any]:
        return {"participants": [int(pk) for pk in self.cleaned_data.get("participants", ())]}


def who_took_part() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label="Who took part", required=False, widget=forms.CheckboxSelectMultiple)


class CallForm(_ParticipantsForm):
    kind = forms.ChoiceField(
        label="What was it?",
        choices=[(ActivityKind.CALL.value, "Call"), (ActivityKind.MEETING.value, "Meeting")],
        widget=forms.RadioSelect,
        initial=ActivityKind.CALL,
    )
    subject = forms.CharField(
        label="About", max_length=250, error_messages={"required": "Say in a few words what it was about."}
    )
    at = MomentField(label="When")
    minutes = forms.IntegerField(label="Minutes", required=False, min_value=1, max_value=1440)
    participants = who_took_part()
    body = forms.CharField(label="What came of it", required=False, max_length=20_000, widget=text_area(6))

    @property
    def values(self) -> dict[str, Any]:
        own = {name: self.cleaned_data[name] for name in ("kind", "subject", "at", "minutes", "body")}
        return own | self.people


class EmailForm(_ParticipantsForm):
    """An e-mail, reviewed before it is filed."""

    direction = forms.ChoiceField(label="Direction", choices=Direction.choices, widget=forms.RadioSelect)
    subject = forms.CharField(label="Subject", max_length=250, error_messages={"required": "Give the subject."})
    at = MomentField(label="Sent", error_messages={"required": "Say when it was sent."})
    sender = forms.CharField(label="From", required=False, max_length=320)
    recipients = forms.CharField(label="To", required=False, max_length=4_000)
    participants = who_took_part()
    body = forms.CharField(label="Text", required=False, max_length=100_000, widget=text_area(10))

    @property
    def values(self) -> dict[str, Any]:
        own = {name: self.cleaned_data[name] for name in ("direction", "subject", "at", "sender", "recipients", "body")}
        return {"kind": ActivityKind.EMAIL.value, **own} | self.people


class PasteForm(forms.Form):
    """A whole message, as a mail program shows its source; or just its text."""

    raw = forms.CharField(
        label="The message",
        max_length=LONGEST,
        widget=text_area(14, spellcheck="false"),
        help_text="Paste it with its headers (From, To, Date, Subject): most mail programs have “show source” or “copy message”.",
        error_messages={"required": "Paste the message first."},
    )


def email_start(mail: Mail, subject: Subject, own_address: str) -> dict[str, Any]:
    """What a pasted message fills in: the contacts among its addresses, and whether it came from one of them."""
    people = Contact.objects.filter(account=subject.account).exclude(email="")
    known = {one.email.lower(): one.pk for one in people}
    at = mail.at
    if at is not None and timezone.is_naive(at):
        at = timezone.make_aware(at)
    from_us = mail.sender_address == own_address.lower() or mail.sender_address not in known
    return {
        "direction": Direction.OUT if from_us else Direction.IN,
        "subject": mail.subject[:250],
        "at": at,
        "sender": mail.sender[:320],
        "recipients": mail.recipients[:4_000],
        "participants": [str(known[address]) for address in mail.addresses if address in known],
        "body": mail.body[:100_000],
    }


def call_values(row: Activity) -> Mapping[str, Any]:
    return {name: getattr(row, name) for name in ("kind", "subject", "at", "minutes", "body")} | _people(row)


def email_values(row: Activity) -> Mapping[str, Any]:
    own = ("direction", "subject", "at", "sender", "recipients", "body")
    return {name: getattr(row, name) for name in own} | _people(row)


def _people(row: Activity) -> dict[str, Any]:
    return {"participants": [str(one.pk) for one in row.participants.order_by("name_key", "pk")]}
