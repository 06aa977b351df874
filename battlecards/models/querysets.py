"""The doors to cards: whoever has a role reads what is published, editors see what is not yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models

from crm.models import Person
from crm.rules import access

if TYPE_CHECKING:
    _Rows = models.QuerySet[Any]
else:
    _Rows = models.QuerySet


class CardQuerySet(_Rows):
    def visible_to(self, user: Person) -> Self:
        """What it leaves out is 404: everything to those without a role, and to those who only read what was never published or
        is retired."""
        if not user.is_active or not access.reads_cards(user.roles):
            return self.none()
        return self if access.may_edit_cards(user.roles) else self.published()

    def editable_by(self, user: Person) -> Self:
        return self if user.is_active and access.may_edit_cards(user.roles) else self.none()

    def published(self) -> Self:
        """What the field reads."""
        return self.filter(current__isnull=False, retired_at__isnull=True)
