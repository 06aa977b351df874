"""Drafts of playbooks: the list, one of them, and what it would change in the version in force."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from crm.lib import keyset
from crm.lib.keyset import Sort
from crm.models import DraftState, Person, PlaybookDraft, PlaybookVersion
from crm.queries import playbook as playbooks
from crm.queries.playbook_moves import Dropped, dropped
from crm.rules import access
from crm.rules.playbook_compare import Chapter, compare, equal_rules
from playbook.storing import from_json, to_json

SORTS = keyset.both_ways(Sort("updated", "Changed", ("updated_at",)), Sort("name", "Name", ("name",)))


def listed() -> QuerySet[PlaybookDraft]:
    people = ("created_by", "updated_by", "based_on", "published_as")
    return PlaybookDraft.objects.select_related(*people).defer("data", "based_on__data", "published_as__data")


def find(draft_id: int) -> PlaybookDraft | None:
    people = ("created_by", "updated_by", "based_on", "published_as")
    rows = PlaybookDraft.objects.select_related(*people).defer("based_on__data", "published_as__data")
    return rows.filter(pk=draft_id).first()


def may_edit(person: Person, draft: PlaybookDraft) -> bool:
    """Whether this person works on this draft at all; what they may change in it is the draft's own affair."""
    if access.may_draft_playbook(person.roles):
        return True
    return draft.questions_only and access.may_draft_questions(person.roles)


@dataclass(frozen=True)
class Against:
    """A draft beside a version: the one in force while it is a draft, the one it began with once it is closed."""

    draft: PlaybookDraft
    number: int

    @cached_property
    def before(self) -> dict[str, Any]:
        return to_json(playbooks.by_number(self.number))

    @cached_property
    def after(self) -> dict[str, Any]:
        return to_json(from_json(self.draft.data, self.draft.schema_version))

    @cached_property
    def chapters(self) -> tuple[Chapter, ...]:
        return compare(self.before, self.after)

    @cached_property
    def count(self) -> int:
        return sum(len(chapter.rows) for chapter in self.chapters)

    @property
    def equal(self) -> int:
        return equal_rules(self.before, self.after)

    @cached_property
    def dropped(self) -> list[Dropped]:
        return dropped(self.before, self.after)


def against(draft: PlaybookDraft) -> Against:
    if draft.is_open or draft.based_on is None:
        return Against(draft, playbooks.current_number())
    return Against(draft, draft.based_on.number)


def version_numbers() -> list[int]:
    """Newest first."""
    return list(PlaybookVersion.objects.order_by("-number").values_list("number", flat=True)[:200])


def open_drafts() -> list[PlaybookDraft]:
    """The newest ones that are worked on, to choose from."""
    return list(PlaybookDraft.objects.filter(state=DraftState.DRAFT).only("name", "updated_at")[:50])
