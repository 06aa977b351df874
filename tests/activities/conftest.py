"""Rae's deal with Aster Health, its account and a contact there: the three records things are written about."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from crm.models import Account, Contact, Person
from crm.services.audit import Act
from deals.models import Deal
from tests.deals.conftest import Page
from tests.factories import make_account, make_contact, make_deal

KINDS = ("deal", "account", "contact")


@pytest.fixture
def aster(playbook: object) -> Account:
    return make_account("Aster Health")


@pytest.fixture
def ines(aster: Account) -> Contact:
    return make_contact(aster, "Wolf", first_name="Ines", title="CIO", email="ines@aster.example")


@pytest.fixture
def deal(rae: Person, aster: Account) -> Deal:
    return make_deal(rae, account=aster)


@pytest.fixture
def records(deal: Deal, aster: Account, ines: Contact) -> dict[str, Any]:
    """By kind."""
    return {"deal": deal, "account": aster, "contact": ines}


@pytest.fixture
def act(rae: Person) -> Act:
    """Rae, now."""
    return Act(by=rae)


@pytest.fixture
def about(deal: Deal) -> tuple[str, int]:
    return ("deal", deal.pk)


@pytest.fixture
def browse(sign_in: Callable[[Person | None], Client]) -> Callable[[Person | None], Page]:
    return lambda person: Page(sign_in(person))


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Any) -> None:
    """Files of a test lie where only it looks."""
    settings.ATTACHMENTS_ROOT = tmp_path / "attachments"
