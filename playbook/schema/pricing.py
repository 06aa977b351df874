"""What is sold at which price, what may be taken off it, on which terms, and who must agree (domain: quotes).

Prices are in the playbook's currency. Percentages are of what is left when their turn comes, never of list.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from playbook.schema.base import Exact, Key, Named, Part, Percent, Text
from playbook.schema.market import Amount

Count = Annotated[int, Field(ge=1)]
Rate = Annotated[Exact, Field(gt=0)]

DiscountKind = Literal["programme", "volume", "multi_year", "prepayment", "strategic", "partner", "deal_registration"]
"""The kinds of discount the rules know. Which of them count, in which order and how much, is data."""

PERIODS_A_YEAR = {"once": 1, "year": 1, "month": 12}
"""Prices by the hour count `hours_per_month` for each of twelve months."""


class Tier(Part):
    """From `at_least` to `up_to` units (none: no upper end). All units of a year stand at the price of its tier."""

    label: Text
    at_least: Count
    up_to: Count | None = None
    price: Amount


class AgreedRate(Part):
    """A price that is agreed customer by customer, within these."""

    low: Rate
    high: Rate


class FreeEdition(Part):
    """What needs no quote: up to so many of these cost nothing."""

    label: Text
    up_to: Count
    units: Text


class PriceModel(Named):
    """One way to count and to charge. `discounts` are the kinds that apply to it; `term_schedule` says what a longer term
    takes off; `billing` are the billing options it can be had with, the usual one first (none named: all); `advice` is said
    wherever it is quoted; `includes` is what the customer gets for the price. `product` is what a deal sells with it."""

    book: Key
    product: Key | None = None
    kind: Literal["subscription", "consumption", "perpetual"] = "subscription"
    unit: Text
    units: Text
    period: Literal["once", "year", "month", "hour"] = "year"
    tiers: tuple[Tier, ...] = ()
    rate: AgreedRate | None = None
    free: FreeEdition | None = None
    maintenance_percent: Percent | None = None
    discounts: tuple[DiscountKind, ...] = ()
    term_schedule: Key = "multi_year"
    billing: tuple[Key, ...] = ()
    advice: str = ""
    includes: tuple[Text, ...] = ()

    @property
    def minimum(self) -> int:
        return self.tiers[0].at_least if self.tiers else 1


class PriceBook(Named):
    """A list of prices. A quote's lines come from one book."""


class CatalogueItem(Named):
    """A service, an add-on, a pilot or something else with a price of its own, which no discount touches. Its unit price is
    agreed within `price_low` and `price_high` where they are given, freely where not."""

    kind: Literal["service", "add_on", "pilot", "one_off"]
    product: Key | None = None
    charged: Literal["once", "yearly"] = "once"
    unit: Text = "item"
    price_low: Amount | None = None
    price_high: Amount | None = None
    includes: tuple[Text, ...] = ()


class Pricing(Part):
    books: tuple[PriceBook, ...]
    models: tuple[PriceModel, ...]
    catalogue: tuple[CatalogueItem, ...] = ()
    hours_per_month: Count = 730


class VolumeStep(Part):
    at_least: Count
    up_to: Count | None = None
    percent: Percent
    approval: Key | None = None


class TermStep(Part):
    years: Count
    percent: Percent
    approval: Key | None = None


class TermSchedule(Named):
    """What a term takes off, by its whole years. A term that is not listed can't be had."""

    steps: tuple[TermStep, ...]


class Prepayment(Part):
    percent: Percent
    years_at_least: Count
    note: str = ""


class StrategicReason(Named):
    """A discretionary discount. Over its cap it is refused. `arr_over`: only where the largest year, after the discounts
    before it, is more than this; `displaces`: meant for deals against these competitors."""

    cap_percent: Percent
    approval: Key
    arr_over: Amount | None = None
    displaces: tuple[Key, ...] = ()


class PartnerTier(Named):
    percent: Percent
    annual_fee: Amount = Decimal(0)
    benefits: tuple[Text, ...] = ()


class PartnerModel(Named):
    """How a cloud provider sells with us: at a discount agreed within `percent_low` and `percent_high`, in place of a
    partner tier's, or for a share of revenue, which is settled in the agreement and not on a quote."""

    percent_low: Percent | None = None
    percent_high: Percent | None = None
    partner_share_percent: Percent | None = None
    terms: tuple[Text, ...] = ()


class Programme(Named):
    """A price for a kind of customer. `quantity_up_to` counts the units of each line and year."""

    percent: Percent
    models: tuple[Key, ...]
    quantity_up_to: Count | None = None
    eligibility: Text
    terms: tuple[Text, ...] = ()


class DealRegistration(Part):
    percent: Percent


class PriceLock(Part):
    """A quote may hold the price of one of its years for all of them. `approval`: who agrees where that is cheaper."""

    approval: Key | None = None


class Discounts(Part):
    order: tuple[DiscountKind, ...]
    volume: tuple[VolumeStep, ...]
    term_schedules: tuple[TermSchedule, ...]
    prepayment: Prepayment
    strategic: tuple[StrategicReason, ...]
    strategic_per_quote: Count = 1
    partner_tiers: tuple[PartnerTier, ...]
    partner_models: tuple[PartnerModel, ...] = ()
    deal_registration: DealRegistration
    programmes: tuple[Programme, ...] = ()
    price_lock: PriceLock = PriceLock()
    trades: tuple[Named, ...]


class TermOption(Named):
    """`uplift_percent` is put on the price before any discount, the largest of a quote's options once. `years_at_least`: the
    commitment asked for it. A `red_line` is something only given up by those who approve it."""

    standard: bool = False
    uplift_percent: Percent = Decimal(0)
    years_at_least: Count | None = None
    approval: Key | None = None
    red_line: bool = False
    legal_review: bool = False


class TermKind(Named):
    """What a contract settles: payment terms, billing, liability cap, ... Exactly one option of each is standard."""

    options: tuple[TermOption, ...]


class ContractTerms(Part):
    kinds: tuple[TermKind, ...]
    standing: tuple[Text, ...] = ()
    validity_days: Count = 30


class ApprovalLevel(Named):
    role: Literal["manager", "vp", "svp"]


class Approvals(Part):
    """Levels from the lowest to the highest. A step nobody answered reminds and then goes up, by working days."""

    levels: tuple[ApprovalLevel, ...]
    remind_after_working_days: Count
    escalate_after_working_days: Count
