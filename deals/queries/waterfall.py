"""The steps of a week as bars of a drawing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from crm.rules import formatting
from deals.rules.changes import STEPS, Step, Steps

WIDTH, HEIGHT, FLOOR = 640, 250, 224
GAP = 24
TONES: dict[Step, str] = {"opened": "up", "reopened": "up", "up": "up", "won": "won", "lost": "down", "down": "down"}


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar in a drawing of 640 by 250. `text` stands above it, at `text_y`; `middle` is where its words are centred."""

    label: str
    text: str
    text_y: float
    x: float
    y: float
    width: float
    height: float
    middle: float
    tone: str


def bars(steps: Steps) -> list[Bar]:
    """Start, each step that moved something, end. Empty where there is nothing to draw."""
    moved = [step for step in STEPS if steps.deals[step]]
    highest = max(_levels(steps, moved))
    if highest <= 0:
        return []
    width = (WIDTH - GAP * (len(moved) + 1)) / (len(moved) + 2)
    scale = Decimal(FLOOR - 50) / highest
    found: list[Bar] = []

    def add(label: str, text: str, low: Decimal, high: Decimal, tone: str) -> None:
        x = len(found) * (width + GAP)
        y = FLOOR - float(high * scale)
        height = max(float((high - low) * scale), 1.5)
        place = (round(x, 1), round(y, 1), round(width, 1), round(height, 1), round(x + width / 2, 1))
        found.append(Bar(label, text, round(y - 6, 1), *place, tone))

    add("", formatting.money_short(steps.start), Decimal(0), steps.start, "whole")
    level = steps.start
    for step in moved:
        after = level + steps.sums[step]
        add(STEPS[step], signed(steps.sums[step]), min(level, after), max(level, after), TONES[step])
        level = after
    add("Now", formatting.money_short(steps.end), Decimal(0), steps.end, "whole")
    return found


def signed(amount: Decimal) -> str:
    """+0.62 M, −93 K."""
    return f"{'−' if amount < 0 else '+'}{formatting.money_short(abs(amount))}"


def _levels(steps: Steps, moved: list[Step]) -> list[Decimal]:
    levels = [steps.start]
    for step in moved:
        levels.append(levels[-1] + steps.sums[step])
    return levels
