"""What operations do: publish a playbook and watch the scores follow, bring deals in and take them back."""

from __future__ import annotations

from playwright.sync_api import expect

from crm.models import Account
from deals.models import Deal
from playbook import storing
from tests.architecture.extras import SHOP


def test_a_playbook_is_published_and_every_open_deal_rescored(site, window, tmp_path):
    text = storing.dump(site.world.playbook)["bant.yaml"]
    changed = tmp_path / "bant.yaml"
    changed.write_text(text)
    page = window("otto")
    page.goto("/playbook/publish/")
    page.locator("input[type=file]").set_input_files(changed)
    page.get_by_role("button", name="Check these files").click()
    expect(page.get_by_role("heading", name="These files are the version in force")).to_be_visible()
    stages = storing.dump(site.world.playbook)["stages.yaml"]
    (tmp_path / "stages.yaml").write_text(stages.replace("probability_percent: 5\n", "probability_percent: 7\n", 1))
    page.goto("/playbook/publish/")
    page.locator("input[type=file]").set_input_files(tmp_path / "stages.yaml")
    page.get_by_role("button", name="Check these files").click()
    expect(page.get_by_role("heading", name="1 change against version 2")).to_be_visible()
    page.get_by_label("What changed, and why").fill("Prospects are likelier than we thought.")
    page.get_by_role("button", name="Publish version 3").click()
    expect(page.get_by_text("Version 3 is in force.")).to_be_visible()
    page.goto("/jobs/")
    page.get_by_role("link", name="Lead scores under playbook 3").click()
    expect(page.locator(".job")).to_contain_text("done")
    deal = Deal.objects.select_related("score").get(pk=site.world.deal.pk)
    assert deal.score.playbook_number == 3


def test_a_playbook_with_mistakes_is_refused_with_all_of_them(window, tmp_path):
    wrong = tmp_path / "stages.yaml"
    wrong.write_text("- {key: prospect, label: Prospect, kind: open, probability_percent: 500}\n- {key: 1}\n")
    page = window("otto")
    page.goto("/playbook/publish/")
    page.locator("input[type=file]").set_input_files(wrong)
    page.get_by_role("button", name="Check these files").click()
    problems = page.get_by_role("alert")
    expect(problems).to_contain_text("stages.yaml")
    assert problems.get_by_role("row").count() > 2


def test_deals_are_brought_in_from_files_and_taken_back_whole(site, window):
    page = window("otto")
    accounts = Account.objects.count()
    page.goto("/imports/new/")
    page.locator("input[type=file]").set_input_files(sorted(SHOP.glob("*.csv")))
    page.get_by_role("button", name="Check these files").click()
    expect(page.get_by_text("These files can't be imported as they are.")).to_be_visible()
    page.get_by_label("Mapping").fill((SHOP / "mapping.yaml").read_text())
    page.get_by_role("button", name="Check again").click()
    expect(page.get_by_text("This is what would happen. Nothing has been written yet.")).to_be_visible()
    assert Account.objects.count() == accounts
    page.get_by_role("button", name="Bring them in").click()
    expect(page.get_by_role("heading", name="What was brought?")).to_be_visible()
    assert Deal.objects.filter(source="shop").exists()
    page.get_by_role("link", name="Undo this import…").click()
    page.get_by_role("button", name="Undo this import").click()
    expect(page.get_by_text("This import was undone.")).to_be_visible()
    assert Account.objects.count() == accounts
    assert not Deal.objects.filter(source="shop").exists()
