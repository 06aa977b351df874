"""A transcript or a text file as untagged notes."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid

from django.db import transaction

from calls.models import Call, Entry
from calls.rules.corrections import UNFIT
from calls.rules.states import State
from calls.rules.transcripts import split
from calls.services.base import locked_call, locked_notebook
from calls.services.notes import MOST_NOTES
from calls.services.proposals import bring_up_to_date, job_key, keep, look_through
from crm.lib.errors import Invalid
from crm.models import Job
from crm.services.audit import Act, record

LONGEST_FILE = 2_000_000
"""Characters; an hour of talk has sixty thousand."""
TOO_MANY = f"It makes {{:,}} notes; a call has {MOST_NOTES:,} at most. None was taken over."
PASTED = "Pasted text"
SPACE = uuid.UUID("6f3c1b1e-3a53-4f0e-9d55-6f0b7a2e9c11")


@transaction.atomic
def import_text(*, act: Act, call_id: int, name: str, text: str) -> int:
    """Makes notes of a text, by its time marks or its paragraphs, in the name of whoever brings it; each is theirs to tag. The same
    text twice is there once. What a long one proposes in review, a worker finds out. Returns how many notes were added.

    Raises Call.DoesNotExist, NotAllowed, and Invalid for an empty text, one that is too long, or more notes than a call has.
    """
    assert act.by is not None
    if len(text) > LONGEST_FILE:
        raise Invalid(
            {
                "text": f"It has {len(text):,} characters; {LONGEST_FILE:,} at most are taken at once. "
                f"Divide it into {-(-len(text) // LONGEST_FILE)}. None of it was taken over."
            }
        )
    pieces = split(UNFIT.sub("\ufffd", text))
    if not pieces:
        raise Invalid({"text": "There is nothing in it."})
    if len(pieces) > MOST_NOTES:  # before anybody waits for the notebook
        raise Invalid({"text": TOO_MANY.format(len(pieces))})
    notebook = locked_notebook(act, call_id)
    call = notebook.call
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    ids = [uuid.uuid5(SPACE, f"{call.pk} {digest} {place}") for place in range(len(pieces))]
    there = set(Entry.objects.filter(call=call, imported_from__gt="").values_list("pk", flat=True))
    room = MOST_NOTES - call.entries.count()
    wanted = [(key, piece) for key, piece in zip(ids, pieces, strict=True) if key not in there]
    if len(wanted) > room:
        raise Invalid({"text": TOO_MANY.format(len(wanted))})
    base = call.started_at or min(call.starts_at, act.now)
    rows: list[Entry] = []
    last = 0
    for key, piece in wanted:
        notebook.sequence += 1
        last = max(last, piece.seconds if piece.seconds is not None else last)
        rows.append(
            Entry(
                id=key,
                call=call,
                author=act.by,
                # A moment later each, or what has no time of its own would stand in any order.
                at=base + dt.timedelta(seconds=last, milliseconds=len(rows)),
                text=piece.text,
                revision=1,
                sequence=notebook.sequence,
                imported_from=(UNFIT.sub("", name).strip() or PASTED)[:200],
                received_at=act.now,
                changed_at=act.now,
            )
        )
    if not rows:
        return 0
    Entry.objects.bulk_create(rows, batch_size=500)
    notebook.save(update_fields=["sequence"])
    changes = {"notes": (None, len(rows)), "from": (None, rows[0].imported_from)}
    record(act=act, kind="call", record_id=call.pk, deal_id=call.deal_id, verb="imported", changes=changes)
    if call.state == State.REVIEW:
        bring_up_to_date(call, act=act, label=f"Proposals of {rows[0].imported_from}")
    return len(rows)


def proposing(call_id: int) -> Job | None:
    """The latest work on the proposals of a long call; None where there never was any."""
    found: Job | None = Job.objects.filter(key=job_key(call_id)).order_by("-pk").first()
    return found


def propose_anew(*, act: Act, call_id: int) -> None:
    """Brings the proposals up to date with the notes, where the call is in review still; done twice nothing is there twice. The notes
    are read without a lock, so that nobody's typing waits: what is written meanwhile is for the job it asked for. Raises
    Call.DoesNotExist."""
    call = Call.objects.select_related("deal", "playbook").defer("playbook__data").get(pk=call_id)
    if call.state != State.REVIEW:
        return
    made = look_through(call, now=act.now)
    with transaction.atomic():
        call = locked_call(act, call_id)
        notebook = locked_notebook(act, call_id)
        if call.state == State.REVIEW and notebook.proposed <= made.sequence:  # else a later one was faster
            keep(call, made)
