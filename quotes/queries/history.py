"""What a customer got before, and what quotes like this one got."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Max, Min, QuerySet

from crm.models import Person
from crm.rules.formatting import listing
from deals.models import Deal
from quotes.models import Quote, Revision
from quotes.rules.bands import FEWEST, Band, band_of, median
from quotes.rules.states import State

MOST = 5
"""Rows of each kind; the counts tell of the rest."""
AGREED = (State.APPROVED, State.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Accepted:
    """What they accepted, with each thing that was given and what for ("" for nothing), in words."""

    revision: Revision
    gave: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class History:
    """Of the deals that the reader sees, the latest first. `deals`: closed ones."""

    won: int
    lost: int
    deals: Sequence[Deal]
    accepted: Sequence[Accepted]

    @property
    def closed(self) -> int:
        return self.won + self.lost


def history_of(quote: Quote, person: Person, trades: Mapping[str, str]) -> History:
    """Four queries. `trades`: the labels of what is got, by key."""
    closed = Deal.objects.detailed_to(person).filter(account_id=quote.deal.account_id).exclude(outcome="open")
    counts = dict(closed.order_by().values_list("outcome").annotate(Count("pk")))
    deals = closed.select_related("owner", "outcome_competitor").order_by("-closed_at", "-pk")[:MOST] if counts else ()
    rows = Revision.objects.visible_to(person).filter(quote__deal__account_id=quote.deal.account_id)
    accepted = rows.filter(state=State.ACCEPTED).exclude(quote=quote).select_related("quote__deal")
    return History(
        won=counts.get("won", 0),
        lost=counts.get("lost", 0),
        deals=list(deals),
        accepted=[Accepted(one, _gave(one, trades)) for one in _latest(accepted)],
    )


def _latest(accepted: QuerySet[Revision]) -> QuerySet[Revision]:
    whole = accepted.defer("inputs", "ask", "priced").prefetch_related("concessions")
    return whole.order_by("-accepted_at")[:MOST]


def _gave(revision: Revision, trades: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (one.given_text, listing([trades.get(key, key) for key in one.got])) for one in revision.concessions.all()
    )


@dataclass(frozen=True, slots=True)
class Alike:
    """What was agreed to for customers of one segment at one size: `n` quotes, the lowest, highest and middle discount in
    percent. `median` is None for fewer than three."""

    band: Band
    band_text: str
    n: int
    low: Decimal | None = None
    high: Decimal | None = None
    median: Decimal | None = None
    here: Decimal = Decimal(0)

    @property
    def fewest(self) -> int:
        return FEWEST

    def at(self, value: Decimal | None) -> Decimal:
        """Where a discount stands on a line from nothing to the largest, in percent of the line."""
        most = max(self.high or Decimal(0), self.here, Decimal(1))
        return (max(value or Decimal(0), Decimal(0)) * 100 / most).quantize(Decimal("0.1"))

    @property
    def marks(self) -> dict[str, Decimal]:
        low, high = self.at(self.low), self.at(self.high)
        return {"low": low, "width": high - low, "median": self.at(self.median), "here": self.at(self.here)}

    @property
    def stands(self) -> str:
        """This quote against the middle."""
        if self.median is None:
            return ""
        apart = self.here - self.median
        return "at the median" if not apart else "above the median" if apart > 0 else "below the median"


def alike(revision: Revision, person: Person) -> Alike | None:
    """Two statements over the index `revision_alike`, and exact. None for a customer without a segment, and without a price."""
    if not revision.segment or revision.yearly is None or revision.discount_percent is None:
        return None
    band = band_of(revision.yearly)
    rows = _alike(revision, band, person)
    found = rows.aggregate(n=Count("pk"), low=Min("discount_percent"), high=Max("discount_percent"))
    n, low, high = found["n"], found["low"], found["high"]
    here, text = revision.discount_percent, band.text(revision.quote.currency)
    if n < FEWEST:
        return Alike(band, text, n, low, high, here=here)
    middle = rows.order_by("discount_percent").values_list("discount_percent", flat=True)[(n - 1) // 2 : n // 2 + 1]
    return Alike(band, text, n, low, high, median([one for one in middle if one is not None]), here)


def _alike(revision: Revision, band: Band, person: Person) -> QuerySet[Revision]:
    """In the quote's currency, without the quote itself: its other revisions are the same offer."""
    rows: QuerySet[Revision] = Revision.objects.visible_to(person).filter(
        state__in=AGREED, segment=revision.segment, quote__currency=revision.quote.currency
    )
    if band.least is not None:
        rows = rows.filter(yearly__gte=band.least)
    if band.below is not None:
        rows = rows.filter(yearly__lt=band.below)
    return rows.exclude(quote=revision.quote_id)
