"""Reading the playbook: what is in force, its questions, its versions, and what differs between two of them."""

from __future__ import annotations

import io
import zipfile
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from crm.lib.views import allowed, number, person
from crm.models import PlaybookVersion
from crm.queries import playbook as playbooks
from crm.queries.playbook_pages import QuestionFilter, chapters, matching, named
from crm.rules import access
from crm.rules.playbook_diff import Difference, differences, written
from playbook import storing

CHAPTERS = (
    ("stages", "Stages"),
    ("bant", "BANT+"),
    ("meddpicc", "MEDDPICC"),
    ("market", "Who we sell to"),
    ("offer", "What we sell"),
    ("targets", "Targets"),
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
    context = {
        **_about(request, version),
        "part": part,
        "title": dict(CHAPTERS)[part],
        "template": f"crm/partials/playbook_{part}.html",
        **chapters(playbooks.by_number(number)),
    }
    return render(request, "crm/playbook_detail.html", context)


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
    context = {"versions": versions, "can_publish": _can_publish(request)}
    return render(request, "crm/playbook_versions.html", context)


@allowed(access.may_see_playbook)
def version_files(request: HttpRequest, number: int) -> HttpResponse:
    """A version as the YAML files it would be written in, to be changed and published again."""
    _version(number)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in playbooks.files(number).items():
            # A fixed date: the same version gives the same file.
            archive.writestr(zipfile.ZipInfo(f"playbook-{number}/{name}"), text, zipfile.ZIP_DEFLATED)
    answer = HttpResponse(packed.getvalue(), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="playbook-{number}.zip"'
    return answer


@allowed(access.may_see_playbook)
def compare(request: HttpRequest) -> HttpResponse:
    """Two versions named by ?from= and ?to=; without, the newest with the one before."""
    versions = list(PlaybookVersion.objects.defer("data").order_by("-number")[:200])
    if not versions:
        raise Http404("No playbook is published yet.")
    newest = versions[0].number
    to = number(request.GET.get("to")) or newest
    start = number(request.GET.get("from")) or max(to - 1, 1)
    before, after = _version(start), _version(to)
    # Read and stored again, so that versions of an older schema compare as what they mean today.
    old, new = (storing.to_json(playbooks.by_number(one.number)) for one in (before, after))
    found = differences(old, new)
    context = {"versions": versions, "before": before, "after": after, "parts": shown(found), "count": len(found)}
    return render(request, "crm/playbook_compare.html", context)


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
    }


def _can_publish(request: HttpRequest) -> bool:
    return access.may_publish_playbook(person(request).roles)
