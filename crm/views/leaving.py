"""Somebody leaves: what they hold, who takes it, and their access ends."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from crm.forms.leaving import LeavingForm
from crm.lib.views import act, allowed, attempt
from crm.models import Job, Person
from crm.queries.leaving import held_by, possible_takers
from crm.rules import access
from crm.services.leaving import deactivate_person


@allowed(access.may_run_operations)
@require_http_methods(["GET", "HEAD", "POST"])
def person_leaving(request: HttpRequest, person_id: int) -> HttpResponse:
    """Deactivates somebody and hands over what they hold; much of it goes by a job, whose page then shows how far it is."""
    person = Person.objects.select_related("team").filter(pk=person_id).first()
    if person is None:
        raise Http404("There is nobody here.")
    held = held_by(person.pk)
    form = LeavingForm(
        request.POST if request.method == "POST" else None, person=person, held=held, takers=possible_takers(person)
    )
    status = 200
    if request.method == "POST":
        done, status = _deactivate(request, form, person) if form.is_valid() else (None, 422)
        if done is not None:
            left = f"{person} can no longer sign in." if person.is_active else f"What {person} held is handed over."
            messages.success(request, left)
            return redirect("crm:job-detail", done.pk) if isinstance(done, Job) else redirect("crm:person-list")
    return render(request, "crm/person_leaving.html", {"form": form, "person": person, "held": held}, status=status)


def _deactivate(request: HttpRequest, form: LeavingForm, person: Person) -> tuple[Job | bool | None, int]:
    def leave() -> Job | bool:
        why = form.cleaned_data["why"]
        return deactivate_person(act=act(request), person_id=person.pk, to=form.to(), why=why) or True

    return attempt(form, leave)
