"""A draft as a whole: how it differs from what is published, and what is decided about it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from battlecards.forms.reviews import ReviewForm
from battlecards.models import Draft
from battlecards.queries import editing
from battlecards.queries.drafts import claims_of, differences
from battlecards.queries.reviews import waiting_for
from battlecards.rules.differing import What, counted, words
from battlecards.rules.fields import title_of
from battlecards.rules.states import State
from battlecards.services import reviews
from battlecards.services.drafts import discard, save_head
from battlecards.services.publishing import card_rules
from battlecards.views.base import Request, act
from battlecards.views.drafting import draft_view, edit_url
from crm.lib.errors import Invalid
from crm.lib.views import allowed, attempt, person, today_panel
from crm.rules import access

SAID = {
    "submit": "{card} is submitted. Somebody else publishes it.",
    "withdraw": "The draft is yours to write on again.",
    "back": "The draft is sent back.",
    "publish": "{card} is published. The field reads it from now on.",
    "schedule": "{card} is scheduled.",
    "unschedule": "The draft is not scheduled any more. It is in review.",
    "discard": "The draft is discarded. What it held is kept here.",
}


@draft_view(methods=("GET", "HEAD", "POST"))
def draft_review(request: Request, draft: Draft) -> HttpResponse:
    """A draft in any state against the version it follows; sent, something is done with it (`do`)."""
    form = ReviewForm(request.POST or None, initial={"version": draft.version, "note": draft.note})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            does = request.POST.get("do", "")
            done, status = attempt(form, partial(_do, request, draft, form, does))
            if done is not None:
                messages.success(request, SAID[does].format(card=draft.title))
                return _next(draft, does)
        draft.refresh_from_db(fields=["state", "version", "publish_at"])
    return render(request, "battlecards/draft_review.html", _context(request, draft, form), status=status)


def _next(draft: Draft, does: str) -> HttpResponse:
    if does == "publish":
        return redirect("battlecards:card-detail", draft.card.slug)
    if does in ("withdraw", "back"):
        return redirect(edit_url(draft.card))
    return redirect("battlecards:draft-review", draft.pk)


def _do(request: Request, draft: Draft, form: ReviewForm, does: str) -> object:
    """What the button says. Raises what the services raise, Invalid for another word."""
    values = form.cleaned_data
    asked: dict[str, Any] = {"act": act(request), "draft_id": draft.pk, "expected_version": values["version"]}
    if does == "submit" and values["note"] != draft.note:
        head = {"title": draft.title, "seen_title": draft.title, "note": values["note"], "seen_note": draft.note}
        asked["expected_version"] = save_head(act=asked["act"], draft_id=draft.pk, **head).version
    acts: dict[str, Callable[[], object]] = {
        "submit": partial(reviews.submit, **asked),
        "withdraw": partial(reviews.withdraw, **asked),
        "back": partial(reviews.send_back, **asked, answer=values["answer"]),
        "publish": partial(reviews.publish, **asked),
        "unschedule": partial(reviews.unschedule, **asked),
        "discard": partial(discard, **asked),
    }
    if does == "schedule":
        if values["publish_at"] is None:
            raise Invalid({"publish_at": "Choose a day and a time."})
        return reviews.schedule(**asked, publish_at=values["publish_at"])
    if does not in acts:
        raise Invalid({"": "There is no such thing to do with a draft."})
    return acts[does]()


def _context(request: Request, draft: Draft, form: ReviewForm) -> dict[str, Any]:
    rows = claims_of(draft)
    found = differences(draft, rows)
    changed = [one for one in found if one.what is not What.SAME]
    by_section = [(editing.LABELS[name], [one for one in changed if one.section == name]) for name in editing.LABELS]
    before = draft.base.title if draft.base else ""
    return {
        "draft": draft,
        "card": draft.card,
        "form": form,
        "changed": [(label, ones) for label, ones in by_section if ones],
        "counts": [(many, what) for what, many in counted(found).items() if many],
        "same": sum(one.what is What.SAME for one in found),
        "title_pieces": words(before, draft.title) if before and before != draft.title else (),
        "tallies": editing.tallies_of(draft, rows),
        "faulty": [(title_of(row.kind, row.content), row) for row in rows if row.faults and not row.removed],
        "clashing": [(title_of(row.kind, row.content), row) for row in rows if row.clash],
        "moved_on": draft.is_open and draft.card.current_id != draft.base_id,
        "may_decide": reviews.may_decide(request.user, draft),
        "alone": not card_rules().second_person,
        "writing": draft.state == State.WRITING,
        "min_moment": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
    }


@require_safe
@allowed(access.may_edit_cards)
def today_card_reviews(request: HttpRequest) -> HttpResponse:
    """Drafts that wait for somebody else's look, on the page a day begins with."""
    rows = waiting_for(person(request))
    title = "Which drafts of battle cards wait for my review?"
    return today_panel(request, "battlecards/partials/today_reviews.html", "card-reviews", title, {"rows": rows})
