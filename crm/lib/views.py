"""What views share: who asks, what they may, and how a service's refusal becomes an answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django_htmx.middleware import HtmxDetails

from crm.lib.errors import Clash, EditConflict, Invalid, NotAllowed
from crm.models import Person
from crm.services.audit import Act

Result = TypeVar("Result")
View = Callable[..., HttpResponse]


class Request(HttpRequest):
    """A request behind the sign-in, with django-htmx's details."""

    user: Person
    htmx: HtmxDetails


def act(request: HttpRequest, *, why: str = "") -> Act:
    """The act of whoever asks, now, by page."""
    assert isinstance(request.user, Person)
    return Act(by=request.user, at=timezone.now(), why=why)


def allowed(
    may: Callable[[Iterable[str]], bool], *, write: Callable[[Iterable[str]], bool] | None = None
) -> Callable[[View], View]:
    """A view for those whose roles `may` see it, and `write` for anything but reading.

    Not signed in: to the sign-in page. No role at all: 404, for such a person nothing is here. Other roles: 403.
    """

    def wrap(view: View) -> View:
        @login_required
        @wraps(view)
        def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            assert isinstance(request.user, Person)
            if not request.user.roles:
                raise Http404("There is nothing here for you yet.")
            needed = write if write is not None and request.method not in {"GET", "HEAD"} else may
            if not needed(request.user.roles):
                raise PermissionDenied("Your role does not include this. Operations can change roles.")
            return view(request, *args, **kwargs)

        return answer

    return wrap


def attempt(
    form: forms.Form, do: Callable[[], Result], *, prefix: str = "", conflicts: bool = True
) -> tuple[Result | None, int]:
    """Runs a service for a valid form: its result and 200, or None and the status of its refusal, told on the form.

    Without `conflicts` an EditConflict goes on to the caller, who knows how to show both versions. `prefix` is what this
    form puts before some of the service's names (its facts).
    """
    try:
        return do(), 200
    except Invalid as wrong:
        tell(form, wrong.errors, prefix=prefix)
        return None, 422
    except (Clash, EditConflict) as clash:
        if isinstance(clash, EditConflict) and not conflicts:
            raise
        form.add_error(None, f"{clash} Look at what is there now, and send yours again if it still holds.")
        return None, 409
    except ObjectDoesNotExist:
        form.add_error(None, "This is no longer here: somebody deleted it meanwhile, or merged it into another record.")
        return None, 409
    except NotAllowed as refused:
        raise PermissionDenied(str(refused)) from refused


def tell(form: forms.Form, errors: Mapping[str, Iterable[str]], *, prefix: str = "") -> None:
    """Puts a service's sentences at the fields they belong to; those of no field go to the head of the form."""
    for field, sentences in errors.items():
        place = next((name for name in (prefix + field, field) if name in form.fields), None)
        for sentence in sentences:
            form.add_error(place, sentence)


def person(request: HttpRequest) -> Person:
    """Whoever asks, behind the sign-in."""
    assert isinstance(request.user, Person)
    return request.user


def bare(request: HttpRequest) -> bool:
    """htmx asks for a part of a page, not a page."""
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def saved(request: HttpRequest, said: str, *, changed: str, to: str) -> HttpResponse:
    """After a write: htmx closes its dialog and tells the page's panels by the event `changed`; a browser goes to `to`."""
    if bare(request):
        events = {"close-dialog": True, changed: True, "toast": {"text": said, "tone": "good"}}
        return HttpResponse(status=204, headers={"HX-Trigger": json.dumps(events)})
    messages.success(request, said)
    return HttpResponseRedirect(to)


def today_panel(request: HttpRequest, partial: str, key: str, title: str, context: Mapping[str, Any]) -> HttpResponse:
    """A panel of the page a day begins with: bare to htmx, else within a page of its own."""
    values = {**context, "panel_id": f"today-{key}", "title": title}
    if bare(request):
        return render(request, partial, values)
    return render(request, "crm/today_panel.html", {**values, "partial": partial})


def number(text: str | None) -> int:
    """An id out of an address; 0, which nothing has, for anything else."""
    return int(text) if text and text.isdecimal() and text.isascii() and len(text) < 19 else 0
