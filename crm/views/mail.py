"""E-mail on its way out, for operations."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from crm.lib import keyset
from crm.lib.errors import Clash
from crm.lib.keyset import Sort
from crm.lib.views import act, allowed
from crm.models import MailState, OutboxMessage
from crm.queries import mail
from crm.rules import access
from crm.services.outbox import send_again

SORTS = keyset.both_ways(Sort("written", "Written", ()))


@require_GET
@allowed(access.may_run_operations)
def mail_list(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    state = state if state in MailState.values else ""
    page = keyset.page(mail.messages(state), SORTS, request.GET, default="-written", noun="messages")
    context = {
        "page": page,
        "sort": page.sort.key,
        "state": state,
        "states": [("", "All"), *MailState.choices],
        "is_set_up": settings.MAIL_IS_SET_UP,
        "folder": getattr(settings, "EMAIL_FILE_PATH", None) or "",
        "waiting": mail.waiting(),
    }
    return render(request, "crm/mail_list.html", context)


@require_GET
@allowed(access.may_run_operations)
def mail_detail(request: HttpRequest, message_id: int) -> HttpResponse:
    message = OutboxMessage.objects.defer("html").filter(pk=message_id).first()
    if message is None:
        raise Http404("There is no such message.")
    return render(request, "crm/mail_detail.html", {"mail": message, "is_set_up": settings.MAIL_IS_SET_UP})


@require_POST
@allowed(access.may_run_operations)
def mail_again(request: HttpRequest, message_id: int) -> HttpResponse:
    try:
        send_again(act=act(request), message_id=message_id)
    except OutboxMessage.DoesNotExist:
        raise Http404("There is no such message.") from None
    except Clash as clash:
        messages.warning(request, str(clash))
    else:
        messages.success(request, "It is tried again within a minute.")
    return redirect("crm:mail-detail", message_id)
