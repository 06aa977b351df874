"""Publishing a playbook: numbered, whole, never changed again; whatever it makes stale is recomputed by a worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import IntegrityError, transaction

from crm.lib.errors import Clash, Invalid, NotAllowed
from crm.models import Competitor, PlaybookVersion, Product
from crm.queries import playbook as playbooks
from crm.queries.playbook_moves import dropped, turned
from crm.registry import playbook_uses
from crm.rules import access
from crm.services import jobs
from crm.services.audit import Act, record
from crm.services.playbook_lock import hold_for_publishing
from playbook import storing
from playbook.schema import RULE_VERSION, SCHEMA_VERSION, Playbook

RESCORE_TASK, RESCORE_KEY = "scoring.tasks.rescore_all", "rescore"

Moves = Mapping[str, Mapping[str, str]]
"""{"stages": {old key: new key}, "outcome_reasons": {...}}: where rows go whose entry the new version drops."""


def publish(
    *, act: Act, playbook: Playbook, note: str = "", moves: Moves | None = None, expected: int | None = None
) -> PlaybookVersion:
    """Publishes the next version, sends rows on whose stage or reason it drops, and asks a worker to rescore every open deal.

    Raises NotAllowed for all but operations; Clash where it equals the version in force, or somebody published after the
    version number `expected` it was compared with (0: none yet); Invalid, under "<part>-<key>", where `moves` does not say
    where the rows of a dropped entry go, and under "" where an entry turns into another kind under its old key.
    """
    if act.by is not None and not access.may_publish_playbook(act.by.roles):
        raise NotAllowed("Only operations publishes a playbook.")
    try:
        with transaction.atomic():
            hold_for_publishing()
            return _publish(act, playbook, note, moves or {}, expected)
    except IntegrityError:
        # The number is unique: of two publishing at the same moment one stands.
        raise Clash(
            "Somebody published another version at this moment. Compare yours with it and publish again."
        ) from None


def _publish(act: Act, playbook: Playbook, note: str, moves: Moves, expected: int | None) -> PlaybookVersion:
    last = PlaybookVersion.objects.defer("data").order_by("-number").first()
    number = last.number if last else 0
    digest, data = storing.digest(playbook), storing.to_json(playbook)
    if last is not None and last.digest == digest:
        raise Clash(f"This is the playbook already in force, version {number}. There is nothing to publish.")
    if expected is not None and number != expected:
        raise Clash(f"Version {number} was published in the meantime. Compare yours with it and publish again.")
    needed = _needed_moves(storing.to_json(playbooks.by_number(number)), data, moves) if last else {}
    version = PlaybookVersion.objects.create(
        number=number + 1,
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
    mover = replace(act, why=f"Playbook {version.number} no longer has what this named.")
    for part, places in needed.items():
        playbook_uses.get(part).move(mover, places)
    changes = {"number": (number or None, version.number)}
    record(act=act, kind="playbook", record_id=version.pk, verb="published", changes=changes)
    jobs.enqueue(
        RESCORE_TASK,
        key=RESCORE_KEY,
        args={"number": version.number, "by": act.by.pk if act.by else None},
        queue="bulk",
        label=f"Lead scores under playbook {version.number}",
        by=act.by,
    )
    return version


def _needed_moves(before: Mapping[str, Any], after: Mapping[str, Any], moves: Moves) -> dict[str, dict[str, str]]:
    """The moves that are needed, of those given. Raises Invalid naming every entry that lacks one."""
    needed: dict[str, dict[str, str]] = {}
    errors: dict[str, list[str]] = {}
    for part, label, old, new in turned(before, after):
        what = part.replace("_", " ").removesuffix("s")
        said = f"The {what} {label} was {old} and would be {new}. Give the new one a key of its own."
        errors.setdefault("", []).append(said)
    for one in dropped(before, after):
        place = moves.get(one.part, {}).get(one.key, "")
        if place in dict(one.places):
            needed.setdefault(one.part, {})[one.key] = place
        elif one.needs_place:
            allowed = ", ".join(key for key, _ in one.places) or "nothing of its kind is left, so keep it"
            who = f"{one.many} named it until now" if one.count else "Only the past names it"
            said = f"This version drops {one.label}. {who}. Say where that goes: {allowed}."
            errors.setdefault(one.field, []).append(said)
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
