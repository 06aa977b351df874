"""The shipped playbook, read once; rules need no database."""

from __future__ import annotations

import pytest

from playbook.schema import Playbook
from playbook.schema.qualification import Bant
from tests.rules.worlds import SHIPPED


@pytest.fixture(scope="session")
def playbook() -> Playbook:
    return SHIPPED


@pytest.fixture(scope="session")
def bant() -> Bant:
    return SHIPPED.bant
