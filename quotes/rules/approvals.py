"""Who must agree to a quote, and why (domain: quotes, approvals).

Every rule of the playbook that names a level is asked about every line and year; each level that any of them names is one
step of the chain, the lowest first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from crm.rules.formatting import listing
from playbook.schema.pricing import TermOption
from quotes.rules import words
from quotes.rules.asking import Ask, Line
from quotes.rules.book import PriceRules
from quotes.rules.tiers import list_price
from quotes.rules.waterfall import partner_percent, prepayment_percent, term_step, volume_step


@dataclass(frozen=True, slots=True)
class Because:
    """One rule that asks for a level. `rule` is stable: "volume", "term", "strategic.lighthouse", "escrow.held"; `text` says it."""

    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class Requirement:
    level: str
    because: tuple[Because, ...]

    @property
    def text(self) -> str:
        return " ".join(one.text for one in self.because)


def requirements(ask: Ask, rules: PriceRules) -> tuple[Requirement, ...]:
    """In the order asked; none means approved at once."""
    found: dict[str, dict[Because, None]] = {}
    for level, because in _demands(ask, rules):
        found.setdefault(level, {})[because] = None
    return tuple(Requirement(level, tuple(found[level])) for level in sorted(found, key=rules.ranks.__getitem__))


def lighter(one: tuple[str, ...], other: tuple[str, ...], rules: PriceRules) -> bool:
    """Whether a chain of levels is lighter: fewer steps or a lower highest level, and neither more nor higher."""
    (steps, top), (most, highest) = _weight(one, rules), _weight(other, rules)
    return steps <= most and top <= highest and (steps, top) != (most, highest)


def _weight(levels: tuple[str, ...], rules: PriceRules) -> tuple[int, int]:
    return len(levels), max((rules.ranks[level] for level in levels), default=-1)


def _demands(ask: Ask, rules: PriceRules) -> Iterator[tuple[str, Because]]:
    for line in ask.lines:
        yield from _of_volume(ask, line, rules)
        yield from _of_term(ask, line, rules)
    if (taken := ask.discretionary) is not None:
        reason = rules.reasons[taken.reason]
        text = f"{reason.label}: {words.percent(taken.percent)} of at most {words.percent(reason.cap_percent)}."
        yield reason.approval, Because(f"strategic.{reason.key}", text)
    yield from _of_options(ask, rules)
    yield from _of_lock(ask, rules)


def _of_volume(ask: Ask, line: Line, rules: PriceRules) -> Iterator[tuple[str, Because]]:
    model = rules.models[line.model]
    for quantity in sorted({ask.basis(line, year) for year in ask.years}):
        step = volume_step(model, quantity, rules)
        if step is not None and step.approval:
            many = f"{step.at_least:,} {model.units} or more"
            yield step.approval, Because("volume", f"{many}: {words.percent(step.percent)} volume discount.")


def _of_term(ask: Ask, line: Line, rules: PriceRules) -> Iterator[tuple[str, Because]]:
    step = term_step(ask, rules.models[line.model], rules)
    if step is not None and step.approval:
        text = f"A term of {words.years(step.years)}: {words.percent(step.percent)} off."
        yield step.approval, Because("term", text)


def _of_options(ask: Ask, rules: PriceRules) -> Iterator[tuple[str, Because]]:
    for kind in rules.terms.kinds:
        chosen = ask.option(kind.key)
        option = rules.options[kind.key][chosen] if chosen else None
        if option is not None and option.approval:
            red = ", a red line" if option.red_line else ""
            yield option.approval, Because(f"{kind.key}.{chosen}", f"{kind.label}: {option.label}{red}.")


def _of_lock(ask: Ask, rules: PriceRules) -> Iterator[tuple[str, Because]]:
    """Where the price of the locked year is lower than some year's own would be."""
    level, locked = rules.discounts.price_lock.approval, ask.locked_year
    if level is None or locked is None:
        return
    cheaper = [
        year
        for year in ask.years
        if any(_own(line, line.quantity(locked), rules) < _own(line, line.quantity(year), rules) for line in ask.lines)
    ]
    if cheaper:
        which = f"year {cheaper[0]}" if len(cheaper) == 1 else f"years {listing([str(year) for year in cheaper])}"
        yield level, Because("price_lock", f"The price of year {locked} is lower than that of {which} would be.")


def _own(line: Line, quantity: int, rules: PriceRules) -> Decimal:
    """What a quantity by itself makes of a unit's price: its tier, and its volume discount."""
    model = rules.models[line.model]
    step = volume_step(model, quantity, rules)
    listed = list_price(model, line, quantity, 1, rules.pricing.hours_per_month)
    return listed * (100 - step.percent) / 100 if step else listed


def clearances(ask: Ask, rules: PriceRules) -> tuple[Because, ...]:
    """Each discount and term used, with the rule that lets it pass without anybody: what an approval at once says for itself. Where
    nothing but list prices and standard terms is asked for, that is the one rule."""
    found = dict.fromkeys(_cleared(ask, rules))
    return tuple(found) or (Because("list", "List prices and standard terms; nobody has to agree to them."),)


def _cleared(ask: Ask, rules: PriceRules) -> Iterator[Because]:
    for line in ask.lines:
        yield from _cleared_line(ask, line, rules)
    if percent := prepayment_percent(ask, rules):
        least = words.years(rules.discounts.prepayment.years_at_least)
        yield Because("prepayment", f"Prepayment: {words.percent(percent)} for a term of {least} or more.")
    if percent := partner_percent(ask, rules):
        yield Because("partner", f"{_partner(ask, rules)}: {words.percent(percent)} as agreed with partners.")
    if ask.deal_registered:
        percent = rules.discounts.deal_registration.percent
        yield Because("deal_registration", f"Deal registration: {words.percent(percent)} for a registered deal.")
    for programme in rules.discounts.programmes:
        if programme.key == ask.programme:
            text = f"{programme.label}: {words.percent(programme.percent)} for {programme.eligibility}."
            yield Because(f"programme.{programme.key}", text)
    for kind in rules.terms.kinds:
        chosen = ask.option(kind.key)
        option = rules.options[kind.key][chosen] if chosen else None
        if option is not None and not option.approval:
            yield Because(f"{kind.key}.{chosen}", f"{kind.label}: {option.label}{_price_of(option)}.")
    if ask.locked_year is not None and not rules.discounts.price_lock.approval:
        yield Because("price_lock", f"The price of year {ask.locked_year} holds for every year.")


def _cleared_line(ask: Ask, line: Line, rules: PriceRules) -> Iterator[Because]:
    model = rules.models[line.model]
    for quantity in sorted({ask.basis(line, year) for year in ask.years}):
        volume = volume_step(model, quantity, rules)
        if volume is not None and volume.percent and not volume.approval:
            span = f"{volume.at_least:,} to {volume.up_to:,}" if volume.up_to else f"{volume.at_least:,} or more"
            text = f"{span} {model.units}: {words.percent(volume.percent)} volume discount."
            yield Because("volume", text)
    term = term_step(ask, model, rules)
    if term is not None and term.percent and not term.approval:
        yield Because("term", f"A term of {words.years(term.years)}: {words.percent(term.percent)} off.")
    if line.rate is not None and model.rate is not None:
        span = f"{words.plain(model.rate.low)} to {words.plain(model.rate.high)}"
        yield Because("rate", f"{model.label}: a rate of {words.plain(line.rate)}, agreed within {span}.")


def _partner(ask: Ask, rules: PriceRules) -> str:
    if ask.partner is not None:
        return next(one.label for one in rules.discounts.partner_models if one.key == ask.partner.model)
    return f"{next(tier.label for tier in rules.discounts.partner_tiers if tier.key == ask.partner_tier)} partner"


def _price_of(option: TermOption) -> str:
    """What a contract term costs whoever takes it."""
    parts = [f"{words.percent(option.uplift_percent)} on the price"] if option.uplift_percent else []
    parts += [f"a term of {words.years(option.years_at_least)} or more"] if option.years_at_least else []
    return f", with {listing(parts)}" if parts else ""
