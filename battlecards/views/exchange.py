"""Cards as files."""

from __future__ import annotations

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from battlecards.forms.reviews import ImportForm
from battlecards.models import Card
from battlecards.queries import editing
from battlecards.queries.drafts import open_draft
from battlecards.queries.versions import version_of
from battlecards.rules.differing import What, counted
from battlecards.services.exchange import MOST_CHARACTERS, Read, card_file, draft_file, import_card, read_file
from battlecards.views.base import Request, card_view
from battlecards.views.drafting import edit_url
from crm.lib.errors import Clash, Invalid
from crm.lib.views import act, allowed, number
from crm.rules import access
from playbook.cards import dump_card
from playbook.problems import PlaybookErrors


@card_view(editable=True)
def card_export(request: Request, card: Card) -> HttpResponse:
    """What is published as YAML; ?version=2 another version, ?draft=1 the open draft. For editors: it holds their notes."""
    name = card.slug
    if request.GET.get("draft"):
        draft = open_draft(card.pk)
        if draft is None:
            raise Http404("This card has no open draft.")
        draft.card = card
        try:
            file = draft_file(draft)
        except Invalid as wrong:
            messages.error(
                request, f"{len(wrong.errors)} claims of this draft are not whole yet, and a file can't hold them."
            )
            return redirect(edit_url(card))
        name += "-draft"
    else:
        asked = request.GET.get("version")
        version = version_of(card, number(asked)) if asked else card.current
        if version is None:
            raise Http404("Nothing of this card was published yet.")
        version.card = card
        file = card_file(version)
        name += f"-{version.number}" if asked else ""
    answer = HttpResponse(dump_card(file), content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.yaml"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(access.may_edit_cards)
def card_import(request: HttpRequest) -> HttpResponse:
    """A file is read, what it would change is shown, and only then it goes into a draft. Nothing uploaded has to be chosen twice."""
    if request.method != "POST":
        return render(request, "battlecards/card_import.html", {"form": ImportForm()})
    text, name, said = _given(request)
    form = ImportForm(initial={"text": text})
    if said:
        return render(request, "battlecards/card_import.html", {"form": form, "said": said}, status=422)
    try:
        read = read_file(text, name=name)
        if request.POST.get("do") == "import":
            draft, found = import_card(act=act(request), text=text, name=name)
            asks = f" {found.clashes} of them ask for your choice." if found.clashes else ""
            messages.success(
                request, f"The file is in the draft of {draft.title}.{asks} Nothing is in force before it is published."
            )
            return redirect(edit_url(draft.card))
    except PlaybookErrors as wrong:
        context = {"form": form, "problems": wrong.problems, "name": name, "lines": text.split("\n")}
        return render(request, "battlecards/card_import.html", context, status=422)
    except Clash as refused:
        return render(request, "battlecards/card_import.html", {"form": form, "said": str(refused)}, status=409)
    return render(request, "battlecards/card_import.html", {"form": form, "name": name, "text": text, **_would(read)})


def _would(read: Read) -> dict[str, object]:
    changed = [one for one in read.differences if one.what is not What.SAME]
    by_section = [(label, [one for one in changed if one.section == name]) for name, label in editing.LABELS.items()]
    return {
        "read": read,
        "changed": [(label, ones) for label, ones in by_section if ones],
        "counts": [(many, what) for what, many in counted(read.differences).items() if many],
        "same": len(read.differences) - len(changed),
    }


def _given(request: HttpRequest) -> tuple[str, str, str]:
    """The text, what it is called, and what is wrong with it as a file."""
    upload = request.FILES.get("file")
    # As Django reads the name of an upload.
    name = "".join(filter(str.isprintable, request.POST.get("name", "")))[:120]
    if isinstance(upload, UploadedFile) and upload.size:
        name = (upload.name or "")[:120]
        if upload.size > 4 * MOST_CHARACTERS:
            return "", name, f"{name} is larger than a card can be. Check that it is the right file."
        try:
            return upload.read().decode("utf-8-sig").replace("\r\n", "\n"), name, ""
        except UnicodeDecodeError:
            return "", name, f"{name} can't be read as UTF-8 text. Save it as UTF-8, and choose it again."
    text = request.POST.get("text", "").replace("\r\n", "\n")
    return text, name or "card.yaml", "" if text.strip() else "Choose a file, or paste its text."
