"""Papers of the world: one made for Rae and kept, one that failed, and a schedule of hers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from crm.models import Person
from crm.services.audit import Act
from reports.models import Paper, PaperSchedule
from reports.services import paper_files
from reports.services.schedules import set_up

ASKED = {"as_of": "2026-06-30"}


@dataclass(frozen=True, slots=True)
class Papers:
    done: Paper
    failed: Paper
    schedule: PaperSchedule

    @property
    def made(self) -> dict[str, Any]:
        return {"paper_id": self.done.pk}

    @property
    def weekly(self) -> dict[str, Any]:
        return {"schedule_id": self.schedule.pk}

    @property
    def broken(self) -> dict[str, Any]:
        return {"paper_id": self.failed.pk}


def make_papers(rae: Person) -> Papers:
    return Papers(make_paper(rae), make_paper(rae, state="failed", said="It could not be made."), make_schedule(rae))


def make_paper(rae: Person, **values: Any) -> Paper:
    given = {"kind": "pipeline", "asked": ASKED, "made_for": rae, "title": "Pipeline review", "roles": rae.roles}
    given |= {"asked_at": timezone.now()} | values
    if "state" not in values:
        made = paper_files.keep(b"%PDF-1.7")
        given |= {"state": "done", "file": made, "pages": 1, "size": 8, "finished_at": timezone.now()}
    return Paper.objects.create(**given)


def make_schedule(rae: Person) -> PaperSchedule:
    return set_up(act=Act(by=rae), kind="pipeline", values={"asked": {"by": "owner"}, "rhythm": "weekly", "day": 0})
