"""Papers as their owner finds them."""

from __future__ import annotations

from django.db.models import QuerySet

from crm.models import JobState, Person
from reports.models import Paper, PaperState

OPEN = (PaperState.QUEUED, PaperState.RUNNING)


def papers_of(user: Person) -> QuerySet[Paper]:
    """The one door to papers: whose they are, and nobody else."""
    return Paper.objects.filter(made_for=user).select_related("job")


def unfinished(user: Person) -> QuerySet[Paper]:
    """Those a worker has or will have; without its job a paper waits for nothing."""
    return papers_of(user).filter(state__in=OPEN, job__state__in=(JobState.QUEUED, JobState.RUNNING))
