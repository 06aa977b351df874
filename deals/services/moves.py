"""What a new playbook drops: deals go on to the stage it names instead, closed ones to the reason, each with its history.

Set by set rather than deal by deal: half a pipeline may stand in a stage that goes.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, F, Model, OuterRef, QuerySet

from crm.models import AuditEntry
from crm.registry import PlaybookUse, playbook_uses
from crm.services.audit import Act
from deals.models import Deal, DealInterval, OutcomeReason, TrackedField
from deals.services import spans


def register() -> None:
    """Tells publishing which rows name stages and reasons."""
    playbook_uses.add(PlaybookUse(key="stages", noun="deals", used=deals_in, move=move_stages))
    playbook_uses.add(PlaybookUse(key="outcome_reasons", noun="closed deals", used=deals_closed_for, move=move_reasons))


def deals_in(stages: Iterable[str]) -> dict[str, int]:
    """How many deals stand in each of these stages, closed and deleted ones included: those may come back."""
    rows = Deal.everything.filter(stage__in=list(stages)).order_by().values_list("stage")
    return dict(rows.annotate(Count("pk")))


def deals_closed_for(reasons: Iterable[str]) -> dict[str, int]:
    rows = OutcomeReason.objects.filter(reason__in=list(reasons)).order_by().values_list("reason")
    return dict(rows.annotate(Count("pk")))


def move_stages(act: Act, places: Mapping[str, str]) -> int:
    """Deals of each old stage enter the new one now. Call it in the transaction that publishes; returns how many went."""
    moved = 0
    for old, new in places.items():
        # The deals first: their rows stay locked, so no other write can touch their intervals before the end.
        moved += Deal.everything.filter(stage=old).update(
            stage=new, stage_entered_at=act.now, updated_at=act.now, version=F("version") + 1
        )
        stage = DealInterval.objects.filter(field=TrackedField.STAGE)
        open_ones = stage.filter(value=old, to_at__isnull=True)
        _copy(AuditEntry, _audit(act, {"stage": [old, new]}), open_ones)
        # A deal that entered the stage after somebody asked for this move left it no earlier.
        at = max([act.now, *open_ones.filter(from_at__gt=act.now).values_list("from_at", flat=True)])
        open_ones.update(to_at=at)
        interval = {
            "deal_id": F("deal_id"),
            "field": TrackedField.STAGE.value,
            "value": new,
            "from_at": at,
            "changed_by_id": act.by.pk if act.by else None,
            "why": act.why,
            "route": str(act.route),
            "unmet": "[]",
        }
        reached = Exists(stage.filter(deal=OuterRef("deal"), to_at__isnull=True))
        ended = stage.filter(~reached, value=old, to_at=at)
        _copy(DealInterval, interval, ended)
        here = stage.filter(deal=OuterRef("pk"), value=new, from_at=at, to_at__isnull=True)
        spans.follow(Deal.everything.filter(Exists(here)), at)
    return moved


def move_reasons(act: Act, places: Mapping[str, str]) -> int:
    """Closed deals are closed for the new reason instead of the old one, once each. Returns how many had the old one."""
    moved = 0
    for old, new in places.items():
        named = OutcomeReason.objects.filter(reason=old)
        _copy(AuditEntry, _audit(act, {"reasons": [old, new]}), named)
        Deal.everything.filter(pk__in=named.values("deal_id")).update(version=F("version") + 1, updated_at=act.now)
        both = OutcomeReason.objects.filter(reason=new).values("deal_id")
        doubled, _ = named.filter(deal_id__in=both).delete()
        moved += doubled + named.update(reason=new)
    return moved


def _audit(act: Act, changes: Mapping[str, list[str]]) -> dict[str, Any]:
    return {
        "kind": "deal",
        "object_id": F("deal_id"),
        "deal_id": F("deal_id"),
        "verb": "moved",
        "changes": json.dumps(changes),
        "why": act.why,
        "route": str(act.route),
        "made_by_id": act.by.pk if act.by else None,
        "made_at": act.now,
    }


def _copy(model: type[Model], columns: Mapping[str, Any], source: QuerySet[Any]) -> None:
    """INSERT … SELECT: a row of `model` for each row of `source`, with these values; F("deal_id") is the source's own."""
    picked, params = source.order_by().values_list("deal_id").query.sql_with_params()
    names = ", ".join(connection.ops.quote_name(name) for name in columns)
    given = ", ".join("picked.deal_id" if isinstance(value, F) else "%s" for value in columns.values())
    values = [_adapted(value) for value in columns.values() if not isinstance(value, F)]
    # Only names of our own tables and columns are in the text; every value is a parameter.
    table = connection.ops.quote_name(model._meta.db_table)
    statement = f"INSERT INTO {table} ({names}) SELECT {given} FROM ({picked}) AS picked"  # nosec B608
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, *params])


def _adapted(value: Any) -> Any:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, dt.datetime) else value
