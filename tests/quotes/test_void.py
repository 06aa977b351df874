"""Every other way to a changed quote: what is found changed is void, and says why, wherever it matters first."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.utils import timezone

from crm.lib.errors import Clash
from crm.models import Account, Job
from crm.registry import import_kinds
from crm.services.audit import Act
from crm.services.merging import merge
from quotes import tasks
from quotes.models import Approval, Decision, Quote, Revision
from quotes.queries.standing import standing
from quotes.services.acceptance import accept
from quotes.services.drafts import duplicate, save_draft
from quotes.services.reminders import void_changed, void_unless_standing
from quotes.services.submissions import submit
from tests.factories import make_account, make_quote
from tests.quotes.conftest import DISPLACEMENT, newest

pytestmark = pytest.mark.django_db


def cheaper(ask):
    return ask | {"strategic": ask["strategic"] | {"percent": "15"}}


def by_update(revision):
    Revision.objects.filter(pk=revision.pk).update(ask=cheaper(revision.ask))


def by_bulk_update(revision):
    revision.ask = cheaper(revision.ask)
    Revision.objects.bulk_update([revision], ["ask"])


def by_hand(revision):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE quotes_revision SET total = total - 100 WHERE id = %s", [revision.pk])


def by_a_changed_price(revision):
    Revision.objects.filter(pk=revision.pk).update(priced=revision.priced | {"total": "1.00"})


def by_a_later_day(revision):
    Revision.objects.filter(pk=revision.pk).update(valid_until=revision.valid_until + dt.timedelta(days=365))


def by_a_later_day_on_paper(revision):
    later = (revision.valid_until + dt.timedelta(days=365)).isoformat()
    Revision.objects.filter(pk=revision.pk).update(
        valid_until=revision.valid_until + dt.timedelta(days=365), extra=revision.extra | {"valid_until": later}
    )


def by_a_note(revision):
    Revision.objects.filter(pk=revision.pk).update(note="And a year of support for nothing")


def by_another_currency(revision):
    Quote.objects.filter(pk=revision.quote_id).update(currency="EUR")


def by_another_customer(revision):
    revision.quote.deal.__class__.objects.update(account=make_account("Boreal Bank"))


def by_a_new_fingerprint(revision):
    Revision.objects.filter(pk=revision.pk).update(fingerprint="f" * 64)


def by_another_approval(revision):
    Approval.objects.filter(revision=revision).update(fingerprint="f" * 64)


def by_something_else_altogether(revision):
    Revision.objects.filter(pk=revision.pk).update(ask=["nothing", "of the sort"])


def by_what_can_not_be_had(revision):
    Revision.objects.filter(pk=revision.pk).update(ask=revision.ask | {"term_years": 9})


PATHS = [
    (by_update, "by its own rules, not to the"),
    (by_bulk_update, "by its own rules, not to the"),
    (by_hand, "by its own rules, not to the"),
    (by_a_changed_price, "not those its own rules give"),
    (by_a_later_day, "The day it is valid until"),
    (by_a_later_day_on_paper, "not what was submitted"),
    (by_a_note, "note to the customer"),
    (by_another_currency, "is in EUR now"),
    (by_another_customer, "made for Aster Health; its deal is with Boreal Bank"),
    (by_a_new_fingerprint, "not what was submitted"),
    (by_another_approval, "not what was submitted"),
    (by_something_else_altogether, "can't be read"),
    (by_what_can_not_be_had, "can't be had any more"),
]


@pytest.mark.parametrize("change, said", PATHS, ids=[path.__name__ for path, _ in PATHS])
def test_a_decision_about_what_was_changed_is_none(send, say, vik, rae, told, change, said):
    approval = send(**DISPLACEMENT)
    change(Revision.objects.get())
    with pytest.raises(Clash, match="This approval is void"):
        say(vik, approval)
    approval.refresh_from_db()
    assert (approval.state, approval.revision.state, Quote.objects.get().state) == ("void",) * 3
    assert said in approval.why_void
    assert not Decision.objects.exists()
    assert told(rae)[-1][1].startswith("The approval of Q-")


def test_the_sweep_finds_what_was_changed_and_nothing_else(send, deal):
    waiting, approved, other = (send(**DISPLACEMENT), send(), send(make_quote(deal, "Other")))
    assert void_changed() == 0
    by_update(waiting.revision)
    by_a_note(approved.revision)
    assert (void_changed(), void_changed()) == (2, 0)
    states = dict(Approval.objects.values_list("pk", "state"))
    assert states == {waiting.pk: "void", approved.pk: "void", other.pk: "approved"}


def test_what_was_approved_and_then_changed_is_not_accepted(send, rae):
    approval = send()
    Revision.objects.update(total=Decimal("1.00"))
    with pytest.raises(Clash, match="Nothing was accepted"):
        accept(act=Act(by=rae), quote_id=approval.revision.quote_id, fingerprint=approval.fingerprint)
    approval.refresh_from_db()
    assert (approval.state, approval.revision.state) == ("void", "void")
    assert approval.revision.quote.deal.amount is None


def test_its_paper_is_no_offer_any_more_and_whoever_asks_for_it_finds_that_out(send, vik, sign_in, monkeypatch):
    monkeypatch.setattr("reports.documents.printing.pdf", lambda drawn, **_: drawn.encode())
    approval = send()
    url = f"/quotes/{approval.revision.quote_id}/revisions/1/quote.pdf"
    assert b"not an offer" not in b"".join(sign_in(vik).get(url))
    Revision.objects.update(note="Another")
    assert b"not an offer" in b"".join(sign_in(vik).get(url))
    approval.refresh_from_db()
    assert (approval.state, approval.revision.state) == ("void", "void")


def test_what_relies_on_it_is_told_why_not(send, rae, remy):
    approval = send()
    assert void_unless_standing(act=Act(by=rae), approval_id=approval.pk) == ""
    Revision.objects.update(note="Another")
    assert "note" in void_unless_standing(act=Act(by=rae), approval_id=approval.pk)
    assert "note" in void_unless_standing(act=Act(by=rae), approval_id=approval.pk)
    with pytest.raises(Approval.DoesNotExist):
        void_unless_standing(act=Act(by=remy), approval_id=approval.pk)


def test_the_worker_asks_nobody_about_what_was_changed_before_it_came(deal, rae, vik, told):
    submit(act=Act(by=rae), quote_id=make_quote(deal, **DISPLACEMENT).pk)
    by_hand(Revision.objects.get())
    tasks.compute_chain(Job.objects.get(task="quotes.tasks.compute_chain").pk)
    approval = Approval.objects.get()
    assert (approval.state, approval.steps.count(), told(vik)) == ("void", 0, [])


# --- The ways that are shut ------------------------------------------------------------------------------------------


def test_a_submitted_revision_is_not_saved_again_and_not_deleted(send):
    revision = send(**DISPLACEMENT).revision
    total = revision.total
    revision.total = Decimal("1.00")
    for act in (revision.save, revision.delete, lambda: revision.save(update_fields=["total"])):
        with pytest.raises(Clash, match="does not change"):
            act()
    with pytest.raises(Clash, match="kept with its deal"):
        revision.quote.delete()
    revision.state = "draft"  # what the object says of itself is not believed
    with pytest.raises(Clash):
        revision.save()
    revision.refresh_from_db()
    assert (revision.state, revision.total) == ("submitted", total)


def test_neither_the_administration_nor_an_import_writes_quotes():
    ours = set(apps.get_app_config("quotes").get_models())
    assert not ours & set(admin.site._registry)
    assert not {"quote", "revision", "approval"} & set(import_kinds.keys())


def test_services_leave_a_waiting_revision_alone(send, rae):
    approval = send(**DISPLACEMENT)
    with pytest.raises(Clash, match="Withdraw it first"):
        save_draft(act=Act(by=rae), quote_id=approval.revision.quote_id, inputs={})
    assert standing(Approval.objects.get()) == ""


def test_a_duplicate_carries_no_approval(send, rae):
    approval = send()
    copy = duplicate(act=Act(by=rae), quote_id=approval.revision.quote_id)
    assert (copy.state, newest(copy).fingerprint, newest(copy).extra) == ("draft", "", {})
    assert not Approval.objects.filter(revision__quote=copy).exists()


# --- What is no change -----------------------------------------------------------------------------------------------


def test_a_customer_with_another_name_or_merged_into_another_is_the_same_one(send, otto):
    approval = send(**DISPLACEMENT)
    account = approval.revision.quote.deal.account
    Account.objects.filter(pk=account.pk).update(name="Aster Health Group")
    other = make_account("Aster")
    assert standing(Approval.objects.get()) == ""
    merge(act=Act(by=otto), kind="account", survivor_id=other.pk, loser_id=account.pk)
    found = Approval.objects.get()
    assert found.revision.quote.deal.account == other
    assert standing(found) == ""
    until = found.revision.valid_until
    assert until is not None
    assert timezone.now().date() <= until
