"""The deals of a contact, for the contact's page."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from crm.lib.views import allowed, bare, person
from crm.models import Contact
from crm.rules import access
from deals.queries.contacts import deals_with


@require_safe
@allowed(access.sees_contacts)
def contact_panel(request: HttpRequest, contact_id: int) -> HttpResponse:
    """The deals whose buying committee they sit on, of those this person sees in full."""
    user = person(request)
    contact = Contact.objects.visible_to(user).filter(pk=contact_id).first()
    if contact is None:
        raise Http404("There is no such contact.")
    context = {"contact": contact, "deals": deals_with(user, contact)}
    template = "deals/partials/contact_panel.html" if bare(request) else "deals/contact_deals.html"
    return render(request, template, context)
