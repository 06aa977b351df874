"""What a deal's page shows of its score: why it is what it is, what would lift it, and what to ask next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from crm.models import Job, JobState
from crm.queries import playbook as playbooks
from deals.models import Deal
from deals.queries import snapshot as snapshots
from deals.rules import meddpicc, signals
from playbook.schema import Playbook
from playbook.schema.conditions import facts_named
from scoring.models import LeadScore
from scoring.queries.scores import as_score, latest
from scoring.rules.lead_score import Contribution, Score
from scoring.rules.lift import Decider, Lift, decider, lift
from scoring.rules.questions import NextQuestion, next_questions
from scoring.rules.recompute import ScoreInputs, compute

OPEN = (JobState.QUEUED, JobState.RUNNING)


@dataclass(frozen=True, slots=True)
class ScorePanel:
    """The stored score and its reasons. `row` and `score` are None until a worker has scored the deal once."""

    title: str
    row: LeadScore | None
    score: Score | None
    bars: tuple[Contribution, ...]
    highest: int
    lowest: int
    number: int
    computed_at: dt.datetime | None
    computing: bool
    decider: Decider | None
    lift: Lift | None


def computing(deal: Deal) -> bool:
    """Whether a worker still has this deal's score to compute."""
    keys = (f"score:{deal.pk}", f"score-account:{deal.account_id}")
    return Job.objects.filter(key__in=keys, state__in=OPEN).exists()


def token(deal: Deal, busy: bool) -> str:
    """Differs whenever the panel would look different. `deal` comes with its score row."""
    row = getattr(deal, "score", None)
    computed = row.computed_at.timestamp() if row and row.computed_at else 0
    return f"{computed}-{deal.outcome}-{'busy' if busy else 'done'}"


def score_panel(deal: Deal, today: dt.date, busy: bool) -> ScorePanel:
    """The panel of a deal fetched with its score row."""
    row = latest(deal.pk)
    narrow = getattr(deal, "score", None)
    number = row.playbook_version.number if row else playbooks.current_number()
    playbook = playbooks.by_number(number)
    bant = playbook.bant
    score = as_score(row, playbook) if row else None
    deciding = lifting = None
    if row is not None and score is not None and deal.is_open:
        texts = _questions_by_criterion(playbook, deal)
        deciding = decider(bant, score, questions=texts)
        lifting = None if deciding else lift(playbook, score, row.inputs["facts"], today, questions=texts)
    return ScorePanel(
        title=title(score),
        row=row,
        score=score,
        bars=tuple(sorted(score.contributions, key=_heaviest_first)) if score else (),
        highest=bant.highest,
        lowest=bant.lowest,
        # The worker may have looked again, under a later playbook too, and found nothing changed.
        number=narrow.playbook_number if row and narrow else number,
        computed_at=narrow.computed_at if narrow else None,
        computing=busy,
        decider=deciding,
        lift=lifting,
    )


def title(score: Score | None) -> str:
    """The question the panel answers: Why B or A."""
    if score is None:
        return "No score yet"
    if len(score.possible_classes) > 2:
        return "Too little known for a class"
    return f"Why {' or '.join(score.possible_classes)}"


def _heaviest_first(part: Contribution) -> tuple[bool, Decimal]:
    return part.score is None, -(part.product or Decimal(0))


def _questions_by_criterion(playbook: Playbook, deal: Deal) -> dict[str, str]:
    """For each criterion the bank's question that asks most directly for what its anchors look at: for such a fact, for nothing
    else beside it, in the bank's order; of those for the deal's segment that nobody has answered yet."""
    answered = set(deal.answers.values_list("question", flat=True))
    found: dict[str, tuple[tuple[bool, int], str]] = {}
    looked_at = {
        criterion.key: frozenset().union(*(facts_named(anchor.when) for anchor in criterion.anchors))
        for criterion in playbook.bant.criteria
    }
    for question in playbook.questions:
        if question.key in answered or (question.segments and deal.account.segment not in question.segments):
            continue
        for criterion in question.criteria:
            beside_it = len(question.criteria) + len(question.elements)
            rank = (looked_at[criterion].isdisjoint(question.facts), beside_it)
            if criterion not in found or rank < found[criterion][0]:
                found[criterion] = (rank, question.text)
    return {criterion: text for criterion, (_, text) in found.items()}


def ask_next(deal_id: int, today: dt.date, limit: int = 5) -> tuple[NextQuestion, ...]:
    """The next best questions under the playbook in force, by what is recorded of the deal right now."""
    _, playbook = playbooks.current()
    snapshot = snapshots.load(deal_id)
    score = compute(playbook, ScoreInputs(snapshot.facts, snapshot.overrides, snapshot.segment, today)).score
    health = meddpicc.health(playbook, snapshot, today)
    flags = meddpicc.red_flags(playbook, signals.known(playbook, snapshot, today), today)
    return next_questions(playbook, snapshot, score, health, today, flags=flags, limit=limit)
