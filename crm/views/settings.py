"""One's own settings: the clock, what one is told of, and the password."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from crm.forms.own import ClockForm, NotificationsForm, OwnPasswordForm
from crm.lib.views import act, attempt, person
from crm.models import NotificationKind
from crm.queries.notifications import settings_of
from crm.services.notifications import set_own_notifications
from crm.services.own import set_own_password, set_own_time_zone


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_settings(request: HttpRequest) -> HttpResponse:
    """Everybody's who signs in, those without a role too."""
    form = ClockForm(request.POST or None, initial={"time_zone": person(request).time_zone})
    if request.method != "POST":
        return _page(request, form)
    saved, status = None, 422
    if form.is_valid():
        saved, status = attempt(
            form, lambda: set_own_time_zone(act=act(request), time_zone=form.cleaned_data["time_zone"])
        )
    if saved is None:
        return _page(request, form, status=status)
    messages.success(request, "Saved.")
    return redirect("crm:settings")


@login_required
@require_POST
def own_password(request: HttpRequest) -> HttpResponse:
    """A new password by whoever knows the present one. Sessions elsewhere end; this one goes on."""
    user = person(request)
    if user.is_demo:
        raise PermissionDenied("People of the demo have no password: they come in by one click.")
    form = OwnPasswordForm(user, request.POST)
    saved, status = None, 422
    if form.is_valid():
        saved, status = attempt(
            form, lambda: set_own_password(act=act(request), password=form.cleaned_data["new_password1"])
        )
    if saved is None:
        return _page(request, password=form, status=status)
    update_session_auth_hash(request, saved)
    messages.success(request, "Your password is changed. Wherever else you were signed in, you are signed out.")
    return redirect("crm:settings")


@login_required
@require_POST
def own_notifications(request: HttpRequest) -> HttpResponse:
    """What one is told of, and when the summary comes."""
    form = NotificationsForm(request.POST)
    saved, status = None, 422
    if form.is_valid():
        saved, status = attempt(form, lambda: set_own_notifications(act=act(request), values=form.cleaned_data))
    if saved is None:
        return _page(request, notifications=form, status=status)
    messages.success(request, "Saved.")
    return redirect("crm:settings")


def _page(
    request: HttpRequest,
    form: ClockForm | None = None,
    password: OwnPasswordForm | None = None,
    notifications: NotificationsForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    user = person(request)
    chosen = settings_of(user)
    context = {
        "notifications": notifications
        or NotificationsForm(
            initial={
                "kinds": [kind for kind in NotificationKind.values if kind not in chosen.muted],
                "digest": chosen.digest,
                "hour": chosen.hour,
            }
        ),
        "form": form or ClockForm(initial={"time_zone": user.time_zone}),
        "password": None if user.is_demo else password or OwnPasswordForm(user),
    }
    return render(request, "crm/settings.html", context, status=status)
