"""Answering news of a competitor by the playbook: steps with clocks, owners, and a log of what was done when."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from django.db import transaction
from django.urls import reverse

from battlecards.models import IntelEvent, Response, ResponseEntry, ResponseStep
from battlecards.queries.intel import active, scenario_of
from battlecards.rules.clocks import due_times, label
from crm.lib.errors import Clash, EditConflict, Invalid, NotAllowed
from crm.models import NotificationKind, Person, PlaybookVersion
from crm.queries import playbook as playbooks
from crm.queries.company import calendar, company
from crm.rules import access
from crm.rules.fact_words import show_date
from crm.services.audit import Act, record
from crm.services.notifications import notify

LONGEST_NOTE = 4_000
LONGEST_OUTCOME = 2_000
State = Response.State


@transaction.atomic
def start_response(*, act: Act, event_id: int, scenario: str) -> Response:
    """Begins the response a scenario of the playbook in force asks for. Clocks start now. Each step falls to somebody of the role the
    playbook names: to who starts it where they hold it, else to whoever of them has the fewest open steps, else to who starts it.

    Raises IntelEvent.DoesNotExist; NotAllowed for roles no step could fall to; Invalid (scenario); Clash where the event was withdrawn
    or one of this scenario is under way.
    """
    assert act.by is not None
    if not access.reads_cards(act.by.roles):
        raise IntelEvent.DoesNotExist
    if not access.answers_news(act.by.roles):
        raise NotAllowed("A response is started by enablement, operations, or whoever leads a team.")
    event = IntelEvent.objects.select_for_update(of=("self",)).select_related("competitor").get(pk=event_id)
    number = playbooks.current_number()
    found = scenario_of(scenario)
    if found is None:
        raise Invalid({"scenario": "The playbook in force has no such response."})
    if event.withdrawn_at is not None:
        raise Clash("This news was withdrawn. There is nothing to respond to.")
    if event.responses.filter(scenario=scenario, state=State.OPEN).exists():
        raise Clash("This response is under way already.")
    response = Response.objects.create(
        event=event,
        scenario=found.key,
        label=found.label,
        playbook=PlaybookVersion.objects.defer("data").get(number=number),
        owner=act.by,
        started_at=act.now,
    )
    where = company()
    due = due_times(act.now, [step.within for step in found.steps], calendar(where), ZoneInfo(where.time_zone))
    owners = _owners({step.owner for step in found.steps}, act.by)
    steps = ResponseStep.objects.bulk_create(
        ResponseStep(
            response=response,
            key=step.key,
            place=place,
            clock=label(step.within),
            label=step.label,
            text=step.text,
            owner=owners[step.owner],
            due_at=due[place],
        )
        for place, step in enumerate(found.steps)
    )
    _log(act, response, f"Started: {found.label}")
    changes = {"name": (None, response.label), "event": (None, event.title)}
    record(act=act, kind="response", record_id=response.pk, verb="added", changes=changes)
    for step in steps:
        tell_owner(act, step, f"{step.label} is yours, {step.clock.lower()}: {event.title}", "given")
    return response


@transaction.atomic
def step_done(*, act: Act, response_id: int, step_id: int, note: str = "") -> ResponseStep:
    """Ticks a step off. Done twice, the first counts.

    Raises Response.DoesNotExist, ResponseStep.DoesNotExist; NotAllowed for others than its owner, the response's and editors; Clash
    for a response that is over; Invalid (note).
    """
    response = _locked(act, response_id)
    step = response.steps.select_for_update().get(pk=step_id)
    _may_work(act, response, step)
    _refuse_long("note", note, LONGEST_NOTE)
    if step.done_at is not None:
        return step
    step.done_at, step.done_by, step.note = act.now, act.by, note.strip()
    step.save(update_fields=["done_at", "done_by", "note"])
    _log(act, response, f"Done: {step.label}{f'. {step.note}' if step.note else ''}", step)
    _touch(act, response, "changed", {"step": (None, step.label), "note": (None, step.note)})
    return step


@transaction.atomic
def step_reopened(*, act: Act, response_id: int, step_id: int) -> ResponseStep:
    """It was not done after all. The log keeps both. Raises as `step_done`."""
    response = _locked(act, response_id)
    step = response.steps.select_for_update().get(pk=step_id)
    _may_work(act, response, step)
    if step.done_at is None:
        return step
    step.done_at, step.done_by = None, None
    step.save(update_fields=["done_at", "done_by"])
    _log(act, response, f"Opened again: {step.label}", step)
    _touch(act, response, "changed", {"step": (step.label, step.label), "state": ("done", "open")})
    return step


@transaction.atomic
def give_step(*, act: Act, response_id: int, step_id: int, owner_id: int) -> ResponseStep:
    """To somebody else, who is told. Raises as `step_done`; Invalid (owner)."""
    response = _locked(act, response_id)
    step = response.steps.select_for_update().get(pk=step_id)
    _may_work(act, response, step)
    taker = Person.objects.filter(pk=owner_id, is_active=True).first()
    if taker is None or not access.reads_cards(taker.roles):
        raise Invalid({"owner": "Choose an active person with a role."})
    if taker.pk == step.owner_id:
        return step
    before, step.owner = step.owner, taker
    step.reminded_at = None
    step.save(update_fields=["owner", "reminded_at"])
    _log(act, response, f"{step.label}: from {before} to {taker}", step)
    _touch(act, response, "changed", {"step": (step.label, step.label), "owner": (str(before), str(taker))})
    tell_owner(
        act, step, f"{step.label} is yours now, {step.clock.lower()}: {response.event.title}", f"given:{act.now}"
    )
    return step


@transaction.atomic
def write_entry(*, act: Act, response_id: int, text: str) -> ResponseEntry:
    """A line in the log. Raises Response.DoesNotExist; NotAllowed; Clash; Invalid (text)."""
    response = _locked(act, response_id)
    _may_lead(act, response, also_workers=True)
    if not text.strip():
        raise Invalid({"text": "Say what was done or decided."})
    _refuse_long("text", text, LONGEST_NOTE)
    made = _log(act, response, text.strip())
    _touch(act, response, "changed", {"log": (None, made.text)})
    return made


@transaction.atomic
def finish(*, act: Act, response_id: int, outcome: str = "", expected_version: int | None = None) -> Response:
    """Every step is done. Raises Response.DoesNotExist; NotAllowed; EditConflict; Invalid; Clash while a step is open."""
    response = _locked(act, response_id, expected_version)
    _may_lead(act, response)
    left = response.steps.filter(done_at__isnull=True).count()
    if left:
        raise Clash(
            f"{left} step{'s are' if left > 1 else ' is'} still open. Do them, or stop the response with a reason."
        )
    return _end(act, response, State.DONE, outcome)


@transaction.atomic
def stop(*, act: Act, response_id: int, reason: str, expected_version: int | None = None) -> Response:
    """Ends it before its steps are done, with a reason. Raises as `finish`; Invalid without a reason."""
    response = _locked(act, response_id, expected_version)
    _may_lead(act, response)
    if not reason.strip():
        raise Invalid({"outcome": "Say why it is stopped: whoever looks at this later asks."})
    return _end(act, response, State.STOPPED, reason)


def tell_owner(act: Act, step: ResponseStep, text: str, what: str) -> None:
    due = f"{show_date(step.due_at.date())}, {step.due_at:%H:%M} UTC"
    notify(
        act=act,
        to=[step.owner_id],
        kind=NotificationKind.INTEL,
        text=f"{text}. Due {due}",
        url=reverse("battlecards:response-detail", args=[step.response_id]),
        key=f"step:{step.pk}:{what}"[:120],
    )


def _owners(roles: set[str], starter: Person) -> Mapping[str, Person]:
    found: dict[str, Person] = {}
    for role in roles:
        if role in starter.roles:
            found[role] = starter
            continue
        people = list(active(role))
        busy = {one.pk: ResponseStep.objects.filter(owner=one, done_at__isnull=True).count() for one in people[:20]}
        found[role] = min(people[:20], key=lambda one: (busy[one.pk], one.pk)) if people else starter
    return found


def _locked(act: Act, response_id: int, expected_version: int | None = None) -> Response:
    rows = Response.objects.select_for_update(of=("self",)).select_related("event", "owner")
    response = rows.get(pk=response_id)
    if act.by is not None and not access.reads_cards(act.by.roles):
        raise Response.DoesNotExist
    if expected_version is not None and response.version != expected_version:
        raise EditConflict(response)
    if response.state != State.OPEN:
        raise Clash(f"This response is {response.get_state_display().lower()}. Nothing of it changes any more.")
    return response


def may_lead(response: Response, person: Person) -> bool:
    return person.pk == response.owner_id or access.may_edit_cards(person.roles)


def _may_lead(act: Act, response: Response, *, also_workers: bool = False) -> None:
    if act.by is None or may_lead(response, act.by):
        return
    if also_workers and response.steps.filter(owner=act.by).exists():
        return
    raise NotAllowed(f"Only {response.owner}, enablement and operations do this.")


def _may_work(act: Act, response: Response, step: ResponseStep) -> None:
    if act.by is not None and act.by.pk != step.owner_id:
        _may_lead(act, response)


def _refuse_long(field: str, text: str, most: int) -> None:
    if len(text) > most:
        raise Invalid({field: f"Keep it to {most:,} characters; this has {len(text):,}."})


def _end(act: Act, response: Response, state: str, outcome: str) -> Response:
    _refuse_long("outcome", outcome, LONGEST_OUTCOME)
    before = response.get_state_display()
    response.state, response.outcome, response.ended_at = state, outcome.strip(), act.now
    response.save(update_fields=["state", "outcome", "ended_at"])
    after = response.get_state_display()
    _log(act, response, f"{after}{f': {response.outcome}' if response.outcome else ''}")
    _touch(act, response, "changed", {"state": (before, after), "outcome": (None, response.outcome)})
    return response


def _log(act: Act, response: Response, text: str, step: ResponseStep | None = None) -> ResponseEntry:
    return ResponseEntry.objects.create(response=response, step=step, text=text[:LONGEST_NOTE], by=act.by, at=act.now)


def _touch(act: Act, response: Response, verb: str, changes: Mapping[str, tuple[object, object]]) -> None:
    response.version += 1
    response.save(update_fields=["version"])
    told = {"name": (response.label, response.label), **changes}
    record(act=act, kind="response", record_id=response.pk, verb=verb, changes=told)
