"""One write, asked for by one of the cast and taken back: what was answered, what changed, and who was told to have changed it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Max

from crm.models import AuditEntry
from tests.architecture.access_rows import Row, Write
from tests.architecture.access_table import row_of
from tests.architecture.traces import fingerprint, taken_back, writes
from tests.architecture.url_map import Address, addresses
from tests.architecture.world import World


@dataclass(frozen=True, slots=True)
class Asked:
    status: int
    said: str
    """What a refusal complains of, for whoever reads a failure."""
    changed: tuple[str, ...]
    """Labels of the tables."""
    told: frozenset[tuple[str | None, str]]
    """By whom and by which route, as the audit rows say."""


Ask = Callable[[str, str, str], Asked]
"""By an address's name, a method, and who asks."""


def asking(world: World) -> Ask:
    """Asks each thing once: as all is taken back, another time would tell the same."""
    before = fingerprint()
    newest = AuditEntry.objects.aggregate(newest=Max("pk"))["newest"] or 0

    @cache
    def ask(name: str, method: str, who: str) -> Asked:
        address, row = table(name)
        write = row.writes[method]
        url = address.url(world.kwargs | row.args(world) | write.args(world))
        with taken_back():
            count = writes()
            answer = send(world, who, method, url, write, json=name.startswith("api:"))
            after = before if writes() == count else fingerprint()
            changed = tuple(label for label, digest in after.items() if digest != before[label])
            rows = AuditEntry.objects.filter(pk__gt=newest).values_list("made_by__username", "route") if changed else ()
            return Asked(answer.status_code, said(answer), changed, frozenset(rows))

    return ask


def table(name: str) -> tuple[Address, Row]:
    row = row_of(name)
    assert row is not None
    return addresses()[name], row


def send(world: World, who: str, method: str, url: str, write: Write, *, json: bool) -> Any:
    ask = getattr(world.client(who), method.lower())
    if write.is_form:
        return ask(url, write.body(world))
    if not json:
        return ask(url, write.body(world)) if method == "POST" else ask(url)
    return ask(url, write.body(world), content_type="application/json", headers={"If-Match": "*"})


def said(answer: Any) -> str:
    if answer.status_code not in {409, 422}:
        return ""
    form = (answer.context or {}).get("form") if getattr(answer, "context", None) else None
    return str(dict(form.errors)) if form else answer.content.decode()[:300]
