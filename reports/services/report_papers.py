"""Reports as PDFs: asked for by somebody, made by a worker with that person's eyes, kept for ninety days, handed to nobody else."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from crm.lib.errors import Clash, Invalid, NotAllowed
from crm.models import Job, NotificationKind, Person
from crm.queries import playbook as playbooks
from crm.rules import access
from crm.rules.access import Reach
from crm.services import jobs
from crm.services.audit import Act
from crm.services.notifications import notify
from crm.services.outbox import write_mail
from reports.documents import frame, printing
from reports.documents.printing import NoPrinter
from reports.documents.reports import reports_document
from reports.models import Paper, PaperState
from reports.paper_kinds import Pack, Part, may_have, pack_of
from reports.queries.asked import Asked
from reports.queries.papers import unfinished
from reports.services import paper_files

log = logging.getLogger(__name__)
TASK = "reports.tasks.print_reports"
PartsOf = Callable[[Pack, Person, Mapping[str, Any], dt.datetime], list[Part]]
"""`reports.paper_parts.parts_of`, for the forms stand above the services."""
KEPT = dt.timedelta(days=90)
LONG = dt.timedelta(seconds=10)
"""Who waited so long has gone on with something else, and is told."""
MOST_WAITING = 20
"""Papers of one person that wait at a time."""
BROKE = "It could not be made. Try again; if it fails again, operations finds the reason under Jobs."
NO_LONGER = "Your role no longer includes this report. Operations can change roles."


@transaction.atomic
def ask(*, act: Act, key: str, asked: Mapping[str, str]) -> Paper:
    """The paper that will be made: the one that waits already, where the same person asked for the same.

    Raises Invalid for a paper there is not, NotAllowed for who does not read it, Clash where too many wait.
    """
    person = act.by
    assert person is not None, "a paper is somebody's"
    pack = pack_of(key)
    if pack is None:
        raise Invalid({"kind": "There is no such report."})
    if not may_have(pack, person.roles):
        raise NotAllowed(NO_LONGER)
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)  # of two presses of the button one waits
    waiting = list(unfinished(person))
    same = next((one for one in waiting if one.kind == key and one.asked == dict(asked)), None)
    if same is not None:
        return same
    if len(waiting) >= MOST_WAITING:
        raise Clash(f"{MOST_WAITING} papers of yours are still being made. Wait for one, or delete one.")
    return order(pack, person, asked, now=act.now, queue="interactive")


def order(pack: Pack, person: Person, asked: Mapping[str, str], *, now: dt.datetime, queue: str) -> Paper:
    """Asks a worker, within the caller's transaction."""
    paper = Paper.objects.create(
        kind=pack.key, asked=dict(asked), made_for=person, title=pack.title, roles=sorted(person.roles), asked_at=now
    )
    _send(paper, queue=queue)
    return paper


def _send(paper: Paper, *, queue: str) -> None:
    told = json.dumps([paper.pk, paper.asked_at.isoformat()])
    key = f"paper:{paper.pk}:{hashlib.sha256(told.encode()).hexdigest()[:16]}"
    paper.job = jobs.enqueue(
        TASK, key=key, args={"paper_id": paper.pk}, queue=queue, label=f"{paper.title} as PDF", by=paper.made_for
    )
    paper.save(update_fields=["job"])


@transaction.atomic
def try_again(*, act: Act, paper_id: int) -> Paper:
    """Has one made that failed or is no longer kept, of the same day. Raises Paper.DoesNotExist, NotAllowed, and Clash for one that
    is there or under way."""
    paper = mine(act, paper_id, lock=True)
    pack = pack_of(paper.kind)
    if act.by is None or pack is None or not may_have(pack, act.by.roles):
        raise NotAllowed(NO_LONGER)
    if paper.file or unfinished(act.by).filter(pk=paper.pk).exists():
        raise Clash("This paper is there already, or is being made.")
    paper.state, paper.said, paper.asked_at, paper.kept_until = PaperState.QUEUED, "", act.now, None
    paper.finished_at, paper.roles = None, sorted(act.by.roles)
    paper.save()
    _send(paper, queue="interactive")
    return paper


@transaction.atomic
def delete(*, act: Act, paper_id: int) -> None:
    """With its file; one that is being made is dropped when it is ready. Raises Paper.DoesNotExist."""
    paper = mine(act, paper_id, lock=True)
    name = paper.file
    paper.delete()
    transaction.on_commit(lambda: paper_files.drop(name))


def mine(act: Act, paper_id: int, *, lock: bool = False) -> Paper:
    rows = Paper.objects.select_for_update(of=("self",)) if lock else Paper.objects.all()
    return rows.get(pk=paper_id, made_for=act.by)


def perform(job: Job, parts_of: PartsOf) -> None:
    """Makes and keeps it. Twice does no harm: the first file that is named is the paper. `parts_of` reads what is asked.
    Raises NoPrinter."""
    paper = Paper.objects.select_related("made_for__team").filter(pk=job.args["paper_id"]).first()
    if paper is None or paper.state == PaperState.DONE:
        return
    pack = pack_of(paper.kind)
    if pack is None or not paper.made_for.is_active or not may_have(pack, paper.made_for.roles):
        failed(paper.pk, NO_LONGER)
        return
    Paper.objects.filter(pk=paper.pk).exclude(state=PaperState.DONE).update(state=PaperState.RUNNING, said="")
    made, pages = _made(job, paper, parts_of(pack, paper.made_for, paper.asked, timezone.now()))
    name = paper_files.keep(made)
    if not _named(paper, name, pages, len(made)):
        paper_files.drop(name)  # deleted meanwhile, or another worker was faster


def _made(job: Job, paper: Paper, parts: Sequence[Part]) -> tuple[bytes, int]:
    person, first = paper.made_for, parts[0][1]
    total = len(parts) + 1
    jobs.progress(job, done=0, total=total)
    reports = []
    for done, (kind, asked) in enumerate(parts, start=1):
        reports.append(kind.build(asked))
        jobs.progress(job, done=done, total=total)
    ours = playbooks.current()[1].identity.company
    document = reports_document(
        reports, title=paper.title, ours=ours, by=str(person), made_at=first.now, about=about(person, first)
    )
    drawn = frame.html(document)
    made, pages = printing.pdf_with_pages(drawn, sheet=document.sheet, identifier=frame.identity(document, drawn))
    jobs.progress(job, done=total, total=total)
    return made, pages


def about(person: Person, asked: Asked) -> str:
    """Whose figures they are, in words; "" for everybody's."""
    if asked.owner is not None:
        return str(asked.owner)
    if asked.team is not None:
        return asked.team.name
    reach = access.row_reach(person.roles)
    if reach is Reach.TEAM and person.team is not None:
        return person.team.name
    return "" if reach is Reach.ALL else str(person)


@transaction.atomic
def _named(paper: Paper, name: str, pages: int, size: int) -> bool:
    now = timezone.now()
    rows = Paper.objects.filter(pk=paper.pk).exclude(state=PaperState.DONE)
    done = rows.update(
        state=PaperState.DONE, file=name, pages=pages, size=size, finished_at=now, kept_until=now + KEPT, said=""
    )
    if done:
        _tell(paper, now, f"{paper.title} is ready as a PDF.")
    return bool(done)


@transaction.atomic
def failed(paper_id: int, said: str) -> None:
    """Says so on the paper, and to whom it is for, unless it is there by now."""
    now = timezone.now()
    paper = Paper.objects.select_related("made_for").filter(pk=paper_id).exclude(state=PaperState.DONE).first()
    if paper is None:
        return
    Paper.objects.filter(pk=paper.pk).update(state=PaperState.FAILED, said=said[:300], finished_at=now)
    if paper.made_for.is_active and paper.made_for.roles:
        _tell(paper, now, f"{paper.title} could not be made as a PDF.", is_news=True)


def _tell(paper: Paper, now: dt.datetime, text: str, *, is_news: bool = False) -> None:
    """By mail what a schedule asked for; else within the product, where it took long or went wrong."""
    url = reverse("reports:paper-detail", args=[paper.pk])
    person, is_scheduled = paper.made_for, hasattr(paper, "scheduled")
    if is_scheduled and person.email and not is_news:
        _mail(paper, url, now)
    elif is_scheduled or is_news or now - paper.asked_at >= LONG:
        key = f"paper:{paper.pk}:{paper.asked_at:%Y%m%dT%H%M%S}"
        notify(act=Act(by=None, at=now), to=[person.pk], kind=NotificationKind.REPORT, text=text, url=url, key=key)


def _mail(paper: Paper, url: str, now: dt.datetime) -> None:
    """A link, not the file: who opens it signs in, and is asked again whether they still may."""
    person, owner = paper.made_for, paper.scheduled.schedule.owner
    if owner == person:
        how = f"How often it comes you choose here: {settings.SITE_URL}{reverse('reports:schedule-list')}"
    else:
        how = (
            f"{owner} has it sent to you. To have no more of these, turn off news of reports in your settings: "
            f"{settings.SITE_URL}{reverse('crm:settings')}"
        )
    write_mail(
        to=person.email,
        subject=f"{paper.title}, {paper.asked['as_of']}",
        text=(
            f"Hello {person},\n\n{paper.title} is ready as a PDF, with the figures you may see. It is kept for {KEPT.days} days:\n"
            f"{settings.SITE_URL}{url}\n\n{how}\n"
        ),
        key=f"paper:{paper.pk}:{paper.asked_at:%Y%m%dT%H%M%S}",
        at=now,
    )


def perform_or_say(job: Job, parts_of: PartsOf) -> None:
    """`perform`, for a worker: what goes wrong is said on the paper before it is raised."""
    try:
        perform(job, parts_of)
    except NoPrinter as missing:
        failed(job.args["paper_id"], str(missing))
        jobs.fail(job, str(missing))
    except Exception:
        failed(job.args["paper_id"], BROKE)
        raise
