"""One claim in the editor: saved as it is typed, moved, taken out and back; a clash on it shows both versions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from battlecards.forms.claims import typed
from battlecards.models import Draft, DraftClaim
from battlecards.queries import editing
from battlecards.rules.content import SECTION_OF, faults
from battlecards.services import claims as service
from battlecards.views.base import Request, act, bare
from battlecards.views.drafting import draft_view, edit_url, wants_json
from battlecards.views.editor import clock, editor_page, opened, sides
from crm.lib.errors import Clash, EditConflict, Invalid

GONE = "This claim is not in the draft any more."


@draft_view(writing=True, methods=("POST",))
def draft_claims(request: Request, draft: Draft) -> HttpResponse:
    """Adds a claim to a section."""
    try:
        row = service.add_claim(act=act(request), draft_id=draft.pk, kind=request.POST.get("kind", ""))
    except (Invalid, Clash) as refused:
        if wants_json(request):
            return JsonResponse({"said": str(refused)}, status=422)
        messages.error(request, str(refused))
        return redirect(edit_url(draft.card))
    if wants_json(request):
        return JsonResponse({**_answer(request, draft, row, html=True), "key": row.key})
    return redirect(edit_url(draft.card, row.key))


@draft_view(writing=True, methods=("GET", "HEAD", "POST"))
def draft_claim(request: Request, draft: Draft, key: str) -> HttpResponse:
    """A claim's form. Sent, it is saved as it was typed; what its button says (`do`) is done after that."""
    row = DraftClaim.objects.select_related("base", "changed_by").filter(draft=draft, key=key).first()
    if row is None:
        raise Http404(GONE)
    row.draft = draft
    if request.method != "POST":
        if not bare(request):
            return redirect(edit_url(draft.card, key))
        line = editing.placed_line(row, timezone.localdate())
        context = {"draft": draft, "card": draft.card, "line": line}
        if "closed" not in request.GET:
            context["open"] = opened(line)
        return render(request, "battlecards/partials/draft_claim.html", context)
    content = typed(row.kind, request.POST) if request.POST.get("typed") else row.content
    try:
        saved = _do(request, draft, row, content)
    except EditConflict as conflict:
        return _conflict(request, draft, conflict.current, content)
    except (Invalid, Clash) as refused:
        status = 422 if isinstance(refused, Invalid) else 409
        if wants_json(request):
            return JsonResponse({"said": str(refused)}, status=status)
        shown = _typed_line(row, content)
        return editor_page(request, draft, at=key, open={**opened(shown), "said": str(refused)}, status=status)
    if wants_json(request):
        does = request.POST.get("do", "save")
        return JsonResponse(_answer(request, draft, saved, html=does not in ("save", "up", "down", "to")))
    if request.POST.get("do", "save") == "save":
        messages.success(request, "Saved.")
    return redirect(edit_url(draft.card, key))


def _do(request: Request, draft: Draft, row: DraftClaim, content: dict[str, Any]) -> DraftClaim:
    """Saves what was typed, then does what the button says."""
    does = request.POST.get("do", "save")
    asked: dict[str, Any] = {"act": act(request), "draft_id": draft.pk, "key": row.key}
    text = request.POST.get("revision", "")
    # A form that does not say what it was typed over is taken for one that is too old: nobody's words are written over unseen.
    revision = int(text) if text.isdecimal() and len(text) < 10 else -1
    if request.POST.get("typed") and does in ("save", "up", "down", "to", "mine"):
        row = service.save_claim(**asked, content=content, expected_revision=revision)
        revision = row.revision
    more: dict[str, Callable[[], DraftClaim]] = {
        "save": lambda: row,
        "remove": lambda: service.set_removed(**asked, removed=True, expected_revision=revision),
        "restore": lambda: service.set_removed(**asked, removed=False, expected_revision=revision),
        "revert": lambda: service.revert_claim(**asked, expected_revision=revision),
        "mine": lambda: service.settle_clash(**asked, keep="mine", expected_revision=revision),
        "theirs": lambda: service.settle_clash(**asked, keep="theirs", expected_revision=revision),
        "up": lambda: service.move_claim(**asked, by=-1),
        "down": lambda: service.move_claim(**asked, by=1),
        "to": lambda: service.move_claim(**asked, to=_place(request)),
    }
    if does not in more:
        raise Invalid({"do": "There is no such thing to do with a claim."})
    return more[does]()


def _place(request: Request) -> int:
    text = request.POST.get("to", "")
    return int(text) if text.isdecimal() and len(text) < 6 else 0


def _typed_line(row: DraftClaim, content: dict[str, Any]) -> editing.Line:
    """A claim with what was typed, which is stored nowhere."""
    shown = DraftClaim(
        draft=row.draft,
        key=row.key,
        kind=row.kind,
        content=content,
        base=row.base,
        revision=row.revision,
        clash=row.clash,
    )
    shown.faults = [{"field": one.field, "text": one.text} for one in faults(row.kind, content)]
    shown.pk = row.pk
    return editing.placed_line(shown, timezone.localdate())


def _conflict(request: Request, draft: Draft, now: object, content: dict[str, Any]) -> HttpResponse:
    """Somebody was faster on this claim: both are shown, and nothing is overwritten."""
    assert isinstance(now, DraftClaim)
    whose = str(now.changed_by) if now.changed_by else "somebody"
    if now.changed_by_id == request.user.pk:
        whose = "you, in another window"
    both = sides(now, content, None if now.removed else now.content, whose)
    if wants_json(request):
        context = {"draft": draft, "card": draft.card, "clash": both, "row": now}
        shown = render(request, "battlecards/partials/draft_clash.html", context)
        return JsonResponse({"clash": shown.content.decode(), "revision": now.revision}, status=409)
    line = _typed_line(now, content)
    return editor_page(request, draft, at=now.key, open={**opened(line), "clash": both}, status=409)


def _answer(request: Request, draft: Draft, row: DraftClaim, *, html: bool) -> dict[str, Any]:
    """What the page's script needs to show a claim as it is saved; `html`: all of it anew."""
    line = editing.placed_line(row, timezone.localdate())
    context = {"draft": draft, "card": draft.card, "line": line}
    parts = {"marks": "draft_marks", "diff": "draft_diff"}
    found: dict[str, Any] = {
        name: render(request, f"battlecards/partials/{part}.html", context).content.decode()
        for name, part in parts.items()
    }
    order = DraftClaim.objects.filter(draft=draft, kind=row.kind).order_by("place", "pk").values_list("key", flat=True)
    found |= {
        "revision": row.revision,
        "saved": clock(),
        "title": line.title,
        "faults": row.faults,
        "order": list(order),
        "place": line.place,
        "of": line.of,
        "section": SECTION_OF[row.kind],
    }
    if html:
        context["open"] = {} if row.removed else opened(line)
        if row.removed:
            del context["open"]
        found["html"] = render(request, "battlecards/partials/draft_claim.html", context).content.decode()
    return found
