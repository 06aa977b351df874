"""The accounts and contacts somebody looks at."""

from __future__ import annotations

from dataclasses import dataclass

from crm.lib.lists import ListFilter, Why, identity
from crm.models import Account, Contact, Person
from crm.models.accounts import AccountQuerySet, ContactQuerySet
from crm.rules import access


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFilter(ListFilter):
    """What narrows the list of accounts. `current_vendor` is a competitor's key, `parent` the id of the account above."""

    READERS = {"owner": identity, "parent": identity}  # noqa: RUF012 - the base says it is the class's

    q: str = ""
    segment: str = ""
    vertical: str = ""
    region: str = ""
    domain: str = ""
    current_vendor: str = ""
    owner: int | None = None
    parent: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFilter(ListFilter):
    READERS = {"account": identity}  # noqa: RUF012

    q: str = ""
    account: int | None = None
    persona: str = ""
    email: str = ""


def permitted_accounts(user: Person, wanted: AccountFilter) -> AccountFilter:
    """The filter without columns this person doesn't see: probing would read them too."""
    return wanted if access.sees_contacts(user.roles) else wanted.without(["current_vendor"], Why.HIDDEN)


def filtered_accounts(user: Person, wanted: AccountFilter) -> AccountQuerySet:
    """The accounts `user` may see that fit the filter. The one set behind list, export, bulk change and API."""
    exact = permitted_accounts(user, wanted).as_query()
    rows = Account.objects.visible_to(user)
    if "q" in exact:
        rows = rows.named_like(exact.pop("q"))
    if "domain" in exact:
        exact["domain"] = exact["domain"].casefold()
    if "current_vendor" in exact:
        exact["current_vendor__key"] = exact.pop("current_vendor")
    return rows.filter(**exact)


def filtered_contacts(user: Person, wanted: ContactFilter) -> ContactQuerySet:
    exact = wanted.as_query()
    rows = Contact.objects.visible_to(user)
    if "q" in exact:
        rows = rows.named_like(exact.pop("q"))
    if "email" in exact:
        exact["email__iexact"] = exact.pop("email")
    return rows.filter(**exact)


def accounts_by_name(user: Person, text: str, *, most: int = 20) -> list[Account]:
    """The first accounts whose name begins with `text`, then those that have it elsewhere; a few, for choosing one."""
    key = text.casefold().strip()
    if not key:
        return []
    rows = Account.objects.visible_to(user).order_by("name_key", "pk")
    found = list(rows.filter(name_key__startswith=key)[:most])
    if len(found) < most:
        found += rows.named_like(text).exclude(name_key__startswith=key)[: most - len(found)]
    return found
