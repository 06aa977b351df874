"""Which files show a MEDDPICC element: handed to the deal's pages by `crm.registry.evidence_sources`."""

from __future__ import annotations

from collections.abc import Iterable

from activities.models import Attachment, FileEvidence
from activities.services.base import url_of
from crm.lib.errors import Invalid
from crm.registry import EvidenceItem, EvidenceSource, evidence_sources
from crm.services.audit import Act

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
    files = {row.pk: row for row in Attachment.objects.filter(deal_id=deal_id, pk__in=wanted)}
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


def _links(element_id: int) -> list[FileEvidence]:
    return list(FileEvidence.objects.filter(element_id=element_id).select_related("attachment"))


def _item(row: Attachment) -> EvidenceItem:
    return EvidenceItem(id=row.pk, label=row.name, url=url_of(row))
