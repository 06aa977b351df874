"""The product lines of a deal as its page shows them, and the products one may choose from."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from crm.models import Product
from crm.queries import playbook as playbooks
from deals.models import Deal, DealLine
from deals.rules import lines as rules
from deals.rules.lines import Line


@dataclass(frozen=True, slots=True)
class ShownLine:
    """`part` of the whole in percent, None where there is no amount to be a part of; `family` is the playbook's product line."""

    row: DealLine
    family: str
    part: Decimal | None


@dataclass(frozen=True, slots=True)
class ShownLines:
    """`said` is what is wrong with the sum: an import may have moved the amount under lines people wrote."""

    rows: tuple[ShownLine, ...]
    stated: bool
    total: Decimal
    said: str


def lines_of(deal: Deal) -> ShownLines:
    """Two queries: the playbook's number and the lines."""
    _, playbook = playbooks.current()
    families = {line.key: line.label for line in playbook.product_lines}
    rows = list(DealLine.objects.filter(deal=deal).select_related("product"))
    found = rules.balance(deal.amount, [Line(row.product.name, row.amount) for row in rows])
    shown = tuple(
        ShownLine(
            row,
            families.get(row.product.line, ""),
            row.amount / found.total * 100 if row.amount is not None and found.total else None,
        )
        for row in rows
    )
    return ShownLines(shown, found.stated, found.total, rules.in_words(found, deal.currency))


def products_for(deal: Deal) -> tuple[Product, ...]:
    """The playbook's products, in its order, and what is on the deal besides."""
    _, playbook = playbooks.current()
    order = {product.key: place for place, product in enumerate(playbook.products)}
    found = Product.objects.filter(Q(in_playbook=True) | Q(pk__in=DealLine.objects.filter(deal=deal).values("product")))
    return tuple(sorted(found, key=lambda product: (order.get(product.key, len(order)), product.name)))
