"""Putting a card's content in force: the one way a version comes about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, Max

from battlecards.models import Card, CardVersion, Claim, IntelMark, Passage, Placed, Wording
from battlecards.rules import content
from battlecards.rules.searching import fold
from battlecards.rules.tallies import tally
from crm.models import Person
from crm.queries import playbook as playbooks
from crm.services.audit import Act, record
from playbook.schema.cards import CardRules
from playbook.schema.cards import Claim as Said

LONGEST_TITLE = 500
LONGEST_CATEGORY = 120


def card_rules() -> CardRules:
    """How cards are kept, by the playbook in force; the defaults under one from before there were cards."""
    return playbooks.current()[1].cards or CardRules()


@transaction.atomic
def put_in_force(
    *,
    act: Act,
    card: Card,
    claims: Sequence[Said],
    note: str = "",
    submitted_by: Person | None = None,
    restored_from: CardVersion | None = None,
) -> CardVersion:
    """Makes these claims the card's next version, and what search finds of it. For services that hold the card's lock and have asked who
    may; `act.by` is who publishes.

    What was marked for review is settled: by an event where the claim's wording changed, the card's own review in any case.
    """
    ordered = content.in_order(card.sort, claims)
    last = card.versions.aggregate(last=Max("number"))["last"] or 0
    version = CardVersion.objects.create(
        card=card,
        number=last + 1,
        title=card.title,
        document_tally=card.document_tally,
        claims=sum(not claim.retired for claim in ordered),
        **tally(content.rows(ordered)).model_dump(),
        note=note.strip(),
        submitted_by=submitted_by,
        published_by=act.by,
        published_at=act.now,
        restored_from=restored_from,
    )
    wordings = _wordings(card, ordered, act)
    Placed.objects.bulk_create(
        [Placed(version=version, wording=wording, place=place) for place, wording in enumerate(wordings)]
    )
    _index(card, ordered, wordings)
    _settle(card, wordings, act)
    review = act.now.date() + dt.timedelta(days=card_rules().review_every_days)
    Card.objects.filter(pk=card.pk).update(
        title=card.title,
        document_tally=card.document_tally,
        current=version,
        reviewed_at=act.now,
        review_date=review,
        review_because="",
        version=F("version") + 1,
    )
    card.refresh_from_db()
    record(
        act=act, kind="card", record_id=card.pk, verb="published", changes={"number": (last or None, version.number)}
    )
    return version


def _wordings(card: Card, claims: Sequence[Said], act: Act) -> list[Wording]:
    """The stored wording of each claim, made where it was never said like this before."""
    keys = {claim.key for claim in claims}
    known = {claim.key: claim for claim in Claim.objects.filter(card=card, key__in=keys)}
    fresh = Claim.objects.bulk_create([Claim(card=card, key=key) for key in keys - known.keys()])
    known |= {claim.key: claim for claim in fresh}
    said = [(claim, content.content_of(claim)) for claim in claims]
    digests = [content.digest(claim.kind, what) for claim, what in said]
    stored = {
        (row.claim_id, row.digest): row for row in Wording.objects.filter(claim__card=card, digest__in=set(digests))
    }
    new = []
    for (claim, what), digest in zip(said, digests, strict=True):
        owner = known[claim.key]
        if (owner.pk, digest) not in stored:
            row = Wording(claim=owner, content=what, digest=digest, written_by=act.by, written_at=act.now)
            for name, value in columns(claim).items():
                setattr(row, name, value)
            stored[owner.pk, digest] = row
            new.append(row)
    Wording.objects.bulk_create(new)
    return [stored[known[claim.key].pk, digest] for (claim, _), digest in zip(said, digests, strict=True)]


def columns(claim: Said) -> Mapping[str, Any]:
    """What is kept beside a wording's content, for questions over many."""
    return {
        "kind": claim.kind,
        "winner": getattr(claim, "winner", ""),
        "customer": claim.customer,
        "retired": claim.retired,
        "verified_on": claim.verified_on,
        "expires_on": claim.expires_on,
        "sourced": claim.source is not None and claim.source.date is not None,
        "unproven": content.lacks_source(claim),
    }


def _index(card: Card, claims: Sequence[Said], wordings: Sequence[Wording]) -> None:
    Passage.objects.filter(card=card).delete()
    rows = []
    for claim, wording in zip(claims, wordings, strict=True):
        if claim.retired:
            continue
        title, body = content.passage(claim)
        rows.append(
            Passage(
                card=card,
                claim_id=wording.claim_id,
                wording=wording,
                kind=claim.kind,
                title=title[:LONGEST_TITLE],
                body=body,
                folded=fold(f"{title}\n{body}"),
                category=(getattr(claim, "category", "") or getattr(claim, "group", ""))[:LONGEST_CATEGORY],
            )
        )
    Passage.objects.bulk_create(rows)


def _settle(card: Card, wordings: Sequence[Wording], act: Act) -> None:
    """A claim marked for review has been looked at when it says something else now, or is gone."""
    marked = Claim.objects.filter(card=card, review_since_at__isnull=False)
    unchanged = [row.claim_id for row in wordings if row.written_at < act.now]
    same = set(marked.filter(pk__in=unchanged).values_list("pk", flat=True))
    done = [pk for pk in marked.values_list("pk", flat=True) if pk not in same]
    Claim.objects.filter(pk__in=done).update(review_because="", review_since_at=None)
    IntelMark.objects.filter(claim__in=done, settled_at__isnull=True).update(settled_at=act.now, settled_by=act.by)
