"""A MEDDPICC element's form, made from the playbook's typed fields. Cells of a table are fields named
"<table>-<row>-<column>"; an emptied row is a removed one, so that adding and removing work without scripts."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.safestring import SafeString

from crm.lib.rebasing import ROWS, Posted, RebasingForm
from deals.models import EvidenceKind, MeddpiccElement, Strength
from deals.queries.evidence import Offered
from playbook.schema.qualification import Column, Element, ElementField

YES_NO = (("true", "Yes"), ("false", "No"))
SPARE_ROWS = 2
"""Empty rows under a table that has some already; three where it is empty."""
MOST_ROWS = 40


class ElementForm(RebasingForm):
    """`element` says which fields; values are checked by the services, which name a cell "<table>.<row>.<column>"."""

    strength = forms.ChoiceField(label="How sure are we?", choices=Strength.choices, widget=forms.RadioSelect)
    evidence_kind = forms.ChoiceField(label="Shown by", required=False)
    evidence = forms.CharField(
        label="Which one, and what does it say?", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    evidence_contact = forms.ChoiceField(label="Who confirmed it", required=False)

    def __init__(
        self,
        *args: Any,
        element: Element,
        contacts: list[tuple[int, str]],
        items: Sequence[Offered] = (),
        more: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sources = [offered.key for offered in items]
        for offered in items:
            self.fields[f"evidence_{offered.key}"] = forms.MultipleChoiceField(
                label=offered.label,
                required=False,
                choices=[(str(item.id), item.label) for item in offered.items],
                widget=forms.CheckboxSelectMultiple,
                initial=[str(pk) for pk in offered.chosen],
                error_messages={"invalid_choice": "One of these is no longer here. Choose among those that are."},
            )
        self.element = element
        self.rows: dict[str, list[int]] = {}
        self.people: list[tuple[str, str]] = [("", "Nobody named"), *((str(pk), name) for pk, name in contacts)]
        kinds: Any = self.fields["evidence_kind"]
        kinds.choices = [("", "Nothing yet"), *EvidenceKind.choices]
        contact: Any = self.fields["evidence_contact"]
        contact.choices = self.people
        for field in element.fields:
            self._add(field, more)

    def _add(self, field: ElementField, more: str) -> None:
        if field.kind == "table":
            shown = self._row_count(field) + (SPARE_ROWS + 1 if more == field.key else 0)
            self.rows[field.key] = list(range(min(shown, MOST_ROWS)))
            for row in self.rows[field.key]:
                for column in field.columns:
                    self.fields[f"{field.key}-{row}-{column.key}"] = control(column, row)
        elif field.kind == "checks":
            for choice in field.choices:
                self.fields[f"{field.key}-{choice.key}"] = forms.ChoiceField(
                    label=choice.label,
                    help_text=choice.note,
                    required=False,
                    choices=[*YES_NO, ("", "Not known")],
                    widget=forms.RadioSelect,
                )
        elif field.kind == "contact":
            self.fields["contact"] = forms.ChoiceField(label=field.label, required=False, choices=self.people)
        else:
            self.fields[field.key] = control(field)

    def _row_count(self, field: ElementField) -> int:
        if self.is_bound:
            cells = re.compile(rf"{re.escape(field.key)}-(\d{{1,3}})-")
            return max((int(found[1]) + 1 for name in self.data if (found := cells.match(name))), default=0)
        filled = len(self.initial.get(f"{field.key}-rows", ()))
        return filled + (SPARE_ROWS if filled else SPARE_ROWS + 1)

    # --- What two people's versions are compared by: a table is one value ---------------------------------------------

    def units(self) -> list[str]:
        tables = {field.key for field in self.element.fields if field.kind == "table"}
        cells = {
            f"{key}-{row}-{column.key}" for key in tables for row in self.rows[key] for column in self._columns(key)
        }
        return [*(name for name in super().units() if name not in cells), *(ROWS + key for key in sorted(tables))]

    def unit_label(self, unit: str) -> str:
        return self._table(unit).label if unit.startswith(ROWS) else super().unit_label(unit)

    def as_typed(self, values: Mapping[str, Any]) -> dict[str, str]:
        typed = super().as_typed(values)
        for unit in (unit for unit in self.units() if unit.startswith(ROWS)):
            columns = self._table(unit).columns
            rows = values.get(f"{unit.removeprefix(ROWS)}-rows", ())
            typed[unit] = _spelled([{c.key: typed_value(c.kind, row.get(c.key)) for c in columns} for row in rows])
        return typed

    def posted(self, name: str) -> str:
        if not name.startswith(ROWS):
            return super().posted(name)
        key = name.removeprefix(ROWS)
        cells = [
            {column.key: self.data.get(f"{key}-{row}-{column.key}", "") for column in self._columns(key)}
            for row in self.rows[key]
        ]
        return _spelled(cells)

    def as_posted(self, name: str, text: str) -> Posted:
        if not name.startswith(ROWS):
            return super().as_posted(name, text)
        key = name.removeprefix(ROWS)
        rows = json.loads(text or "[]")
        return {f"{key}-{n}-{column}": [value] for n, row in enumerate(rows) for column, value in row.items()}

    def in_words(self, name: str, text: str) -> str:
        if not name.startswith(ROWS):
            return super().in_words(name, text)
        rows = [" · ".join(value for value in row.values() if value) for row in json.loads(text or "[]")]
        return "; ".join(rows) or "—"

    def _table(self, unit: str) -> ElementField:
        return next(field for field in self.element.fields if field.key == unit.removeprefix(ROWS))

    def _columns(self, key: str) -> Sequence[Column]:
        return self._table(key).columns

    @property
    def field_values(self) -> dict[str, Any]:
        """What the service takes: {field: value}, tables as rows in the order shown, emptied ones too."""
        values: dict[str, Any] = {}
        for field in self.element.fields:
            if field.kind == "table":
                values[field.key] = [
                    {column.key: self.cleaned_data[f"{field.key}-{row}-{column.key}"] for column in field.columns}
                    for row in self.rows[field.key]
                ]
            elif field.kind == "checks":
                values[field.key] = {
                    choice.key: self.cleaned_data[f"{field.key}-{choice.key}"] or None for choice in field.choices
                }
            elif field.kind != "contact":
                values[field.key] = self.cleaned_data[field.key]
        return values

    @property
    def values(self) -> dict[str, Any]:
        """The service's arguments."""
        chosen = {
            f"{name}_id": int(self.cleaned_data[name]) if self.cleaned_data[name] else None
            for name in ("contact", "evidence_contact")
            if name in self.cleaned_data
        }
        return {
            "strength": self.cleaned_data["strength"],
            "evidence_kind": self.cleaned_data["evidence_kind"],
            "evidence": self.cleaned_data["evidence"],
            "fields": self.field_values,
            "evidence_items": {key: [int(pk) for pk in self.cleaned_data[f"evidence_{key}"]] for key in self.sources},
            **chosen,
        }

    def evidence_fields(self) -> list[forms.BoundField]:
        return [self[f"evidence_{key}"] for key in self.sources]

    def sections(self) -> list[dict[str, Any]]:
        """The fields as the page lays them out, each with its kind."""
        return [self._section(field) for field in self.element.fields]

    def _section(self, field: ElementField) -> dict[str, Any]:
        section: dict[str, Any] = {"spec": field, "kind": field.kind}
        if field.kind == "table":
            section["rows"] = [
                [self[f"{field.key}-{row}-{column.key}"] for column in field.columns] for row in self.rows[field.key]
            ]
            section["blank"] = [_template_cell(field, column) for column in field.columns]
            section["next"] = len(self.rows[field.key])
        elif field.kind == "checks":
            section["checks"] = [self[f"{field.key}-{choice.key}"] for choice in field.choices]
        else:
            section["bound"] = self["contact" if field.kind == "contact" else field.key]
        return section


def _spelled(rows: Sequence[Mapping[str, str]]) -> str:
    """A table's rows in one spelling; empty ones are none."""
    filled = [dict(row) for row in rows if any(row.values())]
    return json.dumps(filled) if filled else ""


def control(spec: ElementField | Column, row: int | None = None) -> forms.Field:
    """The control of one value. In a table the column's head is the label, said again for those who hear the page."""
    label = spec.label if row is None else f"{spec.label}, row {row + 1}"
    common: dict[str, Any] = {"label": label, "required": False}
    if isinstance(spec, ElementField):
        common["help_text"] = spec.help
    said = {"aria-label": label} if row is not None else {}
    match spec.kind:
        case "choice":
            choices = [("", "Not known"), *((choice.key, choice.label) for choice in spec.choices)]
            return forms.ChoiceField(choices=choices, widget=forms.Select(attrs=said), **common)
        case "score":
            choices = [("", "–"), *((str(score), str(score)) for score in range(1, 6))]
            return forms.ChoiceField(choices=choices, widget=forms.Select(attrs=said), **common)
        case "boolean":
            return forms.ChoiceField(choices=[("", "Not known"), *YES_NO], widget=forms.Select(attrs=said), **common)
        case "long_text":
            return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), **common)
        case "date":
            return forms.CharField(widget=forms.TextInput(attrs={"type": "date", **said}), **common)
        case "money" | "decimal" | "percent" | "integer":
            mode = "numeric" if spec.kind == "integer" else "decimal"
            attrs = {"inputmode": mode, "autocomplete": "off", **said}
            return forms.CharField(widget=forms.TextInput(attrs=attrs), **common)
        case _:
            return forms.CharField(max_length=500, widget=forms.TextInput(attrs=said), **common)


def _template_cell(field: ElementField, column: Column) -> SafeString:
    """A cell of the row that scripts copy: its number is still to be filled in."""
    attrs = {"id": f"id_{field.key}-__n__-{column.key}", "aria-label": column.label}
    cell: SafeString = control(column, 0).widget.render(f"{field.key}-__n__-{column.key}", "", attrs)
    return cell


def element_start(element: Element, row: MeddpiccElement | None) -> dict[str, Any]:
    """What stands in the form before somebody types: what is recorded, else the playbook's default rows."""
    stored: Mapping[str, Any] = row.fields if row else {}
    start: dict[str, Any] = {
        "strength": row.strength if row else Strength.UNKNOWN,
        "evidence_kind": row.evidence_kind if row else "",
        "evidence": row.evidence if row else "",
        "evidence_contact": str(row.evidence_contact_id or "") if row else "",
        "contact": str(row.contact_id or "") if row else "",
        "version": row.version if row else 0,
    }
    for field in element.fields:
        value = stored.get(field.key)
        if field.kind == "table":
            rows = value if isinstance(value, list) else [] if row else [dict(default) for default in field.default]
            start[f"{field.key}-rows"] = rows
            for number, cells in enumerate(rows):
                for column in field.columns:
                    start[f"{field.key}-{number}-{column.key}"] = typed_value(column.kind, cells.get(column.key))
        elif field.kind == "checks":
            for choice in field.choices:
                start[f"{field.key}-{choice.key}"] = typed_value("boolean", (value or {}).get(choice.key))
        elif field.kind != "contact":
            start[field.key] = typed_value(field.kind, value)
    return start


def typed_value(kind: str, value: Any) -> str:
    """A stored value as its control shows it."""
    if value is None:
        return ""
    if kind == "boolean":
        return "true" if value else "false"
    if kind in {"money", "integer", "decimal"}:
        text = str(value).removesuffix(".00")
        return f"{int(text):,}" if text.isdecimal() else text
    return str(value)


def cell_name(error_key: str) -> str:
    """The form's name for a field or cell the service complains about."""
    return error_key.replace(".", "-")
