"""What a quote may do and had better not, or not yet: said in the preview; some of it is asked for before it is sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from quotes.rules import words
from quotes.rules.asking import Ask
from quotes.rules.book import PriceRules
from quotes.rules.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Warning:
    """`rule` is stable; `field` where it is mended; `blocks`: has to be mended before the quote is sent."""

    rule: str
    text: str
    field: str = ""
    blocks: bool = False


def warnings(ask: Ask, rules: PriceRules) -> tuple[Warning, ...]:
    return tuple(_found(ask, rules))


def before_sending(found: tuple[Warning, ...]) -> tuple[Refusal, ...]:
    """What is refused at submission."""
    return tuple(Refusal(one.field, one.rule, one.text) for one in found if one.blocks)


def _found(ask: Ask, rules: PriceRules) -> Iterator[Warning]:
    needed = rules.discounts.prepayment.years_at_least
    if ask.prepaid and ask.term_years < needed:
        text = f"Prepayment takes nothing off a term of {words.years(ask.term_years)}; it does from {words.years(needed)} on."
        yield Warning("prepayment_gives_nothing", text, "prepaid")
    if (taken := ask.discretionary) is not None and not taken.got:
        text = f"Say what was got for the {words.percent(taken.percent)} of {rules.reasons[taken.reason].label}."
        yield Warning("nothing_got", text, "strategic.got", blocks=True)
    if ask.deal_registered and not ask.partner_tier and ask.partner is None:
        yield Warning(
            "registered_by_nobody", "Deals are registered by partners; name the partner's tier.", "partner_tier"
        )
    yield from _of_options(ask, rules)
    for model in dict.fromkeys(line.model for line in ask.lines):
        if rules.models[model].advice:
            yield Warning(f"advice.{model}", rules.models[model].advice)


def _of_options(ask: Ask, rules: PriceRules) -> Iterator[Warning]:
    for kind in rules.terms.kinds:
        chosen = ask.option(kind.key)
        option = rules.options[kind.key][chosen] if chosen else None
        if option is not None and option.legal_review and not ask.legal_review:
            text = f"{option.label} needs a legal review; record who did it and what it says."
            yield Warning("legal_review_missing", text, "legal_review", blocks=True)


def displaces_nobody(ask: Ask, rules: PriceRules, rivals: frozenset[str]) -> tuple[Warning, ...]:
    """Where a discount is meant for deals against certain competitors, and the deal (`rivals`: keys) is against none of them."""
    taken = ask.discretionary
    meant = rules.reasons[taken.reason].displaces if taken is not None else ()
    if taken is None or not meant or rivals & set(meant):
        return ()
    reason = rules.reasons[taken.reason]
    text = f"{reason.label} is for deals against others than this one names. Add the competitor to the deal first."
    return (Warning("displaces_nobody", text, "strategic.reason", blocks=True),)
