"""The editors' queue: what is known of every claim, card and gap, counted in a fixed number of statements however many uses there are."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Max, Min, Q

from battlecards.models import Card, Confirmation, Feedback, GapSeen, Passage, Placed, Use
from battlecards.rules.queue import HARM, WINDOW_DAYS, Case, Row, ranked, reasons
from battlecards.rules.searching import fold
from deals.models import Deal, RaisedObjection

BAD = (Feedback.Verdict.WRONG, Feedback.Verdict.BACKFIRED)
DATES = ("verified_on", "expires_on")
COLUMNS = (
    "wording",
    "wording__claim",
    "wording__claim__card",
    *(f"wording__{name}" for name in (*DATES, "written_at", "claim__review_since_at", "unproven")),
)
MOST_GAPS = 2_000
"""Different texts looked at; those raised most come first."""


@dataclass(frozen=True, slots=True)
class Item:
    """A row of the queue, dressed. `news` says which event asks for a look; `kinds` are the labels of what is wrong with it."""

    row: Row
    title: str
    card: Card | None
    because: list[str]
    kinds: list[str]
    news: str = ""
    digest: str = ""
    unseen: int = 0
    key: str = ""


@dataclass(frozen=True, slots=True)
class Queue:
    """`rows` in order, of every sort; `counts` by what is wrong."""

    rows: list[Row]
    counts: Mapping[str, int]
    gaps: Mapping[int, Gap]
    today: dt.date

    def of(self, harm: str) -> list[Row]:
        return [row for row in self.rows if any(key == harm for key, _ in row.case.wrong)] if harm else self.rows


@dataclass(frozen=True, slots=True)
class Gap:
    """An objection nobody has an answer to, by its folded text."""

    text: str
    digest: str
    times: int
    first: dt.datetime


def queue(now: dt.datetime, today: dt.date) -> Queue:
    """Everything editors should look at, the most pressing first."""
    since = now - dt.timedelta(days=WINDOW_DAYS)
    views = _views(since)
    gaps = dict(enumerate(gaps_since(since), start=1))
    cases = [*_claims(since, today, views), *_cards(today, views), *map(_gap_case, gaps.items())]
    rows = ranked(cases, today)
    counts = Counter(key for row in rows for key, _ in row.case.wrong)
    return Queue(rows, {key: counts[key] for key in HARM if counts[key]}, gaps, today)


def dressed(found: Queue, rows: Sequence[Row]) -> list[Item]:
    """Rows with their names, in three statements."""
    ids = [row.case.id for row in rows if row.case.kind == "claim"]
    passages = {
        one.claim_id: one for one in Passage.objects.filter(claim__in=ids).select_related("card", "claim").defer("body")
    }
    unseen = dict(
        Feedback.objects.filter(claim__in=ids, seen_at__isnull=True)
        .order_by()
        .values_list("claim")
        .annotate(count=Count("pk"))
    )
    cards = Card.objects.in_bulk([row.case.id for row in rows if row.case.kind == "card"])
    items = []
    for row in rows:
        kinds = [HARM[key].label for key, _ in row.case.wrong]
        because = reasons(row, found.today)
        if row.case.kind == "gap":
            gap = found.gaps[row.case.id]
            items.append(Item(row, gap.text, None, because, kinds, digest=gap.digest))
        elif row.case.kind == "card":
            card = cards[row.case.id]
            items.append(Item(row, card.title, card, because, kinds, news=card.review_because))
        elif (passage := passages.get(row.case.id)) is not None:
            news, count = passage.claim.review_because, unseen.get(row.case.id, 0)
            items.append(
                Item(row, passage.title, passage.card, because, kinds, news=news, unseen=count, key=passage.claim.key)
            )
    return items


def _views(since: dt.datetime) -> dict[int, int]:
    """Looks at each card. Two keys of an index, no row."""
    rows = Use.objects.filter(at__gte=since, claim__isnull=True).order_by().values_list("card")
    return dict(rows.annotate(count=Count("*")))


def _claims(since: dt.datetime, today: dt.date, views: Mapping[int, int]) -> list[Case]:
    bad = Feedback.objects.filter(seen_at__isnull=True, at__gte=since, verdict__in=BAD)
    said = {
        claim: (wrong, backfired)
        for claim, wrong, backfired in bad.order_by()
        .values_list("claim")
        .annotate(wrong=Count("pk", filter=Q(verdict="wrong")), backfired=Count("pk", filter=Q(verdict="backfired")))
    }
    lapsed = Confirmation.objects.filter(expires_on__lte=today).order_by().values("wording")
    rows = (
        Placed.objects.filter(
            version=F("wording__claim__card__current"),
            wording__retired=False,
            wording__claim__card__retired_at__isnull=True,
        )
        .filter(
            Q(wording__expires_on__lte=today)
            | Q(wording__claim__review_since_at__isnull=False)
            | Q(wording__unproven=True)
            | Q(wording__claim__in=list(said))
            | Q(wording__in=lapsed)
        )
        .order_by()
    )
    dates = Confirmation.objects.filter(wording__in=rows.values("wording")).order_by("at", "id")
    confirmed = {wording: (good, until) for wording, good, until in dates.values_list("wording", *DATES)}
    uses = _uses(since)
    cases = []
    for wording, claim, card, good, until, written, marked, unproven in rows.values_list(*COLUMNS):
        good, until = confirmed.get(wording, (good, until))
        wrong, backfired = said.get(claim, (0, 0))
        harms = {
            "expired": int(until is not None and until <= today),
            "news": int(marked is not None),
            "wrong": wrong,
            "backfired": backfired,
            "unsourced": int(unproven),
        }
        if pairs := tuple((key, count) for key, count in harms.items() if count):
            known_good = good or written.date()
            cases.append(Case("claim", claim, uses[claim], views.get(card, 0), known_good, pairs))
    return cases


def _uses(since: dt.datetime) -> Counter[int]:
    """What was done with each claim: copied, taken along, said something of."""
    taken = Use.objects.filter(claim__isnull=False, at__gte=since)
    said = Feedback.objects.filter(at__gte=since)
    found: Counter[int] = Counter()
    for rows in (taken, said):
        # Rows and not ids are counted: an index alone can say how many.
        found.update(dict(rows.order_by().values_list("claim").annotate(count=Count("*"))))
    return found


def _cards(today: dt.date, views: Mapping[int, int]) -> list[Case]:
    lost = losses()
    cases = []
    rows = Card.objects.published().order_by("pk")
    for card in rows.only("id", "review_date", "review_because", "reviewed_at", "created_at", "competitor_id"):
        due = card.review_date is not None and card.review_date <= today
        harms: dict[str, int] = {
            "lost": lost.get(card.pk, 0),
            "due": int(due and not card.review_because),
            "due_now": int(due and bool(card.review_because)),
        }
        if any(harms.values()):
            since = (card.reviewed_at or card.created_at).date()
            pairs = tuple((key, count) for key, count in harms.items() if count)
            cases.append(Case("card", card.pk, 0, views.get(card.pk, 0), since, pairs))
    return cases


def losses() -> dict[int, int]:
    """Deals lost to each card's competitor since the card was last reviewed, by the card's id."""
    rows = (
        Deal.objects.filter(outcome="lost", outcome_competitor__card__retired_at__isnull=True)
        .filter(outcome_competitor__card__reviewed_at__lt=F("closed_at"))
        .order_by()
    )
    return dict(rows.values_list("outcome_competitor__card").annotate(count=Count("pk")))


def gaps_since(since: dt.datetime) -> list[Gap]:
    """Objections raised that the library has no answer to: those that are no case of one of its own, or of one it has no more. The
    same words are one, whatever their case, accents and punctuation at the end; what editors know of waits until it is raised again."""
    answered = Passage.objects.filter(kind="objection").order_by().values("claim__key")
    rows = (
        RaisedObjection.objects.filter(raised_at__gte=since, deal__deleted_at__isnull=True)
        .exclude(Q(key__in=answered) & ~Q(key=""))
        .order_by()
        .values_list("text")
        .annotate(count=Count("pk"), first=Min("raised_at"), last=Max("raised_at"))
        .order_by("-count", "text")[:MOST_GAPS]
    )
    grouped: dict[str, list[Any]] = {}
    for text, count, first, last in rows:
        same = grouped.setdefault(digest_of(text), [text, 0, first, last])
        same[1] += count
        same[2], same[3] = min(same[2], first), max(same[3], last)
    seen = dict(GapSeen.objects.filter(digest__in=grouped).values_list("digest", "seen_at"))
    return [
        Gap(text, digest, count, first)
        for digest, (text, count, first, last) in grouped.items()
        if digest not in seen or last > seen[digest]
    ]


def digest_of(text: str) -> str:
    """By which two objections are the same."""
    return hashlib.sha256(" ".join(fold(text).strip(" .!?…\"'“”").split()).encode()).hexdigest()


def _gap_case(numbered: tuple[int, Gap]) -> Case:
    number, gap = numbered
    return Case("gap", number, gap.times, 0, gap.first.date(), (("unanswered", 1),))
