"""Rules of notes: each has one place it writes to, a value that fits there, and not two ways to get it."""

from __future__ import annotations

from playbook.checks.context import Context, Item
from playbook.facts import canonical
from playbook.schema.qualification import Choice, Fact

READS = {
    "money": {"money"},
    "percent": {"decimal", "percent"},
    "count": {"integer", "decimal"},
    "date": {"date"},
    "words": {"text", "long_text"},
}
"""What each reading can be written into."""


def check_note_rules(context: Context) -> None:
    facts = {item.part.key: item.part for item in context.items("facts")}
    elements = {item.part.key: item.part for item in context.items("meddpicc", "elements")}
    for item in context.items("note_rules"):
        rule = item.part
        places = [name for name in ("fact", "element", "deal") if getattr(rule, name)]
        if len(places) != 1:
            context.add(item, reason="has to name one place to write to", allowed="one of fact, element, deal")
            continue
        if rule.fact:
            context.must_be_in(item, ("fact",), [rule.fact], context.keys("facts"), "fact")
            if rule.fact in facts:
                _check_value(context, item, facts[rule.fact].kind, facts[rule.fact].choices)
        elif rule.element:
            context.must_be_in(item, ("element",), [rule.element], context.keys("meddpicc", "elements"), "element")
            if rule.element in elements:
                _check_field(context, item, elements[rule.element])
        elif rule.reading != "date":
            context.add(item, "reading", reason="a close date is read from a day", allowed="date")


def _check_field(context: Context, item: Item, element: object) -> None:
    rule = item.part
    fields = {field.key: field for field in element.fields}  # type: ignore[attr-defined]
    if rule.field is None:
        if rule.reading or rule.value is not None:
            context.add(item, "field", reason="is missing: an element alone goes one step up, with no value")
        return
    if rule.field not in fields:
        context.must_be_in(item, ("field",), [rule.field], frozenset(fields), "field")
        return
    _check_value(context, item, fields[rule.field].kind, fields[rule.field].choices)


def _check_value(context: Context, item: Item, kind: str, choices: tuple[Choice, ...]) -> None:
    rule = item.part
    if bool(rule.reading) == (rule.value is not None):
        context.add(item, reason="needs a reading or a value, and not both", allowed="one of reading, value")
    elif rule.reading and kind not in READS[rule.reading]:
        context.add(item, "reading", reason=f"{rule.reading} can't be written into a {kind}")
    elif not rule.reading:
        plain = {"long_text": "text", "percent": "decimal"}.get(kind, kind)
        if plain in {"table", "checks", "contact"}:
            context.add(item, "field", reason=f"a {kind} takes no single value")
            return
        fact = Fact.model_construct(key=rule.key, label=rule.label, kind=plain, choices=choices, scope="deal")
        try:
            canonical(fact, rule.value)
        except ValueError as wrong:
            context.add(item, "value", reason=f"can't be {rule.value!r}", allowed=str(wrong))
