"""What calls teach: the questions of the bank, and how far calls come."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from calls.queries import learning as queries
from calls.queries.learning import Slice
from calls.rules.learning import FEWEST
from calls.views.base import Request
from crm.lib.views import allowed
from crm.queries import playbook as playbooks
from crm.rules import access


@allowed(access.may_see_playbook)
def learning(request: Request) -> HttpResponse:
    """Questions for whoever reads the playbook; coverage of the calls whose deals one sees in full."""
    _, playbook = playbooks.current()
    personas = {one.key: one.label for one in playbook.personas}
    segments = {one.key: one.label for one in playbook.segments}
    asked = Slice(request.GET.get("persona", ""), request.GET.get("segment", ""))
    wanted = Slice(
        asked.persona if asked.persona in personas else "", asked.segment if asked.segment in segments else ""
    )
    context = {
        "questions": queries.questions(playbook, wanted),
        "by_persona": queries.by_persona(playbook),
        "by_segment": queries.by_segment(playbook),
        "personas": personas.items(),
        "segments": segments.items(),
        "wanted": wanted,
        "fewest": FEWEST,
        "covered": queries.covered(request.user, playbook),
        "elements": len(playbook.meddpicc.elements),
    }
    return render(request, "calls/learning.html", context)
