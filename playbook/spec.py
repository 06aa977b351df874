"""Which files a playbook is made of, and where each one's content belongs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playbook.schema import Playbook
from playbook.schema.base import Part
from playbook.schema.market import Product, ProductLine, Region, SizeClass, Vertical

DATA = Path(__file__).parent / "data"
"""The playbook that ships with the product."""

CARD_FOLDER = "battlecards"
CARD_FILES = ("objections.yaml", "messaging.yaml")
"""What seeds the cards (`playbook.cards`): it lies beside the playbook and is no part of a version."""

BANKS = ("bant", "meddpicc", "segment", "general")


class MarketFile(Part):
    verticals: tuple[Vertical, ...]
    regions: tuple[Region, ...]
    size_classes: tuple[SizeClass, ...]


class ProductsFile(Part):
    product_lines: tuple[ProductLine, ...]
    products: tuple[Product, ...]


@dataclass(frozen=True)
class FileSpec:
    """One file. `fields` are the fields of Playbook it fills: its own top-level keys when there are several, else its whole
    content. Files that name the same field are joined in order. `type` is what the whole file must be. An `optional` one may be
    left out: folders written before there was such a file have none, which is `blank`."""

    name: str
    fields: tuple[str, ...]
    type: Any
    optional: bool = False
    blank: Any = None


def _whole(field: str, name: str = "") -> FileSpec:
    shape = Playbook.model_fields[field]
    blank: list[Any] | None = [] if shape.default == () else None
    return FileSpec(name or f"{field}.yaml", (field,), shape.annotation, optional=not shape.is_required(), blank=blank)


FILES: tuple[FileSpec, ...] = (
    _whole("identity"),
    _whole("facts"),
    _whole("stages"),
    _whole("outcome_reasons"),
    _whole("bant"),
    _whole("meddpicc"),
    *(_whole("questions", f"questions/{bank}.yaml") for bank in BANKS),
    _whole("segments"),
    _whole("personas"),
    FileSpec("market.yaml", ("verticals", "regions", "size_classes"), MarketFile),
    FileSpec("products.yaml", ("product_lines", "products"), ProductsFile),
    _whole("competitors"),
    _whole("targets"),
    _whole("risks"),
    _whole("pricing", "price_books.yaml"),
    _whole("discounts"),
    _whole("terms"),
    _whole("approvals"),
    _whole("cards"),
    _whole("agenda"),
    _whole("demo", "demos.yaml"),
    _whole("poc", "pocs.yaml"),
    _whole("note_rules"),
    _whole("intel"),
    _whole("market_sizes"),
    _whole("kpis"),
    _whole("risk_register"),
    _whole("win_rates"),
    _whole("qbr"),
)

BY_NAME = {spec.name: spec for spec in FILES}


def files_of(field: str) -> tuple[FileSpec, ...]:
    """The files that fill a field of Playbook."""
    return tuple(spec for spec in FILES if field in spec.fields)


def is_card(name: str) -> bool:
    """Whether a file of a playbook's folder is a card."""
    return name in CARD_FILES or (name.startswith(f"{CARD_FOLDER}/") and name.endswith(".yaml"))
