"""What a request left behind in our tables, and how it is taken back."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model

from crm.models import Heartbeat
from tests.architecture.world import APPS

HIDDEN = frozenset({"data", "last_login"})


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
    with connection.cursor() as cursor:
        for label, question in _questions().items():
            cursor.execute(question)
            found[label] = hashlib.blake2b(repr(cursor.fetchall()).encode(), digest_size=8).hexdigest()
    return found


@lru_cache(maxsize=1)
def _questions() -> dict[str, str]:
    """What reads a table, by its model's label. Written once: Django takes far longer to say it than a database to answer."""
    quoted, found = connection.ops.quote_name, {}
    for model in tables():
        columns = [quoted(str(field.column)) for field in model._meta.concrete_fields if field.name not in HIDDEN]
        key = quoted(str(model._meta.pk.column))
        found[model._meta.label] = f"SELECT {', '.join(columns)} FROM {quoted(model._meta.db_table)} ORDER BY {key}"
    return found


@contextmanager
def taken_back() -> Iterator[None]:
    """Whatever is written in the block is gone after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
