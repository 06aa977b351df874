"""Likely duplicates, merging two records, and undoing a merge."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.forms.merging import MergeForm
from crm.lib import keyset
from crm.lib.errors import Clash, NotAllowed
from crm.lib.keyset import Sort
from crm.lib.views import act, allowed, attempt, person
from crm.models import DuplicatePair, Job, MergeRecord
from crm.queries import playbook as playbooks
from crm.queries.merging import MODELS, compared, merges_of, open_pairs, shown_merge, with_records
from crm.rules import access
from crm.services.duplicates import FIND_TASK, ask_to_look, not_the_same
from crm.services.merging import merge, undo_merge

PAIR_SORTS = keyset.both_ways(Sort("found", "Found", ("found_at",)))
MERGE_SORTS = keyset.both_ways(Sort("made", "Merged", ("made_at",)))


@require_GET
@allowed(access.may_edit_accounts)
def duplicate_list(request: HttpRequest) -> HttpResponse:
    kind = "contact" if request.GET.get("kind") == "contact" else "account"
    page = keyset.page(open_pairs(kind), PAIR_SORTS, request.GET, default="-found", noun="pairs")
    looked = Job.objects.filter(task=FIND_TASK).order_by("-pk").first()
    context = {"kind": kind, "page": page, "pairs": with_records(page.rows, kind), "looked": looked}
    return render(request, "crm/duplicate_list.html", context)


@require_POST
@allowed(access.may_edit_accounts)
def duplicate_look(request: HttpRequest) -> HttpResponse:
    """Looks through everything again, in a worker."""
    return redirect("crm:job-detail", ask_to_look(act(request)).pk)


@require_POST
@allowed(access.may_edit_accounts)
def duplicate_not_same(request: HttpRequest, pair_id: int) -> HttpResponse:
    try:
        pair = not_the_same(act=act(request), pair_id=pair_id)
    except DuplicatePair.DoesNotExist:
        raise Http404("There is no such pair any more.") from None
    messages.success(request, "Remembered as two different records.")
    return redirect(f"{reverse('crm:duplicate-list')}?kind={pair.kind}")


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(access.may_edit_accounts)
def record_merge(request: HttpRequest, merge_kind: str, keep_id: int, other_id: int) -> HttpResponse:
    """Two records side by side: which value of each field stays."""
    if merge_kind not in MODELS:
        raise Http404("Accounts and contacts are merged.")
    related = ("owner", "parent", "current_vendor") if merge_kind == "account" else ("account", "reports_to")
    rows = MODELS[merge_kind].objects.visible_to(person(request)).select_related(*related).in_bulk([keep_id, other_id])
    if len(rows) < 2:
        raise Http404("One of the two is no longer here.")
    survivor, loser = rows[keep_id], rows[other_id]
    _, playbook = playbooks.current()
    fields = compared(merge_kind, survivor, loser, playbook)
    form = MergeForm(request.POST if request.method == "POST" else None, fields=fields)
    status = 200
    if request.method == "POST":
        done, status = _merge(request, form, merge_kind, keep_id, other_id)
        if done is not None:
            messages.success(request, f"{loser} is merged into {survivor}.")
            return redirect("crm:merge-detail", done.pk)
    context = {"kind": merge_kind, "survivor": survivor, "loser": loser, "form": form}
    return render(request, "crm/record_merge.html", context, status=status)


def _merge(request: HttpRequest, form: MergeForm, kind: str, keep: int, other: int) -> tuple[MergeRecord | None, int]:
    if not form.is_valid():
        return None, 422
    values: dict[str, Any] = {"kind": kind, "survivor_id": keep, "loser_id": other, "take": form.take()}
    return attempt(form, lambda: merge(act=act(request), **values))


@require_GET
@allowed(access.may_edit_accounts)
def merge_list(request: HttpRequest) -> HttpResponse:
    page = keyset.page(merges_of(person(request)), MERGE_SORTS, request.GET, default="-made", noun="merges")
    return render(request, "crm/merge_list.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(access.may_edit_accounts)
def merge_detail(request: HttpRequest, merge_id: int) -> HttpResponse:
    """What a merge moved; POST undoes it."""
    found = merges_of(person(request)).filter(pk=merge_id).first()
    if found is None:
        raise Http404("There is no such merge, or it is not yours.")
    status = 200
    if request.method == "POST":
        try:
            found = undo_merge(act=act(request), merge_id=merge_id)
            messages.success(request, f"{found.loser_name} is a record of its own again.")
            return redirect("crm:merge-detail", merge_id)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused)) from refused
        except (Clash, ObjectDoesNotExist) as clash:
            messages.error(request, str(clash))
            status = 409
    return render(request, "crm/merge_detail.html", {"merge": found, "shown": shown_merge(found)}, status=status)
