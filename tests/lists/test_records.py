"""Lists of accounts and contacts: views, columns, many changed at once, exports."""

from __future__ import annotations

import pytest

from crm.lib.errors import Invalid
from crm.models import Account, AuditEntry, BulkChange, Contact, Job
from crm.services.audit import Act
from crm.services.bulk import ask, draw_up
from deals.models import Deal
from tests.factories import make_account, make_contact


def test_accounts_get_a_segment_and_their_deals_are_judged_again(rae_page, deal, aster, run_jobs):
    make_account("Borea Steel", segment="edge")
    where = rae_page.post("/lists/accounts/pick/", {"action": "segment", "all": "1", "query": "q=aster"}).url
    assert "Change segment of 1 account?" in rae_page.text(where)
    new = next(key for key in ("edge", "smb", "mid_market", "ai_ml") if _offered(rae_page, where, key))
    assert rae_page.post(where, {"value": new}).status_code == 302
    run_jobs()
    assert Account.objects.get(pk=aster.pk).segment == new
    assert Job.objects.filter(task="scoring.tasks.score_accounts_deals", state="done").count() == 1
    assert AuditEntry.objects.get(kind="account").changes == {"segment": ["enterprise_it", new]}
    rae_page.post(f"{where}undo/")
    run_jobs()
    assert Account.objects.get(pk=aster.pk).segment == "enterprise_it"
    assert BulkChange.objects.get().restored == 1


def test_accounts_get_a_region(rae_page, aster, run_jobs):
    where = rae_page.post("/lists/accounts/pick/", {"action": "region", "ids": [aster.pk]}).url
    region = rae_page.get(where).context["form"].fields["value"].choices[0][0]
    rae_page.post(where, {"value": region})
    run_jobs()
    assert Account.objects.get(pk=aster.pk).region == region
    assert not Job.objects.filter(task="scoring.tasks.score_accounts_deals").exists()


def _offered(page, where, key):
    return key in dict(page.get(where).context["form"].fields["value"].choices)


def test_accounts_get_an_owner_who_looks_after_accounts(rae_page, rae, mona, vera, aster, run_jobs):
    where = rae_page.post("/lists/accounts/pick/", {"action": "owner", "ids": [aster.pk]}).url
    assert rae_page.post(where, {"value": vera.pk}).status_code == 422
    rae_page.post(where, {"value": mona.pk})
    run_jobs()
    assert Account.objects.get(pk=aster.pk).owner == mona
    rae_page.post(f"{where}undo/")
    run_jobs()
    assert Account.objects.get(pk=aster.pk).owner is None


def test_contacts_get_a_persona(rae_page, aster, ines, run_jobs):
    make_contact(aster, "Adler")
    where = rae_page.post("/lists/contacts/pick/", {"action": "persona", "all": "1", "query": "persona=cio"}).url
    persona = rae_page.get(where).context["form"].fields["value"].choices[-1][0]
    rae_page.post(where, {"value": persona})
    run_jobs()
    assert Contact.objects.filter(persona=persona).count() == 1


def test_columns_views_and_export_of_contacts(rae_page, ines, run_jobs):
    answer = rae_page.post(
        "/lists/contacts/views/", {"name": "Chiefs", "shared": "nobody", "query": "columns=title,email"}
    )
    text = rae_page.text(answer.url)
    assert 'aria-current="page">Chiefs</a>' in text
    assert '<th scope="col">Title</th>' in text
    where = rae_page.post("/lists/contacts/pick/", {"action": "export", "all": "1", "query": "columns=title"}).url
    run_jobs()
    lines = b"".join(rae_page.get(f"{where}file/").streaming_content).decode("utf-8-sig").splitlines()
    assert lines == ["Name,Title", "Ines Wolf,CIO"]


def test_contacts_are_not_for_everybody(eve, browse, ines):
    assert browse(eve).post("/lists/contacts/pick/", {"action": "export", "all": "1"}).status_code == 404
    assert browse(eve).get("/lists/contacts/views/").status_code == 404
    assert not BulkChange.objects.exists()


def test_accounts_are_narrowed_to_whose_they_are_and_what_else_is_asked_stays(rae_page, mona, vera, aster):
    mine = make_account("Borea Steel", owner=mona, domain="borea.example")
    context = rae_page.get("/accounts/", owner=mona.pk, domain="borea.example", columns="owner").context
    assert [row.pk for row in context["page"].rows] == [mine.pk]
    assert [(chip.label, chip.value) for chip in context["chips"]] == [
        ("Owner", "Mona Test"),
        ("Domain", "borea.example"),
    ]
    text = rae_page.text("/accounts/", owner=mona.pk, domain="borea.example", columns="owner")
    for kept in ('name="domain" value="borea.example"', 'name="columns" value="owner"'):
        assert f'<input type="hidden" {kept}>' in text
    offered = rae_page.text("/accounts/owners/", owner=mona.pk)
    assert f'<option value="{mona.pk}" selected>Mona Test</option>' in offered
    assert "Vera" not in offered


def test_a_filter_there_is_not_is_named_and_never_widens_a_change_of_many(rae_page, eve, browse, aster, run_jobs):
    text = rae_page.text("/accounts/", mood="good", owner="mona")
    assert "There is no filter “mood”, so it was left out." in text
    assert "The filter “Owner” could not be read, so it was left out." in text
    assert "Aster" in text
    hidden = browse(eve).text("/accounts/", current_vendor="proxmox")
    assert "Your role does not see “Vendor” of everything listed" in hidden
    answer = rae_page.post("/lists/accounts/pick/", {"action": "owner", "all": "1", "query": "mood=good"})
    assert answer.url == "/accounts/?mood=good"
    assert not BulkChange.objects.exists()


def test_a_filter_that_lost_its_meaning_meanwhile_changes_nothing(rae_page, rae, deal, run_jobs):
    bulk = draw_up(act=Act(by=rae), kind="deals", action="close_date", query="stage=discovery")
    ask(act=Act(by=rae), bulk_id=bulk.pk, value="2027-03-31")
    BulkChange.objects.update(query="stage=courtship")  # as a playbook published meanwhile leaves it
    with pytest.raises(Invalid):
        run_jobs()
    job = Job.objects.get(task="crm.tasks.bulk_change")
    assert job.state == "failed"
    assert "Without it this would be more deals than were meant." in rae_page.text(f"/bulk/{bulk.pk}/")
    assert Deal.objects.get(pk=deal.pk).version == 1
