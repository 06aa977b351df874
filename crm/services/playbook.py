"""Publishing a playbook: numbered, whole, never changed again; whatever it makes stale is recomputed by a worker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from crm.lib.errors import Clash, Invalid, NotAllowed
from crm.models import Competitor, PlaybookVersion, Product
from crm.queries.playbook_moves import dropped_in_use
from crm.registry import playbook_uses
from crm.rules import access
from crm.services import jobs
from crm.services.audit import Act, record
from playbook import storing
from playbook.schema import RULE_VERSION, SCHEMA_VERSION, Playbook

RESCORE_TASK = "scoring.tasks.rescore_all"

Moves = Mapping[str, Mapping[str, str]]
"""{"stages": {old key: new key}, "outcome_reasons": {...}}: where rows go whose entry the new version drops."""


def publish(
    *, act: Act, playbook: Playbook, note: str = "", moves: Moves | None = None, expected: int | None = None
) -> PlaybookVersion:
    """Publishes the next version, sends rows on whose stage or reason it drops, and asks a worker to rescore every open deal.

    Raises NotAllowed for all but operations; Clash where it equals the version in force, or somebody published after the
    version number `expected` it was compared with (0: none yet); Invalid where a dropped entry is in use and `moves` does
    not say where its rows go, under "<part>-<key>".
    """
    if act.by is not None and not access.may_publish_playbook(act.by.roles):
        raise NotAllowed("Only operations publishes a playbook.")
    try:
        with transaction.atomic():
            return _publish(act, playbook, note, moves or {}, expected)
    except IntegrityError:
        # The number is unique: of two publishing at the same moment one stands.
        raise Clash(
            "Somebody published another version at this moment. Compare yours with it and publish again."
        ) from None


def _publish(act: Act, playbook: Playbook, note: str, moves: Moves, expected: int | None) -> PlaybookVersion:
    last = PlaybookVersion.objects.order_by("-number").first()
    digest, data = storing.digest(playbook), storing.to_json(playbook)
    if last is not None and last.digest == digest:
        raise Clash(f"This is the playbook already in force, version {last.number}. There is nothing to publish.")
    if expected is not None and (last.number if last else 0) != expected:
        number = last.number if last else 0
        raise Clash(f"Version {number} was published in the meantime. Compare yours with it and publish again.")
    needed = _needed_moves(last.data, data, moves) if last else {}
    version = PlaybookVersion.objects.create(
        number=last.number + 1 if last else 1,
        data=data,
        digest=digest,
        schema_version=SCHEMA_VERSION,
        rule_version=RULE_VERSION,
        note=note.strip(),
        moves=needed,
        published_by=act.by,
        published_at=act.now,
    )
    _follow(playbook)
    for part, places in needed.items():
        playbook_uses.get(part).move(act, places)
    record(
        act=act,
        kind="playbook",
        record_id=version.pk,
        verb="published",
        changes={"number": (last.number if last else None, version.number)},
    )
    jobs.enqueue(
        RESCORE_TASK,
        key="rescore",
        args={"number": version.number, "by": act.by.pk if act.by else None},
        queue="bulk",
        label=f"Lead scores under playbook {version.number}",
        by=act.by,
    )
    return version


def _needed_moves(before: Mapping[str, Any], after: Mapping[str, Any], moves: Moves) -> dict[str, dict[str, str]]:
    """The moves that are needed, of those given. Raises Invalid naming every entry that lacks one."""
    needed: dict[str, dict[str, str]] = {}
    errors = {}
    for dropped in dropped_in_use(before, after):
        place = moves.get(dropped.part, {}).get(dropped.key, "")
        if place in dict(dropped.places):
            needed.setdefault(dropped.part, {})[dropped.key] = place
        else:
            allowed = ", ".join(key for key, _ in dropped.places) or "nothing; keep it"
            errors[dropped.field] = (
                f"{dropped.count:,} {dropped.noun} still name {dropped.label}, which this version drops. "
                f"Say where they go: {allowed}."
            )
    if errors:
        raise Invalid(errors)
    return needed


def _follow(playbook: Playbook) -> None:
    """Competitors and products of the playbook as rows; those it no longer has stay, for deals refer to them."""
    keys = {competitor.key for competitor in playbook.competitors}
    Competitor.objects.filter(in_playbook=True).exclude(key__in=keys).update(in_playbook=False)
    for competitor in playbook.competitors:
        Competitor.objects.update_or_create(
            key=competitor.key, defaults={"name": competitor.label, "in_playbook": True}
        )
    keys = {product.key for product in playbook.products}
    Product.objects.filter(in_playbook=True).exclude(key__in=keys).update(in_playbook=False)
    for product in playbook.products:
        values = {"name": product.label, "line": product.line, "in_playbook": True}
        Product.objects.update_or_create(key=product.key, defaults=values)
