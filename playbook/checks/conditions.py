"""Conditions name facts and signals that exist, and compare them in a way their kind allows."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from playbook.checks.context import Context, Item, listed
from playbook.problems import Path
from playbook.schema.conditions import All, AnyOf, FactTest, Not
from playbook.schema.qualification import Fact
from playbook.signals import Signal, all_signals

_NUMBER = ("at_least", "over", "under", "at_most", "equals", "known")
COMPARISONS_OF: dict[str, tuple[str, ...]] = {
    "money": _NUMBER,
    "decimal": _NUMBER,
    "integer": _NUMBER,
    "date": ("within_months", "passed", "older_than_days", "known"),
    "boolean": ("equals", "known"),
    "choice": ("equals", "one_of", "known"),
    "choices": ("includes_any", "only", "known"),
    "text": ("known",),
}
"""Which comparisons make sense for which kind of fact."""


@dataclass(frozen=True)
class Term:
    """A fact or a signal, as far as a condition cares. No choices given means any value may be compared with."""

    kind: str
    choices: tuple[str, ...]


def check_conditions(context: Context) -> None:
    facts = {item.part.key: _of_fact(item.part) for item in context.items("facts")}
    if not context.keys("facts"):
        return
    meddpicc = context.part("meddpicc")
    signals = (
        {} if meddpicc is None else {k: _of_signal(context, s) for k, s in all_signals(meddpicc.part.elements).items()}
    )
    for item in context.items("bant", "criteria"):
        for path, condition in _of_criterion(item):
            _check(context, item, path, condition, facts, context.keys("facts"))
    if meddpicc is None:
        return
    both, known = facts | signals, context.keys("facts") | set(signals)
    for stage in context.items("stages"):
        for index, criterion in enumerate(stage.part.exit_criteria):
            _check(context, stage, ("exit_criteria", index, "when"), criterion.when, both, known)
    _check_risks(context, both, known)
    if not context.whole("meddpicc"):
        return
    for flag in context.items("meddpicc", "red_flags"):
        if flag.part.when is not None:
            _check(context, flag, ("when",), flag.part.when, both, known)


def _check_risks(context: Context, terms: Mapping[str, Term], known: frozenset[str]) -> None:
    for risk in context.items("risks"):
        _check(context, risk, ("when",), risk.part.when, terms, known)


def _of_fact(fact: Fact) -> Term:
    return Term(fact.kind, tuple(choice.key for choice in fact.choices))


def _of_signal(context: Context, signal: Signal) -> Term:
    choices = signal.choices
    if signal.key == "score.class":
        choices = tuple(sorted(context.keys("bant", "classes")))
    elif signal.key == "deal.segment":
        choices = tuple(sorted(context.keys("segments")))
    return Term(signal.kind, choices)


def _of_criterion(item: Item) -> Iterator[tuple[Path, All | AnyOf | Not | FactTest]]:
    for index, anchor in enumerate(item.part.anchors):
        yield ("anchors", index, "when"), anchor.when
    places: list[tuple[Path, object]] = [(("verdicts",), item.part.verdicts)]
    places += [(("segments", key), verdicts) for key, verdicts in item.part.segments.items()]
    for path, verdicts in places:
        for name in ("highly_qualified", "qualified", "disqualified"):
            condition = getattr(verdicts, name)
            if condition is not None:
                yield (*path, name), condition


def _check(
    context: Context, item: Item, path: Path, condition: object, terms: Mapping[str, Term], known: frozenset[str]
) -> None:
    if isinstance(condition, Not):
        _check(context, item, (*path, "not"), condition.not_, terms, known)
    elif isinstance(condition, (All, AnyOf)):
        name = "all" if isinstance(condition, All) else "any"
        for index, part in enumerate(getattr(condition, name)):
            _check(context, item, (*path, name, index), part, terms, known)
    elif isinstance(condition, FactTest):
        if condition.fact in terms:
            _check_test(context, item, path, condition, terms[condition.fact])
        elif condition.fact not in known:
            close = difflib.get_close_matches(condition.fact, known, n=1)
            guess = f"; did you mean {close[0]}?" if close else ""
            reason = f"names the fact {condition.fact!r}, which does not exist{guess}"
            context.add(item, *path, "fact", reason=reason, allowed=listed(known))


def _check_test(context: Context, item: Item, path: Path, test: FactTest, term: Term) -> None:
    comparison = test.comparison
    if comparison not in COMPARISONS_OF[term.kind]:
        reason = f"{test.fact} is of the kind {term.kind}, which can't be compared by {comparison}"
        context.add(item, *path, comparison, reason=reason, allowed=", ".join(COMPARISONS_OF[term.kind]))
        return
    if test.or_on and comparison != "within_months":
        context.add(item, *path, "or_on", reason="belongs to within_months only")
    if comparison == "equals":
        _check_equals(context, item, path, test, term)
        return
    values = getattr(test, comparison)
    for index, value in enumerate(values if isinstance(values, tuple) else ()):
        if term.choices and value not in term.choices:
            reason = f"{value!r} is no choice of {test.fact}"
            context.add(item, *path, comparison, index, reason=reason, allowed=", ".join(term.choices))


def _check_equals(context: Context, item: Item, path: Path, test: FactTest, term: Term) -> None:
    value = test.equals
    if term.kind == "boolean" and not isinstance(value, bool):
        context.add(item, *path, "equals", reason=f"{test.fact} is true or false", allowed="true, false")
    elif term.kind in {"money", "decimal", "integer"} and (isinstance(value, bool) or not isinstance(value, int)):
        context.add(item, *path, "equals", reason=f"{test.fact} is a number", allowed="a whole number")
    elif term.kind == "choice" and (not isinstance(value, str) or (term.choices and value not in term.choices)):
        reason = f"{value!r} is no choice of {test.fact}"
        context.add(item, *path, "equals", reason=reason, allowed=", ".join(term.choices))
