"""One record from a form that is sent twice: by a double click, a reload, or a network that lost the first answer."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone

from crm.models import Person, SentForm
from crm.services.audit import Act

Made = TypeVar("Made", bound=Model)

KEPT = dt.timedelta(days=1)


def made_before(model: type[Made], token: str, by: Person) -> Made | None:
    """What this person's form of this token made already."""
    key = _read(token)
    sent = SentForm.objects.filter(token=key, made_by=by, kind=model._meta.label).first() if key else None
    return model._default_manager.filter(pk=sent.object_id).first() if sent else None


def once(model: type[Made], token: str, act: Act, make: Callable[[], Made]) -> Made:
    """What `make` makes, or what the same form made before it. Of two at the same moment the second waits for the first, finds
    its token taken, and everything it wrote is undone. Without a token, as a script may post, `make` is simply called.

    Raises what `make` raises; its token is free again then.
    """
    key = _read(token)
    if key is None or act.by is None:
        return make()
    try:
        with transaction.atomic():
            made = make()
            SentForm.objects.create(
                token=key, made_by=act.by, kind=model._meta.label, object_id=made.pk, sent_at=act.now
            )
            return made
    except IntegrityError:
        first = made_before(model, token, act.by)
        if first is None:
            raise
        return first


def forget(now: dt.datetime | None = None) -> None:
    """Forgets forms sent long ago; beat asks for it."""
    SentForm.objects.filter(sent_at__lt=(now or timezone.now()) - KEPT).delete()


def _read(token: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(token)
    except ValueError:
        return None
