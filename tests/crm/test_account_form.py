"""An account's form: figures that can be, and words of other systems that stay."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crm.lib.errors import Invalid, NotAllowed
from crm.models import Account, Person
from crm.services.accounts import update_account
from crm.services.audit import Act
from crm.services.bulk_records import change_owner
from crm.services.deletion import delete_account
from tests.conftest import SignIn
from tests.crm.test_accounts import NEW, page, text
from tests.factories import make_account


def test_revenue_and_year_are_kept_as_typed(rae: Person, sign_in: SignIn):
    typed = {"name": "Zeta", "annual_revenue": "4,200,000.50", "founded_year": "1987"}
    assert sign_in(rae).post(NEW, typed).status_code == 302
    made = Account.objects.get()
    assert (made.annual_revenue, made.founded_year) == (Decimal("4200000.50"), 1987)


@pytest.mark.parametrize("founded", ["999", "2999", "long ago", "1987.5"])
def test_a_year_that_is_none_is_refused(rae: Person, sign_in: SignIn, founded: str):
    answer = sign_in(rae).post(NEW, {"name": "Zeta", "founded_year": founded})
    assert answer.status_code == 422
    assert "rite the year" in text(answer) or "Write a year" in text(answer)
    assert not Account.objects.exists()


def test_a_vertical_the_playbook_never_had_is_shown_kept_and_changed(rae: Person, sign_in: SignIn):
    """An import brings what its files say."""
    account = make_account(vertical="software")
    client = sign_in(rae)
    assert "software" in text(client.get(page(account)))
    assert "Software (not in the playbook)" in text(client.get(page(account) + "edit/"))
    for vertical in ("software", "healthcare"):
        form = {"name": "Aster Labs", "segment": "enterprise_it", "vertical": vertical, "version": account.version}
        assert client.post(page(account) + "edit/", form).status_code == 302
        account.refresh_from_db()
        assert (account.name, account.vertical) == ("Aster Labs", vertical)
    form |= {"vertical": "software", "version": account.version}
    assert client.post(page(account) + "edit/", form).status_code == 422


def test_who_looks_after_several_accounts_is_offered_once_and_stays(rae: Person, sign_in: SignIn):
    account = make_account("Aster", owner=rae)
    make_account("Boreal", owner=rae)
    edit = sign_in(rae)
    owners = [value for value, _ in edit.get(page(account) + "edit/").context["form"].fields["owner"].choices]
    assert len(owners) == len(set(owners))
    assert edit.post(page(account) + "edit/", {"name": "Aster", "country": "DE", "owner": rae.pk}).status_code == 302
    account.refresh_from_db()
    assert (account.country, account.owner) == ("DE", rae)


def test_a_new_owner_is_no_way_around_who_answers_for_an_account(
    rae: Person, remy: Person, mona: Person, sign_in: SignIn
):
    account, free = make_account("Aster", owner=rae), make_account("Boreal")
    said = "Only its owner, their manager or operations gives an account to somebody else."
    with pytest.raises(Invalid) as refused:
        update_account(act=Act(by=remy), account_id=account.pk, values={"owner": remy})
    assert refused.value.errors == {"owner": [said]}
    assert [one.reason for one in change_owner(Act(by=remy), [account.pk], remy.pk)] == [said]
    with pytest.raises(NotAllowed):
        delete_account(act=Act(by=remy), account_id=account.pk)
    assert Account.objects.get(pk=account.pk).owner == rae
    assert update_account(act=Act(by=remy), account_id=free.pk, values={"owner": remy}).owner == remy
    assert update_account(act=Act(by=mona), account_id=account.pk, values={"owner": remy}).owner == remy


@pytest.mark.parametrize("typed", ["1,5", "99,50", "12,34,56", "1.000,50", "1_000", "1 00", "1,000 000", ",5"])
def test_a_comma_is_for_thousands_and_never_made_into_more_money(rae: Person, sign_in: SignIn, typed: str):
    answer = sign_in(rae).post(NEW, {"name": "Zeta", "annual_revenue": typed})
    assert answer.status_code == 422
    assert "with a point before the cents" in text(answer)
    assert not Account.objects.exists()


@pytest.mark.parametrize("typed", ["1250000", "1,250,000", "1 250 000", "1\u202f250\u202f000.00", " 1,250,000.0 "])
def test_thousands_may_stand_apart(rae: Person, sign_in: SignIn, typed: str):
    assert sign_in(rae).post(NEW, {"name": "Zeta", "annual_revenue": typed}).status_code == 302
    assert Account.objects.get().annual_revenue == Decimal(1_250_000)
