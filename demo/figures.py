"""The playbook's own figures that the demo is drawn from: deal sizes, cycles, and who is won against how often."""

from __future__ import annotations

from dataclasses import dataclass

SMALLEST, LARGEST = 250_000, 2_000_000
"""A year's revenue of a typical deal in USD (market analysis: 250 K to 2 M a year)."""


@dataclass(frozen=True, slots=True)
class SegmentFigures:
    """`share` of the book; what its customers run; which competitors one meets there, the likeliest first."""

    share: int
    vms: tuple[int, int]
    nodes: tuple[int, int]
    competitors: tuple[str, ...]
    titles: tuple[str, ...]


SEGMENTS = {
    "enterprise_it": SegmentFigures(
        45,
        (300, 6_000),
        (0, 80),
        ("vmware", "vmware", "vmware", "hyper_v", "kvm", "proxmox"),
        ("Core platform", "Renewal displacement", "Private cloud refresh", "Branch refresh", "AI training farm"),
    ),
    "cloud": SegmentFigures(
        20,
        (2_000, 20_000),
        (0, 300),
        ("kvm", "kvm", "vmware", "kubernetes"),
        ("Platform refresh", "GPU cloud margin", "Sovereign cloud launch", "Edge add-on"),
    ),
    "edge": SegmentFigures(
        25,
        (20, 400),
        (120, 5_200),
        ("kubernetes", "vmware", "kubernetes"),
        ("Edge roll-out", "Store platform", "MEC pilot", "Plant floor gateways"),
    ),
    "research": SegmentFigures(
        10, (60, 900), (0, 120), ("kvm", "kvm", "proxmox"), ("Research cluster", "Quantum sandbox", "Genomics pipeline")
    ),
}

WIN_RATES = {"vmware": (9, 15), "kvm": (6, 8), "hyper_v": (4, 5)}
"""Won of opportunities against each competitor (market analysis, win and loss); the others have no documented rate."""
OTHER_WIN_RATE = (3, 5)

WON_FOR = {
    "vmware": ("cost_savings", "performance", "migration_support", "quantum", "vendor_uncertainty"),
    "kvm": ("enterprise_features", "ease_of_use", "commercial_support", "performance"),
    "hyper_v": ("linux_performance", "no_lock_in", "edge_support", "quantum"),
}
LOST_FOR = {
    "vmware": ("existing_investment", "existing_investment", "risk_aversion", "ecosystem_gaps"),
    "kvm": ("wanted_free", "do_it_yourself"),
    "hyper_v": ("microsoft_ties",),
}
