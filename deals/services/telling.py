"""Whom a change of a deal's owner or shares is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.urls import reverse

from crm.models import NotificationKind, Person
from crm.rules.fact_words import show_date
from crm.services.audit import Act
from crm.services.notifications import notify
from deals.models import Deal, DealShare


def tell_of_new_owner(act: Act, deal: Deal, before: Person | None) -> None:
    """The new owner, and the one before as far as they still see the deal. Whoever made the change knows."""
    who = str(act.by) if act.by else "Quarterdeck"
    kind, url, about = NotificationKind.OWNER, _url(deal), ("deal", deal.pk)
    notify(act=act, to=[deal.owner_id], kind=kind, text=f"{who} gave you {deal}", url=url, about=about)
    if before is not None:
        text = f"{who} gave {deal}, which was yours, to {deal.owner}"
        notify(act=act, to=[before.pk], kind=kind, text=text, url=url, about=about)


def tell_of_given_deals(act: Act, deals: Sequence[Deal], before: Mapping[int, int], new: Person) -> None:
    """Of a bulk change, which comes in pieces: the new owner is told once an hour, and so are those who gave up deals; those
    of one deal by its name."""
    who = str(act.by) if act.by else "Quarterdeck"
    hour = f"{act.by.pk if act.by else 0}:{act.now:%Y%m%d%H}"
    if len(deals) == 1:
        tell_of_new_owner(act, deals[0], Person.objects.get(pk=before[deals[0].pk]))
        return
    for person, text, owner in (
        *((pk, f"{who} gave deals that were yours to {new}", new.pk) for pk in sorted(set(before.values()))),
        (new.pk, f"{who} gave you several deals", new.pk),
    ):
        url = f"{reverse('deals:deal-list')}?owner={owner}&sort=-updated"
        notify(act=act, to=[person], kind=NotificationKind.OWNER, text=text, url=url, key=f"given to {new.pk}:{hour}")


def tell_of_many_deals(act: Act, before: Person, after: Person) -> None:
    """Once for all the deals somebody leaves behind, which go over in batches."""
    notify(
        act=act,
        to=[after.pk],
        kind=NotificationKind.OWNER,
        text=f"You now own deals that were {before}'s",
        url=f"{reverse('deals:deal-list')}?owner={after.pk}&sort=-updated",
        key=f"deals of {before.pk}:{act.now:%Y%m%d}",
    )


def tell_of_share(act: Act, deal: Deal, row: DealShare) -> None:
    """The person, or everybody in the team and beneath it."""
    who = str(act.by) if act.by else "Quarterdeck"
    people = [row.person_id] if row.person_id else _members(row)
    what = "to work on" if row.can_write else "to read"
    until = f" until {show_date(row.until_date.isoformat())}" if row.until_date else ""
    with_team = "" if row.person_id else f" with {row.team}"
    notify(
        act=act,
        to=[pk for pk in people if pk != deal.owner_id],
        kind=NotificationKind.SHARE,
        text=f"{who} shared {deal}{with_team} {what}{until}",
        url=_url(deal),
        about=("deal", deal.pk),
    )


def _members(row: DealShare) -> list[int]:
    assert row.team is not None
    within = Person.objects.filter(team__path__startswith=row.team.path, is_active=True)
    return list(within.order_by().values_list("pk", flat=True))


def _url(deal: Deal) -> str:
    return reverse("deals:deal-detail", args=[deal.pk])
