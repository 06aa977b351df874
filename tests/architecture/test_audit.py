"""Every change of a record that is kept in guard is told: by whom, and by which route."""

from __future__ import annotations

import pytest

from tests.architecture.access_table import TABLE, row_of
from tests.architecture.asking import table
from tests.architecture.test_access_matrix import NAMES, REFUSED

pytestmark = pytest.mark.django_db

UNGUARDED = {
    "crm.AuditEntry": "is the record itself",
    "crm.Job": "work, asked for by a change that is told",
    "crm.ImportedRow": "a ledger of its own",
    "crm.ImportRemark": "a ledger of its own",
    "crm.ImportRun": "a ledger of its own",
    "crm.BulkChange": "a ledger of its own; the worker that carries it out tells of each record",
    "crm.RehearsalRun": "a calculation that changes nothing",
    "battlecards.Use": "a ledger of its own: who read or copied what",
    "reports.Paper": "a ledger of its own",
    "reports.ScheduledPaper": "a ledger of its own",
    "crm.SentForm": "which forms were sent, so that none counts twice",
    "deals.DealScore": "computed",
    "calls.Entry": "a record of its own: who wrote it, when, and which revision stands; told once the call is over",
    "calls.Part": "the clock of a running call; what is planned is told of the call",
    "calls.Notebook": "counts the writes of notes",
}
"""Tables of ours whose changes need no audit row, with the reason."""
WRITES = [(name, method) for name in NAMES for method in (row_of(name) or TABLE[name]).writes]


@pytest.mark.parametrize("name, method", WRITES)
def test_a_change_leaves_its_audit_row(ask, name, method):
    write = table(name)[1].writes[method]
    who = next((one for one in ("rae", "mona", "otto", "eve") if write.answers[one] not in REFUSED), None)
    if who is None or not write.changes:
        return
    found = ask(name, method, who)
    changed = set(found.changed) - UNGUARDED.keys()
    if changed:
        route = "api" if name.startswith("api:") else "page"
        assert (who, route) in found.told, f"{changed} changed, told was: {set(found.told)}"
