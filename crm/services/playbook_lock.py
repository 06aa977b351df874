"""Keeps the playbook in force in force while something is written by it.

Who writes a stage or a reason reads which there are, then writes one. Without a lock a version published in between would
have sent every row of a dropped stage on, and the row written a moment later would stand in a stage that no longer exists.
So such a write holds the lock shared, before it reads the playbook, and publishing holds it alone: either the write comes
first and its row is moved along with the others, or it reads the new version.
"""

from __future__ import annotations

from django.db import connection

KEY = 0x51_44_50_42
"""Any number that no other advisory lock of this database has."""


def hold_for_writing() -> None:
    """Call it in the transaction of a write that names entries of the playbook, before anything else is locked or read."""
    _lock("pg_advisory_xact_lock_shared")


def hold_for_publishing() -> None:
    """Call it first in the transaction that publishes; it waits for the writes that have begun."""
    _lock("pg_advisory_xact_lock")


def _lock(function: str) -> None:
    if connection.vendor != "postgresql":
        return  # SQLite's transactions hold the one write lock from their first statement
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [KEY])
