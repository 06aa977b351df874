"""What a quote gives beyond the rules everybody has, what was got for each, and what is left to give."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from quotes.rules import words
from quotes.rules.asking import Ask
from quotes.rules.book import PriceRules
from quotes.rules.selling import given


@dataclass(frozen=True, slots=True)
class Give:
    """`rule` is stable: "strategic.lighthouse", "liability_cap.unlimited". `got`: in words; empty where nothing was got.
    `room`: what of the same could still be given. `level`: the label of whose agreement it takes, "" for nobody's."""

    rule: str
    text: str
    got: tuple[str, ...]
    note: str
    room: str = ""
    level: str = ""
    is_red_line: bool = False


def gives(ask: Ask, rules: PriceRules) -> tuple[Give, ...]:
    trades = {trade.key: trade.label for trade in rules.discounts.trades}
    labels = {level.key: level.label for level in rules.approvals.levels}
    found = []
    for rule, text, got, note in given(ask, rules):
        kind, _, key = rule.partition(".")
        room, level, red = _of_discount(ask, key, rules) if kind == "strategic" else _of_term(kind, key, rules)
        named = tuple(trades.get(one, one) for one in got)
        found.append(Give(rule, text, named, note, room, labels.get(level, level), red))
    return tuple(found)


def _of_discount(ask: Ask, key: str, rules: PriceRules) -> tuple[str, str, bool]:
    reason = rules.reasons[key]
    percent = next((one.percent for one in ask.strategic if one.reason == key), Decimal(0))
    left = reason.cap_percent - percent
    most = words.percent(reason.cap_percent)
    room = f"{words.plain(left)} points left of at most {most}" if left else f"all of the {most} it may be"
    return room, reason.approval, False


def _of_term(kind: str, key: str, rules: PriceRules) -> tuple[str, str, bool]:
    option = rules.options[kind][key]
    return "", option.approval or "", option.red_line
