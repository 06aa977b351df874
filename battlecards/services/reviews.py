"""A draft is handed in, answered, scheduled and published.

Who publishes is not who submitted it, unless the playbook asks for no second person. Whoever only changed claims of a draft that somebody
else handed in may publish it: the one who hands it in answers for all of it.
"""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction
from django.utils import timezone

from battlecards.models import CardVersion, Draft
from battlecards.queries.drafts import claims_of, differences, whole
from battlecards.rules.differing import What
from battlecards.rules.fields import title_of
from battlecards.rules.states import State
from battlecards.services import telling
from battlecards.services.base import become, locked_draft
from battlecards.services.publishing import card_rules, put_in_force
from crm.lib.errors import Clash, Invalid, NotAllowed, ServiceError
from crm.models import Person, Route
from crm.services.audit import Act

log = logging.getLogger(__name__)
FURTHEST = dt.timedelta(days=366)
AT_ONCE = 100
OWN = "You submitted this draft, so somebody else publishes it."


@transaction.atomic
def submit(*, act: Act, draft_id: int, expected_version: int | None = None) -> Draft:
    """Hands a draft in for review; from now on it stands still. Raises Invalid with what is in the way by claim, and as `locked_draft`."""
    draft = locked_draft(act, draft_id, State.WRITING, expected_version=expected_version)
    _must_be_ready(draft)
    become(draft, State.IN_REVIEW, act=act, verb="submitted", **_handed_in(act))
    telling.tell_submitted(act, draft)
    return draft


def _handed_in(act: Act) -> dict[str, object]:
    return {
        "submitted_by": act.by,
        "submitted_at": act.now,
        "decided_by": None,
        "decided_at": None,
        "answer": "",
        "publish_at": None,
    }


@transaction.atomic
def withdraw(*, act: Act, draft_id: int, expected_version: int | None = None) -> Draft:
    """Takes a draft back from review, to write on. Any editor may: it is everybody's."""
    draft = locked_draft(act, draft_id, State.IN_REVIEW, expected_version=expected_version)
    become(draft, State.WRITING, act=act, verb="withdrawn", publish_at=None)
    return draft


@transaction.atomic
def send_back(*, act: Act, draft_id: int, answer: str, expected_version: int | None = None) -> Draft:
    """Back to writing, saying what has to change. Raises Invalid without an answer, and as `locked_draft`."""
    draft = locked_draft(act, draft_id, State.IN_REVIEW, State.SCHEDULED, expected_version=expected_version)
    answer = answer.replace("\r\n", "\n").strip()
    if not answer:
        raise Invalid({"answer": "Say what has to change: the draft is written on by it."})
    values = {"answer": answer[:2_000], "decided_by": act.by, "decided_at": act.now, "publish_at": None}
    become(draft, State.WRITING, act=act, verb="sent back", **values)
    telling.tell_sent_back(act, draft)
    return draft


@transaction.atomic
def publish(*, act: Act, draft_id: int, expected_version: int | None = None) -> CardVersion:
    """Puts a draft in force: one in review or scheduled, or one being written where the playbook asks for no second person. Raises
    NotAllowed for whoever submitted it, Clash where another version was published since the draft began, and as `submit`."""
    draft = locked_draft(act, draft_id, expected_version=expected_version)
    _second_person(act.by, draft)
    return _in_force(act, draft)


@transaction.atomic
def schedule(*, act: Act, draft_id: int, publish_at: dt.datetime, expected_version: int | None = None) -> Draft:
    """Agrees to a draft in review, to be published at a moment to come. Who schedules publishes, and so is not who submitted."""
    draft = locked_draft(act, draft_id, State.IN_REVIEW, expected_version=expected_version)
    _second_person(act.by, draft)
    if publish_at <= act.now:
        raise Invalid({"publish_at": "Choose a moment to come, or publish it now."})
    if publish_at > act.now + FURTHEST:
        raise Invalid({"publish_at": "Choose a moment within a year."})
    _must_be_ready(draft)
    values = {"publish_at": publish_at, "decided_by": act.by, "decided_at": act.now}
    become(draft, State.SCHEDULED, act=act, verb="scheduled", **values)
    telling.tell_scheduled(act, draft)
    return draft


@transaction.atomic
def unschedule(*, act: Act, draft_id: int, expected_version: int | None = None) -> Draft:
    """Back to review: it is published when somebody does."""
    draft = locked_draft(act, draft_id, State.SCHEDULED, expected_version=expected_version)
    become(draft, State.IN_REVIEW, act=act, verb="unscheduled", publish_at=None, decided_by=None, decided_at=None)
    return draft


def publish_due(*, now: dt.datetime | None = None) -> int:
    """Publishes what is due, each draft in a transaction of its own: run twice, or by two at once, it publishes nothing twice, and one
    killed in the middle leaves what it had not finished as it was. What can't be published goes back with the reason."""
    now = now or timezone.now()
    due = Draft.objects.filter(state=State.SCHEDULED, publish_at__lte=now).order_by("publish_at", "pk")
    return sum(_publish_one(pk, now) for pk in list(due.values_list("pk", flat=True)[:AT_ONCE]))


def _publish_one(draft_id: int, now: dt.datetime) -> bool:
    try:
        with transaction.atomic():
            system = Act(by=None, route=Route.WORKER, at=now)
            draft = locked_draft(system, draft_id, State.SCHEDULED)
            if draft.publish_at is None or draft.publish_at > now:
                return False
            _in_force(Act(by=draft.decided_by, route=Route.WORKER, at=now), draft)
            return True
    except Draft.DoesNotExist:
        return False
    except ServiceError as refused:
        return _give_back(draft_id, now, str(refused))


@transaction.atomic
def _give_back(draft_id: int, now: dt.datetime, why: str) -> bool:
    act = Act(by=None, route=Route.WORKER, at=now)
    try:
        draft = locked_draft(act, draft_id, State.SCHEDULED)
    except (Draft.DoesNotExist, Clash):
        return False  # somebody else was faster
    log.warning("The draft of %s could not be published: %s", draft.card.slug, why)
    answer = f"It could not be published when it was due. {why}"[:2_000]
    become(draft, State.WRITING, act=act, verb="sent back", answer=answer, publish_at=None)
    telling.tell_sent_back(act, draft)
    return False


def _in_force(act: Act, draft: Draft) -> CardVersion:
    if draft.state == State.WRITING and card_rules().second_person:
        raise Clash("This draft is still being written. Submit it, and somebody else publishes it.")
    _must_be_ready(draft)
    card = draft.card
    card.title, card.document_tally = draft.title, draft.document_tally
    version = put_in_force(
        act=act,
        card=card,
        claims=whole(claims_of(draft)),
        note=draft.note,
        submitted_by=draft.submitted_by or act.by,
        restored_from=draft.restored_from,
    )
    values = {"decided_by": act.by, "decided_at": act.now, "published": version}
    become(draft, State.PUBLISHED, act=act, verb="draft published", **values)
    telling.tell_published(act, draft, version)
    return version


def may_decide(person: Person, draft: Draft) -> bool:
    """Whether it is theirs to publish or schedule."""
    return not card_rules().second_person or draft.submitted_by_id != person.pk


def _second_person(person: Person | None, draft: Draft) -> None:
    if person is not None and draft.submitted_by_id == person.pk and card_rules().second_person:
        raise NotAllowed(OWN)


def _must_be_ready(draft: Draft) -> None:
    """Raises Clash or Invalid with everything in the way, by claim: "speed.winner", or "" for the draft as a whole."""
    card = draft.card
    if card.retired_at is not None:
        raise Clash("This card is retired. Bring it back before it is published.")
    if card.current_id != draft.base_id:
        assert card.current is not None
        raise Clash(f"Version {card.current.number} was published since this draft began. Take it over first.")
    rows = claims_of(draft)
    standing = [row for row in rows if not row.removed]
    wrong: dict[str, list[str]] = {}
    for row in rows:
        name = title_of(row.kind, row.content)
        if row.clash is not None:
            wrong.setdefault(row.key, []).append(f"{name}: choose between yours and that of {row.clash['from']}.")
        for fault in () if row.removed else row.faults:
            place = f"{row.key}.{fault['field']}" if fault["field"] else row.key
            wrong.setdefault(place, []).append(f"{name}: {fault['text']}")
    if wrong:
        raise Invalid(wrong)
    if not standing:
        raise Invalid({"": "This draft holds no claim. Add one first."})
    if draft.base is not None and not has_changes(draft):
        raise Invalid({"": f"This draft says the same as version {draft.base.number}."})


def has_changes(draft: Draft) -> bool:
    base = draft.base
    if base is None or (base.title, base.document_tally) != (draft.title, draft.document_tally):
        return True
    return any(one.what is not What.SAME for one in differences(draft))
