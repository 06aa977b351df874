"""Contacts: list, page, and the forms that make and change them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from crm.forms.contacts import ContactForm, contact_values
from crm.lib import keyset, rebasing
from crm.lib.forms import spelled
from crm.lib.keyset import Sort
from crm.lib.lists import Choice
from crm.lib.rebasing import Difference
from crm.lib.views import act, allowed, attempt, number, person
from crm.models import Account, Contact
from crm.queries import playbook as playbooks
from crm.queries.accounts import ContactFilter, filtered_contacts
from crm.queries.merging import survivor_of
from crm.queries.record_columns import contact_text, words_of
from crm.rules import access
from crm.services.accounts import create_contact, update_contact
from crm.services.once import made_before, once
from crm.views.record_lists import around

SORTS = keyset.both_ways(Sort("name", "Name", ("name_key",)))


@require_GET
@allowed(access.sees_contacts)
def contact_list(request: HttpRequest) -> HttpResponse:
    user = person(request)
    _, playbook = playbooks.current()
    wanted = ContactFilter.from_query(request.GET)
    rows = filtered_contacts(user, wanted).select_related("account")
    page = keyset.page(rows, SORTS, request.GET, default="name", noun="contacts")
    words = words_of(playbook)
    account = Account.objects.filter(pk=wanted.account).first() if wanted.account else None
    filters = [
        Choice("persona", "Persona", [*words["persona"].items()], wanted.persona),
        Choice("account", "Account", (), str(wanted.account or ""), str(account or "")),
        Choice("email", "E-mail", (), wanted.email),
    ]
    context = {"page": page, "sort": page.sort.key, "can_edit": access.may_edit_accounts(user.roles)}
    context |= around(
        request, "contacts", page.rows, SORTS, lambda row, key: contact_text(row, key, words), wanted, filters
    )
    if not request.GET and context["pinned_url"]:
        return redirect(str(context["pinned_url"]))
    return render(request, "crm/contact_list.html", context)


@require_GET
@allowed(access.sees_contacts)
def contact_detail(request: HttpRequest, contact_id: int) -> HttpResponse:
    user = person(request)
    if (survivor := survivor_of("contact", contact_id)) is not None:
        return redirect("crm:contact-detail", survivor)
    contact = seen_contact(request, contact_id)
    _, playbook = playbooks.current()
    persona = next((part for part in playbook.personas if part.key == contact.persona), None)
    context = {
        "contact": contact,
        "persona": persona,
        "reports": Contact.objects.visible_to(user).filter(reports_to=contact).order_by("name_key", "pk")[:50],
        "can_edit": access.may_edit_accounts(user.roles),
    }
    return render(request, "crm/contact_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(access.may_edit_accounts)
def contact_new(request: HttpRequest) -> HttpResponse:
    """A new contact; ?account= names the account they work at."""
    _, playbook = playbooks.current()
    account = Account.objects.visible_to(person(request)).filter(pk=number(request.GET.get("account"))).first()
    start = {"account": spelled(account)} if account else {}
    form = ContactForm(request.POST or None, playbook=playbook, account=account, initial=start)
    if request.method != "POST":
        return _form(request, form, None, account)
    token, doing = request.POST.get("once", ""), act(request)
    if (before := made_before(Contact, token, person(request))) is not None:
        return redirect("crm:contact-detail", before.pk)
    made, status = None, 422
    if form.is_valid():
        create = partial(create_contact, act=doing, values=form.values())
        made, status = attempt(form, lambda: once(Contact, token, doing, create))
    if made is None:
        return _form(request, form, None, account, status=status)
    messages.success(request, f"{made} is added.")
    return redirect("crm:contact-detail", made.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(access.may_edit_accounts)
def contact_edit(request: HttpRequest, contact_id: int) -> HttpResponse:
    contact = seen_contact(request, contact_id)
    _, playbook = playbooks.current()
    if request.method != "POST":
        known = contact_values(contact)
        form = ContactForm.opened(known, contact.version, playbook=playbook, contact=contact, account=contact.account)
        return _form(request, form, contact, contact.account)
    form = ContactForm(request.POST, playbook=playbook, contact=contact, account=contact.account)

    def update(version: int | None) -> Contact:
        return update_contact(act=act(request), contact_id=contact.pk, values=form.values(), expected_version=version)

    saved, differences, status = rebasing.save(form, update, contact_values)
    if saved is None:
        return _form(request, form, contact, contact.account, status=status, differences=differences)
    messages.success(request, f"{saved} is saved.")
    return redirect("crm:contact-detail", contact.pk)


def _form(
    request: HttpRequest,
    form: ContactForm,
    contact: Contact | None,
    account: Account | None,
    *,
    status: int = 200,
    differences: Iterable[Difference] = (),
) -> HttpResponse:
    context = {"form": form, "contact": contact, "account": account, "differences": differences}
    return render(request, "crm/contact_form.html", context, status=status)


def seen_contact(request: HttpRequest, contact_id: int) -> Contact:
    contact = (
        Contact.objects.visible_to(person(request))
        .select_related("account", "reports_to")
        .filter(pk=contact_id)
        .first()
    )
    if contact is None:
        raise Http404("There is no such contact.")
    return contact
