"""What can be deleted and brought back: rows in the bin are there for the bin alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

KEPT_DAYS = 30
"""How long a deleted row can be brought back."""


class HidesDeleted:
    """First base of a queryset whose manager leaves deleted rows out, unless a subclass says `with_deleted`."""

    with_deleted = False

    if not TYPE_CHECKING:  # to mypy's plugin it is Django's own, which makes the same class of manager

        @classmethod
        def as_manager(cls):
            if cls.with_deleted:
                return super().as_manager()

            present = models.Manager.from_queryset(cls)  # a class of its own each time

            def get_queryset(self):
                return super(present, self).get_queryset().filter(deleted_at__isnull=True)

            present.get_queryset = get_queryset
            return present()


class Deletable(models.Model):
    """A row that is deleted by `deleted_at` first and for good later.

    Its model's `objects` leave deleted rows out, everywhere and before any other condition; `everything` has them too, for
    the bin, for what must not be taken twice (an import's ids), and for what must stay true of them (stages that a
    playbook drops).
    """

    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    # "account:12": went with that record, comes back with it.
    deleted_with = models.CharField(max_length=60, blank=True, default="", editable=False)

    class Meta:
        abstract = True
