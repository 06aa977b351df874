"""The editors' queue, and what they say of its rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from battlecards.queries import field, queue
from battlecards.queries import kept as queue_kept
from battlecards.rules.queue import HARM, HARMS, MONTH_DAYS, MOST_MONTHS, VIEWS_A_USE, WINDOW_DAYS
from battlecards.services.feedback import mark_seen
from battlecards.services.reviewing import card_reviewed, gap_known, still_holds
from battlecards.views.claims import edit_url
from crm.lib.errors import Clash, Invalid
from crm.lib.views import act, allowed, today_panel
from crm.queries.company import company, day_of
from crm.rules import access

A_PAGE, AT_MOST, ON_TODAY = 50, 500, 5


@require_safe
@allowed(access.may_edit_cards)
def editors_queue(request: HttpRequest) -> HttpResponse:
    """?why= narrows it to one thing that is wrong, ?most= shows more."""
    why = request.GET.get("why", "")
    why = why if why in HARM else ""
    # Narrowed, the rows to show may stand anywhere; else they are the first.
    kept = queue_kept.kept(*_now(), None if why else AT_MOST, anew="anew" in request.GET)
    found = kept.queue
    most = request.GET.get("most", "")
    shown = min(int(most), AT_MOST) if most.isascii() and most.isdigit() and len(most) < 5 else A_PAGE
    rows = found.of(why)
    number = len(rows) if why else kept.all
    unread, suggested = field.to_read()
    context = {
        "items": [
            (item, edit_url(item.card, item.key) if item.card else "")
            for item in queue.dressed(found, rows[: max(shown, 1)])
        ],
        "all": number,
        "more": shown + A_PAGE if number > shown and shown < AT_MOST else 0,
        "why": why,
        "views": [("", "All", kept.all, not why)]
        + [(one.key, one.label, found.counts[one.key], why == one.key) for one in HARMS if one.key in found.counts],
        "harms": HARMS,
        "rule": {"window": WINDOW_DAYS, "month": MONTH_DAYS, "months": MOST_MONTHS, "views": VIEWS_A_USE},
        "unread": unread,
        "suggested": suggested,
        "kept": kept,
    }
    return render(request, "battlecards/editors_queue.html", context)


@require_safe
@allowed(access.may_edit_cards)
def today_cards(request: HttpRequest) -> HttpResponse:
    kept = queue_kept.kept(*_now(), ON_TODAY, anew="anew" in request.GET)
    found = kept.queue
    unread, suggested = field.to_read()
    context = {
        "items": queue.dressed(found, found.rows),
        "kept": kept,
        "all": kept.all,
        "due": sum(found.counts.get(key, 0) for key in ("due", "due_now")),
        "unread": unread,
        "suggested": suggested,
    }
    return today_panel(request, "battlecards/partials/today_cards.html", "cards", "Which cards need me?", context)


def _now() -> tuple[dt.datetime, dt.date]:
    now = timezone.now()
    return now, day_of(company(), now)


@require_POST
@allowed(access.may_edit_cards)
def claim_holds(request: HttpRequest, claim_id: int) -> HttpResponse:
    note = request.POST.get("note", "")
    return _say(
        request,
        lambda: still_holds(act=act(request), claim_id=claim_id, note=note),
        "It still holds: verified today, and what asked for the look is settled.",
    )


@require_POST
@allowed(access.may_edit_cards)
def claim_seen(request: HttpRequest, claim_id: int) -> HttpResponse:
    return _say(request, lambda: mark_seen(act=act(request), claim_id=claim_id), "What the field says of it is read.")


@require_POST
@allowed(access.may_edit_cards)
def card_holds(request: HttpRequest, card_id: int) -> HttpResponse:
    return _say(request, lambda: card_reviewed(act=act(request), card_id=card_id), "Reviewed. Its next review is set.")


@require_POST
@allowed(access.may_edit_cards)
def gap_seen(request: HttpRequest) -> HttpResponse:
    text, digest = request.POST.get("text", "")[:500], request.POST.get("digest", "")
    digest = digest or queue.digest_of(text)
    said = "Seen. It comes back when it is raised again."
    return _say(request, lambda: gap_known(act=act(request), digest=digest, text=text), said)


def _say(request: HttpRequest, do: Callable[[], object], said: str) -> HttpResponse:
    """Back to the queue as it was narrowed."""
    back = request.POST.get("back", "")
    try:
        do()
        messages.success(request, said)
    except (Clash, Invalid) as refused:
        messages.warning(request, str(refused))
    except ObjectDoesNotExist:
        raise Http404("There is no such thing in the queue.") from None
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if safe else "battlecards:editors-queue")
