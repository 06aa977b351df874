"""Tests that tell the same on any engine: ./dev test runs them on SQLite only, `./dev test --postgres` on PostgreSQL too.

The mark `any_engine` says why: what stands there is asked of no database, or of one by other tests on both engines. What locks,
commits or writes constraints can't be marked.
"""

from __future__ import annotations

import pytest


def pytest_itemcollected(item: pytest.Item) -> None:
    mark = item.get_closest_marker("any_engine")
    if mark is None:
        return
    database = item.get_closest_marker("django_db")
    commits = "transactional_db" in getattr(item, "fixturenames", ()) or (
        database and database.kwargs.get("transaction")
    )
    if len(mark.args) != 1 or not str(mark.args[0]).strip():
        raise pytest.UsageError(f'{item.nodeid}: say why: @pytest.mark.any_engine("...")')
    if commits:
        raise pytest.UsageError(f"{item.nodeid} commits, and engines differ in that: it runs on both.")
