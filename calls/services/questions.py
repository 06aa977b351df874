"""The questions of a call: proposed by what an answer could move, pinned, dropped, added, asked."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from calls.models import Call, CallQuestion
from calls.rules.agenda import part_of_group, questions_for
from calls.services.base import locked_call, touch
from crm.lib.errors import Clash, Invalid
from crm.lib.texts import storable
from crm.queries import playbook as playbooks
from crm.registry.judging import question_rankers
from crm.services.audit import Act

MOST = 200
LONGEST = 500


def propose(call: Call, *, today: dt.date) -> None:
    """The best questions for the people on the call, as many as fit into its time. What nobody has touched is replaced; what
    was pinned, dropped, added or asked stays."""
    playbook = playbooks.by_number(call.playbook.number)
    personas = sorted({one.persona for one in call.attendees.all() if one.persona})
    limit = questions_for(call.minutes)
    ranked = [one for ranker in question_rankers for one in ranker.rank(call.deal_id, playbook, personas, today, limit)]
    call.questions.filter(pinned=False, dropped=False, added=False, asked_at__isnull=True, entries=None).delete()
    there = {one.key: one for one in call.questions.all() if one.key}
    bank = {question.key: question for question in playbook.questions}
    parts = {part.key: part for part in call.parts.all()}
    places = part_of_group(playbook)
    fresh = []
    for place, one in enumerate(ranked, start=1):
        question = bank[one.key]
        row = there.get(one.key)
        if row is not None:
            row.rank, row.why = place, list(one.because)
            row.save(update_fields=["rank", "why"])
            continue
        fresh.append(
            CallQuestion(
                call=call,
                part=parts.get(places.get(question.group, "")),
                key=question.key,
                text=question.text[:LONGEST],
                group=question.group[:120],
                why=list(one.because),
                rank=place,
            )
        )
    CallQuestion.objects.bulk_create(fresh)


@transaction.atomic
def add_question(*, act: Act, call_id: int, key: str = "", text: str = "", part: str = "") -> CallQuestion:
    """A question of the call's playbook by `key`, or one's own `text`. One that was dropped comes back.

    Raises as `locked_call`, and Invalid.
    """
    call = locked_call(act, call_id, to="note")
    if call.questions.count() >= MOST:
        raise Invalid({"question": f"A call has {MOST} questions at most. Drop some first."})
    playbook = playbooks.by_number(call.playbook.number)
    place, group = part, ""
    if key:
        question = next((one for one in playbook.questions if one.key == key), None)
        if question is None:
            raise Invalid({"question": "This call's playbook has no such question."})
        text, group = question.text, question.group
        place = part or part_of_group(playbook).get(group, "")
    text = " ".join(text.split())
    if not text or len(text) > LONGEST or not storable(text):
        raise Invalid({"text": f"A question has 1 to {LONGEST} characters."})
    here = call.parts.filter(key=place).first() if place else None
    if place and here is None and part:
        raise Invalid({"part": "This call has no such part."})
    last = max(call.questions.values_list("rank", flat=True), default=0)
    values = {"text": text, "group": group[:120], "part": here, "rank": last + 1, "added": True}
    if key:
        row, made = CallQuestion.objects.get_or_create(call=call, key=key, defaults=values)
        if not made and not row.dropped:
            return row
        row.dropped, row.added = False, True
        row.save(update_fields=["dropped", "added"])
    else:
        row = CallQuestion.objects.create(call=call, **values)
    touch(call, act=act, verb="question added", changes={"question": (None, row.text)})
    return row


@transaction.atomic
def pin_question(*, act: Act, call_id: int, question_id: int, pinned: bool = True) -> CallQuestion:
    """Pinned ones stand first and stay. Raises as `locked_call` and CallQuestion.DoesNotExist."""
    return _mark(act, call_id, question_id, "pinned", pinned)


@transaction.atomic
def drop_question(*, act: Act, call_id: int, question_id: int, dropped: bool = True) -> CallQuestion:
    """Raises as `locked_call`, CallQuestion.DoesNotExist, and Clash for one that was asked."""
    return _mark(act, call_id, question_id, "dropped", dropped)


@transaction.atomic
def mark_asked(*, act: Act, call_id: int, question_id: int, asked: bool = True) -> CallQuestion:
    """Marks a question as asked now, or takes that back. Asked twice it stays asked when it first was."""
    call = locked_call(act, call_id, to="note")
    row: CallQuestion = call.questions.get(pk=question_id)
    if asked == (row.asked_at is not None):
        return row
    row.asked_at, row.asked_by = (act.now, act.by) if asked else (None, None)
    if not asked:
        row.answered_at = None
    row.save(update_fields=["asked_at", "asked_by", "answered_at"])
    touch(call, act=act, verb="asked" if asked else "not asked", changes={"question": (None, row.text)})
    return row


@transaction.atomic
def mark_answered(*, act: Act, call_id: int, question_id: int, answered: bool = True) -> CallQuestion:
    """Marks a question as answered, and so as asked, or takes that back."""
    call = locked_call(act, call_id, to="note")
    row: CallQuestion = call.questions.get(pk=question_id)
    if answered == (row.answered_at is not None):
        return row
    row.answered_at = act.now if answered else None
    if answered and row.asked_at is None:
        row.asked_at, row.asked_by = act.now, act.by
    row.save(update_fields=["asked_at", "asked_by", "answered_at"])
    touch(call, act=act, verb="answered" if answered else "not answered", changes={"question": (None, row.text)})
    return row


def _mark(act: Act, call_id: int, question_id: int, field: str, value: bool) -> CallQuestion:
    call = locked_call(act, call_id, to="note")
    row: CallQuestion = call.questions.get(pk=question_id)
    if getattr(row, field) == value:
        return row
    if field == "dropped" and value and row.asked_at is not None:
        raise Clash("This question was asked already, so it stays.")
    setattr(row, field, value)
    if field == "dropped" and value:
        row.pinned = False
    row.save(update_fields=["pinned", "dropped"])
    verb = f"question {field}" if value else f"question not {field}"
    touch(call, act=act, verb=verb, changes={"question": (None, row.text)})
    return row
