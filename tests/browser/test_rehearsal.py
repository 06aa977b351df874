"""Operations change a weight, see which deal it moves before anybody else does, publish it, and the deal has moved."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from crm.services.audit import Act
from deals.models import BantAssessment, DealScore
from scoring.services.lead_scores import score_deal

SCORES = {"budget": 5, "authority": 3, "need": 4, "timeline": 4, "technical_fit": 4, "strategic_alignment": 4}
"""3.95, a B; with 30 % for the budget and 15 % for authority 4.15, an A."""


def test_a_weight_is_rehearsed_and_published_and_the_deal_has_the_class_it_said(site, window):
    deal = site.world.deal
    BantAssessment.objects.filter(deal=deal).update(overrides=SCORES)
    assert score_deal(act=Act(by=None), deal_id=deal.pk).row.lead_class == "B"
    page = window("otto")
    page.goto("/playbook/drafts/")
    page.get_by_role("link", name="New draft").click()
    page.get_by_role("textbox", name="Name").fill("Money decides")
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("link", name="Weights and classes").click()
    page.get_by_label("Budget").fill("30")
    expect(page.get_by_text("The weights sum to 110 %: 10 too many.")).to_be_visible()
    page.get_by_role("button", name="Save in the draft").click()
    expect(page.get_by_role("alert")).to_contain_text("the weights sum to 110")
    expect(page.get_by_label("Budget")).to_have_value("30")
    page.get_by_label("Authority").fill("15")
    expect(page.get_by_text("The weights sum to 100 %.")).to_be_visible()
    page.get_by_role("button", name="Save in the draft").click()
    expect(page.get_by_role("heading", name="2 rules differ from version 2")).to_be_visible()

    page.get_by_role("button", name="Rehearse on the open deals").click()
    expect(page.get_by_role("heading", name=re.compile(r"\d+ of \d+ open deals? would change"))).to_be_visible()
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=deal.name, exact=True))
    expect(row).to_contain_text(re.compile(r"B.*becomes.*A.*3\.95.*4\.15", re.DOTALL))
    assert DealScore.objects.get(deal=deal).lead_class == "B"

    page.get_by_role("link", name="Publish…").click()
    page.get_by_role("button", name="Publish version 3").click()
    expect(page.get_by_text("Version 3 is in force.")).to_be_visible()
    expect(page.locator(".job")).to_contain_text("done")
    score = DealScore.objects.get(deal=deal)
    assert (score.lead_class, str(score.total), score.playbook_number) == ("A", "4.1500", 3)
