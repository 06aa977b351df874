"""A quote as it is built: what was typed, as what the price rules read, and the rules' refusals back at their fields.

Nothing typed is judged here but the day: a value that can't be read stays as it was typed, is kept with the draft, and is
refused by the rules at its field.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from deals.forms.base import DateField
from quotes.forms import choices
from quotes.forms.lines import (
    ITEM,
    LICENCE,
    TABLES,
    Row,
    is_filled,
    item_input,
    licence_input,
    rows_of,
    text,
)
from quotes.forms.places import Places, Wrong
from quotes.forms.rowed import RowedForm
from quotes.rules.book import PriceRules

GOT = "strategic-got"
HEAD = ("title", "note", "valid_until")
Laid = tuple[forms.BoundField, list[Wrong], str]


def _line(label: str, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, strip=False, **kwargs)


def _number(label: str, **kwargs: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return _line(label, widget=widget, **kwargs)


class BuilderForm(RowedForm):
    """`rules` say what may be chosen. Rows are mappings (quotes.forms.lines), everything else is a field; names of fields are
    the paths of the price rules with hyphens."""

    title = _line("Name of the quote", widget=forms.TextInput(attrs={"maxlength": 200, "autocomplete": "off"}))
    valid_until = DateField(label="Valid until", required=False)
    note = _line("Note to the customer", max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
    prepaid = forms.BooleanField(label="Paid in advance for the whole term", required=False)
    deal_registered = forms.BooleanField(label="The partner registered this deal", required=False)
    legal_review = _line(
        "Legal review",
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": " "}),
        help_text="Who did it, and what it says.",
    )

    def __init__(self, *args: Any, rules: PriceRules, **kwargs: Any) -> None:
        super().__init__(*args, rules=rules, **kwargs)
        self.refused: dict[str, list[Wrong]] = {}
        self._add_fields()
        for name, field in self.fields.items():
            if name == GOT:
                for one in self._got():
                    field.choices = choices.standing_first(field.choices, one)  # type: ignore[attr-defined]
            elif isinstance(field, choices.Choice):
                field.choices = choices.standing_first(field.choices, text(self.value(name)))  # type: ignore[arg-type]

    def _add_fields(self) -> None:
        rules = self.rules
        add = self.fields
        add["term_years"] = choices.Choice(label="Term", choices=choices.terms(rules))
        add["locked_year"] = choices.Choice(label="Whose year's price", choices=choices.locks(rules))
        add["strategic-reason"] = choices.Choice(label="Strategic discount", choices=choices.reasons(rules))
        add["strategic-percent"] = _number("Percent")
        add[GOT] = forms.MultipleChoiceField(
            label="What was got for it",
            required=False,
            choices=[(one.key, one.label) for one in rules.discounts.trades],
            widget=forms.CheckboxSelectMultiple,
        )
        add["strategic-note"] = _line(
            "What exactly",
            widget=forms.Textarea(attrs={"rows": 2, "placeholder": " "}),
            help_text="Kept with the deal.",
        )
        add["partner_tier"] = choices.Choice(label="Partner's tier", choices=choices.tiers(rules))
        add["partner-model"] = choices.Choice(label="Way to sell with us", choices=choices.partner_models(rules))
        add["partner-percent"] = _number("Percent agreed with them")
        add["programme"] = choices.Choice(label="Programme", choices=choices.programmes(rules))
        for kind in rules.terms.kinds:
            marks = choices.with_legal_review(kind)
            add[kind.key] = choices.Choice(label=kind.label, choices=choices.options(kind, rules), marks=marks)

    # --- Rows, as the page lays them out ---------------------------------------------------------------------------------

    def shown_licences(self) -> list[dict[str, Any]]:
        """The rows as the page lays them out; where there is none, an empty one."""
        return [self._shown(LICENCE, number, row) for number, row in enumerate(self.rows(LICENCE) or [{}])]

    def shown_items(self) -> list[dict[str, Any]]:
        return [self._shown(ITEM, number, row) for number, row in enumerate(self.rows(ITEM))]

    def _shown(self, table: str, number: int, row: Row) -> dict[str, Any]:
        """`model`: what is chosen, None for nothing; `stale`: the playbook no longer has it. `years`: (label, name, value) of each
        year of a ramp. `refused`: the refusals of each cell, by column."""
        at = f"{table}-{number}-"
        refused = {name.removeprefix(at): found for name, found in self.refused.items() if name.startswith(at)}
        years = [
            (f"Year {year}", f"{at}year_{year}", row.get(f"year_{year}", ""))
            for year in range(1, self.term + 1)
            if row.get("ramp")
        ]
        chosen = row.get("price_model" if table == LICENCE else "what", "")
        model = self.offered[table].get(chosen)
        return {
            "n": number,
            "at": at,
            "row": row,
            "model": model,
            "stale": bool(chosen) and model is None,
            "years": years,
            "refused": refused,
        }

    # --- How the page lays the fields out: (field, its refusals, class) -------------------------------------------------

    @property
    def given(self) -> list[Laid]:
        names = ("strategic-reason", "strategic-percent", GOT, "strategic-note")
        css = {GOT: "full for-reason", "strategic-note": "full for-reason"}
        return [self._laid(name, css.get(name, "")) for name in names]

    @property
    def partnered(self) -> list[Laid]:
        names = ("partner_tier", "deal_registered", "partner-model", "partner-percent", "programme")
        return [self._laid(name) for name in names]

    @property
    def contract(self) -> list[Laid]:
        """In the playbook's order."""
        return [*(self._laid(kind.key) for kind in self.rules.terms.kinds), self._laid("legal_review", "full legal")]

    @property
    def refused_elsewhere(self) -> list[Wrong]:
        return self.refused.get("", [])

    def _laid(self, name: str, css: str = "") -> Laid:
        return self[name], self.refused.get(name, []), css

    # --- To and from what the price rules read --------------------------------------------------------------------------

    @property
    def places(self) -> Places:
        """Which row of the form each line of `inputs` is."""
        filled = {table: [n for n, row in enumerate(self.rows(table)) if is_filled(table, row)] for table in TABLES}
        ramps = frozenset(n for n, row in enumerate(self.rows(LICENCE)) if row.get("ramp"))
        return Places(tuple(filled[LICENCE]), tuple(filled[ITEM]), ramps)

    @property
    def inputs(self) -> dict[str, Any]:
        """What `quotes.rules.reading.read` takes: everything as it was typed."""
        rules = self.rules
        kinds: dict[str, str] = {item.key: item.kind for item in rules.pricing.catalogue}
        lines = [licence_input(row, self.term) for row in self.rows(LICENCE) if is_filled(LICENCE, row)]
        lines += [item_input(row, kinds) for row in self.rows(ITEM) if is_filled(ITEM, row)]
        return {
            "lines": lines,
            **{name: text(self.value(name)) for name in ("term_years", "partner_tier", "programme", "locked_year")},
            **{name: self._ticked(name) for name in ("prepaid", "deal_registered")},
            "strategic": self._part("strategic", ("reason", "percent", "note"), got=self._got()),
            "partner": self._part("partner", ("model", "percent")),
            "legal_review": text(self.value("legal_review")),
            **{key: text(self.value(key)) or standard for key, standard in rules.standard.items()},
        }

    def _ticked(self, name: str) -> bool:
        return name in self.data if self.is_bound else bool(self.initial.get(name))

    def _got(self) -> list[str]:
        return (
            [one.replace("\x00", "") for one in self.data.getlist(GOT)]
            if self.is_bound
            else list(self.initial.get(GOT, []))
        )

    def _part(self, part: str, names: Iterable[str], **more: Any) -> dict[str, Any] | None:
        found = {name: text(self.value(f"{part}-{name}")) for name in names} | more
        return found if any(found.values()) else None

    @classmethod
    def values_of(cls, inputs: Mapping[str, Any], rules: PriceRules, **head: Any) -> dict[str, Any]:
        """What the form shows of `inputs`, by field; `head`: title, note, valid_until."""
        given = inputs.get("strategic")
        taken = given[0] if isinstance(given, list) and given else given
        strategic = taken if isinstance(taken, Mapping) else {}
        partner = inputs.get("partner") if isinstance(inputs.get("partner"), Mapping) else {}
        assert partner is not None
        got = strategic.get("got")
        return {
            **head,
            **{f"{table}-rows": rows_of(inputs, table) for table in TABLES},
            **{name: text(inputs.get(name)) for name in ("term_years", "partner_tier", "programme", "locked_year")},
            **{name: inputs.get(name) is True for name in ("prepaid", "deal_registered")},
            **{f"strategic-{name}": text(strategic.get(name)) for name in ("reason", "percent", "note")},
            GOT: [one for one in map(text, got if isinstance(got, list) else [got]) if one],
            **{f"partner-{name}": text(partner.get(name)) for name in ("model", "percent")},
            "legal_review": text(inputs.get("legal_review")),
            **{kind: text(inputs.get(kind)) or standard for kind, standard in rules.standard.items()},
        }

    def head(self) -> dict[str, Any]:
        """What a quote says besides its price, of a valid form."""
        return {name: self.cleaned_data.get(name) for name in HEAD}

    def show(self, wrongs: Iterable[Wrong]) -> None:
        """The rules' refusals at their fields; those of no field go under ""."""
        for wrong in wrongs:
            known = wrong.name in self.fields or wrong.name.partition("-")[0] in TABLES or wrong.name == "lines"
            self.refused.setdefault(wrong.name if known else "", []).append(wrong)
        for name in self.refused.keys() & self.fields.keys():
            self.fields[name].widget.attrs |= {"aria-invalid": "true", "aria-describedby": f"{name}-refused"}
