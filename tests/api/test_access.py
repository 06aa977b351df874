"""Who sees what and who may do what, over the API: rows, columns and refusals are the pages' own."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crm.models import Account, ApiToken, AuditEntry, Contact, Job
from deals.models import Deal, DealContact, DealShare, MeddpiccElement
from deals.serializers.deals import AMOUNTS, NAMES
from scoring.models import LeadScore
from scoring.services.lead_scores import score_deal
from tests.factories import make_account, make_contact, make_deal

BY_ROLE = pytest.mark.any_engine(
    "who may is decided in Python; that each sees the same rows on both engines is deals/test_visibility's"
)

FULL = "full"
EVERYBODY = ("rae", "remy", "mona", "vik", "sue", "eve", "otto", "vera", "charlie")
SEES = {  # of Rae's deal
    "rae": FULL, "mona": FULL, "vik": FULL, "sue": FULL, "otto": FULL,
    "eve": NAMES, "vera": NAMES | AMOUNTS,
    "remy": None, "charlie": None,
}  # fmt: skip
WRITES = {"rae", "mona", "otto"}
PANELS = ("bant/", "bant/claims/", "meddpicc/", "meddpicc/champion/", "contacts/", "competitors/", "scores/")


@pytest.fixture
def scored(deal, rae, otto) -> LeadScore:
    from crm.services.audit import Act

    added = score_deal(act=Act(by=rae), deal_id=deal.pk).added
    assert added is not None
    return added


@pytest.mark.parametrize("who", EVERYBODY)
def test_rows_and_columns_of_deals(api, cast, deal, who):
    """The list and the deal itself show the same, and nothing of it to those who may not know of it."""
    me, sees = api(cast[who]), SEES[who]
    one, listed = me.get(f"/api/deals/{deal.pk}/"), me.get("/api/deals/")
    assert listed.status_code == 200
    if sees is None:
        assert one.status_code == 404
        assert listed.json()["results"] == []
        return
    assert listed.json()["results"] == [one.json()]
    columns = set(one.json())
    if sees is FULL:
        assert columns > NAMES | AMOUNTS | {"score", "next_step", "lines", "version", "forecast_category"}
    else:
        assert columns == set(sees)


@BY_ROLE
@pytest.mark.parametrize("who", EVERYBODY)
def test_panels_are_for_those_who_see_details(api, cast, deal, scored, who):
    wanted = 200 if SEES[who] is FULL else 404
    me = api(cast[who])
    for panel in PANELS:
        assert me.get(f"/api/deals/{deal.pk}/{panel}").status_code == wanted, panel
    assert me.get(f"/api/scores/{scored.pk}/").status_code == wanted


@BY_ROLE
@pytest.mark.parametrize("who", EVERYBODY)
def test_writes_to_a_deal(api, cast, deal, who):
    """Seen but not to be changed is 403; not seen, or seen by name where details are asked for, is 404."""
    me = api(cast[who])
    contact = make_contact(deal.account)
    head = [("patch", "", {"next_step": "Call"}), ("post", "stage/", {"stage": "qualified", "why": "Agreed."})]
    panels = [
        ("patch", "bant/", {"facts": {"budget_amount": "250000.00"}}),
        ("patch", "meddpicc/metrics/", {"strength": "claimed"}),
        ("post", "contacts/", {"contact": contact.pk}),
        ("post", "competitors/", {"competitor": "vmware"}),
    ]
    before = Deal.objects.values().get()
    for method, path, body in [*head, *panels]:
        etag = None if path in {"contacts/", "competitors/"} else "*"
        done = getattr(me, method)(f"/api/deals/{deal.pk}/{path}", body, etag)
        if who in WRITES:
            assert done.status_code in {200, 201}, (path, done.content)
        elif SEES[who] is FULL or (SEES[who] and path in {"", "stage/"}):
            assert done.status_code == 403, (path, done.content)
        else:
            assert done.status_code == 404, (path, done.content)
    if who not in WRITES:
        assert Deal.objects.values().get() == before
        assert not DealContact.objects.exists()
        assert not MeddpiccElement.objects.exists()
        assert not Job.objects.exists()


@BY_ROLE
@pytest.mark.parametrize("who", EVERYBODY)
def test_opening_a_deal(api, cast, deal, who):
    done = api(cast[who]).post("/api/deals/", {"name": "Edge pilot", "account": deal.account_id})
    wanted = 201 if who in {"rae", "remy", "mona", "otto"} else 404 if who == "charlie" else 403
    assert done.status_code == wanted
    assert Deal.objects.filter(name="Edge pilot").exists() == (wanted == 201)


@pytest.mark.parametrize("who", EVERYBODY)
def test_accounts(api, cast, deal, who):
    me, path = api(cast[who]), f"/api/accounts/{deal.account_id}/"
    read = me.get(path)
    assert read.status_code == (404 if who == "charlie" else 200)
    assert len(me.get("/api/accounts/").json()["results"]) == (0 if who == "charlie" else 1)
    if who != "charlie":
        assert ("facts" in read.json()) == (SEES[who] is not NAMES and who != "vera")
    wrote = me.patch(path, {"country": "Norway"}, "*")
    made = me.post("/api/accounts/", {"name": "Vega"})
    if who in {"rae", "remy", "mona", "otto"}:
        assert (wrote.status_code, made.status_code) == (200, 201)
    else:
        assert (wrote.status_code, made.status_code) == ((404, 404) if who == "charlie" else (403, 403))
        assert Account.objects.get().country == ""


@pytest.mark.parametrize("who", EVERYBODY)
def test_contacts(api, cast, deal, who):
    contact = make_contact(deal.account)
    me, path = api(cast[who]), f"/api/contacts/{contact.pk}/"
    sees = who not in {"eve", "vera", "charlie"}
    assert me.get(path).status_code == (200 if sees else 404)
    assert len(me.get("/api/contacts/").json()["results"]) == int(sees)
    wrote = me.patch(path, {"title": "CIO"}, "*").status_code
    assert wrote == (200 if who in {"rae", "remy", "mona", "otto"} else 403 if sees else 404)
    assert Contact.objects.get().title == ("CIO" if wrote == 200 else "")


def test_filters_and_orders_by_hidden_columns_are_refused(api, eve, vera, deal):
    """An order or a filter by what one doesn't see would show it."""
    for path in ("?amount_from=1", "?lead_class=A", "?forecast_category=commit"):
        assert api(eve).get(f"/api/deals/{path}").status_code == 403, path
    assert api(eve).get("/api/deals/?sort=amount").status_code == 400
    assert api(eve).get("/api/deals/?sort=-score").status_code == 400
    assert api(vera).get("/api/deals/?amount_from=1&sort=amount").status_code == 200
    assert api(vera).get("/api/accounts/?current_vendor=vmware").status_code == 403


def test_somebody_of_two_roles_sees_each_row_as_they_may(api, rae, remy, deal):
    """Rae views all deals too; Remy's shows its name and amount, her own everything."""
    theirs = make_deal(remy, name="Remy's")
    rae.roles = ["rep", "viewer"]
    rae.save()
    rows = {row["id"]: row for row in api(rae).get("/api/deals/").json()["results"]}
    assert set(rows[theirs.pk]) == NAMES | AMOUNTS
    assert "score" in rows[deal.pk]
    assert api(rae).get(f"/api/deals/{theirs.pk}/bant/").status_code == 404
    assert api(rae).patch(f"/api/deals/{theirs.pk}/", {"name": "Mine"}, "*").status_code == 403


def test_a_shared_deal_is_read_and_written_as_it_is_shared(api, remy, deal):
    share = DealShare.objects.create(deal=deal, person=remy)
    path = f"/api/deals/{deal.pk}/"
    assert api(remy).get(path).json()["amount"] == "926606.25"
    assert api(remy).patch(path, {"next_step": "Call"}, "*").status_code == 403
    share.can_write = True
    share.save()
    assert api(remy).patch(path, {"next_step": "Call"}, "*").status_code == 200


def test_jobs_are_one_s_own(api, rae, mona, deal):
    me = api(rae)
    me.patch(f"/api/deals/{deal.pk}/", {"amount": "1.00"}, "*")
    job = me.get("/api/jobs/").json()["results"][0]
    assert (job["label"], job["state"]) == ("Lead score", "queued")
    assert me.get(f"/api/jobs/{job['id']}/").status_code == 200
    assert api(mona).get("/api/jobs/").json()["results"] == []
    assert api(mona).get(f"/api/jobs/{job['id']}/").status_code == 404


def test_writes_say_that_they_came_by_the_api(api, rae, deal):
    api(rae).patch(f"/api/deals/{deal.pk}/", {"amount": "250000"}, "*")
    entry = AuditEntry.objects.filter(kind="deal").latest("id")
    assert (entry.route, entry.made_by, entry.changes["amount"]) == ("api", rae, ["926606.25", "250000.00"])
    assert deal.intervals.get(field="amount", to_at=None).route == "api"
    assert Deal.objects.get().amount == Decimal("250000.00")


def test_playbook_people_and_competitors(api, cast, deal):
    for who, person in cast.items():
        me = api(person)
        for path in ("playbook-versions/", "playbook-versions/1/", "competitors/"):
            assert me.get(f"/api/{path}").status_code == (404 if who == "charlie" else 200), (who, path)
        people = me.get("/api/people/").status_code
        assert people == {"charlie": 404, "eve": 403, "vera": 403}.get(who, 200), who
        assert me.get("/api/me/").json()["username"] == who
        assert me.get("/api/").status_code == 200


# --- Tokens ----------------------------------------------------------------------------------------------------------


def test_a_revoked_token_is_401(api, rae, deal):
    me = api(rae)
    assert me.get("/api/me/").json()["username"] == "rae"
    ApiToken.objects.update(revoked_at="2026-01-01T00:00:00Z")
    response = me.get("/api/me/")
    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_a_token_of_somebody_who_left_is_401(api, rae, deal):
    me = api(rae)
    rae.is_active = False
    rae.save()
    assert me.get("/api/deals/").status_code == 401


@pytest.mark.parametrize("header", ["Bearer qd_wrong", "Bearer", "Bearer a b", "Bearer \xff"])
def test_a_wrong_token_is_401_even_with_a_session(sign_in, rae, header):
    response = sign_in(rae).get("/api/me/", headers={"Authorization": header})
    assert response.status_code == 401


def test_nobody_gets_nothing(api, deal):
    for path in ("", "me/", "deals/", f"deals/{deal.pk}/", "accounts/", "schema/", "jobs/", "scores/1/"):
        assert api(None).get(f"/api/{path}").status_code == 401, path


def test_an_account_made_tells_of_those_alike(api, rae, deal):
    made = api(rae).post("/api/accounts/", {"name": "Aster Health Inc", "domain": "https://www.aster.example/"})
    assert made.status_code == 201
    assert made["Location"] == f"/api/accounts/{made.json()['id']}/"
    assert [row["name"] for row in made.json()["similar"]] == ["Aster Health"]
    assert made.json()["domain"] == "aster.example"


def test_an_account_above_itself_is_422(api, rae):
    account = make_account("Vega")
    done = api(rae).patch(f"/api/accounts/{account.pk}/", {"parent": account.pk}, "*")
    assert done.status_code == 422
    assert "parent" in done.json()["error"]["fields"]
