"""Lists people live in: the views they saved, and changes and exports of many records at once."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.db.models import QuerySet
from django.http import FileResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from rest_framework.request import Request
from rest_framework.response import Response

from crm.lib import keyset
from crm.lib.api.errors import BadQuery
from crm.lib.api.etags import Shown
from crm.lib.api.filters import one_of, text
from crm.lib.api.schema import listing, operation
from crm.lib.api.views import ApiView
from crm.lib.downloads import download
from crm.lib.errors import Clash, Invalid
from crm.lib.keyset import Sort
from crm.lib.lists import NO_FILTERS
from crm.list_kinds import list_kinds, seen_kinds
from crm.models import BulkChange, SavedView
from crm.queries.bulk import WHICH, outcomes, own_changes
from crm.rules import access
from crm.serializers.lists import (
    BulkAnswer,
    BulkBody,
    NewViewBody,
    OutcomeAnswer,
    ViewAnswer,
    ViewBody,
)
from crm.services.bulk import ask, ask_undo, draw_up
from crm.services.exports import open_export
from crm.services.saved_views import create_view, delete_view, owned_view, update_view

PATH = {"view_id": "The view's id."}
BULK_PATH = {"bulk_id": "The change's id."}


class ViewsView(ApiView):
    def rows(self) -> QuerySet[SavedView]:
        kinds = seen_kinds(self.person.roles)
        return SavedView.objects.visible_to(self.person).filter(kind__in=kinds).select_related("owner")

    def shown(self, view_id: int) -> Shown:
        view = self.rows().get(pk=view_id)
        return Shown(ViewAnswer(view).data, view.version)


class ViewList(ViewsView):
    filters = (text("kind", "Of one list: deals, accounts or contacts."),)
    sorts = keyset.both_ways(Sort("name", "Name", ("name",)))

    @listing(
        id="views_list",
        tag="views",
        says="Saved views of lists: yours, and those shared with you",
        rows=ViewAnswer,
        filters=filters,
        sorts=sorts,
    )
    def get(self, request: Request) -> Response:
        asked = self.wanted()
        if asked.get("kind", "deals") not in list_kinds:
            raise BadQuery({"kind": f"Choose one of: {', '.join(list_kinds.keys())}."})
        rows = self.rows().filter(**asked)
        return self.listed(rows, ViewAnswer, default="name")

    @operation(
        id="views_create",
        tag="views",
        says="Save a list under a name",
        takes=NewViewBody,
        answers=ViewAnswer,
        status=201,
    )
    def post(self, request: Request) -> Response:
        self.require(access.sees_accounts)
        values = self.body(NewViewBody)
        view = create_view(act=self.act(), kind=values.pop("kind"), values=values)
        return self.answer(self.shown(view.pk), status=201, location=reverse("api:view", args=[view.pk]))


class ViewDetail(ViewsView):
    @operation(id="views_read", tag="views", says="One saved view", path=PATH, answers=ViewAnswer)
    def get(self, request: Request, view_id: int) -> Response:
        return self.answer(self.shown(view_id))

    @operation(
        id="views_update",
        tag="views",
        says="Rename a view, share it, or change what it shows",
        path=PATH,
        takes=ViewBody,
        answers=ViewAnswer,
        guarded=True,
    )
    def patch(self, request: Request, view_id: int) -> Response:
        owned_view(self.act(), self.rows(), view_id)
        self.replace(
            lambda: self.shown(view_id),
            lambda version: update_view(
                act=self.act(), view_id=view_id, values=self.body(ViewBody, partial=True), expected_version=version
            ),
        )
        return self.answer(self.shown(view_id))

    @operation(id="views_delete", tag="views", says="Delete a view", path=PATH, answers=None, status=204, guarded=True)
    def delete(self, request: Request, view_id: int) -> Response:
        owned_view(self.act(), self.rows(), view_id)
        self.replace(
            lambda: self.shown(view_id),
            lambda version: delete_view(act=self.act(), view_id=view_id, expected_version=version),
        )
        return Response(status=204)


class BulkView(ApiView):
    """One's own changes of many records. A change is asked for once and then only undone, so nothing here is guarded."""

    def rows(self) -> QuerySet[BulkChange]:
        return own_changes(self.person, seen_kinds(self.person.roles))

    def shown(self, bulk_id: int) -> Shown:
        return Shown(BulkAnswer(self.rows().get(pk=bulk_id)).data)


class BulkList(BulkView):
    sorts = keyset.both_ways(Sort("asked", "Asked for", ("id",)))

    @listing(
        id="bulk_changes_list",
        tag="bulk changes",
        says="Changes and exports of many records you asked for, the last first",
        rows=BulkAnswer,
        filters=(),
        sorts=sorts,
    )
    def get(self, request: Request) -> Response:
        return self.listed(self.rows(), BulkAnswer, default="-asked")

    @operation(
        id="bulk_changes_create",
        tag="bulk changes",
        says="Have a worker change or export many records",
        takes=BulkBody,
        answers=BulkAnswer,
        status=201,
    )
    def post(self, request: Request) -> Response:
        self.require(access.sees_accounts)
        values, act = self.body(BulkBody), self.act()
        query = urlencode(_query(values))
        with transaction.atomic():
            drawn = draw_up(act=act, kind=values["kind"], action=values["action"], ids=values.get("ids"), query=query)
            known = {column.key for column in list_kinds.get(drawn.kind).columns(self.person)}
            if strange := [name for name in values.get("columns", ()) if name not in known]:
                raise Invalid(
                    {"columns": f"There is no column {', '.join(strange)}. There are: {', '.join(sorted(known))}."}
                )
            ask(act=act, bulk_id=drawn.pk, value=values.get("value"), why=values.get("why", ""))
        address = reverse("api:bulk-change", args=[drawn.pk])
        return self.answer(self.shown(drawn.pk), status=201, location=address)


def _query(values: dict[str, Any]) -> dict[str, str]:
    """The query string's parts of what a body picks. Raises Invalid where it does not say which records it means, and for
    what its action does not take."""
    errors = {}
    if ("ids" in values) == ("filter" in values):
        errors["ids"] = "Name the records by their ids, or by a filter: one of the two."
    if strange := sorted(NO_FILTERS & set(values.get("filter", ()))):
        errors["filter"] = f"{', '.join(strange)} does not narrow a list."
    if values["action"] == "export" and "value" in values:
        errors["value"] = "An export sets no value."
    if values["action"] != "export" and "columns" in values:
        errors["columns"] = "Only an export has columns."
    if errors:
        raise Invalid(errors)
    columns = {"columns": ",".join(values["columns"])} if values.get("columns") else {}
    return {**values.get("filter", {}), **columns}


class BulkDetail(BulkView):
    @operation(
        id="bulk_changes_read",
        tag="bulk changes",
        says="How far a change of many records is",
        path=BULK_PATH,
        answers=BulkAnswer,
    )
    def get(self, request: Request, bulk_id: int) -> Response:
        return self.answer(self.shown(bulk_id))


class BulkOutcomes(BulkView):
    filters = (one_of("show", "Only those changed, skipped, or kept by the undo.", WHICH),)
    sorts = keyset.both_ways(Sort("record", "Record", ("object_id",)))

    @listing(
        id="bulk_changes_outcomes",
        tag="bulk changes",
        says="What became of each record, and why one was left as it was",
        rows=OutcomeAnswer,
        filters=filters,
        sorts=sorts,
        path=BULK_PATH,
    )
    def get(self, request: Request, bulk_id: int) -> Response:
        rows = outcomes(self.rows().get(pk=bulk_id), self.wanted().get("show", ""))
        return self.listed(rows, OutcomeAnswer, default="record")


class BulkUndo(BulkView):
    @operation(
        id="bulk_changes_undo",
        tag="bulk changes",
        says="Have a worker put back what nobody has touched since",
        path=BULK_PATH,
        answers=BulkAnswer,
        clashes=True,
        tagged=False,
    )
    def post(self, request: Request, bulk_id: int) -> Response:
        self.rows().get(pk=bulk_id)
        ask_undo(act=self.act(), bulk_id=bulk_id)
        return self.answer(self.shown(bulk_id))


class BulkFile(BulkView):
    @operation(
        id="bulk_changes_file",
        tag="bulk changes",
        says="The file of an export",
        path=BULK_PATH,
        answers=OpenApiTypes.BINARY,
        tagged=False,
        media="text/csv",
        clashes=True,
    )
    def get(self, request: Request, bulk_id: int) -> FileResponse:
        bulk = self.rows().get(pk=bulk_id)
        opened = open_export(bulk)
        if opened is None:
            raise Clash("There is no file: it is still being written, or its week is over. Export the list again.")
        return download(opened, name=f"{bulk.kind}-{bulk.pk}.csv", content_type="text/csv")
