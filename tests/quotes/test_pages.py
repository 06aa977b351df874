"""Quotes over HTTP: what their pages say in each state, and what they offer to whom."""

from __future__ import annotations

import re
from typing import Any

import pytest

from crm.services.audit import Act
from deals.models import Deal
from quotes.models import Quote, Revision
from quotes.services.drafts import save_draft
from tests.factories import make_deal, make_quote
from tests.quotes.conftest import BOTH, DISPLACEMENT, LIGHTHOUSE


@pytest.fixture
def browser(rae, sign_in):
    return sign_in(rae)


def newest() -> Any:
    return Revision.objects.latest("pk")


def page(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def offered(answer: Any) -> list[str]:
    return [str(one) for one in answer.context["actions"]]


def test_a_draft_is_sent_after_it_said_who_is_asked(browser, deal, run_jobs, sue, vik):
    quote = make_quote(deal, **BOTH)
    assert offered(browser.get(f"/quotes/{quote.pk}/")) == ["submit", "edit", "discard", "duplicate"]
    asks = page(browser.get(f"/quotes/{quote.pk}/submit/"))
    assert "Liability cap: Fees of 24 months." in asks
    assert asks.index("<b>VP</b>") < asks.index("<b>SVP</b>")
    answer = browser.post(f"/quotes/{quote.pk}/submit/", {"version": quote.version})
    assert answer["Location"] == f"/quotes/{quote.pk}/"
    assert "Working out who has to agree" in page(browser.get(f"/quotes/{quote.pk}/"))
    token = Quote.objects.get().version
    assert browser.get(f"/quotes/{quote.pk}/now/?token={token}").status_code == 204
    run_jobs()
    assert browser.get(f"/quotes/{quote.pk}/now/?token={token}").status_code == 200
    shown = browser.get(f"/quotes/{quote.pk}/")
    assert offered(shown) == ["withdraw", "duplicate"]
    assert [(one.label, one.state, [who.person for who in one.people]) for one in shown.context["chain"]] == [
        ("VP", "asked", [vik]),
        ("SVP", "later", []),
    ]


def test_whoever_may_decide_is_led_there(sign_in, deal, send, sue, vik, rae):
    approval = send(**LIGHTHOUSE)
    link = f'href="/approvals/{approval.pk}/">Decide</a>'
    shown = [link in page(sign_in(who).get(f"/quotes/{approval.revision.quote_id}/")) for who in (sue, vik, rae)]
    assert shown == [True, False, False]


def test_what_is_missing_is_said_before_it_is_sent(browser, deal):
    quote = make_quote(deal, strategic={"reason": "lighthouse", "percent": "10"})
    asks = page(browser.get(f"/quotes/{quote.pk}/submit/"))
    assert "Say what was got for the 10 % of Lighthouse customer." in asks
    assert "Send for approval" not in asks
    answer = browser.post(f"/quotes/{quote.pk}/submit/", {"version": quote.version})
    assert (answer.status_code, Quote.objects.get().state) == (422, "draft")


def test_somebody_else_was_faster(browser, deal):
    quote = make_quote(deal, **LIGHTHOUSE)
    seen = quote.version
    save_draft(act=Act(by=deal.owner), quote_id=quote.pk, inputs=newest().inputs, title="Another name")
    answer = browser.post(f"/quotes/{quote.pk}/submit/", {"version": seen})
    assert (answer.status_code, Quote.objects.get().state) == (409, "draft")
    browser.post(f"/quotes/{quote.pk}/submit/", {"version": seen + 1})
    late = browser.post(f"/quotes/{quote.pk}/discard/", {"version": seen + 1})
    assert (late.status_code, "Waiting for approval" in page(late)) == (409, True)


def test_the_next_revision_says_what_changed(browser, deal, send, say, sue):
    approval = send(**LIGHTHOUSE)
    say(sue, approval, "send_back", comment="Trade it for a press release.")
    quote = Quote.objects.get()
    assert "Trade it for a press release." in page(browser.get(f"/quotes/{quote.pk}/"))
    assert browser.post(f"/quotes/{quote.pk}/revise/")["Location"] == f"/quotes/{quote.pk}/edit/"
    inputs = newest().inputs
    inputs = {**inputs, "strategic": {"reason": "displacement", "percent": "10", "got": ["case_study"]}}
    save_draft(act=Act(by=deal.owner), quote_id=quote.pk, inputs=inputs)
    shown = browser.get(f"/quotes/{quote.pk}/")
    found = {one.label: (one.before, one.after) for one in shown.context["changed"]}
    assert found["Strategic discount"] == ("Lighthouse customer, 10\u00a0%", "Competitive displacement, 10\u00a0%")
    assert found["What was got for it"] == ("A reference, for calls and in public", "A case study or press release")
    assert found["Has to agree"] == ("SVP", "VP")
    assert "Total" not in found
    diff = browser.get(f"/quotes/{quote.pk}/changes/?from=1&to=2")
    assert diff.context["changed"] == shown.context["changed"]
    assert browser.get(f"/quotes/{quote.pk}/revisions/1/").context["approval"] == approval
    assert browser.get(f"/quotes/{quote.pk}/revisions/7/").status_code == 404


def test_the_customer_accepts_and_the_page_says_before_what_becomes_of_the_deal(browser, deal, send):
    approval = send()
    quote = Quote.objects.get()
    Deal.objects.filter(pk=deal.pk).update(amount=1_000)
    assert offered(browser.get(f"/quotes/{quote.pk}/")) == ["revise", "accept", "withdraw", "duplicate"]
    asks = page(browser.get(f"/quotes/{quote.pk}/accept/"))
    arr = approval.revision.arr
    assert "1,000 USD" in asks
    assert f"{arr:,.2f}".removesuffix(".00") in asks
    seen = {"version": quote.version, "fingerprint": approval.fingerprint}
    assert browser.post(f"/quotes/{quote.pk}/accept/", seen)["Location"] == f"/deals/{deal.pk}/"
    assert (Deal.objects.get(pk=deal.pk).amount, Quote.objects.get().state) == (arr, "accepted")
    assert offered(browser.get(f"/quotes/{quote.pk}/")) == ["duplicate"]
    assert browser.get(f"/quotes/{quote.pk}/edit/").status_code == 200, "says what it is now"


def test_withdrawing_and_dropping_say_what_goes(browser, deal, send):
    send(**DISPLACEMENT)
    quote = Quote.objects.get()
    answer = browser.post(f"/quotes/{quote.pk}/withdraw/", {"version": quote.version, "why": "They want less."})
    assert (answer.status_code, Quote.objects.get().state) == (302, "withdrawn")
    browser.post(f"/quotes/{quote.pk}/revise/")
    assert "Revision 1 stays as it is" in page(browser.get(f"/quotes/{quote.pk}/discard/"))
    browser.post(f"/quotes/{quote.pk}/discard/", {"version": Quote.objects.get().version})
    assert newest().number == 1
    lone = make_quote(deal)
    answer = browser.post(f"/quotes/{lone.pk}/discard/", {"version": lone.version})
    assert answer["Location"] == f"/deals/{deal.pk}/"
    assert not Quote.objects.filter(pk=lone.pk).exists()


def test_a_copy_goes_to_a_deal_of_ones_own_and_carries_no_approval(browser, deal, send, rae, remy):
    send()
    quote = Quote.objects.get()
    other, foreign = make_deal(rae, "Second site"), make_deal(remy, "Not hers")
    asks = page(browser.get(f"/quotes/{quote.pk}/duplicate/"))
    assert ("Second site" in asks, "Not hers" in asks) == (True, False)
    assert browser.post(f"/quotes/{quote.pk}/duplicate/", {"deal": foreign.pk}).status_code == 422
    browser.post(f"/quotes/{quote.pk}/duplicate/", {"deal": other.pk})
    copy = Quote.objects.exclude(pk=quote.pk).get()
    assert (copy.deal, copy.state, copy.copied_from) == (other, "draft", quote)
    assert newest().inputs == Revision.objects.get(quote=quote).inputs


def test_a_manager_sees_the_teams_quotes_and_others_see_none(sign_in, deal, mona, remy, vik, eve):
    quote = make_quote(deal)
    assert offered(sign_in(mona).get(f"/quotes/{quote.pk}/")) == ["submit", "edit", "discard", "duplicate"]
    assert offered(sign_in(vik).get(f"/quotes/{quote.pk}/")) == []
    assert [sign_in(who).get(f"/quotes/{quote.pk}/").status_code for who in (remy, eve)] == [404, 404]
    assert [len(sign_in(who).get("/quotes/").context["page"].rows) for who in (mona, vik, remy)] == [1, 1, 0]


def test_the_list_is_narrowed_by_what_its_address_says(browser, deal, rae, mona):
    other = make_deal(rae, "Branch refresh")
    first, second = make_quote(deal, title="Core platform"), make_quote(other, strategic=None, title="Sites")

    def named(query: str) -> list[str]:
        return [row.title for row in browser.get(f"/quotes/?{query}").context["page"].rows]

    assert named("") == ["Sites", "Core platform"]
    assert named(f"deal={deal.pk}") == ["Core platform"]
    assert named("q=branch") == ["Sites"]
    assert named(f"q={first.reference}") == ["Core platform"]
    assert named("state=approved") == []
    assert named("mine=yes&state=draft") == ["Sites", "Core platform"]
    assert "could not be read" in page(browser.get("/quotes/?state=strange"))
    assert second.title == "Sites"


def test_a_deals_panel_explains_the_newest_and_names_a_cheaper_way(browser, deal):
    make_quote(deal, **LIGHTHOUSE)
    text = page(browser.get(f"/deals/{deal.pk}/quotes/", headers={"HX-Request": "true"}))
    assert "Lighthouse customer 10 %" in text
    assert "Needs SVP. 10 % as Competitive displacement: the same price, and VP to ask." in text
    Deal.objects.filter(pk=deal.pk).update(outcome="lost", closed_at=deal.created_at)
    assert "New quote" not in page(browser.get(f"/deals/{deal.pk}/quotes/", headers={"HX-Request": "true"}))


def test_what_was_given_and_got_stays_with_the_deal(browser, deal, send, say, sue):
    approval = send(**LIGHTHOUSE)
    say(sue, approval)
    quote = Quote.objects.get()
    browser.post(f"/quotes/{quote.pk}/accept/", {"version": quote.version, "fingerprint": approval.fingerprint})
    text = page(browser.get(f"/deals/{deal.pk}/quotes/", headers={"HX-Request": "true"}))
    assert "Lighthouse customer: 10 % off" in text
    assert "for a reference, for calls and in public" in text
