"""Opening a deal and changing what stands in its header."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction

from crm.lib.errors import Invalid, NotAllowed
from crm.models import Account, Person
from crm.queries import playbook as playbooks
from crm.queries.company import currencies_for
from crm.rules import access
from crm.rules.access import Reach, Role
from crm.rules.formatting import listing
from crm.services.audit import Act, apply_changes, record
from crm.services.playbook_lock import hold_for_writing
from deals.models import BantAssessment, Deal, DealInterval, DealScore, DealType, ForecastCategory
from deals.models.querysets import team_member_ids
from deals.services import lines, spans
from deals.services.base import ask_for_score, locked_deal
from deals.services.intervals import first_intervals, move
from deals.services.telling import tell_of_new_owner

EDITABLE = (
    "name",
    "account",
    "owner",
    "deal_type",
    "amount",
    "currency",
    "term_months",
    "close_date",
    "next_step",
    "next_step_date",
    "forecast_category",
)
"""What stands in a deal's head. Its product lines are written along with it, as "lines"."""


@transaction.atomic
def create_deal(*, act: Act, values: Mapping[str, Any]) -> Deal:
    """Opens a deal in an open stage (the playbook's first unless given) and asks a worker for its first score.

    Raises NotAllowed for people who do not sell, Invalid with a sentence per field otherwise.
    """
    if act.by is not None and not access.may_create_deals(act.by.roles):
        raise NotAllowed("Your role reads deals; it does not open them. Ask a rep or a manager.")
    hold_for_writing()
    number, playbook = playbooks.current()
    stage = values.get("stage") or playbook.open_stages[0].key
    given: dict[str, Any] = {"owner": act.by, **{field: values[field] for field in EDITABLE if field in values}}
    errors = _errors(given, act)
    if stage not in {open_stage.key for open_stage in playbook.open_stages}:
        errors["stage"] = "A deal starts in an open stage. Close it later with its reasons."
    if errors:
        raise Invalid(errors)
    sold = lines.plan(None, values)
    now = act.now
    deal = Deal.objects.create(
        **given,
        stage=stage,
        stage_entered_at=now,
        created_at=now,
        source=values.get("source", ""),
        source_id=values.get("source_id", ""),
    )
    lined = lines.write(deal, sold)
    DealInterval.objects.bulk_create(first_intervals(deal, act))
    spans.follow([deal.pk], now, are_new=True)
    BantAssessment.objects.create(deal=deal, updated_by=act.by)
    lowest, highest = Decimal(playbook.bant.lowest), Decimal(playbook.bant.highest)
    DealScore.objects.create(deal=deal, low=lowest, high=highest, playbook_number=number)
    record(
        act=act,
        kind="deal",
        record_id=deal.pk,
        deal_id=deal.pk,
        verb="created",
        changes={field: (None, value) for field, value in given.items() if value not in (None, "")} | lined,
    )
    tell_of_new_owner(act, deal, None)
    ask_for_score(deal.pk, act, is_new=True)
    return deal


@transaction.atomic
def update_deal(*, act: Act, deal_id: int, values: Mapping[str, Any], expected_version: int | None = None) -> Deal:
    """Changes header fields, and "lines" where given (`deals.services.lines`). Raises as `locked_deal`, and Invalid with a
    sentence per field; stage and outcome have services of their own."""
    deal = locked_deal(act, deal_id, expected_version=expected_version)
    unknown = set(values) - {*EDITABLE, "lines"}
    if unknown:
        raise Invalid(dict.fromkeys(sorted(unknown), "This can't be changed here."))
    handed_over = "owner" in values and values["owner"] != deal.owner
    errors = _errors(values, act, check_owner=handed_over, currency=deal.currency)
    if handed_over and (said := giver_error(act)(deal.owner_id)):
        errors["owner"] = said
    if errors:
        raise Invalid(errors)
    sold = lines.plan(deal, values) if {"amount", "lines"} & set(values) else None
    changes = apply_changes(deal, {field: value for field, value in values.items() if field != "lines"}, EDITABLE)
    if not changes and not (sold and sold.changes):
        return deal
    deal.version += 1
    deal.save(update_fields=[*changes, "name_key", "version", "updated_at"])
    if sold:
        changes |= lines.write(deal, sold)
    tracked = set(changes) | ({"amount"} if "currency" in changes else set())
    move(deal, tracked, act)
    record(act=act, kind="deal", record_id=deal.pk, deal_id=deal.pk, verb="changed", changes=changes)
    if handed_over:
        tell_of_new_owner(act, deal, changes["owner"][0])
    if {"account", "close_date", "amount", "next_step_date"} & set(changes):
        ask_for_score(deal.pk, act)
    return deal


def _errors(values: Mapping[str, Any], act: Act, *, check_owner: bool = True, currency: str = "") -> dict[str, str]:
    """What is wrong with header values, a sentence per field. `currency` is the one the deal has so far, which it keeps
    even where the company no longer uses it."""
    errors: dict[str, str] = {}
    if "name" in values and not str(values["name"] or "").strip():
        errors["name"] = "Give the deal a name."
    if "account" in values and (said := _account_error(values["account"], act)):
        errors["account"] = said
    amount = values.get("amount")
    if amount is not None and (amount < 0 or amount >= Decimal(10) ** 13):
        errors["amount"] = "The amount is a yearly figure of zero or more. Leave it empty while it is not known."
    if "currency" in values and (said := _currency_error(values["currency"], currency)):
        errors["currency"] = said
    if values.get("term_months") is not None and not 1 <= values["term_months"] <= 120:
        errors["term_months"] = "A term is 1 to 120 months."
    if "deal_type" in values and values["deal_type"] not in DealType.values:
        errors["deal_type"] = f"Choose one of: {', '.join(DealType.values)}."
    if "forecast_category" in values and values["forecast_category"] not in ForecastCategory.values:
        errors["forecast_category"] = f"Choose one of: {', '.join(ForecastCategory.values)}."
    if check_owner and "owner" in values:
        said = owner_error(values["owner"], act)
        if said:
            errors["owner"] = said
    return errors


def _currency_error(code: str, before: str) -> str:
    if code == before:
        return ""
    if not (len(str(code)) == 3 and str(code).isalpha() and str(code).isupper()):
        return "Write the currency as three capital letters, such as USD."
    known = currencies_for()
    return "" if code in known else f"{code} is none of the company's currencies: {listing(known)}. Operations add it."


def _account_error(account: Account | None, act: Act) -> str:
    if not isinstance(account, Account):
        return "Choose the account this deal is with."
    if act.by is not None and not access.sees_accounts(act.by.roles):
        return "There is no such account, or it is not yours to see."
    return ""


def giver_error(act: Act) -> Callable[[int], str]:
    """Why this act may not give away a deal, by its owner's id; "" where it may. Who may change a deal by a share alone works
    on it and does not take it."""
    by = act.by
    reach = Reach.ALL if by is None else access.edit_reach(by.roles)
    if by is None or reach is Reach.ALL:
        return lambda owner_id: ""
    mine = {by.pk, *(team_member_ids(by) if reach is Reach.TEAM else ())}
    said = "This deal is shared with you to work on. Only its owner's manager or operations may hand it over."
    return lambda owner_id: "" if owner_id in mine else said


def owner_error(owner: Person | None, act: Act) -> str:
    """Why somebody may not be made owner of a deal by this act; "" where they may."""
    if not isinstance(owner, Person) or not owner.is_active:
        return "Choose an active person as owner."
    if not owner.has_role(Role.REP, Role.MANAGER, Role.OPS):
        return f"{owner} does not sell. Choose a rep or a manager."
    if act.by is None or owner == act.by:
        return ""
    match access.edit_reach(act.by.roles):
        case Reach.ALL:
            return ""
        case Reach.TEAM if owner.pk in team_member_ids(act.by):
            return ""
        case Reach.TEAM:
            return f"{owner} is not in your team. Operations can hand a deal to another team."
        case _:
            return "Only a manager or operations may hand a deal to somebody else."
