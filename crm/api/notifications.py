"""What one was told: listing, and marking as read."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from crm.lib import keyset
from crm.lib.api.filters import one_of
from crm.lib.api.schema import listing, operation
from crm.lib.api.views import ApiView
from crm.lib.keyset import Sort
from crm.models import Notification, NotificationKind
from crm.queries.notifications import Told, as_seen, of_person, unread_count
from crm.rules import access
from crm.serializers.notifications import NotificationAnswer, ReadAnswer, ReadBody
from crm.services.notifications import mark_all_read, mark_read


class NotificationList(ApiView):
    filters = (
        one_of("kind", "What it is of.", NotificationKind.values),
        one_of("state", "unread: only those not read yet.", ("unread",)),
    )
    sorts = keyset.both_ways(Sort("at", "When", ("at",)))

    @listing(
        id="notifications_list",
        tag="notifications",
        says="What you were told, newest first",
        rows=NotificationAnswer,
        filters=filters,
        sorts=sorts,
    )
    def get(self, request: Request) -> Response:
        asked = self.wanted()
        rows = of_person(self.person, kind=asked.get("kind", ""), unread=bool(asked.get("state")))
        if not self.person.roles:
            rows = rows.none()

        def show(found: list[Notification]) -> list[Any]:
            return list(NotificationAnswer([_shown(one) for one in as_seen(self.person, found)], many=True).data)

        return self.listed(rows, show, default="-at")


class NotificationRead(ApiView):
    @operation(
        id="notifications_read",
        tag="notifications",
        says="Mark notifications as read or unread",
        takes=ReadBody,
        answers=ReadAnswer,
        tagged=False,
    )
    def post(self, request: Request) -> Response:
        self.require(access.sees_accounts)
        values = self.body(ReadBody)
        if "ids" in values:
            changed = mark_read(act=self.act(), ids=values["ids"], is_read=values["read"])
        else:
            changed = mark_all_read(act=self.act()) if values["read"] else 0
        return Response(ReadAnswer({"changed": changed, "unread": unread_count(self.person)}).data)


def _shown(told: Told) -> dict[str, Any]:
    """Nothing of what somebody lost sight of but that there was something."""
    row, gone = told.row, told.is_gone and bool(told.row.about_kind)
    return {
        "id": row.pk,
        "kind": row.kind,
        "text": told.text,
        "url": told.url,
        "about_kind": None if gone else row.about_kind or None,
        "about_id": None if gone else row.about_id,
        "at": row.at,
        "read_at": row.read_at,
    }
