"""An import and what was deleted here since the last one."""

from __future__ import annotations

from crm.models import Account
from crm.services.audit import Act
from crm.services.deletion import delete_account
from deals.models import Deal
from deals.services.deletion import delete_deal
from tests.imports.conftest import counts, remarks


def test_what_was_deleted_stays_in_the_bin(shop, bring, otto):
    bring(shop)
    deal = Deal.objects.earliest("pk")
    delete_deal(act=Act(by=otto), deal_id=deal.pk)
    again = bring(shop)
    assert counts(again) == {"same": 5}
    assert len(remarks(again, "deleted-here")) == 1
    assert not Deal.objects.filter(pk=deal.pk).exists()


def test_nothing_new_comes_to_an_account_that_was_deleted(shop, bring, otto):
    bring(shop)
    account = Account.objects.filter(deals__isnull=False).earliest("pk")
    gone = account.deals.count()
    Deal.objects.filter(pk=account.deals.earliest("pk").pk).delete()  # as if the file had it anew
    delete_account(act=Act(by=otto), account_id=account.pk, with_all=True)
    again = bring(shop)
    assert counts(again) == {"same": 5}
    assert len(remarks(again, "deleted-here")) == 1 + gone
    assert Deal.everything.count() == 4


def test_an_undone_run_takes_what_is_in_the_bin_along(shop, bring, undo, otto):
    run = bring(shop)
    delete_deal(act=Act(by=otto), deal_id=Deal.objects.earliest("pk").pk)
    undo(run)
    assert not Deal.everything.exists()
    assert run.rows.filter(model="deal").count() == 5
    bring(shop)
    assert Deal.objects.count() == 5
