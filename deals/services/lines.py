"""The product lines of a deal, written along with its head: both belong to one version of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from crm.lib.errors import Invalid
from crm.models import Product
from crm.rules.formatting import money_exact
from deals.models import Deal, DealLine
from deals.rules import lines as rules
from deals.rules.lines import Line


@dataclass(frozen=True, slots=True)
class Planned:
    """Lines as they are to be, in order; `old` is what stood there."""

    rows: tuple[tuple[Product, Decimal | None], ...]
    old: tuple[DealLine, ...]

    @property
    def changes(self) -> dict[str, tuple[Any, Any]]:
        """For the audit; empty where nothing changes."""
        before = [_told(line.product, line.amount) for line in self.old]
        after = [_told(product, amount) for product, amount in self.rows]
        return {} if before == after else {"lines": (before, after)}


def plan(deal: Deal | None, values: Mapping[str, Any]) -> Planned:
    """The lines of `deal` (None: one about to be opened) once `values` are written: `values["lines"]` where they are
    given, as [{"product": key, "amount": Decimal or None}], else those there are.

    Raises Invalid under "lines" and "lines.<n>.product" or ".amount" for lines that can't be, under "amount" where the
    amount alone changes and they would no longer add up to it.
    """
    old = tuple(deal.lines.select_related("product")) if deal is not None else ()
    amount = values.get("amount", deal.amount if deal else None)
    currency = str(values.get("currency") or (deal.currency if deal else "USD"))
    if "lines" in values:
        rows = _read(values["lines"], {line.product.key for line in old})
        _refuse_difference(amount, rows, currency)
        return Planned(rows, old)
    if deal is None or amount == deal.amount:
        return Planned(tuple((line.product, line.amount) for line in old), old)
    kept = rules.followed(deal.amount, amount, [Line(line.product.name, line.amount) for line in old])
    if kept is None:
        total = sum((line.amount or rules.ZERO for line in old), rules.ZERO)
        raise Invalid(
            {
                "amount": f"The {len(old)} product lines add up to {money_exact(total, currency)}. Change them instead: "
                "the deal's amount can follow their sum, or one line takes the rest."
            }
        )
    return Planned(tuple((line.product, now.amount) for line, now in zip(old, kept, strict=True)), old)


def write(deal: Deal, planned: Planned) -> dict[str, tuple[Any, Any]]:
    """Saves what was planned, for services that hold the deal's lock and raise its version. A product that stays keeps its
    row. Returns what changed, for their audit."""
    changes = planned.changes
    if not changes:
        return {}
    there = {line.product_id: line for line in planned.old}
    kept = {product.pk for product, _ in planned.rows}
    DealLine.objects.filter(deal=deal).exclude(product__in=kept).delete()
    for place, (product, amount) in enumerate(planned.rows):
        line = there.get(product.pk) or DealLine(deal=deal, product=product)
        line.amount, line.position = amount, place
        line.save()
    return changes


def _read(given: Sequence[Mapping[str, Any]], there: set[str]) -> tuple[tuple[Product, Decimal | None], ...]:
    if len(given) > rules.MOST_LINES:
        raise Invalid({"lines": f"A deal has {rules.MOST_LINES} product lines at most."})
    known = {
        product.key: product for product in Product.objects.filter(key__in=[str(line["product"]) for line in given])
    }
    errors: dict[str, str] = {}
    seen: set[str] = set()
    for place, line in enumerate(given):
        key, amount = str(line["product"]), line.get("amount")
        product = known.get(key)
        if product is None or not (product.in_playbook or key in there):
            errors[f"lines.{place}.product"] = "Choose one of the playbook's products."
        elif key in seen:
            errors[f"lines.{place}.product"] = f"{product.name} is on the deal already. Put both amounts on one line."
        if amount is not None and not (0 <= amount < Decimal(10) ** 13):
            errors[f"lines.{place}.amount"] = "An amount is a yearly figure of zero or more."
        seen.add(key)
    if errors:
        raise Invalid(errors)
    return tuple((known[str(line["product"])], line.get("amount")) for line in given)


def _refuse_difference(amount: Decimal | None, rows: Sequence[tuple[Product, Decimal | None]], currency: str) -> None:
    found = rules.balance(amount, [Line(product.name, part) for product, part in rows])
    if said := rules.in_words(found, currency):
        raise Invalid({"lines": said})


def _told(product: Product, amount: Decimal | None) -> dict[str, str | None]:
    return {
        "product": product.key,
        "name": product.name,
        "amount": None if amount is None else f"{amount:.2f}",
    }
