"""Two playbooks rule by rule, for people: what each rule is called, what it said and what it says; and how many are equal.

Both come as stored. A rule is the smallest thing somebody would change by itself: a weight, an anchor, a verdict in a
segment, a class's floor, a stage, a question.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from crm.rules.playbook_calls import call_rules
from crm.rules.playbook_diff import worded, written
from crm.rules.playbook_intel import intel_rules
from crm.rules.playbook_prices import price_rules
from crm.rules.playbook_reports import report_rules
from crm.rules.playbook_rule import Order, Rule, entries, order, without
from crm.rules.playbook_words import labels_of, number

Kind = Literal["added", "removed", "changed"]
Data = Mapping[str, Any]

CHAPTERS: dict[str, str] = {
    "weights": "How much each criterion counts",
    "classes": "From which total a deal is in which class",
    "anchors": "What scores 5, 3 and 1",
    "verdicts": "Verdicts by facts, in general and by segment",
    "criteria": "Criteria otherwise",
    "stages": "Stages",
    "exit": "What should be true before a stage is left",
    "reasons": "Why deals are won and lost",
    "meddpicc": "MEDDPICC",
    "risks": "When a deal is at risk",
    "questions": "Questions",
    "facts": "Facts",
    "segments": "Segments",
    "personas": "Personas",
    "market": "Verticals, regions and sizes",
    "offer": "Products and competitors",
    "targets": "Targets",
    "prices": "Prices",
    "discounts": "Discounts",
    "terms": "Contract terms",
    "approvals": "Who approves",
    "calls": "Calls, demos and proofs of concept",
    "intel": "News of competitors",
    "market_sizes": "Market sizes and shares",
    "win_rates": "Win rates of the documents",
    "kpis": "KPIs",
    "risk_register": "Risk register",
    "qbr": "Quarterly business review",
    "cards": "How battle cards are kept",
    "identity": "Company",
}
_LISTS = {
    "risks": "risks",
    "facts": "facts",
    "segments": "segments",
    "personas": "personas",
    "verticals": "market",
    "regions": "market",
    "size_classes": "market",
    "product_lines": "offer",
    "products": "offer",
    "competitors": "offer",
    "targets": "targets",
    "note_rules": "calls",
}
_FIELDS = {
    "at_least": "From",
    "probability_percent": "Chance to win, %",
    "expected_days": "Usual days",
    "when": "Condition",
    "text": "Text",
    "personas": "Asked of",
    "criteria": "Moves BANT+",
    "elements": "Moves MEDDPICC",
    "claimed_worth": "What claimed is worth",
    "confirmed_worth": "What confirmed is worth",
    "stale_after_days": "Days until a confirmation ages",
    "second_person": "Published by a second person",
    "review_every_days": "Days between reviews",
    "minimum_deals": "Deals from which a win rate is shown",
}
_VERDICTS = {"highly_qualified": "highly qualified", "qualified": "qualified", "disqualified": "disqualified"}


EMPTY: tuple[Any, ...] = (None, "", [], {})


@dataclass(frozen=True, slots=True)
class Line:
    """What differs within a rule; `label` is empty where the rule is a single value."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    kind: Kind
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """Rules of one sort: those that differ, and how many do not."""

    key: str
    label: str
    rows: tuple[Row, ...]
    equal: int


def compare(before: Data, after: Data) -> tuple[Chapter, ...]:
    """Every chapter in which something differs. What is equal in them and elsewhere is counted by `equal_rules`."""
    return tuple(chapter for chapter in _chapters(before, after) if chapter.rows)


def equal_rules(before: Data, after: Data) -> int:
    return sum(chapter.equal for chapter in _chapters(before, after))


def _chapters(before: Data, after: Data) -> Iterator[Chapter]:
    olds = {(rule.chapter, rule.id): rule for rule in rules(before)}
    news = {(rule.chapter, rule.id): rule for rule in rules(after)}
    found: dict[str, list[Row]] = {key: [] for key in CHAPTERS}
    equal = dict.fromkeys(CHAPTERS, 0)
    for place in dict.fromkeys([*olds, *news]):
        old, new = olds.get(place), news.get(place)
        if old is not None and new is not None and _same(old.value, new.value):
            equal[place[0]] += 1
        else:
            found[place[0]].append(_row(old, new))
    for key, label in CHAPTERS.items():
        yield Chapter(key, label, tuple(found[key]), equal[key])


def _same(old: Any, new: Any) -> bool:
    return not old.differs(new) if isinstance(old, Order) and isinstance(new, Order) else bool(old == new)


def _row(old: Rule | None, new: Rule | None) -> Row:
    if new is None:
        assert old is not None
        return Row(old.label, "removed", (Line("", _said(old.value) or old.label, ""),))
    if old is None:
        return Row(new.label, "added", (Line("", "", _said(new.value) or new.label),))
    return Row(old.label, "changed", tuple(_lines(old.value, new.value, ())))


def _lines(before: Any, after: Any, path: tuple[str, ...]) -> Iterator[Line]:
    """One line for each part that differs, however deep."""
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict.fromkeys([*before, *after]):
            yield from _lines(before.get(key), after.get(key), (*path, key))
    else:
        yield Line(", ".join(_field(step) for step in path), _said(before) or "nothing", _said(after) or "nothing")


def _field(name: str) -> str:
    return _FIELDS.get(name) or name.replace("_", " ").capitalize()


def _said(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "\n".join(value)
    if isinstance(value, str | int) and not isinstance(value, bool):
        return number(value)
    if isinstance(value, Mapping):
        return "\n".join(f"{_field(name)}: {_short(item)}" for name, item in value.items() if item not in EMPTY)
    if isinstance(value, Order):
        return "\n".join(value.labels)
    return "" if value is None else written(value)


def _short(value: Any) -> str:
    """A part of a rule that came or went whole, on a line."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    return _said(value) if not isinstance(value, Mapping | list) else f"\n{written(value)}"


def rules(data: Data) -> Iterator[Rule]:
    """Every rule of a playbook."""
    shown: Any = worded(data, labels_of(data))
    names = _names(data)
    yield from _bant(shown["bant"], names)
    yield from _stages(shown["stages"])
    yield from entries("reasons", "outcome_reasons", shown["outcome_reasons"])
    yield from _meddpicc(shown["meddpicc"])
    yield from _questions(shown["questions"], names)
    for part, chapter in _LISTS.items():
        yield from entries(chapter, part, shown.get(part, []))
    yield from price_rules(shown)
    yield from call_rules(shown)
    yield from intel_rules(shown)
    yield from report_rules(shown)
    for key, value in (shown.get("cards") or {}).items():
        yield Rule("cards", key, _field(key), value)
    for key, value in shown["identity"].items():
        yield Rule("identity", key, _field(key), value)


def _names(data: Data) -> dict[str, dict[str, str]]:
    """Labels by key of what questions and criteria point to."""
    parts = {
        "personas": data["personas"],
        "segments": data["segments"],
        "facts": data["facts"],
        "criteria": data["bant"]["criteria"],
        "elements": data["meddpicc"]["elements"],
    }
    return {name: {entry["key"]: entry["label"] for entry in entries} for name, entries in parts.items()}


def _bant(bant: Any, names: Mapping[str, Mapping[str, str]]) -> Iterator[Rule]:
    for one in bant["criteria"]:
        key, label = one["key"], one["label"]
        yield Rule("weights", key, label, f"{one['weight']} %")
        for anchor in one["anchors"]:
            rest = {name: value for name, value in anchor.items() if name != "score"}
            yield Rule("anchors", f"{key}.{anchor['score']}", f"{label}: score {anchor['score']}", rest)
        places = [("", label, one["verdicts"])]
        places += [
            (seg, f"{label} in {names['segments'].get(seg, seg)}", said) for seg, said in one["segments"].items()
        ]
        for segment, place, verdicts in places:
            for verdict, words in _VERDICTS.items():
                if verdicts.get(verdict):
                    yield Rule("verdicts", f"{key}.{segment}.{verdict}", f"{place}: {words}", verdicts[verdict])
            if verdicts.get("note"):
                yield Rule("verdicts", f"{key}.{segment}.note", f"{place}: note", verdicts["note"])
        facts = [names["facts"].get(fact, fact) for fact in one["facts"]]
        for name in ("label", "question", "note", "red_flags"):
            if one.get(name):
                yield Rule("criteria", f"{key}.{name}", f"{label}: {_field(name).lower()}", one[name])
        yield Rule("criteria", f"{key}.facts", f"{label}: facts it asks for", facts)
    yield Rule("criteria", "scale", "Scale", f"{bant['lowest']} to {bant['highest']}")
    yield from order("criteria", "criteria", bant["criteria"])
    for one in bant["classes"]:
        yield Rule("classes", one["key"], f"{one['key']}, {one['label'].lower()}", without(one, "key"))


def _stages(stages: Any) -> Iterator[Rule]:
    for stage in stages:
        yield Rule("stages", stage["key"], stage["label"], without(stage, "key", "exit_criteria"))
        for one in stage["exit_criteria"]:
            yield Rule("exit", f"{stage['key']}.{one['key']}", f"{stage['label']}: {one['text']}", without(one, "key"))
    yield from order("stages", "stages", stages)


def _meddpicc(meddpicc: Any) -> Iterator[Rule]:
    for name in ("stale_after_days", "confirmed_worth", "claimed_worth"):
        yield Rule("meddpicc", name, _field(name), meddpicc[name])
    for one in meddpicc["elements"]:
        fields = {entry["key"]: without(entry, "key") for entry in one["fields"]}
        yield Rule(
            "meddpicc", f"element.{one['key']}", one["label"], without(one, "key", "fields") | {"fields": fields}
        )
    for flag in meddpicc["red_flags"]:
        yield Rule("meddpicc", f"flag.{flag['key']}", f"Red flag: {flag['text']}", without(flag, "key"))
    yield from order("meddpicc", "elements", meddpicc["elements"])


def _questions(questions: Any, names: Mapping[str, Mapping[str, str]]) -> Iterator[Rule]:
    for one in questions:
        named = {name: [found.get(key, key) for key in one.get(name, ())] for name, found in names.items()}
        yield Rule("questions", one["key"], one["text"], {**without(one, "key"), **named})
