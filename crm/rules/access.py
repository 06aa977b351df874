"""Who may do what, by role (domain: people). Pure: rows come through querysets, this decides kinds of things."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    REP = "rep"
    MANAGER = "manager"
    VP = "vp"
    SVP = "svp"
    ENABLEMENT = "enablement"
    OPS = "ops"
    VIEWER = "viewer"

    @property
    def label(self) -> str:
        return ROLE_LABELS[self]


ROLE_LABELS = {
    Role.REP: "Rep",
    Role.MANAGER: "Manager",
    Role.VP: "VP",
    Role.SVP: "SVP",
    Role.ENABLEMENT: "Enablement",
    Role.OPS: "Operations",
    Role.VIEWER: "Viewer",
}


class Reach(StrEnum):
    """How far somebody sees over deals."""

    NOTHING = "nothing"
    OWN = "own"
    TEAM = "team"
    ALL = "all"


SEES_ALL_IN_DETAIL = frozenset({Role.VP, Role.SVP, Role.OPS})
SEES_NAMES = frozenset({Role.ENABLEMENT, Role.VIEWER})
SEES_AMOUNTS_ONLY = frozenset({Role.VIEWER})
SELLS = frozenset({Role.REP, Role.MANAGER, Role.OPS})


def detail_reach(roles: Iterable[str]) -> Reach:
    """The deals somebody sees in full: notes, facts, contacts, scores."""
    held = set(roles)
    if held & SEES_ALL_IN_DETAIL:
        return Reach.ALL
    if Role.MANAGER in held:
        return Reach.TEAM
    return Reach.OWN if Role.REP in held else Reach.NOTHING


def row_reach(roles: Iterable[str]) -> Reach:
    """The deals somebody sees at all; enablement and viewers see names and outcomes of every deal."""
    return Reach.ALL if set(roles) & SEES_NAMES else detail_reach(roles)


def edit_reach(roles: Iterable[str]) -> Reach:
    """The deals somebody may change. VPs approve; they do not edit other people's deals."""
    held = set(roles)
    if Role.OPS in held:
        return Reach.ALL
    if Role.MANAGER in held:
        return Reach.TEAM
    return Reach.OWN if Role.REP in held else Reach.NOTHING


def sees_accounts(roles: Iterable[str]) -> bool:
    """Every role sees account names; somebody without a role sees nothing."""
    return bool(set(roles))


def sees_contacts(roles: Iterable[str]) -> bool:
    return detail_reach(roles) is not Reach.NOTHING


def sees_amounts(roles: Iterable[str]) -> bool:
    return bool(set(roles) & (SEES_ALL_IN_DETAIL | SEES_AMOUNTS_ONLY | {Role.REP, Role.MANAGER}))


def sees_every_detail(roles: Iterable[str]) -> bool:
    """Whether whatever deals somebody sees they see in full. Not so for a rep who is a viewer too: they see all by name and
    their own in full, so an order, a filter or a sum over the list must not tell more of the others."""
    held = set(roles)
    return detail_reach(held) is not Reach.NOTHING and row_reach(held) is detail_reach(held)


def sees_every_amount(roles: Iterable[str]) -> bool:
    """Whether somebody sees the amount of every deal they see by name."""
    held = set(roles)
    return sees_every_detail(held) or bool(held & SEES_AMOUNTS_ONLY)


def has_a_day(roles: Iterable[str]) -> bool:
    """Whether there is work waiting on Today: for whoever sees deals in full, and for who keeps the battle cards."""
    return works_deals(roles) or may_edit_cards(roles)


def works_deals(roles: Iterable[str]) -> bool:
    """Whether some of that work is about deals."""
    return detail_reach(roles) is not Reach.NOTHING


def works_own_deals(roles: Iterable[str]) -> bool:
    return Role.REP in set(roles)


def reads_a_pipeline(roles: Iterable[str]) -> bool:
    """More than one's own."""
    return detail_reach(roles) in {Reach.TEAM, Reach.ALL}


def may_create_deals(roles: Iterable[str]) -> bool:
    return bool(set(roles) & SELLS)


def may_edit_accounts(roles: Iterable[str]) -> bool:
    return bool(set(roles) & SELLS)


def may_delete_account(roles: Iterable[str], *, is_owner: bool, in_team: bool) -> bool:
    """`in_team`: its owner is in a team they lead, or it has none."""
    reach = edit_reach(roles)
    return reach is Reach.ALL or (reach is Reach.TEAM and (in_team or is_owner)) or (reach is Reach.OWN and is_owner)


def may_publish_playbook(roles: Iterable[str]) -> bool:
    return Role.OPS in set(roles)


def may_see_playbook(roles: Iterable[str]) -> bool:
    return bool(set(roles))


def may_run_operations(roles: Iterable[str]) -> bool:
    """Users, imports, jobs."""
    return Role.OPS in set(roles)


def may_draft_questions(roles: Iterable[str]) -> bool:
    """See drafts of a playbook, and work on those that change questions only."""
    return bool(set(roles) & {Role.ENABLEMENT, Role.OPS})


def may_draft_playbook(roles: Iterable[str]) -> bool:
    """Work on drafts that change anything."""
    return Role.OPS in set(roles)


def may_rehearse_playbook(roles: Iterable[str]) -> bool:
    """See what publishing would change on every open deal, by name, amount and score."""
    return Role.OPS in set(roles)


def sees_company(roles: Iterable[str]) -> bool:
    """The company's calendar and rates: everybody with a role counts by them."""
    return bool(set(roles))


def may_edit_company(roles: Iterable[str]) -> bool:
    return Role.OPS in set(roles)


def sees_quotes(roles: Iterable[str]) -> bool:
    """What deals are offered for, and the prices it is made from: for whoever sees some deals in full."""
    return detail_reach(roles) is not Reach.NOTHING


def may_approve(roles: Iterable[str]) -> bool:
    """Those whose day has approvals in it. Who may decide on which, the playbook's levels say; operations set those rules, so
    they decide nothing by them."""
    held = set(roles)
    return bool(held & {Role.VP, Role.SVP}) and Role.OPS not in held


def reads_reports(roles: Iterable[str]) -> bool:
    """Figures over the deals somebody's role reaches; the money in them only for whoever sees amounts."""
    return row_reach(roles) is not Reach.NOTHING


def reads_company_figures(roles: Iterable[str]) -> bool:
    """KPIs, risks and the market's shares count every deal's amount, whoever asks."""
    return row_reach(roles) is Reach.ALL and sees_every_amount(roles)


def may_take_readings(roles: Iterable[str]) -> bool:
    """Type in what the CRM does not know of the company's KPIs and risks; they are told when one crosses its threshold, too."""
    return bool(set(roles) & SEES_ALL_IN_DETAIL)


def reads_cards(roles: Iterable[str]) -> bool:
    """Battle cards, objections and messaging, as published."""
    return bool(set(roles))


def may_edit_cards(roles: Iterable[str]) -> bool:
    """Write them, review and publish them, and see what the field says of them."""
    return bool(set(roles) & {Role.ENABLEMENT, Role.OPS})


def answers_news(roles: Iterable[str]) -> bool:
    """Start the response to news of a competitor and lead it: those its steps can fall to."""
    return bool(set(roles) & {Role.ENABLEMENT, Role.OPS, Role.MANAGER, Role.VP, Role.SVP})
