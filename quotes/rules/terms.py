"""The contract terms of a quote, those nobody chose included."""

from __future__ import annotations

from playbook.schema.pricing import TermKind, TermOption
from quotes.rules.asking import Ask
from quotes.rules.book import PriceRules


def options_of(ask: Ask, rules: PriceRules) -> tuple[tuple[TermKind, TermOption], ...]:
    """Each kind of term with the option that holds: the chosen one, else the usual one of what is sold, else the standard."""
    return tuple((kind, rules.options[kind.key][_key(kind.key, ask, rules)]) for kind in rules.terms.kinds)


def _key(kind: str, ask: Ask, rules: PriceRules) -> str:
    chosen = ask.option(kind)
    if not chosen and kind == "billing" and ask.lines and rules.models[ask.lines[0].model].billing:
        return rules.models[ask.lines[0].model].billing[0]
    return chosen or rules.standard[kind]
