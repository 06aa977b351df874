"""Reports as PDFs, and those that come by mail: one's own."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from crm.lib import keyset
from crm.lib.api.etags import Shown
from crm.lib.api.schema import listing, operation
from crm.lib.api.views import ApiView
from crm.lib.errors import Invalid
from crm.lib.keyset import Sort
from crm.lib.texts import storable
from crm.rules import access
from reports.models import Paper, PaperSchedule
from reports.paper_kinds import Pack, asks_of, may_have, pack_of
from reports.paper_parts import asked_again_of, asked_of
from reports.paper_serializers import PaperBody, PaperRow, ScheduleBody, ScheduleRow
from reports.queries.papers import papers_of
from reports.queries.schedules import asked_again, schedules_of
from reports.services import report_papers, schedules
from reports.services.paper_shelf import shown

PAPER, SCHEDULE = {"paper_id": "The paper's id."}, {"schedule_id": "The schedule's id."}


class Papers(ApiView):
    sorts = keyset.both_ways(Sort("asked", "Asked for", ("asked_at",)))

    @listing(id="papers_list", tag="reports", says="One's reports as PDFs", rows=PaperRow, filters=(), sorts=sorts)
    def get(self, request: Request) -> Response:
        self.require(access.reads_reports)
        return self.listed(papers_of(self.person), self._show, default="-asked")

    @operation(
        id="papers_make",
        tag="reports",
        says="Have a report made as a PDF",
        takes=PaperBody,
        answers=PaperRow,
        status=201,
        tagged=False,
        clashes=True,
    )
    def post(self, request: Request) -> Response:
        self.require(access.reads_reports)
        body = self.body(PaperBody)
        pack = _pack(body["kind"])
        self.require(lambda roles: may_have(pack, roles), report_papers.NO_LONGER)
        given = body.get("asked", {})
        wanted, form = asked_of(pack, self.person, given)
        _refuse(given, asks_of(pack), form.errors)
        paper = report_papers.ask(act=self.act(), key=pack.key, asked=wanted.given(as_of=wanted.as_of))
        address = reverse("api:paper", args=[paper.pk])
        return Response(self._show([paper])[0], status=201, headers={"Location": address})

    def _show(self, rows: list[Paper]) -> list[Any]:
        now = timezone.now()
        return [PaperRow(shown(row, self.person, now)).data for row in rows]


class PaperDetail(ApiView):
    @operation(id="papers_read", tag="reports", says="One paper", path=PAPER, answers=PaperRow)
    def get(self, request: Request, paper_id: int) -> Response:
        self.require(access.reads_reports)
        paper = papers_of(self.person).filter(pk=paper_id).first()
        one = shown(paper, self.person, timezone.now()) if paper else None
        if one is None or not one.reads:
            raise Http404
        return self.answer(Shown(PaperRow(one).data))


class Schedules(ApiView):
    sorts = keyset.both_ways(Sort("made", "Made", ("made_at",)))

    @listing(
        id="paper_schedules_list",
        tag="reports",
        says="One's papers by mail",
        rows=ScheduleRow,
        filters=(),
        sorts=sorts,
    )
    def get(self, request: Request) -> Response:
        self.require(access.reads_reports)
        return self.listed(schedules_of(self.person), ScheduleRow, default="-made")

    @operation(
        id="paper_schedules_set_up",
        tag="reports",
        says="Have a paper come by mail",
        takes=ScheduleBody,
        answers=ScheduleRow,
        status=201,
        clashes=True,
    )
    def post(self, request: Request) -> Response:
        self.require(access.reads_reports)
        body = self.body(ScheduleBody)
        kind = body.pop("kind")
        pack = _pack(kind)
        self.require(lambda roles: may_have(pack, roles), schedules.NOT_READ)
        body.pop("active", None)
        made = schedules.set_up(act=self.act(), kind=kind, values=_values(self, pack, {"asked": {}, **body}))
        address = reverse("api:paper-schedule", args=[made.pk])
        return self.answer(Shown(ScheduleRow(made).data, made.version), status=201, location=address)


class ScheduleDetail(ApiView):
    @operation(id="paper_schedules_read", tag="reports", says="One paper by mail", path=SCHEDULE, answers=ScheduleRow)
    def get(self, request: Request, schedule_id: int) -> Response:
        return self.answer(self._shown(schedule_id))

    @operation(
        id="paper_schedules_change",
        tag="reports",
        says="Change when, what and to whom; have it rest or go on",
        path=SCHEDULE,
        takes=ScheduleBody,
        answers=ScheduleRow,
        guarded=True,
    )
    def patch(self, request: Request, schedule_id: int) -> Response:
        self.replace(lambda: self._shown(schedule_id), lambda version: self._write(schedule_id, version))
        return self.answer(self._shown(schedule_id))

    @operation(
        id="paper_schedules_end",
        tag="reports",
        says="End a paper by mail",
        path=SCHEDULE,
        answers=None,
        status=204,
        guarded=True,
    )
    def delete(self, request: Request, schedule_id: int) -> Response:
        self.replace(
            lambda: self._shown(schedule_id),
            lambda version: schedules.end(act=self.act(), schedule_id=schedule_id, expected_version=version),
        )
        return Response(status=204)

    def _write(self, schedule_id: int, version: int) -> PaperSchedule:
        body = self.body(ScheduleBody, partial=True)
        if "kind" in body:
            raise Invalid({"kind": "A schedule keeps its report. Set up another one."})
        active, row = body.pop("active", None), self._row(schedule_id)
        done = row
        if body:
            values = _values(self, _pack(row.kind), body)
            done = schedules.change(act=self.act(), schedule_id=schedule_id, values=values, expected_version=version)
        if active is not None:
            do = schedules.resume if active else schedules.pause
            done = do(act=self.act(), schedule_id=schedule_id, expected_version=done.version if body else version)
        return done

    def _row(self, schedule_id: int) -> PaperSchedule:
        self.require(access.reads_reports)
        row = schedules_of(self.person).filter(pk=schedule_id).first()
        if row is None:
            raise Http404
        return row

    def _shown(self, schedule_id: int) -> Shown:
        row = self._row(schedule_id)
        return Shown(ScheduleRow(row).data, row.version)


def _pack(key: str) -> Pack:
    pack = pack_of(key)
    if pack is None:
        raise Invalid({"kind": "There is no such report."})
    return pack


def _values(view: ApiView, pack: Pack, body: dict[str, Any]) -> dict[str, Any]:
    values = dict(body)
    if "to_team" in values:
        values["to_team"] = schedules.team_named(values["to_team"])
    if "asked" in values:
        wanted, form = asked_again_of(pack, view.person, values["asked"])
        _refuse(values["asked"], asked_again(asks_of(pack)), form.errors)
        values["asked"] = wanted.given()
    return values


def _refuse(given: dict[str, str], asks: tuple[str, ...], errors: Any) -> None:
    # A name that can't be stored can't be said again either: no answer could carry it.
    others = sorted(name if storable(name) else "?" for name in set(given) - set(asks))
    unknown = {name: f"This report takes: {', '.join(asks)}." for name in others}
    wrong = {name: " ".join(map(str, said)) for name, said in errors.items()} | unknown
    if wrong:
        raise Invalid({"asked": [f"{name}: {said}" for name, said in wrong.items()]})
