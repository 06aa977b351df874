"""Contacts: list, page, and the forms that make and change them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from crm.forms.accounts import ContactForm
from crm.lib import keyset
from crm.lib.keyset import Sort
from crm.lib.views import act, allowed, attempt
from crm.models import Account, Contact, Person
from crm.queries import playbook as playbooks
from crm.queries.accounts import filtered_contacts
from crm.rules import access
from crm.services.accounts import create_contact, update_contact

SORTS = keyset.both_ways(Sort("name", "Name", ("name_key",)))


@allowed(access.sees_contacts)
def contact_list(request: HttpRequest) -> HttpResponse:
    user = _person(request)
    _, playbook = playbooks.current()
    personas = {part.key: part.label for part in playbook.personas}
    q, persona = request.GET.get("q", "").strip()[:200], request.GET.get("persona", "")
    rows = filtered_contacts(user, q=q, persona=persona).select_related("account")
    page = keyset.page(rows, SORTS, request.GET, default="name", noun="contacts")
    for contact in page.rows:
        contact.persona_label = personas.get(contact.persona, contact.persona)  # type: ignore[attr-defined]
    context = {
        "page": page,
        "sort": page.sort.key,
        "q": q,
        "persona": persona,
        "personas": list(personas.items()),
        "narrowed": bool(q or persona),
        "can_edit": access.may_edit_accounts(user.roles),
    }
    return render(request, "crm/contact_list.html", context)


@allowed(access.sees_contacts)
def contact_detail(request: HttpRequest, contact_id: int) -> HttpResponse:
    user = _person(request)
    contact = _seen(user, contact_id)
    _, playbook = playbooks.current()
    context = {
        "contact": contact,
        "persona": {part.key: part.label for part in playbook.personas}.get(contact.persona, contact.persona),
        "reports": contact.reports.visible_to(user)[:50],
        "can_edit": access.may_edit_accounts(user.roles),
    }
    return render(request, "crm/contact_detail.html", context)


@allowed(access.may_edit_accounts)
def contact_new(request: HttpRequest) -> HttpResponse:
    _, playbook = playbooks.current()
    account = Account.objects.visible_to(_person(request)).filter(pk=_number(request.GET.get("account", ""))).first()
    form = ContactForm(request.POST or None, playbook=playbook, account=account)
    if request.method == "POST" and form.is_valid():
        made, status = attempt(form, lambda: create_contact(act=act(request), values=form.values()))
        if made is not None:
            messages.success(request, f"{made} is added.")
            return redirect("crm:contact-detail", made.pk)
        return _form(request, form, None, status)
    return _form(request, form, None, 422 if request.method == "POST" else 200)


@allowed(access.sees_contacts, write=access.may_edit_accounts)
def contact_edit(request: HttpRequest, contact_id: int) -> HttpResponse:
    contact = _seen(_person(request), contact_id)
    _, playbook = playbooks.current()
    form = ContactForm(request.POST or None, playbook=playbook, contact=contact)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        saved, status = attempt(
            form,
            lambda: update_contact(
                act=act(request), contact_id=contact.pk, values=form.values(), expected_version=version
            ),
        )
        if saved is not None:
            messages.success(request, f"{saved} is saved.")
            return redirect("crm:contact-detail", contact.pk)
        return _form(request, form, contact, status)
    return _form(request, form, contact, 422 if request.method == "POST" else 200)


def _form(request: HttpRequest, form: ContactForm, contact: Contact | None, status: int) -> HttpResponse:
    names = Account.objects.order_by("name_key").values_list("name", flat=True)[:200]
    return render(request, "crm/contact_form.html", {"form": form, "contact": contact, "names": names}, status=status)


def _seen(user: Person, contact_id: int) -> Contact:
    contact = Contact.objects.visible_to(user).select_related("account", "reports_to").filter(pk=contact_id).first()
    if contact is None:
        raise Http404("There is no such contact.")
    return contact


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def _person(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user
