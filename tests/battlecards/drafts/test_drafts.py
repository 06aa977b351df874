"""Drafts: one a card, each claim saved by itself, published by somebody else."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from battlecards.models import Card, CardVersion, Draft, DraftClaim
from battlecards.queries.cards import content_of
from battlecards.queries.drafts import claims_of, differences
from battlecards.rules.differing import What
from battlecards.rules.states import State
from battlecards.services import claims, drafts, reviews
from battlecards.services.cards import create_card, set_retired
from battlecards.services.publishing import put_in_force
from battlecards.services.rebasing import take_over
from crm.lib.errors import Clash, EditConflict, Invalid, NotAllowed
from crm.models import AuditEntry, Notification
from crm.services.audit import Act
from playbook.schema.cards import CardRules, Row
from tests.battlecards.drafts.conftest import NOW

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def by_otto(otto):
    return Act(by=otto, at=NOW)


@pytest.fixture
def by_eve(eve):
    return Act(by=eve, at=NOW + HOUR)


def said(draft: Draft, key: str) -> dict[str, Any]:
    found: dict[str, Any] = DraftClaim.objects.get(draft=draft, key=key).content
    return found


def with_text(draft: Draft, key: str, **values: object) -> dict[str, Any]:
    return {**said(draft, key), **values}


def keys(draft: Draft, kind: str = "row") -> list[str]:
    return [row.key for row in claims_of(draft) if row.kind == kind and not row.removed]


@pytest.fixture
def changed(draft, by_otto):
    claims.save_claim(act=by_otto, draft_id=draft.pk, key="speed", content=with_text(draft, "speed", ours="12 times"))
    return draft


@pytest.fixture
def submitted(changed, by_otto, by_eve):
    return reviews.submit(act=by_otto, draft_id=changed.pk)


def test_editors_share_one_draft(draft, by_eve, card):
    assert drafts.start_draft(act=by_eve, card_id=card.pk) == draft
    assert [row.key for row in claims_of(draft)] == ["share", "speed", "ecosystem", "price", "tools"]
    assert [one for one in differences(draft) if one.what is not What.SAME] == []


def test_only_editors_write(card, rae):
    with pytest.raises(NotAllowed):
        drafts.start_draft(act=Act(by=rae), card_id=card.pk)
    assert not Draft.objects.exists()


def test_what_is_not_whole_is_kept_and_told_by_field(draft, by_otto):
    content = with_text(draft, "speed", winner="we", expires_on="soon", ours="")
    row = claims.save_claim(act=by_otto, draft_id=draft.pk, key="speed", content=content, expected_revision=1)
    assert (row.content["expires_on"], row.revision) == ("soon", 2)
    assert {one["field"] for one in row.faults} == {"winner", "expires_on", "ours"}
    with pytest.raises(Invalid) as refused:
        reviews.submit(act=by_otto, draft_id=draft.pk)
    assert set(refused.value.errors) == {"speed.winner", "speed.expires_on", "speed.ours"}
    draft.refresh_from_db()
    assert draft.state == State.WRITING


def test_of_two_on_one_claim_the_second_sees_both(draft, by_otto, by_eve):
    claims.save_claim(
        act=by_otto,
        draft_id=draft.pk,
        key="speed",
        content=with_text(draft, "speed", ours="12 times"),
        expected_revision=1,
    )
    mine = {"capability": "Speed", "ours": "15 times", "theirs": "1", "winner": "us"}
    with pytest.raises(EditConflict) as conflict:
        claims.save_claim(act=by_eve, draft_id=draft.pk, key="speed", content=mine, expected_revision=1)
    theirs: Any = conflict.value.current
    assert theirs.content["ours"] == "12 times"
    assert said(draft, "speed")["ours"] == "12 times"
    # On another claim they never meet, and saving what is there already is saved.
    claims.save_claim(
        act=by_eve, draft_id=draft.pk, key="price", content=with_text(draft, "price", ours="1"), expected_revision=1
    )
    same = claims.save_claim(
        act=by_eve, draft_id=draft.pk, key="speed", content=said(draft, "speed"), expected_revision=1
    )
    assert same.revision == 2
    assert AuditEntry.objects.filter(verb="claim changed").count() == 2


def test_claims_come_move_and_go(draft, by_otto):
    new = claims.add_claim(act=by_otto, draft_id=draft.pk, kind="row")
    assert (new.key, keys(draft)) == ("row_1", ["speed", "ecosystem", "price", "row_1"])
    claims.move_claim(act=by_otto, draft_id=draft.pk, key="row_1", to=0)
    claims.move_claim(act=by_otto, draft_id=draft.pk, key="price", by=-1)
    assert keys(draft) == ["row_1", "speed", "price", "ecosystem"]
    claims.set_removed(act=by_otto, draft_id=draft.pk, key="speed", removed=True)
    claims.move_claim(act=by_otto, draft_id=draft.pk, key="price", by=-1)
    assert keys(draft) == ["price", "row_1", "ecosystem"]
    claims.set_removed(act=by_otto, draft_id=draft.pk, key="speed", removed=False)
    assert set(keys(draft)) == {"speed", "price", "row_1", "ecosystem"}
    with pytest.raises(Invalid):
        claims.add_claim(act=by_otto, draft_id=draft.pk, kind="message")
    with pytest.raises(Invalid):
        claims.add_claim(act=by_otto, draft_id=draft.pk, kind="row", key="speed")
    verbs = AuditEntry.objects.filter(kind="card", verb="claim moved")
    assert verbs.count() == 3


def test_who_submitted_does_not_publish(submitted, by_otto, by_eve, otto, eve, card):
    with pytest.raises(NotAllowed):
        reviews.publish(act=by_otto, draft_id=submitted.pk)
    version = reviews.publish(act=by_eve, draft_id=submitted.pk, expected_version=submitted.version)
    assert (version.number, version.submitted_by, version.published_by) == (2, otto, eve)
    content = content_of(version, card.sort)
    row = content.claims[1]
    assert isinstance(row, Row)
    assert row.ours == "12 times"
    submitted.refresh_from_db()
    assert (submitted.state, submitted.published) == (State.PUBLISHED, version)
    told = list(Notification.objects.order_by("pk").values_list("to__username", "text"))
    assert told == [
        ("eve", f"{otto} submitted a draft of VMware for review"),
        ("otto", f"{eve} published your draft of VMware as version 2"),
    ]


def test_a_playbook_may_ask_for_no_second_person(changed, by_otto, monkeypatch):
    with pytest.raises(Clash):
        reviews.publish(act=by_otto, draft_id=changed.pk)
    rules = CardRules(second_person=False)
    monkeypatch.setattr(reviews, "card_rules", lambda: rules)
    assert reviews.publish(act=by_otto, draft_id=changed.pk).number == 2


def test_a_draft_in_review_stands_still(submitted, by_otto, by_eve):
    with pytest.raises(Clash):
        claims.save_claim(act=by_otto, draft_id=submitted.pk, key="speed", content={})
    back = reviews.send_back(act=by_eve, draft_id=submitted.pk, answer="Name the benchmark.")
    assert (back.state, back.answer) == (State.WRITING, "Name the benchmark.")
    claims.save_claim(act=by_otto, draft_id=submitted.pk, key="speed", content=with_text(submitted, "speed", ours="13"))
    again = reviews.submit(act=by_otto, draft_id=submitted.pk)
    with pytest.raises(EditConflict):
        reviews.publish(act=by_eve, draft_id=submitted.pk, expected_version=again.version - 1)
    with pytest.raises(Invalid):
        reviews.send_back(act=by_eve, draft_id=submitted.pk, answer=" ")


def test_nothing_to_publish_is_not_submitted(draft, by_otto):
    with pytest.raises(Invalid, match="says the same"):
        reviews.submit(act=by_otto, draft_id=draft.pk)
    for key in keys(draft) + keys(draft, "overview") + keys(draft, "objection"):
        claims.set_removed(act=by_otto, draft_id=draft.pk, key=key, removed=True)
    with pytest.raises(Invalid, match="holds no claim"):
        reviews.submit(act=by_otto, draft_id=draft.pk)


def test_a_scheduled_draft_is_published_when_due_and_once(submitted, by_eve, by_otto, eve, card):
    with pytest.raises(NotAllowed):
        reviews.schedule(act=by_otto, draft_id=submitted.pk, publish_at=NOW + 3 * HOUR)
    with pytest.raises(Invalid):
        reviews.schedule(act=by_eve, draft_id=submitted.pk, publish_at=NOW)
    reviews.schedule(act=by_eve, draft_id=submitted.pk, publish_at=NOW + 3 * HOUR)
    assert reviews.publish_due(now=NOW + 2 * HOUR) == 0
    reviews.unschedule(act=by_eve, draft_id=submitted.pk)
    assert reviews.publish_due(now=NOW + 4 * HOUR) == 0
    reviews.schedule(act=by_eve, draft_id=submitted.pk, publish_at=NOW + 3 * HOUR)
    assert reviews.publish_due(now=NOW + 3 * HOUR) == 1
    assert reviews.publish_due(now=NOW + 3 * HOUR) == 0
    card.refresh_from_db()
    assert (card.current.number, card.current.published_by) == (2, eve)
    assert CardVersion.objects.count() == 2


def test_what_can_not_be_published_when_due_comes_back_with_the_reason(submitted, by_eve, card, otto):
    reviews.schedule(act=by_eve, draft_id=submitted.pk, publish_at=NOW + 3 * HOUR)
    put_in_force(act=by_eve, card=card, claims=content_of(card.current, card.sort).claims[:3])
    assert reviews.publish_due(now=NOW + 3 * HOUR) == 0
    submitted.refresh_from_db()
    assert submitted.state == State.WRITING
    assert submitted.answer.endswith("Version 2 was published since this draft began. Take it over first.")
    assert Notification.objects.filter(to=otto, text__startswith="Your draft of VMware came back").count() == 1


def test_what_was_published_meanwhile_is_taken_over_claim_by_claim(changed, by_otto, by_eve, card):
    now = content_of(card.current, card.sort).claims
    other = [now[0].model_copy(update={"text": "50 %."}), now[1].model_copy(update={"ours": "11 times"}), *now[3:]]
    put_in_force(act=by_eve, card=card, claims=other)
    with pytest.raises(Clash):
        reviews.submit(act=by_otto, draft_id=changed.pk)
    found = take_over(act=by_otto, draft_id=changed.pk)
    assert (found.taken, found.clashes) == (2, 1)
    assert take_over(act=by_otto, draft_id=changed.pk).taken == 0
    assert said(changed, "share")["text"] == "50 %."
    assert keys(changed) == ["speed", "price"]
    speed = DraftClaim.objects.get(draft=changed, key="speed")
    assert speed.clash is not None
    assert (speed.content["ours"], speed.clash["content"]["ours"]) == ("12 times", "11 times")
    with pytest.raises(Invalid, match="choose between yours and that of version 2"):
        reviews.submit(act=by_otto, draft_id=changed.pk)
    claims.settle_clash(act=by_otto, draft_id=changed.pk, key="speed", keep="theirs")
    assert said(changed, "speed")["ours"] == "11 times"
    with pytest.raises(Invalid, match="says the same as version 2"):
        reviews.submit(act=by_otto, draft_id=changed.pk)


def test_a_version_is_restored_as_a_draft(submitted, by_eve, by_otto, card):
    with pytest.raises(Clash):
        drafts.restore_version(act=by_otto, card_id=card.pk, number=1)
    reviews.publish(act=by_eve, draft_id=submitted.pk)
    draft = drafts.restore_version(act=by_otto, card_id=card.pk, number=1)
    assert said(draft, "speed")["ours"] == "10 times"
    reviews.submit(act=by_otto, draft_id=draft.pk)
    version = reviews.publish(act=by_eve, draft_id=draft.pk)
    assert version.restored_from is not None
    assert (version.number, version.restored_from.number, version.note) == (3, 1, "As in version 1.")
    first = CardVersion.objects.get(card=card, number=1)
    assert content_of(version, card.sort).claims == content_of(first, card.sort).claims


def test_a_discarded_draft_is_kept(changed, by_eve, card):
    drafts.discard(act=by_eve, draft_id=changed.pk)
    assert said(changed, "speed")["ours"] == "12 times"
    again = drafts.start_draft(act=by_eve, card_id=card.pk)
    assert again != changed
    assert said(again, "speed")["ours"] == "10 times"


def test_the_head_merges_what_one_did_not_touch(draft, by_otto, by_eve):
    drafts.save_head(
        act=by_otto, draft_id=draft.pk, title="VMware by Broadcom", note="", seen_title="VMware", seen_note=""
    )
    made = drafts.save_head(
        act=by_eve, draft_id=draft.pk, title="VMware", note="Why", seen_title="VMware", seen_note=""
    )
    assert (made.title, made.note) == ("VMware by Broadcom", "Why")
    with pytest.raises(EditConflict):
        drafts.save_head(act=by_eve, draft_id=draft.pk, title="ESX", note="Why", seen_title="VMware", seen_note="Why")


def test_a_card_begins_with_a_draft_and_is_read_when_published(card, by_otto, by_eve, rae):
    draft = create_card(act=by_otto, competitor="proxmox", slug="proxmox", title="Proxmox VE")
    assert not Card.objects.visible_to(rae).filter(slug="proxmox").exists()
    content = {"capability": "Price", "ours": "more", "theirs": "less", "winner": "them"}
    claims.add_claim(act=by_otto, draft_id=draft.pk, kind="row", content=content)
    reviews.submit(act=by_otto, draft_id=draft.pk)
    assert reviews.publish(act=by_eve, draft_id=draft.pk).number == 1
    for wrong in ({"slug": "vmware"}, {"slug": "Pro x"}, {"slug": "import"}, {"competitor": "vmware"}, {"title": ""}):
        values = {"competitor": "hyper_v", "slug": "hyper-v", "title": "Hyper-V"} | wrong
        with pytest.raises(Invalid):
            create_card(act=by_otto, **values)
    assert Card.objects.count() == 2


def test_a_retired_card_leaves_the_field_and_comes_back(draft, by_otto, card, rae):
    with pytest.raises(Clash):
        set_retired(act=by_otto, card_id=card.pk, retired=True)
    drafts.discard(act=by_otto, draft_id=draft.pk)
    set_retired(act=by_otto, card_id=card.pk, retired=True)
    assert not Card.objects.visible_to(rae).exists()
    with pytest.raises(Clash):
        drafts.start_draft(act=by_otto, card_id=card.pk)
    set_retired(act=by_otto, card_id=card.pk, retired=False)
    assert Card.objects.visible_to(rae).get() == card
