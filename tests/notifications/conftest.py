"""Rae's deal, and what people find in their bell."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crm.models import Notification, Person
from deals.models import Deal
from tests.deals.conftest import Page
from tests.factories import make_account, make_deal


@pytest.fixture
def deal(rae: Person) -> Deal:
    return make_deal(rae, account=make_account("Aster Health"))


@pytest.fixture
def browse(sign_in: Callable) -> Callable[[Person | None], Page]:
    return lambda person: Page(sign_in(person))


@pytest.fixture
def told() -> Callable[[Person], list[tuple[str, str]]]:
    """Kind and text of all somebody was told, the first one first."""

    def of(person: Person) -> list[tuple[str, str]]:
        return list(Notification.objects.filter(to=person).order_by("pk").values_list("kind", "text"))

    return of
