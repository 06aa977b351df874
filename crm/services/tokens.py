"""Personal tokens for the API: shown once, stored as a hash, revoked in one step."""

from __future__ import annotations

import hashlib
import secrets

from django.db import transaction

from crm.lib.errors import Invalid
from crm.models import ApiToken, Person
from crm.services.audit import Act, record

PREFIX = "qd_"
"""Makes a leaked token recognisable to secret scanners."""


def digest(token: str) -> str:
    """A token is 256 random bits, so a plain hash can't be searched; a slow one would cost every request."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def create_token(*, act: Act, person: Person, name: str) -> tuple[ApiToken, str]:
    """A new token and its text, which is kept nowhere. Raises Invalid without a name."""
    if not name.strip():
        raise Invalid({"name": "Name the token after what will use it, so that you know which one to revoke."})
    text = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(person=person, name=name.strip()[:80], digest=digest(text), hint=text[:8])
    record(act=act, kind="token", record_id=token.pk, verb="created", changes={"name": (None, token.name)})
    return token, text


@transaction.atomic
def revoke_token(*, act: Act, person: Person, token_id: int) -> ApiToken:
    """Ends a token of this person at once; revoking again changes nothing. Raises ApiToken.DoesNotExist for others' tokens."""
    token = ApiToken.objects.select_for_update().get(pk=token_id, person=person)
    if token.revoked_at is None:
        token.revoked_at = act.now
        token.save(update_fields=["revoked_at"])
        record(act=act, kind="token", record_id=token.pk, verb="revoked", changes={"name": (token.name, None)})
    return token
