"""The people and competitors on a deal, and its timeline."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from crm.lib.errors import Invalid
from crm.registry import TimelineEntry, TimelineProvider, timeline_providers
from crm.services.deletion import delete_contact
from deals.models import DealCompetitor, DealContact
from deals.queries.timeline import timeline
from deals.services.bant import save_assessment
from deals.services.committee import set_competitor, set_contact
from deals.services.deals import update_deal
from deals.services.meddpicc import update_element
from deals.services.questions import answer_question
from deals.services.stages import change_stage
from tests.factories import make_account, make_contact


def url(deal, part):
    return f"/deals/{deal.pk}/{part}/"


def test_somebody_of_the_account_joins(rae_page, deal, ines):
    posted = {"contact": ines.pk, "role": "economic_buyer", "sentiment": "supporter"}
    assert rae_page.post(url(deal, "contacts"), posted, htmx=True).status_code == 204
    row = DealContact.objects.get(deal=deal)
    assert (row.contact, row.role, row.sentiment) == (ines, "economic_buyer", "supporter")


def test_the_panel_says_who_they_are(rae_page, rae, deal, ines, by):
    set_contact(act=by(rae), deal_id=deal.pk, contact_id=ines.pk, role="champion", sentiment="sceptic")
    panel = rae_page.text(url(deal, "contacts"))
    for said in ("Ines Wolf", "Champion", "CIO", "Sceptic"):
        assert said in panel


def test_their_part_changes(rae_page, rae, deal, ines, by):
    set_contact(act=by(rae), deal_id=deal.pk, contact_id=ines.pk)
    rae_page.post(url(deal, f"contacts/{ines.pk}"), {"role": "blocker", "sentiment": "opponent"})
    assert DealContact.objects.get(deal=deal).role == "blocker"


def test_they_leave_the_deal_and_stay_at_the_account(rae_page, rae, deal, ines, by):
    set_contact(act=by(rae), deal_id=deal.pk, contact_id=ines.pk)
    rae_page.post(url(deal, f"contacts/{ines.pk}"), {"remove": "1"})
    assert not DealContact.objects.exists()
    ines.refresh_from_db()


def test_without_a_choice_nobody_joins(rae_page, deal, ines):
    answer = rae_page.post(url(deal, "contacts"), {"role": "champion", "sentiment": "unknown"})
    assert answer.status_code == 422
    assert not DealContact.objects.exists()


@pytest.fixture
def moved(rae_page, rae, deal, ines, by):
    """A deal with Ines on its committee, as its champion and as who answered, that went to another account."""
    set_contact(act=by(rae), deal_id=deal.pk, contact_id=ines.pk, role="champion")
    update_element(act=by(rae), deal_id=deal.pk, element="champion", contact_id=ines.pk)
    page = rae_page.get(url(deal, "edit"))
    values = {name: page.context["form"][name].value() for name in page.context["form"].fields}
    values |= {"account": make_account("Borea Steel").name, "version": deal.version}
    answer = rae_page.post(url(deal, "edit"), {key: value for key, value in values.items() if value is not None})
    assert answer.status_code == 302, answer.content
    deal.refresh_from_db()
    return deal


def test_a_deal_that_moves_keeps_its_people_and_marks_who_works_elsewhere(rae_page, moved, ines):
    said = "Ines Wolf works elsewhere and stays on the deal. Take off whoever left it."
    assert said in rae_page.text(f"/deals/{moved.pk}/")
    assert f"at {ines.account}" in rae_page.text(url(moved, "contacts"))
    assert f"Ines Wolf (at {ines.account})" in rae_page.text(url(moved, "meddpicc"))
    assert f"Ines Wolf (CIO, at {ines.account})" in rae_page.text(url(moved, "meddpicc/champion"))
    shown = rae_page.client.get(f"/api/deals/{moved.pk}/contacts/{ines.pk}/").json()
    assert shown["account"] == ines.account_id != moved.account_id


def test_what_is_noted_of_them_goes_on_being_written(rae, moved, ines, by):
    set_contact(act=by(rae), deal_id=moved.pk, contact_id=ines.pk, sentiment="supporter")
    element = update_element(
        act=by(rae), deal_id=moved.pk, element="champion", contact_id=ines.pk, evidence_contact_id=ines.pk
    )
    assert (element.contact, element.evidence_contact) == (ines, ines)
    assert DealContact.objects.get().sentiment == "supporter"
    stranger = make_contact(ines.account, "Berg")
    with pytest.raises(Invalid, match="works at this account"):
        set_contact(act=by(rae), deal_id=moved.pk, contact_id=stranger.pk)
    with pytest.raises(Invalid, match="works at this account"):
        update_element(act=by(rae), deal_id=moved.pk, element="champion", contact_id=stranger.pk)


def test_a_champion_who_is_deleted_stays_named_when_the_element_is_saved(rae, deal, ines, by):
    update_element(act=by(rae), deal_id=deal.pk, element="champion", contact_id=ines.pk)
    delete_contact(act=by(rae), contact_id=ines.pk)
    element = update_element(act=by(rae), deal_id=deal.pk, element="champion", contact_id=ines.pk, strength="claimed")
    assert element.contact_id == ines.pk


def test_a_competitor_comes_with_the_playbook_s_strategy(rae_page, deal):
    form = rae_page.get(url(deal, "competitors"), add=1, competitor="vmware").context["form"]
    assert form["win_strategy"].value().startswith("Argue economics")


def test_a_competitor_is_added_changed_and_taken_off(rae_page, deal):
    posted = {"competitor": "vmware", "position": "incumbent", "win_strategy": ""}
    rae_page.post(url(deal, "competitors"), posted)
    assert "From the playbook:" in rae_page.text(url(deal, "competitors"))
    rae_page.post(url(deal, "competitors/vmware"), {"position": "behind", "win_strategy": "Ours"})
    row = DealCompetitor.objects.get()
    assert (row.position, row.win_strategy) == ("behind", "Ours")
    rae_page.post(url(deal, "competitors/vmware"), {"remove": "1"})
    assert not DealCompetitor.objects.exists()


def test_a_vp_adds_nobody(vik, browse, deal, ines):
    assert browse(vik).get(url(deal, "contacts"), add=1).status_code == 403
    assert browse(vik).post(url(deal, "contacts"), {"contact": ines.pk, "role": "user"}).status_code == 403
    assert not DealContact.objects.exists()


# --- Timeline ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def busy(rae, deal, ines, by):
    """A deal on which one of everything happened, a day after the other."""
    change_stage(act=by(rae, days=6), deal_id=deal.pk, stage="qualified", why="They insist.")
    update_deal(act=by(rae, days=5), deal_id=deal.pk, values={"close_date": dt.date(2027, 1, 31)})
    save_assessment(act=by(rae, days=4), deal_id=deal.pk, facts={"budget_amount": "2000000"}, claims={})
    update_element(act=by(rae, days=3), deal_id=deal.pk, element="champion", strength="claimed", contact_id=ines.pk)
    set_contact(act=by(rae, days=2), deal_id=deal.pk, contact_id=ines.pk, role="champion")
    set_competitor(act=by(rae, days=1), deal_id=deal.pk, competitor_key="vmware", position="incumbent")
    return deal


def test_everything_that_happened_newest_first(busy):
    assert [entry.text for entry in timeline(busy).entries][:6] == [
        "VMware vSphere and Cloud Foundation added as incumbent",
        "Ines Wolf added as champion",
        "Champion: strength unknown → claimed; contact Ines Wolf",
        "Budget 2,000,000",
        "Close date: 31 Dec 2026 → 31 Jan 2027",
        "Discovery → Qualified",
    ]


def test_a_move_keeps_its_reason_and_what_was_not_met(busy):
    entry = timeline(busy, "stage").entries[0]
    assert (entry.quote, entry.by) == ("They insist.", "Rae Test")
    assert entry.more.startswith("Not met then: The pain is clear; The impact of the pain is quantified")


@pytest.mark.parametrize(
    "kind,number", [("stage", 2), ("changes", 1), ("qualification", 1), ("meddpicc", 1), ("people", 2)]
)
def test_filters_are_typed(busy, kind, number):
    entries = timeline(busy, kind).entries
    assert {entry.kind for entry in entries} == {kind}
    assert len(entries) == number


def test_an_own_score_and_an_answer_are_told(rae, deal, by, playbook):
    from deals.services.bant import set_claim

    question = playbook.questions[0]
    set_claim(act=by(rae, days=2), deal_id=deal.pk, criterion="need", score=4, reason="I was there.")
    answer_question(act=by(rae, days=1), deal_id=deal.pk, question=question.key, answer="Yes, in March.")
    told = [(entry.text, entry.quote) for entry in timeline(deal, "qualification").entries]
    assert told == [
        (f"Answered: {question.text}", "Yes, in March."),
        ("Need scored 4, the facts suggest nothing", "I was there."),
    ]


def test_older_entries_follow_without_a_gap(rae, deal, by):
    for number in range(50):
        values = {"next_step": f"Step {number}"}
        update_deal(act=by(rae, days=50 - number), deal_id=deal.pk, values=values)
    pages, before = [], None
    while True:
        page = timeline(deal, "changes", before)
        pages.append(page)
        before = page.older
        if before is None:
            break
    texts = [entry.text for page in pages for entry in page.entries]
    assert [len(page.entries) for page in pages] == [20, 20, 10]
    assert len(set(texts)) == 50


def test_another_app_adds_its_own(rae_page, deal):
    now = timezone.now()
    moved = TimelineEntry(at=now, kind="moves", text="Score +0.20 to 3.95")
    timeline_providers.add(TimelineProvider(key="moves", label="Moves", entries=lambda *_: [moved]))
    try:
        page = rae_page.text(url(deal, "timeline"), kind="moves")
    finally:
        timeline_providers._items.pop("moves")
    assert "Score +0.20 to 3.95" in page


def test_a_cursor_nobody_can_read_gives_the_newest(rae_page, deal):
    assert "Opened in Discovery" in rae_page.text(url(deal, "timeline"), before="yesterday")
