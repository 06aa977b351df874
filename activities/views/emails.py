"""Filing an e-mail: paste it, look over what was read out of it, save."""

from __future__ import annotations

from functools import partial
from hashlib import sha256
from typing import Any

from django.http import HttpResponse

from activities.forms.activities import EmailForm, PasteForm, email_start
from activities.models import Activity
from activities.queries.subjects import Subject
from activities.rules.mail import read_mail
from activities.services.activities import log_activity
from activities.views.base import Request, act, done, record_view, show
from activities.views.nouns import EMAIL
from crm.lib.views import attempt
from crm.services.once import made_before, once


@record_view(adds=True, methods=("GET", "HEAD", "POST"))
def email_new(request: Request, subject: Subject) -> HttpResponse:
    """POST with `raw` reads the message and shows its fields for review; without, files what was reviewed."""
    if request.method != "POST":
        return _paste(request, subject, PasteForm())
    if "raw" in request.POST:
        pasted = PasteForm(request.POST)
        if not pasted.is_valid():
            return _paste(request, subject, pasted, status=422)
        mail = read_mail(pasted.cleaned_data["raw"])
        form = EmailForm(initial=email_start(mail, subject, request.user.email), subject=subject)
        message = sha256(pasted.cleaned_data["raw"].encode()).hexdigest()[:16]
        return _review(request, subject, form, message=message, no_headers=not mail.has_headers)
    filled: Any = EmailForm(request.POST, subject=subject)
    token, doing = request.POST.get("once", ""), act(request)
    if made_before(Activity, token, request.user) is not None:
        return done(request, subject, EMAIL.saved)
    made, status = None, 422
    if filled.is_valid():
        file = partial(log_activity, act=doing, about=(subject.kind, subject.pk), values=filled.values)
        made, status = attempt(filled, lambda: once(Activity, token, doing, file))
    if made is None:
        return _review(request, subject, filled, message=request.POST.get("message", "")[:16], status=status)
    return done(request, subject, EMAIL.saved)


def _paste(request: Request, subject: Subject, form: PasteForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "as_form": True, "draft": "paste"}
    return show(request, subject, "activities/partials/paste_form.html", context, title=EMAIL.new, status=status)


def _review(
    request: Request, subject: Subject, form: EmailForm, *, message: str, status: int = 200, no_headers: bool = False
) -> HttpResponse:
    """`message` names what was pasted: what is typed here is kept in the browser for that message and no other."""
    context = {"form": form, "as_form": True, "no_headers": no_headers, "message": message, "reviewing": True}
    context["draft"] = f"email:{message}"
    return show(request, subject, EMAIL.part, context, title="Look it over, then file it", status=status)
