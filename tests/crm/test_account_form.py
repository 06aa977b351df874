"""An account's form: figures that can be, and words of other systems that stay."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crm.models import Account, Person
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
