"""Merging accounts and contacts, and undoing it."""

from __future__ import annotations

from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from crm.lib import keyset
from crm.lib.api.etags import Shown
from crm.lib.api.schema import listing, operation
from crm.lib.api.views import ApiView
from crm.lib.keyset import Sort
from crm.queries.merging import merges_of
from crm.rules import access
from crm.serializers.merging import MergeAnswer, MergeBody
from crm.services.merging import merge, undo_merge

READS_ONLY = "Your role reads accounts and contacts; it does not merge them."
PATH = {"merge_id": "The merge's id."}


class MergeView(ApiView):
    def shown(self, merge_id: int) -> Shown:
        return Shown(MergeAnswer(merges_of(self.person).get(pk=merge_id)).data)


class MergeList(MergeView):
    sorts = keyset.both_ways(Sort("made", "Merged", ("made_at",)))

    @listing(id="merges_list", tag="merges", says="Merges", rows=MergeAnswer, filters=(), sorts=sorts)
    def get(self, request: Request) -> Response:
        self.require(access.may_edit_accounts, READS_ONLY)
        return self.listed(merges_of(self.person), MergeAnswer, default="-made")

    @operation(
        id="merges_create",
        tag="merges",
        says="Merge two accounts, or two contacts of one account",
        takes=MergeBody,
        answers=MergeAnswer,
        status=201,
    )
    def post(self, request: Request) -> Response:
        self.require(access.may_edit_accounts, READS_ONLY)
        values = self.body(MergeBody)
        survivor, loser = values.pop("survivor"), values.pop("loser")
        done = merge(act=self.act(), survivor_id=survivor, loser_id=loser, **values)
        return self.answer(self.shown(done.pk), status=201, location=reverse("api:merge", args=[done.pk]))


class MergeDetail(MergeView):
    @operation(id="merges_read", tag="merges", says="One merge", path=PATH, answers=MergeAnswer)
    def get(self, request: Request, merge_id: int) -> Response:
        self.require(access.may_edit_accounts, READS_ONLY)
        return self.answer(self.shown(merge_id))


class MergeUndo(MergeView):
    @operation(
        id="merges_undo",
        tag="merges",
        says="Make two records of one again",
        path=PATH,
        answers=MergeAnswer,
        clashes=True,
        tagged=False,
    )
    def post(self, request: Request, merge_id: int) -> Response:
        self.require(access.may_edit_accounts, READS_ONLY)
        self.shown(merge_id)
        undo_merge(act=self.act(), merge_id=merge_id)
        return self.answer(self.shown(merge_id))
