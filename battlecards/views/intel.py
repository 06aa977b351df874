"""News of competitors: the list, one of them, logging and mending it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from battlecards.forms.intel import EventForm
from battlecards.models import IntelEvent
from battlecards.queries import intel
from battlecards.services.intel import create_event, may_edit, update_event, withdraw_event
from battlecards.services.responses import start_response
from crm.lib import keyset
from crm.lib.errors import Clash, Invalid, NotAllowed
from crm.lib.views import act, allowed, attempt, bare, person
from crm.models import Competitor
from crm.queries.company import company, day_of
from crm.rules import access
from crm.services.once import once


@require_safe
@allowed(access.reads_cards)
def intel_list(request: HttpRequest) -> HttpResponse:
    """?competitor=, ?kind=; the newest first."""
    user = person(request)
    rivals = _competitors()
    competitor = request.GET.get("competitor", "")
    competitor = competitor if competitor in dict(rivals) else ""
    kind = request.GET.get("kind", "")
    kind = kind if kind in IntelEvent.Kind.values else ""
    rows = intel.with_counts(intel.events(user, competitor=competitor, kind=kind))
    page = keyset.page(rows, intel.SORTS, request.GET, default="-happened", noun="pieces of news")
    base = f"competitor={competitor}&" if competitor else ""
    rules = intel.intel_rules()
    context = {
        "page": page,
        "views": [("All", f"?{base}", not kind)]
        + [(label, f"?{base}kind={key}", kind == key) for key, label in IntelEvent.Kind.choices],
        "rivals": rivals,
        "competitor": competitor,
        "kind": kind,
        "open": intel.responses(user).filter(state="open").order_by("started_at", "pk")[:20],
        "sources": rules.sources if rules else (),
    }
    return render(request, "battlecards/intel_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(access.reads_cards)
def intel_create(request: HttpRequest) -> HttpResponse:
    """Two steps in one form: what happened; then which claims it puts in doubt, ticked as the kind of news suggests. Without the second
    (?do=at once) the suggestion is taken as it is."""
    data = request.POST or None
    offers = _offers(data) if data is not None and "with_claims" in data else []
    start = {"happened_on": _today(), "competitor": request.GET.get("competitor", "")}
    form = EventForm(data, competitors=_competitors(), offers=offers, initial=start)
    status = 200
    if data is not None:
        status = 422
        if form.is_valid():
            if data.get("do") == "choose":
                return _form(request, _choosing(data), None, 200)
            said, doing = form.cleaned_data, act(request)
            ticked = said["claims"] if offers else None
            made, status = attempt(
                form,
                lambda: once(
                    IntelEvent,
                    request.POST.get("once", ""),
                    doing,
                    lambda: create_event(
                        act=doing, competitor_key=said["competitor"], values=form.values(), claim_ids=ticked
                    ),
                ),
            )
            if made is not None:
                count = made.marks.count()
                messages.success(request, f"Logged. {count} claim{'' if count == 1 else 's'} marked for review.")
                return redirect("battlecards:intel-detail", made.pk)
    return _form(request, form, None, status)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(access.reads_cards)
def intel_edit(request: HttpRequest, event_id: int) -> HttpResponse:
    event = _find(request, event_id)
    if not may_edit(event, person(request).pk, person(request).roles):
        raise PermissionDenied("Only whoever logged this, enablement and operations change it.")
    form = _edit_form(request, event)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = form.cleaned_data
            made, status = attempt(
                form,
                lambda: update_event(
                    act=act(request),
                    event_id=event.pk,
                    values=form.values(),
                    claim_ids=said.get("claims") if "with_claims" in request.POST else None,
                    expected_version=said.get("version"),
                ),
            )
            if made is not None:
                messages.success(request, "Saved.")
                return redirect("battlecards:intel-detail", event.pk)
    return _form(request, form, event, status)


@require_safe
@allowed(access.reads_cards)
def intel_detail(request: HttpRequest, event_id: int) -> HttpResponse:
    event = _find(request, event_id)
    user = person(request)
    scenario, when = intel.asked_for(event)
    responses = list(event.responses.select_related("owner").prefetch_related("steps"))
    open_ones = {one.scenario for one in responses if one.state == "open"}
    may_start = access.answers_news(user.roles) and event.withdrawn_at is None
    rules = intel.intel_rules()
    context = {
        "event": event,
        "marks": intel.marks_of(event),
        "responses": responses,
        "scenario": scenario,
        "when": when,
        "startable": [one for one in (rules.scenarios if rules and may_start else ()) if one.key not in open_ones],
        "may_edit": may_edit(event, user.pk, user.roles) and event.withdrawn_at is None,
        "edits": access.may_edit_cards(user.roles),
    }
    return render(request, "battlecards/intel_detail.html", context)


@require_POST
@allowed(access.reads_cards)
def intel_withdraw(request: HttpRequest, event_id: int) -> HttpResponse:
    event = _find(request, event_id)
    try:
        withdraw_event(act=act(request), event_id=event.pk)
        messages.success(request, "Withdrawn. What it alone put in doubt is out of doubt again.")
    except Clash as clash:
        messages.warning(request, str(clash))
    except NotAllowed as refused:
        raise PermissionDenied(str(refused)) from refused
    return redirect("battlecards:intel-detail", event.pk)


@require_POST
@allowed(access.reads_cards, write=access.answers_news)
def response_start(request: HttpRequest, event_id: int) -> HttpResponse:
    event = _find(request, event_id)
    try:
        made = start_response(act=act(request), event_id=event.pk, scenario=request.POST.get("scenario", ""))
    except (Clash, Invalid) as refused:
        messages.warning(request, str(refused))
        return redirect("battlecards:intel-detail", event.pk)
    messages.success(request, "Started. The clocks run, and whoever has a step was told.")
    return redirect("battlecards:response-detail", made.pk)


def _find(request: HttpRequest, event_id: int) -> IntelEvent:
    found: IntelEvent | None = intel.events(person(request), withdrawn=True).filter(pk=event_id).first()
    if found is None:
        raise Http404("There is no such news.")
    return found


def _form(request: HttpRequest, form: EventForm, event: IntelEvent | None, status: int) -> HttpResponse:
    """An offered claim is ticked where it was sent, or where the news suggests it."""
    ticked = {str(one) for one in (form["claims"].value() or ())} if form.offers else set()
    offers = [(one, str(one.claim_id) in ticked) for one in form.offers]
    context: dict[str, Any] = {"form": form, "event": event, "offers": offers, "bare": bare(request)}
    return render(request, "battlecards/intel_form.html", context, status=status)


def _edit_form(request: HttpRequest, event: IntelEvent) -> EventForm:
    offers = intel.offers(event.competitor, event.kind, f"{event.title} {event.text}")
    names = ("kind", "title", "happened_on", "source", "url", "text", "version")
    start: dict[str, Any] = {name: getattr(event, name) for name in names}
    start |= {"claims": list(event.marks.values_list("claim", flat=True)), "competitor": event.competitor.key}
    rival = [(event.competitor.key, event.competitor.name)]
    form = EventForm(request.POST or None, competitors=rival, offers=offers, initial=start)
    form.fields["competitor"].required = False
    return form


def _choosing(data: Any) -> EventForm:
    """The same form again, with the claims of the competitor's card, those ticked that the news puts in doubt."""
    offers = _offers(data)
    sent = data.copy()
    sent.setlist("claims", [str(one.claim_id) for one in offers if one.why])
    return EventForm(sent, competitors=_competitors(), offers=offers)


def _offers(data: Any) -> list[intel.Offer]:
    competitor = Competitor.objects.filter(key=data.get("competitor", "")).first()
    if competitor is None:
        return []
    return intel.offers(competitor, data.get("kind", ""), f"{data.get('title', '')} {data.get('text', '')}")


def _competitors() -> list[tuple[str, str]]:
    return list(Competitor.objects.order_by("name").values_list("key", "name"))


def _today() -> Any:
    return day_of(company(), timezone.now())
