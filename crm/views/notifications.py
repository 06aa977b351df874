"""What one was told: the bell, the list, opening and reading."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET, require_POST

from crm.lib import keyset
from crm.lib.keyset import Sort
from crm.lib.views import act, allowed, number, person
from crm.models import NotificationKind
from crm.queries.notifications import as_seen, of_person, unread_count
from crm.rules import access
from crm.services.notifications import mark_all_read, mark_read

SORTS = keyset.both_ways(Sort("at", "When", ("at",)))


@require_GET
@allowed(access.sees_accounts)
def notification_list(request: HttpRequest) -> HttpResponse:
    user = person(request)
    kind = request.GET.get("kind", "")
    kind = kind if kind in NotificationKind.values else ""
    unread = request.GET.get("unread") == "1"
    rows = of_person(user, kind=kind, unread=unread).select_related("by")
    page = keyset.page(rows, SORTS, request.GET, default="-at", noun="notifications")
    context = {
        "page": page,
        "told": as_seen(user, page.rows),
        "kind": kind,
        "unread": unread,
        "kinds": NotificationKind.choices,
        "count": unread_count(user),
        "now": timezone.now().isoformat(),
        "back": request.get_full_path(),
    }
    return render(request, "crm/notification_list.html", context)


@require_GET
@allowed(access.sees_accounts)
def notification_open(request: HttpRequest, notification_id: int) -> HttpResponse:
    """On to what it tells of; whoever goes there has read it."""
    row = of_person(person(request)).filter(pk=notification_id).first()
    if row is None:
        raise Http404("There is no such notification.")
    mark_read(act=act(request), ids=[row.pk])
    url = as_seen(person(request), [row])[0].url
    if not url:
        messages.warning(request, "What this was about is gone, or no longer yours to see.")
    return redirect(url or "crm:notification-list")


@require_POST
@allowed(access.sees_accounts)
def notification_read(request: HttpRequest) -> HttpResponse:
    """`id` marks one as read, or with `unread` as unread again; without it, everything up to `until`."""
    if request.POST.get("id"):
        mark_read(act=act(request), ids=[number(request.POST["id"])], is_read="unread" not in request.POST)
    else:
        changed = mark_all_read(act=act(request), until=_moment(request.POST.get("until", "")))
        messages.success(request, "All read." if changed else "There was nothing unread.")
    back = request.POST.get("back", "")
    return redirect(back if back.startswith("/notifications/?") else "crm:notification-list")


@require_GET
@login_required
def bell(request: HttpRequest) -> HttpResponse:
    """The bell with its number; asked for after the page is there, so that no page waits for it. 204 while it is the same."""
    user = person(request)
    if not user.roles:
        raise Http404("There is nothing here for you yet.")
    count = unread_count(user)
    if request.GET.get("token") == str(count):
        return HttpResponse(status=204)
    return render(request, "crm/partials/bell.html", {"count": count, "loaded": True})


def _moment(text: str) -> dt.datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None and found <= timezone.now() else None
