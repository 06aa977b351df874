"""The bin: what was deleted, and bringing it back."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from crm.lib import keyset
from crm.lib.api.filters import Filter
from crm.lib.api.schema import listing, operation
from crm.lib.api.views import ApiView
from crm.lib.keyset import Sort
from crm.queries.bin import goes_at, in_bin
from crm.registry import BinKind, bins
from crm.rules import access
from crm.serializers.bin import BinAnswer
from crm.services.bin import restore

KINDS = ("deal", "account", "contact")
READS_ONLY = "Your role deletes nothing, so nothing is in the bin for you."


def _kind(value: str) -> str:
    if value not in bins:
        raise ValueError(f"Choose one of: {', '.join(sorted(bins.keys()))}.")
    return value


def shown(kind: BinKind, row: Any) -> dict[str, Any]:
    said = {"kind": kind.key, "id": row.pk, "name": kind.name(row), "deleted_by": row.deleted_by_id}
    return dict(BinAnswer(said | {"deleted_at": row.deleted_at, "gone_at": goes_at(row)}).data)


class BinList(ApiView):
    filters = (Filter("kind", "The sort of record; deals unless given.", _kind, enum=KINDS),)
    sorts = keyset.both_ways(Sort("deleted", "Deleted", ("deleted_at",)))

    @listing(id="bin_list", tag="bin", says="What was deleted", rows=BinAnswer, filters=filters, sorts=sorts)
    def get(self, request: Request) -> Response:
        self.require(access.may_edit_accounts, READS_ONLY)
        kind = bins.get(self.wanted().get("kind", "deal"))
        return self.listed(
            in_bin(self.person, kind), lambda rows: [shown(kind, row) for row in rows], default="-deleted"
        )


class BinRestore(ApiView):
    @operation(
        id="bin_restore",
        tag="bin",
        says="Bring a deleted record back, with what went with it",
        path={"bin_kind": "deal, account or contact.", "binned_id": "The record's id."},
        answers=None,
        status=204,
        clashes=True,
    )
    def post(self, request: Request, bin_kind: str, binned_id: int) -> Response:
        self.require(access.may_edit_accounts, READS_ONLY)
        if bin_kind not in bins:
            raise Http404
        restore(act=self.act(), kind=bins.get(bin_kind), record_id=binned_id)
        return Response(status=204)
