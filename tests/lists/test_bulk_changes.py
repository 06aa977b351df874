"""Many deals changed at once: what will happen is shown, a worker does it, every record says what became of it, and it is
undone where nobody touched it since."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from crm.models import AuditEntry, BulkChange, BulkOutcome, Job
from crm.services import bulk as bulks
from crm.services.jobs import enqueue
from deals.models import Deal, DealInterval, DealShare
from deals.services.deals import update_deal
from deals.services.sharing import share_deal
from tests.factories import make_deal

DAY = "2027-03-31"


@pytest.fixture
def four(rae, remy, deal, aster):
    """Rae's three open deals with Aster, two in the first stage, and one she lost."""
    second = make_deal(rae, "Edge pilot", account=aster, stage="prospect")
    third = make_deal(rae, "Branch roll-out", account=aster, stage="prospect")
    lost = make_deal(rae, "Pilot, lost", account=aster, stage="closed_lost", outcome="lost", closed_at=deal.created_at)
    return [deal, second, third, lost]


def pick(page, action, **body):
    answer = page.post("/lists/deals/pick/", {"action": action, **body})
    assert answer.status_code == 302, answer.content.decode()
    return answer.url


def changes(bulk):
    rows = BulkOutcome.objects.filter(bulk=bulk).order_by("object_id")
    return {row.name: (row.is_changed, row.before, row.after, row.reason) for row in rows}


def last():
    return BulkChange.objects.latest("pk")


def test_the_page_says_what_will_happen_before_anything_does(browse, mona, four):
    page = browse(mona)
    where = pick(page, "close_date", all="1", query="state=all")
    text = page.text(where)
    assert "Change close date of 4 deals?" in text
    assert "1 are closed and stay as they are" in text
    assert not Job.objects.exists()


def test_a_close_date_for_all_that_match(browse, mona, four, run_jobs):
    page = browse(mona)
    where = pick(page, "close_date", all="1", query="state=all")
    assert page.post(where, {"value": DAY}).status_code == 302
    run_jobs()
    bulk = last()
    assert (bulk.changed, bulk.skipped, bulk.finished_at is None) == (3, 1, False)
    assert changes(bulk)["Edge pilot"] == (True, "2026-12-31", DAY, "")
    assert changes(bulk)["Pilot, lost"] == (False, None, None, "A closed deal keeps the day it closed.")
    assert set(Deal.objects.open().values_list("close_date", "version")) == {(dt.date(2027, 3, 31), 2)}
    values = DealInterval.objects.filter(field="close_date", to_at=None, deal__in=four[:3]).values_list("value", "why")
    assert set(values) == {(DAY, "")}
    audit = AuditEntry.objects.filter(kind="deal", verb="changed").values_list("changes", flat=True)
    assert list(audit) == [{"close_date": ["2026-12-31", DAY]}] * 3
    assert "31 Mar 2027" in page.text(where)


def test_it_is_undone_but_for_what_somebody_touched_since(browse, mona, rae, four, run_jobs, by):
    page = browse(mona)
    where = pick(page, "close_date", ids=[deal.pk for deal in four])
    page.post(where, {"value": DAY})
    run_jobs()
    update_deal(act=by(rae), deal_id=four[1].pk, values={"next_step": "Call Ines"})
    assert page.post(f"{where}undo/").status_code == 302
    run_jobs()
    assert (last().restored, last().kept) == (2, 1)
    days = dict(Deal.objects.open().values_list("name", "close_date"))
    assert days["Edge pilot"] == dt.date(2027, 3, 31)
    assert days["Renewal displacement"] == dt.date(2026, 12, 31)
    assert "Somebody changed it since." in page.text(where, show="kept")
    page.post(f"{where}undo/")
    assert not Job.objects.filter(state="queued").exists(), "asking twice undoes once"


def test_deals_whose_exit_criteria_are_not_met_need_the_reason(rae_page, four, run_jobs):
    where = pick(rae_page, "stage", ids=[deal.pk for deal in four])
    rae_page.post(where, {"value": "qualified"})
    run_jobs()
    assert {name for name, row in changes(last()).items() if row[0]} == set()
    assert changes(last())["Renewal displacement"][3].startswith("Not met: ")
    assert Deal.objects.filter(stage="qualified").count() == 0
    where = pick(rae_page, "stage", ids=[deal.pk for deal in four])
    rae_page.post(where, {"value": "qualified", "why": "The workshop settled it."})
    run_jobs()
    assert Deal.objects.filter(stage="qualified").count() == 3
    moved = DealInterval.objects.get(deal=four[0], field="stage", to_at=None)
    assert (moved.why, moved.value, bool(moved.unmet)) == ("The workshop settled it.", "qualified", True)
    assert Deal.objects.filter(stage="qualified", stage_entered_at=four[0].stage_entered_at).count() == 0
    rae_page.post(f"{where}undo/")
    run_jobs()
    stages = Deal.objects.open().order_by("pk").values_list("stage", "stage_entered_at")
    assert list(stages) == [(deal.stage, deal.stage_entered_at) for deal in four[:3]]
    assert [deal.stage for deal in four[:3]] == ["discovery", "prospect", "prospect"]


def test_an_owner_for_a_team_and_not_beyond_it(browse, mona, remy, four, run_jobs):
    page = browse(mona)
    where = pick(page, "owner", ids=[deal.pk for deal in four])
    assert page.post(where, {"value": remy.pk}).status_code == 422
    page.post(where, {"value": mona.pk})
    run_jobs()
    assert set(Deal.objects.values_list("owner", flat=True)) == {mona.pk}
    assert set(DealInterval.objects.filter(field="owner", to_at=None).values_list("value", flat=True)) == {str(mona.pk)}


def test_an_undone_owner_gives_the_new_one_their_share_back(browse, rae, mona, otto, four, run_jobs, by):
    until = timezone.now().date() + dt.timedelta(days=30)
    share_deal(act=by(rae), deal_id=four[0].pk, whom=mona, can_write=True, until_date=until)
    fields = ("deal", "person", "team", "can_write", "until_date", "shared_by", "shared_at")
    before = DealShare.objects.values(*fields).get()
    page = browse(otto)
    where = pick(page, "owner", ids=[deal.pk for deal in four])
    page.post(where, {"value": mona.pk})
    run_jobs()
    assert not DealShare.objects.exists()
    assert set(Deal.objects.values_list("owner", flat=True)) == {mona.pk}
    page.post(f"{where}undo/")
    run_jobs()
    assert set(Deal.objects.values_list("owner", flat=True)) == {rae.pk}
    assert DealShare.objects.values(*fields).get() == before
    told = AuditEntry.objects.filter(kind="share").order_by("pk").values_list("verb", "changes")
    assert [verb for verb, _ in told] == ["shared", "unshared", "shared"]
    assert (
        told[2][1]
        == told[0][1]
        == {"name": [None, "Mona Test"], "can_write": [None, True], "until_date": [None, until.isoformat()]}
    )


def test_a_rep_hands_nothing_over(rae_page, mona, four, run_jobs):
    where = pick(rae_page, "owner", ids=[four[0].pk])
    assert rae_page.post(where, {"value": mona.pk}).status_code == 422
    assert last().asked_at is None


def test_what_one_does_not_see_is_left_alone(rae_page, remy, four, run_jobs):
    his = make_deal(remy, "Not hers")
    where = pick(rae_page, "close_date", ids=[four[0].pk, his.pk])
    assert "of 1 deal?" in rae_page.text(where)
    rae_page.post(where, {"value": DAY})
    run_jobs()
    assert changes(last())[""] == (False, None, None, "It is no longer there, or no longer yours to see.")
    assert Deal.objects.get(pk=his.pk).close_date == dt.date(2026, 12, 31)


@pytest.mark.parametrize("who,status", [("vik", 403), ("eve", 403), ("vera", 403), ("charlie", 404)])
def test_who_only_reads_changes_nothing(cast, browse, four, who, status):
    body = {"action": "close_date", "ids": [four[0].pk]}
    assert browse(cast[who]).post("/lists/deals/pick/", body).status_code == status
    assert not BulkChange.objects.exists()


def test_nobody_looks_into_somebody_elses(browse, otto, rae_page, four):
    where = pick(rae_page, "close_date", ids=[four[0].pk])
    assert browse(otto).get(where).status_code == 404
    assert browse(otto).post(where, {"value": DAY}).status_code == 404


def test_nothing_ticked_is_said(rae_page, four):
    answer = rae_page.client.post("/lists/deals/pick/", {"action": "owner", "query": "state=won"}, follow=True)
    assert answer.redirect_chain[0][0] == "/deals/?state=won"
    assert "Tick at least one of the deals" in answer.content.decode()


def test_a_killed_worker_is_followed_by_another_that_goes_on_behind_it(rae_page, four, monkeypatch):
    """Chunks of one; the first worker dies in its second chunk, whose work is taken back with it."""
    monkeypatch.setattr(bulks, "CHUNK", 1)
    where = pick(rae_page, "close_date", ids=[deal.pk for deal in four])
    rae_page.post(where, {"value": DAY})
    bulk, note = last(), bulks._note
    job = Job.objects.get(key=f"bulk:{bulk.pk}")

    def dies(row, found):
        note(row, found)
        if row.changed == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(bulks, "_note", dies)
    with pytest.raises(KeyboardInterrupt):
        bulks.perform(bulk.pk, job)
    assert last().changed == 1
    assert Deal.objects.filter(close_date=DAY).count() == 1
    monkeypatch.setattr(bulks, "_note", note)
    bulks.perform(bulk.pk, job)
    bulks.perform(bulk.pk, job)
    assert (last().changed, last().skipped) == (3, 1)
    assert list(Deal.objects.open().values_list("version", flat=True)) == [2, 2, 2]


def test_the_statements_do_not_grow_with_the_deals(rae, four, aster, django_assert_max_num_queries, by):
    many = [make_deal(rae, f"Deal {number}", account=aster, stage="prospect") for number in range(60)]
    bulk = bulks.draw_up(act=by(rae), kind="deals", action="stage", ids=[deal.pk for deal in many])
    bulks.ask(act=by(rae), bulk_id=bulk.pk, value="qualified", why="All of them.")
    job = enqueue("crm.tasks.bulk_change", key="again", by=rae)
    with django_assert_max_num_queries(45):
        bulks.perform(bulk.pk, job)
    assert last().changed == 60


# --- Export ------------------------------------------------------------------------------------------------------------


def test_an_export_has_the_columns_of_the_list_and_runs_nothing(rae_page, rae, four, run_jobs, aster):
    make_deal(rae, '=HYPERLINK("x")', account=aster, amount=None)
    where = pick(rae_page, "export", all="1", query="columns=stage,amount,owner")
    run_jobs()
    assert "Download" in rae_page.text(where)
    file = rae_page.get(f"{where}file/")
    lines = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[:2] == ["Deal,Stage,ARR,Owner", "Renewal displacement,Discovery,926606.25,Rae Test"]
    assert lines[-1] == '"\'=HYPERLINK(""x"")",Discovery,,Rae Test'
    assert len(lines) == 5


def test_an_export_shows_no_more_than_the_list(browse, eve, otto, four, run_jobs):
    page = browse(eve)
    where = pick(page, "export", all="1", query="")
    run_jobs()
    text = b"".join(page.get(f"{where}file/").streaming_content).decode("utf-8-sig")
    assert text.splitlines()[0] == "Deal,Account,Stage,Days in stage,Close,Owner,Type,Segment,Opened"
    assert browse(otto).get(f"{where}file/").status_code == 404


def test_after_a_week_the_file_is_gone(rae_page, four, run_jobs):
    from crm.services import exports

    where = pick(rae_page, "export", ids=[four[0].pk])
    run_jobs()
    path = exports.path_of(last().file)
    exports.sweep(timezone.now() + dt.timedelta(days=6))
    assert path.exists()
    exports.sweep(timezone.now() + dt.timedelta(days=8))
    assert not path.exists()
    assert rae_page.get(f"{where}file/").status_code == 404
    assert "Its week is over" in rae_page.text(where)
