"""The shipped cards hold what the source documents say: every row, every section, every figure; and no more than customers may read."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from playbook.cards import dump_card, read_card
from playbook.schema.cards import Card, Claim, Message, Objection, Overview, Row
from tests.playbook.card_samples import cards, claims, numbers, said
from tests.playbook.samples import shipped

GOLDEN = Path(__file__).parents[1] / "golden"
TALLIES, ROWS, FIGURES = (
    yaml.safe_load((GOLDEN / name).read_text(encoding="utf-8"))
    for name in ("cards.yaml", "card_rows.yaml", "card_figures.yaml")
)
COMPETITORS = ("vmware", "hyper-v", "kvm", "proxmox", "kubernetes")
WRITTEN = dt.date(2025, 11, 10)
A_YEAR_ON = dt.date(2026, 11, 22)


def tally(card: Card) -> list[int]:
    won = Counter(row.winner for row in card.rows if not row.retired)
    return [won["us"], won["them"], won["tie"]]


@pytest.mark.parametrize("slug", TALLIES)
def test_the_rows_give_the_tally(slug: str) -> None:
    printed = cards()[slug].document_tally
    assert printed is not None
    assert tally(cards()[slug]) == TALLIES[slug]["computed"]
    assert [printed.us, printed.them, printed.tie] == TALLIES[slug]["document"]
    if tally(cards()[slug]) != TALLIES[slug]["document"]:
        document = "-".join(str(number) for number in TALLIES[slug]["document"])
        assert [row.key for row in cards()[slug].rows if document in row.note], "a row's note says where it differs"


@pytest.mark.parametrize("slug", ROWS)
def test_every_row_is_there_with_its_winner_and_figures(slug: str) -> None:
    rows = cards()[slug].rows
    assert len(rows) == len(ROWS[slug])
    for row, (word, winner, ours, theirs) in zip(rows, ROWS[slug], strict=True):
        assert word.casefold() in row.capability.casefold()
        assert (row.key, row.winner, numbers(row.ours), numbers(row.theirs)) == (row.key, winner, ours, theirs)


@pytest.mark.parametrize(
    "slug, counts, sides",
    [
        ("vmware", (5, 12, 4, 4, 11, 10), (6, 5)),
        ("hyper-v", (5, 10, 4, 3, 9, 8), (5, 4)),
        ("kvm", (5, 10, 4, 3, 9, 6), (5, 4)),
        ("proxmox", (5, 10, 4, 3, 10, 6), (6, 4)),
        ("kubernetes", (4, 10, 5, 3, 11, 3), (7, 4)),
    ],
)
def test_no_section_of_a_card_is_short(slug: str, counts: tuple[int, ...], sides: tuple[int, int]) -> None:
    card = cards()[slug]
    sections = (card.overview, card.rows, card.talking_points, card.objections, card.positions, card.strategy)
    assert tuple(len(section) for section in sections) == counts
    assert tuple(sum(one.side == side for one in card.positions) for side in ("strong", "weak")) == sides
    assert {len(one.responses) for one in card.objections} == {4}
    assert all(point.proof and point.counter for point in card.talking_points)
    shares = [line for line in card.overview if line.aspect == "share"]
    assert len(shares) == (0 if slug == "kubernetes" else 1)


def test_displacement_tactics_have_all_their_points() -> None:
    points = {slug: {one.key: len(one.points) for one in cards()[slug].strategy if one.points} for slug in COMPETITORS}
    open_source = {"open_source_position": 4, "open_source_offer": 4, "open_source_targets": 4}
    assert points["vmware"] == {
        "timing": 4,
        "message_broadcom": 2,
        "message_economics": 2,
        "message_performance": 2,
        "message_future": 2,
        "phases": 4,
        "incentives": 4,
    }
    assert points["hyper-v"] == {
        "displacement_position": 4,
        "message_lock_in": 2,
        "message_linux": 2,
        "message_hidden_costs": 3,
        "targets": 4,
    }
    assert points["kvm"] == points["proxmox"] == open_source
    assert points["kubernetes"] == {}


@pytest.mark.parametrize("slug", FIGURES)
def test_every_figure_of_a_card_is_said(slug: str) -> None:
    text = "\n".join(line for claim in cards()[slug].claims for line in said(claim))
    assert [figure for figure in FIGURES[slug] if not re.search(rf"(?<![\d,.]){re.escape(figure)}(?!\d)", text)] == []


def test_what_a_claim_names_exists() -> None:
    playbook = shipped()
    criteria = {
        str(row["name"])
        for element in playbook.meddpicc.elements
        if element.key == "decision_criteria"
        for field in element.fields
        for row in field.default
    }
    assert len(criteria) == 6
    segments, personas = {one.key for one in playbook.segments}, {one.key for one in playbook.personas}
    library = {one.key for one in cards()["objections"].objections}
    for name, claim in claims():
        assert set(claim.segments) <= segments, name
        assert set(claim.personas) <= personas, name
        if isinstance(claim, Row):
            assert claim.criteria, name
            assert set(claim.criteria) <= criteria, name
        if isinstance(claim, Objection) and claim.library:
            assert claim.library in library, name
    assert [cards()[slug].competitor for slug in COMPETITORS] == [one.key for one in playbook.competitors]


def test_each_criterion_has_rows_to_weigh_by() -> None:
    told = Counter(name for slug in COMPETITORS for row in cards()[slug].rows for name in row.criteria)
    assert all(told[name] >= 3 for name in ("Performance", "Cost and ROI", "Risk", "Features", "Ecosystem", "Support"))


def test_every_claim_says_where_it_is_from_and_figures_when_they_were_true() -> None:
    for name, claim in claims():
        assert claim.source is not None, name
        assert claim.source.section, name
        assert claim.source.date == WRITTEN, name
        if any(numbers(line) for line in said(claim)):
            assert claim.verified_on == WRITTEN, name
            assert claim.expires_on or claim.kind in {"position", "strategy"} or _of_accounts(claim), name
        assert claim.expires_on is None or claim.verified_on == WRITTEN, name


def _of_accounts(claim: Claim) -> bool:
    """How an account grows is strategy, which does not expire."""
    return isinstance(claim, Message) and claim.group == "land_expand"


def test_some_of_it_has_expired_and_most_has_not() -> None:
    for slug in COMPETITORS:
        expired = [one for one in cards()[slug].claims if one.expires_on and one.expires_on <= A_YEAR_ON]
        assert 0 < len(expired) < len(cards()[slug].claims) / 2


def test_customers_are_shown_neither_tactics_nor_weaknesses() -> None:
    for name, claim in claims():
        if not claim.customer:
            continue
        assert claim.kind in {"overview", "row", "message"}, name
        assert not isinstance(claim, Overview) or claim.aspect == "advantage", name
        assert not isinstance(claim, Row) or claim.winner != "them", name
        assert not isinstance(claim, Message) or claim.group != "land_expand", name
        assert not re.search(r"Broadcom|uncertain", " ".join(said(claim))), name


def test_eighteen_proofs_of_concept_are_not_called_customers() -> None:
    """The documents say 18 production deployments where 18 tried it and 12 bought."""
    told = [(name, claim) for name, claim in claims() if "18 proofs of concept" in " ".join(said(claim))]
    assert {name for name, _ in told} == {"vmware: proven", "objections: unproven", "messaging: segment_enterprise_it"}
    for name, claim in told:
        assert re.search(r"18 (production deployments|customers in production)", claim.note), name
    for name, claim in claims():
        assert not re.search(r"18 (production|customers|deployments)|15\+|15 customers", " ".join(said(claim))), name


@pytest.mark.parametrize("slug, key, figures", [
    ("vmware", "licensing_cost", ("5,995", "2,400")),
    ("proxmox", "cost_large", ("225,000",)),
    ("proxmox", "cheaper", ("225,000",)),
])  # fmt: skip
def test_what_the_documents_disagree_on_is_noted(slug: str, key: str, figures: tuple[str, ...]) -> None:
    (claim,) = (one for one in cards()[slug].claims if one.key == key)
    assert not claim.customer
    assert [figure for figure in figures if figure not in claim.note] == []


def test_a_shipped_card_comes_back_the_same() -> None:
    for card in cards().values():
        assert read_card(dump_card(card)) == card
