"""Products out of files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from crm.importing.records import Record
from crm.importing.writers import Figure, Writer
from crm.models import Product
from crm.registry import FieldType, ImportField, ImportKind
from crm.rules.import_values import slug


class ProductWriter(Writer):
    model = Product

    def alike(self, records: Sequence[Record]) -> dict[str, list[Product]]:
        names = {str(record.values["name"]): record.source_id for record in records}
        found: dict[str, list[Product]] = {}
        for row in Product.objects.filter(name__in=list(names)).exclude(key__startswith=f"{self.context.source}."):
            found.setdefault(names[row.name], []).append(row)
        return found

    def create(self, items: Sequence[tuple[Record, dict[str, Any]]]) -> list[Product]:
        # A key no playbook can have: those have no dot. A number tells two apart that differ in punctuation only.
        prefix = f"{self.context.source}."
        taken = set(Product.objects.filter(key__startswith=prefix).values_list("key", flat=True))
        products = []
        for record, values in items:
            key, number = wanted = prefix + (slug(record.source_id) or "product"), 1
            while key in taken:
                number += 1
                key = f"{wanted[0]}_{number}"
            taken.add(key)
            products.append(Product(key=key, **values))
        return Product.objects.bulk_create(products)

    def planned_figures(self, records: Iterable[Record], currency: str) -> list[Figure]:
        return [Figure("products", "Products", Decimal(len(list(records))))]

    def stored_figures(self) -> list[Figure]:
        rows = Product.objects.filter(key__startswith=f"{self.context.source}.")
        return [Figure("products", "Products", Decimal(rows.count()))]


PRODUCT = ImportKind(
    key="product",
    label="Product",
    plural="products",
    writer=ProductWriter,
    id_aliases=("product id", "product code", "sku", "product", "product name", "id"),
    fields=(
        ImportField(name="name", label="Name", required=True, longest=120, aliases=("product", "product name", "name")),
        ImportField(name="line", label="Product line", longest=60, aliases=("series", "product family", "product line", "family")),
        ImportField(
            name="list_price", label="List price", type=FieldType.MONEY, aliases=("sales price", "list price", "price", "unit price")
        ),
    ),
)  # fmt: skip
