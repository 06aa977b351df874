"""Why somebody sees a deal: the reasons agree with the querysets for everybody, and say what is so."""

from __future__ import annotations

import datetime as dt
import itertools
import random

import pytest
from django.utils import timezone

from crm.rules.access import Role
from deals.models import Deal, DealShare
from deals.queries import visibility
from deals.queries.detail import see
from deals.rules.visibility import Level
from tests.factories import make_account, make_deal, make_person, make_team

TODAY = timezone.now().date()
DAY = dt.timedelta(days=1)
ENDS = (None, TODAY, TODAY + DAY, TODAY - DAY)


@pytest.fixture
def company(db):
    """People of every pair of roles all over a tree of teams, deals of all kinds of owners, shares of all kinds."""
    chance = random.Random(7)
    sales = make_team("Sales")
    east, west = make_team("East", sales), make_team("West", sales)
    # Ten more, so that the path "/…/1" is the beginning of another's "/…/10" and must not be taken for above it.
    teams = [None, sales, east, west, make_team("North East", east), *(make_team(f"West {n}", west) for n in range(10))]
    mixes = [(), *((role,) for role in Role), *itertools.combinations(Role, 2)]
    people = [
        make_person(f"p{n}", *mixes[n % len(mixes)], team=chance.choice(teams), is_active=chance.random() > 0.1)
        for n in range(len(mixes) * 2)
    ]
    account = make_account()
    deals = [make_deal(owner, f"Deal {n}", account=account) for n, owner in enumerate(chance.sample(people, 12))]
    for deal in deals:
        for n in range(4):
            whom = {"team": chance.choice(teams[1:])} if n % 2 else {"person": chance.choice(people)}
            values = {"can_write": chance.random() < 0.5, "until_date": chance.choice(ENDS)}
            DealShare.objects.get_or_create(deal=deal, **whom, defaults=values)
    return people


def test_the_reasons_agree_with_the_querysets_for_everybody(company, django_assert_num_queries):
    deals = list(Deal.objects.select_related("owner__team"))
    rows = {deal.pk: visibility.share_rows(deal) for deal in deals}
    seen = dict.fromkeys(Level, 0)
    for person in company:
        ids = [
            set(getattr(Deal.objects, door)(person).values_list("pk", flat=True))
            for door in ("visible_to", "detailed_to", "editable_by")
        ]
        with django_assert_num_queries(0):
            for deal in deals:
                found = visibility.why(person, deal, rows[deal.pk], TODAY).level
                assert found == sum(deal.pk in each for each in ids), f"{person.roles} of {person.team}, {deal}"
                seen[found] += 1
    assert all(seen.values()), seen


def test_one_deal_is_judged_as_the_querysets_judge_all(company):
    deals = list(Deal.objects.all())
    for person in company:
        visible, detailed, editable = (
            set(getattr(Deal.objects, door)(person).values_list("pk", flat=True))
            for door in ("visible_to", "detailed_to", "editable_by")
        )
        for deal in deals:
            if deal.pk not in visible:
                with pytest.raises(Deal.DoesNotExist):
                    see(person, deal.pk)
                continue
            sight = see(person, deal.pk)
            said = f"{person.roles} of {person.team}, {deal}"
            assert (sight.detailed, sight.editable) == (deal.pk in detailed, deal.pk in editable), said


@pytest.mark.parametrize(
    "who, said",
    [
        ("rae", "You read and change it: owner."),
        ("mona", "You read and change it: manager of East, where Rae Test sits."),
        ("vik", "You read it: the role VP sees every deal in full."),
        ("otto", "You read and change it: the role Operations sees and changes every deal."),
        ("vera", "You see its name and outcome: the role Viewer sees the name and outcome of every deal."),
    ],
)
def test_the_page_says_why(cast, browse, deal, who, said):
    assert said in browse(cast[who]).text(f"/deals/{deal.pk}/access/")


def test_a_share_says_by_whom_and_until_when(rae, remy, browse, deal, west):
    day = TODAY + 30 * DAY
    DealShare.objects.create(deal=deal, team=west, until_date=day, shared_by=rae)
    said = f"You read it: shared with West by Rae Test to read until {day.day} {day:%b %Y}."
    assert said in browse(remy).text(f"/deals/{deal.pk}/access/")


def test_a_colleague_is_looked_up(rae_page, remy, vera, deal):
    page = rae_page.text(f"/deals/{deal.pk}/access/", who="remy")
    assert "Remy Test" in page
    assert "can&#x27;t see it" in page
    assert "sees its name and outcome" in rae_page.text(f"/deals/{deal.pk}/access/", who="vera")


def test_names_only_tell_nothing_of_the_others(rae, remy, vera, browse, deal):
    DealShare.objects.create(deal=deal, person=remy, shared_by=rae)
    page = browse(vera).text(f"/deals/{deal.pk}/access/", who="remy")
    assert "Remy" not in page
    assert "Rae" not in page
