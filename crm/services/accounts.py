"""Making and changing accounts and contacts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction

from crm.lib.errors import EditConflict, Invalid, NotAllowed
from crm.models import Account, Competitor, Contact, Person
from crm.queries import playbook as playbooks
from crm.rules import access
from crm.rules.duplicates import bare_domain
from crm.services import jobs
from crm.services.audit import Act, apply_changes, record
from crm.services.deletion import answers_for
from playbook.facts import FactErrors, canonical_facts
from playbook.schema import Playbook

ACCOUNT_FIELDS = (
    "name",
    "domain",
    "segment",
    "vertical",
    "sub_segment",
    "region",
    "country",
    "employees",
    "annual_revenue",
    "founded_year",
    "current_vendor",
    "parent",
    "owner",
    "facts",
)
CONTACT_FIELDS = ("account", "first_name", "last_name", "title", "email", "phone", "persona", "reports_to")


@transaction.atomic
def create_account(*, act: Act, values: Mapping[str, Any]) -> Account:
    """Raises NotAllowed for people who do not sell, and Invalid with a sentence per field."""
    may_edit(act)
    account = Account()
    values = _checked_account(values, account, act.now.year)
    changes = apply_changes(account, values, ACCOUNT_FIELDS)
    account.save()
    record(act=act, kind="account", record_id=account.pk, verb="created", changes=changes)
    return account


@transaction.atomic
def update_account(
    *, act: Act, account_id: int, values: Mapping[str, Any], expected_version: int | None = None
) -> Account:
    """Changes an account; facts given as None are forgotten, facts not given stay. What its deals are judged on changes with it.

    Raises Account.DoesNotExist, NotAllowed, EditConflict where it was saved since `expected_version`, and Invalid.
    """
    account: Account = _locked(Account.objects.all(), account_id, act, expected_version)
    if values.get("vertical", account.vertical) != account.vertical and "sub_segment" not in values:
        values = {**values, "sub_segment": ""}  # it was one of the vertical before
    if values.get("owner", account.owner) != account.owner and (said := giver_error(act)(account)):
        raise Invalid({"owner": said})
    values = _checked_account(values, account, act.now.year)
    changes = apply_changes(account, values, ACCOUNT_FIELDS)
    if not changes:
        return account
    account.version += 1
    account.save()
    record(act=act, kind="account", record_id=account.pk, verb="changed", changes=changes)
    if {"facts", "segment"} & set(changes):
        jobs.enqueue(
            "scoring.tasks.score_account_deals",
            key=f"score-account:{account.pk}",
            args={"account_id": account.pk, "by": act.by.pk if act.by else None},
            label=f"Lead scores of {account.name}",
            by=act.by,
        )
    return account


@transaction.atomic
def create_contact(*, act: Act, values: Mapping[str, Any]) -> Contact:
    """Raises NotAllowed for people who do not sell, and Invalid with a sentence per field."""
    may_edit(act)
    contact = Contact()
    if "account" not in values:
        raise Invalid({"account": "Choose the account they work at."})
    _check_contact(values, contact)
    changes = _set_contact(contact, values)
    contact.save()
    record(act=act, kind="contact", record_id=contact.pk, verb="created", changes=changes)
    return contact


@transaction.atomic
def update_contact(
    *, act: Act, contact_id: int, values: Mapping[str, Any], expected_version: int | None = None
) -> Contact:
    """Changes a contact. Raises Contact.DoesNotExist, NotAllowed, EditConflict and Invalid."""
    contact: Contact = _locked(Contact.objects.all(), contact_id, act, expected_version)
    if values.get("account", contact.account) != contact.account and "reports_to" not in values:
        values = {**values, "reports_to": None}  # their boss stays behind at the old account
    _check_contact(values, contact)
    changes = _set_contact(contact, values)
    if changes:
        contact.version += 1
        contact.save()
        record(act=act, kind="contact", record_id=contact.pk, verb="changed", changes=changes)
    return contact


def _set_contact(contact: Contact, values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    if contact._state.adding:
        contact.account = values["account"]
    return apply_changes(contact, values, CONTACT_FIELDS)


def may_edit(act: Act) -> None:
    """Raises NotAllowed for people who only read accounts and contacts."""
    if act.by is not None and not access.may_edit_accounts(act.by.roles):
        raise NotAllowed("Your role reads accounts and contacts; it does not change them.")


def _locked(rows: Any, pk: int, act: Act, expected_version: int | None) -> Any:
    if act.by is not None:
        rows = rows.visible_to(act.by)
    row = rows.select_for_update(of=("self",)).get(pk=pk)
    may_edit(act)
    if expected_version is not None and row.version != expected_version:
        raise EditConflict(row)
    return row


def _checked_account(values: Mapping[str, Any], account: Account, this_year: int) -> dict[str, Any]:
    """Values fit to be set: facts canonical and merged, the domain bare, choices known to the playbook in force."""
    strange = set(values) - set(ACCOUNT_FIELDS)
    if strange:
        raise Invalid(dict.fromkeys(sorted(strange), "This can't be changed here."))
    _, playbook = playbooks.current()
    clean = dict(values)
    errors = _choice_errors(clean, account, playbook) | _figure_errors(clean, this_year)
    if "name" in clean or account._state.adding:
        clean["name"] = str(clean.get("name") or "").strip()
        if not clean["name"]:
            errors["name"] = "Give the account its name."
    if clean.get("domain"):
        clean["domain"] = bare_domain(str(clean["domain"]))
    if clean.get("parent") is not None and _under(clean["parent"], account):
        errors["parent"] = "An account can't stand above itself. Choose one that is not beneath it."
    if "facts" in clean:
        try:
            facts = canonical_facts(playbook, clean["facts"], scope="account")
        except FactErrors as wrong:
            errors |= wrong.errors
        else:
            merged = {**account.facts, **facts}
            clean["facts"] = {key: value for key, value in merged.items() if value is not None}
    if errors:
        raise Invalid(errors)
    return clean


def giver_error(act: Act) -> Callable[[Account], str]:
    """Why whoever acts may not give an account to somebody else, "" where they may; one that nobody looks after is anybody's
    to take. Else a new owner would be a way around who may delete or merge it."""
    answers = answers_for(act)
    said = "Only its owner, their manager or operations gives an account to somebody else."
    return lambda account: "" if account.owner_id is None or answers(account) else said


def owner_error(person: Person | None) -> str:
    """Why somebody can't look after accounts, "" where they can."""
    can = person is not None and person.is_active and access.may_edit_accounts(person.roles)
    return "" if can else "Choose somebody active who looks after accounts: a rep, a manager or operations."


def _figure_errors(values: Mapping[str, Any], this_year: int) -> dict[str, str]:
    errors, unknown = {}, "Leave it empty while it is not known."
    if (revenue := values.get("annual_revenue")) is not None and not 0 <= revenue < 10**13:
        errors["annual_revenue"] = f"Write a yearly amount of zero or more, under ten trillion. {unknown}"
    if (founded := values.get("founded_year")) is not None and not 1000 <= founded <= this_year:
        errors["founded_year"] = f"Write the year they were founded, 1000 to {this_year}. {unknown}"
    return errors


def _choice_errors(values: Mapping[str, Any], account: Account, playbook: Playbook) -> dict[str, str]:
    """Keys must be the playbook's; one that the account has already may stay, though the playbook dropped it since."""
    vertical = values.get("vertical", account.vertical)
    known = {
        "segment": [part.key for part in playbook.segments],
        "vertical": [part.key for part in playbook.verticals],
        "sub_segment": [
            sub.key for part in playbook.verticals if part.key == vertical or not vertical for sub in part.sub_segments
        ],
        "region": [part.key for part in playbook.regions],
    }
    errors = {}
    for field, keys in known.items():
        value = values.get(field)
        unchanged = not account._state.adding and value == getattr(account, field)
        if value and value not in keys and not unchanged:
            what = field.replace("_", "-")
            errors[field] = f"There is no such {what} here. There is: {', '.join(keys) or 'none'}."
    for field, model in (("current_vendor", Competitor), ("parent", Account)):
        if values.get(field) is not None and not isinstance(values[field], model):
            errors[field] = "Choose one of those offered."
    owner = values.get("owner")
    if owner is not None and owner != account.owner and (said := owner_error(owner)):
        errors["owner"] = said
    return errors


def _under(candidate: Account, account: Account) -> bool:
    """Whether `candidate` is the account itself or stands somewhere beneath it."""
    seen: set[int] = set()
    above: Account | None = candidate
    while above is not None and above.pk not in seen:
        if above.pk == account.pk:
            return True
        seen.add(above.pk)
        above = above.parent
    return False


def _check_contact(values: Mapping[str, Any], contact: Contact) -> None:
    strange = set(values) - set(CONTACT_FIELDS)
    if strange:
        raise Invalid(dict.fromkeys(sorted(strange), "This can't be changed here."))
    errors = {}
    _, playbook = playbooks.current()
    if ("last_name" in values or contact._state.adding) and not str(values.get("last_name") or "").strip():
        errors["last_name"] = "Give at least the last name."
    kept = None if contact._state.adding else contact.persona
    if values.get("persona") and values["persona"] not in {kept, *(persona.key for persona in playbook.personas)}:
        errors["persona"] = "The playbook has no such persona. Choose one of those offered."
    account = values.get("account") or (None if contact._state.adding else contact.account)
    if not isinstance(account, Account):
        errors["account"] = "Choose the account they work at."
    elif (boss := values.get("reports_to")) is not None:
        if not isinstance(boss, Contact) or boss.account_id != account.pk:
            errors["reports_to"] = "Choose somebody of the same account."
        elif _reports_to(boss, contact):
            errors["reports_to"] = "Nobody reports to themselves, not even by way of others. Choose somebody else."
    if errors:
        raise Invalid(errors)


def _reports_to(boss: Contact, contact: Contact) -> bool:
    """Whether `boss` is this contact or somebody who answers to them."""
    seen: set[int] = set()
    above: Contact | None = boss
    while above is not None and above.pk not in seen:
        if above.pk == contact.pk:
            return True
        seen.add(above.pk)
        above = above.reports_to
    return False
