"""What the demo's field says of its battle cards, what competitors did, and what is done about it: the same every time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from battlecards.models import Card, Claim, Placed, Use, Watch
from battlecards.queries.intel import intel_rules
from battlecards.services.feedback import decide, give_feedback, suggest
from battlecards.services.intel import create_event
from battlecards.services.responses import start_response, step_done, write_entry
from battlecards.services.reviewing import still_holds
from battlecards.services.seeding import seed_cards
from battlecards.services.watching import follow_playbook, watch_done
from crm.models import Person
from crm.services.audit import Act
from deals.models import Deal, RaisedObjection

SAID = (
    ("rep", "landed", "Their CFO wrote the figure down."),
    ("rep2", "landed", ""),
    ("rep", "backfired", "They pay less than we say, and had the invoice at hand."),
    ("rep2", "used", ""),
    ("rep", "wrong", "They announced this in spring."),
    ("rep2", "landed", "It opened the talk about the renewal."),
    ("manager", "used", ""),
    ("rep", "used", ""),
)
EVENTS = (
    (
        "vmware",
        "price_change",
        "Renewals offered a fifth under last year's price",
        "Two customers' renewal letters",
        "They came from the same reseller. Both are asked to sign for five years.",
        3,
    ),
    (
        "hyper_v",
        "feature",
        "GPU partitioning announced for the next release",
        "Their conference, second day",
        "Announced, with no date. A preview was shown on one machine.",
        12,
    ),
    (
        "proxmox",
        "people",
        "A partner manager for the United States",
        "LinkedIn",
        "",
        30,
    ),
)
MISSING = (
    "Your support is only in one time zone.",
    "Our auditors do not know you.",
    "Who maintains this if you are bought?",
)


def say_in_field(people: Mapping[str, Person], now: dt.datetime) -> None:
    """Feedback, suggestions, three events with a response under way, watches, and uses on closed deals."""
    before = now - dt.timedelta(days=60)
    seed_cards(act=Act(by=None, at=before))
    if not Card.objects.published().filter(competitor__isnull=False).exists():
        return
    _use(people, now)
    _say(people, now)
    _miss(people, now)
    _happen(people, now)


def _use(people: Mapping[str, Person], now: dt.datetime) -> None:
    """Every second closed deal against a competitor had its card looked at three weeks before it closed."""
    cards = {card.competitor_id: card for card in Card.objects.published().filter(competitor__isnull=False)}
    closed = Deal.objects.exclude(outcome="open").filter(outcome_competitor__in=cards).order_by("pk")
    rows = []
    for number, deal in enumerate(closed.select_related("owner")):
        if number % 2 == 0 and deal.closed_at is not None:
            at = deal.closed_at - dt.timedelta(days=21)
            card = cards[deal.outcome_competitor_id or 0]
            rows.append(Use(card=card, deal=deal, person=deal.owner, how="viewed", day=at.date(), at=at))
    for number, claim in enumerate(_claims("row", "talking_point", "objection")):
        at = now - dt.timedelta(days=1 + number % 40, hours=number % 7)
        person = people["rep" if number % 3 else "rep2"]
        rows.append(Use(card_id=claim.card_id, claim=claim, person=person, how="copied", day=at.date(), at=at))
    Use.objects.bulk_create(rows, ignore_conflicts=True)


def _say(people: Mapping[str, Person], now: dt.datetime) -> None:
    claims = _claims("row", "talking_point")
    for number, (who, verdict, note) in enumerate(SAID):
        at = now - dt.timedelta(days=2 * number + 1, hours=3)
        claim = claims[number * 5 % len(claims)]
        give_feedback(act=Act(by=people[who], at=at), claim_id=claim.pk, verdict=verdict, note=note)
    rep, editor = people["rep"], people["enablement"]
    act = Act(by=rep, at=now - dt.timedelta(days=9))
    suggest(act=act, claim_id=claims[0].pk, text="Say that this is per year: they always ask.")
    done = suggest(act=act, claim_id=claims[1].pk, text="Their new bundle should stand here as well.")
    answer = "The bundle is on the messaging card; here it would say it twice."
    decide(act=Act(by=editor, at=now - dt.timedelta(days=4)), suggestion_id=done.pk, taken=False, answer=answer)
    still_holds(
        act=Act(by=editor, at=now - dt.timedelta(days=2)), claim_id=claims[2].pk, note="As on their price page."
    )


def _miss(people: Mapping[str, Person], now: dt.datetime) -> None:
    """Objections nobody has an answer to, raised on the rep's open deals."""
    deals = list(Deal.objects.filter(owner=people["rep"], outcome="open").order_by("pk")[:4])
    rows = []
    for number, deal in enumerate(deals):
        for place, text in enumerate(MISSING[: number + 1]):
            at = now - dt.timedelta(days=7 * number + place + 1)
            rows.append(RaisedObjection(deal=deal, text=text, raised_at=at, raised_by=people["rep"]))
    RaisedObjection.objects.bulk_create(rows)


def _happen(people: Mapping[str, Person], now: dt.datetime) -> None:
    editor = people["enablement"]
    made = []
    for competitor, kind, title, source, text, days in reversed(EVENTS):
        at = now - dt.timedelta(days=days)
        values = {"kind": kind, "title": title, "source": source, "text": text, "happened_on": at.date()}
        made.append(create_event(act=Act(by=people["rep"], at=at), competitor_key=competitor, values=values))
    rules = intel_rules()
    if rules is None or not rules.scenarios:
        return
    began = now - dt.timedelta(days=1)
    response = start_response(act=Act(by=editor, at=began), event_id=made[-1].pk, scenario=rules.scenarios[0].key)
    first = response.steps.order_by("place")[0]
    act = Act(by=editor, at=began + dt.timedelta(minutes=40))
    step_done(
        act=act, response_id=response.pk, step_id=first.pk, note="Fourteen open deals, four of them close this quarter."
    )
    write_entry(act=act, response_id=response.pk, text="Asked both customers for the letters.")
    follow_playbook(act=Act(by=None, at=now - dt.timedelta(days=30)))
    for number, watch in enumerate(Watch.objects.filter(owner=editor).order_by("key")[:4]):
        at = now - dt.timedelta(days=1 + number)
        watch_done(act=Act(by=editor, at=at), watch_id=watch.pk, note="Nothing that changes a card." if number else "")


def _claims(*kinds: str) -> list[Claim]:
    """Published claims of competitors' cards, in the same order every time."""
    rows = Placed.objects.filter(
        version__in=Card.objects.published().filter(competitor__isnull=False).values("current"),
        wording__kind__in=kinds,
        wording__retired=False,
    )
    placed = rows.select_related("wording__claim").order_by("place", "version__card__slug")
    return [one.wording.claim for one in placed]
