"""The people and competitors on a deal, and those who could join."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from crm.models import Competitor, Contact
from crm.queries import playbook as playbooks
from deals.models import Deal, DealCompetitor, DealContact, MeddpiccElement, QuestionAnswer
from playbook.schema.market import Competitor as KnownCompetitor


@dataclass(frozen=True, slots=True)
class Member:
    """`elsewhere` names where somebody works who is not of the deal's account: a partner, or somebody whose deal or job moved."""

    row: DealContact
    persona: str
    elsewhere: str


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
    related = ("contact__account", "contact__reports_to")
    rows = DealContact.objects.filter(deal=deal).select_related(*related).order_by("pk")
    return tuple(
        Member(row, names.get(row.contact.persona, row.contact.persona), works_elsewhere(deal, row.contact))
        for row in rows
    )


def people_elsewhere(deal: Deal) -> list[str]:
    """Who is on the deal and not of its account, by name."""
    rows = DealContact.objects.filter(deal=deal).exclude(contact__account=deal.account_id).select_related("contact")
    return [str(row.contact) for row in rows.order_by("pk")]


def works_elsewhere(deal: Deal, contact: Contact) -> str:
    """Where a contact works, "" for one of the deal's account."""
    return "" if contact.account_id == deal.account_id else str(contact.account)


def with_place(deal: Deal, contact: Contact, *, title: bool = True) -> str:
    """ "Ines Wolf (CIO)", and for one who is not of the deal's account "Ines Wolf (CIO, at Aster Health)"."""
    elsewhere = works_elsewhere(deal, contact)
    more = [contact.title if title else "", f"at {elsewhere}" if elsewhere else ""]
    said = ", ".join(one for one in more if one)
    return f"{contact} ({said})" if said else str(contact)


def people_named(deal: Deal) -> QuerySet[Contact]:
    """Whom something on a deal may name: the account's people, those on the deal who work elsewhere, and whoever is named there
    already, be they deleted. So a deal that moved to another account keeps all that people noted."""
    elements = MeddpiccElement.objects.filter(deal=deal)
    return Contact.everything.filter(
        Q(account_id=deal.account_id, deleted_at=None)
        | Q(pk__in=DealContact.objects.filter(deal=deal).values("contact"), deleted_at=None)
        | Q(pk__in=elements.values("contact"))
        | Q(pk__in=elements.values("evidence_contact"))
        | Q(pk__in=QuestionAnswer.objects.filter(deal=deal).values("contact"))
    ).order_by("name_key", "pk")


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
