"""The person's time zone for every page, and 401 in place for scripts where a browser would be sent to sign in."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils import timezone

from crm.lib.recent import remember
from crm.lib.texts import storable
from crm.models import Person

Answer = Callable[[HttpRequest], HttpResponse]


class TimeZoneMiddleware:
    """Shows times as the person's clock has them. A zone this machine does not know is UTC."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, Person):
            timezone.activate(request.user.zone)
        else:
            timezone.deactivate()
        return self.get_response(request)


class ReadableAddressMiddleware:
    """400 for an address with a character no text of ours can hold (NUL): every search and filter would have to refuse it for
    itself. The API says so in its own words."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith("/api/"):
            values = [value for values in request.GET.lists() for value in (values[0], *values[1])]
            if not all(map(storable, (request.path_info, *values))):
                raise BadRequest("The address holds a character that can't be read.")
        return self.get_response(request)


class LargestRequestMiddleware:
    """413 for a body larger than all the files a form takes together, before a byte of it is read. What is smaller is judged
    by the form, which can say which file is too large."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > settings.LARGEST_REQUEST:
            return HttpResponse("That is more than can be sent at once. Send fewer or smaller files.", status=413)
        return self.get_response(request)


class SignInAgainMiddleware:
    """A request by htmx whose session ended gets 401 instead of the sign-in page in the middle of another page; the page's script then
    asks for the password in a dialog, and nothing typed is lost."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # A boosted link may go to the sign-in page as any link does; a boosted form holds typed text.
        boosted_link = request.headers.get("HX-Boosted") == "true" and request.method == "GET"
        by_script = request.headers.get("HX-Request") == "true" and not boosted_link
        if not by_script or response.status_code != 302 or request.user.is_authenticated:
            return response
        if urlsplit(response.headers["Location"]).path != resolve_url(settings.LOGIN_URL):
            return response
        return HttpResponse("You have been signed out. Sign in again to go on.", status=401)


class RecentMiddleware:
    """Keeps which records somebody looked at last, for the palette."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        remember(request, response)
        return response
