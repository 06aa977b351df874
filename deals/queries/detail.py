"""One deal for its pages: how much of it somebody sees, and what stands in its head."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from crm.models import Person
from crm.queries import playbook as playbooks
from crm.rules import access
from deals.models import Deal, DealInterval, DealScore, Outcome, TrackedField
from deals.queries.snapshot import elements
from deals.queries.visibility import level_of
from deals.rules import bant, meddpicc, stages
from deals.rules.bant import Disqualification
from deals.rules.facts import usable
from deals.rules.meddpicc import Health
from deals.rules.visibility import Level
from playbook.schema import Playbook
from playbook.schema.market import Stage

HEAD = ("account", "owner", "owner__team", "score", "bant", "outcome_competitor")
"""What comes with a deal, unless its page needs less: the owner's team always does, for it decides who sees the deal."""


@dataclass(frozen=True, slots=True)
class Sight:
    """A deal in somebody's eyes. `detailed`: facts, people, scores, history; `editable`: may change it."""

    deal: Deal
    detailed: bool
    editable: bool
    sees_amount: bool

    @property
    def may_work(self) -> bool:
        """May record what is known: a closed deal is reopened first."""
        return self.editable and self.deal.is_open


def see(user: Person, deal_id: int, *parts: str, related: Sequence[str] = HEAD) -> Sight:
    """The deal as `user` may see it, `parts` prefetched. Raises Deal.DoesNotExist where they may not know of it.

    One deal is judged by itself, which its own row nearly always decides: the querysets that find everybody's deals would
    first ask for the team and for all that is shared. `tests/deals/test_visibility.py` holds the two equal.
    """
    found = Deal.objects.select_related("owner__team", *related).prefetch_related(*parts)
    deal: Deal = found.get(pk=deal_id)
    level = level_of(user, deal, dt.datetime.now(dt.UTC).date())
    if level is Level.NOTHING:
        raise Deal.DoesNotExist("It is not theirs to see.")
    detailed = level >= Level.FULL
    return Sight(deal, detailed, level is Level.CHANGE, detailed or access.sees_every_amount(user.roles))


StepState = Literal["done", "now", "now won", "now lost", ""]


@dataclass(frozen=True, slots=True)
class Step:
    """A stage in the bar. `note` stands beside the one that is now: days in it against the usual."""

    label: str
    state: StepState
    note: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the panels. `health` and `disqualifications` are empty for those who see names only."""

    sight: Sight
    score: DealScore | None
    steps: tuple[Step, ...]
    over_by: int
    stage_label: str
    next_stage: Stage | None
    health: Health | None
    disqualifications: tuple[Disqualification, ...]
    reasons: tuple[str, ...]
    lights_names: tuple[str, ...]
    token: str


def head(sight: Sight, today: dt.date) -> Head:
    """Four queries at most: the playbook's number, the elements, and for a closed deal its reasons and last stage."""
    deal = sight.deal
    _, playbook = playbooks.current()
    health = meddpicc.health_of(playbook.meddpicc, elements(deal), today) if sight.detailed else None
    time = stages.time_in_stage(playbook, deal.stage, deal.stage_entered_at.date(), today)
    return Head(
        sight=sight,
        score=getattr(deal, "score", None),
        steps=_steps(playbook, deal, time),
        over_by=time.over_by if deal.is_open else 0,
        stage_label=playbook.stage(deal.stage).label,
        next_stage=stages.next_stage(playbook, deal.stage),
        health=health,
        disqualifications=_disqualifications(playbook, deal, today) if sight.detailed and deal.is_open else (),
        reasons=() if deal.is_open else _reasons(playbook, deal),
        lights_names=tuple(element.label for element in playbook.meddpicc.elements),
        token=head_token(deal),
    )


def head_token(deal: Deal) -> str:
    """Differs whenever the head would look different: the deal was written, or its score was."""
    score = getattr(deal, "score", None)
    computed = score.computed_at.timestamp() if score and score.computed_at else 0
    return f"{deal.version}-{computed}"


def _steps(playbook: Playbook, deal: Deal, time: stages.TimeInStage) -> tuple[Step, ...]:
    keys = [stage.key for stage in playbook.open_stages]
    reached = keys.index(deal.stage) if deal.stage in keys else _last_open(deal, keys)
    steps = [
        Step(stage.label, "done" if place < reached or (place == reached and not deal.is_open) else "")
        for place, stage in enumerate(playbook.open_stages)
    ]
    if deal.is_open:
        usual = f", usual {time.expected_days}" if time.expected_days is not None else ""
        steps[reached] = Step(steps[reached].label, "now", f"{time.days} d{usual}")
        return tuple(steps)
    closing: StepState = "now won" if deal.outcome == Outcome.WON else "now lost"
    return (*steps, Step(deal.get_outcome_display(), closing))


def _last_open(deal: Deal, keys: list[str]) -> int:
    """How far a closed deal had come before it closed; the first stage where nothing is kept of it."""
    stage = (
        DealInterval.objects.filter(deal=deal, field=TrackedField.STAGE, value__in=keys)
        .order_by("-from_at")
        .values_list("value", flat=True)
        .first()
    )
    return keys.index(stage) if stage else 0


def _disqualifications(playbook: Playbook, deal: Deal, today: dt.date) -> tuple[Disqualification, ...]:
    facts = usable(playbook, facts_of(deal))
    return bant.assess(playbook, facts, overrides_of(deal), deal.account.segment, today).disqualifications


def facts_of(deal: Deal) -> dict[str, object]:
    """The facts a deal is judged on: its account's, with its own over them."""
    assessment = getattr(deal, "bant", None)
    return {**deal.account.facts, **(assessment.facts if assessment else {})}


def overrides_of(deal: Deal) -> dict[str, int | None]:
    assessment = getattr(deal, "bant", None)
    return assessment.overrides if assessment else {}


def _reasons(playbook: Playbook, deal: Deal) -> tuple[str, ...]:
    labels = {reason.key: reason.label for reason in playbook.outcome_reasons}
    return tuple(labels.get(row.reason, row.reason.replace("_", " ")) for row in deal.outcome_reasons.all())
