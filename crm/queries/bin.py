"""What lies in the bin, as far as somebody may see it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from crm.models import Account, Contact, Person
from crm.models.bin import KEPT_DAYS
from crm.registry import BinKind, bins
from crm.rules.access import Reach, edit_reach
from crm.rules.formatting import count


def binned(kind: BinKind) -> QuerySet[Any]:
    """Everything of a sort that was deleted; what was merged away is no longer a record of its own."""
    rows: QuerySet[Any] = kind.rows().filter(deleted_at__isnull=False)
    merges = any(field.name == "merged_into" for field in rows.model._meta.get_fields())
    return rows.filter(merged_into__isnull=True) if merges else rows


def in_bin(user: Person, kind: BinKind) -> QuerySet[Any]:
    """What somebody sees in the bin, and may bring back: what they or their team deleted or owned; operations all."""
    rows = binned(kind)
    match edit_reach(user.roles):
        case Reach.ALL:
            return rows
        case Reach.TEAM:
            people = team_ids(user)
        case Reach.OWN:
            people = [user.pk]
        case _:
            return rows.none()
    return rows.filter(Q(deleted_by__in=people) | kind.of_people(people))


def team_ids(user: Person) -> list[int]:
    """Everybody in the teams somebody leads, themselves included."""
    if user.team is None:
        return [user.pk]
    beneath = Person.objects.filter(team__path__startswith=user.team.path).order_by()
    return [user.pk, *beneath.exclude(pk=user.pk).values_list("pk", flat=True)]


def goes_at(row: Any) -> dt.datetime:
    """When a deleted row goes for good."""
    gone: dt.datetime = row.deleted_at + dt.timedelta(days=KEPT_DAYS)
    return gone


@dataclass(frozen=True, slots=True)
class GoesWith:
    """What goes into the bin with an account: all of it in words, and what must be agreed to."""

    words: tuple[str, ...]
    asks: str


def goes_with(account_id: int) -> GoesWith:
    counts = [(kind, kind.of_account(account_id).count()) for kind in bins if kind.of_account is not None]
    words = tuple(count(number, kind.one, kind.label) for kind, number in counts if number)
    return GoesWith(words, " and ".join(said for kind in bins if (said := kind.asks(account_id))))


def accounts_kind() -> BinKind:
    return BinKind(
        key="account",
        one="account",
        label="accounts",
        rows=Account.everything.all,
        of_people=lambda ids: Q(owner__in=ids),
        name=lambda row: str(row.name),
        url_name="crm:account-detail",
    )


def contacts_kind() -> BinKind:
    return BinKind(
        key="contact",
        one="contact",
        label="contacts",
        rows=lambda: Contact.everything.select_related("account"),
        of_people=lambda ids: Q(account__owner__in=ids),
        name=lambda row: str(row.full_name),
        url_name="crm:contact-detail",
        of_account=lambda account_id: Contact.objects.filter(account_id=account_id),
    )


def register() -> None:
    bins.add(accounts_kind())
    bins.add(contacts_kind())
