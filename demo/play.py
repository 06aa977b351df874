"""Plays a plan through the product's own services, each step at its own time: the demo's history is made like any other."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from random import Random
from typing import Any

from crm.models import Account, Contact, Job, Person
from crm.services.audit import Act
from deals.models import Deal, MeddpiccElement
from deals.services.bant import set_claim, set_facts
from deals.services.committee import set_competitor, set_contact
from deals.services.deals import create_deal, update_deal
from deals.services.meddpicc import update_element
from deals.services.questions import answer_question
from deals.services.stages import change_stage, close_deal, reopen_deal
from demo.company import currency_of, lines_of
from demo.facts import deal_facts, element_values
from demo.plans import STAGES, Plan
from demo.quotes import sell
from scoring.services.lead_scores import score_deal

WHY_ALL_THE_SAME = (
    "Their CIO asked us to go ahead while the figures are being collected.",
    "The evaluation window closes this month; the rest follows in writing.",
    "Agreed with Mona: the champion has it in hand.",
    "The customer set the pace; we catch up on the paperwork next week.",
)
WEEK = dt.timedelta(days=7)
NEXT_STEPS = (
    "Discovery call",
    "Send the summary",
    "Book the CFO",
    "Readout of the proof of concept",
    "Legal call",
    "Walk through the quote",
    "Meet the architect",
    "Confirm success criteria",
)


class Stage:
    """One deal on its way: remembers the clock, who acts, and plays what the plan says."""

    def __init__(
        self,
        random: Random,
        plan: Plan,
        account: Account,
        contacts: list[Contact],
        people: dict[str, Person],
        now: dt.datetime,
    ) -> None:
        self.random, self.plan, self.account, self.contacts, self.people, self.now = (
            random,
            plan,
            account,
            contacts,
            people,
            now,
        )
        self.seller = people[plan.seller]
        self.clock = now - dt.timedelta(days=plan.opened)
        self.deal: Deal | None = None

    def act(self, days_ago: int | None = None, why: str = "") -> Act:
        """The next moment: later than the last one, by day where given."""
        wanted = self.clock + dt.timedelta(minutes=self.random.randrange(7, 50))
        if days_ago is not None:
            wanted = max(wanted, self.now - dt.timedelta(days=days_ago, minutes=self.random.randrange(60, 500)))
        self.clock = min(wanted, self.now)
        return Act(by=self.seller, at=self.clock, why=why)

    def play(self) -> Deal:
        plan = self.plan
        self.deal = create_deal(act=self.act(), values=self._header())
        self._people()
        steps = [*zip(STAGES[1:], plan.moves, strict=False)]
        self._learn(0.3)
        for number, (stage, day) in enumerate(steps, start=1):
            act = self.act(day)
            # Of a closed deal only the end of the learning is told; open ones grow with every stage.
            if plan.outcome == "open" or number == len(steps):
                self._learn((number + 1) / (len(steps) + 1))
            change_stage(
                act=Act(by=self.seller, at=max(act.now, self.clock)),
                deal_id=self.deal.pk,
                stage=stage,
                why=self.random.choice(WHY_ALL_THE_SAME),
            )
        if plan.outcome != "open":
            self._close()
        else:
            self._mess()
        self._score()
        if plan.outcome == "open":
            # As the nightly look leaves it: dates have passed since the last change.
            score_deal(act=Act(by=None, at=self.now), deal_id=self.deal.pk, today=self.now.date())
        return self.deal

    def _header(self) -> dict[str, Any]:
        plan, deal_days = self.plan, self.plan.opened
        close = (
            (self.now + dt.timedelta(days=self.random.randrange(8, 240))).date()
            if plan.ended is None
            else (self.now - dt.timedelta(days=max(plan.ended - self.random.randrange(-20, 20), 0))).date()
        )
        amount = None if plan.mess == "no_amount" else Decimal(plan.amount)
        return {
            "name": f"{plan.title}, {self.account.name.split()[0]}" if deal_days % 3 else plan.title,
            "account": self.account,
            "owner": self.seller,
            "deal_type": plan.deal_type,
            "amount": amount,
            "currency": currency_of(plan, self.account.country),
            "lines": lines_of(plan, amount),
            "term_months": self.random.choice((12, 36, 36, 60)),
            "close_date": None if plan.mess == "no_close_date" else close,
            "next_step": self.random.choice(NEXT_STEPS),
            "next_step_date": (self.clock + dt.timedelta(days=self.random.randrange(3, 20))).date(),
        }

    def _people(self) -> None:
        assert self.deal is not None
        roles = ("economic_buyer", "champion", "technical_buyer", "influencer", "procurement")
        # Of closed deals only the two who mattered are remembered.
        most = 2 if self.plan.ended is not None else len(self.contacts)
        shown = self.contacts[: max(1, min(most, round(len(self.contacts) * self.plan.known)))]
        for contact, role in zip(shown, roles, strict=False):
            sentiment = self.random.choice(("supporter", "neutral", "supporter", "sceptic", "unknown"))
            set_contact(act=self.act(), deal_id=self.deal.pk, contact_id=contact.pk, role=role, sentiment=sentiment)
        if self.plan.competitor:
            position = self.random.choice(("incumbent", "level", "behind", "ahead"))
            set_competitor(act=self.act(), deal_id=self.deal.pk, competitor_key=self.plan.competitor, position=position)

    def _learn(self, share: float) -> None:
        """Finds out `share` of what will be known in the end, and has the score follow."""
        assert self.deal is not None
        reach = share * self.plan.known
        facts = deal_facts(self.plan, (self.now - dt.timedelta(days=self.plan.opened)).date(), reach)
        if facts:
            set_facts(act=self.act(), deal_id=self.deal.pk, facts=facts)
        known = dict(MeddpiccElement.objects.filter(deal=self.deal).values_list("element", "strength"))
        for element, values in element_values(self.random, self.plan, self.contacts, self.clock.date(), reach):
            if element not in known or (known[element] == "claimed" and values["strength"] == "confirmed"):
                update_element(act=self.act(), deal_id=self.deal.pk, element=element, **values)
        self._score()

    def _score(self) -> None:
        assert self.deal is not None
        # The demo's worker: computes at the time of the change, so that the history of scores has its true days.
        Job.objects.filter(key=f"score:{self.deal.pk}").delete()
        score_deal(act=Act(by=self.seller, at=self.clock), deal_id=self.deal.pk, today=self.clock.date())

    def _close(self) -> None:
        assert self.deal is not None
        plan = self.plan
        before = self.clock
        act = self.act(plan.ended)
        if plan.outcome == "won" and plan.opened % 2 == 0 and self.deal.currency == "USD" and act.now - before > WEEK:
            sell(self.deal, self.people, before=act.now, competitor=plan.competitor, number=plan.opened)
        if plan.mess == "reopened":
            close_deal(
                act=act,
                deal_id=self.deal.pk,
                outcome="lost",
                reasons=["no_decision"],
                no_competitor=True,
                note="They stopped answering.",
            )
            self.clock += dt.timedelta(days=1)
            reopen_deal(
                act=self.act(), deal_id=self.deal.pk, stage="proposal", why="Their new CIO called: the budget is back."
            )
            act = self.act()
        close_deal(
            act=act,
            deal_id=self.deal.pk,
            outcome=plan.outcome,
            reasons=plan.reasons,
            competitor_key=plan.competitor or None,
            no_competitor=not plan.competitor,
            note=self.random.choice(_NOTES[plan.outcome]),
        )

    def _day(self, low: int, high: int) -> dt.date:
        """A day so many days from today."""
        return (self.now + dt.timedelta(days=self.random.randrange(low, high))).date()

    def _mess(self) -> None:
        """What goes wrong with open deals, and a next step for those where nothing does."""
        assert self.deal is not None
        values: dict[str, Any] = {"next_step": self.random.choice(NEXT_STEPS), "next_step_date": self._day(1, 15)}
        # What a seller would call by the stage it has come to.
        call = {5: "best_case", 6: "commit", 7: "commit"}.get(len(self.plan.moves), "pipeline")
        match self.plan.mess:
            case "overdue":
                values |= {"close_date": self._day(-40, -3), "next_step_date": self._day(-20, -2)}
            case "no_next_step" | "stalled":
                values = {"next_step": "", "next_step_date": None}
            case "pushed":
                for months in (1, 2, 4):
                    update_deal(
                        act=self.act(),
                        deal_id=self.deal.pk,
                        values={"close_date": self._day(months * 30, months * 30 + 20)},
                    )
            case "handed_over":
                boss = self.people["manager" if self.seller.username in {"rep", "tara", "idris"} else "milo"]
                values["owner"] = self.people["tara" if boss.username == "manager" else "wanda"]
                update_deal(
                    act=Act(by=boss, at=self.act().now, why="Territories changed."),
                    deal_id=self.deal.pk,
                    values={"owner": values.pop("owner")},
                )
                self.seller = boss
            case "disqualified":
                set_facts(
                    act=self.act(), deal_id=self.deal.pk, facts={"budget_amount": "60000.00", "budget_status": "none"}
                )
            case "overridden":
                set_claim(
                    act=self.act(),
                    deal_id=self.deal.pk,
                    criterion="need",
                    score=4,
                    reason="Their COO told us the outage cost them two days of orders.",
                    evidence="Call with the COO",
                )
        update_deal(act=self.act(), deal_id=self.deal.pk, values=values | {"forecast_category": call})
        if self.plan.known > 0.6:
            answer_question(
                act=self.act(),
                deal_id=self.deal.pk,
                question=self.random.choice(self.questions),
                answer="They will tell us after the board meets.",
            )

    questions: tuple[str, ...] = ()


_NOTES = {
    "won": (
        "The proof of concept settled it.",
        "Migration help and the price carried the board.",
        "Their architect fought for us; the CFO followed the figures.",
    ),
    "lost": (
        "They stay with what they have for another term.",
        "Budget went to another programme.",
        "The team wants to build it themselves.",
    ),
}
