"""Lists of accounts and contacts: views, columns, many changed at once, exports."""

from __future__ import annotations

from crm.models import Account, AuditEntry, BulkChange, Contact, Job
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
