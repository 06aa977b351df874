"""KPIs, indicators and the quarterly review: what is computed can be, what is promised is in order, what is named exists."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from playbook.checks.context import Context, Item, children, listed
from playbook.checks.intel import check_steps
from playbook.checks.market_sizes import in_order
from playbook.schema.measures import QUANTITIES, split


def check_kpis(context: Context) -> None:
    first: dict[str, str] = {}
    for item in _kpis(context):
        kpi, sheet = item.part, str(item.path[1])
        if first.setdefault(kpi.key, sheet) != sheet:
            reason = f"the key {kpi.key!r} is taken already in another sheet"
            context.add(item, "key", reason=reason, allowed="each key once in all sheets")
        _computed(context, item)
        _scale(context, item)
        in_order(context, item, "targets", kpi.targets)
        for target in children(item, "targets"):
            _target(context, item, target)
    seen: set[str] = set()
    for item in context.items("kpis", "tracking"):
        if item.part.frequency in seen:
            reason = f"{item.part.frequency} stands twice"
            context.add(item, "frequency", reason=reason, allowed="each frequency once")
        seen.add(item.part.frequency)


def _kpis(context: Context) -> Iterator[Item]:
    for sheet in context.items("kpis", "sheets"):
        yield from children(sheet, "kpis")


def _scale(context: Context, item: Item) -> None:
    kpi = item.part
    if kpi.unit == "grade" and (len(kpi.scale) < 2 or len(set(kpi.scale)) < len(kpi.scale)):
        context.add(item, "scale", reason="a graded KPI needs its steps", allowed="two or more, each once")
    elif kpi.unit != "grade" and kpi.scale:
        context.add(item, "scale", reason=f"belongs to a graded KPI, not to one in {kpi.unit}", allowed="no scale")


def _target(context: Context, item: Item, place: Item) -> None:
    kpi, target = item.part, place.part
    if kpi.unit == "grade":
        if target.grade not in kpi.scale or target.value is not None:
            reason = f"must be a step of the scale, not {target.grade or target.value!s}"
            context.add(place, "grade", reason=reason, allowed=", ".join(kpi.scale))
        return
    if target.value is None or target.grade is not None:
        context.add(place, "value", reason="is missing: this KPI is a number", allowed="a value and no grade")
        return
    if (kpi.better == "within") != (target.low is not None):
        reason = (
            "is missing: the KPI lies within bounds" if kpi.better == "within" else "belongs to a KPI within bounds"
        )
        context.add(place, "low", reason=reason, allowed="low and value with better: within")
    elif target.low is not None and target.low > target.value:
        context.add(place, "value", reason=f"{target.value} lies below low, which is {target.low}")
    _share(context, item, place, "value", target.value)


def check_risk_register(context: Context) -> None:
    risks = context.keys("risk_register", "risks")
    for item in context.items("risk_register", "risks"):
        bounds = item.part.range
        if bounds is not None and bounds.low > bounds.high:
            context.add(item, "range", "high", reason=f"{bounds.high} lies below low, which is {bounds.low}")
        if bounds is not None and bounds.unit == "percent" and not 0 <= bounds.low <= bounds.high <= 100:
            context.add(item, "range", reason="is no share of anything", allowed="0 to 100 %")
    for item in context.items("risk_register", "indicators"):
        context.must_be_in(item, ("risks",), item.part.risks, risks, "risk")
        _computed(context, item)
        _threshold(context, item)
    register = context.part("risk_register")
    if register is not None and register.part.response is not None:
        check_steps(context, Item(register.file, ("response",), register.part.response))


def _threshold(context: Context, item: Item) -> None:
    threshold = item.part.threshold
    if threshold is None:
        return
    if item.part.unit == "grade":
        context.add(item, "unit", reason="a threshold is a number, a grade is none", allowed="another unit")
    if not item.part.response.strip():
        context.add(item, "response", reason="is missing: what is done when the threshold is crossed")
    if threshold.origin == "ours" and not item.part.note.strip():
        context.add(item, "note", reason="is missing: a threshold of ours says why it is where it is")
    _share(context, item, Item(item.file, (*item.path, "threshold"), threshold), "number", threshold.number)


def check_qbr(context: Context) -> None:
    known = frozenset(str(item.part.key) for item in _kpis(context))
    readable = context.whole("kpis")
    for item in context.items("qbr", "parts"):
        if readable and not known and item.part.kpis:
            context.add(item, "kpis", reason="names KPIs; there are none", allowed="no kpis")
        elif readable:
            context.must_be_in(item, ("kpis",), item.part.kpis, known, "KPI")


def _computed(context: Context, item: Item) -> None:
    if item.part.computed is None:
        return
    name, key = split(item.part.computed)
    quantity = QUANTITIES.get(name)
    if quantity is None:
        reason = f"{name!r} is nothing that can be computed"
        context.add(item, "computed", reason=reason, allowed=listed(QUANTITIES))
        return
    if bool(key) != bool(quantity.of):
        reason = f"{name} asks for a key after a colon" if quantity.of else f"{name} takes no key after a colon"
        context.add(item, "computed", reason=reason, allowed=f"{name}:<key>" if quantity.of else name)
    elif key:
        field, _, inner = quantity.of.partition(".")
        known = context.keys(field, inner)
        if key not in known:
            reason = f"{item.part.computed!r} names {key!r}, which does not exist in {quantity.of}"
            context.add(item, "computed", reason=reason, allowed=listed(known) or "nothing")
    if item.part.unit != quantity.unit:
        reason = f"{name} is computed in {quantity.unit}, not in {item.part.unit}"
        context.add(item, "unit", reason=reason, allowed=quantity.unit)


def _share(context: Context, item: Item, place: Item, field: str, number: Decimal) -> None:
    name, _ = split(item.part.computed or "")
    if name in QUANTITIES and QUANTITIES[name].share and not 0 <= number <= 100:
        context.add(place, field, reason=f"{number} % can never be reached", allowed="0 to 100")
