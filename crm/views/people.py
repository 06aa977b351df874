"""People and teams, for operations."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from crm.forms.people import PersonForm, TeamForm, person_values
from crm.lib import keyset, rebasing
from crm.lib.keyset import Sort
from crm.lib.rebasing import Difference
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
    differences: list[Difference] = []
    if request.method != "POST":
        form, status = _opened(request, person), 200
    else:
        form = PersonForm(request.POST, person=person)

        def save(version: int | None) -> Person:
            return save_person(
                act=act(request),
                person_id=person.pk if person else None,
                values=form.values(),
                password=form.cleaned_data["password"],
                expected_version=version,
            )

        saved, differences, status = rebasing.save(form, save, person_values)
        if saved is not None:
            if saved == request.user:
                update_session_auth_hash(request, saved)  # a new password of one's own does not sign one out here
            messages.success(request, f"{saved} is {'saved' if person else 'added'}.")
            return redirect("crm:person-list")
    context = {"form": form, "person": person, "differences": differences}
    return render(request, "crm/person_form.html", context, status=status)


def _opened(request: HttpRequest, person: Person | None) -> PersonForm:
    if person is None:
        return PersonForm(initial={"team": request.GET.get("team"), "is_active": True, "time_zone": "UTC"})
    return PersonForm.opened(person_values(person), person.version, person=person)


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
