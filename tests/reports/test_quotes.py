"""What a customer gets: the prices and terms of one revision, nothing of ours, and the same for ever."""

from __future__ import annotations

import html
import re
import zlib
from typing import Any

import pytest
from django.urls import reverse

from crm.models import Job
from crm.services.audit import Act
from deals.models import DealContact
from quotes.models import Revision
from quotes.services.drafts import create_quote, save_draft
from quotes.services.submissions import withdraw
from reports.documents import frame, printing
from reports.documents.quotes import quote_document
from reports.queries.quotes import revision_for
from reports.services import papers
from tests.conftest import shipped
from tests.factories import make_contact, make_quote
from tests.quotes.conftest import LIGHTHOUSE, publish
from tests.quotes.test_submitting import dearer

pytestmark = pytest.mark.django_db

OURS: dict[str, Any] = {
    "prepaid": True,
    "strategic": {
        "reason": "lighthouse",
        "percent": "10",
        "got": ["reference", "case_study"],
        "note": "Keeps Hyper-V out",
    },
    "partner_tier": "gold",
    "deal_registered": True,
    "escrow": "escrow",
    "legal_review": "Counsel Lee saw it",
    "liability_cap": "months_24",
}
"""Everything a quote can have that is none of the customer's business."""


def url(quote, revision=1):
    return reverse("reports:quote-pdf", kwargs={"quote_id": quote.pk, "revision": revision})


def drawn(quote, who, revision=1):
    found = revision_for(who, quote.pk, revision)
    assert found is not None
    return frame.html(quote_document(found))


def opened(pdf):
    """A PDF with what is packed in it unpacked."""
    packed = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    return b"\n".join(zlib.decompress(part) for part in packed if part.startswith(b"x"))


def words(text):
    """What is read, as one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).replace("\u00a0", " ").split())


def test_it_says_what_it_costs_and_on_which_terms(approved, deal, rae):
    DealContact.objects.create(
        deal=deal, contact=make_contact(deal.account, first_name="Ines", title="CIO"), role="economic_buyer"
    )
    said = words(drawn(approved(**LIGHTHOUSE), rae))
    assert "NovaCron Quote Q-" in said
    assert "For Aster Health Ines Adler CIO From NovaCron Rae Test" in said
    assert (
        "Years 1 to 3, each What Quantity List price Your price Amount "
        "DWCP core platform Per socket · Enterprise+ 500 sockets 3,000.00 1,853.2125 926,606.25" in said
    )
    assert (
        "Total contract value, USD 2,779,818.75 At list prices 4,500,000.00 Your discount, 38.23 % −1,720,181.25"
        in said
    )
    assert "Payment terms Net 30 Billing All 3 years in advance Liability cap Fees of 12 months" in said
    assert "Either side gives notice of 90 days" in said
    assert "For NovaCron Signature Name and title Place and date" in said


def test_a_ramp_and_items_add_up(approved, deal, rae):
    lines = [
        {
            "kind": "add_on",
            "key": "premium_support",
            "label": "Account manager",
            "unit_price": "60000",
            "charged": "yearly",
        },
        {"kind": "service", "key": "training", "label": "Training", "unit_price": "12000", "quantity": 2},
    ]
    quote = approved(quantity=[50, 200, 500], lines=lines)
    said = words(drawn(quote, rae))
    assert "Year 1 184,937.50 Year 2 442,500.00 Year 3 1,143,750.00 Total contract value, USD 1,771,187.50" in said
    assert "50 sockets 2,500.00 2,018.75 100,937.50 Account manager 1 customer 60,000.00 60,000.00" in said
    assert "Training 2 12,000.00 24,000.00" in said
    assert said.count("Training 2") == 1
    assert str(quote.total) == "1771187.50"


def test_use_is_an_estimate_at_its_rate(deal, rae):
    said = words(drawn(make_quote(deal, price_model="consumption", quantity=10_000, rate="0.03", term_years=1), rae))
    assert "Consumption · rate 0.03 USD a core and hour, 730 hours a month 10,000 cores 262.80 2,628,000.00" in said
    assert "Amounts by use are estimates; invoices follow the use." in said


def test_a_perpetual_licence_is_maintenance_from_its_second_year(deal, rae):
    said = words(drawn(make_quote(deal, price_model="perpetual", quantity=40), rae))
    assert "licence and its first year of maintenance 40 sockets 12,000.00 480,000.00" in said
    assert "Years 2 and 3, each" in said
    assert "Perpetual licence · maintenance 40 sockets 2,000.00 80,000.00" in said
    assert "Offer the subscription first" not in said


def test_nothing_of_ours_is_on_it(approved, deal, rae, vik, sue):
    quote = make_quote(deal, "Whatever it takes", **OURS)
    text = drawn(approved(quote), rae).lower()
    playbook = shipped()
    assert playbook.discounts
    assert playbook.approvals
    ours = [
        *(reason.label for reason in playbook.discounts.strategic),
        *(trade.label for trade in playbook.discounts.trades),
        *(tier.label for tier in playbook.discounts.partner_tiers),
        *(schedule.label for schedule in playbook.discounts.term_schedules),
        *(level.label for level in playbook.approvals.levels),
        *(element.label for element in playbook.meddpicc.elements),
        *(competitor.label for competitor in playbook.competitors),
        *("lighthouse", "strategic", "displacement", "registration", "registered", "volume", "multi-year", "uplift"),
        *("waterfall", "approv", "meddpicc", "because", "hyper-v", "counsel lee", "whatever it takes", "partner"),
        *(str(vik).lower(), str(sue).lower(), deal.name),
    ]
    assert [word for word in ours if word.lower() in text] == []
    assert "source code escrow" in text
    assert "fees of 24 months" in text


@pytest.mark.any_engine("what is drawn; it asks of the database what the other papers ask")
def test_the_same_revision_is_the_same_paper_for_ever(printer, approved, deal, rae, sign_in, vik):
    quote = approved(**LIGHTHOUSE)
    vp = sign_in(vik)
    first = vp.get(url(quote))
    pdf = b"".join(first.streaming_content)
    publish(dearer)
    deal.account.name = "Renamed"
    deal.account.save()
    rae.first_name = "Else"
    rae.save()
    printing._read.clear()  # as another process would

    again = vp.get(url(quote))
    assert b"".join(again.streaming_content) == pdf
    assert again["ETag"] == first["ETag"]
    assert vp.get(url(quote), headers={"If-None-Match": first["ETag"]}).status_code == 304


@pytest.mark.any_engine("what is drawn; it asks of the database what the other papers ask")
def test_it_is_a_tagged_pdf_with_a_telling_name(printer, approved, sign_in, rae):
    quote = approved()
    answer = sign_in(rae).get(url(quote))
    pdf = b"".join(answer.streaming_content)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{quote.reference} revision 1.pdf"'
    assert pdf.startswith(b"%PDF-1.7")
    marks = (b"/StructTreeRoot", b"/MarkInfo", b"/Lang", quote.latest.fingerprint.encode())
    assert [mark for mark in marks if mark not in opened(pdf)] == []
    assert len(re.findall(rb"/Type /Page\b", opened(pdf))) == 1


def by_hand(quote):
    Revision.objects.filter(quote=quote).update(total="1.00")


def taken_back(quote):
    withdraw(act=Act(by=quote.created_by), quote_id=quote.pk)


@pytest.mark.parametrize("change", [by_hand, taken_back])
def test_what_does_not_stand_is_no_offer(approved, rae, change):
    quote = approved()
    assert "Draft, not an offer" not in drawn(quote, rae)
    change(quote)
    assert_is_no_offer(drawn(quote, rae))


def test_a_draft_and_what_waits_are_no_offer(deal, send, rae):
    quote = make_quote(deal, **LIGHTHOUSE)
    assert_is_no_offer(drawn(quote, rae))
    send(quote)
    assert_is_no_offer(drawn(quote, rae))


def assert_is_no_offer(text):
    assert '<div class="watermark" aria-hidden="true">Draft, not an offer</div>' in text
    assert "Signature" not in text


def test_the_next_revision_leaves_the_first_as_it_was(approved, rae):
    quote = approved()
    before = drawn(quote, rae)
    save_draft(act=Act(by=rae), quote_id=quote.pk, inputs=quote.latest.inputs | {"quantity": 600}, note="Larger.")
    assert drawn(quote, rae) == before
    assert "600 sockets" in drawn(quote, rae, revision=2)


def test_without_a_price_there_is_no_paper_and_it_says_why(deal, rae, sign_in):
    quote = create_quote(
        act=Act(by=rae),
        deal_id=deal.pk,
        title="Two",
        inputs={"price_model": "per_socket", "quantity": 2, "term_years": 3},
    )
    answer = sign_in(rae).get(url(quote))
    assert answer.status_code == 409
    assert "starts at 3" in answer.content.decode()


def test_without_pango_the_page_says_what_to_install(deal, rae, sign_in, monkeypatch):
    monkeypatch.setattr(printing, "warm", lambda: printing.MISSING)
    answer = sign_in(rae).get(url(make_quote(deal)))
    assert answer.status_code == 503
    assert "apt-get install libpango-1.0-0" in answer.content.decode()


def test_there_is_no_such_revision(deal, rae, sign_in):
    assert sign_in(rae).get(url(make_quote(deal), revision=2)).status_code == 404


def test_what_people_type_is_text(approved, deal, rae):
    quote = make_quote(deal)
    note = "<img src=http://example.org/x.png> & more"
    save_draft(
        act=Act(by=rae),
        quote_id=quote.pk,
        inputs={"price_model": "per_core", "quantity": 9, "term_years": 1},
        note=note,
    )
    assert "&lt;img src=http://example.org/x.png&gt; &amp; more" in drawn(quote, rae)


def test_a_long_one_is_printed_by_a_worker_and_then_there(
    printer, deal, rae, sign_in, run_jobs, settings, tmp_path, monkeypatch
):
    settings.DOCUMENTS_ROOT = tmp_path / "documents"
    monkeypatch.setattr(papers, "MOST_ROWS", 5)
    quote, browser = make_quote(deal), sign_in(rae)
    for _ in range(2):
        waits = browser.get(url(quote))
        assert (waits.status_code, waits["Refresh"]) == (202, "1")
    assert Job.objects.filter(task=papers.TASK).count() == 1
    run_jobs()
    there = browser.get(url(quote))
    assert there.status_code == 200
    assert b"".join(there.streaming_content).startswith(b"%PDF")
    assert run_jobs() == 0


def test_one_that_could_not_be_printed_says_so(deal, rae, sign_in, run_jobs, settings, tmp_path, monkeypatch):
    def broken(drawn, **_):
        raise OSError("No space left on device")

    settings.DOCUMENTS_ROOT = tmp_path / "documents"
    monkeypatch.setattr(papers, "MOST_ROWS", 5)
    monkeypatch.setattr(printing, "warm", str)
    monkeypatch.setattr(printing, "pdf", broken)
    quote, browser = make_quote(deal), sign_in(rae)
    browser.get(url(quote))
    with pytest.raises(OSError, match="No space left"):
        run_jobs()
    told = browser.get(url(quote))
    assert "No space left on device" in told.content.decode()
    assert "Refresh" not in told
    assert Job.objects.filter(task=papers.TASK).count() == 1
