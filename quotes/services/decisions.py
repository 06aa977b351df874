"""What approvers say. Of many at the same moment one decides, and the others learn who it was."""

from __future__ import annotations

import dataclasses

from django.db import IntegrityError, transaction

from crm.lib.errors import Clash, Invalid, NotAllowed
from crm.models import Person
from crm.queries.company import company, day_of
from crm.rules.fact_words import show_date
from crm.rules.formatting import money
from crm.services.audit import Act, record
from quotes.models import Approval, ApprovalComment, ApprovalState, Decision, Revision, Step
from quotes.queries.approvers import Approver, current_step, label_of, may_decide, rules_for, why_not
from quotes.queries.standing import standing
from quotes.rules.states import VERDICT_LABELS, Verdict
from quotes.services import telling
from quotes.services.base import locked_approval, settle, touch, void
from quotes.services.chains import ask

MOST_TEXT = 4_000
ENDS = {Verdict.REJECT: ApprovalState.REJECTED, Verdict.SEND_BACK: ApprovalState.SENT_BACK}
SAID = {Verdict.APPROVE: "approved", Verdict.REJECT: "rejected", Verdict.SEND_BACK: "sent back"}


def decide(*, act: Act, approval_id: int, position: int, verdict: str, fingerprint: str, comment: str = "") -> Approval:
    """Says yes, no or not so to the step at `position`, of exactly what has this `fingerprint`.

    Approving the last step approves the revision; before that the next one is asked. Somebody of a higher level may decide a
    lower step, and the higher one still stands to be decided, by them too. Raises Approval.DoesNotExist; NotAllowed with the
    reason for who may not decide; Invalid by field ("verdict", "comment"); Clash where it is not this step's turn, somebody
    decided before (says who, and what), it is approved after the day it was valid until, or what stands there is not what was
    submitted: that is then void.
    """
    assert act.by is not None, "people decide, not the system"
    verdict_, text = _said(verdict, comment)
    with transaction.atomic():
        approval = locked_approval(act, approval_id)
        step = approval.steps.filter(position=position).select_related("decision__made_by").first()
        if step is None:
            raise Clash(_not_open(approval) or "There is no such step. Look again.")
        approver = may_decide(act.by, approval, step, at=act.now)
        if approver is None:
            raise NotAllowed(why_not(act.by, approval, step))
        _refuse_unless_its_turn(approval, step)
        why = standing(approval)
        if why:
            void(act, approval, why)
        else:
            _refuse_another(approval, fingerprint)
            if verdict_ is Verdict.APPROVE:
                _refuse_if_over(approval, act)
            _decide(approval, step, approver, verdict_, text, act)
            return approval
    raise Clash(f"This approval is void. {why} Nothing was decided.")


@transaction.atomic
def comment(*, act: Act, approval_id: int, text: str) -> ApprovalComment:
    """A remark that decides nothing, of anybody who sees the quote. Raises Approval.DoesNotExist, Invalid under "text"."""
    assert act.by is not None, "people remark"
    approval = locked_approval(act, approval_id)
    said = text.strip()
    if not said:
        raise Invalid({"text": "Write something first."})
    if len(said) > MOST_TEXT:
        raise Invalid({"text": f"At most {MOST_TEXT:,} characters; this has {len(said):,}."})
    made = ApprovalComment.objects.create(approval=approval, text=said, made_by=act.by, made_at=act.now)
    quote = approval.revision.quote
    changes = {"comment": (None, said)}
    record(act=act, kind="quote", record_id=quote.pk, deal_id=quote.deal_id, verb="commented", changes=changes)
    telling.tell_of_comment(act, approval, made)
    return made


def _said(verdict: str, comment: str) -> tuple[Verdict, str]:
    text, errors = comment.strip(), {}
    known = verdict in set(Verdict)
    if not known:
        errors["verdict"] = "Approve, reject or send back."
    if len(text) > MOST_TEXT:
        errors["comment"] = f"At most {MOST_TEXT:,} characters; this has {len(text):,}."
    elif known and verdict != Verdict.APPROVE and not text:
        errors["comment"] = "Say why: the next revision is made by it."
    if errors:
        raise Invalid(errors)
    return Verdict(verdict), text


def _refuse_unless_its_turn(approval: Approval, step: Step) -> None:
    """Raises Clash. Who decided this very step is told before what became of the whole."""
    if (made := getattr(step, "decision", None)) is not None:
        raise Clash(f"{_who(made)} {SAID[Verdict(made.verdict)]} this on {_when(made)}. Nothing else was decided.")
    if said := _not_open(approval):
        raise Clash(said)
    deal = approval.revision.quote.deal
    if not deal.is_open:
        raise Clash(f"The deal is {deal.get_outcome_display().lower()}, so there is nothing to decide.")
    turn = current_step(approval)
    if turn is None or turn.pk != step.pk:
        label = label_of(turn.level, rules_for(approval)) if turn else ""
        raise Clash(f"{label} decides first." if label else "Every step is decided.")


def _not_open(approval: Approval) -> str:
    match ApprovalState(approval.state):
        case ApprovalState.OPEN:
            return ""
        case ApprovalState.COMPUTING:
            return "Who has to agree is being worked out. Look again in a moment."
        case ApprovalState.WITHDRAWN:
            return "It was withdrawn, so there is nothing to decide."
        case ApprovalState.VOID:
            return f"This approval is void. {approval.why_void}"
    last = Decision.objects.filter(step__approval=approval).select_related("made_by").last()
    if last is None:
        return "Nobody had to agree to this; it was approved at once."
    return f"{_who(last)} {SAID[Verdict(last.verdict)]} this on {_when(last)}."


def _who(made: Decision) -> str:
    return f"{made.made_by}, in place of {made.stood_in_for}," if made.stood_in_for else str(made.made_by)


def _when(made: Decision) -> str:
    return show_date(made.made_at.date().isoformat())


def _refuse_another(approval: Approval, fingerprint: str) -> None:
    """Raises Clash where somebody looked at something else than what they would decide on."""
    revision = approval.revision
    if fingerprint == approval.fingerprint:
        return
    now = f"revision {revision.number} of {money(revision.total, revision.quote.currency)}"
    other = Revision.objects.filter(quote=revision.quote, fingerprint=fingerprint).exclude(fingerprint="").first()
    if other is None:
        raise Clash(f"You were shown something else than what waits now, {now}. Look at it again; nothing was decided.")
    seen = f"revision {other.number} of {money(other.total, revision.quote.currency)}"
    raise Clash(f"You were looking at {seen}. What waits is {now}. Nothing was decided.")


def _refuse_if_over(approval: Approval, act: Act) -> None:
    """Raises Clash: nobody could accept it any more. It can still be rejected or sent back."""
    until = approval.revision.valid_until
    if until is not None and until < day_of(company(), act.now):
        said = f"It was valid until {show_date(until.isoformat())}, so nobody could accept it."
        raise Clash(f"{said} Send it back for another day.")


def _decide(approval: Approval, step: Step, approver: Approver, verdict: Verdict, text: str, act: Act) -> None:
    made = _write(step, approver, verdict, text, act)
    act = dataclasses.replace(act, why=text)
    label = label_of(step.level, rules_for(approval))
    told = {"step": (None, label), "verdict": (None, VERDICT_LABELS[verdict])}
    if approver.stands_in_for is not None:
        told["in_place_of"] = (None, str(approver.stands_in_for))
    following = current_step(approval) if verdict is Verdict.APPROVE else None
    if following is not None:
        touch(approval.revision.quote, act=act, verb="decided", changes=told)
        telling.tell_of_decision(act, approval, made, label)
        ask(dataclasses.replace(act, why=""), approval, following)
        return
    settle(approval, ENDS.get(verdict, ApprovalState.APPROVED), act=act, verb="decided", changes=told)
    telling.tell_of_decision(act, approval, made, label)


def _write(step: Step, approver: Approver, verdict: Verdict, text: str, act: Act) -> Decision:
    """The lock lets one through at a time; the constraint holds even where somebody wrote without it."""
    who: Person = approver.person
    try:
        with transaction.atomic():
            return Decision.objects.create(
                step=step,
                verdict=verdict,
                made_by=who,
                stood_in_for=approver.stands_in_for,
                as_level=approver.level,
                comment=text,
                made_at=act.now,
            )
    except IntegrityError:
        made = Decision.objects.select_related("made_by", "stood_in_for").get(step=step)
        raise Clash(f"{_who(made)} {SAID[Verdict(made.verdict)]} this on {_when(made)}.") from None
