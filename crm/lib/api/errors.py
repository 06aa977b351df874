"""Every refusal of the API in one shape: {"error": {"status", "message", "fields"}}, whoever raised it.

`fields` maps a field of the body or a query parameter to its sentences; what lies deeper is named with dots
("facts.budget_amount"). A 412 carries the record as it stands now under `current`, a 410 under `merged_into` the one that
a merged record is now.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.core.signals import got_request_exception
from django.http import Http404
from django.urls import reverse
from django.utils.log import log_response
from rest_framework import exceptions
from rest_framework.exceptions import APIException
from rest_framework.response import Response

from crm.lib.api.words import in_our_words
from crm.lib.errors import Clash, EditConflict, Invalid, NotAllowed
from crm.models import Person
from crm.queries.merging import MODELS, seen_survivor
from crm.queries.playbook import NoPlaybook

Fields = dict[str, list[str]]

UNSEEN = "There is nothing here, or it is not yours to see."
LOCKED = "Read the record first and send its ETag as If-Match, so that nobody's change is overwritten unseen."


class BadQuery(APIException):
    """A query parameter that does not exist, or a value it can't have: 400. Pages leave such a filter out; a script
    would not notice."""

    status_code = 400

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = {name: [said] for name, said in fields.items()}
        super().__init__(" ".join(fields.values()))


class PreconditionRequired(APIException):
    """A write to an existing record without If-Match: 428."""

    status_code = 428
    default_detail = LOCKED


class Stale(APIException):
    """The record was saved since it was read: 412, with what it is now."""

    status_code = 412

    def __init__(self, current: Mapping[str, Any], etag: str, message: str = "") -> None:
        self.current, self.etag = current, etag
        super().__init__(message or "Somebody else saved this in the meantime. Look at what it is now, then try again.")


class NoAddress(APIException):
    """Nothing lives here at all, whoever asks."""

    status_code = 404
    default_detail = "There is no such address. Addresses end with a slash; /api/schema/ has them all."


class BadForm(APIException):
    """A multipart body that can't be read: 400."""

    status_code = 400
    default_detail = "The body can't be read as a form. Send it as multipart/form-data, with its boundary."


class TooLarge(APIException):
    status_code = 413
    default_detail = "The body is larger than this address takes."


def body(status: int, message: str, fields: Fields | None = None, **more: Any) -> dict[str, Any]:
    return {"error": {"status": status, "message": message, "fields": fields or {}, **more}}


def answer(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """The exception handler of Django REST framework. None lets Django show its own page, with the traceback, while
    debugging."""
    match error:
        case Invalid():
            return _said(422, _summary(error.errors), error.errors)
        case exceptions.ValidationError():
            fields = dict(_flat(error.detail))
            return _said(422, _summary(fields), fields)
        case NotAllowed() | DjangoPermissionDenied():
            return _said(403, str(error) or "Your role does not include this.")
        case Clash():
            return _said(409, str(error))
        case EditConflict():
            return _said(412, str(error))
        case Http404() | ObjectDoesNotExist():
            return _merged_away(context) or _said(404, UNSEEN)
        case NoPlaybook():
            return _said(503, "No playbook is published yet. Operations can publish one.")
        case APIException():
            return _own(error, context)
    if settings.DEBUG:
        return None
    # Django's own handling, in our shape: the log has the traceback, test clients get the exception.
    request = getattr(context.get("request"), "_request", None)
    got_request_exception.send(sender=None, request=request)
    response = _said(500, "Something went wrong here. It is in the log; trying again later may help.")
    log_response("%s: %s", type(error).__name__, error, response=response, request=request, exception=error)
    return response


def _merged_away(context: Mapping[str, Any]) -> Response | None:
    """Where the record of this address went, for those who may see where. No redirect: a client that follows one would take
    another record for the one it asked for, and write to it."""
    user = context["request"].user
    for kind in MODELS:
        pk = context["kwargs"].get(f"{kind}_id")
        if pk is not None and isinstance(user, Person) and (now := seen_survivor(user, kind, pk)) is not None:
            address = reverse(f"api:{kind}", args=[now.pk])
            said = f"This {kind} was merged into {now}. Go on at {address}."
            return _said(410, said, merged_into={"kind": kind, "id": now.pk, "address": address})
    return None


def _own(error: APIException, context: Mapping[str, Any]) -> Response:
    """What REST framework and this package raise."""
    match error:
        case Stale():
            response = _said(412, str(error.detail), current=error.current)
            response["ETag"] = error.etag
        case BadQuery():
            response = _said(400, str(error.detail), error.fields)
        case _:
            response = _said(error.status_code, _sentence(error, context))
    if header := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = header
    if (wait := getattr(error, "wait", None)) is not None:
        response["Retry-After"] = str(math.ceil(wait))
    return response


def _sentence(error: APIException, context: Mapping[str, Any]) -> str:
    """REST framework's own refusals, saying what to do."""
    match error:
        case exceptions.ParseError():
            why = str(error.detail).removeprefix("JSON parse error - ").rstrip(".")
            return f"The body can't be read as JSON. {why}."
        case exceptions.NotAuthenticated():
            return "Sign in, or send a personal token: Authorization: Bearer TOKEN."
        case exceptions.MethodNotAllowed():
            possible = ", ".join(method for method in context["view"].allowed_methods if method != "OPTIONS")
            return f"{context['request'].method} is not possible here. Possible: {possible}."
        case exceptions.UnsupportedMediaType():
            if "multipart/form-data" in {one.media_type for one in context["view"].get_parsers()}:
                return "Send a form with the file in it: Content-Type: multipart/form-data."
            return "Send JSON, and say so: Content-Type: application/json."
        case exceptions.NotAcceptable():
            return "Answers are JSON. Accept application/json."
        case exceptions.NotFound():
            return UNSEEN
        case exceptions.Throttled():
            return "Too many requests in this minute. Retry-After says how many seconds to wait."
    return str(error.detail)


def _said(status: int, message: str, fields: Fields | None = None, **more: Any) -> Response:
    return Response(body(status, message, fields, **more), status=status)


def _summary(fields: Mapping[str, list[str]]) -> str:
    """What belongs to no field, else the one sentence there is, else how many fields are wrong."""
    if general := fields.get(""):
        return " ".join(general)
    sentences = [sentence for said in fields.values() for sentence in said]
    if len(sentences) == 1:
        return sentences[0]
    return f"{'One value' if len(fields) == 1 else f'{len(fields)} values'} can't be taken. See fields."


def _flat(detail: Any, path: str = "") -> Iterator[tuple[str, list[str]]]:
    """REST framework's nested details as dotted names."""
    if isinstance(detail, Mapping):
        for key, inner in detail.items():
            name = "" if key == "non_field_errors" else str(key)
            yield from _flat(inner, ".".join(part for part in (path, name) if part))
    elif isinstance(detail, list) and any(isinstance(inner, Mapping | list) for inner in detail):
        for place, inner in enumerate(detail):
            if inner:
                yield from _flat(inner, f"{path}.{place}" if path else str(place))
    else:
        yield path, [in_our_words(str(said)) for said in (detail if isinstance(detail, list) else [detail])]
