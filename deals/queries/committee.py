"""The people and competitors on a deal, and those who could join."""

from __future__ import annotations

from dataclasses import dataclass

from crm.models import Competitor, Contact
from crm.queries import playbook as playbooks
from deals.models import Deal, DealCompetitor, DealContact
from playbook.schema.market import Competitor as KnownCompetitor


@dataclass(frozen=True, slots=True)
class Member:
    row: DealContact
    persona: str


@dataclass(frozen=True, slots=True)
class Rival:
    """A competitor on the deal, with what the playbook says of them, where it knows them."""

    row: DealCompetitor
    known: KnownCompetitor | None

    @property
    def suggestion(self) -> str:
        """The playbook's strategy while nobody has written one for this deal."""
        return "" if self.row.win_strategy or self.known is None else self.known.strategy


def members(deal: Deal) -> tuple[Member, ...]:
    """Two queries: the playbook's number, and the people with whom they report to."""
    _, playbook = playbooks.current()
    names = {persona.key: persona.label for persona in playbook.personas}
    rows = DealContact.objects.filter(deal=deal).select_related("contact", "contact__reports_to").order_by("pk")
    return tuple(Member(row, names.get(row.contact.persona, row.contact.persona)) for row in rows)


def people_to_add(deal: Deal) -> tuple[Contact, ...]:
    """The account's people who are not on the deal."""
    there = DealContact.objects.filter(deal=deal).values("contact")
    return tuple(Contact.objects.filter(account_id=deal.account_id).exclude(pk__in=there).order_by("name_key", "pk"))


def rivals(deal: Deal) -> tuple[Rival, ...]:
    known = strategies()
    rows = DealCompetitor.objects.filter(deal=deal).select_related("competitor").order_by("pk")
    return tuple(Rival(row, known.get(row.competitor.key)) for row in rows)


def rivals_to_add(deal: Deal) -> tuple[Competitor, ...]:
    there = DealCompetitor.objects.filter(deal=deal).values("competitor")
    return tuple(Competitor.objects.exclude(pk__in=there).order_by("-in_playbook", "name"))


def strategies() -> dict[str, KnownCompetitor]:
    """What the playbook in force says of each competitor, by key."""
    _, playbook = playbooks.current()
    return {competitor.key: competitor for competitor in playbook.competitors}
