"""The filtered set behind the pages, as JSON: same filters, same sorts, and what can't be read is refused."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from django.http import QueryDict

from crm.lib.api.errors import BadQuery
from crm.lib.api.filters import Filter, day, hidden_filters, identity, one_of, read_filters, text
from crm.lib.errors import NotAllowed
from crm.models import Person
from deals.models import DealType, ForecastCategory
from deals.queries.lists import OVER, STATES, STEPS, DealFilter, permitted
from playbook.schema import Playbook

MONEY_SAYS = "Write an amount of zero or more, such as 185000.00."
FILTERS: tuple[Filter, ...] = (
    text("q", "Part of the deal's or the account's name, whatever the case."),
    one_of("state", "Open deals unless given.", STATES),
    identity("owner", "A person's id."),
    identity("team", "A team's id; the teams beneath it count too."),
    identity("account", "An account's id."),
    text("stage", "A stage key of the playbook in force."),
    text("segment", "A segment key: of the account."),
    text("lead_class", "A lead class of the playbook; `none` for deals still undecided."),
    one_of("deal_type", "The type.", DealType.values),
    one_of("forecast_category", "The forecast category.", ForecastCategory.values),
    day("close_from", "The first close date."),
    day("close_to", "The last close date."),
    text("amount_from", "The lowest amount, in the deal's own currency."),
    text("amount_to", "The highest amount."),
    text("currency", "Three capital letters."),
    text("risk", "A risk key of the playbook: deals that a worker last found to have it."),
    one_of("steps", "How the next step stands.", STEPS),
    one_of("over", "Open deals longer in their stage than usual.", OVER),
    one_of("amount", "`none`: deals without an amount; `known`: those with one.", ("none", "known")),
)


def wanted(user: Person, query: QueryDict, playbook: Playbook) -> DealFilter:
    """The filter as asked for. Raises BadQuery for values that can't be read or that `playbook` does not have, and
    NotAllowed for a filter by a column this person doesn't see."""
    read_filters(query, FILTERS)
    asked = DealFilter.from_query(query)
    wrong = dict.fromkeys((one.name for one in asked.dropped), MONEY_SAYS) | _unknown(asked, playbook)
    if wrong:
        raise BadQuery(wrong)
    if refused := permitted(user, asked).dropped:
        raise NotAllowed(hidden_filters(refused))
    return asked


def _unknown(asked: DealFilter, playbook: Playbook) -> dict[str, str]:
    """Keys the playbook in force does not have. A page shows an empty list; a script would take it for the truth."""
    known: dict[str, list[Any]] = {
        "stage": [stage.key for stage in playbook.stages],
        "segment": [*(segment.key for segment in playbook.segments), "none"],
        "risk": [risk.key for risk in playbook.risks],
        "lead_class": [*(lead.key for lead in playbook.bant.classes), "none"],
    }
    wrong = {
        name: f"Choose one of: {', '.join(keys)}."
        for name, keys in known.items()
        if (value := getattr(asked, name)) and value not in keys
    }
    if asked.currency and not (len(asked.currency) == 3 and asked.currency.isalpha() and asked.currency.isupper()):
        wrong["currency"] = "Write the currency as three capital letters, such as USD."
    return wrong


assert {one.name for one in FILTERS} == {field.name for field in fields(DealFilter)} - {"dropped"}
