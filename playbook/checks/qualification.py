"""BANT+, MEDDPICC, questions and stages make sense in themselves and refer to what exists."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import date
from decimal import Decimal, InvalidOperation

from playbook.checks.context import Context, Item, listed
from playbook.problems import Finding
from playbook.schema.conditions import facts_named
from playbook.schema.qualification import Column, ElementField


def check_bant(context: Context) -> None:
    bant = context.part("bant")
    if bant is None:
        return
    part = bant.part
    if part.lowest >= part.highest:
        context.add(bant, "highest", reason=f"must lie above lowest, which is {part.lowest}")
    if context.whole("bant"):
        total = sum(criterion.weight for criterion in part.criteria)
        if total != 100:
            context.add(
                bant, "criteria", reason=f"the weights sum to {total}", allowed="weights that sum to exactly 100"
            )
        _check_classes(context, bant)
    for item in context.items("bant", "criteria"):
        context.must_be_in(item, ("facts",), item.part.facts, context.keys("facts"), "fact")
        for segment in item.part.segments:
            context.must_be_in(item, ("segments", segment), [segment], context.keys("segments"), "segment")
        if item.part.weight != round(item.part.weight, 2):
            # A stored total keeps four decimals; a weight in percent adds two to its own.
            reason = f"{item.part.weight} is finer than a total can hold"
            context.add(item, "weight", reason=reason, allowed="at most 2 decimals")
        _check_anchors(context, item, part.lowest, part.highest)


def _check_classes(context: Context, bant: Item) -> None:
    classes = bant.part.classes
    if not classes:
        context.add(bant, "classes", reason="there is none", allowed="at least one class")
        return
    for index, (upper, lower) in enumerate(itertools.pairwise(classes), start=1):
        if lower.at_least >= upper.at_least:
            reason = f"must lie below {upper.key}, which begins at {upper.at_least}"
            context.add(
                bant, "classes", index, "at_least", reason=reason, allowed="classes from the highest to the lowest"
            )
    if classes[-1].at_least > bant.part.lowest:
        reason = f"leaves totals under {classes[-1].at_least} without a class"
        context.add(bant, "classes", len(classes) - 1, "at_least", reason=reason, allowed=f"{bant.part.lowest} or less")
    if classes[0].at_least > bant.part.highest:
        reason = "no total can reach this class"
        context.add(bant, "classes", 0, "at_least", reason=reason, allowed=f"{bant.part.highest} or less")


def _check_anchors(context: Context, item: Item, lowest: int, highest: int) -> None:
    scores = [anchor.score for anchor in item.part.anchors]
    for index, anchor in enumerate(item.part.anchors):
        if not lowest <= anchor.score <= highest:
            context.add(
                item, "anchors", index, "score", reason=f"can't be {anchor.score}", allowed=f"{lowest} to {highest}"
            )
        if index and anchor.score >= scores[index - 1]:
            reason = f"{anchor.score} follows {scores[index - 1]}"
            context.add(
                item, "anchors", index, "score", reason=reason, allowed="anchors from the highest score to the lowest"
            )
        unasked = facts_named(anchor.when) - set(item.part.facts)
        if unasked:
            reason = (
                f"reads {listed(unasked)}, which the criterion's own facts leave out, so nobody would be asked for it"
            )
            context.add(item, "anchors", index, "when", reason=reason)


def check_meddpicc(context: Context) -> None:
    meddpicc = context.part("meddpicc")
    if meddpicc is None:
        return
    if not 0 <= meddpicc.part.claimed_worth <= meddpicc.part.confirmed_worth:
        context.add(meddpicc, "claimed_worth", reason="must lie between 0 and confirmed_worth")
    if context.whole("meddpicc") and sum(element.weight for element in meddpicc.part.elements) <= 0:
        context.add(meddpicc, "elements", reason="the weights sum to nothing", allowed="weights above 0")
    for item in context.items("meddpicc", "elements"):
        names = Counter(_signal_names(item))
        for name in sorted(name for name, count in names.items() if count > 1):
            context.add(
                item,
                "fields",
                reason=f"conditions could not tell two things named {name!r} apart",
                allowed="other keys",
            )
        for index, field in enumerate(item.part.fields):
            _check_field(context, item, index, field)
    for item in context.items("meddpicc", "red_flags"):
        if item.part.element:
            context.must_be_in(item, ("element",), [item.part.element], context.keys("meddpicc", "elements"), "element")
        if item.part.criterion:
            context.must_be_in(
                item, ("criterion",), [item.part.criterion], context.keys("bant", "criteria"), "criterion"
            )


def _signal_names(item: Item) -> list[str]:
    names = ["strength"]
    for field in item.part.fields:
        names += [check.key for check in field.choices] if field.kind == "checks" else [field.key]
    return names


def _check_field(context: Context, item: Item, index: int, field: ElementField) -> None:
    path = ("fields", index)
    if (field.kind in {"choice", "checks"}) != bool(field.choices):
        context.add(
            item, *path, "choices", reason="are required for the kinds choice and checks, and allowed for no other"
        )
    if (field.kind == "table") != bool(field.columns):
        context.add(item, *path, "columns", reason="are required for the kind table, and allowed for no other")
    columns = {column.key: column for column in field.columns}
    if (field.sums_to is None) != (field.sum_column is None) or (field.sum_column and field.sum_column not in columns):
        context.add(item, *path, "sum_column", reason="sums_to and sum_column belong together", allowed=listed(columns))
        return
    for row_index, row in enumerate(field.default):
        _check_row(context, item, (*path, "default", row_index), row, columns)
    if field.default and field.sums_to is not None:
        numbers = [_number(row.get(str(field.sum_column))) for row in field.default]
        total = sum((number for number in numbers if number is not None), Decimal(0))
        if total != field.sums_to:
            reason = f"{field.sum_column} sums to {total}"
            context.add(
                item, *path, "default", reason=reason, allowed=f"rows whose {field.sum_column} sums to {field.sums_to}"
            )


def _check_row(
    context: Context, item: Item, path: tuple[str | int, ...], row: dict[str, object], columns: dict[str, Column]
) -> None:
    for name, value in row.items():
        column = columns.get(name)
        if column is None:
            context.add(item, *path, name, reason="is no column of this table", allowed=", ".join(columns))
        elif not _fits(column, value):
            allowed = ", ".join(choice.key for choice in column.choices) or column.kind
            context.add(item, *path, name, reason=f"can't be {value!r}", allowed=allowed)
    for column in columns.values():
        if column.required and column.key not in row:
            context.add(item, *path, column.key, reason="is missing")


def _fits(column: Column, value: object) -> bool:
    if column.kind == "choice":
        return value in {choice.key for choice in column.choices}
    if column.kind == "boolean":
        return isinstance(value, bool)
    if column.kind in {"integer", "score"}:
        return isinstance(value, int) and not isinstance(value, bool)
    if column.kind in {"money", "decimal", "percent"}:
        return _number(value) is not None
    if column.kind == "date":
        try:
            return bool(date.fromisoformat(str(value)))
        except ValueError:
            return False
    return isinstance(value, str)


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, (int, str, Decimal)):
        return None
    try:
        return Decimal(value)
    except InvalidOperation:
        return None


def check_questions(context: Context) -> None:
    for item in context.items("questions"):
        question = item.part
        context.must_be_in(item, ("personas",), question.personas, context.keys("personas"), "persona")
        context.must_be_in(item, ("segments",), question.segments, context.keys("segments"), "segment")
        context.must_be_in(item, ("criteria",), question.criteria, context.keys("bant", "criteria"), "criterion")
        context.must_be_in(item, ("elements",), question.elements, context.keys("meddpicc", "elements"), "element")
        context.must_be_in(item, ("facts",), question.facts, context.keys("facts"), "fact")
        if not question.criteria and not question.elements:
            context.add(item, reason="informs nothing", allowed="at least one of criteria and elements")
        if item.file != f"questions/{question.bank}.yaml":
            context.add(
                item, "bank", reason=f"stands in {item.file}", allowed=f"the file questions/{question.bank}.yaml"
            )


def check_stages(context: Context) -> None:
    stages = list(context.items("stages"))
    if context.whole("stages"):
        kinds = Counter(item.part.kind for item in stages)
        for kind in ("won", "lost"):
            if kinds[kind] != 1:
                reason = f"has {kinds[kind]} stages of the kind {kind}"
                context.findings.append(Finding("stages.yaml", (), reason, "exactly one"))
        if not kinds["open"]:
            context.findings.append(Finding("stages.yaml", (), "has no open stage", "at least one"))
    before = Decimal(0)
    closed = False
    for item in stages:
        if item.part.kind == "open":
            if closed:
                context.add(item, "kind", reason="an open stage follows a closed one", allowed="open stages first")
            before = _check_open_stage(context, item, before)
        else:
            closed = True
            _check_closed_stage(context, item)


def _check_open_stage(context: Context, item: Item, before: Decimal) -> Decimal:
    """Gives the highest probability so far."""
    stage = item.part
    if not before < stage.probability_percent < 100:
        reason = f"{stage.probability_percent} does not lie above the stage before it ({before}) and under 100"
        context.add(item, "probability_percent", reason=reason, allowed="rising from stage to stage, under 100")
    if stage.expected_days is None:
        context.add(item, "expected_days", reason="is missing")
    highest: Decimal = max(before, stage.probability_percent)
    return highest


def _check_closed_stage(context: Context, item: Item) -> None:
    stage = item.part
    wanted = 100 if stage.kind == "won" else 0
    if stage.probability_percent != wanted:
        reason = f"can't be {stage.probability_percent} for a deal that is {stage.kind}"
        context.add(item, "probability_percent", reason=reason, allowed=str(wanted))
    if stage.exit_criteria:
        context.add(item, "exit_criteria", reason=f"nothing leaves a stage that is {stage.kind}")
