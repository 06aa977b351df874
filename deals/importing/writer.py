"""Writing deals in batches: the same rows that opening, moving and closing one deal would leave behind."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import Count, Sum

from crm.importing.records import Record
from crm.importing.writers import Change, Figure, Writer
from crm.models import Account
from crm.queries import playbook as playbooks
from crm.queries.playbook_moves import places_now
from crm.services import jobs
from crm.services.playbook_lock import hold_for_writing
from deals.importing import intervals
from deals.importing.past import Past, past_of
from deals.models import BantAssessment, Deal, DealInterval, DealLine, DealScore
from deals.services import spans
from deals.services.scores import hold_for_giving
from playbook.schema import Playbook

RESCORE_TASK = "scoring.tasks.rescore_all"


class DealWriter(Writer):
    """Deals with their product line, their past as intervals, an empty assessment, and the score row lists sort by."""

    model = Deal
    together = ("stage", "outcome", "closed_at", "close_date")
    parts = frozenset(
        {
            "deals.DealInterval",
            "deals.DealSpan",
            "deals.BantAssessment",
            "deals.DealScore",
            "deals.DealLine",
            "scoring.LeadScore",
            "deals.DealRisk",
            "scoring.ScoredInputs",
        }
    )

    wrote = False

    @cached_property
    def playbook(self) -> tuple[int, Playbook]:
        return playbooks.current()

    @cached_property
    def stages(self) -> frozenset[str]:
        return frozenset(stage.key for stage in self.playbook[1].stages)

    @cached_property
    def places(self) -> dict[str, str]:
        return places_now("stages")

    def begin(self) -> None:
        """The files were read under a playbook that may have been followed by another since: no batch writes a stage it drops."""
        hold_for_writing()
        hold_for_giving()
        number, _ = self.playbook
        if playbooks.current_number() != number:
            for read in ("playbook", "stages", "places"):
                self.__dict__.pop(read, None)

    def rows(self) -> models.QuerySet[Any]:
        return Deal.everything.prefetch_related("lines")

    def values(self, record: Record) -> dict[str, Any]:
        found = super().values(record)
        found.pop("created_date", None)
        found["currency"] = found.get("currency") or self.context.currency
        found.update(self._past(record).state())
        return found

    def current(self, row: Any, names: Iterable[str]) -> dict[str, Any]:
        found = super().current(row, [name for name in names if name != "product_id"])
        # The file knows one product; of several lines people made of it, the oldest is the file's.
        line = min(row.lines.all(), key=lambda line: line.pk, default=None)
        return {**found, "product_id": line.product_id if line else None}

    def create(self, items: Sequence[tuple[Record, dict[str, Any]]]) -> list[Deal]:
        self.wrote = True
        deals = Deal.objects.bulk_create([self._unsaved(record, values) for record, values in items])
        number, playbook = self.playbook
        lowest, highest = Decimal(playbook.bant.lowest), Decimal(playbook.bant.highest)
        past: list[DealInterval] = []
        lines: list[DealLine] = []
        for deal, (record, values) in zip(deals, items, strict=True):
            past += intervals.first(deal, self._past(record), self.context.act)
            if values.get("product_id"):
                lines.append(DealLine(deal=deal, product_id=values["product_id"], amount=deal.amount))
        DealInterval.objects.bulk_create(past, batch_size=2000)
        spans.rebuild([deal.pk for deal in deals])
        DealLine.objects.bulk_create(lines)
        BantAssessment.objects.bulk_create(
            [BantAssessment(deal=deal, updated_by=self.context.act.by) for deal in deals]
        )
        DealScore.objects.bulk_create(
            [DealScore(deal=deal, low=lowest, high=highest, playbook_number=number) for deal in deals]
        )
        return deals

    def _unsaved(self, record: Record, values: dict[str, Any]) -> Deal:
        past = self._past(record)
        return Deal(
            **{name: value for name, value in values.items() if name != "product_id"},
            name_key=str(values["name"]).casefold().strip(),
            created_at=past.opened_at,
            stage_entered_at=past.stages[-1][1],
            updated_at=self.context.now,
            source=self.context.source,
            source_id=record.source_id,
        )

    def update(self, changes: Sequence[Change]) -> None:
        self.wrote = bool(changes) or self.wrote
        for change in changes:
            deal, fields = change.row, change.changes
            for name in fields.keys() - {"product_id"}:
                setattr(deal, name, fields[name][1])
            at = self.context.now
            if "stage" in fields:
                entered = self._past(change.record).stages[-1][1]
                # The file's own date counts, unless something is known of the deal that is later still.
                at = max(entered, deal.stage_entered_at) if entered <= self.context.now else self.context.now
                deal.stage_entered_at = at
            deal.version += 1
            deal.save()
            self._set_line(deal, fields)
            change.extra["intervals"] = intervals.move(
                deal, fields.keys(), dataclasses.replace(self.context.act, at=at)
            )
        spans.rebuild([change.row.pk for change in changes])

    def finish(self) -> None:
        """Scores for everything new in one go of arrays, rather than a job for each deal."""
        if self.wrote:
            jobs.enqueue(
                RESCORE_TASK, key="rescore", queue="bulk", label="Lead scores of imported deals", by=self.context.act.by
            )

    def _set_line(self, deal: Deal, fields: Mapping[str, tuple[Any, Any]]) -> None:
        if "product_id" in fields:
            old, new = fields["product_id"]
            was = DealLine.objects.filter(deal=deal, product_id=old).first()
            others = DealLine.objects.filter(deal=deal).exclude(product_id=old)
            if others.filter(product_id=new).exists():
                return  # people put it there themselves; how they split the amount stays
            if was is not None:
                was.delete()
            if new:
                # The other lines of a deal people split keep theirs, so this one takes over what the old one had.
                amount = was.amount if was is not None and others.exists() else deal.amount
                DealLine.objects.create(deal=deal, product_id=new, amount=amount, position=was.position if was else 0)
        elif "amount" in fields:
            DealLine.objects.filter(deal=deal, amount=fields["amount"][0]).update(amount=deal.amount)

    def restore(self, row: Any, was: Mapping[str, Any], kept: Mapping[str, Any]) -> None:
        dropped = "stage" in was and was["stage"] not in self.stages
        if dropped:
            was = {**was, "stage": self.places.get(was["stage"], row.stage)}
        super().restore(row, {name: value for name, value in was.items() if name != "product_id"}, kept)
        now = {name: getattr(row, name, None) for name in was} | {"product_id": was.get("product_id")}
        written = {name: (intervals.read(name, kept["set"].get(name)), now[name]) for name in was}
        self._set_line(row, written)
        intervals.take_back(row, kept["intervals"])
        if dropped:  # it was in that stage until the playbook lost it
            intervals.move(row, ["stage"], self.context.act)
        spans.rebuild([row.pk])
        stage = DealInterval.objects.filter(deal=row, field="stage", to_at__isnull=True).first()
        if stage is not None:
            Deal.everything.filter(pk=row.pk).update(stage_entered_at=stage.from_at)

    def remove(self, keys: Sequence[int]) -> None:
        Deal.everything.filter(pk__in=keys).delete()

    def _past(self, record: Record) -> Past:
        return past_of(self._placed(record), self.playbook[1], self.context.now)

    def _placed(self, record: Record) -> Record:
        """The record in stages of the playbook in force: a dropped one's deals went elsewhere, and so does this one."""
        gone = {str(record.values["stage"]), *(stage for stage, _ in record.history)} - self.stages
        if not gone:
            return record
        places = {key: self.places[key] for key in gone if key in self.places}
        return dataclasses.replace(
            record,
            values={**record.values, "stage": places.get(record.values["stage"], record.values["stage"])},
            history=[(places.get(stage, stage), date) for stage, date in record.history],
        )

    def planned_figures(self, records: Iterable[Record], currency: str) -> list[Figure]:
        _, playbook = self.playbook
        counts: dict[str, int] = {}
        value, nobody = Decimal(0), 0
        won = {stage.key for stage in playbook.stages if stage.kind == "won"}
        for record in map(self._placed, records):
            stage = str(record.values["stage"])
            counts[stage] = counts.get(stage, 0) + 1
            if stage in won:
                value += record.values.get("amount") or Decimal(0)
            account = record.values.get("account")
            nobody += getattr(account, "source_id", "") == "(none)"
        return _figures(playbook, counts, value, nobody, currency)

    def stored_figures(self) -> list[Figure]:
        rows = Deal.objects.filter(source=self.context.source)
        counts = dict(rows.order_by().values_list("stage").annotate(Count("pk")))
        value = rows.won().aggregate(value=Sum("amount"))["value"] or Decimal(0)
        nobody = rows.filter(
            account__in=Account.objects.filter(source=self.context.source, is_placeholder=True)
        ).count()
        return _figures(self.playbook[1], counts, value, nobody, self.context.currency)


def _figures(playbook: Playbook, counts: Mapping[str, int], won: Decimal, nobody: int, currency: str) -> list[Figure]:
    figures = [Figure("deals", "Deals", Decimal(sum(counts.values())))]
    figures += [
        Figure(f"deals_{stage.key}", f"Deals: {stage.label.lower()}", Decimal(counts[stage.key]))
        for stage in playbook.stages
        if stage.key in counts
    ]
    figures.append(Figure("deals_without_account", "Deals without an account of their own", Decimal(nobody)))
    return [*figures, Figure("won_value", "Value won", won, currency)]
