"""Signing in to the API with a personal token."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.backends import ModelBackend
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from crm.models import ApiToken, Person
from crm.services.tokens import digest

NOTED_EVERY = dt.timedelta(minutes=1)


class BearerTokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer qd_…`. Unknown, revoked, or of somebody no longer active: 401, without saying which."""

    def authenticate(self, request: Request) -> tuple[Person, ApiToken] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"bearer":
            return None
        if len(words) != 2:
            raise AuthenticationFailed("Send the token as: Authorization: Bearer TOKEN.")
        token = (
            ApiToken.objects.select_related("person__team")
            .filter(digest=digest(words[1].decode("latin-1")), revoked_at=None, person__is_active=True)
            .first()
        )
        if token is None:
            raise AuthenticationFailed("This token is not valid. Make a new one on your API tokens page.")
        now = timezone.now()
        # Once a minute is enough to see which tokens are in use, and saves a write a request.
        if token.last_used_at is None or now - token.last_used_at > NOTED_EVERY:
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        return token.person, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Quarterdeck"'


class PersonBackend(ModelBackend):
    """Django's own sign-in by password; a session's person comes with their team, which every page of a manager needs."""

    def get_user(self, user_id: int) -> Person | None:
        person = Person.objects.select_related("team").filter(pk=user_id).first()
        return person if person is not None and self.user_can_authenticate(person) else None
