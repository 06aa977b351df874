"""MEDDPICC: the eight panels, and each element's own page, which is a dialog on the deal's page."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone

from crm.lib import rebasing
from crm.lib.errors import Invalid
from deals.forms.meddpicc import ElementForm, cell_name, element_start
from deals.models import MeddpiccElement
from deals.queries.committee import people_named, with_place
from deals.queries.detail import Sight
from deals.queries.evidence import offered
from deals.queries.meddpicc import WITH, ShownElement, meddpicc_of
from deals.rules.element_words import reading
from deals.services.meddpicc import update_element
from deals.views.base import Request, act, deal_view, done, show


@deal_view(*WITH)
def deal_meddpicc(request: Request, sight: Sight) -> HttpResponse:
    shown = meddpicc_of(sight.deal, timezone.now().date())
    return show(request, sight, "deals/partials/meddpicc_panel.html", {"meddpicc": shown}, title="MEDDPICC")


@deal_view(*WITH, methods=("GET", "HEAD", "POST"))
def deal_element(request: Request, sight: Sight, element: str) -> HttpResponse:
    """An element: what is noted, how sure we are and by which evidence; its form for those who may fill it in."""
    found = meddpicc_of(sight.deal, timezone.now().date()).element(element)
    if found is None:
        raise Http404("The playbook in force has no such element.")
    people = [
        (contact.pk, with_place(sight.deal, contact)) for contact in people_named(sight.deal).select_related("account")
    ]
    offers = offered(sight.deal.pk, found.row.pk if found.row else 0)
    given: dict[str, Any] = {"element": found.spec, "contacts": people, "items": offers}
    form_of = partial(ElementForm, **given)
    if request.method != "POST":
        start = element_start(found.spec, found.row)
        return _element(request, sight, found, ElementForm.opened(start, start["version"], **given))
    more = request.POST.get("more", "")
    form = form_of(request.POST, more=more)
    if more:  # a table shall have more rows; nothing is judged or saved yet
        return _element(request, sight, found, form_of(initial=_as_start(form)))
    write, values_of = partial(_write, request, sight, element, form), partial(element_start, found.spec)
    saved, differences, status = rebasing.save(form, write, values_of)
    if saved is not None:
        return done(request, sight.deal, f"{found.spec.label} saved.")
    if differences:  # what was merged may have more rows in a table than were typed
        merged = form_of(form.data)
        merged.conflict, form = form.conflict, merged
        form.full_clean()
        form.errors.clear()
    return _element(request, sight, found, form, status, differences)


def _write(request: Request, sight: Sight, element: str, form: ElementForm, version: int | None) -> MeddpiccElement:
    try:
        return update_element(
            act=act(request), deal_id=sight.deal.pk, element=element, expected_version=version, **form.values
        )
    except Invalid as wrong:
        names = {key: f"evidence_{key}" for key in form.sources}
        raise Invalid({names.get(key) or cell_name(key): said for key, said in wrong.errors.items()}) from wrong


def _as_start(form: ElementForm) -> dict[str, object]:
    """What was typed so far, as the start of a form with more rows."""
    start: dict[str, object] = {name: form[name].data for name in form.fields}
    for table, rows in form.rows.items():
        start[f"{table}-rows"] = rows
    return start


def _element(
    request: Request,
    sight: Sight,
    found: ShownElement,
    form: ElementForm,
    status: int = 200,
    differences: Sequence[rebasing.Difference] = (),
) -> HttpResponse:
    context = {"shown": found, "form": form, "sections": form.sections(), "as_form": True, "wide": True}
    context["differences"] = differences
    part = "deals/partials/element_form.html"
    if not sight.may_work:
        part = "deals/partials/element_read.html"
        context["reading"] = reading(found.spec, found.row.fields if found.row else {}, found.contact)
    return show(request, sight, part, context, title=found.spec.label, status=status, dialog=True)
