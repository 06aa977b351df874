"""`{% load deal_rows %}`: deals as rows of the table and as tickets of the board.

Functions instead of templates, for the same reason as the marks of `qd`: a table of fifty deals or a board of a hundred
would spend more time on walking a template over and over than on everything else. Every text goes through `escape`; the
marks are made by `qd` and escape for themselves. Rows are those of `deals.queries.rows`, dressed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from crm.lib.lists import Column
from crm.templatetags.qd import amount, day, grade, lights, person

register = template.Library()

Row = dict[str, Any]
Cell = Callable[[Row], str]


@register.simple_tag
def deal_rows(deals: Iterable[Row], columns: Iterable[Column], editable: bool = False) -> SafeString:
    """The table's rows, a cell for each column; each row says whether it fills what only some see. With `editable` the
    cells of open deals say by which field they are edited in place."""
    cells = [CELLS[column.key] for column in columns]
    return _html("".join(_row(deal, cells, editable) for deal in deals))


@register.simple_tag
def deal_tickets(deals: Iterable[Row]) -> SafeString:
    """The tickets of a column, each an item of its list."""
    return _html("".join(f"<li>{_ticket(deal)}</li>" for deal in deals))


def _row(deal: Row, cells: Iterable[Cell], editable: bool) -> str:
    edits = f' data-cells="{escape(deal["url"])}cell/"' if editable and deal["is_open"] and deal["detail"] else ""
    name, shown = escape(deal["name"]), "".join([cell(deal) for cell in cells])
    return (
        f'<tr data-row{edits}><td class="pick"><input type="checkbox" name="ids" value="{deal["pk"]}" form="picked"'
        f' aria-label="Select {name}"></td>{shown}</tr>\n'
    )


def _name_cell(deal: Row) -> str:
    under = f'<span class="quiet">{escape(deal["account__name"])}</span>'
    return f'<th scope="row" class="c-title">{_title(deal)}{under}</th>'


def _class_cell(deal: Row) -> str:
    return f'<td class="c-meta">{_grade(deal)}{_disqualified(deal) if deal["detail"] else ""}</td>'


def _stage_cell(deal: Row) -> str:
    here = f' <span class="quiet">{deal["days_in_stage"]} d here</span>' if deal["is_open"] else ""
    return f'<td class="c-meta" data-cell="stage">{escape(deal["stage_label"])}{here}</td>'


def _step_cell(deal: Row) -> str:
    return f'<td data-cell="next_step">{escape(deal["next_step"] or "No next step") if deal["detail"] else ""}</td>'


CELLS: dict[str, Cell] = {
    "name": _name_cell,
    "account": lambda deal: f"<td>{escape(deal['account__name'])}</td>",
    "class": lambda deal: _class_cell(deal) if deal["detail"] else '<td class="c-meta"></td>',
    "meddpicc": lambda deal: f"<td>{lights(deal['score__lights']) if deal['detail'] else ''}</td>",
    "stage": _stage_cell,
    "days": lambda deal: f'<td class="num">{deal["days_in_stage"] if deal["is_open"] else "–"}</td>',
    "amount": lambda deal: (
        f'<td class="num c-value" data-cell="amount">{_amount(deal) if deal["amounts"] else ""}</td>'
    ),
    "currency": lambda deal: f"<td>{escape(deal['currency']) if deal['amounts'] else ''}</td>",
    "close": lambda deal: f'<td class="num c-end" data-cell="close_date">{_closes(deal)}</td>',
    "next_step": _step_cell,
    "next_due": lambda deal: f'<td class="num">{_due(deal) if deal["detail"] else ""}</td>',
    "owner": lambda deal: f"<td>{person(deal['owner'])}</td>",
    "type": lambda deal: f"<td>{escape(deal['type_label'])}</td>",
    "forecast": lambda deal: f"<td>{escape(deal['forecast_label']) if deal['detail'] else ''}</td>",
    "term": lambda deal: f'<td class="num">{(deal["term_months"] or "–") if deal["detail"] else ""}</td>',
    "segment": lambda deal: f"<td>{escape(deal['segment_label'])}</td>",
    "created": lambda deal: f'<td class="num">{day(deal["created_at"])}</td>',
    "updated": lambda deal: f'<td class="num">{day(deal["updated_at"]) if deal["detail"] else ""}</td>',
}


def _due(deal: Row) -> str:
    return day(deal["next_step_date"], "due" if deal["is_open"] else "")


def cell(deal: Row, key: str) -> SafeString:
    """What stands within one cell, for swapping it in after an edit in place."""
    return _html(CELLS[key](deal).partition(">")[2].removesuffix("</td>"))


def _ticket(deal: Row) -> str:
    name, url = escape(deal["name"]), escape(deal["url"])
    drag = f' draggable="true" data-move="{url}stage/"' if deal["can_move"] else ""
    ends = _grade(deal) if deal["detail"] else ""
    if deal["amounts"]:
        ends += f'<b class="num">{_amount(deal)}</b>'
    move = (
        f'<a class="move" href="{url}stage/" hx-get="{url}stage/" hx-target="#dialogs">Move'
        f'<span class="sr"> {name} to another stage</span></a>'
        if deal["can_move"]
        else ""
    )
    return (
        f'<article class="ticket"{drag}><div>{_title(deal)}<p class="quiet">{escape(deal["account__name"])}</p></div>'
        + (f'<div class="ends">{ends}</div>' if ends else "")
        + (lights(deal["score__lights"]) if deal["detail"] else "")
        + f'<div class="ends">{_closes(deal)}{move}{person(deal["owner"])}</div></article>\n'
    )


def _title(deal: Row) -> str:
    return f'<a class="title" href="{escape(deal["url"])}">{escape(deal["name"])}</a>'


def _grade(deal: Row) -> str:
    return grade(deal["score__possible_classes"], deal["score__total"], deal["score__low"], deal["score__high"])


def _disqualified(deal: Row) -> str:
    count = deal["score__disqualified"]
    if not count:
        return ""
    return f' <span class="pill bad" title="Disqualified by facts on {count} of the criteria">disqualified</span>'


def _amount(deal: Row) -> str:
    value, currency = deal["amount"], deal["currency"]
    shown = amount(value, currency)
    return shown if value is None else f'{shown} <span class="quiet">{escape(currency)}</span>'


def _closes(deal: Row) -> str:
    return day(deal["close_date"], "due" if deal["is_open"] else "")


def _html(text: str) -> SafeString:
    return mark_safe(text)  # nosec B703 B308 - put together above, every text of it escaped
