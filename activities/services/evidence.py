"""Which files show a MEDDPICC element: handed to the deal's pages by `crm.registry.evidence_sources`."""

from __future__ import annotations

from collections.abc import Iterable

from activities.models import Attachment, FileEvidence
from activities.services.base import url_of
from crm.lib.errors import Invalid
from crm.queries import playbook as playbooks
from crm.registry import EvidenceItem, EvidenceSource, evidence_sources
from crm.services.audit import Act, record

MOST_OFFERED = 100


def register() -> None:
    evidence_sources.add(EvidenceSource(key="files", label="Files", offered=offered, chosen=chosen, choose=choose))


def offered(deal_id: int) -> list[EvidenceItem]:
    """The deal's files, the newest first."""
    rows = Attachment.objects.filter(deal_id=deal_id).order_by("-at", "-pk")[:MOST_OFFERED]
    return [_item(row) for row in rows]


def chosen(deal_id: int) -> dict[int, list[EvidenceItem]]:
    """The files that are evidence on a deal, by the id of the element. One query."""
    found: dict[int, list[EvidenceItem]] = {}
    for link in FileEvidence.objects.filter(deal_id=deal_id).select_related("attachment"):
        found.setdefault(link.element_id, []).append(_item(link.attachment))
    return found


def choose(act: Act, deal_id: int, element_id: int, ids: Iterable[int]) -> tuple[list[str], list[str]]:
    """Makes these files, and no others, the element's evidence; returns their names before and after.

    Called within the transaction that holds the deal's lock. Raises Invalid for a file of another record.
    """
    wanted = set(ids)
    # Locked: one that somebody deletes at this moment is found gone here, and not by the database.
    rows = Attachment.objects.filter(deal_id=deal_id, pk__in=wanted).select_for_update(no_key=True)
    files = {row.pk: row for row in rows}
    if files.keys() != wanted:
        raise Invalid({"files": "Choose among the files of this deal; one of these is no longer here."})
    before = {link.attachment_id: link for link in _links(element_id)}
    FileEvidence.objects.filter(pk__in=[link.pk for pk, link in before.items() if pk not in wanted]).delete()
    FileEvidence.objects.bulk_create(
        FileEvidence(deal_id=deal_id, element_id=element_id, attachment=row, added_by=act.by, added_at=act.now)
        for pk, row in sorted(files.items())
        if pk not in before
    )
    return sorted(link.attachment.name for link in before.values()), sorted(row.name for row in files.values())


def shows(attachment_id: int) -> list[str]:
    """The names of the elements a file is evidence of."""
    keys = FileEvidence.objects.filter(attachment=attachment_id).values_list("element__element", flat=True)
    labels = {element.key: element.label for element in playbooks.current()[1].meddpicc.elements}
    return [labels.get(key, key) for key in keys]


def withdraw(act: Act, row: Attachment) -> None:
    """A file that goes is evidence no more: each element it showed has that in its history."""
    for link in row.evidence.select_related("element").select_for_update(of=("self",)):
        before = sorted(one.attachment.name for one in _links(link.element_id))
        link.delete()
        after = sorted(one.attachment.name for one in _links(link.element_id))
        changes = {f"{link.element.element}.files": (before, after)}
        record(
            act=act, kind="meddpicc", record_id=link.element_id, verb="changed", changes=changes, deal_id=link.deal_id
        )


def _links(element_id: int) -> list[FileEvidence]:
    return list(FileEvidence.objects.filter(element_id=element_id).select_related("attachment"))


def _item(row: Attachment) -> EvidenceItem:
    return EvidenceItem(id=row.pk, label=row.name, url=url_of(row))
