"""Agenda, demo and proof of concept: minutes add up, weeks follow one another, and what is named exists."""

from __future__ import annotations

from playbook.checks.context import Context, Item


def check_agenda(context: Context) -> None:
    agenda = context.part("agenda")
    if agenda is None:
        return
    for field in ("minutes", "short_minutes"):
        _adds_up(context, agenda, field)
    if agenda.part.short_minutes > agenda.part.minutes:
        reason = f"{agenda.part.short_minutes} is more than the full call, which has {agenda.part.minutes}"
        context.add(agenda, "short_minutes", reason=reason, allowed=f"{agenda.part.minutes} or less")
    groups = frozenset(item.part.group for item in context.items("questions"))
    placed: dict[str, str] = {}
    for item in context.items("agenda", "parts"):
        if item.part.short_minutes > item.part.minutes:
            reason = f"{item.part.short_minutes} is more than in the full call, which gives it {item.part.minutes}"
            context.add(item, "short_minutes", reason=reason, allowed=f"{item.part.minutes} or less")
        if context.whole("questions"):
            context.must_be_in(item, ("groups",), item.part.groups, groups, "group of questions")
        for index, group in enumerate(item.part.groups):
            if group in placed:
                reason = f"{group!r} belongs to {placed[group]!r} already"
                context.add(item, "groups", index, reason=reason, allowed="each group in one part")
            placed.setdefault(group, item.part.key)


def check_demo(context: Context) -> None:
    demo = context.part("demo")
    if demo is None:
        return
    _adds_up(context, demo, "minutes")
    if demo.part.slot_low > demo.part.slot_high:
        reason = f"{demo.part.slot_high} lies below slot_low, which is {demo.part.slot_low}"
        context.add(demo, "slot_high", reason=reason, allowed=f"{demo.part.slot_low} or more")
    if demo.part.shown_minutes > demo.part.slot_low:
        reason = f"{demo.part.shown_minutes} is more than the shortest meeting, which has {demo.part.slot_low}"
        context.add(demo, "shown_minutes", reason=reason, allowed=f"{demo.part.slot_low} or less")


def check_poc(context: Context) -> None:
    poc = context.part("poc")
    if poc is None:
        return
    part = poc.part
    if not part.days_low <= part.days_usual <= part.days_high:
        reason = f"{part.days_usual} does not lie between days_low and days_high"
        context.add(poc, "days_usual", reason=reason, allowed=f"{part.days_low} to {part.days_high}")
    for item in context.items("poc", "scope"):
        context.must_be_in(item, ("fact",), [item.part.fact], context.keys("facts"), "fact")
        if item.part.low > item.part.high:
            reason = f"{item.part.high} lies below low, which is {item.part.low}"
            context.add(item, "high", reason=reason, allowed=f"{item.part.low} or more")
    week = 0
    for item in context.items("poc", "phases"):
        if item.part.first_week != week + 1:
            reason = f"{item.part.first_week} stands where week {week + 1} belongs"
            context.add(item, "first_week", reason=reason, allowed=str(week + 1))
        if item.part.last_week < item.part.first_week:
            reason = f"{item.part.last_week} lies before first_week, which is {item.part.first_week}"
            context.add(item, "last_week", reason=reason, allowed=f"{item.part.first_week} or later")
        week = max(item.part.last_week, item.part.first_week)


def _adds_up(context: Context, item: Item, field: str) -> None:
    """The parts' minutes are what the whole says."""
    if item.file in context.files and context.files[item.file].left_out:
        return
    total = sum(getattr(part, field) for part in item.part.parts)
    if total != getattr(item.part, field):
        reason = f"the parts sum to {total} minutes, not {getattr(item.part, field)}"
        context.add(item, field, reason=reason, allowed=str(total))
