"""What every page needs for its frame: the rail's entries for this person, and what they may start."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.urls import get_script_prefix, reverse

from crm.rules import access


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the rail. `prefix` are the first parts of the addresses that belong to it; `key` follows "g" on the keyboard.
    `count` names what answers with how much waits there, asked for after the page."""

    label: str
    name: str
    icon: str
    key: str
    prefix: tuple[str, ...]
    allowed: Callable[[Iterable[str]], bool]
    divider: bool = False
    count: str = ""


COUNT = "quotes:approval-count"


def _asks_for_approval(roles: Iterable[str]) -> bool:
    return access.sees_quotes(roles) and not access.may_approve(roles)


ENTRIES = (
    Entry("Today", "crm:today", "today", "h", ("/today/",), access.has_a_day),
    Entry("Deals", "deals:deal-list", "deals", "d", ("/deals/", "/scores/"), access.sees_accounts),
    # Where those who decide begin; for everybody else it is one entry of many.
    Entry("Approvals", "quotes:approval-list", "approvals", "v", ("/approvals/",), access.may_approve, count=COUNT),
    Entry("Accounts", "crm:account-list", "accounts", "a", ("/accounts/",), access.sees_accounts),
    Entry("Contacts", "crm:contact-list", "contacts", "c", ("/contacts/",), access.sees_contacts),
    Entry("Calls", "calls:call-list", "call", "s", ("/calls/",), access.sees_contacts),
    Entry("Quotes", "quotes:quote-list", "quotes", "q", ("/quotes/",), access.sees_contacts),
    Entry("Approvals", "quotes:approval-list", "approvals", "v", ("/approvals/",), _asks_for_approval),
    Entry("Tasks", "activities:task-list", "tasks", "k", ("/tasks/",), access.sees_contacts),
    Entry(
        "Battle cards", "battlecards:card-list", "cards", "x", ("/battlecards/", "/card-papers/"), access.reads_cards
    ),
    Entry("Reports", "reports:report-list", "reports", "r", ("/reports/",), access.reads_reports),
    Entry("Playbook", "crm:playbook", "playbook", "p", ("/playbook/",), access.may_see_playbook),
    Entry("Bin", "crm:bin", "trash", "b", ("/bin/",), access.may_edit_accounts, divider=True),
    Entry("Imports", "crm:import-list", "imports", "i", ("/imports/",), access.may_run_operations),
    Entry("People", "crm:person-list", "people", "t", ("/people/", "/teams/"), access.may_run_operations),
    Entry("Company", "crm:company", "calendar", "o", ("/company/",), access.may_edit_company),
    Entry("Changes", "crm:audit", "clock", "l", ("/changes/",), access.may_run_operations),
    Entry("Jobs", "crm:job-list", "jobs", "j", ("/jobs/",), access.may_run_operations),
    Entry("Outgoing mail", "crm:mail-list", "mail", "m", ("/mail/",), access.may_run_operations),
)


@dataclass(frozen=True, slots=True)
class Place:
    """An entry as one person's rail shows it on one page."""

    label: str
    url: str
    icon: str
    key: str
    divider: bool
    current: bool
    count_url: str = ""


def frame(request: HttpRequest) -> dict[str, Any]:
    """Template context: `nav` and `can_create_deal`. Asks nothing of the database."""
    roles = tuple(getattr(request.user, "roles", ()))
    here = next((entry.name for entry in ENTRIES if request.path.startswith(entry.prefix)), "")
    return {"nav": _nav(roles, here, get_script_prefix()), "can_create_deal": access.may_create_deals(roles)}


@lru_cache(maxsize=512)
def _nav(roles: tuple[str, ...], here: str, script_prefix: str) -> tuple[Place, ...]:
    """`here` is the name of the entry one is at; `script_prefix` stands in front of every address."""
    return tuple(
        Place(
            entry.label,
            reverse(entry.name),
            entry.icon,
            entry.key,
            entry.divider,
            entry.name == here,
            reverse(entry.count) if entry.count else "",
        )
        for entry in ENTRIES
        if entry.allowed(roles)
    )
