"""Questions of the bank that were asked on a deal."""

from __future__ import annotations

from django.db import transaction

from crm.lib.errors import Invalid
from crm.queries import playbook as playbooks
from crm.services.audit import Act
from deals.models import QuestionAnswer
from deals.queries.committee import people_named
from deals.services.base import ask_for_score, locked_deal, touch


@transaction.atomic
def answer_question(
    *, act: Act, deal_id: int, question: str, answer: str = "", contact_id: int | None = None
) -> QuestionAnswer:
    """Marks a question as answered, so that it is no longer proposed. Answering again replaces the answer; the audit
    keeps both.

    Raises as `locked_deal`, and Invalid for a question the playbook lacks or somebody who does not work at the account.
    """
    deal = locked_deal(act, deal_id, must_be_open=True)
    _, playbook = playbooks.current()
    if question not in {known.key for known in playbook.questions}:
        raise Invalid({"question": "The playbook in force has no such question."})
    contact = None
    if contact_id is not None:
        contact = people_named(deal).filter(pk=contact_id).first()
        if contact is None:
            raise Invalid({"contact": "Choose somebody who works at this account."})
    before = QuestionAnswer.objects.filter(deal=deal, question=question).first()
    row, _ = QuestionAnswer.objects.update_or_create(
        deal=deal,
        question=question,
        defaults={"answer": answer.strip(), "contact": contact, "answered_by": act.by, "answered_at": act.now},
    )
    touch(
        deal,
        act=act,
        kind="question",
        verb="answered",
        record_id=row.pk,
        changes={question: (before.answer if before else None, row.answer)},
    )
    ask_for_score(deal.pk, act)
    return row


@transaction.atomic
def forget_answer(*, act: Act, deal_id: int, question: str) -> None:
    """Takes an answer back, so that the question is proposed again. One that was never answered changes nothing."""
    deal = locked_deal(act, deal_id, must_be_open=True)
    row = QuestionAnswer.objects.filter(deal=deal, question=question).first()
    if row is None:
        return
    touch(deal, act=act, kind="question", verb="forgotten", record_id=row.pk, changes={question: (row.answer, None)})
    row.delete()
    ask_for_score(deal.pk, act)
