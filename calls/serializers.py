"""What the API reads and shows of calls, their notes and what follows from them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from calls.models import LONGEST, SHORTEST, Side, Target
from calls.models.calls import STATES
from calls.models.reviews import VERDICTS
from crm.lib.api.fields import Id, Moment, Name, Text, Whole, YesNo
from crm.lib.api.serializers import Answer, Body


@extend_schema_field({})
class Anything(serializers.Field[Any, Any, Any, Any]):
    """JSON as it comes; the service says what is wrong with it."""

    def to_internal_value(self, data: Any) -> Any:
        return data

    def to_representation(self, value: Any) -> Any:
        return value


class NoteId(serializers.UUIDField):
    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid", value=data)
        return super().to_internal_value(data)


class GuestBody(Body):
    person = Id(required=False, help_text="One of us, by id.")
    contact = Id(required=False, help_text="A contact of the deal's account, by id.")
    name = Text(required=False, max_length=200, help_text="Somebody of theirs who is no contact.")
    title = Text(required=False, max_length=200)
    persona = Text(
        required=False, max_length=60, help_text="A persona of the playbook; the contact's own unless given."
    )


class CallBody(Body):
    title = Text(required=False, max_length=200, allow_blank=False)
    goal = Text(required=False, max_length=2_000)
    starts_at = Moment(required=False)
    minutes = Whole(required=False, min_value=SHORTEST, max_value=LONGEST)
    attendees = GuestBody(many=True, required=False, help_text="All of them, in place of those there are.")


class NewCallBody(CallBody):
    deal = Id(help_text="An open deal's id.")
    starts_at = Moment()
    minutes = Whole(min_value=SHORTEST, max_value=LONGEST, help_text="60 or 90, or any other length.")


class WhyBody(Body):
    why = Text(required=False, max_length=300, help_text="Kept with it.")


class PartBody(Body):
    part = Text(max_length=60, help_text="The key of the part the clock runs on from now; empty stops it.")


class NoteBody(Body):
    id = NoteId(help_text="Made by whoever writes the note.")
    revision = Whole(min_value=1, max_value=2**31 - 1, help_text="Your own count of its changes; the highest stands.")
    at = Text(required=False, max_length=40, help_text="When it was begun; kept within the call.")
    text = Text(required=False, trim_whitespace=False, help_text="20,000 characters at most.")
    question = Id(required=False, allow_null=True, help_text="The call's question it answers.")
    part = Text(required=False, max_length=60)
    for_customer = YesNo(required=False, allow_null=True, help_text="Null: as its tags say.")
    readings = Anything(required=False, help_text="Corrections: {text: {kind, value}}.")
    objection = Text(required=False, max_length=120, help_text="A key of the library of objections.")
    deleted = YesNo(required=False)


class NotesBody(Body):
    entries = NoteBody(many=True, help_text="500 at most.")
    since = Whole(required=False, min_value=0, help_text="The cursor of the last answer.")


class TranscriptBody(Body):
    name = Text(required=False, max_length=200, trim_whitespace=False, help_text="Of the file it comes from.")
    text = Text(allow_blank=False, trim_whitespace=False, help_text="2,000,000 characters at most.")


class DecideBody(Body):
    verdict = serializers.ChoiceField(choices=[one for one in VERDICTS if one[0] != "stale"])
    taken = Anything(required=False, allow_null=True, help_text="For edited: the value in place of the one proposed.")


class ApplyBody(Body):
    finish = YesNo(required=False, help_text="The call is done then; what is still open stays unused.")


class GuestAnswer(Answer):
    side = serializers.ChoiceField(choices=Side.choices)
    name = serializers.CharField()
    title = serializers.CharField()
    persona = serializers.CharField()
    person = serializers.IntegerField(source="person_id", allow_null=True)
    contact = serializers.IntegerField(source="contact_id", allow_null=True)


class PartAnswer(serializers.Serializer[Any]):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment] # the name is the shape's; nothing reads the attribute
    planned = serializers.IntegerField(help_text="Seconds.")
    elapsed = serializers.IntegerField(help_text="Seconds.")
    running = serializers.BooleanField()


class QuestionAnswer(Answer):
    id = serializers.IntegerField(source="pk")
    key = serializers.CharField(help_text="Of the playbook; empty for one's own.")
    text = serializers.CharField()
    group = serializers.CharField()
    why = serializers.ListField(child=serializers.CharField())
    pinned = serializers.BooleanField()
    dropped = serializers.BooleanField()
    asked_at = Moment(allow_null=True)
    answered_at = Moment(allow_null=True)


class CallRow(Answer):
    id = serializers.IntegerField(source="pk")
    title = serializers.CharField()
    goal = serializers.CharField()
    deal = serializers.IntegerField(source="deal_id")
    deal_name = Name(source="deal")
    state = serializers.ChoiceField(choices=STATES)
    owner = serializers.IntegerField(source="owner_id")
    owner_name = Name(source="owner")
    starts_at = Moment()
    minutes = serializers.IntegerField()
    started_at = Moment(allow_null=True)
    ended_at = Moment(allow_null=True)
    reviewed_at = Moment(allow_null=True)
    version = serializers.IntegerField()


class CallAnswer(CallRow):
    playbook = serializers.IntegerField(source="playbook.number")
    attendees = GuestAnswer(many=True, source="attendees.all")
    parts = PartAnswer(many=True, source="clock")
    questions = QuestionAnswer(many=True, source="questions.all")


class AuthorAnswer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    initials = serializers.CharField()


class TagAnswer(serializers.Serializer[Any]):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment] # the name is the shape's; nothing reads the attribute
    start = serializers.IntegerField()
    end = serializers.IntegerField()


class ReadingAnswer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=["money", "percent", "count", "date", "quarter"])
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    text = serializers.CharField()
    value = serializers.CharField()
    words = serializers.CharField()
    unit = serializers.CharField(allow_blank=True)
    currency = serializers.CharField(allow_blank=True)
    per = serializers.CharField(allow_blank=True)
    corrected = serializers.BooleanField()


class CallNoteAnswer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    author = AuthorAnswer()
    mine = serializers.BooleanField()
    at = serializers.DateTimeField()
    text = serializers.CharField(allow_blank=True)
    revision = serializers.IntegerField()
    sequence = serializers.IntegerField()
    question = serializers.IntegerField(allow_null=True)
    part = serializers.CharField(allow_blank=True)
    for_customer = serializers.BooleanField(allow_null=True)
    readings = serializers.DictField()
    objection = serializers.CharField(allow_blank=True)
    imported_from = serializers.CharField(allow_blank=True)
    deleted = serializers.BooleanField()
    tags = TagAnswer(many=True)
    found = ReadingAnswer(many=True)
    customer = serializers.BooleanField(help_text="Whether the recap may have it.")


class NotesAnswer(serializers.Serializer[Any]):
    saved = serializers.DictField(child=serializers.IntegerField(), help_text="By id the revision that stands.")
    refused = serializers.DictField(child=serializers.CharField(), help_text="By id why it was not taken.")
    written = CallNoteAnswer(many=True, help_text="Those of this request, as they are read.")
    stands = CallNoteAnswer(many=True, help_text="Of which something else stands than what was sent.")
    entries = CallNoteAnswer(many=True, help_text="What changed since the cursor; 1,000 at most.")
    cursor = serializers.IntegerField()


class ImportedAnswer(serializers.Serializer[Any]):
    added = serializers.IntegerField()


class ProposalAnswer(Answer):
    id = serializers.IntegerField(source="pk")
    note = serializers.UUIDField(source="entry_id")
    rule = serializers.CharField()
    because = serializers.CharField()
    target = serializers.ChoiceField(choices=Target.choices)
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment] # the name is the shape's; nothing reads the attribute
    before = Anything(allow_null=True)
    after = Anything(allow_null=True)
    taken = Anything(allow_null=True)
    state = serializers.ChoiceField(choices=VERDICTS)
    decided_by = Name(allow_null=True)
    decided_at = Moment(allow_null=True)
    review = serializers.IntegerField(source="review_id", allow_null=True)
    version = serializers.IntegerField()


class ReviewAnswer(Answer):
    id = serializers.IntegerField(source="pk")
    made_by = Name()
    made_at = Moment()
    changes = serializers.ListField(child=serializers.DictField())
    undone_at = Moment(allow_null=True)
    kept = serializers.ListField(child=serializers.CharField(), help_text="What was changed since and stayed.")


class AppliedAnswer(serializers.Serializer[Any]):
    review = ReviewAnswer(allow_null=True, help_text="Null where there was nothing to write.")
    call = CallRow()
