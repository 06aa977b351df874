"""Writing a plan: what is there afterwards, again, after changes on either side, and after a killed worker."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from crm.importing import run as running
from crm.lib.errors import Clash
from crm.models import Account, AuditEntry, ImportedRow, ImportState, Job, Person, Product, Team
from crm.models.team_places import EVER
from crm.services import import_work, imports, jobs
from crm.services.audit import Act
from deals.models import Deal, DealInterval, DealLine, DealScore, DealSpan
from deals.queries.spans import FAR, whole_from
from deals.services.deals import update_deal
from tests.factories import NOW, make_account, make_person, make_team
from tests.imports.conftest import counts, edit, remarks


def noon(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{text}T12:00:00+00:00")


def past(deal: Deal, field: str) -> list[tuple[str, dt.datetime, dt.datetime | None]]:
    return list(
        DealInterval.objects.filter(deal=deal, field=field).order_by("from_at").values_list("value", "from_at", "to_at")
    )


def test_a_dry_run_writes_only_its_report(shop, bring):
    run = bring(shop, dry_run=True)
    assert run.state == ImportState.CHECKED
    assert counts(run) == {"created": 5}
    assert not Deal.objects.exists()
    assert not Account.objects.exists()
    assert remarks(run, "near-match") == [("deals.csv", 3, "product", "BigBox")]


def test_a_won_deal(shop, bring):
    bring(shop)
    deal = Deal.objects.get(source="shop", source_id="D1")
    assert (deal.name, deal.account.name, str(deal.owner)) == ("Big Box for Alpha", "Alpha", "Ann Able")
    assert (deal.stage, deal.outcome, deal.amount, deal.currency) == ("won", "won", Decimal("1000.00"), "EUR")
    assert (deal.close_date, deal.closed_at) == (dt.date(2024, 3, 25), noon("2024-03-25"))
    assert deal.created_at == noon("2024-03-01")
    assert past(deal, "stage") == [
        ("discovery", noon("2024-03-01"), noon("2024-03-25")),
        ("won", noon("2024-03-25"), None),
    ]
    assert past(deal, "amount") == [
        ("", noon("2024-03-01"), noon("2024-03-25")),
        ("1000.00 EUR", noon("2024-03-25"), None),
    ]
    assert not deal.outcome_reasons.exists()


def test_a_won_deals_past_is_whole_from_the_day_it_was_won(shop, bring):
    bring(shop)
    before, won = DealSpan.objects.filter(deal__source_id="D1").order_by("from_at")
    assert (before.from_at, before.stage, before.amount, before.is_whole) == (
        noon("2024-03-01"),
        "discovery",
        None,
        False,
    )
    assert (won.from_at, won.to_at, won.outcome, won.is_whole) == (noon("2024-03-25"), FAR, "won", True)
    assert (won.amount, won.currency, won.close_date) == (Decimal("1000.00"), "EUR", dt.date(2024, 3, 25))
    assert whole_from(DealSpan.objects.filter(owner=won.owner)) == noon("2024-04-01")  # another was lost


def test_whoever_comes_with_a_file_sat_in_their_team_from_ever_until_a_file_moves_them(shop, bring):
    bring(shop)
    ann = Person.objects.get(username="ann.able")
    first = ann.team
    assert first is not None
    assert list(ann.places.values_list("path", "from_at")) == [(first.path, EVER)]
    edit(shop / "team.csv", "Ann Able,Lea Low,North", "Ann Able,Lea Low,South")
    bring(shop)
    south = Team.objects.get(name="South")
    assert list(ann.places.order_by("from_at").values_list("team", "path")) == [
        (first.pk, first.path),
        (south.pk, south.path),
    ]


def test_an_open_deal_of_nobody_without_dates_or_amount(shop, bring):
    run = bring(shop)
    undated, nobodys = Deal.objects.get(source_id="D4"), Deal.objects.get(source_id="D3")
    assert (undated.amount, undated.close_date, undated.created_at) == (None, None, NOW)
    assert past(undated, "stage") == [("prospect", NOW, None)]
    assert nobodys.account.is_placeholder
    assert nobodys.name == "Small Box, customer not known yet"
    assert remarks(run, "opened-undated") == [
        ("deals.csv", 5, "talked, closed", ""),
        ("deals.csv", 6, "talked, closed", ""),
    ]


def test_what_hangs_on_deals(shop, bring):
    bring(shop)
    assert DealScore.objects.count() == 5
    assert set(DealLine.objects.values_list("product__name", flat=True)) == {"Big Box", "Small Box"}
    assert AuditEntry.objects.filter(kind="deal", verb="imported", route="import").count() == 5
    assert Job.objects.filter(task="scoring.tasks.rescore_all").count() == 1


def test_people_sit_in_their_teams_without_a_password(shop, bring):
    bring(shop)
    ann, lea = Person.objects.get(username="ann.able"), Person.objects.get(username="lea.low")
    assert lea.team is not None
    assert (ann.roles, lea.roles, ann.team, lea.team.path) == (["rep"], ["manager"], lea.team, f"/{lea.team.pk}/")
    assert not ann.has_usable_password()
    assert Deal.objects.visible_to(lea).count() == 5


def test_accounts_with_their_parent(shop, bring):
    bring(shop)
    beta = Account.objects.get(name="Beta")
    assert beta.parent is not None
    assert (beta.parent.name, beta.vertical, beta.annual_revenue) == ("Alpha", "retail", Decimal("80000.00"))
    assert Account.objects.get(name="Gamma").annual_revenue is None
    assert beta.name_key == "beta"


def test_figures_agree(shop, bring):
    figures = {row["key"]: (row["files"], row["here"]) for row in bring(shop).figures["rows"]}
    assert figures["won_value"] == ("1000.00", "1000.00")
    assert figures["deals"] == ("5", "5")
    assert all(files == here for files, here in figures.values())


def test_again_changes_nothing(shop, bring):
    bring(shop)
    before = list(Deal.objects.order_by("pk").values())
    again = bring(shop)
    assert [row for row in again.summary["counts"].values() if row["created"] or row["updated"]] == []
    assert list(Deal.objects.order_by("pk").values()) == before
    assert not ImportedRow.objects.filter(run=again).exists()
    assert remarks(again, "edited-here") == []


def test_a_changed_file_updates(shop, bring):
    bring(shop)
    edit(
        shop / "deals.csv",
        "D3,Bob Best,,Small Box,Talking,5/16/2024,,",
        "D3,Bob Best,Beta,Big Box,Won,5/16/2024,6/30/2024,70",
    )
    run = bring(shop)
    deal = Deal.objects.get(source_id="D3")
    assert counts(run) == {"updated": 1, "same": 4}
    assert (deal.outcome, deal.amount, deal.account.name, deal.version) == ("won", Decimal("70.00"), "Beta", 2)
    assert past(deal, "stage") == [
        ("discovery", noon("2024-05-16"), noon("2024-06-30")),
        ("won", noon("2024-06-30"), None),
    ]
    assert [line.product.name for line in deal.lines.all()] == ["Big Box"]


def test_what_people_changed_here_stays_and_is_told(shop, bring):
    bring(shop)
    deal = Deal.objects.get(source_id="D4")
    update_deal(act=Act(by=None), deal_id=deal.pk, values={"amount": Decimal(500)})
    still = bring(shop)
    edit(shop / "deals.csv", "D4,Bob Best,Gamma,Small Box,New,,,", "D4,Bob Best,Gamma,Small Box,Talking,5/20/2024,,9")
    now = bring(shop)
    deal.refresh_from_db()
    assert (deal.amount, deal.stage) == (Decimal("500.00"), "discovery")
    assert [row[1] for row in remarks(still, "edited-here")] == [5]
    assert [row[3] for row in remarks(now, "edited-here")] == ["9.00"]


def test_nobody_is_merged_with_a_namesake_account(shop, bring):
    make_account("Alpha")
    run = bring(shop)
    assert Account.objects.filter(name="Alpha").count() == 2
    assert remarks(run, "same-name") == [("customers.csv", 2, "", "Alpha")]


def test_people_who_are_here_are_matched_and_left_as_they_are(shop, bring):
    here = make_person("annie", "viewer", first_name="Ann", last_name="Able")
    run = bring(shop)
    here.refresh_from_db()
    assert (here.roles, here.team) == (["viewer"], None)
    assert here.deals.count() == 2
    assert remarks(run, "existing-matched") == [("team.csv", 2, "", "Ann Able")]


def test_a_team_name_that_is_taken_says_where_the_new_one_comes_from(shop, bring):
    make_team("North")
    bring(shop)
    assert Team.objects.filter(name="North (shop)").exists()
    assert counts(bring(shop), "team") == {"same": 2}


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_is_followed_by_one_that_goes_on(shop, bring, monkeypatch):
    monkeypatch.setattr(running, "BATCH", 2)
    started, job = imports.here(act=Act(by=None, at=NOW), folder=shop)
    told: list[int] = []

    class Killed(BaseException):
        pass

    def die(job, *, done, total=None, message=None):
        told.append(done)
        if Deal.objects.count() == 4:
            raise Killed

    monkeypatch.setattr(jobs, "progress", die)
    with pytest.raises(Killed):
        import_work.perform(started.pk, job)
    monkeypatch.undo()
    run = import_work.perform(started.pk, job)
    assert run.state == ImportState.DONE
    assert counts(run) == {"created": 5}
    assert ImportedRow.objects.filter(run=run, model="deal").count() == 5
    assert Deal.objects.count() == DealScore.objects.count() == 5
    assert len(remarks(run, "near-match")) == 1


def test_one_import_at_a_time(shop, playbook):
    imports.here(act=Act(by=None, at=NOW), folder=shop)
    with pytest.raises(Clash, match="being worked on"):
        imports.here(act=Act(by=None, at=NOW), folder=shop)


def test_refusals_are_results(shop, bring):
    edit(shop / "deals.csv", "value\n", "worth\n")
    run = bring(shop)
    assert run.state == ImportState.REFUSED
    assert remarks(run, "column-missing") == [("deals.csv", 1, "value", "")]
    assert not Product.objects.filter(in_playbook=False).exists()
    assert not Account.objects.exists()


def test_the_command_goes_on_with_an_import_that_stopped(shop, bring):
    stopped, job = imports.here(act=Act(by=None, at=NOW), folder=shop)
    Job.objects.filter(pk=job.pk).update(state="running", beat_at=NOW - dt.timedelta(days=400))
    run = bring(shop)
    assert run.pk == stopped.pk
    assert counts(run) == {"created": 5}
