"""Views: a list under a name, as a tab, for oneself or shared; and its columns."""

from __future__ import annotations

import pytest

from crm.models import SavedView
from tests.factories import make_deal

BIG = {
    "name": "Big ones",
    "shared": "nobody",
    "query": "amount_from=500000&sort=-amount&columns=amount,segment&after=x",
}


def save(page, **values):
    answer = page.post("/lists/deals/views/", {**BIG, **values})
    assert answer.status_code == 302, answer.content.decode()
    return answer.url


def test_a_list_is_saved_and_opens_as_a_tab(rae_page, rae, deal, aster):
    make_deal(rae, "Small one", account=aster, amount=100)
    url = save(rae_page)
    view = SavedView.objects.get()
    assert view.query == "amount_from=500000&sort=-amount&columns=amount%2Csegment"
    assert url == f"/deals/?{view.query}&view={view.pk}"
    text = rae_page.text(url)
    assert 'aria-current="page">Big ones</a>' in text
    assert "Renewal displacement" in text
    assert "Small one" not in text
    heads = [column.key for column in rae_page.client.get(url).context["table"]]
    assert heads == ["name", "amount", "segment"]


def test_what_was_changed_since_is_said_and_kept_on_demand(rae_page, deal):
    url = save(rae_page)
    text = rae_page.text(f"{url}&stage=discovery")
    assert "· changed" in text
    view = SavedView.objects.get()
    rae_page.post(f"/views/{view.pk}/update/", {"query": "stage=discovery&view=1"})
    view.refresh_from_db()
    assert (view.query, view.version) == ("stage=discovery", 2)


def test_a_filter_that_is_gone_is_said_and_the_rest_works(rae_page, rae, deal, playbook):
    view = SavedView.objects.create(kind="deals", name="Old", owner=rae, query="mood=good&stage=courtship&state=open")
    text = rae_page.text("/deals/", mood="good", stage="courtship", state="open", view=view.pk)
    assert "There is no filter “mood”, so it was left out." in text
    assert "The playbook no longer has this value of “Stage”, so it was left out." in text
    assert "Renewal displacement" in text


@pytest.mark.parametrize("shared,seen", [("nobody", []), ("team", ["rae"]), ("everybody", ["rae", "remy", "vera"])])
def test_whom_a_view_is_shared_with(cast, browse, deal, shared, seen):
    save(browse(cast["mona"]), shared=shared, query="")
    for name in ("rae", "remy", "vera", "charlie"):
        answer = browse(cast[name]).get("/deals/")
        assert ("Big ones" in answer.content.decode()) is (name in seen), name


def test_a_shared_view_is_its_owners_to_change(browse, mona, rae_page):
    save(browse(mona), shared="everybody")
    view = SavedView.objects.get()
    for part in ("", "update/", "move/", "delete/"):
        assert rae_page.post(f"/views/{view.pk}/{part}", {"name": "Mine", "shared": "nobody"}).status_code == 403
    view.shared = "nobody"
    view.save()
    assert rae_page.post(f"/views/{view.pk}/delete/").status_code == 404
    assert SavedView.objects.get().name == "Big ones"


def test_a_pinned_view_opens_the_list(rae_page, deal):
    url = save(rae_page, is_default="on")
    assert rae_page.get("/deals/").url == url
    assert rae_page.get("/deals/", state="open").status_code == 200
    save(rae_page, name="Another", is_default="on")
    assert [view.is_default for view in SavedView.objects.order_by("pk")] == [False, True]


def test_views_are_renamed_put_in_order_and_deleted(rae_page):
    for name in ("One", "Two", "Three"):
        save(rae_page, name=name)
    one, two, three = SavedView.objects.all()
    rae_page.post(f"/views/{three.pk}/move/", {"to": "up"})
    rae_page.post(f"/views/{one.pk}/", {"name": "First", "shared": "everybody"})
    assert [str(view) for view in SavedView.objects.all()] == ["First", "Three", "Two"]
    rae_page.post(f"/views/{two.pk}/delete/")
    assert [str(view) for view in SavedView.objects.all()] == ["First", "Three"]


def test_two_views_of_one_name_are_refused(rae_page):
    save(rae_page)
    answer = rae_page.post("/lists/deals/views/", BIG)
    assert answer.status_code == 422
    assert "You have a view of this name." in answer.content.decode()


def test_columns_are_a_closed_list_of_what_one_sees(browse, eve, deal):
    page = browse(eve)
    columns = page.get("/deals/", columns="amount,forecast,owner,password").context["table"]
    assert [column.key for column in columns] == ["name", "owner"]
    text = page.text("/lists/deals/columns/", columns="owner")
    assert 'value="owner" checked' in text
    assert 'value="amount"' not in text


def test_each_number_of_the_totals_leads_to_the_deals_it_counts(rae_page, rae, deal, aster):
    make_deal(rae, "Nobody knows", account=aster, amount=None)
    make_deal(rae, "In euro", account=aster, currency="EUR")
    make_deal(rae, "No segment", account=None, stage="prospect")
    for by in ("stage", "segment", "class", "owner"):
        context = rae_page.get("/deals/totals/", by=by).context
        for line in (*context["rows"], *context["sums"]):
            row = line["row"]
            for url, count in (
                (line["url"], row.count),
                (line["known_url"], row.count - row.unknown),
                (line["unknown_url"], row.unknown),
            ):
                assert len(rae_page.client.get(url).context["page"].rows) == count, (by, url)


def test_the_sums_above_the_list_and_of_the_board_lead_to_what_they_count(rae_page, rae, deal, aster):
    make_deal(rae, "Nobody knows", account=aster, amount=None)
    make_deal(rae, "In euro", account=aster, currency="EUR", stage="prospect")
    line = rae_page.client.get("/deals/totals/", headers={"HX-Request": "true", "HX-Target": "totals-line"})
    for total in line.context["sums"]:
        row = total["row"]
        assert total["known_url"].replace("&", "&amp;") in line.content.decode()
        assert len(rae_page.client.get(total["known_url"]).context["page"].rows) == row.count - row.unknown
    board = rae_page.get("/deals/board/sums/", htmx=True)
    told = [line for stage in board.context["stages"] for line in stage["rows"]]
    assert len(told) == 2
    for line in told:
        assert line["known_url"].replace("&", "&amp;") in board.content.decode()
        assert len(rae_page.client.get(line["known_url"]).context["page"].rows) == 1
    whole = rae_page.get("/deals/totals/").context
    assert whole["in_one"].missing, "there is no rate yet for the euro, so that sum has no rows of its own"
