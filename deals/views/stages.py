"""Moving a deal along, closing it with its reasons, opening it again. Dialogs on the deal's page, pages of their own without
scripts."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from crm.models import Competitor
from crm.queries import playbook as playbooks
from deals.forms.stages import CloseForm, ReopenForm, StageForm
from deals.queries.detail import Sight
from deals.queries.stages import Asked, asked_for
from deals.rules.closing import Outcome
from deals.rules.stages import next_stage
from deals.services.stages import change_stage, close_deal, reopen_deal
from deals.views.base import Request, act, attempt, deal_view, done, show
from playbook.schema import Playbook

METHODS = ("GET", "HEAD", "POST")


@deal_view(needs="editable", methods=METHODS)
def deal_stage(request: Request, sight: Sight) -> HttpResponse:
    """Where the deal goes next, what its exit criteria say to that, and the reason where they are not met."""
    deal = sight.deal
    _, playbook = playbooks.current()
    if request.method != "POST":
        after = next_stage(playbook, deal.stage)
        to = request.GET.get("to") or request.GET.get("stage") or (after.key if after else deal.stage)
        form = StageForm(initial={"stage": to, "seen": deal.stage}, playbook=playbook)
        return _stage(request, sight, form, playbook, to)
    form = StageForm(request.POST, playbook=playbook)
    status = 422
    if form.is_valid():
        values = form.cleaned_data
        moved, status = attempt(
            form,
            lambda: change_stage(
                act=act(request), deal_id=deal.pk, stage=values["stage"], why=values["why"], seen_stage=values["seen"]
            ),
        )
        if moved is not None:
            return done(request, deal, f"Moved to {playbook.stage(moved.stage).label}.", to=_next(request))
    return _stage(request, sight, form, playbook, request.POST.get("stage", ""), status)


def _stage(
    request: Request, sight: Sight, form: StageForm, playbook: Playbook, to: str, status: int = 200
) -> HttpResponse:
    known = to in {stage.key for stage in playbook.open_stages} and sight.deal.is_open
    asked = _asked(playbook, sight, to) if known else None
    form.fields["why"].required = bool(asked and asked.unmet)  # for the label; the service judges
    context = {"form": form, "asked": asked, "next": _next(request), "to": to}
    if request.htmx and request.htmx.target == "stage-asks":
        return show(request, sight, "deals/partials/stage_asks.html", context, title="")
    label = playbook.stage(to).label if known else "another stage"
    return _dialog(request, sight, "deals/partials/stage_form.html", context, f"Move to {label}", status)


def _asked(playbook: Playbook, sight: Sight, to: str) -> Asked:
    return asked_for(playbook, sight.deal.pk, sight.deal.stage, to, timezone.now().date())


@deal_view("competitors", "outcome_reasons", needs="editable", methods=METHODS)
def deal_close(request: Request, sight: Sight) -> HttpResponse:
    """Won or lost (?outcome=), with the reasons of that outcome."""
    deal = sight.deal
    _, playbook = playbooks.current()
    given = request.POST.get("outcome") or request.GET.get("outcome")
    outcome: Outcome = "won" if given == "won" else "lost"
    start = {"outcome": outcome, "close_date": timezone.localdate()}
    form = CloseForm(
        request.POST or None,
        initial=start,
        playbook=playbook,
        outcome=outcome,
        deal=deal,
        competitors=Competitor.objects.all(),
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            closed, status = attempt(form, lambda: close_deal(act=act(request), deal_id=deal.pk, **form.values))
            if closed is not None:
                return done(request, deal, f"Closed as {outcome}.")
    form.show_required()
    asked = None
    if outcome == "won" and deal.is_open:
        asked = _asked(playbook, sight, next(stage.key for stage in playbook.stages if stage.kind == "won"))
    context = {"form": form, "asked": asked, "outcome": outcome, "chosen": bool(given)}
    part = "deals/partials/close_form.html"
    return _dialog(request, sight, part, context, "Close the deal", status)


@deal_view(needs="editable", methods=METHODS)
def deal_reopen(request: Request, sight: Sight) -> HttpResponse:
    deal = sight.deal
    _, playbook = playbooks.current()
    form = ReopenForm(request.POST or None, playbook=playbook)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            values = form.cleaned_data
            opened, status = attempt(form, lambda: reopen_deal(act=act(request), deal_id=deal.pk, **values))
            if opened is not None:
                return done(request, deal, f"Open again in {playbook.stage(opened.stage).label}.")
    part = "deals/partials/reopen_form.html"
    return _dialog(request, sight, part, {"form": form}, "Reopen the deal", status)


def _dialog(
    request: Request, sight: Sight, part: str, context: dict[str, Any], title: str, status: int
) -> HttpResponse:
    return show(request, sight, part, {"as_form": True, **context}, title=title, status=status, dialog=True)


def _next(request: Request) -> str | None:
    """Where somebody came from (the board), as long as it is a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}) else None
