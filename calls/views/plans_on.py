"""Demos and proofs of concept on a deal: the panel, beginning one, working it off."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from calls.forms.plans_on import EndForm, ItemForm, StartForm
from calls.models import DealPlan, PlanItem
from calls.queries.plans_on import parts_of, plans_of, requirements
from calls.rules.plans import Kind
from calls.services import plans_on as services
from crm.lib.errors import Clash, NotAllowed
from crm.lib.views import Request, act, attempt
from crm.queries import playbook as playbooks
from deals.models import Deal
from deals.queries.detail import Sight
from deals.views.base import deal_view, show

View = Callable[..., HttpResponse]
READ_ONLY = "You can see this but not change it. Ask the owner of its deal."


def plan_view(*, methods: tuple[str, ...] = ("GET", "HEAD")) -> Callable[[View], View]:
    """A view of one plan: not seen 404; a write by those who only see it 403."""

    def wrap(view: View) -> View:
        @login_required
        @require_http_methods([*methods])
        @wraps(view)
        def answer(request: HttpRequest, plan_id: int, **kwargs: Any) -> HttpResponse:
            asked: Request = request  # type: ignore[assignment]  # behind login_required and the htmx middleware
            rows = DealPlan.objects.visible_to(asked.user).select_related("deal__account", "owner").filter(pk=plan_id)
            plan = rows.first()
            if plan is None:
                raise Http404("There is no such plan, or it is not yours to see.")
            editable = Deal.objects.editable_by(asked.user).filter(pk=plan.deal_id).exists()
            if request.method == "POST" and not editable:
                raise PermissionDenied(READ_ONLY)
            try:
                return view(asked, plan, editable, **kwargs)
            except NotAllowed as refused:
                raise PermissionDenied(str(refused)) from refused

        return answer

    return wrap


@deal_view()
def plan_panel(request: Request, sight: Sight) -> HttpResponse:
    _, playbook = playbooks.current()
    context = {"plans": plans_of(sight.deal), "begins": playbook.demo is not None or playbook.poc is not None}
    return show(request, sight, "calls/partials/plan_panel.html", context, title="Demo and proof of concept")


@deal_view(needs="editable", methods=("GET", "HEAD", "POST"))
def plan_create(request: Request, sight: Sight) -> HttpResponse:
    """Begins a demo or a proof of concept from the playbook's structure."""
    deal, (_, playbook) = sight.deal, playbooks.current()
    if not deal.is_open:
        return render(
            request, "calls/deal_closed.html", {"deal": deal}, status=409 if request.method == "POST" else 200
        )
    kind = Kind.POC if request.GET.get("kind", request.POST.get("kind")) == Kind.POC else Kind.DEMO
    form, status = StartForm(playbook=playbook, initial={"kind": kind}), 200
    if request.method == "POST":
        form, status = StartForm(request.POST, playbook=playbook), 422
        if form.is_valid():
            made, status = attempt(
                form, lambda: services.start_plan(act=act(request), deal_id=deal.pk, **form.cleaned_data)
            )
            if made is not None:
                messages.success(request, f"{made.title} is begun.")
                return redirect("calls:plan-detail", made.pk)
    context = {"deal": deal, "form": form, "asked": requirements(deal), "demo": playbook.demo, "poc": playbook.poc}
    return render(request, "calls/plan_create.html", context, status=status)


@plan_view()
def plan_detail(request: Request, plan: DealPlan, editable: bool) -> HttpResponse:
    return _page(request, plan, editable)


@plan_view(methods=("POST",))
def plan_item(request: Request, plan: DealPlan, editable: bool, item_id: int) -> HttpResponse:
    """Done or not; of a criterion or red flag yes, no or not known."""
    said = request.POST.get("is", "")
    met = {"yes": True, "no": False}.get(said)
    try:
        services.set_item(act=act(request), plan_id=plan.pk, item_id=item_id, done=said == "done", met=met)
    except PlanItem.DoesNotExist:
        raise Http404("There is no such line.") from None
    except Clash as refused:
        messages.error(request, str(refused))
    return redirect(f"{request.path.rsplit('items/', 1)[0]}#item-{item_id}")


@plan_view(methods=("POST",))
def plan_add(request: Request, plan: DealPlan, editable: bool) -> HttpResponse:
    form, status = ItemForm(request.POST), 422
    if form.is_valid():
        do = lambda: services.add_item(act=act(request), plan_id=plan.pk, **form.cleaned_data)  # noqa: E731
        made, status = attempt(form, do)
        if made is not None:
            return redirect("calls:plan-detail", plan.pk)
    return _page(request, plan, editable, adding=form, status=status)


@plan_view(methods=("POST",))
def plan_end(request: Request, plan: DealPlan, editable: bool) -> HttpResponse:
    form, status = EndForm(request.POST), 422
    if form.is_valid():
        do = lambda: services.end_plan(act=act(request), plan_id=plan.pk, **form.cleaned_data)  # noqa: E731
        done, status = attempt(form, do)
        if done is not None:
            messages.success(request, f"{plan.title} is over.")
            return redirect("calls:plan-detail", plan.pk)
    return _page(request, plan, editable, ending=form, status=status)


def _page(
    request: Request,
    plan: DealPlan,
    editable: bool,
    *,
    adding: ItemForm | None = None,
    ending: EndForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "plan": plan,
        "deal": plan.deal,
        "parts": parts_of(plan),
        "works": editable and plan.is_open,
        "adding": adding or ItemForm(),
        "ending": ending or EndForm(),
    }
    return render(request, "calls/plan_detail.html", context, status=status)
