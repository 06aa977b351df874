"""What enablement does with battle cards in the demo: versions over a year, a draft in review, one that is scheduled."""

from __future__ import annotations

import datetime as dt
from typing import Any

from battlecards.models import Card, CardVersion, Draft, DraftClaim, Wording
from battlecards.services import claims, drafts, reviews
from battlecards.services.seeding import seed_cards
from crm.models import Notification, Person
from crm.services.audit import Act

DAY = dt.timedelta(days=1)
BEGAN = 60 * DAY


class Desk:
    """Two editors, each of whom publishes what the other wrote."""

    def __init__(self, people: dict[str, Person]) -> None:
        self.eve, self.otto = people["enablement"], people["ops"]

    def draft(self, card: Card, at: dt.datetime, note: str, by: Person, changes: dict[str, dict[str, Any]]) -> Draft:
        """A draft with these fields of these claims changed, handed in an hour later."""
        draft = drafts.start_draft(act=Act(by=by, at=at), card_id=card.pk)
        for key, values in changes.items():
            row = DraftClaim.objects.get(draft=draft, key=key)
            content = {**row.content, **values}
            claims.save_claim(act=Act(by=by, at=at), draft_id=draft.pk, key=key, content=content)
        head = {"title": draft.title, "seen_title": draft.title, "seen_note": ""}
        drafts.save_head(act=Act(by=by, at=at), draft_id=draft.pk, note=note, **head)
        return reviews.submit(act=Act(by=by, at=at + DAY / 24), draft_id=draft.pk)

    def published(self, card: Card, at: dt.datetime, note: str, changes: dict[str, dict[str, Any]]) -> CardVersion:
        draft = self.draft(card, at, note, self.eve, changes)
        return reviews.publish(act=Act(by=self.otto, at=at + DAY), draft_id=draft.pk)


def make_card_drafts(people: dict[str, Person], now: dt.datetime) -> None:
    """Three versions of one card, a draft of it that is scheduled, and one of another in review."""
    desk = Desk(people)
    seed_cards(act=Act(by=None, at=now - BEGAN))
    cards = list(Card.objects.published().filter(sort="competitor").order_by("slug"))
    if len(cards) < 2 or Draft.objects.exists():
        return
    told, other = next((card for card in cards if card.slug == "vmware"), cards[-1]), cards[0]
    _as_if_long_ago(now - BEGAN)
    first, second, third = _rows(told)
    desk.published(told, now - 45 * DAY, "Checked with three customers.", {first: _checked(now - 45 * DAY)})
    desk.published(told, now - 20 * DAY, "Looked at again, after their release.", {second: _checked(now - 20 * DAY)})
    told.refresh_from_db()
    planned = desk.draft(
        told, now - 2 * DAY, "For the quarter that begins.", desk.eve, {third: _checked(now - 2 * DAY)}
    )
    on = (now + 5 * DAY).replace(hour=8, minute=0, second=0, microsecond=0)
    reviews.schedule(act=Act(by=desk.otto, at=now - DAY), draft_id=planned.pk, publish_at=on)
    asked, *_ = _rows(other)
    desk.draft(other, now - DAY, "A reader said this row is out of date.", desk.otto, {asked: _checked(now - DAY)})
    # What happened long ago was read long ago.
    Notification.objects.filter(kind="card", at__lt=now - 7 * DAY).update(read_at=now - 7 * DAY)


def _as_if_long_ago(at: dt.datetime) -> None:
    """Cards come with the product, before there is a demo: today. In the demo's history they were there before their next versions."""
    CardVersion.objects.filter(number=1, published_at__gt=at).update(published_at=at)
    Wording.objects.filter(written_at__gt=at).update(written_at=at)


def _rows(card: Card) -> list[str]:
    assert card.current is not None, "it is published"
    placed = card.current.placed.filter(wording__kind="row", wording__retired=False).order_by("place")
    return list(placed.values_list("wording__claim__key", flat=True)[:3])


def _checked(at: dt.datetime) -> dict[str, Any]:
    """Looked at on that day, and to be looked at again half a year later."""
    day = at.date()
    return {"verified_on": day.isoformat(), "expires_on": (day + dt.timedelta(days=182)).isoformat()}
