"""Fixtures of publishing and of drafts."""

from __future__ import annotations

import pytest
from django.test import Client

from crm.models import Person, PlaybookDraft
from crm.services import drafts
from crm.services.audit import Act
from playbook.schema import Playbook
from tests.conftest import SignIn, shipped_files


@pytest.fixture
def files(playbook: Playbook) -> dict[str, str]:
    """The playbook in force as its files."""
    return dict(shipped_files())


@pytest.fixture
def ops(otto: Person, sign_in: SignIn) -> Client:
    return sign_in(otto)


@pytest.fixture
def draft(otto: Person, playbook: Playbook) -> PlaybookDraft:
    return drafts.begin(act=Act(by=otto), name="Money first", base=1)


@pytest.fixture
def asked(eve: Person, playbook: Playbook) -> PlaybookDraft:
    return drafts.begin(act=Act(by=eve), name="Better questions", base=1)
