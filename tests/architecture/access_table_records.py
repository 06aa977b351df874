"""The access table's part on what becomes of records: deleted, restored, merged, and their history."""

from __future__ import annotations

from typing import Any

from tests.architecture.access_rows import Row, form, meets_people, operations, same, sells, who
from tests.architecture.world import World


def fields_of_merge(world: World) -> dict[str, Any]:
    """The contact keeps each of its own values."""
    names = ("first_name", "last_name", "title", "persona", "reports_to")
    return {f"take-{name}": "survivor" for name in names}


RECORDS = {
    "account-delete": Row(
        who(403, mona=200, otto=200), form(who(403, mona=302, otto=302), lambda w: {"with_all": "on"})
    ),
    "contact-delete": Row(sells(), form(sells(302))),
    "duplicate-list": Row(sells()),
    "duplicate-look": Row(same(405), form(sells(302))),
    "duplicate-not-same": Row(same(405), form(sells(302))),
    "record-merge": Row(sells(), form(sells(302), fields_of_merge)),
    "merge-list": Row(sells()),
    "merge-detail": Row(sells(remy=404, rae=404, mona=404), form(sells(302, remy=404, rae=404, mona=404))),
    "account-history": Row(meets_people()),
    "contact-history": Row(meets_people()),
    "audit": Row(operations()),
    "bin": Row(sells()),
    "bin-restore": Row(same(405), form(sells(302, remy=404), args=lambda w: {"binned_id": w.deleted.pk})),
}
