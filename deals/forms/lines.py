"""The product lines of a deal as they are filled in: rows of a product and an amount.

Rows are added, taken off and moved by buttons that send the form and bring it back, so that all of it works by keyboard
and without scripts; nothing is saved until somebody saves.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import QueryDict

from crm.models import Product
from deals.forms.base import MoneyField
from deals.models import Deal, DealLine
from deals.rules import lines as rules
from deals.rules.lines import MOST_LINES, Balance, Line

SPARE_ROWS = 1
MOVES = {"up": -1, "down": 1}


@dataclass(frozen=True, slots=True)
class Typed:
    """A row as it was typed."""

    product: str = ""
    amount: str = ""


class LinesForm(forms.Form):
    """`deal` gives what the lines are held against; `asked` is the button that was pressed."""

    data: QueryDict  # what a browser posts

    version = forms.IntegerField(widget=forms.HiddenInput)
    started_from = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        deal: Deal,
        products: Sequence[Product],
        rows: Sequence[Typed],
        focus: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.deal, self.products, self.typed, self.focus = deal, products, list(rows)[:MOST_LINES], focus
        self.names = {product.key: product.name for product in products}
        choices = [("", "Choose"), *((one.key, _named(one)) for one in products)]
        for place, row in enumerate(self.typed):
            self.fields[f"product-{place}"] = forms.ChoiceField(
                label=f"Product, line {place + 1}", choices=choices, required=False, initial=row.product
            )
            self.fields[f"amount-{place}"] = MoneyField(
                label=f"Amount, line {place + 1}", required=False, initial=row.amount
            )
            for name in (f"product-{place}", f"amount-{place}"):
                said = {"aria-label": self.fields[name].label} | ({"autofocus": True} if name == focus else {})
                self.fields[name].widget.attrs.update(said)

    @classmethod
    def opened(cls, deal: Deal, products: Sequence[Product]) -> Self:
        """The deal's lines, and an empty one below."""
        rows = [Typed(line.product.key, _spelled(line.amount)) for line in deal.lines.all()]
        start = {"version": deal.version, "started_from": standing(deal)}
        return cls(deal=deal, products=products, rows=[*rows, *[Typed()] * SPARE_ROWS], initial=start)

    @classmethod
    def posted(cls, data: QueryDict, deal: Deal, products: Sequence[Product]) -> Self:
        return cls(data, deal=deal, products=products, rows=_rows(data))

    def moved(self, asked: str) -> Self | None:
        """The form as typed with one row more, one less, or in another order; None for a button that saves."""
        what, _, number = asked.partition("-")
        rows, place = self.typed, int(number) if number.isdecimal() and len(number) < 4 else -1
        if what == "more":
            rows, focus = [*rows, Typed()], f"product-{len(rows)}"
        elif what == "off" and 0 <= place < len(rows):
            rows = rows[:place] + rows[place + 1 :] or [Typed()]
            focus = f"product-{min(place, len(rows) - 1)}"
        elif what in MOVES and 0 <= place < len(rows) and 0 <= (to := place + MOVES[what]) < len(rows):
            rows = list(rows)
            rows[place], rows[to] = rows[to], rows[place]
            # On the same button of the row that moved, so that pressing it again moves it on; at an end, on the other.
            ended = to in {0, len(rows) - 1}
            focus = f"{({'up': 'down', 'down': 'up'} if ended else {'up': 'up', 'down': 'down'})[what]}-{to}"
        else:
            return None
        start = {name: self.data.get(name, "") for name in ("version", "started_from")}
        return type(self)(deal=self.deal, products=self.products, rows=rows, focus=focus, initial=start)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        for place in range(len(self.typed)):
            if values.get(f"amount-{place}") is not None and not values.get(f"product-{place}"):
                self.add_error(f"product-{place}", "Choose the product this amount is for.")
        return values

    @property
    def filled(self) -> list[int]:
        """The rows with a product, by number; the others are empty."""
        return [place for place in range(len(self.typed)) if self.cleaned_data.get(f"product-{place}")]

    def values(self, asked: str) -> dict[str, Any]:
        """What the service takes. "sum" makes the lines' sum the deal's amount, "rest-<n>" puts what is missing on that
        row."""
        parts = {place: self.cleaned_data[f"amount-{place}"] for place in self.filled}
        what, _, number = asked.partition("-")
        if what == "rest":
            for rest in self.rests:
                if str(rest.place) == number:
                    parts[rest.place] = rest.amount
        lines = [{"product": self.cleaned_data[f"product-{place}"], "amount": part} for place, part in parts.items()]
        return {"lines": lines} | ({"amount": self.balance.total} if what == "sum" else {})

    def cell(self, error_key: str) -> str:
        """The form's field for what the service complains about: "lines.1.amount" is that of the second filled row."""
        found = re.fullmatch(r"lines\.(\d+)\.(product|amount)", error_key)
        return f"{found[2]}-{self.filled[int(found[1])]}" if found else error_key

    @property
    def balance(self) -> Balance:
        return rules.balance(self.deal.amount, self._lines())

    @property
    def rests(self) -> list[rules.Rest]:
        """What could take the whole difference, by the row's number."""
        return [
            rules.Rest(self.filled[rest.place], rest.product, rest.amount)
            for rest in rules.rests(self.balance, self._lines())
        ]

    @property
    def may_take_sum(self) -> bool:
        return rules.may_take_sum(self.balance)

    @property
    def offers(self) -> bool:
        """Whether there are ways out of a difference to choose from."""
        return self.is_bound and set(self.errors) <= {NON_FIELD_ERRORS} and (self.may_take_sum or bool(self.rests))

    def rows(self) -> list[dict[str, Any]]:
        """The rows as the page lays them out."""
        last = len(self.typed) - 1
        return [
            {
                "n": n,
                "product": self[f"product-{n}"],
                "amount": self[f"amount-{n}"],
                "moves": [
                    {"way": way, "end": n == end, "focus": self.focus == f"{way}-{n}"}
                    for way, end in (("up", 0), ("down", last))
                ],
            }
            for n in range(len(self.typed))
        ]

    def _lines(self) -> list[Line]:
        return [
            Line(self.names[self.cleaned_data[f"product-{place}"]], self.cleaned_data.get(f"amount-{place}"))
            for place in self.filled
        ]


def standing(deal: Deal) -> str:
    """What the form is about, spelled so that two moments can be compared."""
    rows = [[line.product.name, _spelled(line.amount)] for line in deal.lines.all()]
    return json.dumps({"amount": _spelled(deal.amount), "lines": rows})


def in_words(text: str) -> str:
    """What `standing` wrote, for people; "" for what can't be read."""
    try:
        found: Mapping[str, Any] = json.loads(text)
        parts = [f"{name} {amount}".strip() for name, amount in found["lines"]]
        return "; ".join([*(parts or ["no lines"]), f"the deal {found['amount'] or 'without an amount'}"])
    except (ValueError, TypeError, KeyError):
        return ""


def lines_now(deal: object) -> Deal:
    """The deal an EditConflict brought, with its lines as they are now."""
    assert isinstance(deal, Deal)
    rows = DealLine.objects.filter(deal=deal).select_related("product")
    deal._prefetched_objects_cache = {"lines": rows}  # type: ignore[attr-defined] # as prefetch_related leaves it
    return deal


def _named(product: Product) -> str:
    return product.name if product.in_playbook else f"{product.name} (not in the playbook)"


def _spelled(amount: Decimal | None) -> str:
    return "" if amount is None else str(MoneyField().prepare_value(amount))


def _rows(data: QueryDict) -> list[Typed]:
    """The posted rows in the order of their numbers, whatever is missing between."""
    numbers = {int(found[1]) for name in data if (found := re.fullmatch(r"(?:product|amount)-(\d{1,3})", name))}
    return [Typed(data.get(f"product-{n}", ""), data.get(f"amount-{n}", "")) for n in sorted(numbers)]
