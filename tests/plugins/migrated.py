"""The test database: migrated once per engine (tests/plugins/kept.py), then copied for each process that wants one.

Running every migration takes a process longer than most modules' tests. What is copied lives no longer than the run: the
template lies in the run's own folder, or in PostgreSQL under a name made from it, and is dropped at the end. Called as a
program it only makes the template, so that a run can make both engines' at once while no test waits for them.
"""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db import connection

from tests.plugins import kept

LOCK = Path(settings.VAR_DIR) / f"template.{connection.vendor}.lock"


@contextmanager
def database(ending: str = "") -> Iterator[None]:
    """Makes the default connection lead to a fresh copy; dropped afterwards, when it leads again where it did. Several
    processes may ask at once, and within one process one may ask while another's lasts if its name has another ending."""
    mine, original = f"{_creation()._get_test_db_name()}{ending}", connection.settings_dict["NAME"]
    make_template()
    with _one_at_a_time():
        _copy(mine)
    _lead_to(mine)
    try:
        yield
    finally:
        _creation().destroy_test_db(original, verbosity=0)


def make_template() -> None:
    with _one_at_a_time():
        if not _exists(_template()):
            _migrate(connection.settings_dict["NAME"])


def forget() -> None:
    """Drops the template where it would outlive the run's folder: on a PostgreSQL server."""
    if connection.vendor == "postgresql" and LOCK.exists():
        with _creation()._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {_quoted(_template())}")


def _template() -> str:
    folder = Path(settings.VAR_DIR)
    return f"template_{folder.name}" if connection.vendor == "postgresql" else str(folder / "template.sqlite3")


def _migrate(original: str) -> None:
    """Makes the template under another name first, so that one that was cut short is never taken for whole."""
    unfinished = f"{_template()}_unfinished"
    usual, connection.settings_dict["TEST"]["NAME"] = connection.settings_dict["TEST"]["NAME"], unfinished
    try:
        if not kept.load(unfinished):
            _creation().create_test_db(verbosity=0, autoclobber=True, serialize=False)
            _store_playbooks_as_they_are()
            connection.close()  # so that SQLite's journal is in the file that is kept
            kept.keep(unfinished)
    finally:
        connection.settings_dict["TEST"]["NAME"] = usual
        _lead_to(original)
    if connection.vendor == "postgresql":
        with _creation()._nodb_cursor() as cursor:
            cursor.execute(f"ALTER DATABASE {_quoted(unfinished)} RENAME TO {_quoted(_template())}")
    else:
        Path(unfinished).rename(_template())  # one file: its journal went with the last connection


def _store_playbooks_as_they_are() -> None:
    """Nearly every test stores one, a quarter of a megabyte; to compress it takes PostgreSQL as long as to parse it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE crm_playbookversion ALTER COLUMN data SET STORAGE EXTERNAL")


def _exists(name: str) -> bool:
    if connection.vendor != "postgresql":
        return Path(name).exists()
    with _creation()._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def _copy(name: str) -> None:
    if connection.vendor != "postgresql":
        shutil.copyfile(_template(), name)
        return
    with _creation()._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {_quoted(name)}")
        cursor.execute(f"CREATE DATABASE {_quoted(name)} TEMPLATE {_quoted(_template())}")


def _lead_to(name: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def _creation() -> Any:
    """What makes test databases on this engine. What is used of it is the same in all Django versions since 1.8, though not
    public."""
    return connection.creation


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    with LOCK.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    django.setup()
    make_template()
