"""What a higher app says of a deal as it is, or as it would be: questions worth asking, and what facts would do to its score."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from crm.registry.base import Registry

# --- Questions worth asking ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RankedQuestion:
    """A question of the playbook, and why it is worth asking, the strongest reason first."""

    key: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionRanker:
    """`rank(deal_id, playbook, personas, today, limit)` gives the best questions to ask people of these personas about a deal, best
    first; without personas, of whoever is on the deal."""

    key: str
    rank: Callable[[int, Any, Sequence[str], dt.date, int], Sequence[RankedQuestion]]  # Any: a Playbook


question_rankers: Registry[QuestionRanker] = Registry("ranking of questions")


# --- What would be, if ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Judged:
    """A deal as a judge sees it. `total` is the score or its range in words ("3.4", "2.1 to 4.0"), `lead_class` one letter or those
    still possible, `lights` a letter per MEDDPICC element (u, c, f), `health` in percent."""

    total: str
    lead_class: str
    lights: str
    health: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DealJudge:
    """`judge(playbook, snapshot, today)` says what a deal would be scored, were it as the snapshot says. Nothing is stored."""

    key: str
    judge: Callable[[Any, Any, dt.date], Judged]  # a Playbook and a deals.rules.snapshot.DealSnapshot


deal_judges: Registry[DealJudge] = Registry("judge of deals")
