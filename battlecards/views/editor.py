"""The editor of a card: its page, what it saves as one types, and what it shows of others."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format

from battlecards.forms.claims import boxes, form_values
from battlecards.forms.reviews import HeadForm
from battlecards.models import Card, Draft, DraftClaim, Sort, Suggestion
from battlecards.queries import editing
from battlecards.queries.drafts import claims_of, open_draft
from battlecards.queries.reading import read_many
from battlecards.rules.differing import fields_changed
from battlecards.rules.fields import fields_of, title_of
from battlecards.rules.states import State
from battlecards.services.drafts import save_head, start_draft
from battlecards.services.rebasing import take_over
from battlecards.views.base import Request, act, bare, card_view
from battlecards.views.drafting import draft_view, edit_url, wants_json
from battlecards.views.reading import BODIES, parts
from crm.lib.errors import Clash
from crm.lib.views import attempt, number

GONE = "This claim is not in the draft any more."


@card_view(editable=True, methods=("GET", "HEAD", "POST"))
def card_edit(request: Request, card: Card) -> HttpResponse:
    """The editor of the card's open draft; where there is none, the way to begin one."""
    if request.method == "POST":
        try:
            start_draft(act=act(request), card_id=card.pk)
        except Clash as refused:
            messages.error(request, str(refused))
        return redirect(f"{edit_url(card)}?{request.GET.urlencode()}" if request.GET else edit_url(card))
    draft = open_draft(card.pk)
    if draft is None:
        last = Draft.objects.filter(card=card).select_related("decided_by").first()
        return render(request, "battlecards/draft_start.html", {"card": card, "last": last})
    if draft.state != State.WRITING:
        return redirect("battlecards:draft-review", draft.pk)
    draft.card = card
    asked = _suggested(request, card)
    at = asked.claim.key if asked is not None and asked.claim is not None else request.GET.get("claim", "")
    return editor_page(request, draft, at=at, suggestion=asked)


def _suggested(request: Request, card: Card) -> Suggestion | None:
    """What somebody of the field would have changed, where the page was opened from that (?suggestion=12)."""
    rows = Suggestion.objects.filter(card=card, pk=number(request.GET.get("suggestion")))
    found: Suggestion | None = rows.select_related("claim", "person").first()
    return found


def editor_page(request: Request, draft: Draft, *, at: str = "", status: int = 200, **more: Any) -> HttpResponse:
    rows = claims_of(draft)
    today = timezone.localdate()
    sections = editing.sections(draft, rows, today)
    for section in sections:
        for line in section.lines:
            if line.row.key == at and "open" not in more:
                more["open"] = opened(line)
    initial = {"title": draft.title, "note": draft.note, "seen_title": draft.title, "seen_note": draft.note}
    context = {
        "draft": draft,
        "card": draft.card,
        "sections": sections,
        "opened": at,
        "head": HeadForm(initial=initial),
        "moved_on": draft.card.current_id != draft.base_id,
        **_around(request, draft, rows),
        **preview(draft, rows),
        **more,
    }
    return render(request, "battlecards/draft_edit.html", context, status=status)


def _around(request: Request, draft: Draft, rows: list[DraftClaim]) -> dict[str, Any]:
    """What stands beside the claims: who is here, what changed, how many faults."""
    now = timezone.now()
    here = editing.note_presence(draft, request.user, request.GET.get("at", ""), now)
    others = [row for row in rows if row.changed_by_id not in (None, request.user.pk) and row.changed_at]
    others.sort(key=lambda row: row.changed_at or now, reverse=True)
    standing = [row for row in rows if not row.removed]
    return {
        "here": here,
        "others": [(title_of(row.kind, row.content), row) for row in others[:3]],
        "revisions": json.dumps({row.key: row.revision for row in rows}),
        "faulty": [(title_of(row.kind, row.content), row) for row in standing if row.faults],
        "clashing": [(title_of(row.kind, row.content), row) for row in rows if row.clash],
        "token": f"{draft.version}.{'-'.join(f'{one.name}:{one.key}' for one in here)}",
    }


@draft_view()
def draft_now(request: Request, draft: Draft) -> HttpResponse:
    """Who else is here and what changed, asked for every few seconds; 204 while nothing did."""
    if draft.state != State.WRITING:
        return render(
            request, "battlecards/partials/draft_now.html", {"draft": draft, "card": draft.card, "over": True}
        )
    context = {"draft": draft, "card": draft.card, **_around(request, draft, claims_of(draft))}
    if request.GET.get("token") == context["token"]:
        return HttpResponse(status=204)
    return render(request, "battlecards/partials/draft_now.html", context)


@draft_view()
def draft_preview(request: Request, draft: Draft) -> HttpResponse:
    """What the field would read."""
    rows = claims_of(draft)
    context = {"draft": draft, "card": draft.card, **preview(draft, rows)}
    if bare(request):
        return render(request, "battlecards/partials/draft_preview.html", context)
    return render(request, "battlecards/draft_preview.html", context)


def preview(draft: Draft, rows: list[DraftClaim]) -> dict[str, Any]:
    card = draft.card
    read = read_many([card], {card.pk: editing.content_now(draft, rows)}, timezone.localdate())[card.pk]
    return {
        "read": read,
        "body": BODIES[Sort(draft.card.sort)],
        "editor": True,
        **parts(read),
        "left_out": sum(bool(row.faults) and not row.removed for row in rows),
        "tallies": editing.tallies_of(draft, rows),
    }


@draft_view(writing=True, methods=("POST",))
def draft_head(request: Request, draft: Draft) -> HttpResponse:
    """The card's title, and what is changed in this draft."""
    form = HeadForm(request.POST)
    saved, status = None, 422
    if form.is_valid():
        saved, status = attempt(form, partial(save_head, act=act(request), draft_id=draft.pk, **form.cleaned_data))
    if not wants_json(request):
        if saved is None:
            return editor_page(request, draft, head=form, status=status)
        messages.success(request, "Saved.")
        return redirect(edit_url(draft.card))
    if saved is None:
        found = {name: list(texts) for name, texts in form.errors.items()}
        return JsonResponse({"errors": found}, status=status)
    return JsonResponse({"saved": clock(), "seen_title": saved.title, "seen_note": saved.note})


@draft_view(writing=True, methods=("POST",))
def draft_take_over(request: Request, draft: Draft) -> HttpResponse:
    """What was published since the draft began comes into it."""
    try:
        found = take_over(act=act(request), draft_id=draft.pk)
    except Clash as refused:
        messages.error(request, str(refused))
        return redirect(edit_url(draft.card))
    asks = f" {found.clashes} ask{'s' if found.clashes == 1 else ''} for your choice." if found.clashes else ""
    messages.success(request, f"{found.taken} claim{'' if found.taken == 1 else 's'} taken over.{asks}")
    return redirect(edit_url(draft.card))


# --- A claim that is open --------------------------------------------------------------------------------------------


def opened(line: editing.Line) -> dict[str, Any]:
    row = line.row
    found: dict[str, Any] = {"boxes": boxes(row.key, row.kind, row.content, row.faults, editing.names())}
    if row.clash:
        found["clash"] = sides(row, row.content, row.clash["content"], row.clash["from"], settles=True)
    return found


def sides(
    row: DraftClaim, mine: dict[str, Any], theirs: dict[str, Any] | None, whose: str, *, settles: bool = False
) -> dict[str, Any]:
    """Both versions of a claim, field by field; `settles`: keeping one ends what a merge left open."""
    changed = {one.name: one for one in fields_changed(row.kind, mine, theirs or {})}
    left, right = form_values(row.kind, mine), form_values(row.kind, theirs or {})
    fields = [
        {"field": field, "mine": left[field.name], "theirs": right[field.name], "change": changed.get(field.name)}
        for field in fields_of(row.kind)
        if left[field.name] or right[field.name]
    ]
    return {
        "fields": fields,
        "whose": whose,
        "gone": theirs is None,
        "settles": settles,
        "raw": json.dumps(theirs or {}),
    }


def clock() -> str:
    """The reader's time, as a line says it."""
    return date_format(timezone.localtime(), "H:i")
