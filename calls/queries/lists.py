"""Lists of calls: what narrows them, in which order, those of one deal and those of one week."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from calls.models import Attendee, Call, Entry, Side
from calls.rules.states import State
from crm.lib import keyset
from crm.lib.clocks import on_readers_clock
from crm.lib.keyset import Sort
from crm.lib.lists import ListFilter, identity
from crm.models import Person
from deals.models import Deal

SORTS = keyset.both_ways(Sort("starts", "When", ("starts_at",)))
SHOWN: Mapping[str, tuple[State, ...]] = {
    "upcoming": (State.PLANNED, State.LIVE),
    "review": (State.REVIEW,),
    "done": (State.DONE,),
    "cancelled": (State.CANCELLED,),
}
SHOWN_LABELS = (("upcoming", "Upcoming"), ("review", "To review"), ("done", "Done"), ("cancelled", "Cancelled"))
MOST_IN_WEEK = 300


def _shown(text: str) -> str:
    if text not in SHOWN:
        raise ValueError(text)
    return text


def _mine(text: str) -> bool:
    if text != "yes":
        raise ValueError(text)
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFilter(ListFilter):
    """`mine`: calls one leads or takes part in."""

    READERS: ClassVar[Mapping[str, Callable[[str], Any]]] = {"show": _shown, "mine": _mine, "deal": identity}

    q: str = ""
    show: str = ""
    mine: bool = False
    deal: int = 0

    @property
    def order(self) -> str:
        """What is to come stands with the next one first, everything else with the last one."""
        return "starts" if self.show == "upcoming" else "-starts"


def listed(user: Person, wanted: CallFilter, *, notes: bool = True) -> QuerySet[Call]:
    """`notes`: what is looked for may stand in a note too."""
    rows: QuerySet[Call] = _with_people(Call.objects.visible_to(user))
    if wanted.show:
        rows = rows.filter(state__in=SHOWN[wanted.show])
    if wanted.mine:
        rows = rows.filter(_of(user))
    if wanted.deal:
        rows = rows.filter(deal_id=wanted.deal)
    if wanted.q:
        text = wanted.q
        named = Q(title__icontains=text) | Q(deal__name__icontains=text) | Q(deal__account__name__icontains=text)
        # Asked once for all calls, not once for each, so that the trigrams of notes answer it.
        said = Entry.objects.filter(deleted=False, text__icontains=text)
        rows = rows.filter(named | Q(pk__in=said.values("call")) if notes else named)
    return rows


def _of(user: Person) -> Q:
    return Q(owner=user) | Q(Exists(Attendee.objects.filter(call=OuterRef("pk"), person=user)))


def _with_people(rows: QuerySet[Call]) -> QuerySet[Call]:
    guests = Prefetch("attendees", Attendee.objects.filter(side=Side.THEIRS), to_attr="guests")
    return rows.select_related("deal__account", "owner").prefetch_related(guests)


def of_deal(deal: Deal) -> QuerySet[Call]:
    """What is under way or to come first, then the last ones."""
    rows: QuerySet[Call] = Call.objects.filter(deal=deal)
    return _with_people(rows).order_by("-starts_at", "-pk")


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a week with its calls in their order."""

    date: dt.date
    calls: tuple[Call, ...]
    is_today: bool


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from a Monday, on the reader's clock. `more`: not all calls are shown."""

    monday: dt.date
    days: tuple[Day, ...]
    more: bool

    @property
    def before(self) -> dt.date:
        return self.monday - dt.timedelta(days=7)

    @property
    def after(self) -> dt.date:
        return self.monday + dt.timedelta(days=7)

    @property
    def sunday(self) -> dt.date:
        return self.monday + dt.timedelta(days=6)


def week_of(user: Person, day: dt.date, *, mine: bool) -> Week:
    """Two queries."""
    monday = day - dt.timedelta(days=day.weekday())
    begins = timezone.make_aware(dt.datetime.combine(monday, dt.time()))
    ends = timezone.make_aware(dt.datetime.combine(monday + dt.timedelta(days=7), dt.time()))
    rows = listed(user, CallFilter(mine=mine)).filter(starts_at__gte=begins, starts_at__lt=ends)
    found = list(rows.order_by("starts_at", "pk")[: MOST_IN_WEEK + 1])
    return Week(monday, _days(monday, found[:MOST_IN_WEEK]), len(found) > MOST_IN_WEEK)


def _days(monday: dt.date, calls: Sequence[Call]) -> tuple[Day, ...]:
    today = timezone.localdate()
    dates = [monday + dt.timedelta(days=place) for place in range(7)]
    by_day: dict[dt.date, list[Call]] = {date: [] for date in dates}
    for call in calls:
        by_day[on_readers_clock(call.starts_at).date()].append(call)
    return tuple(Day(date, tuple(by_day[date]), date == today) for date in dates)


def deal_named(user: Person, deal_id: int) -> str:
    """The name of a deal a list is narrowed to; "" where they may not see it."""
    name: str | None = Deal.objects.visible_to(user).filter(pk=deal_id).values_list("name", flat=True).first()
    return name or ""
