"""Deleting accounts, with what is theirs, and contacts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction

from crm.lib.errors import EditConflict, Invalid, NotAllowed
from crm.models import Account, Contact
from crm.queries.bin import team_ids
from crm.registry import bins
from crm.rules import access
from crm.services.audit import Act
from crm.services.bin import put_away


@transaction.atomic
def delete_account(
    *, act: Act, account_id: int, with_all: bool = False, expected_version: int | None = None
) -> Account:
    """Puts an account into the bin with everything that is its own: contacts, and deals, open and closed.

    Raises Account.DoesNotExist; NotAllowed for others than its owner, their manager and operations, and where some of its
    deals are not theirs to change; EditConflict; Invalid under "with_all" where there is something open and nobody said
    that it goes too.
    """
    account: Account = _locked(Account.objects.all(), account_id, act, expected_version)
    _may_delete(act, account)
    refused = [said for kind in bins if act.by and (said := kind.refuses(act.by, account.pk))]
    if refused:
        raise NotAllowed(" ".join(refused))
    asked = [said for kind in bins if (said := kind.asks(account.pk))]
    if asked and not with_all:
        raise Invalid(
            {"with_all": f"{account.name} has {' and '.join(asked)}. Agree to delete that too, or keep the account."}
        )
    for kind in bins:
        if kind.of_account is not None:
            put_away(act=act, kind=kind, rows=kind.of_account(account.pk), with_record=f"account:{account.pk}")
    put_away(act=act, kind=bins.get("account"), rows=Account.objects.filter(pk=account.pk))
    return account


@transaction.atomic
def delete_contact(*, act: Act, contact_id: int, expected_version: int | None = None) -> Contact:
    """Puts a contact into the bin; on deals they took part in they stand as deleted. Raises Contact.DoesNotExist, NotAllowed,
    EditConflict."""
    contact: Contact = _locked(Contact.objects.all(), contact_id, act, expected_version)
    put_away(act=act, kind=bins.get("contact"), rows=Contact.objects.filter(pk=contact.pk))
    return contact


def may_delete(act: Act, account: Account) -> bool:
    return answers_for(act)(account)


def answers_for(act: Act) -> Callable[[Account], bool]:
    """Whether whoever acts answers for an account: may delete it, merge it away, give it to somebody else. Asked for many
    accounts, it reads the team once."""
    by = act.by
    if by is None:
        return lambda account: True
    team = team_ids(by) if access.Role.MANAGER in by.roles else []
    return lambda account: access.may_delete_account(
        by.roles,
        is_owner=account.owner_id == by.pk,
        in_team=account.owner_id is None or account.owner_id in team,
    )


def _may_delete(act: Act, account: Account) -> None:
    if not may_delete(act, account):
        raise NotAllowed("Only its owner, their manager or operations deletes an account.")


def _locked(rows: Any, pk: int, act: Act, expected_version: int | None) -> Any:
    if act.by is not None:
        rows = rows.visible_to(act.by)
    row = rows.select_for_update(of=("self",)).get(pk=pk)
    if act.by is not None and not access.may_edit_accounts(act.by.roles):
        raise NotAllowed("Your role reads accounts and contacts; it does not delete them.")
    if expected_version is not None and row.version != expected_version:
        raise EditConflict(row)
    return row
