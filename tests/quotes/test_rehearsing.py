"""A rehearsal says whose agreement the open quotes would need, and publishing then bears it out."""

from __future__ import annotations

import pytest

from crm.models import RehearsedChange
from crm.queries.rehearsals import HEADINGS, Wanted, table
from crm.services.audit import Act
from quotes.models import Approval
from quotes.services.drafts import revise, save_draft
from quotes.services.submissions import withdraw
from tests.factories import make_quote
from tests.quotes.conftest import DISPLACEMENT, newest
from tests.scoring.rehearsing import begin, publish, rehearse

pytestmark = pytest.mark.django_db


def stricter(data):
    """A volume discount of 15 % needs the VP, displacement the SVP, and what took five years can't be had."""
    next(step for step in data["discounts"]["volume"] if step["percent"] == "15")["approval"] = "vp"
    next(one for one in data["discounts"]["strategic"] if one["key"] == "displacement")["approval"] = "svp"
    for schedule in data["discounts"]["term_schedules"]:
        schedule["steps"] = [step for step in schedule["steps"] if step["years"] != 5]
    return data


def test_the_list_is_what_sending_them_then_asks_for(deal, send, rae, otto, run_jobs, sign_in):
    waits = send(**DISPLACEMENT, quantity=200).revision.quote
    plain = make_quote(deal, "Plain")
    same = make_quote(deal, "Same", quantity=100)
    long = make_quote(deal, "Long", quantity=100, term_years=5)
    approved = send(quantity=100)
    draft = begin(otto, stricter)
    run = rehearse(draft, run_jobs)
    row = RehearsedChange.objects.get(run=run)
    assert (row.deal_id, row.is_approvals, row.is_class) == (deal.pk, True, False)
    found = {one["name"]: (one["before"], one["after"], bool(one["refused"])) for one in row.quotes}
    assert found == {
        waits.reference: (["VP"], ["SVP"], False),
        plain.reference: ([], ["VP"], False),
        long.reference: (["VP"], [], True),
    }
    assert {same.reference, approved.revision.quote.reference}.isdisjoint(found)
    page = sign_in(otto).get(f"/playbook/rehearsals/{run.pk}/?kind=approvals").content.decode()
    assert f"{plain.reference}: nobody → VP" in page
    assert f"{long.reference}: VP → can&#x27;t be had" in page
    cells = dict(zip(HEADINGS, list(table(run, Wanted()))[1], strict=True))
    assert f"{waits.reference}: VP → SVP" in cells["quotes with other approvals"]
    publish(draft, otto, run_jobs)
    withdraw(act=Act(by=rae), quote_id=waits.pk)
    again = revise(act=Act(by=rae), quote_id=waits.pk)
    save_draft(act=Act(by=rae), quote_id=plain.pk, inputs=newest(plain).inputs)
    chains = [send(quote).steps.values_list("level", flat=True) for quote in (again, plain, same)]
    assert [list(levels) for levels in chains] == [["svp"], ["vp"], []]
    assert Approval.objects.get(pk=approved.pk).state == "approved"  # keeps the rules it was approved by
