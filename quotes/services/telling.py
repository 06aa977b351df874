"""Whom the way of an approval is told, in the product and at once by e-mail, with a link.

Everything is written in the transaction of what happened, under a key that names it: nobody is told twice. Who turned the kind
off gets neither; what went out as an e-mail does not come again in a summary.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from crm.models import Notification, NotificationKind
from crm.rules.fact_words import show_date
from crm.rules.formatting import money, percent
from crm.services.audit import Act
from crm.services.notifications import notify_each
from crm.services.outbox import write_mail
from quotes.models import Approval, ApprovalComment, ApprovalState, Decision, Delegation, Step
from quotes.queries.approvers import Approver, asked, current_step, label_of, rules_for
from quotes.rules.states import Verdict

ASKED, DECIDED = NotificationKind.APPROVAL_ASKED, NotificationKind.APPROVAL_DECIDED
SAID = {Verdict.APPROVE: "approved", Verdict.REJECT: "rejected", Verdict.SEND_BACK: "sent back"}


def tell_asked(act: Act, approval: Approval, step: Step, who: Sequence[Approver]) -> None:
    """Whoever may decide it at the level that is asked, stand-ins too."""
    text = f"{approval.requested_by} asks you to approve {_what(approval)}"
    _tell(act, approval, ASKED, _in_place(who, text), f"{_key(approval)}:asked:{step.position}")
    if not who:
        label = label_of(step.level, rules_for(approval))
        said = f"Nobody can decide on {_what(approval)}: no {label} or higher is there who may"
        _tell_owners(act, approval, said, f"{_key(approval)}:nobody:{step.position}")


def tell_reminded(act: Act, approval: Approval, step: Step, time: str) -> None:
    """`time` names which reminder it is."""
    since = f", since {show_date(step.asked_at.date().isoformat())}" if step.asked_at else ""
    text = f"Still waiting for you{since}: {_what(approval)}"
    who = asked(approval, step, at=act.now)
    _tell(act, approval, ASKED, _in_place(who, text), f"{_key(approval)}:reminded:{step.position}:{time}")


def tell_escalated(act: Act, approval: Approval, step: Step, before: str) -> None:
    """Those who are asked now, and those whose quote it is."""
    rules = rules_for(approval)
    was, now = label_of(before, rules), label_of(step.asked_level, rules)
    text = f"{was} did not answer in time, so you are asked: {_what(approval)}"
    key = f"{_key(approval)}:escalated:{step.position}:{step.asked_level}"
    _tell(act, approval, ASKED, _in_place(asked(approval, step, at=act.now), text), key)
    _tell_owners(act, approval, f"{was} did not answer in time; {now} is asked now: {_what(approval)}", f"{key}:owners")


def tell_of_decision(act: Act, approval: Approval, made: Decision, label: str) -> None:
    place = f", in place of {made.stood_in_for}," if made.stood_in_for else ""
    said = f"{made.made_by}{place} {SAID[Verdict(made.verdict)]} {_what(approval)} as {label}"
    if approval.state == ApprovalState.APPROVED:
        said += ": it may go to the customer"
    elif made.comment:
        said += f": {made.comment}"
    _tell_owners(act, approval, said, f"{_key(approval)}:decided:{made.step.position}")


def tell_of_clearance(act: Act, approval: Approval) -> None:
    said = f"{_what(approval)} is approved: nobody has to agree, so it may go to the customer"
    _tell_owners(act, approval, said, f"{_key(approval)}:cleared")


def tell_of_void(act: Act, approval: Approval) -> None:
    said = f"The approval of {_what(approval)} is void. {approval.why_void}"
    _tell_owners(act, approval, said, f"{_key(approval)}:void")


def tell_of_acceptance(act: Act, approval: Approval) -> None:
    said = f"The customer accepted {_what(approval)}"
    decided = Decision.objects.filter(step__approval=approval).values_list("made_by", flat=True)
    _tell_owners(act, approval, said, f"{_key(approval)}:accepted", also=decided)


def tell_of_withdrawal(act: Act, approval: Approval, before: Iterable[Approver]) -> None:
    text = f"{act.by or 'Quarterdeck'} withdrew {_what(approval)}; there is nothing to decide any more"
    told = dict.fromkeys((one.person.pk for one in before), text)
    _tell(act, approval, ASKED, told, f"{_key(approval)}:withdrawn")


def tell_of_comment(act: Act, approval: Approval, made: ApprovalComment) -> None:
    """Those whose quote it is, and whoever said something or decided before."""
    spoke = {*approval.comments.values_list("made_by", flat=True)}
    spoke |= set(Decision.objects.filter(step__approval=approval).values_list("made_by", flat=True))
    said = f"{made.made_by} on {_what(approval)}: {made.text}"
    _tell_owners(act, approval, said, f"{_key(approval)}:comment:{made.pk}", also=spoke)


def tell_of_stand_in(act: Act, row: Delegation) -> None:
    """The stand-in; what waits by then stands in their queue."""
    days = f"{show_date(row.from_date.isoformat())} to {show_date(row.to_date.isoformat())}"
    text = f"You stand in for {row.approver}'s approvals, {days}"
    told = {row.stand_in_id: (text, reverse("quotes:approval-list"))}
    notify_each(act=act, kind=ASKED, told=told, key=f"stand-in:{row.pk}")


def asked_now(approval: Approval, act: Act) -> tuple[Approver, ...]:
    """Those whose turn it is; nobody while it is worked out or when it is over."""
    step = current_step(approval) if approval.state == ApprovalState.OPEN else None
    return asked(approval, step, at=act.now) if step is not None else ()


def _tell_owners(act: Act, approval: Approval, text: str, key: str, also: Iterable[int] = ()) -> None:
    """Who asked, who drafted, and whose deal it is."""
    deal = approval.revision.quote.deal
    people = {approval.requested_by_id, approval.revision.drafted_by_id, deal.owner_id, *also}
    _tell(act, approval, DECIDED, dict.fromkeys(sorted(people), text), key)


def _tell(act: Act, approval: Approval, kind: NotificationKind, told: Mapping[int, str], key: str) -> None:
    quote = approval.revision.quote
    page, pk = ("quote-detail", quote.pk) if kind == DECIDED else ("approval-detail", approval.pk)
    url = reverse(f"quotes:{page}", args=[pk])
    # A quote is seen by whoever sees its deal in full, which is what the deal's door tells.
    by_person = {person: (text, url) for person, text in told.items()}
    if notify_each(act=act, kind=kind, told=by_person, about=("deal", quote.deal_id), key=key):
        _mail(act, approval, key, url)


def _mail(act: Act, approval: Approval, key: str, url: str) -> None:
    """To those who were told just now."""
    news = Notification.objects.filter(key=key, digested_at__isnull=True).select_related("to")
    written = [row for row in news if row.to.email]
    for row in written:
        context = {
            "name": str(row.to),
            "text": row.text if row.text.endswith((".", "!", "?", "…")) else f"{row.text}.",
            "facts": _facts(approval),
            "because": _because(approval),
            "url": f"{settings.SITE_URL}{url}",
            "settings_url": f"{settings.SITE_URL}{reverse('crm:settings')}",
        }
        write_mail(
            to=row.to.email,
            subject=row.text,
            text=render_to_string("mail/approval.txt", context),
            html=render_to_string("mail/approval.html", context),
            key=f"{key}:{row.to_id}",
            at=act.now,
        )
    Notification.objects.filter(pk__in=[row.pk for row in written]).update(digested_at=act.now)


def _facts(approval: Approval) -> list[tuple[str, str]]:
    revision = approval.revision
    quote = revision.quote
    return [
        ("Quote", f"{quote.reference}, revision {revision.number}: {quote.title}"),
        ("Customer", revision.extra.get("customer", "")),
        ("Total", money(revision.total, quote.currency)),
        ("A year", money(revision.yearly, quote.currency)),
        ("Off list", percent(revision.discount_percent, 2)),
    ]


def _because(approval: Approval) -> list[str]:
    step = current_step(approval) if approval.state == ApprovalState.OPEN else None
    return [one["text"] for one in step.because] if step is not None else []


def _what(approval: Approval) -> str:
    revision = approval.revision
    return f"{revision.quote.reference} for {revision.extra.get('customer', 'a customer')}"


def _in_place(who: Iterable[Approver], text: str) -> dict[int, str]:
    return {
        one.person.pk: f"{text}, in place of {one.stands_in_for}" if one.stands_in_for is not None else text
        for one in who
    }


def _key(approval: Approval) -> str:
    return f"approval:{approval.pk}"
