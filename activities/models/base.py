"""What every entry shares: it is about exactly one account, contact or deal, and seen by whoever sees that in full."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from crm.models import Person
from crm.rules import access
from crm.rules.access import Reach
from deals.models import Deal

SUBJECTS = ("account", "contact", "deal")

if TYPE_CHECKING:
    _Rows = models.QuerySet[Any]
else:
    _Rows = models.QuerySet


class EntryQuerySet(_Rows):
    """The only door to entries: what it leaves out is 404."""

    def visible_to(self, user: Person) -> Self:
        """Entries about the deals, accounts and contacts somebody sees in full; enablement and viewers see none."""
        reach = access.detail_reach(user.roles)
        if not user.is_active or reach is Reach.NOTHING:
            return self.none()
        if reach is Reach.ALL:
            return self.present()
        return self.present().filter(Q(deal__isnull=True) | Q(deal__in=Deal.objects.detailed_to(user).values("pk")))

    def present(self) -> Self:
        """Without those about what is in the bin."""
        return self.filter(account__deleted_at=None, contact__deleted_at=None, deal__deleted_at=None)

    def about(self, kind: str, pk: int) -> Self:
        assert kind in SUBJECTS, kind
        return self.filter(**{kind: pk})


class Entry(models.Model):
    """`at` is where it stands on the timeline."""

    account = models.ForeignKey(
        "crm.Account", on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    contact = models.ForeignKey(
        "crm.Contact", on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    deal = models.ForeignKey(
        "deals.Deal", on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    updated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = EntryQuerySet.as_manager()

    class Meta:
        abstract = True
        indexes: ClassVar = [
            models.Index(
                fields=["account", "-at", "-id"], condition=Q(account__isnull=False), name="%(class)s_account"
            ),
            models.Index(
                fields=["contact", "-at", "-id"], condition=Q(contact__isnull=False), name="%(class)s_contact"
            ),
            models.Index(fields=["deal", "-at", "-id"], condition=Q(deal__isnull=False), name="%(class)s_deal"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(account__isnull=False, contact__isnull=True, deal__isnull=True)
                | Q(account__isnull=True, contact__isnull=False, deal__isnull=True)
                | Q(account__isnull=True, contact__isnull=True, deal__isnull=False),
                name="%(class)s_about_one",
            ),
        ]

    @property
    def about_kind(self) -> str:
        return next(kind for kind in SUBJECTS if getattr(self, f"{kind}_id") is not None)

    @property
    def about_id(self) -> int:
        found: int = getattr(self, f"{self.about_kind}_id")
        return found

    @property
    def is_edited(self) -> bool:
        return self.version > 1
