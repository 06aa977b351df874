"""`{% load deal_rows %}`: deals as rows of the table and as tickets of the board.

Functions instead of templates, for the same reason as the marks of `qd`: a table of fifty deals or a board of a hundred
would spend more time on walking a template over and over than on everything else. Every text goes through `escape`; the
marks are made by `qd` and escape for themselves. Rows are those of `deals.queries.rows`, dressed.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from crm.templatetags.qd import amount, day, grade, lights, person

register = template.Library()

Row = dict[str, Any]


@register.simple_tag
def deal_rows(deals: Iterable[Row], detail: bool, amount_column: bool) -> SafeString:
    """The table's rows. `detail` and `amount_column` say whether the table has these columns; each row, whether it fills
    them."""
    return _html("".join(_row(deal, detail, amount_column) for deal in deals))


@register.simple_tag
def deal_tickets(deals: Iterable[Row]) -> SafeString:
    """The tickets of a column, each an item of its list."""
    return _html("".join(f"<li>{_ticket(deal)}</li>" for deal in deals))


def _row(deal: Row, detail: bool, amount_column: bool) -> str:
    cells = [
        f'<tr data-row><th scope="row" class="c-title">{_title(deal)}'
        f'<span class="quiet">{escape(deal["account__name"])}</span></th>'
    ]
    if detail:
        cells.append(
            f'<td class="c-meta">{_grade(deal)}{_disqualified(deal)}</td><td>{lights(deal["score__lights"])}</td>'
            if deal["detail"]
            else '<td class="c-meta"></td><td></td>'
        )
    here = f'<span class="quiet">{deal["days_in_stage"]} d here</span>' if deal["is_open"] else ""
    cells.append(f'<td class="c-meta">{escape(deal["stage_label"])}{here}</td>')
    if amount_column:
        cells.append(f'<td class="num c-value">{_amount(deal) if deal["amounts"] else ""}</td>')
    cells.append(f'<td class="num c-end">{_closes(deal)}</td>')
    if detail:
        cells.append(f"<td>{escape(deal['next_step'] or 'No next step') if deal['detail'] else ''}</td>")
    cells.append(f"<td>{person(deal['owner'])}</td></tr>\n")
    return "".join(cells)


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
    return mark_safe(text)  # put together above, every text of it escaped
