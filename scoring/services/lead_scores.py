"""One deal's lead score: computed by the pure rule, kept when something about it changed (domain: qualification, scores).

History grows only when the result did: the range, the class, or what any criterion adds. Facts that moved nothing leave the last
score standing as it was computed; only the time of the last look at the deal moves on.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from crm.models import PlaybookVersion
from crm.queries import playbook as playbooks
from crm.services.audit import Act
from deals.models import Deal, DealScore
from deals.queries.detail import facts_of, overrides_of
from deals.queries.snapshot import elements
from deals.rules.meddpicc import health_of
from deals.services.scores import lock_score, write_score
from playbook.schema import RULE_VERSION, Playbook
from scoring.models import LeadScore
from scoring.queries.scores import latest
from scoring.rules.attribution import Basis, attribute
from scoring.rules.recompute import Computed, ScoreInputs, compute
from scoring.rules.stored import FIRST, contributions_json, main_cause
from scoring.services.results import inputs_of, result_of
from scoring.services.telling import tell_of_class


@dataclass(frozen=True, slots=True)
class Scored:
    """What a look at a deal came to. `added` is the history's new row, None when nothing about the score changed."""

    row: DealScore
    computed: Computed
    added: LeadScore | None


def score_deal(*, act: Act, deal_id: int, today: dt.date | None = None) -> Scored:
    """Computes the deal's score and MEDDPICC lights under the playbook in force and stores what changed.

    Safe to run twice or at once: the deal's score row is locked, and a second run finds nothing new. `act.by` is who caused the
    change, None for the calendar. Raises Deal.DoesNotExist.
    """
    with transaction.atomic():
        Deal.objects.only("pk").get(pk=deal_id)
        row = lock_score(deal_id)
        # Read after the lock, so that of two workers the later one has seen everything the earlier one did.
        number, playbook = playbooks.current()
        day = today or act.now.date()
        deal = Deal.objects.select_related("account", "bant").get(pk=deal_id)
        computed = compute(playbook, ScoreInputs(facts_of(deal), overrides_of(deal), deal.account.segment, day))
        last = latest(deal_id)
        # Intervals run forward even where a clock does not.
        at = max(act.now, last.computed_at) if last else act.now
        added = add(deal_id, computed, last, act=act, at=at, number=number, playbook=playbook)
        health = health_of(playbook.meddpicc, elements(deal), day)
        write_score(
            row,
            low=computed.score.low,
            high=computed.score.high,
            total=computed.score.total,
            lead_class=computed.score.lead_class or "",
            possible_classes=computed.score.possible_classes,
            disqualified=len(computed.assessment.disqualifications),
            lights=health.lights_string,
            health_percent=health.stored_percent,
            playbook_number=number,
            computed_at=at,
        )
        if added is not None and last is not None:
            tell_of_class(act, deal, last, added)
    return Scored(row, computed, added)


def add(
    deal_id: int,
    computed: Computed,
    last: LeadScore | None,
    *,
    act: Act,
    at: dt.datetime,
    number: int,
    playbook: Playbook,
) -> LeadScore | None:
    """Adds the score to the history if it differs from the last one; the caller holds the lock."""
    contributions = contributions_json(computed.score)
    result = (computed.score.low, computed.score.high, _classes(computed), contributions)
    if last is not None and result == (last.low, last.high, last.possible_classes, last.contributions):
        return None
    values: dict[str, Any] = {"cause": FIRST}
    if last is not None:
        values = _moved(last, computed, playbook)
    version_id = PlaybookVersion.objects.values_list("pk", flat=True).get(number=number)
    return LeadScore.objects.create(
        deal_id=deal_id,
        playbook_version_id=version_id,
        rule_version=RULE_VERSION,
        scored_inputs=inputs_of(deal_id, computed.inputs, last),
        result=result_of(version_id, contributions),
        as_of=computed.inputs.as_of,
        low=computed.score.low,
        high=computed.score.high,
        total=computed.score.total,
        lead_class=computed.score.lead_class or "",
        possible_classes=_classes(computed),
        disqualified=len(computed.assessment.disqualifications),
        # Nobody makes time pass, whoever's change brought the worker here.
        caused_by=act.by if values["cause"] != "dates" else None,
        computed_at=at,
        **values,
    )


def _classes(computed: Computed) -> str:
    return "".join(computed.score.possible_classes)


def _moved(last: LeadScore, computed: Computed, playbook: Playbook) -> dict[str, Any]:
    """What the score was before, and its move split by cause."""
    before = Basis(ScoreInputs.from_json(last.inputs), playbooks.by_number(last.playbook_version.number))
    move = attribute(before, Basis(computed.inputs, playbook))
    return {
        "previous_low": last.low,
        "previous_high": last.high,
        "previous_total": last.total,
        "previous_class": last.lead_class,
        "causes": move.as_json(),
        "cause": move.main_cause or main_cause(before, Basis(computed.inputs, playbook)),
    }
