"""MEDDPICC of a deal as its panel and pages show it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crm.queries import playbook as playbooks
from crm.registry import EvidenceItem
from deals.models import Deal, MeddpiccElement
from deals.queries.committee import with_place
from deals.queries.evidence import named
from deals.queries.snapshot import PARTS, snapshot
from deals.rules import meddpicc, signals
from deals.rules.element_words import summary
from deals.rules.meddpicc import Health, Light, RaisedFlag
from playbook.schema import Playbook
from playbook.schema.qualification import Element

WITH = (
    *PARTS[:2],
    "meddpicc__contact__account",
    "meddpicc__evidence_contact",
    "meddpicc__updated_by",
    "answers",
)
"""What to prefetch on a deal whose MEDDPICC is shown."""


@dataclass(frozen=True, slots=True)
class ShownElement:
    """An element with its light after ageing, what is noted in a line, and the red flags facts raise. `row` is None where
    nothing is recorded yet."""

    spec: Element
    row: MeddpiccElement | None
    contact: str
    light: Light
    summary: str
    flags: tuple[RaisedFlag, ...]
    reminders: tuple[RaisedFlag, ...]
    shown_by: tuple[EvidenceItem, ...] = ()

    @property
    def reconfirm_date(self) -> dt.date | None:
        """The day a confirmation stops or stopped counting."""
        return self.light.stale_date


@dataclass(frozen=True, slots=True)
class ShownMeddpicc:
    number: int
    playbook: Playbook
    health: Health
    elements: tuple[ShownElement, ...]
    other_flags: tuple[RaisedFlag, ...]

    def element(self, key: str) -> ShownElement | None:
        return next((shown for shown in self.elements if shown.spec.key == key), None)

    @property
    def confirmed(self) -> int:
        return self.health.count("confirmed")

    @property
    def claimed(self) -> int:
        return self.health.count("claimed")

    @property
    def unknown(self) -> int:
        return self.health.count("unknown")


def meddpicc_of(deal: Deal, today: dt.date) -> ShownMeddpicc:
    """From a deal fetched with `see(..., *WITH)`: one query more for the playbook's number, and one for each source of evidence."""
    number, playbook = playbooks.current()
    seen = snapshot(deal)
    health = meddpicc.health(playbook, seen, today)
    # A closed deal is past warning.
    flags = meddpicc.red_flags(playbook, signals.known(playbook, seen, today), today) if deal.is_open else ()
    rows = {row.element: row for row in deal.meddpicc.all()}
    evidence = named(deal.pk)
    shown = tuple(
        _shown(deal, spec, rows.get(spec.key), health.light(spec.key), flags, evidence)
        for spec in playbook.meddpicc.elements
    )
    others = tuple(flag for flag in flags if flag.raised and flag.element is None)
    return ShownMeddpicc(number, playbook, health, shown, others)


def _shown(
    deal: Deal,
    spec: Element,
    row: MeddpiccElement | None,
    light: Light,
    flags: tuple[RaisedFlag, ...],
    evidence: Mapping[int, Sequence[EvidenceItem]],
) -> ShownElement:
    own = [flag for flag in flags if flag.element == spec.key]
    contact = with_place(deal, row.contact, title=False) if row and row.contact else ""
    return ShownElement(
        spec=spec,
        row=row,
        contact=contact,
        light=light,
        summary=summary(spec, row.fields if row else {}, contact),
        flags=tuple(flag for flag in own if flag.raised),
        reminders=tuple(flag for flag in own if flag.reminder),
        shown_by=tuple(evidence.get(row.pk, ())) if row else (),
    )
