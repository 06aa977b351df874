"""Python's search for cycles, less often: with all of the product and its tests in memory it took a sixth of the time."""

from __future__ import annotations

import gc

import pytest

NEW_OBJECTS, TIMES = 50_000, 20
"""After how many objects, and how many searches among the young, it looks; Python's own 700 suits small programs."""

gc.set_threshold(NEW_OBJECTS, TIMES, TIMES)


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is there before the first test stays until the last."""
    gc.collect()
    gc.freeze()
