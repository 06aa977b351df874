"""Drafts of the world's playbook, one of them rehearsed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crm.models import Job, JobState, Person, PlaybookDraft, RehearsalRun
from crm.services import drafts, rehearsals
from crm.services.audit import Act


@dataclass(frozen=True, slots=True)
class Drafts:
    """Otto's for everything, which was rehearsed and would change something; and Eve's for questions only."""

    whole: PlaybookDraft
    asked: PlaybookDraft
    rehearsal: RehearsalRun


def make_drafts(cast: Mapping[str, Person]) -> Drafts:
    """The one for everything drops a stage and weighs the budget more."""

    def change(data: dict[str, Any]) -> dict[str, Any]:
        for criterion in data["bant"]["criteria"]:
            criterion["weight"] = {"budget": "30", "authority": "15"}.get(criterion["key"], criterion["weight"])
        data["stages"] = [stage for stage in data["stages"] if stage["key"] != "contracting"]
        return data

    draft = drafts.begin(act=Act(by=cast["otto"]), name="Money first", base=2, note="Budgets decide.")
    places = {"stages": {"contracting": "negotiation"}}
    draft = drafts.edit(act=Act(by=cast["otto"]), draft_id=draft.pk, change=change, moves=places)
    asked = drafts.begin(act=Act(by=cast["eve"]), name="Better questions", base=2)
    return Drafts(draft, asked, rehearse(cast["otto"], draft))


def rehearse(otto: Person, draft: PlaybookDraft) -> RehearsalRun:
    run = rehearsals.ask(act=Act(by=otto), draft_id=draft.pk)
    rehearsals.perform(run.pk)
    Job.objects.filter(key=f"rehearse:{run.pk}").update(state=JobState.DONE, done=1, total=1)
    return RehearsalRun.objects.get(pk=run.pk)
