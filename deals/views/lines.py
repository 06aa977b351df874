"""The product lines of a deal: a panel, and the form behind it."""

from __future__ import annotations

from django.http import HttpResponse

from crm.lib.errors import EditConflict, Invalid
from deals.forms.lines import LinesForm, in_words, lines_now, standing
from deals.models import Deal
from deals.queries.detail import Sight
from deals.queries.lines import lines_of, products_for
from deals.services.deals import update_deal
from deals.views.base import Request, act, attempt, deal_view, done, show

TITLE = "Product lines"


@deal_view()
def deal_lines(request: Request, sight: Sight) -> HttpResponse:
    return show(request, sight, "deals/partials/lines_panel.html", {"lines": lines_of(sight.deal)}, title=TITLE)


@deal_view("lines__product", needs="editable", methods=("GET", "HEAD", "POST"))
def deal_lines_edit(request: Request, sight: Sight) -> HttpResponse:
    """Rows come and go by buttons that send the form (`do`); only then is something saved when one of them says so."""
    deal, products = sight.deal, products_for(sight.deal)
    if request.method != "POST":
        return _form(request, sight, LinesForm.opened(deal, products))
    asked = request.POST.get("do", "")
    form = LinesForm.posted(request.POST, deal, products)
    if moved := form.moved(asked):
        return _form(request, sight, moved)
    if not form.is_valid():
        return _form(request, sight, form, 422)
    try:
        saved, status = _save(request, form, asked, form.cleaned_data["version"])
    except EditConflict as conflict:
        now = lines_now(conflict.current)
        if standing(now) != form.cleaned_data["started_from"]:
            return _conflict(request, sight, form, now)
        saved, status = _save(request, form, asked, now.version)  # nothing of this form was touched
    return done(request, saved, "Product lines saved.") if saved is not None else _form(request, sight, form, status)


def _save(request: Request, form: LinesForm, asked: str, version: int) -> tuple[Deal | None, int]:
    def write() -> Deal:
        try:
            values = form.values(asked)
            return update_deal(act=act(request), deal_id=form.deal.pk, values=values, expected_version=version)
        except Invalid as wrong:
            raise Invalid({form.cell(key): said for key, said in wrong.errors.items()}) from wrong

    return attempt(form, write)


def _conflict(request: Request, sight: Sight, form: LinesForm, now: Deal) -> HttpResponse:
    """Both versions: theirs in words, one's own still in the rows, to be saved over theirs or taken back."""
    theirs = {"before": in_words(form.cleaned_data["started_from"]), "now": in_words(standing(now))}
    data = form.data.copy()
    data["version"], data["started_from"] = str(now.version), standing(now)
    form = LinesForm.posted(data, now, products_for(now))
    form.is_valid()
    return _form(request, sight, form, 409, theirs)


def _form(
    request: Request, sight: Sight, form: LinesForm, status: int = 200, theirs: dict[str, str] | None = None
) -> HttpResponse:
    context = {"form": form, "theirs": theirs, "as_form": True, "wide": True}
    part = "deals/partials/lines_form.html"
    return show(request, sight, part, context, title=TITLE, status=status, dialog=True)
