"""The list in the order of scores has the same deals as in any other order, whatever became of them since they were scored."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from crm.rules.access import Role
from crm.services.audit import Act
from deals.models import Deal, DealScore, DealShare
from deals.queries.lists import DealFilter, filtered
from deals.services.bulk import change_owner
from deals.services.deals import update_deal
from deals.services.deletion import delete_deal
from deals.services.handing_over import give_deals
from deals.services.stages import close_deal, reopen_deal
from tests.factories import NOW, make_account, make_deal

STATES = ("open", "won", "lost", "closed", "all")


@pytest.fixture
def changed(rae, remy, otto):
    """Deals of Rae by falling score, each of which something has become of since it was scored."""
    account, by_rae, by_otto = make_account(), Act(by=rae), Act(by=otto)
    names = (
        "as it was",
        "given",
        "given with others",
        "lost",
        "reopened",
        "deleted",
        "shared",
        "by hand",
        "saved late",
    )
    deals = {name: make_deal(rae, name, account) for name in names}
    for place, deal in enumerate(deals.values()):
        DealScore.objects.filter(deal=deal).update(low=Decimal(500 - place) / 100)
    make_deal(remy, "of Remy", account)
    won = make_deal(remy, "won", account, stage="won", outcome="won", closed_at=NOW)
    assert give_deals(by_otto, remy.pk, rae.pk, 100, is_open=False) == 1
    score_before = DealScore.objects.get(pk=deals["saved late"].pk)
    for name in ("given", "saved late"):
        update_deal(act=by_otto, deal_id=deals[name].pk, values={"owner": remy})
    score_before.save()
    change_owner(by_otto, [deals["given with others"].pk], remy.pk)
    for name in ("lost", "reopened"):
        given: dict[str, Any] = {
            "outcome": "lost",
            "reasons": ["no_decision"],
            "no_competitor": True,
            "note": "They stayed as they are.",
        }
        close_deal(act=by_rae, deal_id=deals[name].pk, **given)
    reopen_deal(act=by_otto, deal_id=deals["reopened"].pk, stage="discovery", why="They called back.")
    delete_deal(act=by_otto, deal_id=deals["deleted"].pk)
    DealShare.objects.create(deal=deals["shared"], person=remy, shared_by=rae)
    Deal.objects.filter(pk=deals["by hand"].pk).update(owner=remy)
    return deals | {"won": won}


@pytest.mark.parametrize("who", ["rae", "remy", "mona", "otto"])
def test_by_score_as_in_any_order(changed, cast, browse, who):
    person = cast[who]
    for state in STATES:
        wanted = filtered(person, DealFilter(state=state)).order_by("-score__low", "-pk").values_list("name", flat=True)
        found = browse(person).get(f"/deals/?state={state}&sort=-score").context["page"].rows
        assert [row["name"] for row in found] == list(wanted), state


def test_what_somebody_gave_away_is_gone(changed, rae, browse):
    found = browse(rae).get("/deals/?sort=-score").context["page"].rows
    assert [row["name"] for row in found] == ["as it was", "reopened", "shared"]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite does without")
def test_the_database_knows_whose_scores_they_are(rae, remy):
    deal, other = make_deal(rae), make_deal(rae, "Another")
    Deal.objects.filter(pk=other.pk).update(owner=remy, outcome="won", closed_at=other.created_at)
    found = DealScore.objects.order_by("pk").values_list("pk", "deal_owner_id", "deal_is_open")
    assert list(found) == [(deal.pk, rae.pk, True), (other.pk, remy.pk, False)]


def test_a_role_that_sees_no_scores_is_not_sorted_by_them(rae, vera, browse):
    assert Role.VIEWER in vera.roles
    make_deal(rae)
    assert browse(vera).get("/deals/?sort=-score").context["page"].sort.key == "close"
