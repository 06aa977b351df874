"""People, the tree of teams they sit in, and the tokens their scripts sign in with."""

from __future__ import annotations

import zlib
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models

from crm.rules.access import Role


class Team(models.Model):
    """A node of the team tree. `path` lists the ids from the root ("/1/4/"), so a subtree is one indexed prefix."""

    name = models.CharField(max_length=120, unique=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=250, default="", editable=False, db_index=True)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


def _known_roles(value: object) -> None:
    if not isinstance(value, list) or any(role not in set(Role) for role in value):
        raise ValidationError(f"Roles are a list out of: {', '.join(Role)}.")


class Person(AbstractUser):
    """Somebody who signs in. Roles say what for; a manager's reach is the team they sit in and all teams beneath it."""

    # A list on the row, not a table: every request needs the roles of one person, nothing searches people by role at
    # size.
    roles = models.JSONField(default=list, blank=True, validators=[_known_roles])
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="members")
    time_zone = models.CharField(max_length=64, default="UTC")
    # When they last stopped being active; stays when they come back, for sessions of before are over.
    deactivated_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta(AbstractUser.Meta):
        ordering: ClassVar = ["first_name", "last_name", "id"]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    @property
    def initials(self) -> str:
        letters = (self.first_name[:1] + self.last_name[:1]) or self.username[:2]
        return letters.upper()

    @property
    def zone(self) -> ZoneInfo:
        """Their time zone; UTC where its name is none this machine knows."""
        try:
            return ZoneInfo(self.time_zone)
        except (KeyError, ValueError):
            return ZoneInfo("UTC")

    @property
    def version(self) -> int:
        """Another number once something was edited. Not counted in a column: signing in writes this row too."""
        shown = (self.username, self.first_name, self.last_name, self.email, self.roles, self.team_id, self.time_zone)
        return zlib.crc32(repr((*shown, self.is_active)).encode())

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Another one after a deactivation, so that a session of before does not come back to life with its person."""
        found: str = super()._get_session_auth_hash(secret)  # type: ignore[misc] # Django's, without a stub
        return found if self.deactivated_at is None else f"{found}-{self.deactivated_at.timestamp():.6f}"

    def has_role(self, *roles: Role) -> bool:
        return any(role in self.roles for role in roles)


class ApiToken(models.Model):
    """A personal token for the API. Only its SHA-256 is kept; the token is shown once, when it is made."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(max_length=12, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"
