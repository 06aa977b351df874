"""The world, made once for all modules; each request to it happens in a transaction that is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker

from reports.documents import printing
from tests.architecture.asking import Ask, asking
from tests.architecture.traces import taken_back
from tests.architecture.world import World, build
from tests.conftest import forget_playbooks
from tests.plugins.together import MODULES


@pytest.fixture(autouse=True, scope="package")
def _nothing_is_printed() -> Iterator[None]:
    """Who may have a document is told without Pango, and without the second it takes to load."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(printing, "pdf", lambda drawn, **_: b"%PDF-1.7")
        patch.setattr(printing, "warm", lambda: "")
        yield


@pytest.fixture(scope="package")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    forget_playbooks()
    with django_db_blocker.unblock(), taken_back():
        yield build()


@pytest.fixture(scope="package")
def ask(world: World) -> Ask:
    """Each write is asked for once, whichever tests want to know what came of it."""
    return asking(world)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents and "world" in getattr(item, "fixturenames", ()):
            assert item.path.stem in MODULES, f"{item.path.stem} needs the world: name it in tests/plugins/together.py"
