"""What an entry is about, as somebody may see it: an account, a contact or a deal, each by its own rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.urls import reverse

from activities.models import SUBJECTS, Entry
from crm.models import Account, Contact, Person
from crm.rules import access
from deals.models import Deal

READ_ONLY = "You can see this {noun} but not change it. Ask {whom}."


class Unseen(ObjectDoesNotExist):
    """Not there, or not this person's to see in full."""


@dataclass(frozen=True, slots=True)
class Subject:
    """`editable`: whoever asked may change the record, and so add to it."""

    kind: str
    record: Account | Contact | Deal
    editable: bool

    @property
    def pk(self) -> int:
        return self.record.pk

    @property
    def name(self) -> str:
        return str(self.record)

    @property
    def account(self) -> Account:
        return self.record if isinstance(self.record, Account) else self.record.account

    @property
    def deal_id(self) -> int | None:
        return self.record.pk if isinstance(self.record, Deal) else None

    @property
    def url(self) -> str:
        address = "deals:deal-detail" if self.kind == "deal" else f"crm:{self.kind}-detail"
        return reverse(address, args=[self.record.pk])

    @property
    def refusal(self) -> str:
        whom = "its owner or their manager" if self.kind == "deal" else "somebody who sells"
        return READ_ONLY.format(noun=self.kind, whom=whom)


def find(user: Person, kind: str, pk: int) -> Subject:
    """The record as `user` may see it. Raises Unseen where they don't see it in full."""
    record = _FINDERS[kind](user, pk) if kind in SUBJECTS and user.is_active else None
    if record is None:
        raise Unseen(f"There is no such {kind}, or it is not yours to see.")
    return Subject(kind, record, _editable(user, record))


def subject_of(user: Person, entry: Entry) -> Subject:
    """What an entry is about. Raises Unseen."""
    return find(user, entry.about_kind, entry.about_id)


def of_system(kind: str, pk: int) -> Subject:
    """The record for the system itself, which may do everything, in the bin too. Raises Unseen where it is gone."""
    rows: dict[str, Any] = {"account": Account.everything, "contact": Contact.everything, "deal": Deal.everything}
    record = rows[kind].filter(pk=pk).first()
    if record is None:
        raise Unseen(f"There is no such {kind}.")
    assert isinstance(record, Account | Contact | Deal)
    return Subject(kind, record, True)


def sees(user: Person, subject: Subject) -> bool:
    """Whether somebody sees the record in full, and so what is written about it."""
    return user.is_active and _SEEN[subject.kind](user, subject.pk)


def _account(user: Person, pk: int) -> Account | None:
    if not access.sees_contacts(user.roles):
        return None  # they know its name; what is written about it is a detail
    return Account.objects.visible_to(user).filter(pk=pk).first()


def _contact(user: Person, pk: int) -> Contact | None:
    return Contact.objects.visible_to(user).select_related("account").filter(pk=pk).first()


def _deal(user: Person, pk: int) -> Deal | None:
    return Deal.objects.detailed_to(user).select_related("account", "owner").filter(pk=pk).first()


_FINDERS: dict[str, Callable[[Person, int], Account | Contact | Deal | None]] = {
    "account": _account,
    "contact": _contact,
    "deal": _deal,
}
_SEEN: dict[str, Callable[[Person, int], bool]] = {
    "account": lambda user, pk: access.sees_contacts(user.roles),
    "contact": lambda user, pk: access.sees_contacts(user.roles),
    "deal": lambda user, pk: Deal.objects.detailed_to(user).filter(pk=pk).exists(),
}


def _editable(user: Person, record: Account | Contact | Deal) -> bool:
    if not isinstance(record, Deal):
        return access.may_edit_accounts(user.roles)
    return Deal.objects.editable_by(user).filter(pk=record.pk).exists()
