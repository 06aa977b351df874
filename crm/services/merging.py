"""Making one record of two, field by field, and two of it again."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction

from crm.lib.errors import Clash, Invalid, NotAllowed
from crm.models import Account, AuditEntry, Contact, DuplicatePair, MergeRecord
from crm.queries import playbook as playbooks
from crm.queries.merging import FACT, FIELDS, MODELS, label_of, value_of, why_stuck
from crm.registry import bins, mergers
from crm.rules import access
from crm.services import jobs, merge_rows
from crm.services.audit import Act, entry, plain, record
from crm.services.deletion import may_delete


@transaction.atomic
def merge(*, act: Act, kind: str, survivor_id: int, loser_id: int, take: Sequence[str] = ()) -> MergeRecord:
    """Makes one of two: what points at the loser points at the survivor, which takes the loser's value of each field in `take`
    ("phone", "facts.vm_count"). The loser stays as an address that leads there.

    Raises DoesNotExist where one is gone or not seen; NotAllowed for those who may not delete the loser; Invalid under "loser"
    for one record twice or contacts of two accounts, and under "take" for a field there is not.
    """
    survivor, loser = _locked_pair(act, kind, survivor_id, loser_id)
    if kind == "contact" and survivor.account_id != loser.account_id:
        raise Invalid({"loser": "They work at different accounts. Merge the accounts first, or move one of them."})
    before = {name: value_of(survivor, name) for name in take if _known(name, kind)}
    names = str(survivor), str(loser)
    for name in take:
        _set(survivor, name, value_of(loser, name))
    before |= _untangle(kind, survivor, loser)
    survivor.version += 1
    survivor.save()
    moved, dropped = merge_rows.move_all(MODELS[kind], loser.pk, survivor.pk)
    _drop_from_list(kind, survivor.pk, loser.pk)
    MODELS[kind].everything.filter(pk=loser.pk).update(
        deleted_at=act.now, deleted_by=act.by.pk if act.by else None, merged_into=survivor.pk
    )
    values = {name: [_stored(old), _stored(value_of(survivor, name))] for name, old in before.items()}
    done = MergeRecord.objects.create(
        kind=kind,
        survivor_id=survivor.pk,
        loser_id=loser.pk,
        survivor_name=names[0],
        loser_name=names[1],
        moved=moved,
        dropped=dropped,
        values=values,
        made_by=act.by,
        made_at=act.now,
    )
    changes = {name: (old, value_of(survivor, name)) for name, old in before.items()}
    record(act=act, kind=kind, record_id=survivor.pk, verb="merged", changes={"merged": (None, names[1]), **changes})
    record(act=act, kind=kind, record_id=loser.pk, verb="merged away", changes={"into": (None, survivor)})
    _audit_moved(act, {part["model"]: part["ids"] for part in moved}, kind, loser, survivor)
    _follow(act, kind, loser, survivor)
    return done


@transaction.atomic
def undo_merge(*, act: Act, merge_id: int) -> MergeRecord:
    """Makes two records of one again: rows go back that still are where the merge put them, values that still are what it made
    them. `kept` of the answer says what changed since and stays.

    Raises MergeRecord.DoesNotExist, NotAllowed, and Clash where it is undone already or one of the two is gone.
    """
    done = MergeRecord.objects.select_for_update().get(pk=merge_id)
    if done.undone_at is not None:
        raise Clash("This merge is undone already.")
    model = MODELS[done.kind]
    both = {
        row.pk: row
        for row in model.everything.select_for_update(of=("self",))
        .filter(pk__in=[done.survivor_id, done.loser_id])
        .order_by("pk")
    }
    survivor, loser = both.get(done.survivor_id), both.get(done.loser_id)
    stuck = why_stuck(done, survivor, loser)
    if survivor is None or loser is None or stuck:
        raise Clash(stuck)
    _may_merge(act, done.kind, loser)
    kept = _restore_values(done, survivor)
    model.everything.filter(pk=loser.pk).update(
        deleted_at=None, deleted_by=None, merged_into=None, version=loser.version + 1
    )
    survivor.version += 1
    survivor.save()
    back, moved_on = merge_rows.move_back(done.moved, survivor.pk, loser.pk)
    done.kept = [*kept, *moved_on, *merge_rows.bring_back(done.dropped)]
    done.undone_by, done.undone_at = act.by, act.now
    done.save()
    loser.refresh_from_db()
    record(act=act, kind=done.kind, record_id=survivor.pk, verb="unmerged", changes={"merged": (done.loser_name, None)})
    record(act=act, kind=done.kind, record_id=loser.pk, verb="restored", changes={"name": (None, done.loser_name)})
    _audit_moved(act, back, done.kind, survivor, loser)
    _follow(act, done.kind, survivor, loser)
    return done


def _follow(act: Act, kind: str, old: Any, new: Any) -> None:
    """What follows once rows went from one record to another: other apps' part, and scores by the facts they have now."""
    for merger in mergers:
        if merger.kind == kind:
            merger.moved(act, old.pk, new.pk)
    if kind == "account":
        for account in (old, new):
            jobs.enqueue(
                "scoring.tasks.score_account_deals",
                key=f"score-account:{account.pk}",
                args={"account_id": account.pk, "by": act.by.pk if act.by else None},
                label=f"Lead scores of {account.name}",
                by=act.by,
            )


def _locked_pair(act: Act, kind: str, survivor_id: int, loser_id: int) -> tuple[Any, Any]:
    if survivor_id == loser_id:
        raise Invalid({"loser": "Choose two different records."})
    rows = MODELS[kind].objects.all() if act.by is None else MODELS[kind].objects.visible_to(act.by)
    both = {
        row.pk: row
        for row in rows.select_for_update(of=("self",)).filter(pk__in=[survivor_id, loser_id]).order_by("pk")
    }
    if len(both) < 2:
        raise MODELS[kind].DoesNotExist
    _may_merge(act, kind, both[loser_id])
    return both[survivor_id], both[loser_id]


def _may_merge(act: Act, kind: str, record: Any) -> None:
    if act.by is not None and not access.may_edit_accounts(act.by.roles):
        raise NotAllowed("Your role reads accounts and contacts; it does not merge them.")
    if kind == "account" and not may_delete(act, record):
        raise NotAllowed("Only the owner of the account that goes, their manager or operations merges it.")


def _known(name: str, kind: str) -> bool:
    if name in FIELDS[kind] or (kind == "account" and name.startswith(FACT)):
        return True
    raise Invalid({"take": f"There is no field {name!r} to take. There are: {', '.join(FIELDS[kind])}."})


def _set(row: Account | Contact, name: str, value: Any) -> None:
    if not name.startswith(FACT):
        setattr(row, name, value)
        return
    assert isinstance(row, Account)
    facts = {**row.facts, name.removeprefix(FACT): value}
    row.facts = {key: known for key, known in facts.items() if known is not None}


def _untangle(kind: str, survivor: Any, loser: Any) -> dict[str, Any]:
    """Nobody stands above themselves once two are one. What it was, where that had to change."""
    above = "parent" if kind == "account" else "reports_to"
    was = getattr(survivor, above)
    if was is None or was.pk not in {loser.pk, survivor.pk}:
        return {}
    higher = getattr(loser, above)
    setattr(survivor, above, None if higher is None or higher.pk == survivor.pk else higher)
    return {above: was} if was.pk == loser.pk else {}


def _stored(value: Any) -> Any:
    """A value as the record keeps it: related ones by id, money as text."""
    return value.pk if hasattr(value, "pk") else str(value) if isinstance(value, Decimal) else value


def _restore_values(done: MergeRecord, survivor: Any) -> list[str]:
    _, playbook = playbooks.current()
    kept = []
    for name, (before, after) in done.values.items():
        if _stored(value_of(survivor, name)) != after:
            kept.append(f"{label_of(name, playbook)} of {done.survivor_name} was changed since.")
        elif name.startswith(FACT):
            _set(survivor, name, before)
        else:
            field = survivor._meta.get_field(name)
            setattr(survivor, field.attname, before if field.is_relation else field.to_python(before))
    return kept


def _audit_moved(act: Act, ids: dict[str, list[int]], kind: str, old: Any, new: Any) -> None:
    """Records that moved along say so in their own history."""
    labels = {bin_kind.rows().model._meta.label: bin_kind.key for bin_kind in bins}
    AuditEntry.objects.bulk_create(
        entry(
            act=act,
            kind=labels[label],
            record_id=pk,
            deal_id=pk if labels[label] == "deal" else None,
            verb="changed",
            changes={kind if labels[label] != kind else "above": (plain(old), plain(new))},
        )
        for label, pks in ids.items()
        if label in labels
        for pk in pks
    )


def _drop_from_list(kind: str, *ids: int) -> None:
    low, high = sorted(ids)
    DuplicatePair.objects.filter(kind=kind, low_id=low, high_id=high).delete()
