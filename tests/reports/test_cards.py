"""Cards on paper: what ours says on every page, and that a customer's can hold nothing that is ours."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
import subprocess
from shutil import which

import pytest

from battlecards.models import Use
from battlecards.rules.customer import for_customer
from battlecards.services.seeding import seed_cards
from crm.lib.errors import Invalid
from crm.models import Job
from crm.services.audit import Act
from playbook.cards import load_cards, read_card
from reports.documents import printing
from reports.services.card_papers import Wanted, ask, file_of
from tests.factories import make_account, make_deal

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 1, 15)
INTERNAL = "INTERNALONLY"
CARD = f"""\
slug: vmware
title: VMware {INTERNAL} title
competitor: vmware
document_tally: {{us: 3, them: 1, tie: 0}}
overview:
  - {{key: share, aspect: weakness, text: "{INTERNAL}: they are slow.", customer: true}}
  - {{key: ours, aspect: advantage, text: Ten times as fast., customer: true, note: "{INTERNAL}: only on one benchmark."}}
rows:
  - key: speed
    capability: Speed
    ours: 10 times
    theirs: the baseline
    winner: us
    customer: true
    note: "{INTERNAL}"
    source: {{document: {INTERNAL}-positioning, section: "2", date: 2025-11-10, url: "https://internal.example/{INTERNAL}"}}
    personas: [cio]
  - {{key: price, capability: "{INTERNAL} price", ours: "{INTERNAL}", theirs: x, winner: us}}
  - {{key: old, capability: "{INTERNAL} old", ours: o, theirs: x, winner: us, customer: true, retired: true}}
  - {{key: stale, capability: "{INTERNAL} stale", ours: o, theirs: x, winner: us, customer: true, expires_on: 2026-01-15}}
talking_points:
  - {{key: cost, title: Cost, claim: Licences cost less., proof: One bank., counter: "{INTERNAL}: theirs rose 40 %.", customer: true}}
objections:
  - {{key: new, objection: Are you new?, quick: "{INTERNAL}: dodge.", responses: [Twelve run it.], proofs: [A bank.], customer: true}}
positions:
  - {{key: walk, side: weak, text: "{INTERNAL}: walk away", customer: true}}
strategy:
  - {{key: land, aspect: land, text: "{INTERNAL}: begin small", customer: true}}
"""


@pytest.fixture
def card(playbook):
    return seed_cards(act=Act(by=None), cards=[read_card(CARD)])[0]


def act(person):
    return Act(by=person, at=dt.datetime(2026, 1, 15, 12, tzinfo=dt.UTC))


def made(run_jobs, person, *slugs, customer=False, form="html", deal=None):
    job = ask(act=act(person), wanted=Wanted(slugs, customer, form, deal))
    run_jobs()
    job.refresh_from_db()
    found = file_of(job)
    assert found is not None, job.message
    return found


def words(text):
    return " ".join(html.unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", text, flags=re.DOTALL)).split())


def test_ours_says_what_it_is_of_which_version_and_who_took_it(card, run_jobs, rae):
    said = words(made(run_jobs, rae, "vmware").decode())
    assert f"Confidential · version 1 · 15 January 2026 · exported by {rae}" in said
    assert "3 ours, 0 ties, 0 theirs" in said  # the expired row counts
    assert "INTERNALONLY: theirs rose 40 %." in said
    assert "only on one benchmark" not in said  # a note leaves no editor's page
    assert Use.objects.values_list("how", "card__slug").get() == ("exported", "vmware")


def test_the_deck_has_a_cover_contents_and_every_card(card, run_jobs, rae, playbook):
    seed_cards(act=Act(by=None), cards=load_cards())
    page = made(run_jobs, rae).decode()
    assert len(re.findall(r'<article class="card" id="card-', page)) == 7
    assert len(re.findall(r'<a href="#card-', page)) == 7


def test_the_customers_has_what_is_marked_and_nothing_else(card, run_jobs, rae):
    deal = make_deal(rae, account=make_account("Aster Health"))
    page = made(run_jobs, rae, "vmware", customer=True, deal=deal.pk).decode()
    for said in (
        "For Aster Health",
        "Speed",
        "10 times",
        "the baseline",
        "Licences cost less.",
        "Twelve run it.",
        "Ten times as fast.",
    ):
        assert said in page
    for never in (INTERNAL, "Confidential", str(rae), "winner", "ours, "):
        assert never not in words(page)
    assert INTERNAL not in page  # nor in what isn't read


def test_a_customers_pdf_holds_no_internal_text(card, run_jobs, rae, printer):
    pdf = made(run_jobs, rae, "vmware", customer=True, form="pdf")
    assert pdf.startswith(b"%PDF")
    if which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    said = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    assert "Licences cost less." in said
    assert INTERNAL not in said
    assert "Confidential" not in said
    assert INTERNAL.encode() not in pdf


def test_every_shipped_claim_for_customers_leaves_without_what_is_ours():
    """Field by field: what may leave is what the door names, whatever the card."""
    for card in load_cards():
        shown = json.dumps([repr(one) for one in for_customer(card.claims, TODAY)])
        for claim in card.claims:
            inside = [claim.note, getattr(claim, "counter", ""), getattr(claim, "quick", "")]
            for text in (text for text in inside if len(text) > 20):
                assert json.dumps(text)[1:-1] not in shown


def test_nothing_for_customers_is_refused_and_notes_no_use(card, rae, run_jobs):
    plain = CARD.replace("customer: true", "customer: false").replace("slug: vmware", "slug: kvm")
    seed_cards(act=Act(by=None), cards=[read_card(plain.replace("competitor: vmware", "competitor: kvm"))])
    with pytest.raises(Invalid, match="Nothing on this may be shown to customers"):
        ask(act=act(rae), wanted=Wanted(("kvm",), for_customer=True, form="pdf"))
    assert (Job.objects.count(), Use.objects.count()) == (0, 0)


def test_twice_is_once_and_another_person_gets_their_own(card, run_jobs, rae, remy, sign_in):
    wanted = Wanted(("vmware",), for_customer=False, form="html")
    first = ask(act=act(rae), wanted=wanted)
    assert ask(act=act(rae), wanted=wanted) == first
    run_jobs()
    assert ask(act=act(rae), wanted=wanted) == first
    assert ask(act=act(remy), wanted=wanted) != first
    answer = sign_in(rae).get(f"/card-papers/{first.pk}/file/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert sign_in(remy).get(f"/card-papers/{first.pk}/file/").status_code == 404


def test_a_machine_that_cannot_print_says_so(card, run_jobs, rae, sign_in, monkeypatch):
    monkeypatch.setattr(printing, "warm", lambda: printing.MISSING)
    client = sign_in(rae)
    asked = client.post("/battlecards/vmware/paper/", {"variant": "internal", "form": "pdf"})
    run_jobs()
    assert "Pango is not installed" in client.get(asked["Location"]).content.decode()
