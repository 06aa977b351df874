"""Moving a deal along, closing it with its reasons, and opening it again."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from crm.lib.errors import Clash, Invalid
from crm.models import Competitor
from crm.queries import playbook as playbooks
from crm.services.audit import Act, record
from crm.services.playbook_lock import hold_for_writing
from deals.models import Deal, Outcome, OutcomeReason
from deals.queries.snapshot import load
from deals.rules import closing, signals
from deals.rules import stages as rules
from deals.rules.stages import CriterionCheck
from deals.services.base import ask_for_score, locked_deal
from deals.services.intervals import move
from playbook.schema import Playbook


def unmet_criteria(
    playbook: Playbook, deal_id: int, from_stage: str, to_stage: str, today: dt.date
) -> tuple[CriterionCheck, ...]:
    """The exit criteria a move would leave unmet, those of skipped stages included. What the page warns of before the
    move."""
    known = signals.known(playbook, load(deal_id), today)
    return rules.unmet(rules.exit_criteria_for_move(playbook, from_stage, to_stage, known, today))


@transaction.atomic
def change_stage(
    *, act: Act, deal_id: int, stage: str, why: str = "", seen_stage: str = "", expected_version: int | None = None
) -> Deal:
    """Moves an open deal to another open stage, forward or back. Exit criteria that are not met ask for a reason,
    which is kept with them.

    `seen_stage` is the stage the person saw it in, if they saw one. Raises as `locked_deal`; Invalid for a stage that is
    not open or a missing reason; Clash for a closed deal, or one that stands elsewhere by now. Moving to where it is
    changes nothing.
    """
    hold_for_writing()
    deal = locked_deal(act, deal_id, expected_version=expected_version, must_be_open=True)
    _, playbook = playbooks.current()
    open_stages = {known.key: known.label for known in playbook.open_stages}
    if seen_stage and seen_stage != deal.stage and stage != deal.stage:
        here = open_stages.get(deal.stage, deal.stage)
        raise Clash(f"Somebody else moved this deal to {here} in the meantime. Look again before you move it.")
    if stage not in open_stages:
        raise Invalid(
            {"stage": f"Choose an open stage: {', '.join(open_stages.values())}. Closing a deal asks for its reasons."}
        )
    if stage == deal.stage:
        return deal
    unmet = unmet_criteria(playbook, deal.pk, deal.stage, stage, act.now.date())
    if unmet and not why.strip():
        raise Invalid(
            {
                "why": "Not met: "
                + " · ".join(check.text for check in unmet)
                + ". Say why the deal moves on all the same."
            }
        )
    _write(
        deal, dataclasses.replace(act, why=why.strip()), stage=stage, outcome=Outcome.OPEN, verb="stage", unmet=unmet
    )
    return deal


@transaction.atomic
def close_deal(
    *,
    act: Act,
    deal_id: int,
    outcome: str,
    reasons: Sequence[str],
    competitor_key: str | None = None,
    no_competitor: bool = False,
    note: str = "",
    close_date: dt.date | None = None,
    expected_version: int | None = None,
) -> Deal:
    """Closes an open deal as won or lost. `close_date` is today unless given, and never lies ahead; which day that is says
    the clock of whoever closes it.

    Raises as `locked_deal`; Invalid by field (outcome, reasons, competitor, note, close_date); Clash when it is
    closed already.
    """
    hold_for_writing()
    deal = locked_deal(act, deal_id, expected_version=expected_version, must_be_open=True)
    _, playbook = playbooks.current()
    today = act.day_of(act.now)
    target = next((known for known in playbook.stages if known.kind == outcome and known.kind != "open"), None)
    if target is None:
        raise Invalid({"outcome": "A deal closes as won or as lost."})
    competitor = Competitor.objects.filter(key=competitor_key).first() if competitor_key else None
    errors = closing.closing_problems(
        playbook,
        closing.Closing(
            outcome="won" if outcome == "won" else "lost",
            reasons=reasons,
            competitor=competitor,
            no_competitor=no_competitor,
            note=note,
        ),
    )
    day = close_date or today
    if day > today:
        errors["close_date"] = ["A deal can't have closed in the future."]
    elif day < act.day_of(deal.created_at):
        errors["close_date"] = ["The deal was opened later than that."]
    if errors:
        raise Invalid(errors)
    unmet = unmet_criteria(playbook, deal.pk, deal.stage, target.key, act.now.date())
    OutcomeReason.objects.filter(deal=deal).delete()
    OutcomeReason.objects.bulk_create(OutcomeReason(deal=deal, reason=reason) for reason in dict.fromkeys(reasons))
    deal.outcome_competitor, deal.outcome_note, deal.close_date = competitor, note.strip(), day
    _write(
        deal, dataclasses.replace(act, why=note.strip()), stage=target.key, outcome=outcome, verb=outcome, unmet=unmet
    )
    return deal


@transaction.atomic
def reopen_deal(*, act: Act, deal_id: int, stage: str, why: str, expected_version: int | None = None) -> Deal:
    """Opens a closed deal again in an open stage; the reasons it was closed for go, the history keeps that it was
    closed.

    Raises as `locked_deal`; Clash when it is open; Invalid without a reason or for a stage that is not open.
    """
    hold_for_writing()
    deal = locked_deal(act, deal_id, expected_version=expected_version)
    if deal.is_open:
        raise Clash("This deal is open.")
    _, playbook = playbooks.current()
    errors = {}
    if stage not in {known.key for known in playbook.open_stages}:
        errors["stage"] = "Choose the open stage it goes on in."
    if not why.strip():
        errors["why"] = "Say why the deal is open again."
    if errors:
        raise Invalid(errors)
    OutcomeReason.objects.filter(deal=deal).delete()
    deal.outcome_competitor, deal.outcome_note = None, ""
    _write(deal, dataclasses.replace(act, why=why.strip()), stage=stage, outcome=Outcome.OPEN, verb="reopened")
    return deal


def _write(deal: Deal, act: Act, *, stage: str, outcome: str, verb: str, unmet: Sequence[CriterionCheck] = ()) -> None:
    before = deal.stage
    deal.stage, deal.outcome, deal.stage_entered_at = stage, outcome, act.now
    deal.closed_at = None if outcome == Outcome.OPEN else act.now
    deal.version += 1
    deal.save()
    tracked = {"stage", "close_date"} if outcome != Outcome.OPEN else {"stage"}
    move(
        deal,
        tracked,
        act,
        unmet=as_kept(unmet),
    )
    record(act=act, kind="deal", record_id=deal.pk, deal_id=deal.pk, verb=verb, changes={"stage": (before, stage)})
    ask_for_score(deal.pk, act)


def as_kept(unmet: Sequence[CriterionCheck]) -> list[dict[str, Any]]:
    """Criteria that were not met, as the interval they led to keeps them."""
    return [
        {"stage": check.stage, "key": check.key, "text": check.text, "because": list(check.because)} for check in unmet
    ]
