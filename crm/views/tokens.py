"""One's own API tokens."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from crm.forms.people import TokenForm
from crm.lib.views import act, allowed, attempt, person
from crm.models import ApiToken
from crm.rules import access
from crm.services.tokens import create_token, revoke_token


@never_cache
@allowed(access.sees_accounts)
@require_http_methods(["GET", "HEAD", "POST"])
def token_list(request: HttpRequest) -> HttpResponse:
    """Making one answers with its text in the page, this once: it is kept nowhere to redirect to."""
    owner = person(request)
    form, text, status = TokenForm(request.POST or None), "", 200
    if request.method == "POST":
        made, status = None, 422
        if form.is_valid():
            made, status = attempt(form, lambda: create_token(act=act(request), person=owner, **form.cleaned_data))
        if made is not None:
            text, form = made[1], TokenForm()
    tokens = ApiToken.objects.filter(person=owner)
    context = {
        "form": form,
        "text": text,
        "live": [token for token in tokens if token.revoked_at is None],
        "ended": [token for token in tokens if token.revoked_at is not None][:20],
    }
    return render(request, "crm/token_list.html", context, status=status)


@allowed(access.sees_accounts)
@require_POST
def token_revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    try:
        token = revoke_token(act=act(request), person=person(request), token_id=token_id)
    except ApiToken.DoesNotExist:
        raise Http404("There is no such token of yours.") from None
    messages.success(request, f"{token.name} is revoked. What used it is refused from now on.")
    return redirect("crm:token-list")
