"""Reading the playbook: what is in force, its questions, its versions, and what differs between two of them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from crm.lib.views import allowed, number, person
from crm.models import PlaybookDraft, PlaybookVersion
from crm.queries import playbook as playbooks
from crm.queries.drafts import open_drafts
from crm.queries.playbook_intel import intel_chapter
from crm.queries.playbook_pages import QuestionFilter, chapters, matching, named
from crm.queries.playbook_prices import CHAPTERS as PRICED
from crm.queries.playbook_prices import price_chapters
from crm.queries.playbook_reports import CHAPTERS as REPORTED
from crm.queries.playbook_reports import report_chapter
from crm.rules import access
from crm.rules.playbook_compare import compare as rule_by_rule
from crm.rules.playbook_compare import equal_rules
from crm.rules.playbook_diff import Difference, written
from playbook import storing
from playbook.schema import Playbook

CHAPTERS = (
    ("stages", "Stages"),
    ("bant", "BANT+"),
    ("meddpicc", "MEDDPICC"),
    ("market", "Who we sell to"),
    ("offer", "What we sell"),
    ("prices", "Prices"),
    ("discounts", "Discounts"),
    ("terms", "Terms and approvals"),
    ("targets", "Targets"),
    ("calls", "Calls"),
    ("intel", "Competitive news"),
    ("figures", "Figures"),
    ("kpis", "KPIs"),
)


@allowed(access.may_see_playbook)
def overview(request: HttpRequest) -> HttpResponse:
    number = PlaybookVersion.objects.order_by("-number").values_list("number", flat=True).first()
    if number is None:
        return render(request, "crm/playbook_none.html", {"can_publish": _can_publish(request)})
    return _chapter(request, number)


@allowed(access.may_see_playbook)
def version_detail(request: HttpRequest, number: int) -> HttpResponse:
    return _chapter(request, number)


def _chapter(request: HttpRequest, number: int) -> HttpResponse:
    """One chapter of a version, named by ?part=; the first where none is."""
    version = _version(number)
    part = request.GET.get("part", "")
    part = part if part in dict(CHAPTERS) else CHAPTERS[0][0]
    playbook = playbooks.by_number(number)
    context = {
        **_about(request, version),
        "part": part,
        "title": dict(CHAPTERS)[part],
        "template": f"crm/partials/playbook_{part}.html",
        **_shown(part, playbook),
    }
    return render(request, "crm/playbook_detail.html", context)


def _shown(part: str, playbook: Playbook) -> dict[str, Any]:
    if part == "intel":
        return intel_chapter(playbook)
    if part in REPORTED:
        return report_chapter(playbook, part)
    return price_chapters(playbook) | {"playbook": playbook} if part in PRICED else chapters(playbook)


@allowed(access.may_see_playbook)
def questions(request: HttpRequest) -> HttpResponse:
    number, playbook = playbooks.current()
    wanted = QuestionFilter.from_query(request.GET)
    found = matching(playbook, wanted)
    context = {
        **_about(request, _version(number)),
        "part": "questions",
        "wanted": wanted,
        "narrowed": wanted != QuestionFilter(),
        "groups": [(label, list(asked)) for label, asked in groupby(found, key=lambda one: one.place)],
        "count": len(found),
        "of": len(playbook.questions),
        "selects": [
            (
                "bank",
                "Bank",
                [
                    (key, key.replace("bant", "BANT+").replace("meddpicc", "MEDDPICC").replace("_", " "))
                    for key in dict.fromkeys(q.bank for q in playbook.questions)
                ],
                wanted.bank,
            ),
            ("persona", "Persona", named(playbook.personas), wanted.persona),
            ("segment", "Segment", named(playbook.segments), wanted.segment),
            ("criterion", "BANT+", named(playbook.bant.criteria), wanted.criterion),
            ("element", "MEDDPICC", named(playbook.meddpicc.elements), wanted.element),
        ],
    }
    return render(request, "crm/playbook_questions.html", context)


@allowed(access.may_see_playbook)
def version_list(request: HttpRequest) -> HttpResponse:
    versions = list(PlaybookVersion.objects.defer("data").select_related("published_by")[:200])
    can_draft = access.may_draft_questions(person(request).roles)
    context = {"versions": versions, "can_publish": _can_publish(request), "can_draft": can_draft}
    return render(request, "crm/playbook_versions.html", context)


@allowed(access.may_see_playbook)
def version_files(request: HttpRequest, number: int) -> HttpResponse:
    """A version as the YAML files it would be written in, to be changed and published again."""
    _version(number)
    return packed(f"playbook-{number}", playbooks.files(number))


def packed(name: str, files: Mapping[str, str]) -> HttpResponse:
    """A playbook's files as a zip, in a folder of this name."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, text in files.items():
            # A fixed date: the same playbook gives the same file.
            archive.writestr(zipfile.ZipInfo(f"{name}/{file}"), text, zipfile.ZIP_DEFLATED)
    answer = HttpResponse(content.getvalue(), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    return answer


@allowed(access.may_see_playbook)
def compare(request: HttpRequest) -> HttpResponse:
    """Two versions named by ?from= and ?to=, rule by rule; without, the newest with the one before. ?draft= stands in place
    of the later one, for those who draft."""
    versions = list(PlaybookVersion.objects.defer("data").order_by("-number")[:200])
    if not versions:
        raise Http404("No playbook is published yet.")
    draft = _draft(request)
    newest = versions[0].number
    to = number(request.GET.get("to")) or newest
    start = number(request.GET.get("from")) or (newest if draft else max(to - 1, 1))
    before, after = _version(start), _version(to)
    # Read and stored again, so that versions of an older schema compare as what they mean today.
    old = storing.to_json(playbooks.by_number(before.number))
    later = storing.from_json(draft.data, draft.schema_version) if draft else playbooks.by_number(after.number)
    new = storing.to_json(later)
    chapters = rule_by_rule(old, new)
    context = {
        "versions": versions,
        "before": before,
        "after": after,
        "draft": draft,
        "drafts": open_drafts() if access.may_draft_questions(person(request).roles) else [],
        "later": draft.name if draft else f"version {after.number}",
        "chapters": chapters,
        "count": sum(len(chapter.rows) for chapter in chapters),
        "equal": equal_rules(old, new),
    }
    return render(request, "crm/playbook_compare.html", context)


def _draft(request: HttpRequest) -> PlaybookDraft | None:
    """The draft that ?draft= names. Raises Http404 where there is none, or where somebody doesn't see drafts."""
    wanted = number(request.GET.get("draft"))
    if not wanted:
        return None
    draft = PlaybookDraft.objects.filter(pk=wanted).first()
    if draft is None or not access.may_draft_questions(person(request).roles):
        raise Http404("There is no such draft.")
    return draft


def shown(found: tuple[Difference, ...]) -> list[dict[str, Any]]:
    """Differences as a page shows them: by part, values in a few lines."""
    return [
        {
            "label": part.replace("_", " ").replace("bant", "BANT+").replace("meddpicc", "MEDDPICC"),
            "rows": [
                {
                    "path": one.path.replace("_", " ") or "all of it",
                    "kind": one.kind,
                    "before": "" if one.before is None else written(one.before),
                    "after": "" if one.after is None else written(one.after),
                }
                for one in rows
            ],
        }
        for part, rows in groupby(found, key=lambda one: one.part)
    ]


def _version(number: int) -> PlaybookVersion:
    version = PlaybookVersion.objects.defer("data").select_related("published_by").filter(number=number).first()
    if version is None:
        raise Http404("There is no such version of the playbook.")
    return version


def _about(request: HttpRequest, version: PlaybookVersion) -> dict[str, Any]:
    """What the head of every page about one version says."""
    newest = playbooks.current_number()
    in_force = version.number == newest
    base = reverse("crm:playbook") if in_force else reverse("crm:playbook-version", args=[version.number])
    return {
        "version": version,
        "in_force": in_force,
        "newest": newest,
        "chapters": [(key, label, f"{base}?part={key}") for key, label in CHAPTERS],
        "can_publish": _can_publish(request),
        "can_draft": access.may_draft_questions(person(request).roles),
    }


def _can_publish(request: HttpRequest) -> bool:
    return access.may_publish_playbook(person(request).roles)
