"""MEDDPICC: what is known of each element, how sure we are, and by which evidence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from crm.lib.errors import EditConflict, Invalid
from crm.models import Contact
from crm.queries import playbook as playbooks
from crm.rules.formatting import listing
from crm.services.audit import Act, apply_changes
from deals.models import Deal, EvidenceKind, MeddpiccElement, Strength
from deals.queries.committee import people_named
from deals.rules.element_fields import FieldErrors, canonical_fields, is_empty
from deals.services.base import ask_for_score, locked_deal, touch
from deals.services.evidence import choose_items, chosen_labels, items_differ
from playbook.schema.qualification import Element

WRITTEN = ("strength", "fields", "contact", "evidence_kind", "evidence", "evidence_contact", "confirmed_date")


@transaction.atomic
def update_element(
    *,
    act: Act,
    deal_id: int,
    element: str,
    strength: str | None = None,
    fields: Mapping[str, Any] | None = None,
    contact_id: int | str | None = "keep",
    evidence_kind: str | None = None,
    evidence: str | None = None,
    evidence_contact_id: int | str | None = "keep",
    evidence_items: Mapping[str, Sequence[int]] | None = None,
    expected_version: int | None = None,
) -> MeddpiccElement:
    """Records an element; what is None (or "keep") stays. Fields given as None are forgotten, fields not given stay.
    `evidence_items` are ids by source (`crm.registry.evidence_sources`): the files that show it. They are evidence in
    themselves, named in words where nobody wrote any.

    Setting "confirmed" dates the confirmation today, also when it was confirmed before (that is what reconfirming is).
    Raises as `locked_deal`, EditConflict where the element was saved since `expected_version` (0: it had no row yet),
    and Invalid:
    confirmed without evidence, a contact of another account, a field that is not what the playbook says.
    """
    deal = locked_deal(act, deal_id, must_be_open=True)
    _, playbook = playbooks.current()
    spec = next((known for known in playbook.meddpicc.elements if known.key == element), None)
    if spec is None:
        names = ", ".join(part.key for part in playbook.meddpicc.elements)
        raise Invalid({"element": f"There is no element {element!r}. There are: {names}."})
    row = MeddpiccElement.objects.filter(deal=deal, element=element).first() or MeddpiccElement(
        deal=deal, element=element, version=0
    )
    if expected_version is not None and row.version != expected_version:
        raise EditConflict(row, f"Somebody else changed {spec.label.lower()} in the meantime.")
    errors: dict[str, str] = {}
    values: dict[str, Any] = {"fields": _merged(spec, row.fields, fields or {}, errors)}
    if contact_id != "keep":
        values["contact"] = _contact(deal, contact_id, "contact", errors)
    if evidence_contact_id != "keep":
        values["evidence_contact"] = _contact(deal, evidence_contact_id, "evidence_contact", errors)
    values |= {
        name: value.strip()
        for name, value in (("evidence_kind", evidence_kind), ("evidence", evidence))
        if value is not None
    }
    if strength is not None:
        values |= {"strength": strength, "confirmed_date": _confirmed_date(strength, act.now.date())}
    after = {name: values.get(name, getattr(row, name)) for name in WRITTEN}
    named = chosen_labels(deal.pk, evidence_items or {})
    if named and not after["evidence"] and after["evidence_kind"] in {"", EvidenceKind.DOCUMENT}:
        said = {"evidence_kind": EvidenceKind.DOCUMENT.value, "evidence": listing(named)}
        values, after = values | said, after | said
    errors |= _evidence_errors(after)
    if errors:
        raise Invalid(errors)
    adding = row._state.adding
    changes = apply_changes(row, values, WRITTEN)
    if not changes and not items_differ(deal.pk, row.pk, evidence_items or {}):
        return row
    row.updated_by = act.by
    row.version += 1
    row.save()
    changes |= choose_items(act, deal.pk, row.pk, evidence_items or {})
    touch(
        deal,
        act=act,
        kind="meddpicc",
        record_id=row.pk,
        verb="added" if adding else "changed",
        changes={f"{element}.{name}": pair for name, pair in changes.items()},
    )
    ask_for_score(deal.pk, act)
    return row


def _merged(
    spec: Element, before: Mapping[str, Any], given: Mapping[str, Any], errors: dict[str, str]
) -> dict[str, Any]:
    try:
        clean = canonical_fields(spec, given)
    except FieldErrors as wrong:
        errors |= wrong.errors
        return dict(before)
    return {key: value for key, value in {**before, **clean}.items() if not is_empty(value)}


def _confirmed_date(strength: str, today: dt.date) -> dt.date | None:
    return today if strength == Strength.CONFIRMED else None


def _contact(deal: Deal, contact_id: int | str | None, field: str, errors: dict[str, str]) -> Contact | None:
    if contact_id is None:
        return None
    contact: Contact | None = people_named(deal).filter(pk=contact_id).first()
    if contact is None:
        errors[field] = "Choose somebody who works at this account."
    return contact


def _evidence_errors(after: Mapping[str, Any]) -> dict[str, str]:
    """Confirmed needs evidence: a contact who said it, or a call, document or dated note described in words."""
    if after["strength"] not in Strength.values:
        return {"strength": f"Choose one of: {', '.join(Strength.values)}."}
    if after["evidence_kind"] and after["evidence_kind"] not in EvidenceKind.values:
        return {"evidence_kind": f"Choose one of: {', '.join(EvidenceKind.values)}."}
    if after["strength"] != Strength.CONFIRMED:
        return {}
    if after["evidence_kind"] == EvidenceKind.CONTACT:
        return {} if after["evidence_contact"] else {"evidence_contact": "Choose the contact who confirmed it."}
    if not after["evidence_kind"]:
        return {
            "evidence_kind": "Confirmed needs a call, a document, a dated note or a contact. Else mark it as claimed."
        }
    return (
        {}
        if after["evidence"]
        else {"evidence": "Say which call, document or note shows it, so that others can find it."}
    )
