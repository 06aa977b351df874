"""The API's part of the access table. Its addresses follow the pages' rules, with statuses of their own."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.architecture.access_rows import (
    Answers,
    Row,
    Write,
    by_api,
    deal_changed,
    deal_detailed,
    deal_seen,
    deal_worked,
    drafters,
    meets_people,
    operations,
    same,
    sells,
    who,
)
from tests.architecture.world import World

EMPTY = {"charlie": 200}
"""Lists are empty for somebody without a role: a script that lists gets a list."""


def data(answers: Answers, **writes: Write) -> Row:
    return Row(by_api(answers), writes, kind="data")


def sends(answers: Answers, body: Any = lambda w: {}, args: Any = lambda w: {}, *, changes: bool = True) -> Write:
    return Write(by_api(answers), body, args, changes)


def closed(world: World) -> dict[str, Any]:
    return {"deal_id": world.closed.pk}


def lost(world: World) -> dict[str, Any]:
    reason = next(reason.key for reason in world.playbook.outcome_reasons if reason.outcome == "lost")
    return {"outcome": "lost", "reasons": [reason], "no_competitor": True, "note": "No budget this year."}


def written(status: int, **others: int) -> Answers:
    """What is written about Rae's deal by those who may change it; a deal one doesn't see can't be named."""
    return sells(status, **({"remy": 422} | others))


def about_deal(**values: Any) -> Any:
    return lambda w: {"deal": w.deal.pk, **values}


def entry(world: World) -> dict[str, Any]:
    return {
        "note_id": world.note.pk,
        "task_id": world.task.pk,
        "activity_id": world.activity.pk,
        "attachment_id": world.attachment.pk,
    }


def one(**writes: Write) -> Row:
    """An entry on Rae's deal."""
    return Row(
        by_api(deal_detailed()), {**writes, "DELETE": sends(deal_worked(204), args=entry)}, args=entry, kind="data"
    )


SCORES = {"budget": 5, "authority": 4, "need": None, "timeline": 3, "technical_fit": 3, "strategic_alignment": 4}
PART = {"role": "champion", "sentiment": "sceptic"}


def operations_only() -> Answers:
    """A merge by operations: others who merge don't see it, the rest merge nothing."""
    return sells(rae=404, remy=404, mona=404)


API = {
    "index": data(who(200, charlie=200)),
    "schema": data(who(200, charlie=200)),
    "docs": Row(who(200, charlie=200)),
    "unknown": Row(same(404), kind="data"),
    "me": data(who(200, charlie=200)),
    "accounts": data(who(200, **EMPTY), POST=sends(sells(201), lambda w: {"name": "Borea Steel"})),
    "account": data(
        who(200),
        PATCH=sends(sells(200), lambda w: {"name": "Aster Clinics"}),
        DELETE=sends(who(403, mona=204, otto=204), lambda w: {"with_all": True}),
    ),
    "contacts": data(
        who(200, **EMPTY), POST=sends(sells(201), lambda w: {"account": w.account.pk, "last_name": "Berg"})
    ),
    "contact": data(
        meets_people(eve=404, vera=404),
        PATCH=sends(sells(200, eve=404, vera=404), lambda w: {"last_name": "Fuchs"}),
        DELETE=sends(sells(204, eve=404, vera=404)),
    ),
    "merges": data(
        sells(),
        POST=sends(sells(201), lambda w: {"kind": "contact", "survivor": w.contact.pk, "loser": w.spare_contact.pk}),
    ),
    "merge": data(operations_only()),
    "merge-undo": data(same(405), POST=sends(operations_only())),
    "audit": data(who(403, otto=200)),
    "bin": data(sells()),
    "bin-restore": data(same(405), POST=sends(sells(204, remy=404), args=lambda w: {"binned_id": w.deleted.pk})),
    "company": data(who(200)),
    "company-rates": data(
        who(200),
        POST=sends(who(403, otto=201), lambda w: {"currency": "SEK", "from_date": "2099-01-01", "rate": "0.1"}),
    ),
    "competitors": data(who(200)),
    "people": data(meets_people()),
    "notifications": data(who(200, **EMPTY)),
    "notifications-read": data(same(405), POST=sends(who(200), lambda w: {}, changes=False)),
    "jobs": data(who(200, **EMPTY)),
    "job": data(who(404, otto=200)),
    "playbook-versions": data(who(200)),
    "playbook-version": data(who(200)),
    "playbook-drafts": data(drafters(), POST=sends(drafters(201), lambda w: {"name": "Sharper", "based_on": 2})),
    "playbook-draft": data(
        drafters(),
        PATCH=sends(drafters(), lambda w: {"name": "Best questions"}, lambda w: {"draft_id": w.drafts.asked.pk}),
    ),
    "playbook-draft-rehearse": data(same(405), POST=sends(operations(201))),
    "rehearsal": data(operations()),
    "rehearsal-changes": data(operations()),
    "deals": data(
        who(200, **EMPTY), POST=sends(sells(201), lambda w: {"name": "Second site", "account": w.account.pk})
    ),
    "deal": data(
        deal_seen(),
        PATCH=sends(deal_changed(), lambda w: {"next_step": "Call Ines"}),
        DELETE=sends(deal_changed(204)),
    ),
    "deal-stage": data(same(405), POST=sends(deal_changed(), lambda w: {"stage": "qualified", "why": "Ines asked."})),
    "deal-close": data(same(405), POST=sends(deal_changed(), lost)),
    "deal-reopen": data(
        same(405), POST=sends(deal_changed(), lambda w: {"stage": "discovery", "why": "They called back."}, closed)
    ),
    "deal-owner": data(same(405), POST=sends(deal_changed(rae=403), lambda w: {"owner": w.cast["mona"].pk})),
    "deal-access": data(deal_seen()),
    "deal-shares": data(
        deal_detailed(), POST=sends(deal_worked(201), lambda w: {"person": w.cast["remy"].pk, "can_write": True})
    ),
    "deal-share": data(
        deal_detailed(),
        PATCH=sends(deal_worked(200), lambda w: {"until_date": "2099-12-31"}),
        DELETE=sends(deal_worked(204)),
    ),
    "deal-bant": data(
        deal_detailed(), PATCH=sends(deal_worked(200), lambda w: {"facts": {"impact_amount": "1200000"}})
    ),
    "deal-bant-claims": data(deal_detailed()),
    "deal-meddpicc": data(deal_detailed()),
    "deal-element": data(deal_detailed(), PATCH=sends(deal_worked(200), lambda w: {"strength": "unknown"})),
    "deal-contacts": data(
        deal_detailed(), POST=sends(deal_worked(201), lambda w: {"contact": w.spare_contact.pk, **PART})
    ),
    "deal-contact": data(
        deal_detailed(), PATCH=sends(deal_worked(200), lambda w: PART), DELETE=sends(deal_worked(204))
    ),
    "deal-competitors": data(
        deal_detailed(), POST=sends(deal_worked(201), lambda w: {"competitor": "proxmox", "position": "level"})
    ),
    "deal-competitor": data(
        deal_detailed(), PATCH=sends(deal_worked(200), lambda w: {"position": "out"}), DELETE=sends(deal_worked(204))
    ),
    "notes": data(who(200, **EMPTY), POST=sends(written(201), about_deal(body="They called."))),
    "note": one(PATCH=sends(deal_worked(200), lambda w: {"body": "They wrote."}, entry)),
    "tasks": data(who(200, **EMPTY), POST=sends(written(201), about_deal(title="Call Ines"))),
    "task": one(PATCH=sends(deal_worked(200), lambda w: {"done": True}, entry)),
    "activities": data(
        who(200, **EMPTY),
        POST=sends(written(201), about_deal(kind="call", subject="Price", at="2026-03-02T10:00:00Z")),
    ),
    "activity": one(PATCH=sends(deal_worked(200), lambda w: {"subject": "Costs"}, entry)),
    "attachments": data(
        who(200, **EMPTY),
        POST=Write(
            by_api(written(201)),
            lambda w: {"deal": w.deal.pk, "file": SimpleUploadedFile("terms.txt", b"Thirty days.")},
            is_form=True,
        ),
    ),
    "attachment": one(),
    "attachment-content": Row(by_api(deal_detailed()), args=entry, kind="data"),
    "deal-scores": data(deal_detailed()),
    "score": data(deal_detailed()),
    "score-preview": data(same(405), POST=sends(who(200), lambda w: {"scores": SCORES}, changes=False)),
}
