"""What a request left behind in our tables."""

from __future__ import annotations

import hashlib
import time

from django.apps import apps
from django.db import connection
from django.db.models import Model

from crm.models import Heartbeat
from tests.architecture.world import APPS


def tables() -> list[type[Model]]:
    """Every table of ours but sessions' and heartbeats'."""
    return [model for app in APPS for model in apps.get_app_config(app).get_models() if model is not Heartbeat]


def writes() -> int:
    """How many rows were written on this connection so far, be they taken back or not: where two looks give the same
    number nothing was written in between, and no fingerprint needs to be taken. Only SQLite counts; elsewhere no two
    looks are equal."""
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        return int(connection.connection.total_changes)
    return time.monotonic_ns()


def fingerprint() -> dict[str, str]:
    """A digest of every row of every table of ours: equal before and after means that nothing was written.

    Playbooks' contents are left out (no row of them can be changed) and when somebody last signed in.
    """
    found = {}
    for model in tables():
        hidden = {"data", "last_login"} & {field.name for field in model._meta.concrete_fields}
        names = [field.attname for field in model._meta.concrete_fields if field.name not in hidden]
        rows = repr(list(model._default_manager.order_by("pk").values_list(*names)))
        found[model._meta.label] = hashlib.blake2b(rows.encode(), digest_size=8).hexdigest()
    return found
