"""What is to be done and what was said: tasks, next step, close date, answers, objections, red flags."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from activities.models import Note, Task
from activities.services.notes import create_note, delete_note
from activities.services.tasks import create_task, delete_task
from calls.services.writing.base import Change, Place, Writer, nothing
from crm.lib.errors import Invalid
from crm.models import Person
from deals.models import Deal, QuestionAnswer, RaisedObjection
from deals.services.deals import update_deal
from deals.services.objections import raise_objection, remove_objection
from deals.services.questions import answer_question, forget_answer


def _day(value: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(value)) if value else None
    except ValueError:
        raise Invalid({"value": "A date is written like 2026-03-31."}) from None


def _write_task(place: Place, key: str, value: Any) -> Change:
    owner = Person.objects.filter(pk=value.get("owner")).first()
    values = {"title": value.get("title"), "due_date": _day(value.get("due_date")), "body": place.evidence}
    task = create_task(
        act=place.act, about=("deal", place.deal_id), values=values | ({"owner": owner} if owner else {})
    )
    return {"before": None, "after": task.title, "task": task.pk}


def _undo_task(place: Place, change: Change) -> bool:
    task = Task.objects.filter(pk=change["task"]).first()
    if task is None:
        return True
    if task.version != 1 or task.is_done:
        return False
    delete_task(act=place.act, task_id=task.pk)
    return True


def _deal(place: Place) -> Deal:
    return Deal.objects.get(pk=place.deal_id)


def _next_step(deal: Deal) -> dict[str, Any]:
    day = deal.next_step_date
    return {"next_step": deal.next_step, "next_step_date": day.isoformat() if day else None}


def _next_step_now(place: Place, key: str, after: Any) -> Any:
    found = _next_step(_deal(place))
    return found if found["next_step"] or found["next_step_date"] else None


def _write_next_step(place: Place, key: str, value: Any) -> Change:
    before = _next_step(_deal(place))
    after = _set_next_step(place, value)
    return {"before": before, "after": after}


def _set_next_step(place: Place, value: Any) -> dict[str, Any]:
    values = {"next_step": value.get("next_step") or "", "next_step_date": _day(value.get("next_step_date"))}
    return _next_step(update_deal(act=place.act, deal_id=place.deal_id, values=values))


def _undo_next_step(place: Place, change: Change) -> bool:
    if _next_step(_deal(place)) != change["after"]:
        return False
    _set_next_step(place, change["before"])
    return True


def _close_date_now(place: Place, key: str, after: Any) -> Any:
    day = _deal(place).close_date
    return day.isoformat() if day else None


def _write_close_date(place: Place, key: str, value: Any) -> Change:
    before = _close_date_now(place, key, value)
    update_deal(act=place.act, deal_id=place.deal_id, values={"close_date": _day(value)})
    return {"before": before, "after": _close_date_now(place, key, value)}


def _undo_close_date(place: Place, change: Change) -> bool:
    if _close_date_now(place, "", None) != change["after"]:
        return False
    update_deal(act=place.act, deal_id=place.deal_id, values={"close_date": _day(change["before"])})
    return True


def _answer_now(place: Place, key: str, after: Any) -> Any:
    return QuestionAnswer.objects.filter(deal=place.deal_id, question=key).values_list("answer", flat=True).first()


def _write_answer(place: Place, key: str, value: Any) -> Change:
    before = _answer_now(place, key, value)
    row = answer_question(act=place.act, deal_id=place.deal_id, question=key, answer=str(value))
    return {"before": before, "after": row.answer}


def _undo_answer(place: Place, change: Change) -> bool:
    if _answer_now(place, change["key"], None) != change["after"]:
        return False
    if change["before"] is None:
        forget_answer(act=place.act, deal_id=place.deal_id, question=change["key"])
    else:
        answer_question(act=place.act, deal_id=place.deal_id, question=change["key"], answer=change["before"])
    return True


def _write_objection(place: Place, key: str, value: Any) -> Change:
    source = f"call:{place.call.pk}"
    row = raise_objection(
        act=place.act, deal_id=place.deal_id, text=value.get("text") or "", key=value.get("key") or "", source=source
    )
    return {"before": None, "after": row.text, "objection": row.pk}


def _undo_objection(place: Place, change: Change) -> bool:
    row = RaisedObjection.objects.filter(pk=change["objection"]).first()
    if row is not None and row.state != RaisedObjection.State.OPEN:
        return False
    remove_objection(act=place.act, deal_id=place.deal_id, objection_id=change["objection"])
    return True


def _write_flag(place: Place, key: str, value: Any) -> Change:
    body = f"**Red flag:** {value}"
    note = create_note(act=place.act, about=("deal", place.deal_id), values={"body": body})
    return {"before": None, "after": str(value), "note": note.pk}


def _undo_flag(place: Place, change: Change) -> bool:
    note = Note.objects.filter(pk=change["note"]).first()
    if note is None:
        return True
    if note.version != 1:
        return False
    delete_note(act=place.act, note_id=note.pk)
    return True


WRITERS: Mapping[str, Writer] = {
    "task": Writer(nothing, _write_task, _undo_task),
    "next_step": Writer(_next_step_now, _write_next_step, _undo_next_step),
    "close_date": Writer(_close_date_now, _write_close_date, _undo_close_date),
    "answer": Writer(_answer_now, _write_answer, _undo_answer),
    "objection": Writer(nothing, _write_objection, _undo_objection),
    "red_flag": Writer(nothing, _write_flag, _undo_flag),
}
