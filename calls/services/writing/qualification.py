"""BANT+ facts and MEDDPICC: fields, lines, rows and strengths, written and put back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from calls.rules.adding import beside, says, with_line
from calls.services.writing.base import Change, Place, Writer, element_of, nothing
from crm.lib.errors import Invalid
from deals.models import BantAssessment, EvidenceKind, MeddpiccElement
from deals.services.bant import set_facts
from deals.services.meddpicc import update_element


def _facts(place: Place) -> Mapping[str, Any]:
    found = BantAssessment.objects.filter(deal=place.deal_id).first()
    return found.facts if found else {}


def _fact_now(place: Place, key: str, after: Any) -> Any:
    """Of the deal, else of its account."""
    own = _facts(place)
    return own[key] if key in own else place.call.deal.account.facts.get(key)


def _write_fact(place: Place, key: str, value: Any) -> Change:
    before = _facts(place).get(key)
    set_facts(act=place.act, deal_id=place.deal_id, facts={key: value})
    return {"before": before, "after": _facts(place).get(key)}


def _undo_fact(place: Place, change: Change) -> bool:
    if _facts(place).get(change["key"]) != change["after"]:
        return False
    set_facts(act=place.act, deal_id=place.deal_id, facts={change["key"]: change["before"]})
    return True


def _field_now(place: Place, key: str, after: Any) -> Any:
    element, field = key.split(".")
    return element_of(place, element).fields.get(field)


def _set_field(place: Place, key: str, value: Any) -> Any:
    element, field = key.split(".")
    row = update_element(act=place.act, deal_id=place.deal_id, element=element, fields={field: value})
    return row.fields.get(field)


def _write_field(place: Place, key: str, value: Any) -> Change:
    before = _field_now(place, key, value)
    return {"before": before, "after": _set_field(place, key, value)}


def _undo_field(place: Place, change: Change) -> bool:
    if _field_now(place, change["key"], None) != change["after"]:
        return False
    _set_field(place, change["key"], change["before"])
    return True


def _write_line(place: Place, key: str, value: Any) -> Change:
    """Another line; what stands there stays."""
    before = str(_field_now(place, key, value) or "")
    line = str(value)
    added = not says(before, line)
    if added:
        _set_field(place, key, with_line(before, line))
    return {"before": before, "after": line, "added": added}


def _undo_line(place: Place, change: Change) -> bool:
    """Takes the line out, whatever others wrote around it; one that was changed stays."""
    text = str(_field_now(place, change["key"], None) or "")
    if not change["added"]:
        return True
    if change["after"] not in text:
        return False
    left = text.replace(change["after"], "", 1)
    _set_field(place, change["key"], "\n".join(line for line in left.split("\n") if line.strip()) or None)
    return True


def _write_row(place: Place, key: str, value: Any) -> Change:
    """One more row."""
    if not isinstance(value, Mapping):
        raise Invalid({"value": "A row has a value for each of its columns."})
    element, field = key.split(".")
    rows = list(_field_now(place, key, value) or [])
    spec = next(
        one
        for part in place.playbook.meddpicc.elements
        if part.key == element
        for one in part.fields
        if one.key == field
    )
    kept = _set_field(place, key, [*rows, beside(spec, rows, value)]) or []
    return {"before": None, "after": kept[-1] if len(kept) > len(rows) else None}


def _undo_row(place: Place, change: Change) -> bool:
    rows = list(_field_now(place, change["key"], None) or [])
    if change["after"] is None:
        return True
    if change["after"] not in rows:
        return False
    rows.remove(change["after"])
    try:
        _set_field(place, change["key"], rows or None)
    except Invalid:
        return False  # others have weights by now that need this row's
    return True


def _strength_now(place: Place, key: str, after: Any) -> str:
    return element_of(place, key).strength


def _strength(row: MeddpiccElement) -> dict[str, Any]:
    return {"strength": row.strength, "evidence_kind": row.evidence_kind, "evidence": row.evidence}


def _write_strength(place: Place, key: str, value: Any) -> Change:
    """With the note as evidence, where there is none or it is to confirm."""
    before = _strength(element_of(place, key))
    said = {"strength": str(value)}
    if value == "confirmed" or not before["evidence"]:
        said |= {"evidence_kind": EvidenceKind.CALL.value, "evidence": place.evidence}
    row = update_element(act=place.act, deal_id=place.deal_id, element=key, **said)  # type: ignore[arg-type]
    return {"before": before, "after": _strength(row)}


def _undo_strength(place: Place, change: Change) -> bool:
    if _strength(element_of(place, change["key"])) != change["after"]:
        return False
    update_element(act=place.act, deal_id=place.deal_id, element=change["key"], **change["before"])
    return True


WRITERS: Mapping[str, Writer] = {
    "fact": Writer(_fact_now, _write_fact, _undo_fact),
    "field": Writer(_field_now, _write_field, _undo_field),
    "line": Writer(_field_now, _write_line, _undo_line),
    "row": Writer(nothing, _write_row, _undo_row),
    "strength": Writer(_strength_now, _write_strength, _undo_strength),
}
