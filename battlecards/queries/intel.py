"""News of competitors, responses and watches, for their pages and for what beat does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone

from battlecards.models import Card, IntelEvent, IntelMark, Response, ResponseStep, Watch, WatchRun
from battlecards.queries.cards import content_of
from battlecards.queries.field import titles
from battlecards.rules.content import passage
from battlecards.rules.news import touched
from battlecards.rules.watching import EVERY
from crm.lib import keyset
from crm.lib.keyset import Sort
from crm.models import Competitor, Person
from crm.queries import playbook as playbooks
from crm.queries.people import in_role
from crm.rules import access
from crm.rules.access import Role
from playbook.schema.intel import Intel, Scenario

SORTS = keyset.both_ways(Sort("happened", "Happened", ("happened_on",)))
EDITORS = (Role.ENABLEMENT, Role.OPS)


def intel_rules(number: int = 0) -> Intel | None:
    """Of a playbook version, or of the one in force; None under one from before there was any."""
    playbook = playbooks.by_number(number) if number else playbooks.current()[1]
    return playbook.intel


def scenario_of(key: str, number: int = 0) -> Scenario | None:
    rules = intel_rules(number)
    return next((one for one in rules.scenarios if one.key == key), None) if rules else None


def asked_for(event: IntelEvent) -> tuple[Scenario | None, str]:
    """The scenario that this kind of news asks for, and when it does."""
    rules = intel_rules()
    kind = next((one for one in rules.kinds if one.key == event.kind), None) if rules else None
    if kind is None or kind.response is None:
        return None, ""
    return scenario_of(kind.response), kind.response_when


def editors() -> list[int]:
    return list(active(*EDITORS).values_list("pk", flat=True))


def active(*roles: str) -> QuerySet[Person]:
    return Person.objects.filter(is_active=True).filter(in_role(*roles)).order_by("pk")


def leaders_of(person: Person) -> list[Person]:
    """Who leads somebody: managers of their team or the next one above that has some, else VPs, else SVPs; never themselves."""
    above = [int(part) for part in person.team.path.split("/") if part] if person.team else []
    managers = [
        one for one in active(Role.MANAGER).filter(team__in=above).select_related("team") if one.pk != person.pk
    ]
    if managers:
        nearest = max(len(one.team.path) for one in managers if one.team)
        return [one for one in managers if one.team and len(one.team.path) == nearest]
    for role in (Role.VP, Role.SVP):
        found = [one for one in active(role) if one.pk != person.pk]
        if found:
            return found
    return []


def doubted(event: IntelEvent, *, kind: str = "", said: str = "") -> Mapping[int, str]:
    """The claims of the competitor's published card that the news puts in doubt, each with why, by its id."""
    card = Card.objects.filter(competitor=event.competitor_id).select_related("current").first()
    if card is None or card.current is None:
        return {}
    claims = [(one.claim_id, one.claim) for one in content_of(card.current, card.sort).said]
    text = said or f"{event.title} {event.text}"
    return touched(kind or event.kind, text, claims, [event.competitor.name, event.competitor.key])


@dataclass(frozen=True, slots=True)
class Offer:
    """A claim that may be ticked: why it is suggested, "" where it is not."""

    claim_id: int
    title: str
    kind: str
    why: str


def offers(competitor: Competitor, kind: str, said: str) -> list[Offer]:
    """Every claim of a competitor's card, those the news puts in doubt first."""
    card = Card.objects.filter(competitor=competitor).select_related("current").first()
    if card is None or card.current is None:
        return []
    content = content_of(card.current, card.sort)
    claims = [(one.claim_id, one.claim) for one in content.said if not one.claim.retired]
    why = touched(kind, said, claims, [competitor.name, competitor.key])
    found = [Offer(pk, passage(claim)[0], claim.kind.replace("_", " "), why.get(pk, "")) for pk, claim in claims]
    return sorted(found, key=lambda one: not one.why)


def events(user: Person, *, competitor: str = "", kind: str = "", withdrawn: bool = False) -> QuerySet[IntelEvent]:
    """Everybody with a role reads them."""
    rows = IntelEvent.objects.select_related("competitor", "created_by")
    if not user.is_active or not access.reads_cards(user.roles):
        return rows.none()
    if not withdrawn:
        rows = rows.filter(withdrawn_at__isnull=True)
    if competitor:
        rows = rows.filter(competitor__key=competitor)
    return rows.filter(kind=kind) if kind else rows


def with_counts(rows: QuerySet[IntelEvent]) -> QuerySet[Any]:
    return rows.annotate(
        open_marks=Count("marks", filter=Q(marks__settled_at__isnull=True), distinct=True),
        open_responses=Count("responses", filter=Q(responses__state="open"), distinct=True),
    )


def marks_of(event: IntelEvent) -> list[tuple[IntelMark, str]]:
    """Its marks with what each claim is called."""
    marks = list(event.marks.select_related("claim__card", "settled_by").order_by("pk"))
    named = titles([mark.claim_id for mark in marks])
    return [(mark, named.get(mark.claim_id, mark.claim.key)) for mark in marks]


def responses(user: Person) -> QuerySet[Response]:
    rows = Response.objects.select_related("event__competitor", "owner", "playbook").defer("playbook__data")
    return rows if user.is_active and access.reads_cards(user.roles) else rows.none()


def find_response(user: Person, response_id: int) -> Response:
    """With its steps and its log. Raises Response.DoesNotExist."""
    steps = Prefetch("steps", ResponseStep.objects.select_related("owner", "done_by").order_by("place"))
    return responses(user).prefetch_related(steps, "entries__by", "entries__step").get(pk=response_id)


def steps_of(person: Person, most: int) -> list[ResponseStep]:
    """Open steps somebody has to do, the most urgent first."""
    rows = ResponseStep.objects.filter(owner=person, done_at__isnull=True, response__state="open")
    return list(rows.select_related("response__event__competitor").order_by("due_at", "pk")[:most])


def overdue(steps: Sequence[ResponseStep], now: dt.datetime | None = None) -> set[int]:
    now = now or timezone.now()
    return {step.pk for step in steps if step.done_at is None and step.due_at < now}


# --- Watches ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Watched:
    watch: Watch
    every: str
    text: str
    late: bool


def watches(today: dt.date, *, owner: Person | None = None, due_by: dt.date | None = None) -> list[Watched]:
    """Those in force, the soonest due first."""
    rows = Watch.objects.filter(retired_at__isnull=True).select_related("owner").order_by("due_on", "pk")
    if owner is not None:
        rows = rows.filter(owner=owner)
    if due_by is not None:
        rows = rows.filter(due_on__lte=due_by)
    rules = intel_rules()
    texts = {one.key: one.text for one in rules.cadence} if rules else {}
    return [
        Watched(row, EVERY.get(row.cadence, row.cadence), texts.get(row.key, ""), row.due_on < today) for row in rows
    ]


def due_watches(today: dt.date) -> QuerySet[Watch]:
    """Those whose owner was not reminded today."""
    rows = Watch.objects.filter(retired_at__isnull=True, due_on__lte=today, owner__isnull=False)
    return rows.filter(Q(reminded_on__isnull=True) | Q(reminded_on__lt=today)).order_by("due_on", "pk")


def steps_to_look_at(now: dt.datetime) -> QuerySet[ResponseStep]:
    """Open steps that are due and whose last level was not told, the longest overdue first."""
    rows = ResponseStep.objects.filter(done_at__isnull=True, response__state="open", due_at__lte=now)
    return rows.filter(Q(reminded_at__isnull=True) | Q(escalations__lt=2)).order_by(F("due_at"), "pk")


def last_runs(watch_ids: Sequence[int]) -> dict[int, WatchRun]:
    """The newest run of each, in one statement."""
    newest = WatchRun.objects.filter(watch=OuterRef("watch")).order_by("-done_at", "-pk").values("pk")[:1]
    rows = WatchRun.objects.filter(watch__in=watch_ids, pk=Subquery(newest)).select_related("done_by")
    return {row.watch_id: row for row in rows}
