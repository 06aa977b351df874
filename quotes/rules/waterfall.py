"""From list to net, one named step after another, each on what is left (domain: quotes, discounts). Never rounded.

The percentages are those of the playbook; which of them count, and in which order, is its data too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from playbook.schema.pricing import PriceModel, TermStep, VolumeStep
from quotes.rules.asking import Ask
from quotes.rules.book import PriceRules
from quotes.rules.tiers import span_of

ZERO, HUNDRED = Decimal(0), Decimal(100)
UPLIFT = "uplift"


@dataclass(frozen=True, slots=True)
class Step:
    """`discount`: a kind of discount, or "uplift", whose `percent` is put on. `before` and `after`: of one unit and year."""

    discount: str
    percent: Decimal
    before: Decimal
    after: Decimal


@dataclass(frozen=True, slots=True)
class Waterfall:
    """Multiplied with one another, the steps lead from `listed` to `net`, exactly."""

    listed: Decimal
    steps: tuple[Step, ...]

    @property
    def net(self) -> Decimal:
        return self.steps[-1].after if self.steps else self.listed


def fall(listed: Decimal, percents: tuple[tuple[str, Decimal], ...]) -> Waterfall:
    steps, price = [], listed
    for discount, percent in percents:
        left = HUNDRED + percent if discount == UPLIFT else HUNDRED - percent
        after = price * left / HUNDRED
        steps.append(Step(discount, percent, price, after))
        price = after
    return Waterfall(listed, tuple(steps))


def percents(ask: Ask, model: PriceModel, quantity: int, rules: PriceRules) -> tuple[tuple[str, Decimal], ...]:
    """What is put on and taken off for so many units of this model, in order, without what comes to nothing."""
    found = [(UPLIFT, uplift_percent(ask, rules))]
    found += [
        (kind, _percent(kind, ask, model, quantity, rules)) for kind in rules.discounts.order if kind in model.discounts
    ]
    return tuple(one for one in found if one[1])


def uplift_percent(ask: Ask, rules: PriceRules) -> Decimal:
    """The largest that a chosen contract term asks for, once."""
    return max((rules.options[kind][option].uplift_percent for kind, option in ask.options), default=ZERO)


def volume_step(model: PriceModel, quantity: int, rules: PriceRules) -> VolumeStep | None:
    return span_of(rules.discounts.volume, quantity) if "volume" in model.discounts else None


def term_step(ask: Ask, model: PriceModel, rules: PriceRules) -> TermStep | None:
    if "multi_year" not in model.discounts:
        return None
    steps = rules.schedules[model.term_schedule].steps
    return next((step for step in steps if step.years == ask.term_years), None)


def prepayment_percent(ask: Ask, rules: PriceRules) -> Decimal:
    """Nothing on a term that is too short for it; a warning says so."""
    earned = ask.prepaid and ask.term_years >= rules.discounts.prepayment.years_at_least
    return rules.discounts.prepayment.percent if earned else ZERO


def partner_percent(ask: Ask, rules: PriceRules) -> Decimal:
    if ask.partner is not None:
        return ask.partner.percent or ZERO
    return next((tier.percent for tier in rules.discounts.partner_tiers if tier.key == ask.partner_tier), ZERO)


def _percent(kind: str, ask: Ask, model: PriceModel, quantity: int, rules: PriceRules) -> Decimal:
    match kind:
        case "volume":
            volume = volume_step(model, quantity, rules)
            return volume.percent if volume else ZERO
        case "multi_year":
            term = term_step(ask, model, rules)
            return term.percent if term else ZERO
        case "prepayment":
            return prepayment_percent(ask, rules)
        case "strategic":
            return ask.discretionary.percent if ask.discretionary else ZERO
        case "partner":
            return partner_percent(ask, rules)
        case "deal_registration":
            return rules.discounts.deal_registration.percent if ask.deal_registered else ZERO
        case _:
            return next((one.percent for one in rules.discounts.programmes if one.key == ask.programme), ZERO)


def kinds_before(kind: str, rules: PriceRules) -> Iterator[str]:
    """The discounts that have been taken when this one's turn comes."""
    for one in rules.discounts.order:
        if one == kind:
            return
        yield one
