"""Fixtures of publishing."""

from __future__ import annotations

import pytest
from django.test import Client

from crm.models import Person
from playbook.schema import Playbook
from tests.conftest import SignIn, shipped_files


@pytest.fixture
def files(playbook: Playbook) -> dict[str, str]:
    """The playbook in force as its files."""
    return dict(shipped_files())


@pytest.fixture
def ops(otto: Person, sign_in: SignIn) -> Client:
    return sign_in(otto)
