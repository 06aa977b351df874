"""Drafts of playbooks: listed, begun, changed, rehearsed."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from crm.lib import keyset
from crm.lib.api.etags import Shown
from crm.lib.api.filters import one_of
from crm.lib.api.schema import listing, operation
from crm.lib.api.views import ApiView
from crm.lib.errors import Invalid
from crm.lib.keyset import Sort
from crm.models import DraftState, PlaybookDraft, RehearsalRun
from crm.queries import rehearsals as queries
from crm.queries.drafts import listed
from crm.rules import access
from crm.rules.rehearsal import KINDS
from crm.serializers.playbook import (
    DraftAnswer,
    DraftBody,
    DraftChangeBody,
    DraftRow,
    RehearsalAnswer,
    RehearsedAnswer,
)
from crm.services import drafts as services
from crm.services import rehearsals
from playbook.problems import PlaybookErrors

PATH = {"draft_id": "The draft's id."}
REHEARSAL_PATH = {"rehearsal_id": "The rehearsal's id."}


class DraftView(ApiView):
    def shown(self, draft_id: int) -> Shown:
        people = ("created_by", "updated_by", "based_on", "published_as")
        draft = PlaybookDraft.objects.select_related(*people).get(pk=draft_id)
        return Shown(DraftAnswer(draft).data, draft.version)

    def drafts(self) -> QuerySet[PlaybookDraft]:
        self.require(access.may_draft_questions)
        return listed()


class DraftList(DraftView):
    filters = (one_of("state", "What has become of it.", DraftState.values),)
    sorts = keyset.both_ways(Sort("updated", "Changed", ("updated_at",)))

    @listing(
        id="playbook_drafts_list",
        tag="playbook",
        says="Drafts of playbooks, the last changed first",
        rows=DraftRow,
        filters=filters,
        sorts=sorts,
    )
    def get(self, request: Request) -> Response:
        rows = self.drafts().filter(**self.wanted())
        return self.listed(rows, DraftRow, default="-updated")

    @operation(
        id="playbook_drafts_create",
        tag="playbook",
        says="Begin a draft from a version, or from YAML files over one",
        takes=DraftBody,
        answers=DraftAnswer,
        status=201,
    )
    def post(self, request: Request) -> Response:
        self.require(access.may_draft_questions, "Only enablement and operations draft playbooks.")
        values = self.body(DraftBody)
        texts = values.pop("files", None)
        base = values.pop("based_on")
        try:
            draft = services.begin(act=self.act(), base=base, texts=texts, **values)
        except PlaybookErrors as wrong:
            raise Invalid({"files": [f"{problem}." for problem in wrong.problems]}) from wrong
        except Invalid as wrong:
            raise Invalid({"based_on" if key == "base" else key: said for key, said in wrong.errors.items()}) from wrong
        address = reverse("api:playbook-draft", args=[draft.pk])
        return self.answer(self.shown(draft.pk), status=201, location=address)


class DraftDetail(DraftView):
    @operation(id="playbook_drafts_read", tag="playbook", says="One draft, whole", path=PATH, answers=DraftAnswer)
    def get(self, request: Request, draft_id: int) -> Response:
        self.drafts()
        return self.answer(self.shown(draft_id))

    @operation(
        id="playbook_drafts_update",
        tag="playbook",
        says="Change parts of a draft: all of it or nothing",
        path=PATH,
        takes=DraftChangeBody,
        answers=DraftAnswer,
        guarded=True,
    )
    def patch(self, request: Request, draft_id: int) -> Response:
        self.drafts()
        self.replace(lambda: self.shown(draft_id), lambda version: self._change(draft_id, version))
        return self.answer(self.shown(draft_id))

    def _change(self, draft_id: int, version: int) -> None:
        values = self.body(DraftChangeBody, partial=True)
        try:
            services.revise(
                act=self.act(),
                draft_id=draft_id,
                parts=values.pop("content", {}),
                moves=values.pop("moves", None),
                about=values,
                expected_version=version,
            )
        except PlaybookErrors as wrong:
            raise Invalid({"content": [f"{problem}." for problem in wrong.problems]}) from wrong


class DraftRehearse(ApiView):
    @operation(
        id="playbook_drafts_rehearse",
        tag="playbook",
        says="Ask a worker what publishing the draft would change on every open deal",
        path=PATH,
        answers=RehearsalAnswer,
        status=201,
        clashes=True,
    )
    def post(self, request: Request, draft_id: int) -> Response:
        self.require(access.may_rehearse_playbook)
        run = rehearsals.ask(act=self.act(), draft_id=draft_id)
        address = reverse("api:rehearsal", args=[run.pk])
        return self.answer(Shown(answer_of(run.pk)), status=201, location=address)


class RehearsalDetail(ApiView):
    @operation(
        id="rehearsals_read",
        tag="playbook",
        says="How far a rehearsal is, and what it found in sum",
        path=REHEARSAL_PATH,
        answers=RehearsalAnswer,
    )
    def get(self, request: Request, rehearsal_id: int) -> Response:
        self.require(access.may_rehearse_playbook)
        return self.answer(Shown(answer_of(rehearsal_id)))


class RehearsedList(ApiView):
    filters = (one_of("kind", "Only deals that change in this way.", KINDS),)
    sorts = queries.SORTS

    @listing(
        id="rehearsals_changes_list",
        tag="playbook",
        says="The deals that would change, before and after; the largest fall of a total first",
        rows=RehearsedAnswer,
        filters=filters,
        sorts=sorts,
        path=REHEARSAL_PATH,
    )
    def get(self, request: Request, rehearsal_id: int) -> Response:
        self.require(access.may_rehearse_playbook)
        run = RehearsalRun.objects.only("pk").get(pk=rehearsal_id)
        rows = queries.rows(run, queries.Wanted(kind=self.wanted().get("kind", "")))
        return self.listed(rows, RehearsedAnswer, default="moved")


def answer_of(rehearsal_id: int) -> dict[str, Any]:
    run = RehearsalRun.objects.select_related("draft", "against", "job").defer("data").get(pk=rehearsal_id)
    found = queries.summary(run)
    values = {
        **{name: getattr(run, name) for name in ("id", "day", "judged", "changed", "asked_at", "finished_at")},
        **queries.state(run, run.draft),
        "draft": run.draft_id,
        "against": run.against.number,
        "counts": {one.kind: one.count for one in found.kinds},
        "classes": {before: {after: count for after, count in cells if count} for before, cells in found.matrix},
        "sums": {currency: str(total or 0) for currency, _, total in found.money},
    }
    return dict(RehearsalAnswer(values).data)
