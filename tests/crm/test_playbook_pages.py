"""Reading the playbook: what the shipped one says, by chapter; its versions, and what differs."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.utils import timezone

from crm.models import Person, PlaybookVersion
from playbook import loader, storing
from playbook.schema import RULE_VERSION, SCHEMA_VERSION, Playbook
from tests.conftest import SignIn

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.any_engine("words of one stored version, which nearly every test on both engines stores and reads"),
]


@pytest.fixture
def second(playbook: Playbook) -> PlaybookVersion:
    """A second version in which the budget counts less and a demo wins more often."""
    files = storing.dump(playbook)
    files["stages.yaml"] = files["stages.yaml"].replace("probability_percent: 30", "probability_percent: 35")
    return PlaybookVersion.objects.create(
        number=2,
        data=storing.to_json(loader.loads(files)),
        digest="2",
        schema_version=SCHEMA_VERSION,
        rule_version=RULE_VERSION,
        note="Demos win more often.",
        published_at=timezone.now(),
    )


@pytest.mark.parametrize("name, status", [("rae", 200), ("eve", 200), ("vera", 200), ("otto", 200), ("charlie", 404)])
def test_every_role_reads_it(sign_in: SignIn, cast: dict[str, Person], name: str, status: int) -> None:
    addresses = ("", "?part=bant", "questions/", "versions/", "versions/1/", "versions/1/files/", "compare/")
    for address in addresses:
        assert sign_in(cast[name]).get(f"/playbook/{address}").status_code == status, address


@pytest.mark.parametrize(
    "part, said",
    [
        ("stages", ["Negotiation", "80\u00a0%", "Uncertainty about the present vendor", "Budget fell away"]),
        ("bant", ["Budget at least 500,000 USD a year", "25\u00a0%", "4.00", "Enterprise IT"]),
        ("meddpicc", ["Economic buyer", "60 days", "claimed 50\u00a0%"]),
        ("market", ["6 to 12 months", "Investment banks", "Asia-Pacific", "CISO"]),
        ("offer", ["Core Platform", "9 of 15"]),
        (
            "prices",
            [
                "50 to 499 sockets: 2,500 per socket and year",
                "0.02 to 0.05 per core and hour, by agreement",
                "10,000 per socket, once",
                "Maintenance: 20 % of the price a year",
                "250 vCPUs",
                "50,000 to 100,000 per pilot, once",
                "730 hours a month",
            ],
        ),
        (
            "discounts",
            [
                "1,000 units and more: 20 %, with the approval of VP",
                "Up to 25 %, only over 1,000,000 a year, with the approval of SVP",
                "Against VMware vSphere and Cloud Foundation",
                "The provider keeps 70 % of the revenue",
                "70 %, up to 1,000 units",
                "A quote may have 1 strategic discount.",
                "A case study or press release",
            ],
        ),
        (
            "terms",
            [
                "<b>Net 60</b>: a price 5 % higher, a term of 3 years or more",
                "<b>Escrow</b>: the approval of SVP, a review by legal",
                "reminds after 2 working days and goes one level up after 4",
            ],
        ),
        (
            "intel",
            [
                '<a href="#price_drop">A competitor lowers its price</a>',
                '<th scope="row">4 hours</th>',
                "One of these is chosen",
                '<td data-label="Who">SVP</td>',
                '<th scope="row">Quarterly</th>',
                "KubeCon",
            ],
        ),
        (
            "figures",
            [
                "Serviceable addressable market, by segment, as the appendix has it: four segments",
                '<td class="num" data-label="Printed">18.00\u00a0B</td><td class="num" data-label="Follows">17.90\u00a0B</td>',
                "12\u00a0% to 15\u00a0%, 6.90\u00a0B to 8.60\u00a0B",
                "\u22125.80\u00a0B",
                "9 of 15",
                "Whose is the market today?",
            ],
        ),
        (
            "kpis",
            [
                "<li>Year 2: 300\u00a0%</li>",
                "<li>under 30\u00a0days</li>",
                "<li>6\u00a0months to 12\u00a0months</li>",
                "<li>Year 3: Challenger</li>",
                "Deals won of those decided against a competitor: VMware",
                '<td data-label="Crossed when">under 60\u00a0%</td>',
                "high, 80\u00a0%",
                '<th scope="row">48 hours</th>',
                "Changes among competitors",
            ],
        ),
        ("targets", ["45.00\u00a0M", "Year 3", "Q4", "125.00\u00a0M", "The quarters add up", "The parts add up"]),
    ],
)
def test_a_chapter_says_what_the_playbook_holds(sign_in: SignIn, rae: Person, part: str, said: list[str]) -> None:
    page = sign_in(rae).get(f"/playbook/?part={part}").content.decode()
    assert [words for words in said if words not in page] == []


def test_a_version_of_before_there_were_quotes_says_so(sign_in: SignIn, rae: Person, playbook: Playbook) -> None:
    data = storing.to_json(playbook)
    for part in ("pricing", "discounts", "terms", "approvals"):
        del data[part]
    versions = {"schema_version": SCHEMA_VERSION, "rule_version": RULE_VERSION, "published_at": timezone.now()}
    PlaybookVersion.objects.create(number=2, data=data, digest="2", **versions)
    client = sign_in(rae)
    for part in ("prices", "discounts", "terms"):
        assert "published before there were quotes" in client.get(f"/playbook/?part={part}").content.decode()
        assert "published before" not in client.get(f"/playbook/versions/1/?part={part}").content.decode()
    told = client.get("/playbook/compare/?from=2&to=1").content.decode()
    assert "50 to 499 sockets: 2,500 per socket and year" in told


def test_an_unknown_chapter_or_version(sign_in: SignIn, rae: Person) -> None:
    assert sign_in(rae).get("/playbook/?part=x").context["part"] == "stages"
    for address in ("versions/9/", "versions/9/files/", "compare/?to=9"):
        assert sign_in(rae).get(f"/playbook/{address}").status_code == 404


def test_before_anything_is_published_the_page_says_so(sign_in: SignIn, rae: Person, otto: Person) -> None:
    PlaybookVersion.objects.all()._raw_delete("default")  # versions refuse to be deleted, rightly
    assert "No playbook is published yet" in sign_in(rae).get("/playbook/").content.decode()
    assert "Publish a playbook" in sign_in(otto).get("/playbook/").content.decode()


@pytest.mark.parametrize(
    "query, holds",
    [
        ("bank=meddpicc", lambda one: one.bank == "meddpicc"),
        ("persona=cfo", lambda one: not one.personas or "cfo" in one.personas),
        ("criterion=budget", lambda one: "budget" in one.criteria),
        ("element=champion", lambda one: "champion" in one.elements),
        ("segment=edge&q=LATENCY", lambda one: "latency" in one.text.casefold()),
    ],
)
def test_questions_by_filter(sign_in: SignIn, rae: Person, playbook: Playbook, query: str, holds) -> None:
    context = sign_in(rae).get(f"/playbook/questions/?{query}").context
    asked = [one.spec for _, group in context["groups"] for one in group]
    wanted = [one for one in playbook.questions if holds(one)]
    if query.startswith("segment"):
        wanted = [one for one in wanted if not one.segments or "edge" in one.segments]
    assert asked == wanted
    assert 0 < context["count"] < context["of"]


def test_two_versions_compared(sign_in: SignIn, rae: Person, second: PlaybookVersion) -> None:
    answer = sign_in(rae).get("/playbook/compare/")
    (chapter,) = answer.context["chapters"]
    (row,) = chapter.rows
    assert (chapter.label, row.label, chapter.equal) == ("Stages", "Demo", 10)
    assert [(line.label, line.before, line.after) for line in row.lines] == [("Chance to win, %", "30", "35")]
    assert "1 rule differs from version 1 to version 2" in answer.content.decode()
    assert "are the same" in sign_in(rae).get("/playbook/compare/?from=2&to=2").content.decode()


def test_an_old_version_says_which_is_in_force(sign_in: SignIn, rae: Person, second: PlaybookVersion) -> None:
    page = sign_in(rae).get("/playbook/versions/1/").content.decode()
    assert "no longer in force" in page
    assert "30\u00a0%" in page
    assert "35\u00a0%" in sign_in(rae).get("/playbook/").content.decode()


def test_a_versions_files_give_the_same_playbook(sign_in: SignIn, rae: Person, playbook: Playbook) -> None:
    answer = sign_in(rae).get("/playbook/versions/1/files/")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        files = {name.removeprefix("playbook-1/"): archive.read(name).decode() for name in archive.namelist()}
    assert storing.digest(loader.loads(files)) == storing.digest(playbook)
