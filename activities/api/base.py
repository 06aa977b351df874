"""What the addresses of all entries share: the rows one sees, filters by what they are about, and writes under If-Match."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import QuerySet

from activities.models import Entry
from activities.queries.subjects import subject_of
from activities.serializers.about import EntryAnswer
from activities.services.base import may_change
from crm.lib import keyset
from crm.lib.api.etags import Shown
from crm.lib.api.filters import Filter, identity
from crm.lib.api.views import ApiView
from crm.lib.errors import NotAllowed
from crm.lib.keyset import Sort
from crm.rules import access

READ_ONLY = "You can read this but not change it. Ask whoever wrote it, or whoever may change the record."
NO_DETAILS = "Your role does not see what is written about records."
FILTERS: tuple[Filter, ...] = (
    identity("deal", "A deal's id."),
    identity("account", "An account's id."),
    identity("contact", "A contact's id."),
    identity("created_by", "A person's id."),
)
SORTS = keyset.both_ways(Sort("at", "When", ("at",)), Sort("created", "Created", ("created_at",)))


class EntryApi(ApiView):
    """`model` and its `answer_shape`; `related` and `many` are fetched along."""

    model: ClassVar[type[Entry]]
    answer_shape: ClassVar[type[EntryAnswer]]
    many: ClassVar[tuple[str, ...]] = ()
    related: ClassVar[tuple[str, ...]] = ("created_by",)

    def rows(self) -> QuerySet[Any]:
        manager: Any = self.model._default_manager
        found: QuerySet[Any] = manager.visible_to(self.person).select_related(*self.related)
        return found.prefetch_related(*self.many)

    def show(self, rows: list[Any]) -> list[Any]:
        return list(self.answer_shape(rows, many=True).data)

    def shown(self, pk: int) -> Shown:
        row = self.rows().get(pk=pk)
        return Shown(self.show([row])[0], row.version)

    def adds(self) -> None:
        """Before a body is read: somebody without a role finds nothing here, one who sees names only is refused."""
        self.require(access.sees_contacts, NO_DETAILS)

    def change(self, pk: int, do: Callable[[int], Any]) -> None:
        """Runs a write to an entry under If-Match. Not seen: 404. Seen but not to be changed: 403, before anything else."""
        row = self.rows().get(pk=pk)
        if not may_change(self.person, row, subject_of(self.person, row)):
            raise NotAllowed(READ_ONLY)
        self.replace(lambda: self.shown(pk), do)
