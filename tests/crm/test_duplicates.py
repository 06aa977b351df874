"""The warning before a second account of the same company is made."""

from __future__ import annotations

import pytest

from crm.models import Person
from crm.queries.duplicates import similar_accounts
from tests.factories import make_account

pytestmark = pytest.mark.django_db


def alike(user: Person, name: str, domain: str = "") -> list[tuple[str, str]]:
    return [(hit.account.name, hit.because) for hit in similar_accounts(user, name=name, domain=domain)]


def test_same_domain_comes_first_then_same_then_similar_names(rae: Person) -> None:
    for name, domain in (("Northwind Bank", ""), ("Northwnd Bank AG", ""), ("NWB", "nwb.example"), ("Corvid", "")):
        make_account(name, domain=domain)
    assert alike(rae, "Northwind Bank Inc", "NWB.example") == [
        ("NWB", "domain"),
        ("Northwind Bank", "name"),
        ("Northwnd Bank AG", "similar"),
    ]


def test_nothing_alike_is_no_warning(rae: Person) -> None:
    make_account("Northwind Bank", domain="nwb.example")
    assert alike(rae, "Corvid Insurance", "corvid.example") == []
    assert alike(rae, "") == []


def test_somebody_without_a_role_learns_no_names(charlie: Person) -> None:
    make_account("Northwind Bank")
    assert alike(charlie, "Northwind Bank") == []


def test_it_is_one_query_whatever_there_is(rae: Person, django_assert_num_queries) -> None:
    for number in range(30):
        make_account(f"Northwind {number}")
    with django_assert_num_queries(1):
        alike(rae, "Northwind Bank", "nwb.example")
