"""What pytest-django sets up around every test for marks and helpers nobody uses here, set up once instead."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True, scope="session")
def _django_isolate_apps() -> None:
    """Of the mark django_isolate_apps."""


@pytest.fixture(autouse=True, scope="session")
def _django_set_urlconf() -> None:
    """Of the mark urls."""


@pytest.fixture(autouse=True, scope="session")
def _template_string_if_invalid_marker() -> None:
    """Of the mark ignore_template_errors."""


@pytest.fixture(autouse=True, scope="session")
def _django_clear_site_cache() -> None:
    """Of django.contrib.sites."""


@pytest.fixture(autouse=True, scope="session")
def _live_server_helper() -> None:
    """Of the fixture live_server; tests/browser has a server of its own."""
