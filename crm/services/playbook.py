"""Publishing a playbook: numbered, whole, never changed again; whatever it makes stale is recomputed by a worker."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError, transaction

from crm.lib.errors import Clash, NotAllowed
from crm.models import Competitor, PlaybookVersion, Product
from crm.rules import access
from crm.services import jobs
from crm.services.audit import Act, record
from playbook import storing
from playbook.schema import RULE_VERSION, SCHEMA_VERSION, Playbook

RESCORE_TASK = "scoring.tasks.rescore_all"


def publish(
    *,
    act: Act,
    playbook: Playbook,
    note: str = "",
    moves: Mapping[str, Mapping[str, str]] | None = None,
    expected: int | None = None,
) -> PlaybookVersion:
    """Publishes the next version and asks a worker to rescore every open deal.

    Raises NotAllowed for all but operations, and Clash: it equals the version in force, or somebody published after the
    version number `expected` that this one was compared with.
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


def _publish(
    act: Act, playbook: Playbook, note: str, moves: Mapping[str, Mapping[str, str]], expected: int | None
) -> PlaybookVersion:
    last = PlaybookVersion.objects.defer("data").order_by("-number").first()
    if last is not None and expected is not None and last.number != expected:
        raise Clash(f"Version {last.number} was published in the meantime. Compare yours with it and publish again.")
    digest = storing.digest(playbook)
    if last is not None and last.digest == digest:
        raise Clash(f"This is the playbook already in force, version {last.number}. There is nothing to publish.")
    version = PlaybookVersion.objects.create(
        number=last.number + 1 if last else 1,
        data=storing.to_json(playbook),
        digest=digest,
        schema_version=SCHEMA_VERSION,
        rule_version=RULE_VERSION,
        note=note.strip(),
        moves={kind: dict(places) for kind, places in moves.items()},
        published_by=act.by,
        published_at=act.now,
    )
    _follow(playbook)
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


def _follow(playbook: Playbook) -> None:
    """Competitors and products of the playbook as rows; those it no longer has stay, for deals refer to them."""
    Competitor.objects.filter(in_playbook=True).update(in_playbook=False)
    for competitor in playbook.competitors:
        Competitor.objects.update_or_create(
            key=competitor.key, defaults={"name": competitor.label, "in_playbook": True}
        )
    Product.objects.filter(in_playbook=True).update(in_playbook=False)
    for product in playbook.products:
        values = {"name": product.label, "line": product.line, "in_playbook": True}
        Product.objects.update_or_create(key=product.key, defaults=values)
