"""Who we sell to: accounts and the people who work there."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from crm.lib.fields import MinorUnitsField
from crm.models.bin import Deletable, HidesDeleted
from crm.rules import access

if TYPE_CHECKING:
    from crm.models.people import Person


class AccountQuerySet(HidesDeleted, models.QuerySet["Account"]):
    def visible_to(self, user: Person) -> Self:
        """Account names are common knowledge inside the company; somebody without a role sees none."""
        return self if access.sees_accounts(user.roles) else self.none()

    def named_like(self, text: str) -> Self:
        return self.filter(name_key__contains=text.casefold().strip())


class EveryAccount(AccountQuerySet):
    with_deleted = True


class Account(Deletable):
    """A company. `facts` are the playbook's account facts (canonical JSON form), on which its deals are judged too."""

    name = models.CharField(max_length=200)
    # Case folding differs between the engines, so search and duplicate checks use a key folded in Python.
    name_key = models.CharField(max_length=200, editable=False)
    domain = models.CharField(max_length=120, blank=True)
    segment = models.CharField(max_length=60, blank=True)
    vertical = models.CharField(max_length=60, blank=True)
    sub_segment = models.CharField(max_length=60, blank=True)
    region = models.CharField(max_length=60, blank=True)
    country = models.CharField(max_length=80, blank=True)
    employees = models.PositiveIntegerField(null=True, blank=True)
    annual_revenue = MinorUnitsField(null=True, blank=True)
    founded_year = models.PositiveSmallIntegerField(null=True, blank=True)
    current_vendor = models.ForeignKey(
        "crm.Competitor", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    facts = models.JSONField(default=dict, blank=True)
    parent = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="subsidiaries")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="accounts"
    )
    is_placeholder = models.BooleanField(default=False)
    source = models.CharField(max_length=60, blank=True)
    source_id = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1)

    # Of two accounts that were one: this one's rows are at that one now, and its address leads there.
    merged_into = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, editable=False, related_name="+"
    )

    objects = AccountQuerySet.as_manager()
    everything = EveryAccount.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["name_key", "id"]),
            models.Index(fields=["domain"], condition=~Q(domain=""), name="account_domain"),
            models.Index(fields=["created_at", "id"]),
            models.Index(fields=["updated_at", "id"]),
            models.Index(fields=["segment", "name_key", "id"]),
            models.Index(fields=["vertical", "name_key", "id"]),
            models.Index(fields=["region", "name_key", "id"]),
            models.Index(fields=["deleted_at", "id"], condition=Q(deleted_at__isnull=False), name="account_in_bin"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "source_id"], condition=~Q(source=""), name="account_source"),
            models.CheckConstraint(condition=~Q(name=""), name="account_has_name"),
        ]

    def __str__(self) -> str:
        return self.name if self.deleted_at is None else f"{self.name} (deleted)"

    @property
    def shown_parent(self) -> Account | None:
        """The account above, unless it is deleted."""
        return None if self.parent is None or self.parent.deleted_at else self.parent

    def save(self, *args: object, **kwargs: object) -> None:
        self.name_key = self.name.casefold().strip()
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class ContactQuerySet(HidesDeleted, models.QuerySet["Contact"]):
    def visible_to(self, user: Person) -> Self:
        """People at accounts are details: whoever sees deals in full sees contacts, enablement and viewers do not."""
        return self if access.sees_contacts(user.roles) else self.none()

    def named_like(self, text: str) -> Self:
        return self.filter(name_key__contains=text.casefold().strip())


class EveryContact(ContactQuerySet):
    with_deleted = True


class Contact(Deletable):
    """Somebody at an account. What they do on a deal (buying role, sentiment) is kept on the deal."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="contacts")
    first_name = models.CharField(max_length=80, blank=True)
    last_name = models.CharField(max_length=80)
    name_key = models.CharField(max_length=200, editable=False)
    title = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    persona = models.CharField(max_length=60, blank=True)
    reports_to = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="reports")
    source = models.CharField(max_length=60, blank=True)
    source_id = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1)

    merged_into = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, editable=False, related_name="+"
    )

    objects = ContactQuerySet.as_manager()
    everything = EveryContact.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["name_key", "id"]),
            models.Index(fields=["email"], condition=~Q(email=""), name="contact_email"),
            models.Index(fields=["deleted_at", "id"], condition=Q(deleted_at__isnull=False), name="contact_in_bin"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "source_id"], condition=~Q(source=""), name="contact_source"),
            models.CheckConstraint(condition=~Q(last_name=""), name="contact_has_name"),
        ]

    def __str__(self) -> str:
        return self.full_name if self.deleted_at is None else f"{self.full_name} (deleted)"

    @property
    def shown_boss(self) -> Contact | None:
        """Whom they report to, unless that contact is deleted."""
        return None if self.reports_to is None or self.reports_to.deleted_at else self.reports_to

    def save(self, *args: object, **kwargs: object) -> None:
        self.name_key = self.full_name.casefold()
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def initials(self) -> str:
        return (self.first_name[:1] + self.last_name[:1]).upper()


class Competitor(models.Model):
    """Somebody we compete with. Those of the playbook carry its key and follow it when a version is published."""

    key = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    in_playbook = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """Something sold: from the playbook, or brought by an import."""

    key = models.CharField(max_length=120, unique=True)
    name = models.CharField(max_length=120)
    line = models.CharField(max_length=60, blank=True)
    list_price = MinorUnitsField(null=True, blank=True)
    in_playbook = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name
