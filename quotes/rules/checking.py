"""What can't be quoted, each with the rule and the number that would do.

Keys are known here already (`reading` has seen to it); this asks whether they go together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from crm.rules.formatting import listing, money
from playbook.schema.pricing import PriceModel
from quotes.rules import words
from quotes.rules.asking import Ask, Line
from quotes.rules.book import PriceRules
from quotes.rules.refusals import Refusal

Found = Iterator[Refusal]
MOST_IN_ALL = Decimal(10) ** 12
"""What a quote may come to over its term; what keeps amounts holds no more than thirteen digits before the point."""


def check(ask: Ask, rules: PriceRules) -> tuple[Refusal, ...]:
    """Every refusal that needs no price."""
    return tuple(refusal for one in CHECKS for refusal in one(ask, rules))


def check_amounts(ask: Ask, rules: PriceRules, arr_before: Decimal) -> tuple[Refusal, ...]:
    """Those that do. `arr_before`: what the largest year brings again and again when the strategic discount's turn comes."""
    taken = ask.discretionary
    over = rules.reasons[taken.reason].arr_over if taken is not None else None
    if taken is None or over is None or arr_before > over:
        return ()
    text = (
        f"{rules.reasons[taken.reason].label} is for more than {money(over, rules.currency)} a year after the discounts "
        f"before it; the largest year here comes to {money(arr_before, rules.currency)}. Use another reason."
    )
    return (Refusal("strategic.reason", "large_deal", text),)


def check_total(total: Decimal, rules: PriceRules) -> tuple[Refusal, ...]:
    """`total`: what the whole term comes to, or its list price where that is more."""
    if total <= MOST_IN_ALL:
        return ()
    text = f"A quote comes to at most {money(MOST_IN_ALL, rules.currency)} in all; this is more. Look at quantities and prices."
    return (Refusal("lines", "amount", text),)


def _term(ask: Ask, rules: PriceRules) -> Found:
    offered = rules.years
    if ask.term_years not in offered:
        nearest = min(offered, key=lambda year: (abs(year - ask.term_years), year))
        text = f"A term is {offered[0]} to {words.years(offered[-1])}."
        yield Refusal("term_years", "term", text, str(nearest))
        return
    for line in ask.lines:
        model = rules.models[line.model]
        steps = rules.schedules[model.term_schedule].steps if "multi_year" in model.discounts else ()
        had = [step.years for step in steps]
        if had and ask.term_years not in had:
            nearest = min(had, key=lambda year: (abs(year - ask.term_years), year))
            text = f"{model.label} can be had for {had[0]} to {words.years(had[-1])}."
            yield Refusal("term_years", "term", text, str(nearest))
            return


def _something(ask: Ask, rules: PriceRules) -> Found:
    if not ask.lines and not ask.items:
        yield Refusal("lines", "empty", "A quote needs at least one line.")


def _quantities(ask: Ask, rules: PriceRules) -> Found:
    for line in ask.lines:
        yield from _quantity(f"{line.at}quantity", line, ask.term_years, rules.models[line.model])


def _quantity(field: str, line: Line, term: int, model: PriceModel) -> Found:
    given = len(line.quantities)
    if given not in (1, term):
        text = f"A ramp over {words.years(term)} has {term} quantities, one a year; here are {given}."
        yield Refusal(field, "ramp", text)
        return
    least = model.minimum
    if min(line.quantities) < least:
        free = model.free
        also = f" Up to {free.up_to:,} {free.units}, {free.label} is free." if free else ""
        text = f"{model.label} starts at {least:,} {model.units if least > 1 else model.unit}.{also}"
        yield Refusal(field, "minimum", text, str(least))
    most = model.tiers[-1].up_to if model.tiers else None
    if most is not None and max(line.quantities) > most:
        yield Refusal(field, "maximum", f"{model.label} goes up to {most:,} {model.units}.", str(most))


def _rates(ask: Ask, rules: PriceRules) -> Found:
    for line in ask.lines:
        agreed, field = rules.models[line.model].rate, f"{line.at}rate"
        if agreed is None and line.rate is not None:
            yield Refusal(field, "rate", f"{rules.models[line.model].label} has list prices; leave the rate empty.")
        elif agreed is not None and (line.rate is None or not agreed.low <= line.rate <= agreed.high):
            unit = rules.models[line.model].unit
            span = f"{words.plain(agreed.low)} and {words.plain(agreed.high)} {rules.currency}"
            nearest = agreed.low if line.rate is not None and line.rate < agreed.low else agreed.high
            text = f"Agree on a rate between {span} a {unit} and {rules.models[line.model].period}."
            yield Refusal(field, "rate", text, words.digits(nearest))


def _mixture(ask: Ask, rules: PriceRules) -> Found:
    kinds = {rules.models[line.model].kind == "perpetual" for line in ask.lines}
    if len(kinds) > 1:
        text = "A perpetual licence and a subscription can't stand on one quote. Make a quote of each."
        yield Refusal("lines", "perpetual_mixed", text)
    books = dict.fromkeys(rules.models[line.model].book for line in ask.lines)
    if len(books) > 1:
        labels = {book.key: book.label for book in rules.pricing.books}
        text = f"The lines come from different price books: {listing([labels[key] for key in books])}. Take one."
        yield Refusal("lines", "books_mixed", text)


def _strategic(ask: Ask, rules: PriceRules) -> Found:
    most = rules.discounts.strategic_per_quote
    if len(ask.strategic) > most:
        text = (
            f"A quote has at most {'one strategic discount' if most == 1 else f'{most} strategic discounts'}. Keep one."
        )
        yield Refusal("strategic", "one_strategic", text)
    for taken in ask.strategic:
        reason = rules.reasons[taken.reason]
        if taken.percent > reason.cap_percent:
            text = f"{reason.label} is capped at {words.percent(reason.cap_percent)}. Lower it, or use another reason."
            yield Refusal("strategic.percent", "cap", text, words.digits(reason.cap_percent))


def _partner(ask: Ask, rules: PriceRules) -> Found:
    if ask.partner is None:
        return
    if ask.partner_tier:
        text = "A partner has a tier or a way to sell with us, and one discount by it. Take one out."
        yield Refusal("partner.model", "one_partner", text)
    model = next(one for one in rules.discounts.partner_models if one.key == ask.partner.model)
    low, high, given = model.percent_low, model.percent_high, ask.partner.percent
    if low is None or high is None:
        if given:
            yield Refusal(
                "partner.percent", "partner_share", f"{model.label} shares revenue; it takes nothing off.", "0"
            )
    elif given is None or not low <= given <= high:
        nearest = high if given is not None and given > high else low
        text = f"{model.label}: agree on {words.plain(low)} to {words.percent(high)}."
        yield Refusal("partner.percent", "partner_range", text, words.digits(nearest))


def _programme(ask: Ask, rules: PriceRules) -> Found:
    programme = next((one for one in rules.discounts.programmes if one.key == ask.programme), None)
    if programme is None:
        return
    for line in ask.lines:
        model, most = rules.models[line.model], programme.quantity_up_to
        if line.model not in programme.models:
            meant = words.either([rules.models[key].label for key in programme.models])
            text = f"{programme.label} has no price for {model.label}. It is for {meant}."
            yield Refusal("programme", "programme_model", text)
        elif most is not None and max(line.quantities) > most:
            text = f"{programme.label} goes up to {most:,} {model.units}."
            yield Refusal(f"{line.at}quantity", "programme_limit", text, str(most))


def _options(ask: Ask, rules: PriceRules) -> Found:
    for kind, chosen in ask.options:
        option = rules.options[kind][chosen]
        needed = option.years_at_least
        if needed is not None and ask.term_years < needed:
            standard = rules.options[kind][rules.standard[kind]].label
            text = f"{option.label} asks for a term of {words.years(needed)} or more. Choose that, or {standard}."
            yield Refusal(kind, "commitment", text, rules.standard[kind])
    for line in ask.lines:
        model = rules.models[line.model]
        billing = ask.option("billing")
        if model.billing and billing and billing not in model.billing:
            allowed = words.either([rules.options["billing"][key].label for key in model.billing])
            yield Refusal("billing", "billing", f"{model.label} is billed so: {allowed}.", model.billing[0])
            return


def _lock(ask: Ask, rules: PriceRules) -> Found:
    if ask.locked_year is not None and not 1 <= ask.locked_year <= ask.term_years:
        text = f"The price of a year from 1 to {ask.term_years} can be locked."
        yield Refusal("locked_year", "price_lock", text, str(ask.term_years))


def _items(ask: Ask, rules: PriceRules) -> Found:
    known = {item.key: item for item in rules.pricing.catalogue}
    for item in ask.items:
        if not item.key:
            continue
        low, high = known[item.key].price_low, known[item.key].price_high
        if (low is not None and item.unit_price < low) or (high is not None and item.unit_price > high):
            nearest = low if low is not None and item.unit_price < low else high
            span = " to ".join(money(end, rules.currency) for end in (low, high) if end is not None)
            only = "costs" if low is not None and high is not None else "starts at" if high is None else "goes up to"
            text = f"{known[item.key].label} {only} {span}."
            yield Refusal(f"{item.at}unit_price", "catalogue_price", text, words.digits(nearest or Decimal(0)))


CHECKS: tuple[Callable[[Ask, PriceRules], Found], ...] = (
    _something,
    _term,
    _mixture,
    _quantities,
    _rates,
    _strategic,
    _partner,
    _programme,
    _options,
    _lock,
    _items,
)
