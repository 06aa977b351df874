"""People and teams, for operations."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from crm.forms.people import PersonForm, TeamForm
from crm.lib import keyset
from crm.lib.keyset import Sort
from crm.lib.views import act, allowed, attempt
from crm.models import Person, Team
from crm.queries.people import PersonFilter, filtered_people, team_tree
from crm.rules import access
from crm.rules.access import Role
from crm.services.people import save_person, save_team

SORTS = keyset.both_ways(
    Sort("name", "Name", ("first_name", "last_name")),
    Sort("username", "User name", ("username",)),
    Sort("joined", "Added", ("date_joined",)),
)


@allowed(access.may_run_operations)
def person_list(request: HttpRequest) -> HttpResponse:
    wanted = PersonFilter.from_query(request.GET)
    rows = filtered_people(wanted).select_related("team")
    page = keyset.page(rows, SORTS, request.GET, default="name", noun="people")
    context = {
        "page": page,
        "sort": page.sort.key,
        "wanted": wanted,
        "narrowed": wanted != PersonFilter(),
        "roles": [(role.value, role.label) for role in Role],
        "teams": team_tree(),
        "label_of": {role.value: role.label for role in Role},
    }
    return render(request, "crm/person_list.html", context)


@allowed(access.may_run_operations)
@require_http_methods(["GET", "HEAD", "POST"])
def person_new(request: HttpRequest) -> HttpResponse:
    return _person(request, None)


@allowed(access.may_run_operations)
@require_http_methods(["GET", "HEAD", "POST"])
def person_edit(request: HttpRequest, person_id: int) -> HttpResponse:
    person = Person.objects.select_related("team").filter(pk=person_id).first()
    if person is None:
        raise Http404("There is nobody here.")
    return _person(request, person)


def _person(request: HttpRequest, person: Person | None) -> HttpResponse:
    form = PersonForm(request.POST or None, person=person, initial={"team": request.GET.get("team")})
    status = 200
    if request.method == "POST":
        saved, status = None, 422
        if form.is_valid():
            saved, status = attempt(
                form,
                lambda: save_person(
                    act=act(request),
                    person_id=person.pk if person else None,
                    values=form.values(),
                    password=form.cleaned_data["password"],
                ),
            )
        if saved is not None:
            messages.success(request, f"{saved} is {'saved' if person else 'added'}.")
            return redirect("crm:person-list")
    return render(request, "crm/person_form.html", {"form": form, "person": person}, status=status)


@allowed(access.may_run_operations)
@require_http_methods(["GET", "HEAD", "POST"])
def team_new(request: HttpRequest) -> HttpResponse:
    return _team(request, None)


@allowed(access.may_run_operations)
@require_http_methods(["GET", "HEAD", "POST"])
def team_edit(request: HttpRequest, team_id: int) -> HttpResponse:
    team = Team.objects.select_related("parent").filter(pk=team_id).first()
    if team is None:
        raise Http404("There is no such team.")
    return _team(request, team)


def _team(request: HttpRequest, team: Team | None) -> HttpResponse:
    initial = {"name": team.name, "parent": team.parent} if team else {"parent": request.GET.get("parent")}
    form = TeamForm(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST":
        saved, status = None, 422
        if form.is_valid():
            saved, status = attempt(
                form, lambda: save_team(act=act(request), team_id=team.pk if team else None, **form.cleaned_data)
            )
        if saved is not None:
            messages.success(request, f"{saved} is {'saved' if team else 'added'}.")
            return redirect("crm:person-list")
    context = {"form": form, "team": team, "members": team.members.all()[:100] if team else []}
    return render(request, "crm/team_form.html", context, status=status)
