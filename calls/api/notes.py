"""The notes of a call: sent in batches, read since a cursor, or made of a transcript."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from calls.api.calls import PATH, CallApi
from calls.queries.notes import answer, since
from calls.serializers import ImportedAnswer, NotesAnswer, NotesBody, TranscriptBody
from calls.services.importing import import_text
from calls.services.notes import save_entries
from crm.lib.api.etags import Shown
from crm.lib.api.schema import operation


class CallNotes(CallApi):
    @operation(
        id="call_notes_list", tag="calls", says="The notes of a call, deleted ones too", path=PATH, answers=NotesAnswer
    )
    def get(self, request: Request, call_id: int) -> Response:
        call = self.one(call_id)
        found, cursor = since(call, 0)
        return self.answer(Shown(answer(self.person, call, found, cursor)))

    @operation(
        id="call_notes_save",
        tag="calls",
        says="Take notes over, and answer what is new since a cursor; sent twice they are there once",
        path=PATH,
        takes=NotesBody,
        answers=NotesAnswer,
    )
    def post(self, request: Request, call_id: int) -> Response:
        call = self.one(call_id)
        values = self.body(NotesBody)
        took = save_entries(act=self.act(), call_id=call_id, entries=values["entries"])
        found, cursor = since(call, values.get("since", 0), without=[row.pk for row in took.written])
        said = answer(
            self.person,
            call,
            found,
            cursor,
            saved=took.saved,
            refused=took.refused,
            stands=took.stands,
            written=took.written,
        )
        return self.answer(Shown(said))


class CallTranscript(CallApi):
    @operation(
        id="call_transcript",
        tag="calls",
        says="Make untagged notes of a transcript or text; the same text twice is there once",
        path=PATH,
        takes=TranscriptBody,
        answers=ImportedAnswer,
    )
    def post(self, request: Request, call_id: int) -> Response:
        self.one(call_id)
        values = self.body(TranscriptBody)
        added = import_text(act=self.act(), call_id=call_id, name=values.get("name", ""), text=values["text"])
        return self.answer(Shown({"added": added}))
