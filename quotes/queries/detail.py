"""A quote for its page: its revisions, the newest one's price and words, and how its approval stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from crm.models import Person
from crm.rules.fact_words import show_date
from quotes.models import Approval, ApprovalState, Quote, Revision, Step
from quotes.queries import prices
from quotes.queries.approvers import Approver, asked, asked_of, may_decide
from quotes.rules.book import NoPrices, PriceRules
from quotes.rules.revisions import Change, Said, changes, described
from quotes.rules.shown import YearShown, years_shown

BESIDE = ("drafted_by", "submitted_by", "accepted_by", "playbook")


@dataclass(frozen=True, slots=True)
class StepShown:
    """`state`: "decided", "asked" (its turn has come), "later". `people`: who is asked now."""

    step: Step
    label: str
    asked_label: str
    decision: Any
    state: str
    people: tuple[Approver, ...] = ()

    @property
    def went_up(self) -> bool:
        return self.asked_label != self.label


@dataclass(frozen=True, slots=True)
class RevisionShown:
    """`rules` are those of its playbook version; without them there are no words but those that were kept."""

    revision: Revision
    rules: PriceRules | None
    years: tuple[YearShown, ...] = ()
    said: tuple[Said, ...] = ()

    @property
    def lines(self) -> tuple[Said, ...]:
        return tuple(one for one in self.said if one.group == "lines")

    @property
    def price(self) -> tuple[Said, ...]:
        """What moves the price, without what is as usual."""
        return tuple(one for one in self.said if one.group == "price" and not one.is_standard)

    @property
    def terms(self) -> tuple[Said, ...]:
        return tuple(one for one in self.said if one.group == "terms")

    @property
    def levels(self) -> list[dict[str, Any]]:
        """What its price asked for, by level, labelled."""
        labels = {one.key: one.label for one in self.rules.approvals.levels} if self.rules else {}
        found = (self.revision.priced or {}).get("approvals", ())
        return [{**one, "label": labels.get(one["level"], one["level"])} for one in found]

    @property
    def warnings(self) -> list[dict[str, Any]]:
        return list((self.revision.priced or {}).get("warnings", ()))


def revisions_of(quote: Quote) -> list[Revision]:
    """The newest first, with how each one's approval ended."""
    rows = quote.revisions.select_related(*BESIDE, "approval").defer("playbook__data", "inputs", "ask", "priced")
    return list(rows.order_by("-number"))


def revision_of(quote: Quote, number: int) -> Revision | None:
    found: Revision | None = (
        quote.revisions.select_related(*BESIDE).defer("playbook__data").filter(number=number).first()
    )
    return found


def shown(revision: Revision) -> RevisionShown:
    """From what is stored; nothing is priced again."""
    try:
        rules = prices.rules_of(revision.playbook.number)
    except NoPrices:
        return RevisionShown(revision, None)
    said = described(revision.ask or revision.inputs, rules)
    years = years_shown(revision.priced, revision.ask or {}, rules) if revision.priced else ()
    return RevisionShown(revision, rules, years, said)


def difference(before: RevisionShown, after: RevisionShown) -> tuple[Change, ...]:
    """What two revisions say differently, the figures they came to included."""
    return changes((*before.said, *_figures(before)), (*after.said, *_figures(after)))


def _figures(one: RevisionShown) -> tuple[Said, ...]:
    revision, currency = one.revision, one.rules.currency if one.rules else ""
    total = f"{revision.total:,.2f} {currency}" if revision.total is not None else "—"
    arr = f"{revision.arr:,.2f} {currency}" if revision.arr is not None else "—"
    off = f"{revision.discount_percent} %" if revision.discount_percent is not None else "—"
    asked = ", ".join(level["label"] for level in one.levels) or "nobody"
    until = show_date(revision.valid_until.isoformat()) if revision.valid_until else "—"
    return (
        Said("valid_until", "paper", "Valid until", until),
        Said("note", "paper", "Note to the customer", revision.note or "—"),
        Said("playbook", "paper", "Playbook", f"version {revision.playbook.number}"),
        Said("total", "figures", "Total", total),
        Said("arr", "figures", "ARR", arr),
        Said("discount", "figures", "Discount", off),
        Said("asked", "figures", "Has to agree", asked),
    )


def approval_of(revision: Revision) -> Approval | None:
    steps = Step.objects.select_related("decision__made_by", "decision__stood_in_for").order_by("position")
    rows = Approval.objects.filter(revision=revision).select_related(
        "requested_by", "revision__quote__deal", "revision__playbook"
    )
    found: Approval | None = (
        rows.defer("revision__playbook__data")
        .prefetch_related(Prefetch("steps", queryset=steps), "comments", "comments__made_by")
        .first()
    )
    return found


def chain(
    approval: Approval, rules: PriceRules, now: dt.datetime, may: Sequence[Approver] | None = None
) -> tuple[StepShown, ...]:
    """Few queries however many steps: people are looked up for the one whose turn it is. `may`: who may decide that one, for
    whoever knows it already."""
    labels = {one.key: one.label for one in rules.approvals.levels}
    return tuple(_step(approval, step, labels, now, may) for step in approval.steps.all())


def _step(
    approval: Approval, step: Step, labels: dict[str, str], now: dt.datetime, may: Sequence[Approver] | None
) -> StepShown:
    decision = getattr(step, "decision", None)
    state = "decided" if decision is not None else "asked" if step.asked_at else "later"
    label = labels.get(step.level, step.level)
    open_now = state == "asked" and approval.state == ApprovalState.OPEN
    people: tuple[Approver, ...] = ()
    if open_now:
        people = asked(approval, step, at=now) if may is None else asked_of(may, step)
    return StepShown(step, label, labels.get(step.asked_level, step.asked_level), decision, state, people)


def decides(person: Person, approval: Approval, now: dt.datetime) -> bool:
    """Whether somebody may decide the step whose turn it is."""
    step = next((one for one in approval.steps.all() if not hasattr(one, "decision")), None)
    if approval.state != ApprovalState.OPEN or step is None:
        return False
    return may_decide(person, approval, step, at=now) is not None
