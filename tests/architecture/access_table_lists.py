"""The access table's part of saved views, bulk changes and exports."""

from __future__ import annotations

from tests.architecture.access_rows import Answers, Row, Write, by_api, deal_changed, form, same, sells, who


def view_owned(status: int = 200) -> Answers:
    """Rae's view, shared with everybody: others see it and may not change it."""
    return who(403, rae=status)


def api(answers: Answers, **writes: Write) -> Row:
    return Row(by_api(answers), writes, kind="data")


LISTS = {
    "view-list": Row(who(200), form(who(302), lambda w: {"name": "Big ones", "shared": "nobody"})),
    "list-columns": Row(who(200)),
    "view-edit": Row(view_owned(), form(view_owned(302), lambda w: {"name": "Small ones", "shared": "team"})),
    "view-update": Row(same(405), form(view_owned(302), lambda w: {"query": "state=won"})),
    "view-move": Row(same(405), form(view_owned(302), lambda w: {"to": "up"}, changes=False)),
    "view-delete": Row(same(405), form(view_owned(302))),
    "bulk-list": Row(who(200)),
    "bulk-new": Row(same(405), form(sells(302), lambda w: {"action": "close_date", "ids": [w.deal.pk]})),
    "bulk-detail": Row(
        who(404, rae=200),
        form(who(404, rae=302), lambda w: {"value": "2027-03-31"}, lambda w: {"bulk_id": w.lists.picked.pk}),
    ),
    "bulk-undo": Row(same(405), form(who(404, rae=302))),
    "account-cell": Row(
        sells(302),
        form(sells(302), lambda w: {"segment": "edge"}, lambda w: {"field": "segment"}),
        args=lambda w: {"field": "segment"},
    ),
    "contact-cell": Row(
        sells(302),
        form(sells(302), lambda w: {"phone": "112"}, lambda w: {"field": "phone"}),
        args=lambda w: {"field": "phone"},
    ),
    "bulk-file": Row(who(404, rae=200), kind="data", args=lambda w: {"bulk_id": w.lists.export.pk}),
}
API_LISTS = {
    "views": api(
        who(200, charlie=200),
        POST=Write(by_api(who(201)), lambda w: {"kind": "deals", "name": "Big ones", "query": "state=won"}),
    ),
    "view": api(
        who(200),
        PATCH=Write(by_api(view_owned()), lambda w: {"shared": "team"}),
        DELETE=Write(by_api(view_owned(204))),
    ),
    "bulk-changes": api(
        who(200, charlie=200),
        POST=Write(
            by_api(sells(201)),
            lambda w: {"kind": "deals", "action": "close_date", "ids": [w.deal.pk], "value": "2027-03-31"},
        ),
    ),
    "bulk-change": api(who(404, rae=200)),
    "bulk-change-outcomes": api(who(404, rae=200)),
    "bulk-change-undo": api(same(405), POST=Write(by_api(who(404, rae=200)))),
    "bulk-change-file": Row(by_api(who(404, rae=200)), kind="data", args=lambda w: {"bulk_id": w.lists.export.pk}),
}
CELL = Row(
    deal_changed(302),
    form(
        deal_changed(302),
        lambda w: {"next_step": "Call Ines", "version": w.deal.version, "started_from": '{"next_step": ""}'},
    ),
    args=lambda w: {"field": "next_step"},
)
"""A cell of the list of deals; in a browser of its own the deal's form stands there instead."""
