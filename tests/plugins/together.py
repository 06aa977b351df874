"""Which tests pytest-xdist keeps in one process: those of one function, and all that share the world of tests/architecture.

Its own way of saying so, the mark `xdist_group`, is lost under pytest 9.2 (pytest-xdist#1386), and whoever
schedules knows no more of a test than its id. The largest groups begin first, so that none is left over at the end.
"""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

WORLD = "tests/architecture"
READINGS = "tests/architecture/test_writes.py"
"""All of the product's code is read once for its tests."""
MODULES = ("test_access_matrix", "test_audit", "test_deleted", "test_forms_open", "test_models", "test_queries")
"""Those whose tests ask for the world, which takes longer to make than most of them to run."""


class Together(LoadScopeScheduling):  # type: ignore[misc] # has no types of its own
    def _split_scope(self, nodeid: str) -> str:
        return scope(nodeid)


def scope(nodeid: str) -> str:
    if nodeid.startswith(tuple(f"{WORLD}/{module}.py::" for module in MODULES)):
        return WORLD
    if nodeid.startswith(READINGS):
        return READINGS
    if nodeid.startswith("tests/browser/"):
        return nodeid  # each takes seconds, and most are cases of one function
    return nodeid.split("[", 1)[0]


@pytest.hookimpl
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling | None:
    return Together(config, log) if config.getvalue("dist") == "loadgroup" else None
