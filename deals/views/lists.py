"""The deals list in its three shapes: table, board, totals. One filtered set, every state a URL."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from crm.lib import keyset
from crm.lib.lists import chosen, kept_beside
from crm.lib.views import allowed
from crm.list_kinds import list_kinds
from crm.models import Person
from crm.queries import playbook as playbooks
from crm.queries.saved_views import ViewTabs, tabs
from crm.rules import access
from deals.forms.filters import LABELS, DealFilterForm, chips
from deals.models import Deal
from deals.queries.board import columns, shown_stages
from deals.queries.columns import USUAL, label, offered, stored
from deals.queries.lists import NONE, DealFilter, allowed_sorts, filtered, in_force, legs, permitted
from deals.queries.rows import dress, rows
from deals.queries.totals import DETAILS, GROUPS, Total, Totals, in_one_currency, totals
from playbook.schema import Playbook

SHAPES = {"": "deals:deal-list", "board": "deals:deal-board", "totals": "deals:deal-totals"}
FILTER_OF = {"class": "lead_class"}
"""Where the filter of a group of totals has another name than the group."""
UNASKED = frozenset({"state", "q", "account", "currency", "amount"})
"""Filters the form behind "+ Filter" does not ask for."""
TABS = (("open", "Open"), ("mine", "My open deals"), ("won", "Won"), ("lost", "Lost"), ("all", "All"))


@allowed(access.sees_accounts)
def deal_list(request: HttpRequest) -> HttpResponse:
    context, playbook, wanted = _asked(request, "table")
    user = _person(request)
    pinned = context["views"].default
    if pinned and not request.GET:
        return redirect(pinned.url)
    columns_shown = chosen(request.GET, offered(user), USUAL)
    default = "close" if wanted.state == "open" else "-close"
    sorts, shown = allowed_sorts(user), partial(rows, more=stored(columns_shown))
    found = legs(user, wanted, request.GET.get("sort", ""))
    page = keyset.page(found, sorts, request.GET, default=default, noun="deals", shown=shown)
    _dress(page.rows, playbook, request)
    label(page.rows, columns_shown, playbook)
    said = [page.said] if page.said else []
    context |= {
        "page": page,
        "sort": page.sort.key,
        "dropped": [*context["dropped"], *said],
        "table": columns_shown,
        "sorts": sorts,
        "kind": list_kinds.get("deals"),
        "can_change": access.edit_reach(user.roles) is not access.Reach.NOTHING,
        "query": urlencode({**wanted.as_query(), **kept_beside(request.GET)}),
    }
    return render(request, "deals/deal_list.html", context)


@allowed(access.sees_accounts)
def deal_board(request: HttpRequest) -> HttpResponse:
    context, playbook, wanted = _asked(request, "board")
    shown = columns(filtered(_person(request), wanted), playbook, wanted)
    cards = [deal for column in shown for deal in column.deals]
    _dress(cards, playbook, request)
    editable = set(
        Deal.objects.editable_by(_person(request))
        .filter(pk__in=[deal["pk"] for deal in cards])
        .values_list("pk", flat=True)
    )
    for deal in cards:
        deal["can_move"] = deal["is_open"] and deal["pk"] in editable
    context |= {
        "columns": [
            {
                "stage": c.stage,
                "deals": c.deals,
                "has_more": c.has_more,
                "more_url": _url("deal-list", wanted, stage=c.stage.key),
            }
            for c in shown
        ],
        "open_stages": playbook.open_stages,
        "sums_url": _url("deal-board-sums", wanted),
        "here_full": request.get_full_path(),
    }
    return render(request, "deals/deal_board.html", context)


@allowed(access.sees_accounts)
def board_sums(request: HttpRequest) -> HttpResponse:
    """Count, sum and weighted sum of each column, swapped into the heads once the cards are there."""
    context, playbook, wanted = _asked(request, "board")
    rows: dict[str, list[dict[str, Any]]] = {}
    found = totals(filtered(_person(request), wanted), playbook)
    for row in found.rows:
        rows.setdefault(row.group, []).append(_links(wanted, row, {"stage": row.group}, found))
    shown = [
        {
            "key": stage.key,
            "chance": stage.probability_percent,
            "url": _url("deal-list", wanted, stage=stage.key),
            "rows": rows.get(stage.key, []),
            "count": sum(line["row"].count for line in rows.get(stage.key, [])),
        }
        for stage in shown_stages(playbook, wanted)
    ]
    return render(request, "deals/partials/board_sums.html", context | {"stages": shown})


@allowed(access.sees_accounts)
def deal_totals(request: HttpRequest) -> HttpResponse:
    context, playbook, wanted = _asked(request, "totals")
    # A search for one deal would turn the counts of a detail into that deal's.
    groups = {key: label for key, label in GROUPS.items() if key not in DETAILS or context["every_detail"]}
    by = request.GET.get("by", "stage")
    by = by if by in groups else "stage"
    found = totals(filtered(_person(request), wanted), playbook, by=by)
    context["in_one"] = in_one_currency(found) if context["amounts"] else None
    context["sums"] = [_links(wanted, row, {}, found) for row in found.sums]
    if request.headers.get("HX-Target") == "totals-line":
        return render(request, "deals/partials/list_totals.html", context | {"totals": found})
    context |= {
        "totals": found,
        "by": by,
        "groups": [
            {"label": label, "url": _url("deal-totals", wanted, by=key), "current": key == by}
            for key, label in groups.items()
        ],
        "rows": [_links(wanted, row, {FILTER_OF.get(by, by): row.group or NONE}, found) for row in found.rows],
        "in_one_url": _url("deal-list", wanted, amount="known"),
        "group_label": GROUPS[by],
    }
    return render(request, "deals/deal_totals.html", context)


@allowed(access.sees_accounts)
def deal_filter(request: HttpRequest) -> HttpResponse:
    """The form behind "+ Filter", fetched when it is opened: its choices are long and mostly not wanted."""
    user = _person(request)
    _, playbook = playbooks.current()
    wanted = permitted(user, DealFilter.from_query(request.GET))
    names = {"board": "deal-board", "totals": "deal-totals"}
    context = {
        "filter_form": DealFilterForm(user=user, playbook=playbook, wanted=wanted),
        "kept": [
            *((name, value) for name, value in wanted.as_query().items() if name in UNASKED),
            *kept_beside(request.GET).items(),
        ],
        "action": reverse(f"deals:{names.get(request.GET.get('shape', ''), 'deal-list')}"),
    }
    template = "deals/partials/list_filter.html" if request.headers.get("HX-Request") else "deals/deal_filter.html"
    return render(request, template, context)


def _asked(request: HttpRequest, shape: str) -> tuple[dict[str, Any], Playbook, DealFilter]:
    """What every shape of the list needs: the head of the page, the playbook and the filter as asked."""
    user = _person(request)
    _, playbook = playbooks.current()
    wanted = permitted(user, in_force(playbook, DealFilter.from_query(request.GET)))
    kept = kept_beside(request.GET)
    context = {
        "heading": "Deals",
        "shape": shape,
        "state": wanted.state,
        # Columns stand where some row fills them; orders and sums go over all rows, so they ask for more.
        "detail": access.detail_reach(user.roles) is not access.Reach.NOTHING,
        "amount_column": access.sees_amounts(user.roles),
        "every_detail": access.sees_every_detail(user.roles),
        "amounts": access.sees_every_amount(user.roles),
        "can_create_deal": access.may_create_deals(user.roles),
        "chips": chips(playbook, wanted, request.path, kept),
        "dropped": [one.said(LABELS.get(one.name, "")) for one in wanted.dropped],
        "narrowed": bool(wanted.as_query()),
        "here": request.path,
        "bare_url": reverse("deals:deal-list"),
        "new_url": reverse("deals:deal-new"),
        "q": wanted.q,
    }
    context |= _ways(wanted, shape, kept) | _tabs_of(request, wanted, shape, kept)
    return context, playbook, wanted


def _ways(wanted: DealFilter, shape: str, kept: dict[str, str]) -> dict[str, str]:
    """Addresses of the same set otherwise, and of the forms that change what is shown of it."""
    return {
        "table_url": _url("deal-list", wanted, **kept),
        "board_url": _url("deal-board", wanted, **kept),
        "totals_url": _url("deal-totals", wanted, **kept),
        "filter_url": _url("deal-filter", wanted, shape=shape, **kept),
        "columns_url": f"{reverse('crm:list-columns', args=['deals'])}?{urlencode({**wanted.as_query(), **kept})}",
    }


def _tabs_of(request: HttpRequest, wanted: DealFilter, shape: str, kept: dict[str, str]) -> dict[str, Any]:
    views = tabs(_person(request), "deals", request.GET, SHAPES)
    here = {**wanted.as_query(), **kept} | ({} if shape == "table" else {"shape": shape})
    return {
        "tabs": _tabs(_person(request), wanted, shape, views),
        "views": views,
        "views_kind": "deals",
        "view_query": urlencode(here),
    }


def _dress(found: list[dict[str, Any]], playbook: Playbook, request: HttpRequest) -> None:
    dress(found, playbook, timezone.now(), _person(request))
    # Put together by hand: reversing fifty addresses takes as long as reading the rows.
    base = reverse("deals:deal-list")
    for row in found:
        row["url"] = f"{base}{row['pk']}/"


def _tabs(user: Person, wanted: DealFilter, shape: str, views: ViewTabs) -> list[dict[str, Any]]:
    name = {"table": "deal-list", "board": "deal-board", "totals": "deal-totals"}[shape]
    address = reverse(f"deals:{name}")
    mine = wanted.owner == user.pk and wanted.state == "open"
    found = []
    for key, words in TABS:
        # Without a word the list opens with the view somebody pinned, so then this one is asked for by name.
        usual = {"state": "open"} if views.default else {}
        query = {"owner": str(user.pk)} if key == "mine" else usual if key == "open" else {"state": key}
        current = views.here is None and (mine if key == "mine" else wanted.state == key and not mine)
        found.append(
            {
                "label": words,
                "url": address + (f"?{urlencode(query)}" if query else ""),
                "current": current,
            }
        )
    return found if access.may_create_deals(user.roles) else [tab for tab in found if tab["label"] != "My open deals"]


def link(wanted: DealFilter) -> str:
    """The list of this filter."""
    return _url("deal-list", wanted)


def _url(name: str, wanted: DealFilter, **more: str) -> str:
    query = {**wanted.as_query(), **more}
    return reverse(f"deals:{name}") + (f"?{urlencode(query)}" if query else "")


def _links(wanted: DealFilter, row: Total, group: dict[str, str], whole: Totals) -> dict[str, Any]:
    """A line of the totals with the addresses of the very deals each of its numbers counts."""
    query = group if len({one.currency for one in whole.sums}) == 1 else {**group, "currency": row.currency}
    return {
        "row": row,
        "url": _url("deal-list", wanted, **query),
        "known_url": _url("deal-list", wanted, **query, amount="known"),
        "unknown_url": _url("deal-list", wanted, **query, amount=NONE),
    }


def _person(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user
