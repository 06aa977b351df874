"""Stand-ins: who decides while somebody is away."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from crm.lib.errors import NotAllowed
from crm.lib.views import act, allowed, attempt, person
from crm.models import Person
from crm.rules import access
from quotes.forms.delegations import DelegationForm
from quotes.models import Delegation
from quotes.queries.approvers import can_stand_in
from quotes.queries.stand_ins import Crew, coming, crew
from quotes.services.delegations import delegate, revoke


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(access.sees_quotes)
def delegation_list(request: HttpRequest) -> HttpResponse:
    """What is agreed and what comes; a form for one's own, which operations fill in for everybody."""
    user, found = person(request), crew()
    _refuse_others(user, found)
    offered = found.offered_to(user)
    people = [(one.pk, str(one)) for one in found.stand_ins if len(offered) != 1 or one.pk != offered[0][0]]
    form = DelegationForm(request.POST or None, approvers=offered, stand_ins=people) if offered else None
    status = 200
    if request.method == "POST":
        if form is None:
            raise PermissionDenied("You approve nothing, so nobody has to stand in for you.")
        status = 422
        if form.is_valid():
            said = dict(form.cleaned_data)
            approver, stand_in = said.pop("approver"), said.pop("stand_in")
            made, status = attempt(
                form, lambda: delegate(act=act(request), approver_id=approver, stand_in_id=stand_in, **said)
            )
            if made is not None:
                messages.success(request, f"{made.stand_in} stands in for {made.approver} and was told.")
                return redirect("quotes:delegation-list")
    context = {"rows": coming(user, timezone.now()), "form": form, "approvers": found.approvers}
    return render(request, "quotes/delegation_list.html", context, status=status)


@require_POST
@allowed(access.sees_quotes)
def delegation_end(request: HttpRequest, delegation_id: int) -> HttpResponse:
    """At once. Said twice it is as good as once."""
    _refuse_others(person(request), crew())
    try:
        revoke(act=act(request), delegation_id=delegation_id)
    except Delegation.DoesNotExist:
        messages.info(request, "That is over already.")
    except NotAllowed as refused:
        raise PermissionDenied(str(refused)) from refused
    else:
        messages.success(request, "It is over. What was decided stands.")
    return redirect("quotes:delegation-list")


def _refuse_others(user: Person, found: Crew) -> None:
    if not (found.approves(user) or can_stand_in([user]) or access.may_run_operations(user.roles)):
        raise PermissionDenied("Stand-ins are for those who approve. Operations can change roles.")
