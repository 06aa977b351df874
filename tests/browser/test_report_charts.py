"""A chart of a report or its table in its place: by keyboard, kept in the address, and where scripts are off."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.hands import Hands
from tests.browser.site import Site


def test_a_chart_is_switched_to_its_table_and_back(site: Site, window):
    page = window("mona")
    hands, chart = Hands(page), page.locator("#chart-stages")
    plot, table = chart.locator(".plot .main-svg").first, chart.get_by_role("table")
    page.goto("/reports/pipeline/")
    expect(plot).to_be_visible()
    expect(table).to_be_hidden()
    expect(chart.locator(".legend")).to_have_count(0)
    # A bar for each stage and series, each series called by its name once, at its first bar.
    bars = chart.locator(".bars .point path")
    assert bars.count() == 2 * chart.locator(".as-table tbody tr").count()
    assert max(bar.bounding_box()["width"] for bar in bars.all()) > 200
    expect(chart.locator(".bartext", has_text=re.compile("^(ARR|Weighted) "))).to_have_count(2)
    hands.to(chart.get_by_role("radio", name="Chart"))
    hands.press("ArrowRight")
    expect(table.get_by_role("row").nth(1)).to_contain_text(re.compile(r"\d,\d{3}\.\d\d"))  # exactly
    expect(chart.locator(".drawn")).to_be_hidden()
    page.wait_for_url(re.compile("as_table=stages"))
    hands.sees_where()
    page.reload()
    expect(table).to_be_visible()
    expect(chart.get_by_role("radio", name="Table")).to_be_checked()
    hands.to(chart.get_by_role("radio", name="Table"))
    hands.press("ArrowLeft")
    expect(plot).to_be_visible()
    assert plot.bounding_box()["width"] > 400
    expect(table).to_be_hidden()
    assert "as_table" not in page.url


def test_without_scripts_it_is_the_same_switch(site: Site, window):
    page = window("mona", java_script_enabled=False)
    page.goto("/reports/pipeline/")
    chart = page.locator("#chart-stages")
    expect(chart.locator("svg.report-svg")).to_be_visible()
    chart.get_by_text("Table", exact=True).click()
    expect(chart.get_by_role("table")).to_be_visible()
    expect(chart.locator("svg.report-svg")).to_be_hidden()


def test_the_head_of_a_long_table_stays_in_view(site: Site, window):
    page = window("mona", viewport={"width": 1200, "height": 420})
    page.goto("/reports/pipeline/")
    table = page.locator("#table-by .scroll")
    head = table.locator("thead th").first
    # As if the table were long: what the style sheet does with it is what is asked.
    table.evaluate(
        "(one) => { const row = one.querySelector('tbody tr'); for (let n = 0; n < 60; n++) row.after(row.cloneNode(true)); }"
    )
    table.scroll_into_view_if_needed()
    table.evaluate("(one) => { one.scrollTop = 600; }")
    box, frame = head.bounding_box(), table.bounding_box()
    assert table.evaluate("(one) => one.scrollTop") == 600
    assert abs(box["y"] - frame["y"]) < 2
