"""Accounts over HTTP: who sees what, adding, changing, warning of duplicates, and two people at once."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.models import Account, AuditEntry, Competitor, Job, Person
from tests.conftest import SignIn
from tests.factories import make_account, make_contact

NEW, LIST = reverse("crm:account-new"), reverse("crm:account-list")


def page(account: Account, name: str = "crm:account-detail") -> str:
    return reverse(name, args=[account.pk])


def shown(client: Client, account: Account) -> dict[str, Any]:
    """The values of the edit form as a browser would post them back."""
    form = client.get(page(account, "crm:account-edit")).context["form"]
    values = {bound.name: bound.value() for bound in form}
    return {name: value for name, value in values.items() if value not in (None, False)}


def text(answer: Any) -> str:
    return str(answer.content.decode())


# --- Reading ---------------------------------------------------------------------------------------------------------


def test_the_list_names_every_account_by_name(rae: Person, sign_in: SignIn):
    for name in ("brücke", "Aster", "Corvid"):
        make_account(name)
    page = sign_in(rae).get(LIST).context["page"]
    assert [account.name for account in page.rows] == ["Aster", "brücke", "Corvid"]


@pytest.mark.parametrize(
    "query, names",
    [("?q=ÜCK", ["Brücke"]), ("?segment=edge", ["Aster"]), ("?q=aster&segment=cloud", []), ("?region=x", [])],
)
def test_the_list_is_searched_and_filtered(rae: Person, sign_in: SignIn, query: str, names: list[str]):
    make_account("Aster", segment="edge")
    make_account("Brücke")
    assert [account.name for account in sign_in(rae).get(LIST + query).context["page"].rows] == names


def test_the_list_asks_as_often_for_fifty_as_for_five(rae: Person, sign_in: SignIn):
    client, counts = sign_in(rae), []
    client.get(LIST)  # a process reads the playbook once
    for many in (5, 45):
        for number in range(many):
            make_account(f"Account {many} {number}", owner=rae)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(LIST)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 5


def test_a_page_says_what_is_known_and_who_works_there(rae: Person, sign_in: SignIn):
    parent = make_account("Aster Holding")
    account = make_account("Aster Health", parent=parent, facts={"vm_count": 1250, "current_platform": "vmware"})
    make_contact(account, "Adler", email="ana@aster.example")
    make_account("Aster Labs", parent=account)
    said = text(sign_in(rae).get(page(account)))
    for words in ("1,250 VMs", "VMware vSphere", "Aster Holding", "Aster Labs", "Ana Adler", "ana@aster.example"):
        assert words in said


@pytest.mark.parametrize("username", ["eve", "vera"])
def test_who_sees_names_only_sees_neither_facts_nor_contacts(cast: dict[str, Person], sign_in: SignIn, username: str):
    account = make_account(facts={"vm_count": 1250}, current_vendor=Competitor.objects.first())
    make_contact(account, "Adler")
    client = sign_in(cast[username])
    said = text(client.get(page(account)))
    assert "Aster Health" in said
    for hidden in ("1,250", "Adler", "Current vendor"):
        assert hidden not in said
    assert client.get(page(account, "crm:account-edit")).status_code == 403


def test_somebody_without_a_role_finds_nothing(charlie: Person, sign_in: SignIn):
    account = make_account()
    client = sign_in(charlie)
    assert [client.get(url).status_code for url in (LIST, NEW, page(account))] == [404, 404, 404]


def test_markup_in_a_name_is_text(rae: Person, sign_in: SignIn):
    account = make_account("<script>alert(1)</script>")
    client = sign_in(rae)
    for url in (LIST, page(account), reverse("crm:account-search") + "?q=script"):
        assert "<script>alert" not in text(client.get(url))


# --- Choosing one ------------------------------------------------------------------------------------------------------


def options(client: Client, query: str) -> list[str]:
    answer = client.get(reverse("crm:account-search"), {"q": query})
    return [line.split('"')[1] for line in text(answer).split("<option ")[1:]]


def test_the_search_proposes_beginnings_first_and_twenty_at_most(rae: Person, sign_in: SignIn):
    for number in range(30):
        make_account(f"New Aster {number:02}")
    make_account("Aster Health")
    found = options(sign_in(rae), "aster")
    assert (found[0], found[1], len(found)) == ("Aster Health", "New Aster 00", 20)


def test_the_search_proposes_nothing_for_nothing(rae: Person, sign_in: SignIn):
    make_account()
    assert options(sign_in(rae), "  ") == []


def test_two_of_one_name_are_told_apart(rae: Person, sign_in: SignIn):
    one, two = make_account("Aster"), make_account("aster")
    client = sign_in(rae)
    assert options(client, "aster") == [f"Aster (#{one.pk})", f"aster (#{two.pk})"]
    client.post(NEW, {"name": "Zeta", "parent": f"aster (#{two.pk})"})
    assert Account.objects.get(name="Zeta").parent == two


# --- Adding ------------------------------------------------------------------------------------------------------------


def test_adding_keeps_everything_typed_in_canonical_form(rae: Person, sign_in: SignIn):
    parent = make_account("Corvid Group")
    answer = sign_in(rae).post(
        NEW,
        {
            "name": "  Aster Health ",
            "domain": "https://www.Aster.example/about",
            "segment": "enterprise_it",
            "employees": "1200",
            "parent": "corvid group",
            "fact_vm_count": "1,250",
            "fact_hypervisor_spend": "360,000.5",
            "fact_renewal_date": "2027-03-31",
            "fact_bare_metal_only": "false",
            "fact_workloads": ["vms", "ai_ml"],
        },
    )
    made = Account.objects.get(name="Aster Health")
    assert (answer.status_code, answer.headers["Location"]) == (302, page(made))
    assert (made.domain, made.employees, made.parent, made.owner) == ("aster.example", 1200, parent, rae)
    assert made.facts == {
        "vm_count": 1250,
        "hypervisor_spend": "360000.50",
        "renewal_date": "2027-03-31",
        "bare_metal_only": False,
        "workloads": ["vms", "ai_ml"],
    }
    assert AuditEntry.objects.get(kind="account").verb == "created"


def test_every_error_is_said_at_once_and_nothing_typed_is_lost(rae: Person, sign_in: SignIn):
    wrong = {
        "name": "",
        "segment": "nonsense",
        "employees": "-3",
        "parent": "Nobody knows it",
        "fact_vm_count": "many",
        "fact_hypervisor_spend": "-1",
        "fact_renewal_date": "soon",
        "fact_current_platform": "abacus",
    }
    answer = sign_in(rae).post(NEW, wrong)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == set(wrong)
    for typed in ("Nobody knows it", "many", "soon"):
        assert f'value="{typed}"' in text(answer)
    assert not Account.objects.exists()


@pytest.mark.parametrize("username, status", [("eve", 403), ("vera", 403), ("vik", 403), ("charlie", 404)])
def test_who_does_not_sell_adds_nothing(cast: dict[str, Person], sign_in: SignIn, username: str, status: int):
    assert sign_in(cast[username]).post(NEW, {"name": "Aster"}).status_code == status
    assert not Account.objects.exists()


@pytest.mark.parametrize(
    "name, domain", [("ASTER HEALTH, Inc.", ""), ("Astre Health", ""), ("Another name", "https://aster.example/x")]
)
def test_one_that_looks_alike_is_warned_of(rae: Person, sign_in: SignIn, name: str, domain: str):
    make_account("Aster Health", domain="aster.example")
    answer = sign_in(rae).post(NEW, {"name": name, "domain": domain, "country": "Sweden"})
    assert answer.status_code == 409
    assert [hit.account.name for hit in answer.context["alike"]] == ["Aster Health"]
    assert 'value="Sweden"' in text(answer)
    assert Account.objects.count() == 1


def test_a_crowd_of_names_with_a_common_word_hides_nothing(rae: Person, sign_in: SignIn):
    crowd = (f"{letter}{number} Health Group" for letter in "abc" for number in range(100))
    Account.objects.bulk_create(Account(name=name, name_key=name.casefold()) for name in crowd)
    make_account("Zeta Health")
    make_account("Other name", domain="zeta.example")
    answer = sign_in(rae).post(NEW, {"name": "Zetta Health Group", "domain": "zeta.example"})
    assert [hit.account.name for hit in answer.context["alike"]] == ["Other name", "Zeta Health"]


def test_it_is_added_anyway_when_one_says_so(rae: Person, sign_in: SignIn):
    make_account("Aster Health")
    assert sign_in(rae).post(NEW, {"name": "Aster Health Inc", "anyway": "on"}).status_code == 302
    assert Account.objects.count() == 2


# --- Changing ----------------------------------------------------------------------------------------------------------


def test_changing_a_fact_asks_for_new_scores_of_its_deals(rae: Person, sign_in: SignIn):
    account = make_account(facts={"vm_count": 10, "hosts": 4})
    client = sign_in(rae)
    client.post(page(account, "crm:account-edit"), shown(client, account) | {"fact_vm_count": "600"})
    account.refresh_from_db()
    assert (account.facts, account.version) == ({"vm_count": 600, "hosts": 4}, 2)
    assert Job.objects.get().key == f"score-account:{account.pk}"


def test_emptying_a_fact_forgets_it(rae: Person, sign_in: SignIn):
    account = make_account(facts={"vm_count": 10, "hosts": 4})
    client = sign_in(rae)
    client.post(page(account, "crm:account-edit"), shown(client, account) | {"fact_vm_count": ""})
    account.refresh_from_db()
    assert account.facts == {"hosts": 4}


def test_saving_without_a_change_writes_nothing(rae: Person, sign_in: SignIn):
    account = make_account(facts={"vm_count": 1250, "workloads": ["vms"]}, current_vendor=Competitor.objects.first())
    client = sign_in(rae)
    assert client.post(page(account, "crm:account-edit"), shown(client, account)).status_code == 302
    account.refresh_from_db()
    assert (account.version, AuditEntry.objects.count(), Job.objects.count()) == (1, 0, 0)


def test_a_key_the_playbook_dropped_survives_saving_something_else(rae: Person, sign_in: SignIn):
    account = make_account(segment="gone", region="lost", vertical="past", sub_segment="old")
    client = sign_in(rae)
    client.post(page(account, "crm:account-edit"), shown(client, account) | {"country": "Peru"})
    account.refresh_from_db()
    assert (account.country, account.segment, account.region, account.sub_segment) == ("Peru", "gone", "lost", "old")


def test_a_sub_segment_belongs_to_its_vertical(rae: Person, sign_in: SignIn, playbook):
    first, second = [part for part in playbook.verticals if part.sub_segments][:2]
    answer = sign_in(rae).post(NEW, {"name": "Aster", "vertical": first.key, "sub_segment": second.sub_segments[0].key})
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"sub_segment"})


def test_an_account_never_stands_above_itself(rae: Person, sign_in: SignIn):
    top = make_account("Top")
    make_account("Below", parent=make_account("Middle", parent=top))
    client = sign_in(rae)
    answer = client.post(page(top, "crm:account-edit"), shown(client, top) | {"parent": "Below"})
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"parent"})
    top.refresh_from_db()
    assert (top.parent, Account.objects.filter(parent=top).get().name) == (None, "Middle")


def test_two_who_change_the_same_field_see_each_other(rae: Person, mona: Person, sign_in: SignIn):
    account = make_account("Aster", country="Chile")
    mine, hers = sign_in(rae), sign_in(mona)
    typed = shown(mine, account)
    hers.post(page(account, "crm:account-edit"), shown(hers, account) | {"country": "Peru", "domain": "aster.example"})
    answer = mine.post(page(account, "crm:account-edit"), typed | {"country": "Cuba", "employees": "7"})
    assert answer.status_code == 409
    rows = [(row.label, row.before, row.theirs, row.mine, row.both) for row in answer.context["differences"]]
    assert rows[1:] == [("Country", "Chile", "Peru", "Cuba", True), ("Employees", "—", "—", "7", False)]
    assert rows[0] == ("Domain", "—", "aster.example", "—", False)
    assert [row.choice for row in answer.context["differences"]] == ["theirs", "mine", "mine"]
    account.refresh_from_db()
    assert (account.country, account.employees) == ("Peru", None)

    again = {bound.name: bound.value() for bound in answer.context["form"] if bound.value() not in (None, False)}
    assert mine.post(page(account, "crm:account-edit"), again).status_code == 302
    account.refresh_from_db()
    assert (account.country, account.domain, account.employees) == ("Cuba", "aster.example", 7)


def test_an_old_form_without_what_it_began_with_is_no_licence_to_overwrite(rae: Person, sign_in: SignIn):
    account = make_account("Aster", country="Chile", version=5)
    answer = sign_in(rae).post(page(account, "crm:account-edit"), {"name": "Aster", "country": "Cuba", "version": "4"})
    account.refresh_from_db()
    assert (answer.status_code, account.country) == (409, "Chile")


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(rae: Person, sign_in: SignIn, method: str):
    assert getattr(sign_in(rae), method)(LIST).status_code == 405
