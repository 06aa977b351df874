"""Notes."""

from __future__ import annotations

from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from activities.api.base import FILTERS, SORTS, EntryApi
from activities.models import Note
from activities.serializers.about import about
from activities.serializers.entries import NoteAnswer, NoteBody, NoteNew
from activities.services.notes import create_note, delete_note, update_note
from crm.lib.api.schema import listing, operation

PATH = {"note_id": "The note's id."}


class NoteApi(EntryApi):
    model = Note
    answer_shape = NoteAnswer
    many = ("mentions",)


class NoteList(NoteApi):
    filters = FILTERS
    sorts = SORTS

    @listing(id="notes_list", tag="notes", says="Notes, newest first", rows=NoteAnswer, filters=FILTERS, sorts=SORTS)
    def get(self, request: Request) -> Response:
        return self.listed(self.rows().filter(**self.wanted()), self.show, default="-at")

    @operation(id="notes_create", tag="notes", says="Write a note", takes=NoteNew, answers=NoteAnswer, status=201)
    def post(self, request: Request) -> Response:
        self.adds()
        values = self.body(NoteNew)
        note = create_note(act=self.act(), about=about(values), values=values)
        return self.answer(self.shown(note.pk), status=201, location=reverse("api:note", args=[note.pk]))


class NoteDetail(NoteApi):
    @operation(id="notes_read", tag="notes", says="One note", path=PATH, answers=NoteAnswer)
    def get(self, request: Request, note_id: int) -> Response:
        return self.answer(self.shown(note_id))

    @operation(
        id="notes_update",
        tag="notes",
        says="Change a note",
        path=PATH,
        takes=NoteBody,
        answers=NoteAnswer,
        guarded=True,
    )
    def patch(self, request: Request, note_id: int) -> Response:
        self.change(
            note_id,
            lambda version: update_note(
                act=self.act(), note_id=note_id, values=self.body(NoteBody, partial=True), expected_version=version
            ),
        )
        return self.answer(self.shown(note_id))

    @operation(id="notes_delete", tag="notes", says="Delete a note", path=PATH, answers=None, status=204, guarded=True)
    def delete(self, request: Request, note_id: int) -> Response:
        self.change(note_id, lambda version: delete_note(act=self.act(), note_id=note_id, expected_version=version))
        return Response(status=204)
