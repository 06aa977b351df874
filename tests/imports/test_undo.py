"""A run is taken back whole, and nothing that people did since is lost."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crm.lib.errors import Clash
from crm.models import Account, AuditEntry, ImportRun, ImportState, Person, Product, Team, TeamPlace
from crm.models.team_places import FAR
from crm.services import import_work, imports
from crm.services.audit import Act
from deals.models import Deal, DealInterval, DealLine, DealSpan
from deals.services.bant import set_facts
from deals.services.deals import update_deal
from tests.factories import make_contact, make_deal, make_team
from tests.imports.conftest import counts, edit


def everything() -> list[int]:
    models = (Team, Person, TeamPlace, Product, Account, Deal, DealInterval, DealSpan, DealLine)
    return [model.objects.count() for model in models]


def test_all_of_it_goes(shop, bring, undo):
    before = everything()
    run = undo(bring(shop))
    assert run.state == ImportState.UNDONE
    assert everything() == before
    assert run.summary["undo"]["removed"]["deal"] == 5
    assert AuditEntry.objects.filter(kind="deal", verb="removed").count() == 5


def test_and_can_come_again(shop, bring, undo):
    undo(bring(shop))
    bring(shop)
    assert Deal.objects.count() == 5


def test_a_team_whose_name_was_taken_goes_and_comes_again(shop, bring, undo):
    """Team names are unique: the one that comes says where it comes from, which is no change somebody made here."""
    make_team("South")
    run = bring(shop)
    assert Team.objects.filter(name="South (shop)").exists()
    assert counts(bring(shop), "team") == {"same": 2}
    undo(ImportRun.objects.latest("pk"))
    assert used(run) == {}
    undo(run)
    assert [team.name for team in Team.objects.all()] == ["South"]
    bring(shop)
    assert Team.objects.filter(name="South (shop)").exists()


def test_a_second_name_that_is_taken_too_is_numbered(shop, bring):
    make_team("South")
    make_team("South (shop)")
    bring(shop)
    assert Team.objects.filter(name="South (shop 2)").exists()


def test_updates_are_restored(shop, bring, undo):
    bring(shop)
    deals = list(
        Deal.objects.order_by("pk").values("stage", "outcome", "amount", "account_id", "closed_at", "stage_entered_at")
    )
    past = list(DealInterval.objects.order_by("pk").values())
    spans = list(DealSpan.objects.order_by("deal", "from_at").values_list("deal", "from_at", "to_at", "stage", "owner"))
    lines = list(DealLine.objects.order_by("deal").values("deal", "product", "amount"))
    edit(
        shop / "deals.csv",
        "D3,Bob Best,,Small Box,Talking,5/16/2024,,",
        "D3,Bob Best,Beta,Big Box,Won,5/16/2024,6/30/2024,70",
    )
    run = undo(bring(shop))
    assert run.summary["undo"]["restored"] == {"deal": 1}
    assert list(Deal.objects.order_by("pk").values(*deals[0])) == deals
    assert list(DealInterval.objects.order_by("pk").values()) == past
    now = DealSpan.objects.order_by("deal", "from_at").values_list("deal", "from_at", "to_at", "stage", "owner")
    assert list(now) == spans
    assert list(DealLine.objects.order_by("deal").values("deal", "product", "amount")) == lines


def test_people_go_back_to_the_team_they_were_in(shop, bring, undo):
    bring(shop)
    ann = Person.objects.select_related("team").get(username="ann.able")
    north = ann.team
    edit(shop / "team.csv", "Ann Able,Lea Low,North", "Ann Able,Lea Low,South")
    run = bring(shop)
    ann.refresh_from_db()
    assert ann.team == Team.objects.get(name="South")
    undo(run)
    ann.refresh_from_db()
    assert ann.team == ann.places.get(to_at=FAR).team == north


def used(run):
    return {(record.kind, record.name): record.why for record in import_work.find_usage(run).records}


def test_nothing_is_in_use_at_first(shop, bring):
    assert used(bring(shop)) == {}


def test_a_deal_that_was_worked_on_stays_with_what_it_needs(shop, bring, undo):
    run = bring(shop)
    deal = Deal.objects.get(source_id="D4")
    set_facts(act=Act(by=None), deal_id=deal.pk, facts={"budget_amount": "1000000.00"})
    in_use = used(run)
    assert in_use["deal", "Small Box for Gamma"] == "changed since"
    assert {name for _, name in in_use} == {"Small Box for Gamma", "Gamma", "Bob Best", "North", "Small Box"}
    with pytest.raises(Clash, match="5 records are in use"):
        undo(run)
    assert Deal.objects.count() == 5
    undo(run, keep_used=True)
    assert [each.source_id for each in Deal.objects.all()] == ["D4"]
    assert [account.name for account in Account.objects.all()] == ["Gamma"]
    assert deal.lines.get().product.name == "Small Box"


def test_other_peoples_records_keep_what_they_refer_to(shop, bring):
    run = bring(shop)
    make_contact(Account.objects.get(name="Gamma"))
    make_deal(Person.objects.get(username="cy.crow"))
    assert used(run) == {
        ("account", "Gamma"): "needed by 1 contact",
        ("person", "Cy Crow"): "needed by 1 deal",
        ("team", "South"): "needed by 1 person",
    }


def test_somebody_who_got_a_password_stays(shop, bring):
    run = bring(shop)
    cy = Person.objects.get(username="cy.crow")
    cy.set_password("a long enough one")
    cy.save()
    assert used(run)["person", "Cy Crow"] == "was given a password"


def test_a_later_run_is_undone_first(shop, bring, undo):
    first = bring(shop)
    edit(shop / "goods.csv", "Small Box,40", "Small Box,45")
    second = bring(shop)
    with pytest.raises(Clash, match=f"Import {second.pk} changed the same records"):
        undo(first)
    undo(second)
    assert Product.objects.get(name="Small Box").list_price == Decimal("40.00")
    undo(first)
    assert not Deal.objects.exists()


def test_an_edit_after_an_update_keeps_the_edit(shop, bring, undo):
    bring(shop)
    edit(shop / "deals.csv", "D4,Bob Best,Gamma,Small Box,New,,,", "D4,Bob Best,Gamma,Small Box,Talking,5/20/2024,,9")
    run = bring(shop)
    deal = Deal.objects.get(source_id="D4")
    update_deal(act=Act(by=None), deal_id=deal.pk, values={"next_step": "Call"})
    undo(run, keep_used=True)
    deal.refresh_from_db()
    assert (deal.amount, deal.next_step) == (Decimal("9.00"), "Call")


def test_an_undo_that_was_killed_goes_on(shop, bring, undo):
    run = bring(shop)
    Deal.objects.filter(source_id__in=["D1", "D5"]).delete()
    assert undo(run).summary["undo"]["removed"]["deal"] == 5
    assert not Account.objects.exists()


def test_a_check_has_nothing_to_undo(shop, bring, otto):
    run = bring(shop, dry_run=True)
    with pytest.raises(Clash, match="nothing to undo"):
        imports.start_undo(act=Act(by=otto), run_id=run.pk)
