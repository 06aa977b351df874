"""The panels a deal's page loads: why its score is what it is, and what to ask next."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone

from crm.models import Contact
from crm.queries import playbook as playbooks
from deals.models import QuestionAnswer
from deals.queries.detail import Sight
from deals.services.questions import answer_question
from deals.views.base import Request, act, attempt, bare, deal_view, done, show
from scoring.forms import AnswerForm
from scoring.queries import panels


@deal_view()
def deal_panel(request: Request, sight: Sight) -> HttpResponse:
    """The score with its reasons. Asked with `?token=` it answers 204 while nothing changed, so it can be asked often."""
    busy = panels.computing(sight.deal)
    token = panels.token(sight.deal, busy)
    if bare(request) and request.GET.get("token") == token:
        return HttpResponse(status=204)
    shown = panels.score_panel(sight.deal, timezone.now().date(), busy)
    context = {"shown": shown, "token": token}
    return show(request, sight, "scoring/partials/score_panel.html", context, title=shown.title)


@deal_view()
def questions_panel(request: Request, sight: Sight) -> HttpResponse:
    """What to ask next, each with why."""
    asked = panels.ask_next(sight.deal.pk, timezone.now().date()) if sight.deal.is_open else ()
    return show(request, sight, "scoring/partials/questions_panel.html", {"asked": asked}, title="Ask next")


@deal_view(needs="editable", methods=("GET", "HEAD", "POST"))
def question_answer(request: Request, sight: Sight, question: str) -> HttpResponse:
    """What was said to a question of the bank, and by whom."""
    deal = sight.deal
    _, playbook = playbooks.current()
    found = next((known for known in playbook.questions if known.key == question), None)
    if found is None:
        raise Http404("The playbook in force has no such question.")
    before = QuestionAnswer.objects.filter(deal=deal, question=question).first()
    start = {"answer": before.answer, "contact": before.contact_id} if before else {}
    people = Contact.objects.filter(pk__in=deal.committee.values("contact")).order_by("last_name")
    form = AnswerForm(request.POST or None, initial=start, people=list(people))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            values = {"answer": form.cleaned_data["answer"], "contact_id": form.cleaned_data["contact"]}
            answer, status = attempt(
                form, lambda: answer_question(act=act(request), deal_id=deal.pk, question=question, **values)
            )
            if answer is not None:
                return done(request, deal, "Answer recorded.")
    facts = [playbook.fact(key) for key in found.facts]
    context = {
        "as_form": True,
        "form": form,
        "question": found,
        "facts": facts,
        "facts_url": reverse("deals:deal-bant", args=[deal.pk]),
    }
    part = "scoring/partials/answer_form.html"
    return show(request, sight, part, context, title="Record an answer", status=status, dialog=True)
