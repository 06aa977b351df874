"""Rows of the world that only addresses name, by the placeholders they stand for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils import timezone

from crm.models import Contact, DuplicatePair, ImportRemark, ImportRun, Job, Person
from crm.services.audit import Act
from crm.services.merging import merge
from tests.factories import make_account

SHOP = Path(__file__).resolve().parent.parent / "imports" / "data" / "shop"


def more(otto: Person, contact: Contact, spare: Contact) -> dict[str, Any]:
    """A merge by operations, two contacts that may be one, and what says so."""
    kept, gone = make_account("Cirrus Bank"), make_account("Cirrus Banking")
    merged = merge(act=Act(by=otto), kind="account", survivor_id=kept.pk, loser_id=gone.pk)
    Job.objects.filter(key__startswith="score-account:").delete()
    low, high = sorted((contact.pk, spare.pk))
    pair = DuplicatePair.objects.create(
        kind="contact", low_id=low, high_id=high, reason="similar", found_at=timezone.now()
    )
    return {
        "merge_kind": "contact",
        "keep_id": contact.pk,
        "other_id": spare.pk,
        "pair_id": pair.pk,
        "merge_id": merged.pk,
    }


def imported(by: Person, state: str, *, dry_run: bool) -> ImportRun:
    run = ImportRun.objects.create(
        kind="shop",
        folder=str(SHOP),
        mapping=(SHOP / "mapping.yaml").read_text(),
        dry_run=dry_run,
        state=state,
        summary={"counts": {"account": {"created": 3, "updated": 0, "same": 0, "refused": 0}}, "columns": []},
        figures={"rows": []},
        started_by=by,
        started_at=timezone.now(),
        finished_at=timezone.now(),
    )
    ImportRemark.objects.create(
        run=run, level="warning", rule="corrected", file="customers.csv", line=3, said="“retial” read as “retail”."
    )
    return run
