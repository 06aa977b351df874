"""The approvals' queue, the desk where one is decided, and what is said there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from crm.lib import keyset
from crm.lib.errors import Clash, Invalid, NotAllowed
from crm.lib.views import allowed, attempt, person, tell, today_panel
from crm.rules import access
from crm.services.once import made_before, once
from quotes.forms.decisions import DecideForm, RemarkForm
from quotes.models import Approval, ApprovalComment, ApprovalState
from quotes.queries import queue
from quotes.queries.approvers import current_step, label_of, rules_for, waiting_for
from quotes.queries.desk import desk, find, who_decided
from quotes.queries.returned import returned
from quotes.rules.states import Verdict
from quotes.services.decisions import comment, decide
from quotes.views.base import Request, act

VERDICTS = (
    (Verdict.APPROVE, "Approve", "a", "primary"),
    (Verdict.SEND_BACK, "Send back", "s", ""),
    (Verdict.REJECT, "Reject", "r", "danger"),
)
DECIDERS = (("", "For me"), ("others", "With others"), ("decided", "Decided"))
OTHERS = (("others", "Waiting"), ("decided", "Decided"))
ON_TODAY = 6
View = Callable[..., HttpResponse]


@require_safe
@allowed(access.sees_quotes)
def approval_list(request: HttpRequest) -> HttpResponse:
    """?show= others, decided; else what waits for the reader, the longest waiting first. Who decides nothing sees what waits
    for others."""
    user, now = person(request), timezone.now()
    views = DECIDERS if queue.decides(user) else OTHERS
    show = request.GET.get("show", "")
    show = show if show in dict(views) else views[0][0]
    rows = {"others": partial(queue.others, user, now), "decided": partial(queue.decided, user)}.get(
        show, partial(queue.mine, user, now)
    )()
    sorts, default = (queue.DECIDED, "-decided") if show == "decided" else (queue.WAITING, "since")
    page = keyset.page(rows, sorts, request.GET, default=default, noun="approvals")
    context: dict[str, Any] = {
        "page": page,
        "sort": page.sort.key,
        "show": show,
        "views": [(label, f"?show={key}" if key else "?", key == show) for key, label in views],
        "approves": views is DECIDERS,
    }
    if show == "decided":
        context["decided"] = [(one, queue.last_word(one)) for one in page.rows]
    else:
        context["waiting"] = queue.dressed(page.rows, user, now)
    return render(request, "quotes/approval_list.html", context)


@require_safe
@allowed(access.may_approve)
def approval_count(request: HttpRequest) -> HttpResponse:
    """How many wait for the reader, for the rail; asked for after the page is there. 204 while it is the same."""
    count = waiting_for(person(request), at=timezone.now()).count()
    if request.GET.get("token") == str(count):
        return HttpResponse(status=204)
    return render(request, "quotes/partials/approval_count.html", {"count": count})


def approval_view(*methods: str) -> Callable[[View], View]:
    """A view of one approval: `approval_id` of the address becomes the Approval. Not seen: 404; seen, but not theirs to
    decide: 403 with the reason."""

    def wrap(view: View) -> View:
        @login_required
        @require_http_methods([*methods])
        @wraps(view)
        def answer(request: HttpRequest, approval_id: int) -> HttpResponse:
            asked: Request = request  # type: ignore[assignment]  # behind login_required and the htmx middleware
            try:
                return view(asked, find(asked.user, approval_id))
            except Approval.DoesNotExist:
                raise Http404("There is no such approval, or it is not yours to see.") from None
            except NotAllowed as refused:
                raise PermissionDenied(str(refused)) from refused

        return answer

    return wrap


@approval_view("GET", "HEAD")
def approval_detail(request: Request, approval: Approval) -> HttpResponse:
    return _page(request, approval)


@approval_view("POST")
def approval_decide(request: Request, approval: Approval) -> HttpResponse:
    """A verdict on one step, of what the reader was shown. Where somebody was faster the page says who, and keeps what was
    typed."""
    verdict = next((one for one in Verdict if one == request.POST.get("verdict")), None)
    if verdict is None:
        return _page(request, approval, clash="Choose to approve, reject or send back.", status=422)
    form = DecideForm(request.POST, verdict=verdict)
    if not form.is_valid():
        return _page(request, approval, form=form, status=422)
    said = form.cleaned_data
    try:
        decided = decide(act=act(request), approval_id=approval.pk, **said)
    except Invalid as wrong:
        tell(form, wrong.errors)
        return _page(request, approval, form=form, status=422)
    except Clash as clash:
        approval = find(request.user, approval.pk)
        typed = said["comment"]
        return _page(
            request, approval, clash=_who_was_faster(approval, said["position"], clash), typed=typed, status=409
        )
    messages.success(request, _said(decided, verdict))
    return redirect("quotes:approval-detail", approval.pk)


def _who_was_faster(approval: Approval, position: int, clash: Clash) -> str:
    step = next((one for one in approval.steps.all() if one.position == position), None)
    made = getattr(step, "decision", None)
    return f"{who_decided(made, timezone.now())} Nothing else was decided." if made is not None else str(clash)


def _said(approval: Approval, verdict: Verdict) -> str:
    name = approval.revision.quote.reference
    if verdict is Verdict.REJECT:
        return f"You rejected {name}."
    if verdict is Verdict.SEND_BACK:
        return f"You sent {name} back."
    if approval.state == ApprovalState.APPROVED:
        return f"You approved {name}. It may go to the customer."
    following = current_step(approval)
    label = label_of(following.level, rules_for(approval)) if following else ""
    return f"You approved {name}. {label} is asked now."


@approval_view("POST")
def approval_comment(request: Request, approval: Approval) -> HttpResponse:
    form, token = RemarkForm(request.POST), request.POST.get("once", "")
    made, status, doing = made_before(ApprovalComment, token, request.user), 422, act(request)
    if made is None and form.is_valid():
        write = partial(comment, act=doing, approval_id=approval.pk, text=form.cleaned_data["text"])
        made, status = attempt(form, lambda: once(ApprovalComment, token, doing, write))
    if made is None:
        return _page(request, approval, remark=form, status=status)
    messages.success(request, "Your comment is there. Whoever takes part was told.")
    return redirect("quotes:approval-detail", approval.pk)


def _page(
    request: Request,
    approval: Approval,
    *,
    form: DecideForm | None = None,
    remark: Form | None = None,
    clash: str = "",
    typed: str = "",
    status: int = 200,
) -> HttpResponse:
    """`typed`: a comment whose decision came too late; it may still be said as a comment."""
    now = timezone.now()
    found = desk(approval, request.user, now, all_ways=request.GET.get("ways") == "all")
    before, after, waiting = queue.neighbours(approval, request.user, now)
    context = {
        "desk": found,
        "approval": approval,
        "shown": found.shown,
        "revision": found.revision,
        "quote": found.quote,
        "deal": found.quote.deal,
        "currency": found.quote.currency,
        "chain": found.chain,
        "forms": _forms(found.step.position, approval, form) if found.hat is not None and found.step else (),
        "remark": remark or RemarkForm(initial={"text": typed}),
        "clash": clash,
        "typed": typed,
        "before": before,
        "after": after,
        "waiting": waiting,
    }
    return render(request, "quotes/approval_detail.html", context, status=status)


def _forms(position: int, approval: Approval, posted: DecideForm | None) -> list[dict[str, Any]]:
    """One for each verdict; the refused one is open, with what was typed."""
    forms: list[dict[str, Any]] = []
    for verdict, label, key, tone in VERDICTS:
        mine = posted if posted is not None and posted.data.get("verdict") == verdict else None
        start = {"verdict": verdict.value, "position": position, "fingerprint": approval.fingerprint}
        form = mine or DecideForm(verdict=verdict, initial=start)
        forms.append(
            {"form": form, "label": label, "key": key, "tone": tone, "open": mine is not None, "verdict": verdict}
        )
    return forms


@allowed(access.may_approve)
def today_approvals(request: HttpRequest) -> HttpResponse:
    user, now = person(request), timezone.now()
    found = list(queue.mine(user, now)[: ON_TODAY + 1])
    rows = queue.dressed(found[:ON_TODAY], user, now)
    context = {"rows": rows, "more": len(found) > ON_TODAY}
    title = "What waits for my approval?"
    return today_panel(request, "quotes/partials/today_approvals.html", "approvals", title, context)


@allowed(access.works_own_deals)
def today_returned(request: HttpRequest) -> HttpResponse:
    rows, more = returned(person(request))
    title = "Which of my quotes came back?"
    context = {"rows": rows, "more": more}
    return today_panel(request, "quotes/partials/today_returned.html", "returned", title, context)
