"""Invented companies and the people who work there."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

from crm.models import Account, Competitor, Contact, Person
from demo.figures import SEGMENTS, SegmentFigures

HEADS = (
    "Aster",
    "Halden",
    "Tessel",
    "Corvid",
    "Ostra",
    "Pell",
    "Lindvik",
    "Marrow",
    "Quill",
    "Sable",
    "Thorne",
    "Umber",
    "Varden",
    "Wexley",
    "Yarrow",
    "Zephyr",
    "Bracken",
    "Calder",
    "Dunmore",
    "Ember",
    "Fennick",
    "Garnet",
    "Hollis",
    "Ivar",
    "Juniper",
    "Kestrel",
    "Larkin",
    "Mistral",
    "Norden",
    "Orrin",
)
TAILS = {
    "enterprise_it": (
        ("Bank", "financial_services", "retail_banks"),
        ("Insurance", "financial_services", "insurance"),
        ("Health", "healthcare", "hospitals"),
        ("Pharma", "healthcare", "pharma_biotech"),
        ("Energy", "energy", "electric_utilities"),
        ("Motors", "manufacturing", "automotive"),
        ("Aerospace", "manufacturing", "aerospace_defense"),
    ),
    "cloud": (
        ("Cloud", "telecommunications", "enterprise_connectivity"),
        ("Hosting", "telecommunications", "enterprise_connectivity"),
        ("Compute", "telecommunications", "enterprise_connectivity"),
    ),
    "edge": (
        ("Telecom", "telecommunications", "mobile_operators"),
        ("Retail", "retail", "store_retail"),
        ("Manufacturing", "manufacturing", "discrete_manufacturing"),
        ("Broadband", "telecommunications", "cable_broadband"),
    ),
    "research": (("University", "", ""), ("Institute", "", ""), ("National Laboratory", "", "")),
}
REGIONS = (
    ("north_america", "United States"),
    ("north_america", "Canada"),
    ("europe", "Germany"),
    ("europe", "Sweden"),
    ("europe", "United Kingdom"),
    ("asia_pacific", "Japan"),
    ("asia_pacific", "Singapore"),
)
FIRST = (
    "Ana",
    "Björn",
    "Carla",
    "Dmitri",
    "Elif",
    "Farah",
    "Goran",
    "Hana",
    "Imani",
    "Jonas",
    "Keiko",
    "Luca",
    "María",
    "Nils",
    "Oksana",
    "Priya",
    "Quentin",
    "Rosa",
    "Søren",
    "Tomás",
    "Uma",
    "Viktor",
    "Wen",
    "Yusuf",
    "Zoë",
)
LAST = (
    "Adler",
    "Benítez",
    "Cho",
    "Dubois",
    "Eriksen",
    "Fontaine",
    "García",
    "Haas",
    "Ivanova",
    "Jansen",
    "Kowalski",
    "Lund",
    "Müller",
    "Novak",
    "Okoye",
    "Petrov",
    "Qureshi",
    "Rossi",
    "Schmidt",
    "Tan",
    "Ueda",
    "Vasquez",
    "Weiss",
    "Yilmaz",
    "Zhang",
)
TITLES = {
    "cio": "CIO",
    "cto": "CTO",
    "cfo": "CFO",
    "ceo": "CEO",
    "vp_infrastructure": "VP Infrastructure",
    "virtualization_director": "Director of Virtualization",
    "architect": "Enterprise Architect",
    "operations": "Head of Operations",
    "vp_product": "VP Product",
    "vp_engineering": "VP Engineering",
    "vp_operations": "VP Operations",
    "vp_edge": "VP Edge Computing",
    "edge_architect": "Edge Architect",
    "research_director": "Director of Research Computing",
    "principal_investigator": "Principal Investigator",
    "research_it": "Research IT Lead",
    "university_cio": "University CIO",
    "procurement": "Procurement Manager",
}
PERSONAS = {
    "enterprise_it": ("cio", "vp_infrastructure", "architect", "virtualization_director", "cfo", "procurement"),
    "cloud": ("ceo", "cto", "vp_product", "cfo"),
    "edge": ("cto", "vp_operations", "vp_edge", "edge_architect", "procurement"),
    "research": ("research_director", "principal_investigator", "research_it", "university_cio"),
}


def make_accounts(
    random: Random, people: dict[str, Person], today: dt.date, *, number: int
) -> list[tuple[Account, list[Contact]]]:
    """`number` accounts over the segments by their shares, each with three to six contacts who report to one another."""
    competitors = {row.key: row for row in Competitor.objects.all()}
    segments = random.choices(list(SEGMENTS), weights=[figures.share for figures in SEGMENTS.values()], k=number)
    made: list[tuple[Account, list[Contact]]] = []
    used: set[str] = set()
    for segment in segments:
        name, vertical, sub_segment = _name(random, segment, used)
        region, country = random.choice(REGIONS)
        facts = account_facts(random, SEGMENTS[segment], segment, today)
        vendor = competitors.get(str(facts.get("current_platform")))
        account = Account.objects.create(
            name=name,
            domain=_domain(name),
            segment=segment,
            vertical=vertical,
            sub_segment=sub_segment,
            region=region,
            country=country,
            employees=random.randrange(200, 42_000, 50),
            facts=facts,
            current_vendor=vendor,
            owner=random.choice(list(people.values())[:2]),
        )
        made.append((account, _contacts(random, account, segment)))
    _groups(random, [account for account, _ in made])
    return made


def account_facts(random: Random, figures: SegmentFigures, segment: str, today: dt.date) -> dict[str, Any]:
    """What is known of the customer's machines. Some is not known, as in life."""
    vms = random.randrange(*figures.vms, 10)
    facts: dict[str, Any] = {
        "vm_count": vms,
        "edge_nodes": random.randrange(*figures.nodes, 10),
        "sockets": max(2, vms // 20 * 2),
        "hypervisor_spend": f"{max(2, vms // 20 * 2) * random.randrange(1_200, 3_600, 100)}.00",
        "current_platform": random.choice(figures.competitors),
        "renewal_date": (today + dt.timedelta(days=random.randrange(-60, 700))).isoformat(),
        "workloads": sorted(random.sample(("vms", "containers", "ai_ml", "edge"), k=random.randrange(1, 4))),
    }
    if segment == "cloud":
        facts |= {
            "infrastructure_spend": f"{random.randrange(1_500_000, 24_000_000, 250_000)}.00",
            "multi_tenant": random.random() < 0.8,
        }
    for key in ("edge_nodes", "renewal_date", "hypervisor_spend"):
        if random.random() < 0.2:
            del facts[key]
    return facts


def _name(random: Random, segment: str, used: set[str]) -> tuple[str, str, str]:
    while True:
        tail, vertical, sub_segment = random.choice(TAILS[segment])
        head = random.choice(HEADS)
        name = f"{tail} of {head}" if tail == "University" else f"{head} {tail}"
        if name not in used:
            used.add(name)
            return name, vertical, sub_segment


def _domain(name: str) -> str:
    return name.lower().replace(" ", "-") + ".example"


def _contacts(random: Random, account: Account, segment: str) -> list[Contact]:
    """The first is the most senior; the others report to somebody before them."""
    made: list[Contact] = []
    for persona in PERSONAS[segment][: random.randrange(3, 7)]:
        first, last = random.choice(FIRST), random.choice(LAST)
        made.append(
            Contact.objects.create(
                account=account,
                first_name=first,
                last_name=last,
                title=TITLES[persona],
                email=f"{first}.{last}@{account.domain}".lower() if first.isascii() and last.isascii() else "",
                # One in ten is nobody's persona yet: the page has to cope.
                persona=persona if random.random() < 0.9 else "",
                reports_to=random.choice(made) if made else None,
            )
        )
    return made


def _groups(random: Random, accounts: list[Account]) -> None:
    """A few accounts belong to others."""
    for child in random.sample(accounts[len(accounts) // 2 :], k=len(accounts) // 12):
        child.parent = random.choice(accounts[: len(accounts) // 4])
        child.save()
