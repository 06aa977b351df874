"""Cards of the world: one against VMware, the library and the messaging."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from battlecards.models import Card, Draft
from battlecards.services.claims import add_claim, save_claim, set_removed
from battlecards.services.drafts import start_draft
from battlecards.services.reviews import submit
from battlecards.services.seeding import seed_cards
from crm.models import AuditEntry, Job, Notification, Person
from crm.services.audit import Act
from deals.models import Deal, RaisedObjection
from deals.services.objections import raise_objection
from playbook.cards import read_card
from reports.services import papers
from reports.services.card_papers import TASK

VMWARE = """\
slug: vmware
title: VMware vSphere
competitor: vmware
document_tally: {us: 2, them: 1, tie: 0}
overview:
  - {key: share, aspect: share, text: 55 % of the market.}
rows:
  - {key: speed, capability: Speed, ours: 10 times, theirs: "1", winner: us, criteria: [Performance], customer: true, note: Ask.}
  - {key: ecosystem, capability: Ecosystem, ours: growing, theirs: vast, winner: them, expires_on: 2026-01-01}
  - {key: old, capability: Tape, ours: none, theirs: some, winner: them, retired: true}
talking_points:
  - {key: cost, title: Licence cost, claim: It falls by 60 %., counter: Theirs rose., personas: [cio], customer: true}
objections:
  - {key: tools, objection: We know their tools., library: invested, quick: Ours open the same files., responses: [Move 10 percent first.]}
positions:
  - {key: ai, side: strong, text: AI or real-time load}
strategy:
  - {key: land, aspect: land, text: Begin with new projects.}
"""
LIBRARY = """\
slug: objections
title: Objection library
sort: objections
framework:
  - {key: listen, title: Listen, text: Let them finish.}
objections:
  - key: invested
    objection: We have invested millions.
    category: Investment
    quick: Your tools keep working.
    responses: [Begin with a tenth.]
    proofs: [A bank did.]
    customer: true
"""
MESSAGING = """\
slug: messaging
title: Messaging
sort: messaging
messages:
  - {key: cio, group: audience, title: The CIO, headline: One platform, text: For all of it., customer: true}
"""


@dataclass(frozen=True, slots=True)
class Cards:
    """Each published once. `draft` is one of VMware's, being written, `waiting` one of the library's, in review."""

    vmware: Card
    library: Card
    messaging: Card
    raised: RaisedObjection
    """Open, on Rae's deal."""
    draft: Draft
    waiting: Draft
    paper: Job
    """A file Rae asked for, made and kept."""

    @property
    def kwargs(self) -> dict[str, Any]:
        return {
            "slug": self.vmware.slug,
            "objection": "invested",
            "objection_id": self.raised.pk,
            "paper_id": self.paper.pk,
        }


def make_cards(deal: Deal, act: Act) -> Cards:
    made = {
        card.slug: card for card in seed_cards(act=act, cards=[read_card(one) for one in (VMWARE, LIBRARY, MESSAGING)])
    }
    raised = raise_objection(act=Act(by=deal.owner), deal_id=deal.pk, text="We have millions in it.", key="invested")
    draft, waiting = (start_draft(act=act, card_id=made[slug].pk) for slug in ("vmware", "objections"))
    speed = draft.claims.get(key="speed")
    save_claim(act=act, draft_id=draft.pk, key="speed", content={**speed.content, "ours": "12 times"})
    add_claim(act=act, draft_id=draft.pk, kind="row")
    set_removed(act=act, draft_id=draft.pk, key="ai", removed=True)
    set_removed(act=act, draft_id=waiting.pk, key="listen", removed=True)
    submit(act=act, draft_id=waiting.pk)
    Notification.objects.filter(kind="card").delete()
    AuditEntry.objects.filter(kind="card").delete()
    draft.refresh_from_db()
    waiting.refresh_from_db()
    return Cards(made["vmware"], made["objections"], made["messaging"], raised, draft, waiting, _paper(deal.owner))


def _paper(rae: Person) -> Job:
    papers.keep("0" * 64, b"%PDF-1.7")
    result = {"identity": "0" * 64, "name": "VMware.pdf", "form": "pdf"}
    return Job.objects.create(
        task=TASK, key="cards:0", label="Battle cards", state="done", result=result, created_by=rae
    )
