"""Deals as they were at the moment of a report, cut by conditions: the set behind each of its figures.

A condition is written "key:value" and stands in an address as `in=`: what a report groups by (`DIMENSIONS`) and what else it
counts (`OTHERS`). The groups of a report and the rows behind each are therefore cut by the same expression.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import Combinable

from crm.lib.ids import AnyId
from crm.lib.texts import storable
from crm.models import Person, Team
from crm.queries.team_places import chain
from crm.rules import access
from crm.rules.access import Reach
from crm.rules.calendar import FiscalQuarter, quarter_named
from deals.models import Deal, DealLine, DealRisk, DealSpan, DealSpanQuerySet, DealType, ForecastCategory, Outcome
from reports.queries import bands, decided
from reports.queries.asked import Asked
from reports.queries.decided import NOTHING

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Dimension:
    """What deals can be grouped by. `column` is a path on DealSpan or an expression over it; `names` gives labels in order, for
    the keys that were found where only these are asked for; `none` is what has no key.

    `is_detail`: only for who sees every detail. `today`: a sentence where it is known as it is today alone.
    """

    key: str
    label: str
    column: Callable[[Asked], str | Combinable]
    names: Callable[[Asked, Collection[str]], Names]
    none: str = "Not given"
    is_detail: bool = False
    today: str = ""


def _labels(part: str) -> Callable[[Asked, Collection[str]], Names]:
    return lambda asked, keys: bands.named({one.key: one.label for one in getattr(asked.playbook, part)}, keys)


def _people(asked: Asked, keys: Collection[str]) -> Names:
    rows = Person.objects.in_bulk([int(key) for key in keys if key])
    return dict(sorted(((str(pk), str(person)) for pk, person in rows.items()), key=lambda pair: pair[1]))


def _classes(asked: Asked, _: Collection[str]) -> Names:
    return {one.key: f"{one.key} · {one.label}" for one in asked.playbook.bant.classes}


def _fixed(names: Mapping[str, str]) -> Callable[[Asked, Collection[str]], Names]:
    return lambda *_: names


def _teams(asked: Asked, keys: Collection[str]) -> Names:
    return {str(pk): team.name for pk, team in Team.objects.in_bulk([int(key) for key in keys if key]).items()}


ACCOUNTS = "Accounts are as they are today."
DIMENSIONS: dict[str, Dimension] = {
    one.key: one
    for one in (
        Dimension("stage", "Stage", lambda _: "stage", _labels("stages"), "Stage not known"),
        Dimension("owner", "Owner", lambda _: "owner_id", _people, "Not known whose"),
        Dimension("team", "Team", lambda _: "owner_id", _teams, "In no team"),
        Dimension("segment", "Segment", lambda _: "deal__account__segment", _labels("segments"), today=ACCOUNTS),
        Dimension("vertical", "Vertical", lambda _: "deal__account__vertical", _labels("verticals"), today=ACCOUNTS),
        Dimension("region", "Region", lambda _: "deal__account__region", _labels("regions"), today=ACCOUNTS),
        Dimension("size", "Size", bands.size, _labels("size_classes"), "Size not known", today=ACCOUNTS),
        Dimension("worth", "ARR", bands.worth_band, lambda asked, _: bands.worths(asked.company.reporting_currency),
                  "Without an amount", is_detail=True),
        Dimension("product_line", "Product line", lambda _: "deal_id", _labels("product_lines"), "Without lines",
                  today="Lines are as they are today."),
        Dimension("class", "Class", bands.lead_class, _classes, "Undecided", is_detail=True),
        Dimension("age", "Age", bands.age, _fixed(bands.ages())),
        Dimension("forecast_category", "Forecast category", lambda _: "forecast_category",
                  _fixed(dict(ForecastCategory.choices)), is_detail=True),
        Dimension("deal_type", "Type", lambda _: "deal__deal_type", _fixed(dict(DealType.choices))),
    )
}  # fmt: skip
NARROWS = ("segment", "vertical", "region", "product_line", "competitor")
OTHERS = {
    **decided.LABELS,
    "outcome": "Outcome",
    "quarter": "Closes in",
    "month": "Closes in the month",
    "amount": "Amount",
    "late": "Time in stage",
    "risk": "Risk",
}


@dataclass(frozen=True, slots=True)
class Condition:
    key: str
    value: str

    def __str__(self) -> str:
        return f"{self.key}:{self.value}"


MOST_CONDITIONS = 12


def read(texts: Iterable[str]) -> list[Condition]:
    """What can be read of the conditions of an address; others are left out, and the rows say which hold."""
    found = []
    for text in list(texts)[:MOST_CONDITIONS]:
        key, colon, value = text.partition(":")
        if colon and len(value) <= 120 and storable(value) and (key in DIMENSIONS or key in OTHERS or key == "step"):
            found.append(Condition(key, value))
    return found


def opens(asked: Asked, *conditions: tuple[str, object], **changed: object) -> str:
    """The query string of the rows behind a figure of this report."""
    inside = urlencode([("in", f"{key}:{'' if value is None else value}") for key, value in conditions])
    return "&".join(filter(None, [asked.query(by=None, **changed), inside]))


def population(asked: Asked) -> DealSpanQuerySet:
    """Every deal there was at the report's moment of those that count for who asks, narrowed by what is asked."""
    rows = DealSpan.objects.at(asked.moment).filter(asked.scope().owned())
    return narrowed(rows, asked)


def narrowed(rows: DealSpanQuerySet, asked: Asked) -> DealSpanQuerySet:
    """By the filters of the form that are not about whose deals they are."""
    closing = asked.closing
    if closing is not None:
        rows = rows.filter(close_date__range=(closing.first_date, closing.last_date))
    for key in NARROWS:
        if value := asked.text(key):
            rows = rows.filter(where(asked, Condition(key, value)))
    return rows


def cut(asked: Asked, conditions: Iterable[Condition]) -> DealSpanQuerySet:
    """The deals behind a figure. Whoever shows them goes through `Deal.objects.visible_to` besides."""
    rows = population(asked)
    for condition in conditions:
        dimension = DIMENSIONS.get(condition.key)
        column = dimension.column(asked) if dimension else ""
        if dimension is None or isinstance(column, str):
            rows = rows.filter(where(asked, condition))
        else:
            rows = rows.alias(**{f"cut_{condition.key}": column}).filter(**{f"cut_{condition.key}": condition.value})
    return rows


def sees_all(asked: Asked) -> bool:
    """Whether every deal there is is for who asks to see."""
    return asked.user.is_active and access.row_reach(asked.user.roles) is Reach.ALL


def visible(rows: DealSpanQuerySet, asked: Asked) -> DealSpanQuerySet:
    """Those of deals whoever asks may see today; `rows` itself where these are all."""
    if sees_all(asked):
        return rows
    return rows.filter(deal__in=Deal.objects.visible_to(asked.user))


def where(asked: Asked, condition: Condition) -> Q:
    """A condition over columns. One that can't hold (no such owner, no such quarter) holds for none."""
    if special := SPECIAL.get(condition.key):
        return special(asked, condition.value)
    column = DIMENSIONS[condition.key].column(asked)
    assert isinstance(column, str), "others are cut by their expression"
    return Q(**{column: condition.value})


def _owned(_: Asked, value: str) -> Q:
    if not value:
        return Q(owner__isnull=True)
    return Q(owner_id=int(value)) if _is_id(value) else NOTHING


def _in_team(asked: Asked, value: str) -> Q:
    """By where owners sat on that day; "" are those in no team, and deals of which is not known whose they were."""
    paths = asked.scope().paths
    if not value:
        return Q(owner__isnull=True) | ~Q(AnyId("owner_id", [pk for pk, path in paths.items() if path]))
    if not _is_id(value):
        return NOTHING
    return Q(AnyId("owner_id", [pk for pk, path in paths.items() if int(value) in chain(path)]))


def _sells(_: Asked, value: str) -> Q:
    lines = DealLine.objects.filter(deal=OuterRef("deal_id"))
    return Q(Exists(lines.filter(product__line=value))) if value else ~Q(Exists(lines))


def _quarter(asked: Asked, value: str) -> FiscalQuarter | None:
    """None for text that is none, and for one of a year no calendar has."""
    return quarter_named(value, asked.company.fiscal_year_start) if "1900" <= value[:4] <= "9000" else None


def _closes_in(asked: Asked, value: str) -> Q:
    quarter = _quarter(asked, value)
    return Q(close_date__range=(quarter.first_date, quarter.last_date)) if quarter else NOTHING


def _month(value: str) -> tuple[int, int] | None:
    """(2026, 7) of "2026-07"; None for text that is none."""
    year, dash, month = value.partition("-")
    if not (dash and len(year) == 4 and len(month) == 2 and _is_id(year + month)):
        return None
    return (int(year), int(month)) if 1900 <= int(year) <= 9000 and 1 <= int(month) <= 12 else None


def _closes_in_month(_: Asked, value: str) -> Q:
    found = _month(value)
    if found is None:
        return NOTHING
    year, month = found
    last = calendar.monthrange(year, month)[1]
    return Q(close_date__range=(dt.date(year, month, 1), dt.date(year, month, last)))


def _at_risk(asked: Asked, value: str) -> Q:
    """Risks are known of today alone, to those who see deals in full."""
    if not asked.sees_detail or asked.as_of < asked.today:
        return NOTHING
    return Q(Exists(DealRisk.objects.filter(deal=OuterRef("deal_id"), risk=value)))


SPECIAL: dict[str, Callable[[Asked, str], Q]] = {
    "owner": _owned,
    "team": _in_team,
    "product_line": _sells,
    "quarter": _closes_in,
    "month": _closes_in_month,
    "risk": _at_risk,
    "outcome": lambda _, value: Q(outcome=value) if value in Outcome.values else NOTHING,
    **decided.CONDITIONS,
    "amount": lambda *_: Q(amount__isnull=True),
    "late": lambda asked, _: bands.late(asked),
}


def allowed(asked: Asked, conditions: Iterable[Condition]) -> list[Condition]:
    """Without those that would tell more than who asks may know."""
    return [
        one for one in conditions if not (one.key in DIMENSIONS and DIMENSIONS[one.key].is_detail) or asked.sees_detail
    ]


def words(asked: Asked, condition: Condition) -> tuple[str, str]:
    """A condition as people read it: (label, value)."""
    dimension = DIMENSIONS.get(condition.key)
    if dimension is not None:
        whose = condition.key in {"owner", "team"}
        known = not whose or (_is_id(condition.value) and asked.scope().holds(condition.key, int(condition.value)))
        names = dimension.names(asked, [condition.value] if known else [])
        return dimension.label, names.get(condition.value, condition.value or dimension.none)
    label = OTHERS.get(condition.key, condition.key)
    match condition.key:
        case "outcome":
            return label, dict(Outcome.choices).get(condition.value, condition.value)
        case "quarter":
            quarter = _quarter(asked, condition.value)
            return label, quarter.label if quarter else condition.value
        case "month":
            month = _month(condition.value)
            return label, f"{calendar.month_name[month[1]]} {month[0]}" if month else condition.value
        case "amount":
            return label, "Nobody has said one"
        case "late":
            return label, "Longer than usual"
        case key if key in decided.LABELS:
            return label, decided.words(asked, key, condition.value)
        case "risk":
            return label, next(
                (one.label for one in asked.playbook.risks if one.key == condition.value), condition.value
            )
    return label, condition.value


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def filters(asked: Asked) -> list[tuple[str, str]]:
    """The form's filters in words, beside team and owner."""
    found = [words(asked, Condition(key, asked.text(key))) for key in NARROWS if asked.text(key)]
    return [("Closing in", asked.closing.label), *found] if asked.closing else found
