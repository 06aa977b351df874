"""How many statements a page needs doesn't depend on how many rows it shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.architecture.access_rows import Row
from tests.architecture.access_table import row_of
from tests.architecture.crowd import grow
from tests.architecture.traces import taken_back
from tests.architecture.url_map import addresses
from tests.architecture.world import World

FEW, MANY = 2, 12
MOST = 30
"""Statements a page may need, session and person included."""
LISTS = (
    "activities:record-timeline",
    "activities:task-list",
    "activities:task-panel",
    "api:accounts",
    "api:activities",
    "api:audit",
    "api:approvals",
    "api:bin",
    "api:company",
    "api:company-rates",
    "api:competitors",
    "api:contacts",
    "api:deal-bant-claims",
    "api:deal-competitors",
    "api:deal-contacts",
    "api:deal-scores",
    "api:deal-shares",
    "api:deals",
    "api:jobs",
    "api:notes",
    "api:notifications",
    "api:people",
    "api:playbook-drafts",
    "api:playbook-versions",
    "api:quote-revisions",
    "api:quotes",
    "api:rehearsal-changes",
    "api:tasks",
    "battlecards:deal-panel",
    "crm:account-detail",
    "crm:account-list",
    "crm:audit",
    "crm:bin",
    "crm:contact-list",
    "crm:draft-list",
    "crm:holiday-list",
    "crm:import-list",
    "crm:import-remarks",
    "crm:job-list",
    "crm:mail-list",
    "crm:notification-list",
    "crm:person-list",
    "crm:playbook-versions",
    "crm:rate-list",
    "crm:rehearsal",
    "crm:token-list",
    "deals:account-panel",
    "deals:deal-access",
    "deals:deal-board",
    "deals:deal-competitors",
    "deals:deal-contacts",
    "deals:deal-lines",
    "deals:deal-list",
    "quotes:approval-detail",
    "quotes:approval-list",
    "quotes:delegation-list",
    "quotes:quote-list",
    "reports:day-check-list",
    "reports:paper-list",
    "reports:schedule-list",
    "scoring:score-detail",
)
"""Pages whose rows these tests add, so that a list that stopped listing is noticed."""


def is_read(row: Row | None) -> bool:
    return row is not None and 200 in row.get.values()


READ = sorted(name for name in addresses() if is_read(row_of(name)) and not name.startswith("admin:"))


@dataclass(frozen=True, slots=True)
class Seen:
    statements: int
    size: int
    text: str


@pytest.fixture(scope="module")
def seen(world: World) -> dict[str, tuple[Seen, Seen]]:
    """Every page with few rows of everything and with many."""
    with taken_back():
        grow(world, 0, FEW)
        few = {name: look(world, name) for name in READ}
        grow(world, FEW, MANY)
        return {name: (few[name], look(world, name, enough=few[name].statements)) for name in READ}


def get(world: World, name: str) -> Any:
    row = row_of(name)
    assert row is not None
    url = addresses()[name].url(world.kwargs | row.args(world))
    answer = world.client(row.reader).get(url)
    assert answer.status_code == 200, url
    return answer


def look(world: World, name: str, enough: int = -1) -> Seen:
    """The page as it is once the process has what it keeps (playbooks, compiled templates): at the second look, unless the
    first needed no more than `enough` statements."""
    seen = once(world, name)
    return seen if seen.statements <= enough else once(world, name)


def once(world: World, name: str) -> Seen:
    with CaptureQueriesContext(connection) as captured:
        answer = get(world, name)
    return Seen(len(captured), len(answer.getvalue()), "\n".join(query["sql"][:160] for query in captured))


@pytest.mark.django_db
@pytest.mark.parametrize("name", READ)
def test_many_rows_need_no_more_statements_than_few(seen, name):
    few, many = seen[name]
    assert many.statements <= few.statements, f"{few.statements} statements became {many.statements}:\n{many.text}"


@pytest.mark.django_db
@pytest.mark.parametrize("name", READ)
def test_no_page_needs_more_than_a_few_dozen(seen, name):
    assert seen[name][1].statements <= MOST, seen[name][1].text


@pytest.mark.django_db
@pytest.mark.parametrize("name", LISTS)
def test_a_list_shows_more_when_there_is_more(seen, name):
    few, many = seen[name]
    assert many.size > few.size * 1.04, f"{few.size} characters became {many.size}."
