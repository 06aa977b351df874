"""The reader: what everybody is told of a card, what only editors are, and what reading it leaves behind."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from battlecards.models import Card, Claim, Use
from battlecards.services.publishing import put_in_force
from battlecards.services.seeding import seed_cards
from crm.lib import keyset
from crm.models import Competitor
from crm.services.audit import Act
from playbook.cards import read_card
from tests.architecture.world_cards import LIBRARY, MESSAGING, VMWARE

pytestmark = pytest.mark.django_db


@pytest.fixture
def card(playbook):
    return {one.slug: one for one in seed_cards(act=Act(by=None), cards=[read_card(VMWARE), read_card(LIBRARY)])}[
        "vmware"
    ]


def text(answer):
    return " ".join(answer.content.decode().split())


def test_the_field_reads_the_card_and_none_of_its_notes(card, sign_in, rae):
    page = text(sign_in(rae).get("/battlecards/vmware/"))
    assert "1 ours, 0 ties, 1 theirs" in page
    assert "1 claim expired" in page
    assert "version 1" in page
    assert "never verified" in page
    assert "Tape" not in page  # retired
    for told in ("The document prints", "For editors", "without a dated source", "no dated source"):
        assert told not in page
    assert "Ask." not in page


def test_editors_are_told_both_tallies_and_what_lacks_a_source(card, sign_in, eve):
    page = text(sign_in(eve).get("/battlecards/vmware/"))
    assert "The document prints 2-1-0 (ours, theirs, ties); its rows come to 1-1-0." in page
    assert "1 retired claim, not shown and not counted." in page
    assert "no dated source" in page
    assert "Ask." in page


def test_without_scripts_the_server_filters(card, sign_in, rae):
    answer = sign_in(rae).get("/battlecards/vmware/?q=ECOsystem")
    lines = [line for lines in answer.context["read"].sections.values() for line in lines]
    assert [line.claim.key for line in lines if line.shown] == ["ecosystem"]
    assert "1 of 7 claims" in text(answer)
    assert "Nothing on this card says that" in text(sign_in(rae).get("/battlecards/vmware/?q=zebra"))


def test_reading_and_copying_count_once_a_day(card, sign_in, rae):
    client = sign_in(rae)
    for _ in range(2):
        client.get("/battlecards/vmware/")
        client.head("/battlecards/vmware/")
        assert client.post("/battlecards/vmware/copied/", {"claim": "tools"}).status_code == 204
    client.get("/battlecards/vmware/", headers={"Sec-Purpose": "prefetch"})
    used: list[tuple[object, ...]] = sorted(Use.objects.values_list("how", "claim__key", "deal"))
    assert used == [
        ("copied", "tools", None),
        ("viewed", None, None),
    ]
    assert client.post("/battlecards/vmware/copied/", {"claim": "gone"}).status_code == 404


def test_a_retired_card_is_the_editors_alone(card, sign_in, rae, eve):
    Card.objects.filter(pk=card.pk).update(retired_at=timezone.now())
    assert sign_in(rae).get("/battlecards/vmware/").status_code == 404
    assert "retired" in text(sign_in(eve).get("/battlecards/vmware/"))
    assert "/battlecards/vmware/" not in text(sign_in(rae).get("/battlecards/"))


def test_an_empty_card_and_a_competitor_without_one_say_who_writes(card, sign_in, rae, otto):
    put_in_force(act=Act(by=otto), card=card, claims=[])
    assert "Nothing is said here yet" in text(sign_in(rae).get("/battlecards/vmware/"))
    page = text(sign_in(rae).get("/battlecards/"))
    assert "Competitors without a card" in page
    assert "Enablement can write one" in page


def test_a_long_card_is_read_in_as_many_statements(card, sign_in, rae, otto, django_assert_max_num_queries):
    row = read_card(VMWARE).rows[0]
    rows = [row.model_copy(update={"key": f"row_{n}", "capability": f"Capability {n}"}) for n in range(300)]
    put_in_force(act=Act(by=otto), card=card, claims=rows)
    client = sign_in(rae)
    client.get("/battlecards/vmware/")
    with django_assert_max_num_queries(12):
        assert client.get("/battlecards/vmware/").context["read"].tally.us == 300


def test_due_for_review_is_said(card, sign_in, rae):
    Card.objects.filter(pk=card.pk).update(review_date=timezone.localdate() - dt.timedelta(days=1))
    assert "review due" in text(sign_in(rae).get("/battlecards/vmware/"))


def test_the_library_and_the_messaging_are_read_the_same_way(card, sign_in, rae):
    seed_cards(act=Act(by=None), cards=[read_card(MESSAGING)])
    page = text(sign_in(rae).get("/battlecards/objections/"))
    for said in ("Investment", "1 step to any answer", "In one breath", "A bank did.", "Not raised on a deal of yours"):
        assert said in page
    assert "By audience" in text(sign_in(rae).get("/battlecards/messaging/"))


def test_lines_are_drawn_once_and_never_for_the_wrong_reader(card, sign_in, rae, eve, otto):
    page = "/battlecards/vmware/"
    first = text(sign_in(rae).get(page))
    assert "Ask." in text(sign_in(eve).get(page))
    again = text(sign_in(rae).get(page))
    assert (again.split("<main")[1], "Ask." in again) == (first.split("<main")[1], False)
    Claim.objects.filter(card=card, key="ecosystem").update(review_because="News.", review_since_at=timezone.now())
    assert "under review" in text(sign_in(rae).get(page))
    row = read_card(VMWARE).rows[0].model_copy(update={"ours": "Said anew"})
    put_in_force(act=Act(by=otto), card=card, claims=[row])
    assert "Said anew" in text(sign_in(rae).get(page))


def test_the_list_is_paged_and_counts_as_the_reader_does(card, sign_in, rae, otto, monkeypatch):
    monkeypatch.setattr("crm.lib.keyset.page.__kwdefaults__", {**(keyset.page.__kwdefaults__ or {}), "size": 1})
    other = Competitor.objects.exclude(card=card)[0]
    nimbus = Card.objects.create(
        slug="a-nimbus",
        title="A Nimbus",
        competitor=other,
        created_at=timezone.now(),
    )
    put_in_force(act=Act(by=otto), card=nimbus, claims=read_card(VMWARE).rows[:1])
    first = sign_in(rae).get("/battlecards/").context
    then = sign_in(rae).get(f"/battlecards/{first['page'].next_url}").context
    read = sign_in(rae).get("/battlecards/vmware/").context["read"]
    found = [(row.card.slug, row.claims, row.expired, row.tally) for row in (*first["rivals"], *then["rivals"])]
    assert found[1] == ("vmware", read.standing.claims, read.standing.expired, read.tally)
    assert (found[0][:2], len(found), then["page"].next_url) == (("a-nimbus", 1), 2, "")
