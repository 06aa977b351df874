"""Judging which open deals are at risk. Workers do: after a change that matters, every night, and after a playbook is published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import islice

from django.db import transaction

from crm.queries import playbook as playbooks
from crm.rules.fact_words import names_of
from deals.models import Deal, DealRisk
from deals.queries.snapshot import snapshot, whole
from deals.rules.risks import FoundRisk, risks_of

AT_ONCE = 500
"""Deals judged in one short transaction."""


def judge(*, deal_ids: Sequence[int], now: dt.datetime, today: dt.date) -> None:
    """Brings the risks of these deals up to date; those closed or gone have none. Safe to run twice."""
    for start in range(0, len(deal_ids), AT_ONCE):
        _judge(list(deal_ids[start : start + AT_ONCE]), now, today)


def judge_all(*, now: dt.datetime, today: dt.date) -> Iterator[int]:
    """Every open deal, by ascending id; gives how many were judged after each piece."""
    ids = Deal.objects.open().order_by("pk").values_list("pk", flat=True).iterator(chunk_size=AT_ONCE)
    while piece := list(islice(ids, AT_ONCE)):
        _judge(piece, now, today)
        yield len(piece)
    DealRisk.objects.exclude(deal__outcome="open").delete()


@transaction.atomic
def _judge(deal_ids: list[int], now: dt.datetime, today: dt.date) -> None:
    _, playbook = playbooks.current()
    names = names_of(playbook)
    # Locked in one order, so that two workers can't write the same deal's risks at once.
    rows = DealRisk.objects.select_for_update().filter(deal_id__in=deal_ids).order_by("deal_id", "risk")
    stored = {(row.deal_id, row.risk): row for row in rows}
    found: dict[tuple[int, str], FoundRisk] = {}
    for deal in whole(Deal.objects.open().filter(pk__in=deal_ids)):
        found |= {(deal.pk, one.risk): one for one in risks_of(playbook, snapshot(deal), today, names)}
    DealRisk.objects.filter(pk__in=[row.pk for key, row in stored.items() if key not in found]).delete()
    for key, row in stored.items():
        if key in found and row.because != list(found[key].because):
            row.because = list(found[key].because)
            row.save(update_fields=["because"])
    new = (
        DealRisk(deal_id=key[0], risk=key[1], because=list(one.because), since_at=now)
        for key, one in found.items()
        if key not in stored
    )
    DealRisk.objects.bulk_create(new, batch_size=500, ignore_conflicts=True)
