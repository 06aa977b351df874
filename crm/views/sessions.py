"""Signing in and out, and where one lands."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView, LogoutView
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render

from crm.forms.own import SignInForm
from crm.lib.texts import storable
from crm.models import Person
from crm.rules import access

PURPOSES = {
    "rep": "logs calls, qualifies deals, sees their own",
    "rep2": "the same, in another team",
    "manager": "reads the East team's pipeline",
    "vp": "sees every deal, approves",
    "svp": "sees every deal, approves what a VP can't",
    "enablement": "keeps the content; sees names and outcomes",
    "ops": "playbook versions, people, imports",
    "viewer": "reads totals, changes nothing",
    "outsider": "has no role and sees nothing",
}


class SignIn(LoginView):
    """By user name and password; in a demo also by one click as one of its people, who have no password."""

    form_class = SignInForm
    template_name = "crm/sign_in.html"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        people = demo_people() if settings.DEMO_MODE else []
        return super().get_context_data(demo_people=people, next=self.get_redirect_url(), **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "demo" not in request.POST:
            return super().post(request, *args, **kwargs)
        if not settings.DEMO_MODE:
            raise Http404("There are no demo people here.")
        wanted = request.POST["demo"] if storable(request.POST["demo"]) else ""
        person = Person.objects.filter(username=wanted, is_demo=True, is_active=True).first()
        if person is None:
            raise Http404("There is no such demo person.")
        login(request, person, backend="crm.auth.PersonBackend")
        return HttpResponseRedirect(self.get_success_url())


class SignOut(LogoutView):
    """By POST only, as any change."""


def demo_people() -> list[dict[str, str]]:
    """The people of the demo in the order they are introduced."""
    found = {person.username: person for person in Person.objects.filter(is_demo=True, is_active=True)}
    return [
        {"username": name, "name": str(found[name]), "role": role_names(found[name]), "purpose": purpose}
        for name, purpose in PURPOSES.items()
        if name in found
    ]


def role_names(person: Person) -> str:
    return ", ".join(access.Role(role).label for role in person.roles) or "no role"


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Where one's work is: Today for whoever works on deals, totals for viewers, for enablement the playbook; without a role, a
    word on whom to ask."""
    assert isinstance(request.user, Person)
    roles = request.user.roles
    if not roles:
        return render(request, "crm/no_role.html")
    if access.has_a_day(roles):
        return redirect("crm:today")
    if not access.sees_amounts(roles):
        return redirect("crm:playbook")
    return redirect("deals:deal-totals")
