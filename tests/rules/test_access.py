"""The role matrix, as the table of people in the domain has it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from crm.rules import access
from crm.rules.access import Reach, Role

N, OWN, TEAM, ALL = Reach.NOTHING, Reach.OWN, Reach.TEAM, Reach.ALL
ROLES = ("rep", "manager", "vp", "svp", "enablement", "ops", "viewer", None)


@pytest.mark.parametrize(
    "reach, expected",
    [
        (access.row_reach, (OWN, TEAM, ALL, ALL, ALL, ALL, ALL, N)),
        (access.detail_reach, (OWN, TEAM, ALL, ALL, N, ALL, N, N)),
        (access.edit_reach, (OWN, TEAM, N, N, N, ALL, N, N)),
    ],
)
def test_how_far_a_role_reaches_over_deals(
    reach: Callable[[Iterable[str]], Reach], expected: tuple[Reach, ...]
) -> None:
    assert tuple(reach([role] if role else []) for role in ROLES) == expected


@pytest.mark.parametrize(
    "may, who",
    [
        (access.sees_accounts, "rep manager vp svp enablement ops viewer"),
        (access.sees_contacts, "rep manager vp svp ops"),
        (access.sees_amounts, "rep manager vp svp ops viewer"),
        (access.may_create_deals, "rep manager ops"),
        (access.may_edit_accounts, "rep manager ops"),
        (access.may_see_playbook, "rep manager vp svp enablement ops viewer"),
        (access.may_publish_playbook, "ops"),
        (access.may_draft_questions, "enablement ops"),
        (access.may_draft_playbook, "ops"),
        (access.may_rehearse_playbook, "ops"),
        (access.may_run_operations, "ops"),
    ],
)
def test_what_a_role_may(may: Callable[[Iterable[str]], bool], who: str) -> None:
    assert [role for role in ROLES if may([role] if role else [])] == who.split()


@pytest.mark.parametrize(
    "roles, rows, detail, edit",
    [
        ((Role.REP, Role.MANAGER), TEAM, TEAM, TEAM),
        ((Role.REP, Role.VIEWER), ALL, OWN, OWN),
        ((Role.REP, Role.VP), ALL, ALL, OWN),
        ((Role.ENABLEMENT, Role.OPS), ALL, ALL, ALL),
    ],
)
def test_several_roles_add_up(roles: tuple[Role, ...], rows: Reach, detail: Reach, edit: Reach) -> None:
    assert (access.row_reach(roles), access.detail_reach(roles), access.edit_reach(roles)) == (rows, detail, edit)


def test_every_role_has_a_name_for_people() -> None:
    assert all(role.label for role in Role)
