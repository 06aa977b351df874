"""Many accounts or contacts changed at once, by the rules of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm.lib.errors import Invalid
from crm.list_kinds import Outcome, Past
from crm.models import Account, Contact, Person
from crm.queries import playbook as playbooks
from crm.queries.record_columns import words_of
from crm.services import jobs
from crm.services.accounts import giver_error, may_edit, owner_error
from crm.services.audit import Act
from crm.services.bulk_rows import person_of, untouched, write

SAME = "It has that already."
SCORE_TASK = "scoring.tasks.score_accounts_deals"


def check_owner(act: Act, value: Any) -> None:
    may_edit(act)
    if said := owner_error(person_of(value)):
        raise Invalid({"value": said})


def change_owner(act: Act, ids: Sequence[int], value: Any) -> list[Outcome]:
    new = Person.objects.get(pk=value)
    rows, said = _locked(Account, act, ids), giver_error(act)
    kept = {row.pk: reason for row in rows if row.owner_id != new.pk and (reason := said(row))}
    found = [Outcome(row.pk, str(row), reason=kept[row.pk]) for row in rows if row.pk in kept]
    rows = [row for row in rows if row.pk not in kept]
    return found + _set(act, rows, "account", "owner", dict.fromkeys((row.pk for row in rows), new))


def restore_owner(act: Act, past: Sequence[Past]) -> list[Outcome]:
    people = Person.objects.in_bulk({one.before for one in past if one.before})
    mine, found = _as_left(Account, act, past)
    was = {one.object_id: people.get(one.before) for one in past}
    gone = [row for row in mine if (owner := was[row.pk]) is not None and not owner.is_active]
    found += [Outcome(row.pk, reason=f"{was[row.pk]} has left meanwhile.") for row in gone]
    return found + _set(act, [row for row in mine if row not in gone], "account", "owner", was)


@dataclass(frozen=True, slots=True)
class KeyField:
    """A field that holds a key of the playbook, as `words_of` knows them. `scored`: deals are judged by it."""

    model: type[Account] | type[Contact]
    field: str
    scored: bool = False

    def words(self) -> Mapping[str, str]:
        return words_of(playbooks.current()[1])[self.field]

    def check(self, act: Act, value: Any) -> None:
        may_edit(act)
        if value not in self.words():
            raise Invalid({"value": f"The playbook has no such {self.field}. Choose one of those offered."})

    def change(self, act: Act, ids: Sequence[int], value: Any) -> list[Outcome]:
        rows = _locked(self.model, act, ids)
        return self._set(act, rows, dict.fromkeys((row.pk for row in rows), value))

    def restore(self, act: Act, past: Sequence[Past]) -> list[Outcome]:
        mine, found = _as_left(self.model, act, past)
        return found + self._set(act, mine, {one.object_id: one.before or "" for one in past})

    def _set(self, act: Act, rows: Sequence[Any], new: dict[int, Any]) -> list[Outcome]:
        found = _set(act, rows, self.model._meta.model_name or "", self.field, new)
        return _scored(act, found) if self.scored else found


SEGMENT = KeyField(Account, "segment", scored=True)
REGION = KeyField(Account, "region")
PERSONA = KeyField(Contact, "persona")


def _locked(model: Any, act: Act, ids: Sequence[int]) -> list[Any]:
    may_edit(act)
    rows = model.objects.visible_to(act.by).filter(pk__in=ids).order_by("pk")
    if model is Account:
        rows = rows.select_related("owner")
    return list(rows.select_for_update(of=("self",), no_key=True))


def _as_left(model: Any, act: Act, past: Sequence[Past]) -> tuple[list[Any], list[Outcome]]:
    return untouched(_locked(model, act, [one.object_id for one in past]), past)


def _set(act: Act, rows: Sequence[Any], kind: str, field: str, new: dict[int, Any]) -> list[Outcome]:
    going = [row for row in rows if getattr(row, field) != new[row.pk]]
    found = [Outcome(row.pk, str(row), reason=SAME) for row in rows if getattr(row, field) == new[row.pk]]
    before = {row.pk: _key(getattr(row, field)) for row in going}
    if going:
        write(act, going, field, new, kind=kind)
    return found + [Outcome(row.pk, str(row), before[row.pk], _key(new[row.pk]), row.version) for row in going]


def _key(value: Any) -> Any:
    return value.pk if isinstance(value, Person) else value


def _scored(act: Act, found: list[Outcome]) -> list[Outcome]:
    """The deals of accounts that are judged by another segment now, all by one job."""
    if ids := [one.object_id for one in found if not one.reason]:
        args = {"account_ids": ids, "by": act.by.pk if act.by else None}
        key = f"score-accounts:{ids[0]}:{act.now.timestamp()}"
        jobs.enqueue(SCORE_TASK, key=key, args=args, queue="bulk", label="Lead scores", by=act.by, is_first=True)
    return found
