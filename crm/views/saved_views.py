"""Saved views of a list: saving, putting in order, sharing, deleting; and choosing columns."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.forms.lists import ViewForm
from crm.lib.lists import chosen
from crm.lib.views import act, allowed, attempt, bare, person
from crm.list_kinds import ListKind, list_kinds
from crm.models import SavedView
from crm.queries.saved_views import url_of, visible_views
from crm.rules import access
from crm.services.saved_views import create_view, delete_view, move_view, update_view


def kind_of(request: HttpRequest, key: str) -> ListKind:
    """The kind of list an address names, for those who see such lists."""
    if key not in list_kinds or not list_kinds.get(key).may_see(person(request).roles):
        raise Http404("There is no such list, or it is not yours to see.")
    return list_kinds.get(key)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(access.sees_accounts)
def view_list(request: HttpRequest, list_kind: str) -> HttpResponse:
    """One's views of a list in their order; and the form that saves the list one came from as another."""
    kind = kind_of(request, list_kind)
    posted = request.POST if request.method == "POST" else None
    query = request.GET.urlencode()
    form = ViewForm(posted, initial={"query": query, "shared": "nobody"})
    status = 200
    if posted is not None:
        status = 422
        if form.is_valid():
            values = form.values(with_query=True)
            made, status = attempt(form, lambda: create_view(act=act(request), kind=kind.key, values=values))
            if made is not None:
                messages.success(request, f"The view “{made.name}” is saved.")
                return redirect(url_of(made, kind.shapes))
    user = person(request)
    found = [(view, url_of(view, kind.shapes)) for view in visible_views(user, kind.key)]
    context = {
        "kind": kind,
        "form": form,
        "mine": [pair for pair in found if pair[0].owner_id == user.pk],
        "others": [pair for pair in found if pair[0].owner_id != user.pk],
        "list_url": reverse(kind.url_name),
    }
    return render(request, "lists/view_list.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(access.sees_accounts)
def view_edit(request: HttpRequest, view_id: int) -> HttpResponse:
    view = _mine(request, view_id)
    start = {"name": view.name, "shared": view.shared, "is_default": view.is_default}
    form = ViewForm(request.POST if request.method == "POST" else None, initial=start)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            values = form.values(with_query=False)
            saved, status = attempt(form, lambda: update_view(act=act(request), view_id=view.pk, values=values))
            if saved is not None:
                messages.success(request, f"The view “{saved.name}” is saved.")
                return redirect("crm:view-list", view.kind)
    context = {"view": view, "form": form, "kind": list_kinds.get(view.kind)}
    return render(request, "lists/view_edit.html", context, status=status)


@require_POST
@allowed(access.sees_accounts)
def view_update(request: HttpRequest, view_id: int) -> HttpResponse:
    """Keeps the list as it stands now under the view's name."""
    view = _mine(request, view_id)
    update_view(act=act(request), view_id=view.pk, values={"query": request.POST.get("query", "")[:2000]})
    messages.success(request, f"The view “{view.name}” now shows this.")
    view.refresh_from_db()
    return redirect(url_of(view, list_kinds.get(view.kind).shapes))


@require_POST
@allowed(access.sees_accounts)
def view_move(request: HttpRequest, view_id: int) -> HttpResponse:
    view = _mine(request, view_id)
    move_view(act=act(request), view_id=view.pk, by=-1 if request.POST.get("to") == "up" else 1)
    return redirect("crm:view-list", view.kind)


@require_POST
@allowed(access.sees_accounts)
def view_delete(request: HttpRequest, view_id: int) -> HttpResponse:
    view = _mine(request, view_id)
    delete_view(act=act(request), view_id=view.pk)
    messages.success(request, f"The view “{view.name}” is deleted. What it showed is as it was.")
    return redirect("crm:view-list", view.kind)


@require_GET
@allowed(access.sees_accounts)
def list_columns(request: HttpRequest, list_kind: str) -> HttpResponse:
    """The form that chooses columns, fetched when it is opened; it goes back to the same list."""
    kind = kind_of(request, list_kind)
    offered = kind.columns(person(request))
    shown = {column.key for column in chosen(request.GET, offered, kind.usual)}
    context: dict[str, Any] = {
        "kind": kind,
        "columns": [(column, column.key in shown) for column in offered[1:]],
        "kept": [pair for pair in parse_qsl(request.GET.urlencode()) if pair[0] not in {"columns", "after", "before"}],
        "list_url": reverse(kind.url_name),
        "usual_url": f"{reverse(kind.url_name)}?{_without(request.GET)}",
    }
    template = "lists/partials/columns.html" if bare(request) else "lists/columns.html"
    return render(request, template, context)


def _without(query: QueryDict) -> str:
    parts = query.copy()
    for name in ("columns", "after", "before"):
        parts.pop(name, None)
    return parts.urlencode()


def _mine(request: HttpRequest, view_id: int) -> SavedView:
    """One's own view. Others' are 403 where they are shared with one, else 404."""
    user = person(request)
    view: SavedView | None = SavedView.objects.visible_to(user).filter(pk=view_id).first()
    if view is None:
        raise Http404("There is no such view, or it is not yours to see.")
    if view.owner_id != user.pk:
        raise PermissionDenied(f"This view is {view.owner}'s. Save it under a name of your own to change it.")
    return view
