"""What the tests of rehearsing share: what a deal is now, what a rehearsal says of it, and changes of a playbook."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from crm.models import Person, PlaybookDraft, RehearsalRun, RehearsedChange
from crm.queries import playbook as playbooks
from crm.services import drafts, rehearsals
from crm.services.audit import Act
from deals.models import Deal, DealScore
from deals.queries.snapshot import load
from deals.rules import signals
from deals.rules.bant import assess
from deals.rules.stages import exit_criteria

Run = Callable[[], int]
Data = dict[str, Any]


@dataclass(frozen=True)
class State:
    """A deal as the product has it now, by the queries its pages use."""

    low: Decimal
    high: Decimal
    classes: str
    disqualified: tuple[str, ...]
    stage: str
    warns: frozenset[str]


def states() -> dict[int, State]:
    _, playbook = playbooks.current()
    today = timezone.now().date()
    found = {}
    for deal in Deal.objects.open().select_related("score", "account", "bant"):
        seen = load(deal.pk)
        checks = exit_criteria(playbook.stage(deal.stage), signals.known(playbook, seen, today), today)
        judged = assess(playbook, seen.facts, seen.overrides, seen.segment, today)
        blocked = tuple(one.criterion for one in judged.disqualifications)
        assert len(blocked) == deal.score.disqualified
        score: DealScore = deal.score
        warns = frozenset(check.key for check in checks if not check.met)
        found[deal.pk] = State(score.low, score.high, score.possible_classes, blocked, deal.stage, warns)
    return found


def begin(by: Person, change: Callable[[Data], Data] | None = None, **moves: dict[str, str]) -> PlaybookDraft:
    draft = drafts.begin(act=Act(by=by), name="Stricter", base=playbooks.current_number())
    if change is None:
        return draft
    return drafts.edit(act=Act(by=by), draft_id=draft.pk, change=change, moves=moves)


def rehearse(draft: PlaybookDraft, run_jobs: Run) -> RehearsalRun:
    run = rehearsals.ask(act=Act(by=None), draft_id=draft.pk)
    run_jobs()
    run.refresh_from_db()
    return run


def publish(draft: PlaybookDraft, by: Person, run_jobs: Run) -> None:
    expected = playbooks.current_number()
    drafts.publish(act=Act(by=by), draft_id=draft.pk, note="", moves=draft.moves, expected=expected)
    run_jobs()


def listed(run: RehearsalRun) -> dict[int, tuple[Any, ...]]:
    """What each row says: score, disqualifications and stage before and after, criteria that newly warn and no longer do."""
    return {
        row.deal_id: (
            (row.low_before, row.high_before, row.class_before),
            (row.low_after, row.high_after, row.class_after),
            row.disqualified,
            (row.stage_before, row.stage_after),
            frozenset(one["key"] for one in row.exit_criteria if one["after"] in ("unmet", "unknown")),
            frozenset(one["key"] for one in row.exit_criteria if one["after"] in ("met", "absent")),
        )
        for row in RehearsedChange.objects.filter(run=run)
    }


def happened(before: dict[int, State], after: dict[int, State]) -> dict[int, tuple[Any, ...]]:
    """The same, of what really came about."""
    assert before.keys() == after.keys()
    return {
        pk: (
            (old.low, old.high, old.classes),
            (new.low, new.high, new.classes),
            {}
            if old.disqualified == new.disqualified
            else {"before": list(old.disqualified), "after": list(new.disqualified)},
            (old.stage, new.stage),
            new.warns - old.warns,
            old.warns - new.warns,
        )
        for pk, old in before.items()
        if old != (new := after[pk])
    }


def weights(data: Data) -> Data:
    for criterion in data["bant"]["criteria"]:
        criterion["weight"] = {"budget": "30.5", "authority": "14.5"}.get(criterion["key"], criterion["weight"])
    return data


def classes(data: Data) -> Data:
    data["bant"]["classes"][0]["at_least"] = "3.75"
    data["bant"]["classes"][1]["at_least"] = "2.9"
    return data


def disqualification(data: Data) -> Data:
    budget = data["bant"]["criteria"][0]
    budget["verdicts"]["disqualified"]["any"] = [{"fact": "budget_amount", "under": "300001"}]
    authority = data["bant"]["criteria"][1]
    authority["verdicts"]["disqualified"] = {"fact": "authority_access", "equals": "path"}
    return data


def ageing(data: Data) -> Data:
    data["meddpicc"]["stale_after_days"] = 30
    stage = next(one for one in data["stages"] if one["key"] == "demo")
    strength = {"fact": "meddpicc.metrics.strength", "equals": "confirmed"}
    stage["exit_criteria"].append({"key": "metrics_confirmed", "text": "The metrics are confirmed", "when": strength})
    return data


def criteria(data: Data) -> Data:
    discovery = next(one for one in data["stages"] if one["key"] == "discovery")
    discovery["exit_criteria"][:1] = [
        {"key": "warm", "text": "The total is 3 or more", "when": {"fact": "score.total", "at_least": "3"}},
        {"key": "waited", "text": "Ten days here", "when": {"fact": "deal.days_in_stage", "at_least": 10}},
    ]
    return data


def without_demo(data: Data) -> Data:
    data["stages"] = [one for one in data["stages"] if one["key"] != "demo"]
    poc = next(one for one in data["stages"] if one["key"] == "poc")
    poc["exit_criteria"].append(
        {"key": "rested", "text": "Five days here", "when": {"fact": "deal.days_in_stage", "at_least": 5}}
    )
    return data


def everything(data: Data) -> Data:
    return without_demo(criteria(ageing(disqualification(classes(weights(data))))))
