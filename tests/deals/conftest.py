"""Rae's deal with Aster Health, and browsers to look at it with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from crm.models import Account, Contact, Person
from crm.services.audit import Act
from deals.models import Deal
from tests.factories import make_account, make_contact, make_deal


@pytest.fixture
def aster(playbook: object) -> Account:
    """An enterprise with 1,200 virtual machines on VMware."""
    return make_account("Aster Health", facts={"vm_count": 1200, "current_platform": "vmware"})


@pytest.fixture
def ines(aster: Account) -> Contact:
    return make_contact(aster, "Wolf", first_name="Ines", title="CIO", persona="cio")


@pytest.fixture
def deal(rae: Person, aster: Account) -> Deal:
    """Open in discovery since the middle of June, 926,606.25 USD, closing at the end of the year."""
    return make_deal(rae, account=aster)


@pytest.fixture
def by() -> Callable[..., Act]:
    """An act of somebody at a moment: by(rae, days=3) three days ago."""

    def made(person: Person, *, days: float = 0, why: str = "") -> Act:
        return Act(by=person, at=timezone.now() - dt.timedelta(days=days), why=why)

    return made


class Page:
    """A browser of somebody: `get` and `post` by address, htmx or not."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def get(self, path: str, *, htmx: bool = False, **query: Any) -> Any:
        return self.client.get(path, query, headers=_headers(htmx))

    def post(self, path: str, data: dict[str, Any] | None = None, *, htmx: bool = False) -> Any:
        return self.client.post(path, data or {}, headers=_headers(htmx))

    def text(self, path: str, **query: Any) -> str:
        answer = self.get(path, **query)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return " ".join(answer.content.decode().split())


def _headers(htmx: bool) -> dict[str, str]:
    return {"HX-Request": "true"} if htmx else {}


@pytest.fixture
def browse(sign_in: Callable[[Person | None], Client]) -> Callable[[Person | None], Page]:
    return lambda person: Page(sign_in(person))


@pytest.fixture
def rae_page(rae: Person, browse: Callable[[Person | None], Page]) -> Page:
    return browse(rae)
